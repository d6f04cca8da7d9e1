"""Which grid a point lies in: a county of some thousand grids whose outlines have the points of a survey.

Raw limit: a bare STRtree over the same polygons, asked for those that a point intersects, with the points made before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from figure import Figure
from mingjing.county.grids import draw_grids, outline_of
from mingjing_inspection.domain.grid_code import is_grid
from mingjing_inspection.domain.grid_version_facts import Area
from mingjing_inspection.geometry.flat import E7, degrees_of
from mingjing_inspection.geometry.index import NO_GRID, GridIndex
from stage import Options

NAME = "point-to-grid"
USES = {"events"}
POINTS = 300_000
TIMES = 10
"""As many grids as the county's table says: 2,400."""
VERTEX_EVERY_DEGREES = 0.0002
"""About every twenty metres."""
TURNS = 5


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many points there are. The best of some turns counts, of both alike."""
    areas = surveyed(TIMES)
    began = time.perf_counter()
    index = GridIndex(areas)
    built = time.perf_counter() - began
    longitudes, latitudes = points_in_the_county(options.events or POINTS)
    tree = STRtree(degrees_of([areas[code].shape for code in index.codes]))
    points = shapely.points(longitudes / E7, latitudes / E7)
    value = raw = 0.0
    for _ in range(TURNS):
        raw = max(raw, _rate(lambda: tree.query(points, predicate="intersects"), len(points)))
        value = max(value, _rate(lambda: index.numbers_at(longitudes, latitudes), len(points)))
    found = index.numbers_at(longitudes, latitudes) != NO_GRID
    vertices = sum(len(areas[code].shape[0]) for code in index.codes) // len(index)
    return Figure(
        name=NAME, value=value, unit="points/s", raw=raw, raw_is="bare STRtree, intersects",
        details={"points": len(points), "grids": len(index), "points_an_outline": vertices,
                 "within_a_grid": round(float(found.mean()), 3), "index_ms": round(built * 1_000)},
    )  # fmt: skip


def surveyed(times: int) -> dict[str, Area]:
    """The drawn county's grids with a corner every few metres, as a survey has them."""
    return {
        one.code: Area(code=one.code, name=one.name, shape=_shape(one.polygon), area_m2=1)
        for one in draw_grids(times=times)
        if is_grid(one.code)
    }


def points_in_the_county(count: int, seed: int = 7) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Anywhere in its box, in 1e-7 degrees: more than half of them lie in the county."""
    west, south, east, north = (np.asarray(outline_of("330106").bounds) * E7).astype(np.int64)
    dice = np.random.default_rng(seed)
    return dice.integers(west, east, count), dice.integers(south, north, count)


def _shape(polygon: Any) -> tuple[tuple[tuple[int, int], ...], ...]:
    line = shapely.segmentize(polygon.exterior, VERTEX_EVERY_DEGREES)
    return (tuple((round(x * E7), round(y * E7)) for x, y in line.coords),)


def _rate(ask: Callable[[], object], points: int) -> float:
    began = time.perf_counter()
    ask()
    return points / (time.perf_counter() - began)
