"""Grid codes (网格编码): 15 digits, 6 division + 3 town + 3 community + 3 sequence (GB/T 34300).

One rule: a code says by itself in which community its grid lies, so a grid lies in exactly one.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mingjing_inspection.domain.grid_problems import (
    CodeMalformed,
    CommunityNumberZero,
    CountyForeign,
    SequenceZero,
    TownNotInCounty,
)
from mingjing_kernel.refusal import Refusal

COUNTY_DIGITS, TOWN_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS = 6, 9, 12, 15
_CODE = re.compile(r"[0-9]{12}([0-9]{3})?")
_NONE = "000"


def is_grid(code: str) -> bool:
    """Of a grid; else of a community's outline."""
    return len(code) == GRID_DIGITS


def community_of(code: str) -> str:
    """The 12 digits of the community."""
    return code[:COMMUNITY_DIGITS]


def sequence_of(code: str) -> int:
    """The grid's number in its community."""
    return int(code[COMMUNITY_DIGITS:])


def code_problem(code: str, county: str, towns: Collection[str]) -> Refusal | None:
    """What is wrong with the code of a grid (15 digits) or of a community's outline (12); ``None`` where nothing is.

    ``towns`` are the 9-digit codes of the county's towns.
    """
    if not _CODE.fullmatch(code):
        return CodeMalformed(code=code)
    if code[:COUNTY_DIGITS] != county:
        return CountyForeign(code=code, county=county)
    if code[:TOWN_DIGITS] not in towns:
        return TownNotInCounty(code=code, town=code[:TOWN_DIGITS])
    if code[TOWN_DIGITS:COMMUNITY_DIGITS] == _NONE:
        return CommunityNumberZero(code=code)
    if is_grid(code) and code[COMMUNITY_DIGITS:] == _NONE:
        return SequenceZero(code=code)
    return None
