"""Straight borders (直线边界) of another coordinate system, which bend on their way into WGS-84.

One rule: wherever a border was straight when it was drawn, it gets as many points as keep its bend below a hand's
width. A neighbour whose corner lies in the middle of it then still meets it, and no sliver is between them. What a
whole file gets is counted before it is made: a small file of long borders would take the memory of the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mingjing_inspection.geometry.coordinates import System, to_wgs84
from mingjing_kernel.refusal import Invalid

Line: TypeAlias = NDArray[np.float64]
"""Points of a ring, a longitude and a latitude each."""
BEND_METRES_MAX: Final = 0.1
"""Two neighbours' bends together stay below what a survey calls one border."""
PIECES_MAX: Final = 256
"""Of one border; one as long as a county bends less than that."""
ADDED_MAX: Final = 500_000
"""To all borders of a file; a county of 240 grids needs some thousand."""
_METRES_A_DEGREE: Final = 111_195.0
_LOOKED_AT: Final = (0.25, 0.5, 0.75)


class BordersTooLong(Invalid):
    """Nobody draws a county like that."""

    sentence = (
        "The borders of the file are so long that {count} points were to be added to them; {maximum} are the most."
    )
    remedy = "Send the towns one after another into the same draft, or convert the layer to WGS-84 (EPSG:4326) first."
    field = "body.features"


def straightened(lines: Sequence[Line], system: System) -> list[Line]:
    """The rings with the points that they need, still in their own system. Raises ``BordersTooLong``."""
    if system is System.WGS84 or not lines:
        return list(lines)
    counts = _pieces(np.concatenate(lines), system)
    begins = np.cumsum([0, *map(len, lines)]).tolist()
    steps = [counts[begin : end - 1] for begin, end in pairwise(begins)]
    if (added := sum(int(one.sum()) - len(one) for one in steps)) > ADDED_MAX:
        raise BordersTooLong(count=added, maximum=ADDED_MAX)
    return [_divided(line, one) for line, one in zip(lines, steps, strict=True)]


def _pieces(points: Line, system: System) -> NDArray[np.int64]:
    """Into how many each step from one point to the next is divided; a step between two rings counts for nothing."""
    first, last = points[:-1], points[1:]
    whole = _converted(points, system)
    begins, ends = whole[:-1], whole[1:]
    bend = np.zeros(len(first))
    for part in _LOOKED_AT:
        off = _converted(first + (last - first) * part, system) - (begins + (ends - begins) * part)
        east = off[:, 0] * np.cos(np.radians(begins[:, 1]))
        bend = np.maximum(bend, np.hypot(east, off[:, 1]) * _METRES_A_DEGREE)
    return np.clip(np.ceil(np.sqrt(bend / BEND_METRES_MAX)), 1, PIECES_MAX).astype(np.int64)


def _divided(line: Line, counts: NDArray[np.int64]) -> Line:
    if not (counts > 1).any():
        return line
    steps = [
        line[number] + (line[number + 1] - line[number]) * (np.arange(count) / count)[:, np.newaxis]
        for number, count in enumerate(counts.tolist())
    ]
    return np.concatenate([*steps, line[-1:]])


def _converted(points: Line, system: System) -> Line:
    return np.column_stack(to_wgs84(system, points[:, 0].copy(), points[:, 1].copy()))
