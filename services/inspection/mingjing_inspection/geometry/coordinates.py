"""Coordinate systems (坐标系): GCJ-02 (国测局) and BD-09 (百度) into WGS-84 and back, many points at once.

One rule: the way back is not a formula of its own but the exact inverse, sought until it is right to a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Degrees: TypeAlias = NDArray[np.float64]
"""Many longitudes, or many latitudes."""
Pair: TypeAlias = tuple[Degrees, Degrees]
"""Longitudes and latitudes."""

_E7: Final = 10_000_000
_AXIS: Final = 6_378_245.0
"""Half the long axis of Krasovsky's ellipsoid, in metres; next, the square of its eccentricity."""
_ECCENTRICITY: Final = 0.00669342162296594323
_BD_TURN: Final = np.pi * 3_000.0 / 180.0
_EXACT_DEGREES: Final = 1e-9
_ROUNDS_MAX: Final = 40
_CHINA: Final = (72.004, 137.8347, 0.8293, 55.8271)
"""West, east, south, north: nothing is shifted beyond."""


class System(StrEnum):
    """In which system a file's coordinates are."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


def to_wgs84(system: System, longitudes: Degrees, latitudes: Degrees) -> Pair:
    """The same points in WGS-84."""
    if system is System.WGS84:
        return longitudes, latitudes
    return _inverse(_FROM_WGS84[system], longitudes, latitudes)


def point_wgs84(system: System, longitude_e7: int, latitude_e7: int) -> tuple[int, int]:
    """The same of one point, in 1e-7 degrees."""
    degrees = (np.asarray([longitude_e7 / _E7]), np.asarray([latitude_e7 / _E7]))
    (longitude,), (latitude,) = to_wgs84(system, *degrees)
    return round(float(longitude) * _E7), round(float(latitude) * _E7)


def from_wgs84(system: System, longitudes: Degrees, latitudes: Degrees) -> Pair:
    """Points of WGS-84 in another system."""
    return (longitudes, latitudes) if system is System.WGS84 else _FROM_WGS84[system](longitudes, latitudes)


def _gcj02(longitudes: Degrees, latitudes: Degrees) -> Pair:
    x, y = longitudes - 105.0, latitudes - 35.0
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(latitudes)
    bulge = 1.0 - _ECCENTRICITY * np.sin(radians) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY) / (bulge * np.sqrt(bulge))
    metres_east = _AXIS / np.sqrt(bulge) * np.cos(radians)
    west, most_east, south, most_north = _CHINA
    within = (longitudes >= west) & (longitudes <= most_east) & (latitudes >= south) & (latitudes <= most_north)
    return (
        np.where(within, longitudes + np.degrees(east / metres_east), longitudes),
        np.where(within, latitudes + np.degrees(north / metres_north), latitudes),
    )


def _bd09(longitudes: Degrees, latitudes: Degrees) -> Pair:
    x, y = _gcj02(longitudes, latitudes)
    far = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return far * np.cos(angle) + 0.0065, far * np.sin(angle) + 0.006


_FROM_WGS84: Final = {System.GCJ02: _gcj02, System.BD09: _bd09}


def _inverse(forth: Callable[[Degrees, Degrees], Pair], longitudes: Degrees, latitudes: Degrees) -> Pair:
    """What ``forth`` makes into these: each round corrects by what is still wrong, which is ever less."""
    x, y = longitudes.copy(), latitudes.copy()
    for _ in range(_ROUNDS_MAX):
        reached_x, reached_y = forth(x, y)
        off_x, off_y = longitudes - reached_x, latitudes - reached_y
        x, y = x + off_x, y + off_y
        if max(np.abs(off_x).max(initial=0.0), np.abs(off_y).max(initial=0.0)) < _EXACT_DEGREES:
            break
    return x, y
