"""Profile of an institution: the licence, funds and premises groups of the six information groups (S0:89, S1:185).

One rule: what the model contract and the public list need is stated here; names, codes and categories are
``particulars``. Of a person only the name that the licence shows is kept: no identity number has a field anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """How the training is given; each needs a licence of its own (R4)."""

    OFFLINE = "offline"
    """线下."""
    ONLINE = "online"
    """线上."""


class Stage(StrEnum):
    """School stage served 学段."""

    PRESCHOOL = "preschool"
    """学前, ages 3–6."""
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"


COMPULSORY = frozenset({Stage.PRIMARY, Stage.JUNIOR})
"""义务教育阶段."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One line of the published price list 收费公示."""

    item: str
    total_fen: int
    lessons: int
    minutes_per_lesson: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One line of the timetable 课程表, in minutes after midnight; Monday is 1."""

    item: str
    weekday: int
    begins_minute: int
    ends_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the institution offers, to whom, for how much. Absent is empty, never a guess."""

    modes: tuple[Mode, ...] = ()
    stages: tuple[Stage, ...] = ()
    organizer: str = ""
    """举办者: a legal person or a citizen, by name as on the licence."""
    registering_body: str = ""
    """登记机关: civil affairs or market regulation."""
    registration_valid_until: date | None = None
    contract_version: str = ""
    """Version of the model contract 示范文本 in use."""
    prices: tuple[Price, ...] = ()
    prices_published_at: str = ""
    """Where the price list hangs or stands."""
    class_size_max: int | None = None
    timetable: tuple[Slot, ...] = ()
    icp_filing: str = ""
    """ICP 备案号 of an online institution."""
    hotline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """One address at which the applicant wants to teach."""

    address: str
    area_m2: int
    """Training floor area as stated; the site check measures it."""
    students_max: int
    """Students in the same session at most."""
    lease_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSummary:
    """The staff group 从业人员 in counts: no name and no number of a person."""

    total: int
    teaching: int
    """Teaching and research staff 教学教研人员."""
    full_time_teachers: int
    unqualified: int
    """Teachers without the qualification (subject) or the proof of ability (non-subject)."""
    in_service: int
    """School teachers in service."""
    blacklisted: int
    """On the staff blacklist, or imprisoned for an intentional crime."""
    foreigners_abroad: int
    foreigners_unlawful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsSummary:
    """The materials group 培训材料 and the advertising filings, in counts."""

    filed: int
    unreviewed: int
    overseas: int
    """Overseas curricula 境外课程."""
    ahead_of_syllabus: int
    adverts_in_breach: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capital:
    """What the applicant declares of its capital: the four no's 四个不得 (S1:201)."""

    is_listed: bool
    is_capitalized: bool
    is_foreign_controlled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the organizer 举办者 hands in. Staff and materials are as its papers declare them."""

    profile: Profile
    premises: tuple[Premises, ...] = ()
    staff: StaffSummary | None = None
    materials: MaterialsSummary | None = None
    capital: Capital | None = None
    custody_agreement: str = ""
    """Number of the custody agreement 托管协议."""
    papers: tuple[str, ...] = ()
    """References of the papers, e.g. of evidence on file here."""


def changed_fields(before: Profile, after: Profile) -> tuple[str, ...]:
    """The fields that differ, in their order."""
    return tuple(one.name for one in fields(Profile) if getattr(before, one.name) != getattr(after, one.name))
