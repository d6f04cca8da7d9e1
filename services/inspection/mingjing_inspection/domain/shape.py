"""Shapes (图形): where something lies, in whole 1e-7 degrees of WGS-84, so that a fact keeps it exactly."""

from __future__ import annotations

from typing import TypeAlias

Point: TypeAlias = tuple[int, int]
"""Longitude, then latitude, in 1e-7 degrees (about a centimetre)."""
Ring: TypeAlias = tuple[Point, ...]
"""A closed line: its last point is its first."""
Shape: TypeAlias = tuple[Ring, ...]
"""An outline, then the holes in it."""
