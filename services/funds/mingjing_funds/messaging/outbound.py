"""Domain fact -> contract. The one rule: nothing of a family leaves the service; ``None`` is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.funds import (
    AlertClearedV1,
    AlertClosedV1,
    AlertEscalatedV1,
    AlertRaisedV1,
    ChargingBlockedV1,
    ChargingRuleBrokenV1,
    CustodyAccountActivatedV1,
    CustodyAccountClosedV1,
    LiabilityStatedV1,
    PrepaidStatedV1,
)
from mingjing_funds.domain.account import AccountActivated, AccountClosed, InstitutionLinked
from mingjing_funds.domain.alerting.catalogue import IN_FEN
from mingjing_funds.domain.alerting.life_facts import (
    AlertCleared,
    AlertClosed,
    AlertEscalated,
    AlertRaised,
    AlertReturned,
    AlertWorsened,
    measured,
    sentences,
)
from mingjing_funds.domain.contract import ChargingRuleBroken
from mingjing_funds.domain.institution import ChargingBlocked, LiabilityStated
from mingjing_funds.domain.ledger_extract import LedgerExtractStated
from mingjing_funds.domain.prepaid import PrepaidStated
from mingjing_funds.messaging.ledger_extracts import extract_stated
from mingjing_funds.projections.alert_clocks import LATE
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded


def account_activated(fact: Recorded[AccountActivated]) -> CustodyAccountActivatedV1 | None:
    """X15, once it is known whose account it is."""
    event = fact.event
    if event.holder.institution_id is None:
        return None
    return CustodyAccountActivatedV1(
        account_id=fact.id,
        institution_id=event.holder.institution_id,
        bank=event.holder.bank,
        account_name=event.holder.account_name,
        opened_on=event.opened_on,
    )


def institution_linked(fact: Recorded[InstitutionLinked]) -> CustodyAccountActivatedV1 | None:
    """X15 for an account that was open before its institution was known."""
    event = fact.event
    if event.holder.institution_id is None or event.opened_on is None:
        return None
    return CustodyAccountActivatedV1(
        account_id=fact.id,
        institution_id=event.holder.institution_id,
        bank=event.holder.bank,
        account_name=event.holder.account_name,
        opened_on=event.opened_on,
    )


def account_closed(fact: Recorded[AccountClosed]) -> CustodyAccountClosedV1 | None:
    """That X15 holds no more; nobody was told of an account without a known institution."""
    if fact.event.institution_id is None:
        return None
    return CustodyAccountClosedV1(
        account_id=fact.id, institution_id=fact.event.institution_id, closed_on=fact.event.closed_on
    )


def charging_blocked(fact: Recorded[ChargingBlocked]) -> ChargingBlockedV1:
    """That the block of X11 is in force."""
    return ChargingBlockedV1(institution_id=fact.id, cause=fact.event.cause.value, since=fact.event.since)


def liability_stated(fact: Recorded[LiabilityStated]) -> LiabilityStatedV1:
    """The answer to the registry's question."""
    return LiabilityStatedV1(institution_id=fact.id, unconsumed_fen=fact.event.unconsumed_fen, on=fact.event.on)


def prepaid_stated(fact: Recorded[PrepaidStated]) -> PrepaidStatedV1:
    """What the registry's base ledger shows of money."""
    event = fact.event
    return PrepaidStatedV1(
        institution_id=event.institution_id,
        balance_fen=event.balance_fen,
        unconsumed_fen=event.unconsumed_fen,
        contracts_open=event.contracts_open,
        pupils=event.pupils,
        on=event.on,
    )


def charging_rule_broken(fact: Recorded[ChargingRuleBroken]) -> ChargingRuleBrokenV1:
    """F08, detected."""
    event = fact.event
    return ChargingRuleBrokenV1(
        contract_id=fact.id,
        institution_id=event.institution_id,
        rule=event.rule,
        found=event.found,
        allowed=event.allowed,
        policy_version=event.policy_version,
    )


def alert_raised(fact: Recorded[AlertRaised | AlertWorsened | AlertReturned]) -> AlertRaisedV1:
    """X1 listens for the RED ones. The form has amounts only: 0 where the rule looks at something else."""
    event, said = fact.event, fact.event.said
    words, values = sentences(said, event.since), measured(said)
    assert said.severity is not None, "an alert has a severity"
    return AlertRaisedV1(
        alert_id=event.alert_id,
        rule=said.rule,
        rule_version=said.rule_version,
        severity=said.severity.value,
        account_id=event.subject.account_id,
        institution_id=event.subject.institution_id,
        institution_name=event.subject.institution_name,
        department=event.subject.department,
        region=event.subject.region,
        balance_fen=values.get("balance_fen", 0),
        unconsumed_fen=values.get("owed_fen", values.get("unconsumed_fen", 0)),
        threshold_fen=said.threshold if said.rule in IN_FEN else 0,
        explanation_zh=f"{words.zh}。",
        explanation_en=f"{words.en}.",
        on=said.day,
    )


def alert_escalated(fact: Recorded[AlertEscalated]) -> AlertEscalatedV1:
    """A step is late: somebody outside learns of it."""
    event = fact.event
    zh, en = LATE[event.clock]
    return AlertEscalatedV1(
        alert_id=event.alert_id,
        account_id=event.subject.account_id,
        institution_id=event.subject.institution_id,
        institution_name=event.subject.institution_name,
        department=event.subject.department,
        region=event.subject.region,
        clock=event.clock,
        stage=event.stage.value,
        explanation_zh=zh,
        explanation_en=en,
        escalated_at=fact.recorded_at,
    )


def alert_cleared(fact: Recorded[AlertCleared]) -> AlertClearedV1:
    """The condition is gone."""
    return AlertClearedV1(alert_id=fact.event.alert_id, on=fact.event.on)


def alert_closed(fact: Recorded[AlertClosed]) -> AlertClosedV1:
    """A person is done with it; the evidence stays here. The form knows no hold: that is told by the hold itself."""
    disposal = fact.event.disposal
    told = "other" if disposal == "hold-applied" else disposal
    return AlertClosedV1(alert_id=fact.event.alert_id, disposal=told, on=fact.event.on)


OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        AccountActivated: account_activated,
        InstitutionLinked: institution_linked,
        AccountClosed: account_closed,
        ChargingBlocked: charging_blocked,
        LiabilityStated: liability_stated,
        PrepaidStated: prepaid_stated,
        ChargingRuleBroken: charging_rule_broken,
        LedgerExtractStated: extract_stated,
        AlertRaised: alert_raised,
        AlertWorsened: alert_raised,
        AlertReturned: alert_raised,
        AlertEscalated: alert_escalated,
        AlertCleared: alert_cleared,
        AlertClosed: alert_closed,
    }
)
