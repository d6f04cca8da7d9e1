"""Annual check rules: which step follows which, and what a fail leads to (domain of ``annual_check.py``).

One rule: the acts of a year are about the latest year that was opened; an older one is history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.annual_check import (
    AnnualCheckOpened,
    AnnualCheckRecorded,
    AnnualChecks,
    AnnualReportReviewed,
    AnnualReportSubmitted,
    CheckResult,
    CheckState,
    Command,
    DecideAnnualCheck,
    Event,
    NoteRecheckDue,
    OpenAnnualCheck,
    RecheckAnnualCheck,
    RecheckFellDue,
    RecheckReminded,
    RecordAnnualCheck,
    RecruitmentAllowed,
    RecruitmentRestricted,
    RemindOfRecheck,
    ReviewAnnualReport,
    SubmitAnnualReport,
    YearCheck,
)
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Licensed, Rectifying
from mingjing_registry.domain.licence_refusals import (
    AnnualCheckFailed,
    AnnualCheckNotInThatState,
    AnnualCheckUnknown,
    DeadlineNotAhead,
    RectificationDayMissing,
    YearNotInOrder,
)
from mingjing_registry.domain.licensing import given, name_of
from mingjing_registry.domain.refusals import LicenceNotInThatState

_NEEDED: Mapping[type[Command], CheckState] = {
    SubmitAnnualReport: CheckState.DUE,
    ReviewAnnualReport: CheckState.SUBMITTED,
    DecideAnnualCheck: CheckState.REVIEWED,
    RecheckAnnualCheck: CheckState.DECIDED,
}
FAILED = "failed"
"""How the state that a re-check needs is called: decided, and failed."""


def decide_annual_check(command: Command, known: Known) -> list[Event]:
    """The facts that follow."""
    match command:
        case RecordAnnualCheck(result=result, on=on):
            if (why := annual_check_hindrance(RecordAnnualCheck, known)) is not None:
                raise why
            return [] if known.annual_check == result else [AnnualCheckRecorded(result=result, on=on)]
        case OpenAnnualCheck():
            return _open(command, known)
        case SubmitAnnualReport(year=year, report=report, on=on):
            _current(command, known)
            given(report.reference)
            return [AnnualReportSubmitted(year=year, report=report, on=on)]
        case ReviewAnnualReport(year=year, proposed=proposed, findings=findings, on=on):
            _current(command, known)
            return [AnnualReportReviewed(year=year, proposed=proposed, findings=given(findings), on=on)]
        case DecideAnnualCheck() | RecheckAnnualCheck():
            return _result(command, known)
        case RemindOfRecheck(on=on):
            waiting = _awaiting(known)
            is_news = waiting is not None and not waiting[0].is_reminded and waiting[1] <= on
            return _noted(RecheckReminded, waiting, on) if is_news else []
        case NoteRecheckDue(on=on):
            waiting = _awaiting(known)
            is_news = waiting is not None and not waiting[0].is_overdue and waiting[1] < on
            return _noted(RecheckFellDue, waiting, on) if is_news else []
        case _:
            assert_never(command)


def evolve_annual_checks(checks: AnnualChecks, event: Event) -> AnnualChecks:
    """The years after one fact."""
    match event:
        case AnnualCheckOpened(year=year, due_on=due_on):
            return replace(checks, years=(*checks.years, YearCheck(year=year, due_on=due_on)))
        case AnnualReportSubmitted():
            return _with(checks, event.year, state=CheckState.SUBMITTED)
        case AnnualReportReviewed():
            return _with(checks, event.year, state=CheckState.REVIEWED)
        case AnnualCheckRecorded(year=None):
            return checks
        case AnnualCheckRecorded(year=year, result=result, rectify_until=until):
            decided = {"state": CheckState.DECIDED, "result": result, "rectify_until": until}
            return _with(checks, year, **decided, is_reminded=False, is_overdue=False)
        case RecheckReminded(year=year):
            return _with(checks, year, is_reminded=True)
        case RecheckFellDue(year=year):
            return _with(checks, year, is_overdue=True)
        case RecruitmentRestricted():
            return replace(checks, is_recruitment_restricted=True)
        case RecruitmentAllowed():
            return replace(checks, is_recruitment_restricted=False)
        case _:
            assert_never(event)


def annual_check_hindrance(step: type[Command], known: Known) -> Refusal | None:
    """Why the present check does not take a step; ``None`` where it does."""
    if step is RecordAnnualCheck:
        # One officer's word from elsewhere does not undo what two officers decided here.
        return AnnualCheckFailed() if known.annual_checks.failed else None
    if step in (RemindOfRecheck, NoteRecheckDue):
        return None  # nothing follows where nothing waits
    current = known.annual_checks.current
    if step is OpenAnnualCheck:
        if not isinstance(known.licence, Licensed | Rectifying):
            return LicenceNotInThatState(state=name_of(known.licence), needed="licensed or rectifying")
        is_open = current is not None and current.state is not CheckState.DECIDED
        return AnnualCheckNotInThatState(state=_name(current), needed=CheckState.DECIDED.value) if is_open else None
    needed = _NEEDED[step]
    word = FAILED if step is RecheckAnnualCheck else needed.value
    if current is None or current.state is not needed:
        return AnnualCheckNotInThatState(state=_name(current), needed=word)
    if step is RecheckAnnualCheck and current.result != "fail":
        return AnnualCheckNotInThatState(state=_name(current), needed=word)
    return None


def _name(current: YearCheck | None) -> str:
    if current is None:
        return "not opened"
    return current.result or current.state.value


def _current(
    command: SubmitAnnualReport | ReviewAnnualReport | DecideAnnualCheck | RecheckAnnualCheck, known: Known
) -> YearCheck:
    if (why := annual_check_hindrance(type(command), known)) is not None:
        raise why
    current = known.annual_checks.current
    assert current is not None, "the hindrance asks for it"
    if current.year != command.year:
        raise AnnualCheckUnknown(year=command.year)
    return current


def _open(command: OpenAnnualCheck, known: Known) -> list[Event]:
    current = known.annual_checks.current
    if current is not None and current.year == command.year:
        return []
    if (why := annual_check_hindrance(OpenAnnualCheck, known)) is not None:
        raise why
    last = current.year if current else 0
    if not last < command.year <= command.on.year:
        raise YearNotInOrder(year=command.year, last=last or "none")
    if command.due_on <= command.on:
        raise DeadlineNotAhead(deadline=command.due_on)
    return [AnnualCheckOpened(year=command.year, due_on=command.due_on, on=command.on)]


def _result(command: DecideAnnualCheck | RecheckAnnualCheck, known: Known) -> list[Event]:
    current = known.annual_checks.current
    if isinstance(command, DecideAnnualCheck) and current is not None and _is_said(command, current):
        return []
    _current(command, known)
    again = isinstance(command, RecheckAnnualCheck)
    recorded = AnnualCheckRecorded(
        result=command.result,
        on=command.on,
        year=command.year,
        reason=given(command.reason),
        rectify_until=_until(command.result, command.rectify_until, command.on),
        again=again,
    )
    return [recorded, *_recruitment(command, known)]


def _is_said(command: DecideAnnualCheck, current: YearCheck) -> bool:
    said = (current.year, current.state, current.result)
    return said == (command.year, CheckState.DECIDED, command.result)


def _until(result: CheckResult, until: date | None, on: date) -> date | None:
    if result != "fail":
        return None
    if until is None or until <= on:
        raise RectificationDayMissing
    return until


def _recruitment(command: DecideAnnualCheck | RecheckAnnualCheck, known: Known) -> list[Event]:
    restricted = known.annual_checks.is_recruitment_restricted
    if command.result == "fail" and not restricted:
        return [RecruitmentRestricted(year=command.year, reason=command.reason, on=command.on)]
    if command.result != "fail" and restricted:
        return [RecruitmentAllowed(year=command.year, on=command.on)]
    return []


def _awaiting(known: Known) -> tuple[YearCheck, date] | None:
    """The failed check that restricts recruitment, with the day by which it is put right."""
    failed = known.annual_checks.failed
    if failed is None or failed.rectify_until is None or not known.annual_checks.is_recruitment_restricted:
        return None
    return failed, failed.rectify_until


def _noted(
    fact: type[RecheckReminded] | type[RecheckFellDue], waiting: tuple[YearCheck, date] | None, on: date
) -> list[Event]:
    return [fact(year=waiting[0].year, rectify_until=waiting[1], on=on)] if waiting else []


def _with(checks: AnnualChecks, year: int | None, **changes: object) -> AnnualChecks:
    years = tuple(replace(one, **changes) if one.year == year else one for one in checks.years)  # type: ignore[arg-type]
    return replace(checks, years=years)
