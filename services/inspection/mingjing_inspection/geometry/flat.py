"""Flat ground (平面): a county's shapes in metres around its middle, where areas and widths can be reckoned.

One rule: what is stored is in degrees; metres are for checking only, and right to half a percent over a county.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from mingjing_inspection.domain.shape import Point, Ring, Shape

E7: Final = 10_000_000
_METRES_A_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of the earth's mean radius."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A plane that touches the earth at one point."""

    longitude: float
    latitude: float

    @property
    def _metres_east(self) -> float:
        return _METRES_A_DEGREE * float(np.cos(np.radians(self.latitude)))

    def polygon(self, shape: Shape) -> Polygon:
        """The shape in metres; not looked at for being valid."""
        outline, *holes = (self._line(ring) for ring in shape)
        return Polygon(outline, holes)

    def point(self, x: float, y: float) -> Point:
        """Back to 1e-7 degrees."""
        return (
            round((self.longitude + x / self._metres_east) * E7),
            round((self.latitude + y / _METRES_A_DEGREE) * E7),
        )

    def ring(self, line: Any) -> Ring:
        """The points of a line."""
        return tuple(self.point(x, y) for x, y in line.coords)

    def outlines(self, geometry: BaseGeometry) -> tuple[Ring, ...]:
        """The outlines of what is left of a geometry, the largest first: for showing where."""
        parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]
        parts.sort(key=lambda part: -part.area)
        return tuple(self.ring(part.exterior) for part in parts)

    def _line(self, ring: Ring) -> Any:
        degrees = np.asarray(ring, dtype=np.float64) / E7
        degrees -= (self.longitude, self.latitude)
        return degrees * (self._metres_east, _METRES_A_DEGREE)


def ground_of(shapes: Iterable[Shape]) -> Ground:
    """Around the middle of all of them."""
    points = [point for shape in shapes for ring in shape for point in ring]
    if not points:
        return Ground(0.0, 0.0)
    longitudes, latitudes = np.asarray(points, dtype=np.float64).T / E7
    return Ground(float(longitudes.min() + longitudes.max()) / 2, float(latitudes.min() + latitudes.max()) / 2)


def degrees_of(shapes: Sequence[Shape]) -> list[Polygon]:
    """The shapes as they are, in degrees: for looking points up."""
    return [Polygon(*_rings(shape)) for shape in shapes]


def _rings(shape: Shape) -> tuple[Any, list[Any]]:
    outline, *holes = (np.asarray(ring, dtype=np.float64) / E7 for ring in shape)
    return outline, holes
