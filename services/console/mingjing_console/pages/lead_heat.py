"""Heat of leads about teaching without a licence (线索热力), for the map of grids: how dark a grid is, and a list.

One rule: the list says what the shades say, for whoever prints the map in black or cannot tell the shades.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from htpy import Node, code, h2, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import rows
from mingjing_console.pages.shell import both, tag

SHADES: Final = 4
LISTED_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """By grid; ``threshold`` open leads make a hot-spot. ``is_there``: whether inspection answered."""

    grids: Mapping[str, Mapping[str, Any]]
    threshold: int
    is_there: bool

    def of_grid(self, grid: str) -> tuple[str, int]:
        """The class of its shade, empty where it has none, and how many open leads it has."""
        count = int(self.grids[grid]["leads_open"]) if grid in self.grids else 0
        if not count:
            return "", 0
        shade = min(SHADES, 1 + (count * (SHADES - 1)) // max(1, self.threshold))
        return f" heat-{shade}", count


NO_HEAT: Final = Heat(grids=MappingProxyType({}), threshold=1, is_there=False)


def of(answer: Answer) -> Heat:
    """What inspection says; none where it says nothing."""
    if not answer.is_there:
        return NO_HEAT
    found = {one["region"]: one for one in answer.body["items"] if one["leads_open"]}
    return Heat(grids=found, threshold=answer.body["threshold"], is_there=True)


def heat_list(heat: Heat) -> Node:
    """Where the open leads are, the most first."""
    if not heat.is_there:
        return None
    heading = h2[both("无证培训线索", "Leads about teaching without a licence")]
    if not heat.grids:
        return section[heading, p(".good")["没有未办结的线索。 ", small(lang="en")["No lead is open."]]]
    most = sorted(heat.grids.values(), key=lambda one: (-one["leads_open"], one["region"]))[:LISTED_MAX]
    heads = (("网格", "Grid"), ("未办结", "Open"), ("全部", "All"), ("", ""))
    hot = tag("bad", "热点", "hot-spot")
    found = [
        (code[one["region"]], str(one["leads_open"]), str(one["leads"]), hot if one["is_hot"] else "") for one in most
    ]
    return section[heading, rows(heads, found)]
