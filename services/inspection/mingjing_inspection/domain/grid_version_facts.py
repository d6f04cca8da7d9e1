"""Commands and facts of a grid version (网格版本); the rules are in ``grid_version``.

One rule: what a file had stands here whole, the grids that could be taken and the features that could not, each with
why and where; in facts of some hundreds each, so that none is too large and a county is a few.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from mingjing_inspection.domain.grid_problems import Problem
from mingjing_inspection.domain.shape import Ring, Shape

AREAS_A_FACT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A grid (15 digits) or a community's outline (12 digits)."""

    code: str
    name: str
    shape: Shape
    area_m2: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A feature that could not be taken, as far as it could be read. ``key`` is its code, or ``#`` and its number."""

    key: str
    number: int
    code: str
    name: str
    outline: tuple[Ring, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGrids:
    """Take a file into a draft: the first one makes it, a later one mends it code by code."""

    county: str
    department: str
    name: str
    coordinates: str
    digest: str
    areas: tuple[Area, ...]
    aside: tuple[Aside, ...]
    drafted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFeature:
    """Leave a grid, or a feature that was kept aside, out of the draft."""

    key: str
    reason: str
    dropped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeGrids:
    """The draft is ready. ``problems`` is how many the whole of it has, as it stands."""

    problems: int
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnGrids:
    """Back to the draft: somebody who looked at the proposal wants it otherwise."""

    reason: str
    returned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveGrids:
    """Put it in force from a day on, which is not before ``today``."""

    effective_on: date
    today: date
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawGrids:
    """Give it up, before its day."""

    reason: str
    today: date
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    """What came of looking at every site and open task anew (X16)."""

    sites: int
    moved: int
    unchanged: int
    outside: int
    """With a position that lies in no grid: they stay by their stated grid."""
    place_unknown: int
    """Without a position: the same."""
    tasks_moved: int
    tasks_kept: int
    because: str = ""
    """Why tasks stayed where they were, or why nothing was done; empty where nothing has to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRedraw:
    """It was done, on this day."""

    on: date
    redraw: Redraw


Command: TypeAlias = DraftGrids | DropFeature | ProposeGrids | ReturnGrids | ApproveGrids | WithdrawGrids | RecordRedraw


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsDrafted:
    """A file was taken into the draft; what it had follows. ``coordinates`` is how it was written: stored is WGS-84.

    ``grids`` and ``kept_aside`` are how many the draft has after it.
    """

    county: str
    department: str
    name: str
    coordinates: str
    digest: str
    grids: int
    kept_aside: int
    drafted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasDrawn:
    """These grids and outlines are in the draft, in the place of what their codes had before."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesKeptAside:
    """These features could not be taken; they wait until they are mended or dropped."""

    aside: tuple[Aside, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDropped:
    """Left out of the draft, which has so many after it."""

    key: str
    reason: str
    grids: int
    kept_aside: int
    dropped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsProposed:
    """Ready to be put in force by another person."""

    grids: int
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsReturned:
    """A draft again."""

    reason: str
    returned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsApproved:
    """In force from this day, until a later version is."""

    effective_on: date
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsWithdrawn:
    """Never to be in force."""

    reason: str
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsRedrawn:
    """Every site and open task was looked at anew for this version."""

    on: date
    redraw: Redraw


Event: TypeAlias = (
    GridsDrafted
    | AreasDrawn
    | FeaturesKeptAside
    | FeatureDropped
    | GridsProposed
    | GridsReturned
    | GridsApproved
    | GridsWithdrawn
    | GridsRedrawn
)
