"""Profile and summaries on the institution's stream: what is recorded of it beside the licence.

One rule: staff and materials are kept by their own records; here stands only the count that the admission rules need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from mingjing_registry.domain.profile import MaterialsSummary, Profile, StaffSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProfile:
    """State what the institution offers."""

    profile: Profile
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStaff:
    """The staff records add up to this."""

    summary: StaffSummary
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMaterials:
    """The materials and advertising records add up to this."""

    summary: MaterialsSummary
    on: date


Command: TypeAlias = RecordProfile | NoteStaff | NoteMaterials


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecorded:
    """What the institution offers now; ``changed`` names the fields."""

    profile: Profile
    changed: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSummarised:
    """Counts of staff."""

    summary: StaffSummary
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsSummarised:
    """Counts of materials and adverts."""

    summary: MaterialsSummary
    on: date


Event: TypeAlias = ProfileRecorded | StaffSummarised | MaterialsSummarised
