"""The clock of a lead that nobody has taken on (线索认领期限).

One rule: the days are in the fact that opened it; when they are over it is escalated once, and stays listed until
somebody verifies it or it is concluded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead_facts import (
    LeadConcluded,
    LeadOpened,
    LeadReported,
    LeadStage,
    LeadVerificationStarted,
)
from mingjing_inspection.domain.lead_others import EscalateLead, LeadEscalated
from mingjing_inspection.projections.leads import LEADS_READ
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadlines import Clock, DeadlineRule, Due, running_working_days


def _taking_on(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case LeadOpened(stage=LeadStage.CASE_PROPOSED):
            return None
        case LeadOpened() | LeadReported():
            if not event.take_on_days:  # from before there was such a clock
                return None
            return running_working_days(shanghai_date(event.at), event.take_on_days)
        case LeadEscalated():
            return replace(clock, fired_on=event.on) if clock else None
        case _:
            return None


def _escalate(due: Due) -> EscalateLead:
    return EscalateLead(due_on=due.due_on, on=due.on)


LEAD_DEADLINES = (
    DeadlineRule(
        name="lead-take-on",
        zh="线索认领",
        en="Somebody is to verify a lead",
        aggregate=LEADS,
        listed=LEADS_READ,
        facts=(LeadOpened, LeadReported, LeadVerificationStarted, LeadEscalated, LeadConcluded),
        clock=_taking_on,
        command=_escalate,
        legal_basis="中办发〔2021〕40号",
    ),
)
