"""Divisions 行政区划 and grids 网格: where an address lies.

One rule: a place that the table does not have is answered with an empty code, never with the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

_PROVINCE_DIGITS, _CITY_DIGITS, _COUNTY_DIGITS, _TOWN_DIGITS = 2, 4, 6, 9
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A county or town that was abolished or renamed, and what stands for it now."""

    code: str
    """6 digits of a county, 9 of a town."""
    name: str
    last_day: date
    successors: tuple[tuple[str, str], ...]
    """Code and name of each; several where it was split among others."""

    @property
    def successor_names(self) -> str:
        """As a person reads them."""
        return "、".join(name for _, name in self.successors)


@dataclass(frozen=True, slots=True)
class Division:
    """A county 县区 with its towns."""

    code: str
    name: str
    city: str
    province: str
    towns: tuple[Town, ...]
    elsewhere: tuple[str, ...] = ()
    """How an address begins that lies in another county, city or province."""
    replaced: tuple[Replaced, ...] = ()
    """Counties of the province and towns of this county that are no more."""

    def name_of(self, code: str) -> str:
        """What a code of this county, or of what it lies in, is called; a grid is in its town; else empty."""
        if len(code) < _COUNTY_DIGITS:
            whole = {self.code[: len(code)]: self.city if len(code) == _CITY_DIGITS else self.province}
            return whole.get(code, "") if len(code) in (_PROVINCE_DIGITS, _CITY_DIGITS) else ""
        if code == self.code:
            return self.name
        town = next((town.name for town in self.towns if town.code == code[:_TOWN_DIGITS]), "")
        return town or next((gone.name for gone in self.replaced if gone.code == code[:_TOWN_DIGITS]), "")

    def town(self, name: str) -> Town | None:
        """The town of this full or short name."""
        return next((town for town in self.towns if name in (town.name, town.short_name)), None)

    def town_in(self, address: str) -> Town | None:
        """The town that a normal address (§ ``addressed``) names; of one that was replaced its only successor."""
        rest = address.removeprefix(self.name)
        for town in self.towns:
            if rest.startswith(town.name):
                return town
        gone = self._gone_in(rest, _TOWN_DIGITS)
        if gone is None or len(gone.successors) != 1:
            return None
        return next((town for town in self.towns if town.code == gone.successors[0][0]), None)

    def replaced_in(self, address: str) -> Replaced | None:
        """The county or town in an address, as it was written, that is no more."""
        rest = address.removeprefix(self.province).removeprefix(self.city)
        if (county := self._gone_in(rest, _COUNTY_DIGITS)) is not None:
            return county
        rest = rest.removeprefix(self.name)
        return None if any(rest.startswith(town.name) for town in self.towns) else self._gone_in(rest, _TOWN_DIGITS)

    def _gone_in(self, rest: str, digits: int) -> Replaced | None:
        return next((one for one in self.replaced if len(one.code) == digits and rest.startswith(one.name)), None)

    def addressed(self, address: str) -> str:
        """The one spelling of an address: without province and city, beginning with the county.

        An address that names another county is left as it was written: nobody moves it here. One that names a county
        which went into this one alone lies here.
        """
        rest = address.removeprefix(self.province).removeprefix(self.city)
        gone = self._gone_in(rest, _COUNTY_DIGITS)
        if gone is not None and [code for code, _ in gone.successors] == [self.code]:
            return self.name + rest.removeprefix(gone.name)
        if not rest or rest.startswith(self.name):
            return rest
        return address if rest.startswith(self.elsewhere) else self.name + rest

    def grid_code(self, town: Town, address: str) -> str:
        """A provisional 15-digit grid of an address, in the form of GB/T 34300 (6 division, 3 town, 3 community, 3
        sequence).

        No survey is at hand: only the first nine digits are a place that exists. The other six are drawn from street
        and building, so that the same building is always in the same grid; they say nothing of a real community.
        Whoever proposes a site with a surveyed grid is believed instead.
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
