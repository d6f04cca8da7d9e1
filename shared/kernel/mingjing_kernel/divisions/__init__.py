"""Towns and streets of a county (镇街), as the national place-name database has them: one table a county, for whichever
service has to know where an address or a grid lies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_DATA = files("mingjing_kernel.divisions")


class TableMissing(ValueError):
    """No table of towns ships for a county: an installation cannot serve it before one is added."""

    def __init__(self, code: str) -> None:
        there = sorted(one.name.removesuffix(".json") for one in _DATA.iterdir() if one.name.endswith(".json"))
        said = f"no table of towns ships for county {code}: add {code}.json to mingjing_kernel/divisions"
        super().__init__(f"{said}, or serve one of: {', '.join(there)}")


@cache
def county_table(code: str) -> Mapping[str, Any]:
    """The county of this 6-digit code: ``division``, ``towns``, ``towns_replaced``. Raises ``TableMissing``."""
    file = _DATA.joinpath(f"{code}.json")
    if not file.is_file():
        raise TableMissing(code)
    return MappingProxyType(json.loads(file.read_text(encoding="utf-8")))


@cache
def town_names(code: str) -> Mapping[str, str]:
    """The names of a county's towns by their 9-digit codes. Raises ``TableMissing``."""
    return MappingProxyType({town["code"]: town["name"] for town in county_table(code)["towns"]})
