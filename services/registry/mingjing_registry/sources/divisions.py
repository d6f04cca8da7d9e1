"""The division tables, read once from the package's data: the served county's, and which codes were replaced."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import msgspec

from mingjing_registry.domain.division import Division, Town, Validity


@cache
def division(code: str = "330106") -> Division:
    """The county of this 6-digit code; ``FileNotFoundError`` when no table ships for it."""
    text = files("mingjing_registry.data").joinpath(f"division_{code}.json").read_text(encoding="utf-8")
    table = json.loads(text)
    head = table["division"]
    towns = tuple(
        Town(town["code"], town["name"], town["communities"], town["grids_per_community"]) for town in table["towns"]
    )
    return Division(head["code"], head["name"], head["city"], head["province"], towns)


@cache
def validities() -> dict[str, Validity]:
    """Which 6-digit codes were in use when, and what replaced them."""
    text = files("mingjing_registry.data").joinpath("divisions_replaced.json").read_text(encoding="utf-8")
    lines = (msgspec.convert(line, Validity) for line in json.loads(text)["divisions"])
    return {line.code: line for line in lines}
