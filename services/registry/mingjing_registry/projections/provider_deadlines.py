"""The term of an after-school provider: it ends on its last day, or at once when the institution lost its standing; and
the days within which somebody decides whether one comes back whose black-listing fell (X13).

One rule: the institution's own facts stop the clock early, whoever caused them and by whatever way they came; the
decider says which of the two it was. Institution and provider are streams of the same id.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mingjing_kernel.deadline_clock import Clock, running, running_working_days
from mingjing_kernel.deadlines import DeadlineRule, Due
from mingjing_registry.codec import PROVIDERS
from mingjing_registry.domain.provider import LeaveList
from mingjing_registry.domain.provider_facts import (
    ProviderLeft,
    ProviderProposed,
    ProviderReturnDeclined,
    ProviderReturnDue,
    ProviderReturnOverdue,
    ProviderSelected,
)
from mingjing_registry.domain.provider_return import NoteReturnOverdue
from mingjing_registry.domain.provider_standing import STANDING_FACTS, lost_by
from mingjing_registry.projections.providers import PROVIDERS_READ


def _term(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case ProviderSelected(on=on, until_on=until_on):
            return running(on, until_on)
        case ProviderLeft():
            return None
        case _ if clock is not None and lost_by(event):
            # Due already: the next look takes it off the list and tells the schools.
            return replace(clock, due_on=min(clock.due_on, event.on - timedelta(days=1)))
        case _:
            return clock


def _return(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case ProviderReturnDue(on=on, working_days=count):
            return running_working_days(on, count)
        case ProviderReturnOverdue(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None  # proposed anew, or not put back: somebody has decided


def _overdue(due: Due) -> NoteReturnOverdue:
    return NoteReturnOverdue(on=due.on)


def _leave(due: Due) -> LeaveList:
    return LeaveList(on=due.on)


PROVIDER_TERM = DeadlineRule(
    name="provider-term",
    zh="课后服务机构遴选期满或资格丧失",
    en="An after-school provider's term ends, or its standing was lost",
    aggregate=PROVIDERS,
    listed=PROVIDERS_READ,
    facts=(ProviderSelected, ProviderLeft, *STANDING_FACTS),
    clock=_term,
    command=_leave,
    legal_basis="中办发〔2021〕40号",
)
PROVIDER_RETURN = DeadlineRule(
    name="provider-return",
    zh="黑名单撤销或修复后，决定是否恢复课后服务名单",
    en="To decide whether a provider is put back whose black-listing fell",
    aggregate=PROVIDERS,
    listed=PROVIDERS_READ,
    facts=(ProviderReturnDue, ProviderReturnOverdue, ProviderReturnDeclined, ProviderProposed),
    clock=_return,
    command=_overdue,
    legal_basis="中办发〔2021〕40号；信用修复管理办法",
)
PROVIDER_DEADLINES = (PROVIDER_TERM, PROVIDER_RETURN)
