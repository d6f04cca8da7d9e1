"""Numbers 权重: what each agreement adds and each difference takes, in points of which 1,000 are certainty.

The one rule: a rule version names them. Whoever changes a number gives it a new version, and every pair is compared
once more under it. They were fitted on the tuning half of the labelled set of ``bench match`` and rounded.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256

POINTS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchNumbers:
    """The rule's numbers. ``threshold`` is from where on a pair is put before a person."""

    threshold: int = 500
    """The least of all places: whoever is below it is put before nobody."""
    places: tuple[tuple[str, str, int], ...] = ()
    """Where it is not the same everywhere: region, category and the points there."""
    code: int = 1_000
    person: int = 700
    account: int = 600
    phone: int = 500
    person_name: int = 300
    """The same name of a person, in the same city: names repeat."""
    listed_name: int = 200
    """Added to it where one of the two is on a blacklist, and both are in the same county."""
    name_from: int = 450
    """Blend, of 1,000, from where on a name says anything; there it adds ``name_least``."""
    name_knee: int = 800
    """From here on, more likeness says little more: homophones and abbreviations lie above it."""
    name_least: int = 320
    name_alike: int = 600
    """At the knee."""
    name_equal: int = 640
    same_county: int = 220
    """Where the names are alike; in another county the same brand is a chain or a coincidence."""
    same_city_named: int = 120
    """Where they lie in different cities, and the name still begins with the same one: it moved and kept its name."""
    other_which: int = -430
    """第一 and 第二, 城西 and 城东: the name itself says that they are two."""
    other_trade: int = -350
    room: int = 330
    house: int = 150
    road: int = 60
    nothing_else: int = -150
    """Telephone or persons are known on both sides, and nothing but name or place agrees."""

    @property
    def version(self) -> str:
        """Of these numbers."""
        return _version(self)


@lru_cache(maxsize=100)
def _version(numbers: MatchNumbers) -> str:
    named = asdict(numbers)
    if not numbers.places:
        del named["places"]  # the same everywhere: the version that it always had
    text = repr(sorted(named.items()))
    return f"same-person-1-{sha256(text.encode()).hexdigest()[:8]}"
