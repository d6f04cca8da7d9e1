"""Divisions 行政区划 and grids 网格: where an address lies.

One rule: a place that the table does not have is answered with an empty code, never with the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

_BUILDING = re.compile(r".*?\d+号?")


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street 镇街: 9-digit code and how finely it is divided into grids."""

    code: str
    name: str
    communities: int
    grids_per_community: int

    @property
    def short_name(self) -> str:
        """As clerks write it: 灵隐 for 灵隐街道."""
        return re.sub(r"(街道|镇|乡)$", "", self.name)


@dataclass(frozen=True, slots=True)
class Division:
    """A county 县区 with its towns."""

    code: str
    name: str
    city: str
    province: str
    towns: tuple[Town, ...]

    def town(self, name: str) -> Town | None:
        """The town of this full or short name."""
        return next((town for town in self.towns if name in (town.name, town.short_name)), None)

    def town_in(self, address: str) -> Town | None:
        """The town that a normal address (§ ``addressed``) names."""
        rest = address.removeprefix(self.name)
        for town in self.towns:
            if rest.startswith(town.name):
                return town
        return None

    def addressed(self, address: str) -> str:
        """The one spelling of an address: without province and city, beginning with the county."""
        rest = address.removeprefix(self.province).removeprefix(self.city)
        return rest if not rest or rest.startswith(self.name) else self.name + rest

    def grid_code(self, town: Town, address: str) -> str:
        """The 15-digit grid of an address (GB/T 34300 profile: 6 division, 3 town, 3 community, 3 sequence).

        No survey is at hand, so grids are generated: street and building decide, and the same building is always
        in the same grid.
        """
        building = _BUILDING.match(address.removeprefix(self.name).removeprefix(town.name))
        drawn = int.from_bytes(sha256((building.group() if building else address).encode()).digest()[:4])
        community = drawn % town.communities + 1
        sequence = drawn // town.communities % town.grids_per_community + 1
        return f"{town.code}{community:03}{sequence:03}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When a division code was in use, and what came after it."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    """The last day, or ``None`` while it is in use."""
    successors: tuple[str, ...]
    """Several where a division was split among others."""

    def is_valid(self, on: date) -> bool:
        """In use on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def successors_of(code: str, on: date, table: Mapping[str, Validity]) -> tuple[str, ...]:
    """The 6-digit codes that stand for ``code`` on a day: itself while it is in use, else what replaced it by then."""
    line = table.get(code)
    if line is None or line.valid_to is None or on <= line.valid_to:
        return (code,)
    found: dict[str, None] = {}
    for after in line.successors:
        found.update(dict.fromkeys(successors_of(after, on, table)))
    return tuple(found)
