"""GeoJSON (RFC 7946): a file of grids in, the grids of a version out.

One rule: a file that cannot be read at all is refused; a feature that cannot be read says why and holds up no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from mingjing_inspection.domain.grid_problems import (
    CoordinatesUnreadable,
    NotPolygon,
    OutsideChina,
    Problem,
    RingNotClosed,
    problem_from,
)
from mingjing_inspection.domain.shape import Ring, Shape
from mingjing_inspection.domain.site_place import LATITUDES_E7, LONGITUDES_E7
from mingjing_inspection.geometry.coordinates import System, to_wgs84
from mingjing_inspection.geometry.flat import E7
from mingjing_inspection.geometry.straight import straightened
from mingjing_kernel.refusal import Invalid, Refusal

FILE_BYTES_MAX: Final = 20 * 1024 * 1024
FEATURES_MAX: Final = 6_000
RINGS_MAX: Final = 100
RING_POINTS_MIN: Final = 4
NAME_LENGTH_MAX: Final = 100
CODE_LENGTH_MAX: Final = 30
_CODES: Final = ("code", "grid_code", "编码", "网格编码", "社区编码")
_NAMES: Final = ("name", "grid_name", "名称", "网格名称", "社区名称")
_DEGREES_NAMED: Final = ("4326", "crs84")
_NO_LIST: Final = "a ring is no list"
_RINGS_TOO_MANY: Final = "there are too many rings"
_NO_PAIR: Final = "a point is no pair of numbers"
_TOO_FEW: Final = "a ring has fewer than four points"


class FileNotGeoJson(Invalid):
    """Not JSON, or JSON of something else."""

    sentence = "The file is no GeoJSON FeatureCollection."
    remedy = "Export the layer as GeoJSON (RFC 7946) in UTF-8, one polygon a grid."
    rule = "RFC 7946"
    field = "body"


class FeaturesTooMany(Invalid):
    """More than a county has."""

    sentence = "The file has {count} features; at most {maximum} are taken at once."
    remedy = "Send the towns one after another into the same draft."
    field = "body.features"


class CoordinatesNamedOtherwise(Invalid):
    """The file names a system that is not in degrees."""

    sentence = "The file says that its coordinates are in {named}."
    remedy = "Reproject it to longitude and latitude (EPSG:4326); GCJ-02 and BD-09 are named in the request."
    rule = "RFC 7946, 4"
    field = "body.crs"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as far as it could be read; a ring that is not closed is closed for showing it.

    ``drawn`` counts the points of its file, without those that keep its borders straight.
    """

    number: int
    code: str
    name: str
    shape: Shape = ()
    problems: tuple[Problem, ...] = ()
    drawn: int = 0


def read_features(content: bytes, system: System) -> list[Feature]:
    """The features of a file. Raises ``FileNotGeoJson``, ``FeaturesTooMany``, ``CoordinatesNamedOtherwise``,
    ``BordersTooLong``.
    """
    found = _features_of(content)
    heads = [_head(number, item) for number, item in enumerate(found, start=1)]
    lines, spans, why = list[NDArray[np.float64]](), list[tuple[int, int]](), list[Refusal | None]()
    for item in found:
        rings, refusal = _rings(item)
        spans.append((len(lines), len(lines) + len(rings)))
        lines += rings
        why.append(refusal)
    converted = _converted(lines, system)
    return [
        _feature(head, tuple(converted[begin:end]), refusal, sum(map(len, lines[begin:end])))
        for head, (begin, end), refusal in zip(heads, spans, why, strict=True)
    ]


def feature_of(shape: Shape, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A shape as a feature."""
    return {"type": "Feature", "properties": dict(properties), "geometry": _polygon(shape)}


def collection_of(features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Features as a document."""
    return {"type": "FeatureCollection", "features": list(features)}


def place_of(rings: Sequence[Ring]) -> dict[str, Any] | None:
    """Where something is: a point, or what the rings enclose; ``None`` where nobody knows."""
    if not rings:
        return None
    if len(rings) == 1 and len(rings[0]) == 1:
        return {"type": "Point", "coordinates": _degrees(rings[0][0])}
    if any(len(ring) < RING_POINTS_MIN for ring in rings):
        return {"type": "MultiLineString", "coordinates": [list(map(_degrees, ring)) for ring in rings if ring[1:]]}
    return {"type": "MultiPolygon", "coordinates": [[list(map(_degrees, ring))] for ring in rings]}


def _polygon(shape: Shape) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(map(_degrees, ring)) for ring in shape]}


def _degrees(point: tuple[int, int]) -> list[float]:
    return [point[0] / E7, point[1] / E7]


def _features_of(content: bytes) -> list[Any]:
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise FileNotGeoJson from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise FileNotGeoJson
    found = document.get("features")
    if not isinstance(found, list):
        raise FileNotGeoJson
    if len(found) > FEATURES_MAX:
        raise FeaturesTooMany(count=len(found), maximum=FEATURES_MAX)
    named = str(document.get("crs") or "").lower()
    if named and not any(one in named for one in _DEGREES_NAMED):
        raise CoordinatesNamedOtherwise(named=named[:NAME_LENGTH_MAX])
    return found


def _head(number: int, item: Any) -> tuple[int, str, str]:
    properties = item.get("properties") if isinstance(item, dict) else None
    said = properties if isinstance(properties, dict) else {}
    return number, _text(said, _CODES, CODE_LENGTH_MAX), _text(said, _NAMES, NAME_LENGTH_MAX)


def _text(said: Mapping[str, Any], names: Sequence[str], length: int) -> str:
    value = next((said[name] for name in names if said.get(name) not in (None, "")), "")
    return str(value).strip()[:length] if isinstance(value, str | int) else ""


def _rings(item: Any) -> tuple[list[NDArray[np.float64]], Refusal | None]:
    """The rings of a polygon, as they are written, or why there are none."""
    geometry = item.get("geometry") if isinstance(item, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "Polygon":
        return [], NotPolygon(kind=str(kind or "feature without geometry")[:NAME_LENGTH_MAX])
    coordinates = geometry.get("coordinates")  # type: ignore[union-attr]  # it is a dict where its type could be read
    if not isinstance(coordinates, list) or not coordinates:
        return [], CoordinatesUnreadable(reason=_NO_LIST)
    if len(coordinates) > RINGS_MAX:
        return [], CoordinatesUnreadable(reason=_RINGS_TOO_MANY)
    lines = list[NDArray[np.float64]]()
    for ring in coordinates:
        line = _line(ring)
        if isinstance(line, Refusal):
            return [], line
        lines.append(line)
    return lines, None


def _line(ring: Any) -> NDArray[np.float64] | Refusal:
    if not isinstance(ring, list):
        return CoordinatesUnreadable(reason=_NO_LIST)
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(type(one) in (int, float) for one in point[:2]):
            return CoordinatesUnreadable(reason=_NO_PAIR)
    if len(ring) < RING_POINTS_MIN:
        return CoordinatesUnreadable(reason=_TOO_FEW)
    line = np.asarray([(float(point[0]), float(point[1])) for point in ring], dtype=np.float64)
    scaled = line * E7
    outside = (scaled < (LONGITUDES_E7[0], LATITUDES_E7[0])) | (scaled > (LONGITUDES_E7[1], LATITUDES_E7[1]))
    if outside.any():
        longitude, latitude = line[outside.any(axis=1)][0]
        return OutsideChina(longitude=f"{longitude:.6g}", latitude=f"{latitude:.6g}")
    return line


def _converted(lines: Sequence[NDArray[np.float64]], system: System) -> list[Ring]:
    if not lines:
        return []
    lines = straightened(lines, system)
    longitudes, latitudes = to_wgs84(system, *np.concatenate(lines).T.copy())
    points = list(
        zip(np.rint(longitudes * E7).astype(np.int64).tolist(), np.rint(latitudes * E7).astype(np.int64).tolist(),
            strict=True)
    )  # fmt: skip
    ends = np.cumsum([0, *map(len, lines)]).tolist()
    return [tuple(points[begin:end]) for begin, end in pairwise(ends)]


def _feature(head: tuple[int, str, str], rings: tuple[Ring, ...], refusal: Refusal | None, drawn: int) -> Feature:
    number, code, name = head
    if refusal is not None:
        return Feature(number, code, name, (), (problem_from(refusal, number, code),))
    problems = tuple(
        problem_from(RingNotClosed(), number, code, ((ring[-1],),)) for ring in rings if ring[0] != ring[-1]
    )
    closed = tuple(ring if ring[0] == ring[-1] else (*ring, ring[0]) for ring in rings)
    return Feature(number, code, name, closed, problems, drawn)
