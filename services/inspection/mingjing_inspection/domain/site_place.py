"""Place of a site (教学点位置): where it stands on the ground, and which grid that is by the grids in force.

One rule: a grid that a position gives goes before the one that the registry stated; a site without a position, or with
one that lies in no grid, stays by its stated grid and is listed as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mingjing_kernel.refusal import Invalid

LONGITUDES_E7 = (730_000_000, 1_360_000_000)
LATITUDES_E7 = (30_000_000, 540_000_000)
"""China lies within."""


class Source(StrEnum):
    """Who says where it is."""

    FORM = "FORM"
    """表单"""
    VISIT = "VISIT"
    """巡查定位"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A position in 1e-7 degrees of WGS-84, and the grid in which it lies; empty where none does."""

    longitude_e7: int
    latitude_e7: int
    grid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSite:
    """Say where a site is. ``grid`` is what the grids in force give for it, ``version_id`` which those are."""

    site_id: UUID
    longitude_e7: int
    latitude_e7: int
    accuracy_metres: int
    source: Source
    grid: str
    version_id: UUID | None
    visit_id: UUID | None
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteGrid:
    """In which grid a position lies; empty for none."""

    site_id: UUID
    grid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The same with the position that was looked up: a newer one is not overruled by an older look."""

    site_id: UUID
    longitude_e7: int
    latitude_e7: int
    grid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveSites:
    """The grids were redrawn: these sites lie elsewhere now (X16)."""

    version_id: UUID
    sites: tuple[Looked, ...]
    resolved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlaced:
    """A site has a position."""

    site_id: UUID
    longitude_e7: int
    latitude_e7: int
    accuracy_metres: int
    source: Source
    grid: str
    version_id: UUID | None
    visit_id: UUID | None
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesResolved:
    """These sites lie in other grids than before, by a version that came into force."""

    version_id: UUID
    sites: tuple[SiteGrid, ...]
    resolved_at: datetime


class PlaceImpossible(Invalid):
    """Not in China."""

    sentence = "The position does not lie in China."
    remedy = "Give longitude and latitude in 1e-7 degrees of WGS-84, longitude between 73° and 136°."
    field = "longitude_e7"


def place_possible(longitude_e7: int, latitude_e7: int) -> None:
    """Raise ``PlaceImpossible`` for what is no place in China."""
    if not (LONGITUDES_E7[0] <= longitude_e7 <= LONGITUDES_E7[1] and LATITUDES_E7[0] <= latitude_e7 <= LATITUDES_E7[1]):
        raise PlaceImpossible
