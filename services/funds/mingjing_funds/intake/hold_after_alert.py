"""A red alert that was confirmed proposes a release hold (X2 预警确认后建议暂停拨付); refunds stay open.

The one rule: it is a proposal in the name of the official who confirmed the alert, so another decides. Nothing stops
by itself.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import ProposeHold
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

CONFIRMED = "alert-confirmed"
"""Why; a code, put into words where somebody reads it."""
CUSTODY = "教监管函〔2021〕2号"


async def propose_hold(kit: Kit, outcome: Outcome, written: Envelope) -> None:
    """Once an alert, however often the judgement is sent; nothing where a hold stands or is proposed already."""
    works = [_proposal(fact, written) for fact in outcome.events if _asks(fact)]
    for result in await kit.log.handle_many(works):
        if not isinstance(result, Outcome | Refusal):  # a refusal: it is proposed, held, closing, or no account at all
            raise result


def _asks(fact: Any) -> bool:
    return isinstance(fact, life.AlertJudged) and fact.is_confirmed and fact.severity is Severity.RED


def _proposal(fact: life.AlertJudged, written: Envelope) -> Work:
    why = f"{CONFIRMED}: {fact.alert_id}"
    command = ProposeHold(proposer=written.actor, reason=why, legal_basis=CUSTODY, proposed_on=fact.on)
    envelope = replace(
        written,
        command_id=derived_id("funds-hold-after-alert", fact.alert_id),
        digest=b"",
        expected_version=None,
        reason=why,
        legal_basis=CUSTODY,
    )
    return Work(ACCOUNTS, fact.subject.account_id, command, envelope)
