"""Visit (巡查): what a grid officer saw at one site, as reported from the officer's device.

One rule: officers observe and report, they do not punish; a wrong report is corrected by a later fact that names
the version it changes, and the first report stays readable for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.visit_checks import (
    NOTE_CHARACTERS_MAX,
    PHOTOS_MAX,
    SHA256_HEX,
    asked_by,
    check_duty,
    check_report,
    doubts_of,
    failed_and_vetoes,
    failings_of,
)
from mingjing_inspection.domain.visit_facts import (
    Answer,
    Asked,
    Command,
    CorrectVisit,
    Doubt,
    Event,
    Failing,
    Finding,
    Force,
    Limits,
    Observation,
    Outcome,
    Position,
    ReportVisit,
    Signatory,
    Signature,
    VisitCorrected,
    VisitReported,
)
from mingjing_inspection.domain.visit_refusals import (
    CorrectsAnotherVersion,
    ReasonMissing,
    VisitAlreadyReported,
    VisitNotReported,
)
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

__all__ = [
    "NOTE_CHARACTERS_MAX",
    "PHOTOS_MAX",
    "SHA256_HEX",
    "VISIT",
    "Answer",
    "Asked",
    "Command",
    "CorrectVisit",
    "Doubt",
    "Event",
    "Failing",
    "Finding",
    "Force",
    "Limits",
    "Observation",
    "Outcome",
    "Position",
    "ReportVisit",
    "Reported",
    "Signatory",
    "Signature",
    "Unreported",
    "Visit",
    "VisitCorrected",
    "VisitReported",
    "decide",
    "evolve",
    "hindrance",
]


@dataclass(frozen=True, slots=True)
class Unreported:
    """Nothing was filed under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report stands; ``version`` counts its facts and is what a correction must name. ``first`` is as it came.

    ``contents`` are the SHA-256 of whatever bytes were taken: the report's, and its corrections'.
    """

    institution_id: UUID
    site_id: UUID
    officer: str
    device_sent_at: datetime
    first: Observation
    observation: Observation
    version: int
    contents: frozenset[str] = frozenset()
    clock_skew_seconds: int = 0
    doubts: frozenset[Doubt] = frozenset()
    department: str = ""
    task_id: UUID | None = None
    """What it was made for: a correction needs as many officers as the report."""


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
                officer=event.officer,
                device_sent_at=event.device_sent_at,
                first=event.observation,
                observation=event.observation,
                version=1,
                contents=frozenset({event.content_sha256}) - {""},
                clock_skew_seconds=event.clock_skew_seconds,
                doubts=frozenset(event.doubts),
                department=event.department,
                task_id=event.task_id,
            )
        case VisitCorrected():
            before = _reported(visit)
            return replace(
                before,
                observation=event.observation,
                version=before.version + 1,
                doubts=frozenset(event.doubts),
                contents=(before.contents | {event.content_sha256}) - {""},
            )
        case _:
            assert_never(event)


VISIT: Decider[Command, Visit, Event] = Decider(initial=Unreported(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], visit: Visit) -> Refusal | None:
    """Why the visit as it stands does not take a step, whatever it says; ``None`` where it may."""
    return VisitNotReported() if step is CorrectVisit and isinstance(visit, Unreported) else None


def _report(command: ReportVisit, visit: Visit) -> list[Event]:
    if isinstance(visit, Reported):
        if _is_same(command, visit):
            return []  # The network made the device send it again.
        raise VisitAlreadyReported
    seen, limits = command.observation, command.limits
    asked = asked_by(seen, command.asked)
    check_report(seen, asked)
    if command.force is None:
        check_duty(seen, command.officer, limits)
    failings = failings_of(seen, asked.checklist)
    failed, vetoes = failed_and_vetoes(failings)
    skew_seconds = round((command.device_sent_at - command.received_at).total_seconds())
    return [
        VisitReported(
            institution_id=command.institution_id,
            site_id=command.site_id,
            region=command.region,
            department=command.department,
            category=command.category,
            officer=command.officer,
            observation=seen,
            failed=failed,
            vetoes=vetoes,
            device_sent_at=command.device_sent_at,
            received_at=command.received_at,
            clock_skew_seconds=skew_seconds,
            task_id=command.task_id,
            failings=failings,
            doubts=doubts_of(seen, asked, limits, skew_seconds, command.device_sent_at, command.officer),
            limits_version=limits.version,
            content_sha256=command.content_sha256,
            bundle_id=command.bundle_id,
            force=command.force,
        )
    ]


def _is_same(command: ReportVisit, visit: Reported) -> bool:
    """The same bytes, or, from a device that sends no bundle, the same words."""
    if command.content_sha256 in visit.contents:
        return True
    told = (command.institution_id, command.site_id, command.device_sent_at, command.observation)
    return told == (visit.institution_id, visit.site_id, visit.device_sent_at, visit.first)


def _correct(command: CorrectVisit, visit: Visit) -> list[Event]:
    before = _reported(visit)
    if command.content_sha256 in before.contents:
        return []  # These bytes were taken already.
    if command.corrects_version != before.version and command.force is None:
        raise CorrectsAnotherVersion(named=command.corrects_version, current=before.version)
    if not command.reason.strip():
        raise ReasonMissing
    if command.observation == before.observation:
        return []
    seen, limits = command.observation, command.limits
    asked = asked_by(seen, command.asked)
    check_report(seen, asked)
    if command.force is None:
        check_duty(seen, before.officer, limits)
    failings = failings_of(seen, asked.checklist)
    failed, vetoes = failed_and_vetoes(failings)
    return [
        VisitCorrected(
            institution_id=before.institution_id,
            site_id=before.site_id,
            corrects_version=before.version,
            observation=seen,
            failed=failed,
            vetoes=vetoes,
            reason=command.reason,
            corrected_by=command.corrected_by,
            corrected_at=command.corrected_at,
            failings=failings,
            doubts=doubts_of(seen, asked, limits, before.clock_skew_seconds, before.device_sent_at, before.officer),
            limits_version=limits.version,
            content_sha256=command.content_sha256,
            force=command.force,
        )
    ]


def _reported(visit: Visit) -> Reported:
    if (why := hindrance(CorrectVisit, visit)) is not None:
        raise why
    assert isinstance(visit, Reported)
    return visit
