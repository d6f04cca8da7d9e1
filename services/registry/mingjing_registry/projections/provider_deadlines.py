"""The term of an after-school provider: it ends on its last day, or at once when the institution lost its standing.

One rule: the institution's own facts stop the clock early, whoever caused them and by whatever way they came; the
decider says which of the two it was. Institution and provider are streams of the same id.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mingjing_kernel.deadline_clock import Clock, running
from mingjing_kernel.deadlines import DeadlineRule, Due
from mingjing_registry.codec import PROVIDERS
from mingjing_registry.domain.provider import LeaveList
from mingjing_registry.domain.provider_facts import ProviderLeft, ProviderSelected
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
