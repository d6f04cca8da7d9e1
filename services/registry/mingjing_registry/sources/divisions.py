"""The division table of the region that this installation serves, read once from the package's data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from mingjing_registry.domain.division import Division, Town


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
