"""Topology (拓扑检查): whether each grid is one simple polygon, and whether all of them fit together.

One rule: borders that two surveys drew a hand apart are one border (``SLIVER_METRES``); whatever is wider is said, with
the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from mingjing_inspection.domain.grid_code import community_of, is_grid, sequence_of
from mingjing_inspection.domain.grid_problems import (
    CommunityHasHole,
    CommunityNotDrawn,
    GridLeavesCommunity,
    GridsOverlap,
    Problem,
    SequenceAgainstOrder,
    ShapeCrossesItself,
    problem_from,
)
from mingjing_inspection.domain.grid_version_facts import Area
from mingjing_inspection.geometry.flat import Ground, ground_of

SLIVER_METRES: Final = 0.5
_PLACE: Final = re.compile(r"(.*)\[(\S+) (\S+)\]")


def shape_problem(polygon: Polygon, ground: Ground, number: int, code: str) -> Problem | None:
    """Why a polygon is none, with the place where it crosses or touches itself."""
    if polygon.is_valid and polygon.area > 0:
        return None
    said = _PLACE.fullmatch(shapely.is_valid_reason(polygon))
    reason, place = (said[1], ((ground.point(float(said[2]), float(said[3])),),)) if said else ("no ground", ())
    return problem_from(ShapeCrossesItself(reason=reason), number, code, place)


def overlapping(polygons: Sequence[Polygon]) -> Iterator[tuple[int, int, BaseGeometry]]:
    """Pairs that claim the same ground, the earlier one first, with what both claim."""
    whole = np.asarray(polygons, dtype=object)
    if not len(whole):
        return
    left, right = STRtree(whole).query(whole, predicate="intersects")
    left, right = left[left < right], right[left < right]
    both = shapely.intersection(whole[left], whole[right])
    wide = ~shapely.is_empty(shapely.buffer(both, -SLIVER_METRES / 2))
    yield from zip(left[wide].tolist(), right[wide].tolist(), both[wide].tolist(), strict=True)


def whole_problems(areas: Mapping[str, Area]) -> list[Problem]:
    """What is wrong with a draft as a whole, place by place; in the order of the codes."""
    codes = sorted(areas)
    ground = ground_of(areas[code].shape for code in codes)
    drawn = {code: ground.polygon(areas[code].shape) for code in codes}
    grids = {code: polygon for code, polygon in drawn.items() if is_grid(code)}
    outlines = {code: polygon for code, polygon in drawn.items() if not is_grid(code)}
    return [
        *_overlaps(grids, ground),
        *_overlaps(outlines, ground),
        *(_by_outlines(grids, outlines, ground) if outlines else _by_holes(grids, ground)),
        *_order(grids, ground),
    ]


def _overlaps(drawn: Mapping[str, Polygon], ground: Ground) -> Iterator[Problem]:
    codes = list(drawn)
    for first, second, both in overlapping(list(drawn.values())):
        yield overlap_problem(codes[second], codes[first], both, ground)


def overlap_problem(code: str, other: str, both: BaseGeometry, ground: Ground, number: int = 0) -> Problem:
    """That ``code`` claims ground of ``other``."""
    refusal = GridsOverlap(code=code, other=other, area=_square_metres(both))
    return problem_from(refusal, number, code, ground.outlines(_wide(both)))


def _by_outlines(grids: Mapping[str, Polygon], outlines: Mapping[str, Polygon], ground: Ground) -> Iterator[Problem]:
    """Each grid within its community, each community covered by its grids."""
    for code, polygon in grids.items():
        community = community_of(code)
        if community not in outlines:
            yield problem_from(CommunityNotDrawn(code=code, community=community), 0, code, ground.outlines(polygon))
            continue
        beyond = _wide(polygon.difference(outlines[community]))
        if not beyond.is_empty:
            refusal = GridLeavesCommunity(code=code, community=community, area=_square_metres(beyond))
            yield problem_from(refusal, 0, code, ground.outlines(beyond))
    for community, outline in outlines.items():
        own = [polygon for code, polygon in grids.items() if community_of(code) == community]
        yield from _hole(community, _wide(outline.difference(shapely.union_all(own))), ground)


def _by_holes(grids: Mapping[str, Polygon], ground: Ground) -> Iterator[Problem]:
    """Without outlines: what the grids of a community enclose, and no grid of another one fills."""
    everything = shapely.union_all(list(grids.values()))
    for community in dict.fromkeys(map(community_of, grids)):
        own = shapely.union_all([polygon for code, polygon in grids.items() if community_of(code) == community])
        parts = [part for part in shapely.get_parts(own) if isinstance(part, Polygon)]
        enclosed = shapely.union_all([Polygon(ring) for part in parts for ring in part.interiors])
        yield from _hole(community, _wide(enclosed.difference(everything)), ground)


def _hole(community: str, left: BaseGeometry, ground: Ground) -> Iterator[Problem]:
    if not left.is_empty:
        refusal = CommunityHasHole(community=community, area=_square_metres(left))
        yield problem_from(refusal, 0, community, ground.outlines(left))


def _order(grids: Mapping[str, Polygon], ground: Ground) -> Iterator[Problem]:
    """Numbers that go neither by rows nor by columns: a higher one wholly north-west of a lower one. It holds nobody
    up: a grid that was added later has the next number, wherever it lies.
    """
    by_community: dict[str, list[str]] = {}
    for code in grids:
        by_community.setdefault(community_of(code), []).append(code)
    for codes in by_community.values():
        boxes = {code: grids[code].bounds for code in sorted(codes, key=sequence_of)}
        for code, (_, south, east, _) in boxes.items():
            before = (one for one in boxes if sequence_of(one) < sequence_of(code))
            other = next((one for one in before if boxes[one][0] >= east and boxes[one][3] <= south), None)
            if other is not None:
                refusal = SequenceAgainstOrder(code=code, other=other)
                yield problem_from(refusal, 0, code, ground.outlines(grids[code]), blocks=False)


def _wide(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry without whatever is thinner than a sliver."""
    cored: Any = shapely.buffer(geometry, -SLIVER_METRES / 2)
    return shapely.buffer(cored, SLIVER_METRES / 2, join_style="mitre") if not cored.is_empty else cored


def _square_metres(geometry: BaseGeometry) -> int:
    area: float = geometry.area
    return max(1, round(area))
