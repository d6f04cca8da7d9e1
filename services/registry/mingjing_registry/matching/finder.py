"""Finder 查重: whom among many institutions one is like, without comparing it with all of them.

The one rule: candidates come from the sound of the name, from equal digests, from the same room and from the lists;
only those are scored, and the score alone decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import numpy as np
import numpy.typing as npt
from rapidfuzz.process import cdist

from mingjing_registry.domain.likeness import Resemblance
from mingjing_registry.matching.name_parts import NameParts
from mingjing_registry.matching.numbers import MatchNumbers
from mingjing_registry.matching.postings import Postings
from mingjing_registry.matching.scoring import CORE, FULL, SPEAKING, SPELT, at_most, likeness
from mingjing_registry.matching.traits import Kind, Traits

SHARED_MAX = 50
"""A telephone or room that more institutions share is an agent's or a mall's: it leads to nobody."""
SCORED_MAX = 200
NOWHERE = -1
_LEADING = (Kind.CODE, Kind.PERSON, Kind.ACCOUNT, Kind.PHONE)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who is like the one that was asked about."""

    id: UUID
    resemblance: Resemblance


class Finder:
    """Many institutions, ready to be asked. Made once; asking changes nothing."""

    def __init__(self, many: Mapping[UUID, Traits]) -> None:
        self._many = many
        self._ids = list(many)
        named = [(row, part) for row, id in enumerate(self._ids) for part in many[id].parts]
        self._owners = np.fromiter((row for row, _ in named), np.int64, len(named))
        self._parts = [part for _, part in named]
        self._counties = np.fromiter((_county(many[self._ids[row]]) for row, _ in named), np.int32, len(named))
        self._postings = Postings([part.core for part in self._parts])
        speak = [[bool(many[self._ids[row]].digests.get(kind)) for kind in SPEAKING] for row, _ in named]
        self._speak = np.array(speak, bool).reshape(len(named), len(SPEAKING))
        self._by_key: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_person: dict[str, list[int]] = defaultdict(list)
        self._listed = {row for row, id in enumerate(self._ids) if many[id].is_listed}
        for row, id in enumerate(self._ids):
            for key in _keys(many[id]):
                self._by_key[key].append(row)
            for digest in many[id].digests.get(Kind.PERSON_NAME, ()):
                self._by_person[digest].append(row)

    def __len__(self) -> int:
        """How many there are to be found."""
        return len(self._ids)

    def like(self, one: Traits, numbers: MatchNumbers, *, but: Collection[UUID] = ()) -> list[Found]:
        """Those whose score reaches the threshold, the most alike first; ``but`` are passed over."""
        found = [
            Found(id, alike)
            for id in self._candidates(one, numbers)
            if id not in but and (alike := likeness(one, self._many[id], numbers)).score >= numbers.threshold
        ]
        return sorted(found, key=lambda each: (-each.resemblance.score, each.id))

    def _candidates(self, one: Traits, numbers: MatchNumbers) -> Iterator[UUID]:
        rows = dict.fromkeys(chain(self._by_keys(one), self._by_list(one), self._by_names(one, numbers)))
        return (self._ids[row] for row, _ in zip(rows, range(SCORED_MAX), strict=False))

    def _by_keys(self, one: Traits) -> Iterator[int]:
        for key in _keys(one):
            rows = self._by_key.get(key, ())
            if len(rows) <= SHARED_MAX:
                yield from rows

    def _by_list(self, one: Traits) -> Iterator[int]:
        """Who has a person of the same name, where one of the two is on a blacklist."""
        if not one.is_listed and not self._listed:
            return
        for digest in one.digests.get(Kind.PERSON_NAME, ()):
            rows = self._by_person.get(digest, [])
            here = [row for row in rows if one.is_listed or row in self._listed]
            near = [row for row in here if self._many[self._ids[row]].county == one.county]
            if len(near) <= SHARED_MAX:
                yield from near

    def _by_names(self, one: Traits, numbers: MatchNumbers) -> Iterator[int]:
        county = _county(one)
        here = self._counties == county
        speak = np.array([bool(one.digests.get(kind)) for kind in SPEAKING])
        people = [row for digest in one.digests.get(Kind.PERSON_NAME, ()) for row in self._by_person.get(digest, ())]
        for part in one.parts:
            near = self._postings.near(part.core, here)
            if not len(near):
                continue
            alike, owners = self._blends(part, near), self._owners[near]
            may_be_here = here[near] | (self._counties[near] == NOWHERE) | (county == NOWHERE)
            bound = at_most(numbers, alike, may_be_here, (self._speak[near] & speak).any(axis=1))
            wanted = (alike >= numbers.name_from - 1) & ((bound >= numbers.threshold) | np.isin(owners, people))
            yield from owners[wanted][np.argsort(-alike[wanted])].tolist()

    def _blends(self, part: NameParts, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """``scoring.blend``, of 1,000, for many."""
        those = [self._parts[row] for row in rows.tolist()]
        whole = cdist([part.whole], [each.whole for each in those])[0]
        core = cdist([part.core], [each.core for each in those])[0]
        spelt = cdist([part.spelt], [each.spelt for each in those])[0]
        return np.asarray((FULL * whole + CORE * core + SPELT * spelt) * 10, np.float64)


def _county(one: Traits) -> int:
    return int(one.county) if one.county.isdecimal() else NOWHERE


def _keys(one: Traits) -> Iterator[tuple[str, ...]]:
    """What leads from one institution to another without the name."""
    for kind in _LEADING:
        for digest in one.digests.get(kind, ()):
            yield kind, digest
    for place in one.places:
        if place.at_room:
            yield "room", place.county or one.county, place.at_room
