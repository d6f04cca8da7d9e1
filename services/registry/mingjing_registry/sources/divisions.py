"""The division tables, read once from the package's data: the served county's, and which codes were replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from mingjing_kernel.divisions import county_table
from mingjing_kernel.spelling.places import division_table
from mingjing_registry.domain.division import Division, Replaced, Town, Validity, successors_of

_DATA = files("mingjing_registry.data")


@cache
def division(code: str = "330106") -> Division:
    """The county of this 6-digit code. Raises ``TableMissing``."""
    table = county_table(code)
    head = table["division"]
    towns = tuple(
        Town(town["code"], town["name"], town["communities"], town["grids_per_community"]) for town in table["towns"]
    )
    elsewhere = tuple(_elsewhere(head["code"], head["name"], head["province"]))
    gone = (*_replaced_counties(head["code"]), *_replaced_towns(table))
    return Division(head["code"], head["name"], head["city"], head["province"], towns, elsewhere, gone)


@cache
def validities() -> dict[str, Validity]:
    """Which 6-digit codes were in use when, and what replaced them."""
    text = _DATA.joinpath("divisions_replaced.json").read_text(encoding="utf-8")
    lines = (msgspec.convert(line, Validity) for line in json.loads(text)["divisions"])
    return {line.code: line for line in lines}


def _replaced_counties(code: str) -> Iterator[Replaced]:
    """Those of the same province that are no more, with what stands for them in the end."""
    table = validities()
    for line in table.values():
        if line.code[:2] == code[:2] and line.valid_to is not None:
            found = successors_of(line.code, date.max, table)
            after = tuple((one, table[one].name) for one in found if one in table)
            yield Replaced(code=line.code, name=line.name, last_day=line.valid_to, successors=after)


def _replaced_towns(table: Mapping[str, Any]) -> Iterator[Replaced]:
    """``towns_replaced`` of a county's table: towns that were merged, split or renamed, with their last day."""
    names = {town["code"]: town["name"] for town in table["towns"]}
    for line in table.get("towns_replaced", ()):
        after = tuple((code, names[code]) for code in line["successors"])
        last_day = date.fromisoformat(line["valid_to"])
        yield Replaced(code=line["code"], name=line["name"], last_day=last_day, successors=after)


def _elsewhere(code: str, name: str, own: str) -> Iterator[str]:
    """The names of the other provinces, and in this one of the other cities and counties, replaced ones too."""
    for province, _, cities in division_table()["provinces"]:
        if province != own:
            yield province
            continue
        for city, city_code, counties in cities:
            if city and city_code[:4] != code[:4]:
                yield city
            yield from (county for county in counties if county != name)
    yield from (line.name for line in validities().values() if line.code[:2] == code[:2] and line.name != name)
