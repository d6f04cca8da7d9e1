"""The town of which somebody complains (诉求所在镇街), where no institution says it: as the place cell names it.

One rule: a town is named in full and alone; a place that names two, or none, is the county's, and nobody guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mingjing_kernel.divisions import TableMissing, town_names


def town_said(place: str, towns: Mapping[str, str], county: str) -> str:
    """The code of the one town that a place names, else the county's; ``towns`` are names by code."""
    named = [code for code, name in towns.items() if name in place]
    return named[0] if len(named) == 1 else county


@cache
def towns_of(county: str) -> Mapping[str, str]:
    """A county's towns by code; none where no table of them ships: its complaints are the county's."""
    try:
        return town_names(county)
    except TableMissing:
        return MappingProxyType({})
