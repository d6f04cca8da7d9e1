"""Commands and facts of a visit (巡查), and what a report is made of; the rules are in ``visit``.

One rule: what the device said stands as it said it. What we make of it (doubts, gravity, skew) stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.checklist import Checklist, Severity


class Outcome(StrEnum):
    """How a visit ended; exactly one of five."""

    NO_ISSUE = "NO_ISSUE"
    """未发现问题"""
    ISSUES = "ISSUES"
    """发现问题"""
    DOOR_CLOSED = "DOOR_CLOSED"
    """关门"""
    NOT_FOUND = "NOT_FOUND"
    """查无此处"""
    REFUSED_ENTRY = "REFUSED_ENTRY"
    """拒绝进入"""


class Finding(StrEnum):
    """The answer to one checklist item."""

    PASS = "PASS"
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_CHECKED = "NOT_CHECKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found on one item; ``photos`` are hashes that stand in the report's own list."""

    item: str
    finding: Finding
    remark: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the device said it was, in 1e-7 degrees (WGS 84); ``is_mock``: the device admits a made-up position."""

    latitude_e7: int
    longitude_e7: int
    accuracy_metres: int
    is_mock: bool = False


class Signatory(StrEnum):
    """Who signs a report."""

    OFFICER = "OFFICER"
    """巡查人"""
    INSTITUTION = "INSTITUTION"
    """被检查机构"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as a picture (SHA-256 of its file), or why the institution gave none. Names stand in the picture."""

    by: Signatory
    image: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The officer's own words: outcome, answers, evidence, place and the device's time of the visit.

    ``photos`` and ``recordings`` are SHA-256 (lower-case hex) of the original files, which never travel inside an
    event. ``companions`` are the officers who were there, too, by their subjects.
    """

    outcome: Outcome
    checklist: str
    answers: tuple[Answer, ...]
    photos: tuple[str, ...]
    position: Position
    visited_at: datetime
    note: str = ""
    recordings: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    companions: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file whose bytes belong to the report."""
        return (*self.photos, *self.recordings, *(one.image for one in self.signatures if one.image))


class Doubt(StrEnum):
    """What makes a circumstance of a report doubtful; the report stands all the same."""

    MOCK_POSITION = "MOCK_POSITION"
    """虚拟定位"""
    POSITION_INACCURATE = "POSITION_INACCURATE"
    """定位精度不足"""
    CLOCK_AHEAD = "CLOCK_AHEAD"
    """设备时钟偏快"""
    CLOCK_BEHIND = "CLOCK_BEHIND"
    """设备时钟偏慢"""
    CHECKLIST_NOT_IN_FORCE = "CHECKLIST_NOT_IN_FORCE"
    """检查清单当日未施行或已被取代"""
    NOT_WHO_WAS_DRAWN = "NOT_WHO_WAS_DRAWN"
    """到场人员不是抽签确定的检查人员"""
    COMPANION_WITHOUT_GRANT = "COMPANION_WITHOUT_GRANT"
    """所列同行人员查无巡查权限"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A failed item, as grave as the version that was answered says."""

    item: str
    severity: Severity
    immediate_veto: bool
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers in force by which a report is judged, and the version of the policy that they stand in."""

    clock_skew_seconds_max: int = 300
    accuracy_metres_max: int = 100
    officers_min: int = 1
    signatures_required: bool = False
    version: str = "default/1"
    drawn: tuple[str, ...] = ()
    """Officers whom a draw chose for this visit; empty where none did."""
    ungranted: tuple[str, ...] = ()
    """Companions who held no grant for looking at these premises at the time of the visit: they are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The checklist that a report answers, and whether it was the one in force on the day of the visit.

    ``beyond`` are the items that another department of a joint inspection answers.
    """

    checklist: Checklist
    is_in_force: bool = True
    beyond: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """The mark of a person who had a part taken that the rules held or kept aside."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVisit:
    """File a report. ``device_sent_at`` is the device's clock when sending, ``received_at`` ours at arrival.

    ``asked`` is None where there is no such checklist. ``content_sha256`` is of the bytes as they came, ``bundle_id``
    of what a device brought with them after it was without a network. ``force`` sets aside how many officers and
    signatures are asked for, and nothing else.
    """

    institution_id: UUID
    site_id: UUID
    region: str
    department: str
    category: str
    officer: str
    observation: Observation
    device_sent_at: datetime
    received_at: datetime
    task_id: UUID | None = None
    asked: Asked | None = None
    limits: Limits = Limits()
    content_sha256: str = ""
    bundle_id: UUID | None = None
    force: Force | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectVisit:
    """Replace the observation of the version that the officer had in front of them.

    With ``force`` it replaces whatever stands: a person decided so, and says why.
    """

    corrects_version: int
    observation: Observation
    reason: str
    corrected_by: str
    corrected_at: datetime
    asked: Asked | None = None
    limits: Limits = Limits()
    content_sha256: str = ""
    force: Force | None = None


Command: TypeAlias = ReportVisit | CorrectVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReported:
    """A visit took place and this was seen.

    ``region`` is the grid (15 digits) or, where none is known, the division. ``failed`` and ``vetoes`` are item
    codes, ``failings`` the same with their gravity. ``clock_skew_seconds`` = device's clock minus ours at reception:
    a large value puts the times in doubt (``doubts``, judged by ``limits_version``), not the report.
    """

    institution_id: UUID
    site_id: UUID
    region: str
    department: str
    category: str
    officer: str
    observation: Observation
    failed: tuple[str, ...]
    vetoes: tuple[str, ...]
    device_sent_at: datetime
    received_at: datetime
    clock_skew_seconds: int
    task_id: UUID | None = None
    failings: tuple[Failing, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    limits_version: str = ""
    content_sha256: str = ""
    bundle_id: UUID | None = None
    force: Force | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCorrected:
    """The observation of ``corrects_version`` was wrong; this one stands from now on."""

    institution_id: UUID
    site_id: UUID
    corrects_version: int
    observation: Observation
    failed: tuple[str, ...]
    vetoes: tuple[str, ...]
    reason: str
    corrected_by: str
    corrected_at: datetime
    failings: tuple[Failing, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    limits_version: str = ""
    content_sha256: str = ""
    force: Force | None = None


Event: TypeAlias = VisitReported | VisitCorrected
