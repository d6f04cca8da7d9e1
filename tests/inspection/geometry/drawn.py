"""Squares of a tenth of a degree's thousandth, as a survey would draw them, for saying what is wrong with some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

STEP = 0.001
WEST, SOUTH = 120.1, 30.2
Cells = Sequence[tuple[float, float]]


def ring(*corners: tuple[float, float]) -> list[list[float]]:
    """A closed line through corners that are counted in steps."""
    return [[WEST + x * STEP, SOUTH + y * STEP] for x, y in (*corners, corners[0])]


def square(x: float, y: float, size: float = 1.0) -> list[list[float]]:
    return ring((x, y), (x + size, y), (x + size, y + size), (x, y + size))


def feature(code: str, *rings: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"网格编码": code, "名称": f"网格{code[-3:]}"},
        "geometry": {"type": kind, "coordinates": list(rings)},
    }


def document(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()
