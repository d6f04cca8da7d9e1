"""Deadlines of an annual check 年检: the report, and after a fail the day by which everything is put right.

One rule: that day ends no restriction by itself; the re-check is due from then on, and a person makes it, who lifts the
restriction or sets another day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mingjing_kernel.deadline_clock import Clock, running
from mingjing_kernel.deadlines import DeadlineRule, Due
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain import annual_check, licence
from mingjing_registry.projections.institutions import INSTITUTIONS_READ

RESTRICTING = "民办教育促进法第四十二条；国办发〔2018〕80号"
"""Checked and assessed by the department; whoever fails is put right before it enrols anybody."""


def _annual_report(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case annual_check.AnnualCheckOpened(due_on=due_on, on=on):
            return running(on, due_on)
        case annual_check.AnnualCheckRecorded(year=None):
            return clock
        case _:
            return None


def _restriction(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case annual_check.AnnualCheckRecorded(year=None):
            return clock
        case annual_check.AnnualCheckRecorded(result="fail", rectify_until=until, on=on) if until is not None:
            return running(on, until)
        case annual_check.RecheckFellDue(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _reminder(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case annual_check.AnnualCheckRecorded(year=None):
            return clock
        case annual_check.AnnualCheckRecorded(result="fail", rectify_until=until, on=on) if until is not None:
            # Noted on the day after its last: on the very day by which everything is to be put right.
            return running(on, until - timedelta(days=1))
        case _:
            return None


def _due(due: Due) -> annual_check.NoteRecheckDue:
    return annual_check.NoteRecheckDue(on=due.on)


def _remind(due: Due) -> annual_check.RemindOfRecheck:
    return annual_check.RemindOfRecheck(on=due.on)


_OVER = (licence.LicenceRevoked, licence.LicenceCancelled)
ANNUAL_REPORT = DeadlineRule(
    name="annual-report",
    zh="报送年检材料",
    en="The annual report is due",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(
        annual_check.AnnualCheckOpened,
        annual_check.AnnualReportSubmitted,
        annual_check.AnnualCheckRecorded,
        *_OVER,
    ),
    clock=_annual_report,
    legal_basis="国办发〔2018〕80号",
)
RESTRICTION = DeadlineRule(
    name="recruitment-restriction",
    zh="限制招生整改期限，期满复检",
    en="Nobody is enrolled: to be put right by, and checked again",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(annual_check.AnnualCheckRecorded, annual_check.RecheckFellDue, *_OVER),
    clock=_restriction,
    command=_due,
    legal_basis=RESTRICTING,
)
RECHECK_REMINDER = DeadlineRule(
    name="recheck-reminder",
    zh="限制招生期满提醒",
    en="Whoever has to check again is reminded",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(annual_check.AnnualCheckRecorded, annual_check.RecheckReminded, *_OVER),
    clock=_reminder,
    command=_remind,
    legal_basis=RESTRICTING,
)
CHECK_DEADLINES = (ANNUAL_REPORT, RESTRICTION, RECHECK_REMINDER)
