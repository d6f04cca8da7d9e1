"""Plausible grids of a county (示例网格): its outline divided into towns, communities and grids, the same every time.

One rule: only the county's outline and the codes of its towns are real. Where a town or a community lies is drawn, not
surveyed; nobody may take it for the county's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import sqrt
from random import Random
from typing import Any, Final

import shapely
from shapely import Polygon, affinity
from shapely.geometry.base import BaseGeometry

from mingjing_kernel.divisions import county_table

TILT_DEGREES_MAX: Final = 20.0
UNEVEN_MAX: Final = 0.12
"""By how much of itself a part may be larger or smaller than an even share."""
CUTS_MAX: Final = 24
"""Halvings until a cut is where it divides as wanted: to a ten-millionth of the width."""
DIGITS: Final = 7
ROUNDS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """A grid (15 digits) or a community's outline (12)."""

    code: str
    name: str
    polygon: Polygon


def outline_of(county: str) -> Polygon:
    """The county's outline. Raises ``FileNotFoundError`` where none ships."""
    text = files("mingjing.county").joinpath(f"outline_{county}.json").read_text(encoding="utf-8")
    return Polygon(json.loads(text)["outline"])


def draw_grids(county: str = "330106", seed: int = 1, times: int = 1) -> list[Drawn]:
    """The county's communities and their grids; ``times`` as many grids as the table of towns says."""
    dice, found = Random(seed), list[Drawn]()
    towns: Sequence[dict[str, Any]] = county_table(county)["towns"]
    lands = _in_reading_order(_divided(outline_of(county), len(towns), dice))
    for town, land in zip(towns, lands, strict=True):
        for number, place in enumerate(_in_reading_order(_divided(land, town["communities"], dice)), start=1):
            community = f"{town['code']}{number:03}"
            found.append(Drawn(community, f"{town['name']}第{number}社区", place))
            parts = _in_reading_order(_divided(place, town["grids_per_community"] * times, dice))
            found += [
                Drawn(f"{community}{at:03}", f"{town['name']}第{number}社区第{at}网格", part)
                for at, part in enumerate(parts, start=1)
            ]
    return found


def as_geojson(drawn: Sequence[Drawn]) -> dict[str, Any]:
    """What can be imported."""
    return {"type": "FeatureCollection", "features": [_feature(one) for one in drawn]}


def _feature(one: Drawn) -> dict[str, Any]:
    rings = [one.polygon.exterior, *one.polygon.interiors]
    coordinates = [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring.coords] for ring in rings]
    return {
        "type": "Feature",
        "properties": {"code": one.code, "name": one.name},
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }


def _divided(land: Polygon, parts: int, dice: Random) -> Iterator[Polygon]:
    """Into so many connected parts of about the same size, by straight cuts across the longer side."""
    if parts == 1:
        yield land
        return
    first = parts // 2
    share = first / parts * (1.0 + dice.uniform(-UNEVEN_MAX, UNEVEN_MAX))
    one, other = _cut(land, share, dice.uniform(-TILT_DEGREES_MAX, TILT_DEGREES_MAX))
    yield from _divided(one, first, dice)
    yield from _divided(other, parts - first, dice)


def _cut(land: Polygon, share: float, tilt: float) -> tuple[Polygon, Polygon]:
    """Two connected parts, the first with about ``share`` of the ground."""
    west, south, east, north = land.bounds
    turn = tilt if east - west >= north - south else 90.0 + tilt
    turned = affinity.rotate(land, turn, origin="centroid")
    west, south, east, north = turned.bounds
    low, high = west, east
    for _ in range(CUTS_MAX):
        middle = (low + high) / 2
        is_small = turned.intersection(shapely.box(west, south, middle, north)).area < share * turned.area
        low, high = (middle, high) if is_small else (low, middle)
    # The knife lies where the land lies: cut there, so that both sides keep the land's own corners.
    knife = affinity.rotate(shapely.box(west - 1, south - 1, low, north + 1), -turn, origin=land.centroid)
    return _connected(land.intersection(knife), land.difference(knife))


def _connected(one: BaseGeometry, other: BaseGeometry) -> tuple[Polygon, Polygon]:
    """Each side in one piece: what a cut leaves apart goes to the other side, which it touches."""
    for _ in range(ROUNDS_MAX):
        mine, strays = _largest(one)
        one, other = mine, shapely.union_all([other, *strays])
        if isinstance(other, Polygon):
            return one, other
        one, other = other, one
    raise ValueError("this land cannot be cut in two")


def _largest(land: BaseGeometry) -> tuple[Polygon, list[Polygon]]:
    parts = [part for part in shapely.get_parts(land) if isinstance(part, Polygon)]
    parts.sort(key=lambda part: -part.area)
    return parts[0], parts[1:]


def _in_reading_order(parts: Iterator[Polygon]) -> list[Polygon]:
    """Row by row from the north, each row from the west."""
    left = sorted(parts, key=lambda part: -part.centroid.y)
    row = round(sqrt(len(left))) or 1
    rows = [left[at : at + row] for at in range(0, len(left), row)]
    return [part for one in rows for part in sorted(one, key=lambda part: part.centroid.x)]
