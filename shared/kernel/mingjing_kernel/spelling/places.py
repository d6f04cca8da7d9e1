"""Places 地名 at the head of a name or an address: province, city and county, cut off by the division table.

The one rule: a short name (西湖 for 西湖区) is only a place behind the city that it lies in; alone it may be a brand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

_SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|[省市区县盟])$")
_SHORT_MIN = 2
Value = TypeVar("Value")
NAME_CHARACTERS_MAX = 16
"""The longest name in the table has fewer."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a text says of the place, and the rest of it. Empty codes where it says nothing."""

    city: str
    """4 digits."""
    county: str
    """6 digits."""
    rest: str


@dataclass(frozen=True, slots=True)
class _City:
    code: str
    counties: dict[str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """The table, by names."""

    provinces: dict[str, str] = field(default_factory=dict)
    cities: dict[str, _City] = field(default_factory=dict)
    counties: dict[str, str] = field(default_factory=dict)
    """Full names that only one county has."""

    def heading(self, text: str) -> Heading:
        """Province, city and county from the front, as far as they stand there."""
        _, rest = _prefix(self.provinces, text)
        city, rest = _prefix(self.cities, rest)
        if city is None:
            county, rest = _prefix(self.counties, rest)
            return Heading(county[:4] if county else "", county or "", rest)
        county, rest = _prefix(city.counties, rest)
        return Heading(county[:4] if county else city.code, county or "", rest)


@cache
def division_table() -> Mapping[str, Any]:
    """``provinces``: name, code and cities; of each city name, code and counties by name. Nobody changes it."""
    text = files("mingjing_kernel.spelling").joinpath("divisions.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


@cache
def places() -> Places:
    """The country's table, read once from the package's data."""
    found, seen = Places(), dict[str, int]()
    for province, code, cities in division_table()["provinces"]:
        _both(found.provinces, province, code[:2])
        for city, city_code, counties in cities:
            by_name: dict[str, str] = {}
            for county, county_code in counties.items():
                _both(by_name, county, county_code)
                seen[county] = seen.get(county, 0) + 1
                found.counties[county] = county_code
            # Of a municipality the province is the city.
            _both(found.cities, city or province, _City((city_code or code)[:4], by_name))
    for name, times in seen.items():
        if times > 1:
            del found.counties[name]
    return found


def _both(names: dict[str, Value], name: str, value: Value) -> None:
    names[name] = value
    short = _SUFFIX.sub("", name)
    if len(short) >= _SHORT_MIN:
        names.setdefault(short, value)


def _prefix(names: Mapping[str, Value], text: str) -> tuple[Value | None, str]:
    """The longest name that the text begins with, what it stands for, and the rest; all of a text is no prefix."""
    for length in range(min(NAME_CHARACTERS_MAX, len(text) - 1), 1, -1):
        if (found := names.get(text[:length])) is not None:
            return found, text[length:]
    return None, text
