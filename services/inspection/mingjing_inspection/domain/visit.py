"""Visit (巡查): what a grid officer saw at one site, as reported from the officer's device.

One rule: officers observe and report, they do not punish; a wrong report is corrected by a later fact that names
the version it changes, and the first report stays readable for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.checklist import CHECKLISTS, Checklist
from mingjing_inspection.domain.visit_refusals import (
    CorrectsAnotherVersion,
    DuplicateAnswer,
    DuplicatePhoto,
    NoteTooLong,
    OutcomeContradictsAnswers,
    PhotoMissing,
    PhotoNotHashed,
    PhotosTooMany,
    PositionImpossible,
    ReasonMissing,
    UnansweredItems,
    UnknownChecklist,
    UnknownItem,
    VisitAlreadyReported,
    VisitedAfterSending,
    VisitNotReported,
)
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

PHOTOS_MAX = 60
NOTE_CHARACTERS_MAX = 4_000
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The officer's own words: outcome, answers, evidence, place and the device's time of the visit.

    ``photos`` are SHA-256 (lower-case hex) of the original files, which never travel inside an event.
    """

    outcome: Outcome
    checklist: str
    answers: tuple[Answer, ...]
    photos: tuple[str, ...]
    position: Position
    visited_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVisit:
    """File a report. ``device_sent_at`` is the device's clock when sending, ``received_at`` ours at arrival."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectVisit:
    """Replace the observation of the version that the officer had in front of them."""

    corrects_version: int
    observation: Observation
    reason: str
    corrected_by: str
    corrected_at: datetime


Command: TypeAlias = ReportVisit | CorrectVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReported:
    """A visit took place and this was seen.

    ``region`` is the grid (15 digits) or, where none is known, the division. ``failed`` and ``vetoes`` are item
    codes. ``clock_skew_seconds`` = device's clock minus ours at reception: a large value puts the times in doubt,
    not the report.
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


Event: TypeAlias = VisitReported | VisitCorrected


@dataclass(frozen=True, slots=True)
class Unreported:
    """Nothing was filed under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report stands; ``version`` counts its facts and is what a correction must name. ``first`` is as it came."""

    institution_id: UUID
    site_id: UUID
    device_sent_at: datetime
    first: Observation
    observation: Observation
    version: int


Visit: TypeAlias = Unreported | Reported


def decide(command: Command, visit: Visit) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case ReportVisit():
            return _report(command, visit)
        case CorrectVisit():
            return _correct(command, visit)
        case _:
            assert_never(command)


def evolve(visit: Visit, event: Event) -> Visit:
    """The report as it stands after a fact."""
    match event:
        case VisitReported():
            return Reported(
                institution_id=event.institution_id,
                site_id=event.site_id,
                device_sent_at=event.device_sent_at,
                first=event.observation,
                observation=event.observation,
                version=1,
            )
        case VisitCorrected():
            before = _reported(visit)
            return replace(before, observation=event.observation, version=before.version + 1)
        case _:
            assert_never(event)


VISIT: Decider[Command, Visit, Event] = Decider(initial=Unreported(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], visit: Visit) -> Refusal | None:
    """Why the visit as it stands does not take a step, whatever it says; ``None`` where it may."""
    return VisitNotReported() if step is CorrectVisit and isinstance(visit, Unreported) else None


def _report(command: ReportVisit, visit: Visit) -> list[Event]:
    if isinstance(visit, Reported):
        told = (command.institution_id, command.site_id, command.device_sent_at, command.observation)
        if told == (visit.institution_id, visit.site_id, visit.device_sent_at, visit.first):
            return []  # The network made the device send it again.
        raise VisitAlreadyReported
    _check(command.observation, command.device_sent_at)
    failed, vetoes = _failures(command.observation)
    skew = command.device_sent_at - command.received_at
    return [
        VisitReported(
            institution_id=command.institution_id,
            site_id=command.site_id,
            region=command.region,
            department=command.department,
            category=command.category,
            officer=command.officer,
            observation=command.observation,
            failed=failed,
            vetoes=vetoes,
            device_sent_at=command.device_sent_at,
            received_at=command.received_at,
            clock_skew_seconds=round(skew.total_seconds()),
            task_id=command.task_id,
        )
    ]


def _correct(command: CorrectVisit, visit: Visit) -> list[Event]:
    before = _reported(visit)
    if command.corrects_version != before.version:
        raise CorrectsAnotherVersion(named=command.corrects_version, current=before.version)
    if not command.reason.strip():
        raise ReasonMissing
    if command.observation == before.observation:
        return []
    _check(command.observation, before.device_sent_at)
    failed, vetoes = _failures(command.observation)
    return [
        VisitCorrected(
            institution_id=before.institution_id,
            site_id=before.site_id,
            corrects_version=command.corrects_version,
            observation=command.observation,
            failed=failed,
            vetoes=vetoes,
            reason=command.reason,
            corrected_by=command.corrected_by,
            corrected_at=command.corrected_at,
        )
    ]


def _check(seen: Observation, device_sent_at: datetime) -> None:
    if seen.visited_at > device_sent_at:
        # Both times are the same device's: its clock being wrong does not excuse an order that cannot be.
        raise VisitedAfterSending
    if len(seen.note) > NOTE_CHARACTERS_MAX:
        raise NoteTooLong(maximum=NOTE_CHARACTERS_MAX)
    _check_position(seen.position)
    _check_photos(seen.photos)
    checklist = CHECKLISTS.get(seen.checklist)
    if checklist is None:
        raise UnknownChecklist(version=seen.checklist)
    _check_answers(seen, checklist)


def _check_position(position: Position) -> None:
    inside = abs(position.latitude_e7) <= 90 * 10**7 and abs(position.longitude_e7) <= 180 * 10**7
    if not inside or position.accuracy_metres < 0:
        raise PositionImpossible


def _check_photos(photos: tuple[str, ...]) -> None:
    if not photos:
        raise PhotoMissing
    if len(photos) > PHOTOS_MAX:
        raise PhotosTooMany(maximum=PHOTOS_MAX)
    for photo in photos:
        if not SHA256_HEX.fullmatch(photo):
            raise PhotoNotHashed(value=photo)
    if len(set(photos)) != len(photos):
        raise DuplicatePhoto


def _check_answers(seen: Observation, checklist: Checklist) -> None:
    answered: set[str] = set()
    for answer in seen.answers:
        item = checklist.item(answer.item)
        if item is None:
            raise UnknownItem(item=answer.item, version=checklist.version)
        if answer.item in answered:
            raise DuplicateAnswer(item=answer.item)
        answered.add(answer.item)
        own_photos = set(answer.photos)
        lacks_photo = item.photo_required and answer.finding is Finding.FAIL and not own_photos
        if lacks_photo or not own_photos <= set(seen.photos):
            raise PhotoMissing
    failed = any(answer.finding is Finding.FAIL for answer in seen.answers)
    if failed is not (seen.outcome is Outcome.ISSUES):
        raise OutcomeContradictsAnswers(outcome=seen.outcome.value)
    if seen.outcome is Outcome.NO_ISSUE:
        missing = sorted({item.code for item in checklist.items} - answered)
        if missing:
            raise UnansweredItems(items=", ".join(missing))


def _failures(seen: Observation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    checklist = CHECKLISTS[seen.checklist]
    failed = tuple(sorted(answer.item for answer in seen.answers if answer.finding is Finding.FAIL))
    vetoes = tuple(item.code for item in checklist.items if item.immediate_veto and item.code in failed)
    return failed, vetoes


def _reported(visit: Visit) -> Reported:
    if (why := hindrance(CorrectVisit, visit)) is not None:
        raise why
    assert isinstance(visit, Reported)
    return visit
