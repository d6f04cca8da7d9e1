"""Which grid a point lies in (点落网格): an index over the grids of one version.

One rule: a point on the border of two grids lies in the one with the lower code, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from mingjing_inspection.domain.grid_code import is_grid
from mingjing_inspection.domain.grid_version_facts import Area
from mingjing_inspection.geometry.flat import E7, degrees_of

NO_GRID: Final = -1


class GridIndex:
    """Made once for a version; asked as often as one likes."""

    def __init__(self, areas: Mapping[str, Area]) -> None:
        self.codes: tuple[str, ...] = tuple(sorted(code for code in areas if is_grid(code)))
        self._polygons = np.asarray(degrees_of([areas[code].shape for code in self.codes]), dtype=object)
        shapely.prepare(self._polygons)
        self._tree = STRtree(self._polygons)

    def __len__(self) -> int:
        """How many grids."""
        return len(self.codes)

    def at(self, longitude_e7: int, latitude_e7: int) -> str:
        """The code of the grid at a point; empty where there is none."""
        (found,) = self.numbers_at(np.asarray([longitude_e7]), np.asarray([latitude_e7]))
        return "" if found == NO_GRID else self.codes[found]

    def numbers_at(self, longitudes_e7: NDArray[np.int64], latitudes_e7: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same of many points: for each the number in ``codes``, or ``NO_GRID``."""
        longitudes, latitudes = longitudes_e7 / E7, latitudes_e7 / E7
        found = np.full(len(longitudes), len(self.codes), dtype=np.int64)
        # The boxes first; then each prepared polygon is asked about the points in its box alone.
        asked, near = self._tree.query(shapely.points(longitudes, latitudes))
        within = shapely.intersects_xy(self._polygons[near], longitudes[asked], latitudes[asked])
        np.minimum.at(found, asked[within], near[within])
        found[found == len(self.codes)] = NO_GRID
        return found
