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


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreigners:
    """Of the staff records: who works from abroad, and who without a good permit (R9)."""

    foreigners_abroad: int
    foreigners_unlawful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """Open findings (R11, R13)."""

    adverts_in_breach: int
    overseas: int
    ahead_of_syllabus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFindings:
    """What records say of foreign staff and of breaches; ``None`` where no record says anything: what was declared
    stays.
    """

    foreigners: Foreigners | None
    breaches: Breaches | None
    on: date


Command: TypeAlias = RecordProfile | NoteStaff | NoteMaterials | NoteFindings


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
