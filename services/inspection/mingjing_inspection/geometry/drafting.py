"""What of a file can be taken into a draft (网格导入): each feature by itself, then beside those that are there.

One rule: of two that cannot both be right the one that was there first, or stands first, is taken; the other one waits
and names it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shapely import Polygon

from mingjing_inspection.domain.grid_code import code_problem, is_grid
from mingjing_inspection.domain.grid_problems import (
    CodeTwice,
    GridTooLarge,
    GridTooSmall,
    Problem,
    VerticesTooMany,
    problem_from,
)
from mingjing_inspection.domain.grid_version_facts import Area, Aside
from mingjing_inspection.geometry.flat import Ground, ground_of
from mingjing_inspection.geometry.geojson import Feature
from mingjing_inspection.geometry.topology import overlap_problem, overlapping, shape_problem
from mingjing_kernel.refusal import Refusal

HECTARE_M2 = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Between which a grid is: square metres, hectares, points of its outline."""

    least: int
    most: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """Whose grids these are; ``towns`` are the 9-digit codes of its towns."""

    code: str
    towns: Collection[str]
    sizes: Sizes


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file."""

    areas: tuple[Area, ...]
    aside: tuple[Aside, ...]


@dataclass(slots=True)
class _Looked:
    feature: Feature
    polygon: Polygon | None
    problems: list[Problem]


def take(features: Sequence[Feature], known: Mapping[str, Area], county: County, file: str) -> Taken:
    """The areas that can be taken beside those ``known``, and the features that cannot. ``file`` tells a feature
    without a code of its own from that of another file.
    """
    coming = {feature.code for feature in features}
    stays = {code: area for code, area in known.items() if code not in coming}
    ground = ground_of([*(area.shape for area in stays.values()), *(one.shape for one in features if one.shape)])
    looked = [_look(feature, ground, county) for feature in features]
    _codes_twice(looked)
    for wanted in (True, False):
        _overlaps(looked, {code: area for code, area in stays.items() if is_grid(code) is wanted}, ground, wanted)
    areas = tuple(_area(one) for one in looked if not one.problems)
    return Taken(areas, tuple(_aside(one, file) for one in looked if one.problems))


def _look(feature: Feature, ground: Ground, county: County) -> _Looked:
    number, code, problems = feature.number, feature.code, list(feature.problems)
    if (refusal := code_problem(code, county.code, county.towns)) is not None:
        problems.append(problem_from(refusal, number, code, feature.shape[:1]))
    if not feature.shape:
        return _Looked(feature, None, problems)
    polygon = ground.polygon(feature.shape)
    crossing = shape_problem(polygon, ground, number, code)
    if crossing is not None:
        return _Looked(feature, None, [*problems, crossing])
    if is_grid(code):
        sizes = _size_problem(polygon, feature.drawn, county.sizes)
        problems += [problem_from(one, number, code, feature.shape[:1]) for one in sizes]
    return _Looked(feature, polygon, problems)


def _size_problem(polygon: Polygon, points: int, sizes: Sizes) -> list[Refusal]:
    area, found = round(polygon.area), list[Refusal]()
    if points > sizes.points:
        found.append(VerticesTooMany(count=points, maximum=sizes.points))
    if area < sizes.least:
        found.append(GridTooSmall(area=area, least=sizes.least))
    if area > sizes.most * HECTARE_M2:
        found.append(GridTooLarge(area=area // HECTARE_M2, most=sizes.most))
    return found


def _codes_twice(looked: Sequence[_Looked]) -> None:
    first: dict[str, int] = {}
    for one in looked:
        code, number = one.feature.code, one.feature.number
        other = first.setdefault(code, number)
        if code and other != number:
            refusal = CodeTwice(code=code, other=other)
            one.problems.append(problem_from(refusal, number, code, one.feature.shape[:1]))


def _overlaps(looked: Sequence[_Looked], known: Mapping[str, Area], ground: Ground, are_grids: bool) -> None:
    """Grids beside grids, outlines beside outlines; those that were there stand first."""
    sound = [one for one in looked if not one.problems and is_grid(one.feature.code) is are_grids]
    codes = [*known, *(one.feature.code for one in sound)]
    there = [ground.polygon(area.shape) for area in known.values()]
    polygons = [*there, *(one.polygon for one in sound if one.polygon is not None)]
    aside = set[int]()
    for first, second, both in sorted(overlapping(polygons), key=lambda pair: (pair[1], pair[0])):
        if second >= len(known) and first not in aside:
            one = sound[second - len(known)]
            aside.add(second)
            one.problems.append(overlap_problem(codes[second], codes[first], both, ground, one.feature.number))


def _area(one: _Looked) -> Area:
    assert one.polygon is not None
    feature = one.feature
    return Area(code=feature.code, name=feature.name, shape=feature.shape, area_m2=round(one.polygon.area))


def _aside(one: _Looked, file: str) -> Aside:
    feature = one.feature
    is_own = feature.code and all(problem.rule != CodeTwice.code() for problem in one.problems)
    return Aside(
        key=feature.code if is_own else f"#{feature.number}@{file}",
        number=feature.number,
        code=feature.code,
        name=feature.name,
        outline=feature.shape,
        problems=tuple(one.problems),
    )
