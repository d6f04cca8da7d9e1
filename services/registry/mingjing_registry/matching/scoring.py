"""Scoring 评分: how much speaks for two institutions being one, field by field.

The one rule: the score is the sum of what its lines add, and the same whichever side comes first. Points are integers,
so an official adds them up and gets the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

import numpy as np
import numpy.typing as npt
from rapidfuzz.fuzz import ratio

from mingjing_kernel.spelling.address_parts import AddressParts
from mingjing_registry.domain.likeness import Line, Resemblance
from mingjing_registry.matching.name_parts import NameParts
from mingjing_registry.matching.numbers import POINTS_MAX, MatchNumbers
from mingjing_registry.matching.traits import Kind, Traits

Numbers = npt.NDArray[np.float64]
FULL, CORE, SPELT = 0.25, 0.35, 0.4
"""The blend: the whole name, the brand, the brand's sound."""
SPEAKING = (Kind.PHONE, Kind.PERSON_NAME)
"""Known on both sides and different, they speak against a name that is only alike."""


def blend(one: NameParts, other: NameParts) -> float:
    """How alike two names are, 0 to 1."""
    return (
        FULL * ratio(one.whole, other.whole)
        + CORE * ratio(one.core, other.core)
        + SPELT * ratio(one.spelt, other.spelt)
    ) / 100


def likeness(here: Traits, there: Traits, numbers: MatchNumbers) -> Resemblance:
    """Compare two institutions."""
    lines = [*_digests(here, there, numbers), *_names(here, there, numbers), *_addresses(here, there, numbers)]
    if _says_nothing_else(here, there, lines):
        lines.append(Line(field="person-phone", finding="none-agrees", here="", there="", adds=numbers.nothing_else))
    total = sum(line.adds for line in lines)
    if total < POINTS_MAX and _state_the_same(here, there):
        lines.append(Line(field="all", finding="identical", here="", there="", adds=POINTS_MAX - total))
    elif not 0 <= total <= POINTS_MAX:
        bound = POINTS_MAX if total > 0 else 0
        lines.append(Line(field="all", finding="limit", here="", there="", adds=bound - total))
    return Resemblance(
        score=sum(line.adds for line in lines),
        lines=tuple(lines),
        rule_version=numbers.version,
        fingerprint=_fingerprint(lines),
    )


def _fingerprint(lines: Iterable[Line]) -> str:
    facts = sorted({(line.field, line.finding, *sorted((line.here, line.there))) for line in lines})
    return sha256(repr(facts).encode()).hexdigest()[:32]


def at_most(
    numbers: MatchNumbers, alike: Numbers, is_here: npt.NDArray[np.bool_], speak: npt.NDArray[np.bool_]
) -> Numbers:
    """For many at once: no more points than this, where nobody shares a person, a number or an account.

    ``alike`` are blends, ``is_here`` who may be in the same county, ``speak`` with whom telephone or person is known
    on both sides. Whoever stays below the threshold need not be scored.
    """
    knees = (numbers.name_from, numbers.name_knee, 1_000)
    worth = np.interp(alike, knees, (numbers.name_least, numbers.name_alike, numbers.name_equal)) + 1
    near = numbers.same_county + max(numbers.room, numbers.house, numbers.road)
    return np.asarray(
        worth + np.where(is_here, near, numbers.same_city_named) + np.where(speak, numbers.nothing_else, 0)
    )


def _state_the_same(here: Traits, there: Traits) -> bool:
    is_same_name = bool(here.parts and there.parts) and here.parts[0].whole == there.parts[0].whole
    return is_same_name and here.stated() == there.stated()


_KINDS = frozenset(Kind)
_WORTH = {Kind.CODE: "code", Kind.PERSON: "person", Kind.ACCOUNT: "account", Kind.PHONE: "phone"}


def _digests(here: Traits, there: Traits, numbers: MatchNumbers) -> Iterator[Line]:
    for kind, name in _WORTH.items():
        if (found := _shared(here, there, kind)) is not None:
            yield Line(field=kind.value, finding="equal", here=found[0], there=found[1], adds=getattr(numbers, name))
    if (found := _shared(here, there, Kind.PERSON_NAME)) is not None and _is_near(here, there):
        yield Line(
            field=Kind.PERSON_NAME.value,
            finding="equal-nearby",
            here=found[0],
            there=found[1],
            adds=numbers.person_name,
        )
        if (here.is_listed or there.is_listed) and here.county and here.county == there.county:
            yield Line(
                field=Kind.PERSON_NAME.value, finding="listed", here=found[0], there=found[1], adds=numbers.listed_name
            )


def _shared(here: Traits, there: Traits, kind: Kind) -> tuple[str, str] | None:
    """The masks of a value that both have."""
    mine, theirs = here.digests.get(kind, {}), there.digests.get(kind, {})
    shared = min(mine.keys() & theirs.keys(), default=None)
    return None if shared is None else (mine[shared], theirs[shared])


def _is_near(here: Traits, there: Traits) -> bool:
    """In one city; unknown is not elsewhere."""
    one, other = here.county[:4], there.county[:4]
    return not one or not other or one == other


def _names(here: Traits, there: Traits, numbers: MatchNumbers) -> Iterator[Line]:
    best = max(
        ((blend(one, other), one, other) for one in here.parts for other in there.parts),
        key=lambda found: (found[0], sorted((found[1].whole, found[2].whole))),
        default=None,
    )
    if best is None or (per_mille := round(best[0] * 1_000)) < numbers.name_from:
        return
    _, one, other = best
    adds = _worth(per_mille, numbers)
    finding = "equal" if one.whole == other.whole else "alike"
    yield Line(field="name", finding=finding, here=one.whole, there=other.whole, adds=adds)
    if one.which != other.which:
        yield Line(field="which", finding="differs", here=one.which, there=other.which, adds=numbers.other_which)
    if (trades := _trades(here, one, there, other)) is not None:
        yield Line(field="trade", finding="differs", here=trades[0], there=trades[1], adds=numbers.other_trade)
    if here.county and here.county == there.county:
        yield Line(field="county", finding="equal", here=here.county, there=there.county, adds=numbers.same_county)
    elif one.city and one.city == other.city and here.county and there.county and here.county[:4] != there.county[:4]:
        yield Line(field="city-named", finding="equal", here=one.city, there=other.city, adds=numbers.same_city_named)


def _trades(here: Traits, one: NameParts, there: Traits, other: NameParts) -> tuple[str, str] | None:
    """What each teaches, where that differs: by the name, or by the category that the register has."""
    if one.trade and other.trade:
        return None if one.trade in other.trade or other.trade in one.trade else (one.trade, other.trade)
    differ = here.category and there.category and here.category != there.category
    return (here.category, there.category) if differ else None


def _worth(per_mille: int, numbers: MatchNumbers) -> int:
    """Points of a blend: two straight lines that meet at the knee."""
    low, high, least, most = numbers.name_from, numbers.name_knee, numbers.name_least, numbers.name_alike
    if per_mille > high:
        low, high, least, most = high, 1_000, most, numbers.name_equal
    return least + round((per_mille - low) * (most - least) / (high - low))


def _addresses(here: Traits, there: Traits, numbers: MatchNumbers) -> Iterator[Line]:
    if here.county and there.county and here.county != there.county:
        return
    found: tuple[int, str, str, str] | None = None
    for one, mine in zip(here.places, here.addresses, strict=False):
        for other, theirs in zip(there.places, there.addresses, strict=False):
            if (finding := _same_place(one, other)) is not None:
                candidate = (getattr(numbers, finding), finding, mine, theirs)
                found = candidate if found is None or _before(found, candidate) else found
    if found is not None:
        adds, finding, mine, theirs = found
        yield Line(field="address", finding=f"same-{finding}", here=mine, there=theirs, adds=adds)


def _before(found: tuple[int, str, str, str], other: tuple[int, str, str, str]) -> bool:
    """Worth more; of the same worth, the same choice from whichever side one looks."""
    return (found[0], sorted(found[2:])) < (other[0], sorted(other[2:]))


def _same_place(one: AddressParts, other: AddressParts) -> str | None:
    if one.at_room and one.at_room == other.at_room:
        return "room"
    if one.at_house and one.at_house == other.at_house:
        return "house"
    return "road" if one.road and one.road == other.road else None


def _says_nothing_else(here: Traits, there: Traits, lines: list[Line]) -> bool:
    """Persons or telephones stand on both sides, and nothing agrees but a name or a place."""
    if any(line.field in _KINDS for line in lines) or not lines:
        return False
    return any(here.digests.get(kind) and there.digests.get(kind) for kind in SPEAKING)
