"""GCJ-02 and BD-09: points of an independent library, and the exact way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.geometry.coordinates import System, from_wgs84, point_wgs84, to_wgs84

KNOWN = [
    # WGS-84, GCJ-02 as fast-geocn 1.1.3 has it, BD-09 as eviltransform 0.1.1 has it.
    (("116.397451", "39.908722"), (116.40369456577567, 39.91012548949505), (116.41006760711322, 39.91646492996673)),
    (("120.148732", "30.242865"), (120.15344187615453, 30.24054454597419), (120.15995877030149, 30.246480034614525)),
    (("114.0579", "22.5431"), (114.06301399856547, 22.54038281422246), (114.06956407355443, 22.54604151330262)),
    (("87.6168", "43.8256"), (87.61964994946926, 43.82680539311119), (87.62609981936122, 43.83294981463666)),
    (("126.642464", "45.756967"), (126.64843401023796, 45.758918130663396), (126.65506377158952, 45.76461185351645)),
]
SAME = 1e-9
OTHER_RADIUS = 1.5e-7
"""A centimetre or two: eviltransform reckons with another radius of the earth."""
EVILTRANSFORM = (120.15344195590613, 30.2405445066823)
"""The second point in GCJ-02 by that one."""


@pytest.mark.parametrize(("wgs", "gcj", "bd"), KNOWN)
def test_known_points(wgs: tuple[str, str], gcj: tuple[float, float], bd: tuple[float, float]) -> None:
    longitude, latitude = (np.asarray([float(one)]) for one in wgs)
    for system, wanted, off in ((System.GCJ02, gcj, SAME), (System.BD09, bd, OTHER_RADIUS)):
        found = [float(one[0]) for one in from_wgs84(system, longitude, latitude)]
        assert found == pytest.approx(wanted, abs=off)
        back = [float(one[0]) for one in to_wgs84(system, *(np.asarray([one]) for one in wanted))]
        assert back == pytest.approx([float(one) for one in wgs], abs=2 * off)


def test_another_library_agrees_to_a_centimetre() -> None:
    found = from_wgs84(System.GCJ02, np.asarray([120.148732]), np.asarray([30.242865]))
    assert [float(one[0]) for one in found] == pytest.approx(EVILTRANSFORM, abs=OTHER_RADIUS)


@given(st.lists(st.tuples(st.floats(75, 134), st.floats(18, 53)), min_size=1, max_size=20))
def test_the_way_back_is_exact_everywhere_in_china(points: list[tuple[float, float]]) -> None:
    longitudes, latitudes = np.asarray(points, dtype=np.float64).T
    for system in System:
        there = from_wgs84(system, longitudes, latitudes)
        back = to_wgs84(system, *there)
        assert np.abs(back[0] - longitudes).max() < 2e-9
        assert np.abs(back[1] - latitudes).max() < 2e-9


def test_one_point_in_whole_units() -> None:
    assert point_wgs84(System.WGS84, 1_201_487_320, 302_428_650) == (1_201_487_320, 302_428_650)
    assert point_wgs84(System.GCJ02, 1_201_534_419, 302_405_445) == pytest.approx((1_201_487_320, 302_428_650), abs=2)
