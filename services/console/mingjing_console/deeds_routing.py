"""Deeds on the routing table of complaints: what a change asks, and what becomes of a proposed one.

One rule: the table is changed by a version of its policy alone: one person proposes it, another approves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import BASIS, WHY, Deed, day, number, one_of, text
from mingjing_console.words import CATEGORY, Words

LINE: Final = "line"
"""Of the field that says which line changes: the policy and the name of its number."""
DEPARTMENT: Final = "department"
BETWEEN: Final = "/"
VERSION: Mapping[str, Deed] = MappingProxyType(
    {"approve-policy": Deed(path="/approval"), "withdraw-policy": Deed(path="/withdrawal", asks=(WHY,))}
)
_WHERE: Final = (
    text("region", "区划代码（不填为各地）", "Division; empty: everywhere", required=False),
    one_of("category", "培训类别（不选为各类）", "Category; none: each", CATEGORY, required=False),
    day("effective_on", "自哪天收到的投诉起", "For what is received from"),
    day("effective_to", "至哪天（可不填）", "Until, optional", required=False),
    BASIS,
    WHY,
)


def proposing(lines: Words, departments: Words) -> Deed:
    """The form, with the lines and the departments to choose from."""
    asks: tuple[Asked, ...] = (
        one_of(LINE, "哪一行", "Which line", lines),
        one_of(DEPARTMENT, "改由哪个部门", "Whose it becomes", departments),
        *_WHERE,
    )
    return Deed(path="/policies/{rule}/versions/{version_id}", asks=asks, method="PUT", new="version_id")


def proposed(form: Mapping[str, str]) -> tuple[Deed, dict[str, str]]:
    """The same as the policy is told it: the department stands there as the number of its line."""
    rule, _, name = form.get(LINE, "").partition(BETWEEN)
    setting = f"numbers.{name}"
    asks = (number(setting, "改由哪个部门", "Whose it becomes"), *_WHERE)
    typed = {**form, "rule": rule, setting: form.get(DEPARTMENT, "")}
    return replace(proposing({}, {}), asks=asks), typed
