"""Every way in which a file of grids can be wrong: said with the feature, the rule and the place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from inspection.geometry.drawn import SOUTH, STEP, WEST, document, feature, ring, square
from mingjing.county.grids import as_geojson, draw_grids
from mingjing_inspection.domain.grid_problems import PROBLEMS, Problem
from mingjing_inspection.domain.grid_version_facts import Area
from mingjing_inspection.geometry.coordinates import System, from_wgs84
from mingjing_inspection.geometry.drafting import County, Sizes, Taken, take
from mingjing_inspection.geometry.geojson import (
    FEATURES_MAX,
    CoordinatesNamedOtherwise,
    FeaturesTooMany,
    FileNotGeoJson,
    place_of,
    read_features,
)
from mingjing_inspection.geometry.index import NO_GRID, GridIndex
from mingjing_inspection.geometry.straight import BordersTooLong
from mingjing_inspection.geometry.topology import whole_problems
from mingjing_kernel.divisions import town_names
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import render

COMMUNITY = "330106109001"
A, B, C, D, E = (f"{COMMUNITY}{number:03}" for number in range(1, 6))
COUNTY = County(code="330106", towns=town_names("330106").keys(), sizes=Sizes(least=1_000, most=10_000, points=50))


def taken(*features: dict[str, Any], known: dict[str, Area] | None = None) -> Taken:
    return take(read_features(document(*features), System.WGS84), known or {}, COUNTY, "file")


def whole(*features: dict[str, Any]) -> list[Problem]:
    found = taken(*features)
    assert found.aside == ()
    return whole_problems({area.code: area for area in found.areas})


def middle_of(problem: Problem) -> tuple[float, float]:
    """Of the place, in the steps of the drawing."""
    points = np.asarray([point for one in problem.place for point in one], dtype=np.float64) / 1e7
    longitude, latitude = (points.min(axis=0) + points.max(axis=0)) / 2
    return (longitude - WEST) / STEP, (latitude - SOUTH) / STEP


ALONE = [
    ("code-malformed", feature("33010610900100X", square(0, 0)), (0.5, 0.5)),
    ("county-foreign", feature("330105109001001", square(0, 0)), (0.5, 0.5)),
    ("town-not-in-county", feature("330106999001001", square(0, 0)), (0.5, 0.5)),
    ("community-number-zero", feature("330106109000001", square(0, 0)), (0.5, 0.5)),
    ("sequence-zero", feature("330106109001000", square(0, 0)), (0.5, 0.5)),
    ("not-polygon", feature(A, square(0, 0), kind="MultiPolygon"), None),
    ("not-polygon", {"type": "Feature", "properties": {"code": A}, "geometry": None}, None),
    ("coordinates-unreadable", feature(A, [[120.1, 30.2], [120.2, "30.2"], [120.1, 30.3], [120.1, 30.2]]), None),
    ("coordinates-unreadable", feature(A, [[120.1, 30.2], [120.2, 30.2], [120.1, 30.2]]), None),
    ("outside-china", feature(A, [[lat, lon] for lon, lat in square(0, 0)]), None),
    ("outside-china", feature(A, [[1e300, 30.2], *square(0, 0)]), None),
    ("ring-not-closed", feature(A, square(0, 0)[:-1]), (0, 1)),
    ("shape-crosses-itself", feature(A, ring((0, 0), (2, 2), (2, 0), (0, 2))), (1, 1)),
    ("vertices-too-many", feature(A, ring(*((at / 60, 0) for at in range(60)), (1, 0), (1, 1), (0, 1))), (0.5, 0.5)),
    ("grid-too-small", feature(A, square(0, 0, 0.1)), (0.05, 0.05)),
    ("grid-too-large", feature(A, square(0, 0, 200)), (100, 100)),
]


@pytest.mark.parametrize(("rule", "wrong", "where"), ALONE, ids=[f"{rule}-{at}" for at, (rule, *_) in enumerate(ALONE)])
def test_what_is_wrong_with_a_feature_keeps_it_aside_and_holds_up_no_other(
    rule: str, wrong: dict[str, Any], where: tuple[float, float] | None
) -> None:
    found = taken(wrong, feature(B, square(-5, -5)))
    assert [area.code for area in found.areas] == [B]
    (waiting,) = found.aside
    (problem,) = [one for one in waiting.problems if one.rule == rule]
    assert (problem.feature, problem.blocks) == (1, True)
    if where is not None:
        assert middle_of(problem) == pytest.approx(where, abs=0.02)
        assert place_of(problem.place) is not None
    said = render(PROBLEMS[rule].sentence, {one.name: one.text for one in problem.values}, "mingjing_inspection")
    assert said.zh != said.en
    assert "{" not in said.zh + said.en


def test_of_two_that_claim_the_same_the_one_that_was_first_is_taken() -> None:
    found = taken(feature(A, square(0, 0)), feature(B, square(0.5, 0)), feature(A, square(3, 0)))
    assert [area.code for area in found.areas] == [A]
    overlap, twice = (one.problems[0] for one in found.aside)
    assert (overlap.rule, overlap.code, twice.rule, twice.feature) == ("grids-overlap", B, "code-twice", 3)
    assert middle_of(overlap) == pytest.approx((0.75, 0.5), abs=0.02)
    assert [one.key for one in found.aside] == [B, "#3@file"]
    known = {area.code: area for area in found.areas}
    later = taken(feature(C, square(0.5, 0)), known=known)
    assert (later.areas, later.aside[0].problems[0].rule) == ((), "grids-overlap")
    mended = taken(feature(A, square(-1, 0)), feature(C, square(0.5, 0)), known=known)
    assert [area.code for area in mended.areas] == [A, C], "what replaces a grid does not stand beside it"


def test_borders_that_two_surveys_drew_a_hand_apart_are_one_border() -> None:
    hand = 0.2 / 111_195 / STEP
    assert whole(feature(A, square(0, 0)), feature(B, square(1 - hand, 0))) == []
    wide = taken(feature(A, square(0, 0)), feature(B, square(1 - 10 * hand, 0)))
    assert [one.key for one in wide.aside] == [B]


def test_a_hole_inside_a_community_is_found_unless_another_grid_fills_it() -> None:
    around = ((0, 0), (3, 0), (3, 3), (0, 3))
    ringed = feature(A, ring(*around), ring((1, 1), (1, 2), (2, 2), (2, 1)))
    (hole,) = whole(ringed)
    assert (hole.rule, hole.code, hole.blocks) == ("community-has-hole", COMMUNITY, True)
    assert middle_of(hole) == pytest.approx((1.5, 1.5), abs=0.02)
    assert whole(ringed, feature(B, square(1, 1))) == []
    assert whole(ringed, feature("330106109002001", square(1, 1))) == [], "another community's grid fills it, too"


def test_with_outlines_every_grid_lies_in_its_community_and_covers_it() -> None:
    outline = feature(COMMUNITY, ring((0, 0), (2, 0), (2, 1), (0, 1)))
    assert whole(outline, feature(A, square(0, 0)), feature(B, square(1, 0))) == []
    (uncovered,) = whole(outline, feature(A, square(0, 0)))
    assert (uncovered.rule, uncovered.code) == ("community-has-hole", COMMUNITY)
    assert middle_of(uncovered) == pytest.approx((1.5, 0.5), abs=0.02)
    beyond = whole(outline, feature(A, square(0, 0)), feature(B, ring((1, 0), (3, 0), (3, 1), (1, 1))))
    assert [(one.rule, one.code) for one in beyond] == [("grid-leaves-community", B)]
    foreign = feature("330106109002001", square(5, 5))
    (undrawn,) = whole(outline, feature(A, square(0, 0)), feature(B, square(1, 0)), foreign)
    assert undrawn.rule == "community-not-drawn"


def test_numbers_against_the_order_are_remarked_and_hold_nobody_up() -> None:
    (remark,) = whole(feature(A, square(1, 0)), feature(B, square(0, 1)))
    assert (remark.rule, remark.code, remark.blocks) == ("sequence-against-order", B, False)
    assert whole(feature(A, square(0, 1)), feature(B, square(1, 0))) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", FileNotGeoJson),
        (b"[" * 100_000, FileNotGeoJson),
        (b'{"type": "Feature"}', FileNotGeoJson),
        (b'{"type": "FeatureCollection", "features": {}}', FileNotGeoJson),
        (document(*[{}] * (FEATURES_MAX + 1)), FeaturesTooMany),
        (document(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}), CoordinatesNamedOtherwise),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes, why: type[Refusal]) -> None:
    with pytest.raises(why):
        read_features(content, System.WGS84)


def test_a_file_in_another_system_comes_to_the_same_grids() -> None:
    corners = square(0, 0)
    plain = read_features(b"\xef\xbb\xbf" + document(feature(A, corners)), System.WGS84)[0].shape
    for system in (System.GCJ02, System.BD09):
        shifted = [list(map(float, pair)) for pair in zip(*from_wgs84(system, *np.asarray(corners).T), strict=True)]
        (found,) = read_features(document(feature(A, shifted)), system)
        assert np.abs(np.asarray(found.shape) - np.asarray(plain)).max() <= 1


def test_the_drawn_county_is_whole_and_every_point_of_it_lies_in_one_grid() -> None:
    drawn = draw_grids()
    assert drawn == draw_grids()
    found = take(read_features(document(*as_geojson(drawn)["features"]), System.WGS84), {}, COUNTY, "file")
    assert found.aside == ()
    areas = {area.code: area for area in found.areas}
    assert whole_problems(areas) == []
    index = GridIndex(areas)
    assert len(index) == 240
    for one in drawn:
        if len(one.code) == 15:
            point = one.polygon.representative_point()
            assert index.at(round(point.x * 1e7), round(point.y * 1e7)) == one.code
    assert index.at(1_300_000_000, 300_000_000) == ""


def test_a_point_on_a_border_lies_in_the_lower_code_always() -> None:
    areas = {area.code: area for area in taken(feature(B, square(0, 0)), feature(A, square(1, 0))).areas}
    index = GridIndex(areas)
    edge = round((WEST + STEP) * 1e7), round((SOUTH + STEP / 2) * 1e7)
    assert index.at(*edge) == A
    numbers = index.numbers_at(np.asarray([edge[0], edge[0] + 10, 0]), np.asarray([edge[1]] * 3))
    assert numbers.tolist() == [index.codes.index(A), index.codes.index(A), NO_GRID]


@pytest.mark.parametrize("system", [System.GCJ02, System.BD09])
def test_borders_that_were_straight_in_another_system_still_meet_in_wgs84(system: System) -> None:
    long = ring((0, 0), (40, 0), (40, 40), (0, 40))
    above = [feature(code, square(10 * number, 40, 10)) for number, code in enumerate((B, C, D, E))]
    found = take(read_features(document(feature(A, long), *above), system), {}, COUNTY, "file")
    assert found.aside == ()
    assert whole_problems({area.code: area for area in found.areas}) == []
    (outline,) = found.areas[0].shape
    assert 5 < len(outline) < 50


def test_a_county_drawn_in_another_system_is_taken_as_it_was_drawn() -> None:
    drawn = as_geojson(draw_grids("330106", seed=1))
    large = County(code="330106", towns=COUNTY.towns, sizes=Sizes(least=1_000, most=10_000, points=2_000))
    found = take(read_features(json.dumps(drawn).encode(), System.BD09), {}, large, "file")
    assert found.aside == ()
    assert whole_problems({area.code: area for area in found.areas}) == []


def test_a_small_file_of_borders_across_the_country_is_refused_before_its_points_are_made() -> None:
    there_and_back = [[75.0, 20.0], [134.0, 52.0]] * 6_000
    with pytest.raises(BordersTooLong) as why:
        read_features(document(feature(A, [*there_and_back, [75.0, 20.0]])), System.GCJ02)
    assert why.value.field == "body.features"


def test_points_that_keep_a_border_straight_are_not_counted_against_whoever_drew_it() -> None:
    few = County(code=COUNTY.code, towns=COUNTY.towns, sizes=Sizes(least=1, most=10_000_000, points=5))
    found = take(read_features(document(feature(A, square(0, 0, 40))), System.BD09), {}, few, "file")
    assert found.aside == ()
    assert len(found.areas[0].shape[0]) > 5
