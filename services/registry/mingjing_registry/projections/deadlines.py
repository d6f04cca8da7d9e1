"""Deadlines of the registry (期限): which facts run which clock. How the list is kept is the kernel's.

One rule: the last day is in the facts themselves; a clock is started from it, never reckoned here by other numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mingjing_kernel.deadline_clock import Clock, paused, running
from mingjing_kernel.deadlines import DeadlinePlan, DeadlineRule, Due
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, Row
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain import licence, operation, rectification
from mingjing_registry.projections.check_deadlines import CHECK_DEADLINES
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.list_deadlines import LIST_DEADLINES
from mingjing_registry.projections.provider_deadlines import PROVIDER_DEADLINES
from mingjing_registry.projections.schema import METADATA


def _validity(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case (
            licence.LicenceRecorded(terms=terms, standing="licensed", on=on)
            | licence.LicenceApproved(terms=terms, on=on)
        ):
            started_on = terms.valid_from or terms.issued_on or on
            return running(started_on, terms.expires_on) if terms.expires_on else None
        case licence.LicenceRenewed(expires_on=expires_on, on=on):
            return running(on, expires_on)
        case licence.LicenceSuspended(on=on):
            return paused(clock, on)
        case licence.LicenceReinstated():
            return replace(clock, paused_on=None) if clock else None  # a suspension prolongs no validity
        case _:
            return None


def _decision(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case licence.LicenceAccepted(decide_by=decide_by, on=on):
            return running(on, decide_by) if decide_by else None
        case licence.DecisionOverdue(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _rectification(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case rectification.RectificationOrdered(deadline=deadline, on=on):
            return running(on, deadline)
        case rectification.RectificationEnded(passed=False):
            return clock
        case rectification.RectificationLapsed(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _pause(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case operation.PauseDeclared(pause=pause, on=on) if on < pause.begins_on:
            # The last day of teaching is the one before: the clock's command is handled on the day after its last.
            return running(on, pause.begins_on - timedelta(days=1))
        case _:
            return None


def _lapse(due: Due) -> rectification.LapseRectification:
    return rectification.LapseRectification(on=due.on)


def _start(due: Due) -> operation.StartPause:
    return operation.StartPause(on=due.on)


def _expire(due: Due) -> licence.ExpireLicence:
    return licence.ExpireLicence(on=due.on)


def _overdue(due: Due) -> licence.NoteDecisionOverdue:
    return licence.NoteDecisionOverdue(on=due.on)


LICENCE_EXPIRY = DeadlineRule(
    name="licence-expiry",
    zh="办学许可有效期届满",
    en="The licence runs out",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(
        licence.LicenceRecorded,
        licence.LicenceApproved,
        licence.LicenceRenewed,
        licence.LicenceSuspended,
        licence.LicenceReinstated,
        licence.LicenceRevoked,
        licence.LicenceCancelled,
        licence.LicenceExpired,
    ),
    clock=_validity,
    command=_expire,
    legal_basis="行政许可法第七十条",
)
LICENCE_DECISION = DeadlineRule(
    name="licence-decision",
    zh="办学许可决定期限",
    en="The application is to be decided",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(licence.LicenceAccepted, licence.DecisionOverdue, licence.LicenceApproved, licence.LicenceRefused),
    clock=_decision,
    command=_overdue,
    legal_basis="民办教育促进法第十七条",
)
RECTIFICATION = DeadlineRule(
    name="licence-rectification",
    zh="限期整改",
    en="What was ordered is to be put right",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(
        rectification.RectificationOrdered,
        rectification.RectificationEnded,
        rectification.RectificationLapsed,
        licence.LicenceSuspended,
        licence.LicenceRevoked,
    ),
    clock=_rectification,
    command=_lapse,
    legal_basis="行政处罚法第二十八条",
)
PAUSE = DeadlineRule(
    name="declared-pause",
    zh="报备停课开始",
    en="A declared pause begins",
    aggregate=INSTITUTIONS,
    listed=INSTITUTIONS_READ,
    facts=(operation.PauseDeclared, operation.OperationStateChanged),
    clock=_pause,
    command=_start,
    legal_basis="国办发〔2018〕80号",
)
DEADLINES = DeadlinePlan(
    (LICENCE_EXPIRY, LICENCE_DECISION, RECTIFICATION, PAUSE, *CHECK_DEADLINES, *LIST_DEADLINES, *PROVIDER_DEADLINES)
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a clock."""
    return DEADLINES.keys(fact)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The clock after the fact."""
    return DEADLINES.fold(key, row, fact)


DEADLINES_READ = DEADLINES.model(METADATA, keys, fold)
