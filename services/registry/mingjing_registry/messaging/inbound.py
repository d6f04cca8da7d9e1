"""Contract -> command. One rule: what funds says about an account is believed and never asked back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from mingjing_contracts.console import ACCESS
from mingjing_contracts.funds import (
    AlertRaisedV1,
    CustodyAccountActivatedV1,
    CustodyAccountClosedV1,
    LiabilityStatedV1,
    PrepaidStatedV1,
)
from mingjing_contracts.inspection import UnlicensedPremisesFoundV1, UnlicensedPremisesWithdrawnV1, VisitReportedV1
from mingjing_kernel.access.noted import noting
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Work
from mingjing_registry.codec import INSTITUTIONS, PREPAID, UNLICENSED
from mingjing_registry.domain.institution import ActivateCustody, EndCustody, Known
from mingjing_registry.domain.liability import NoteLiability
from mingjing_registry.domain.operation import NoteSign, Source
from mingjing_registry.domain.prepaid import Amounts, NotePrepaid
from mingjing_registry.domain.unlicensed import NoteUnlicensed, Premises, WithdrawUnlicensed
from mingjing_registry.messaging.orders import ORDERS_INBOUND

ACTIVATED = "custody-account-active"
"""Why the funds condition is met; a code, put into words where somebody reads it."""
CLOSED = "custody-account-closed"
"""Why it is met no longer."""
CUSTODY = "教监管函〔2021〕2号；国办发〔2018〕80号"
"""Prepaid fees lie in a custody account; who is on the whitelist is kept up to date."""

STATED = "liability-stated"
PREPAID_STATED = "prepaid-stated"
SIGN = "stop-sign"
"""Why something is noted; codes, put into words where somebody reads them."""
CLOSING = "民办教育促进法第五十九条"
"""Families are paid first."""
STOPPING = "民办教育促进法第六十二条"
"""Who stops without a word is looked for."""
UNLICENSED_FOUND = "unlicensed-premises-found"
UNLICENSED_NOTHING = "unlicensed-premises-withdrawn"
UNLICENSED_BASIS = "校外培训行政处罚暂行办法第十七条"
"""Who teaches without a licence and a registration is put on record."""
SHUT = frozenset({"DOOR_CLOSED", "NOT_FOUND"})
"""Outcomes of a visit that say that nobody teaches there."""
STOP_RULES = frozenset({"F18", "F25", "F26", "F30", "F32"})
"""RED alerts that say so: no lessons, complaints that it ran away, arrears, closed doors, all taken together."""


def whitelist_precondition(message: Message[CustodyAccountActivatedV1], _services: Any) -> list[Work]:
    """X15: an active custody account meets the whitelist's funds condition."""
    account = message.contract
    command = ActivateCustody(
        account_id=str(account.account_id),
        bank=account.bank,
        account_name=account.account_name,
        opened_on=account.opened_on,
        # An account may be old news when it is told: the list is entered when we learn of it.
        on=shanghai_date(message.occurred_at),
    )
    envelope = message.envelope("whitelist-precondition", reason=ACTIVATED, legal_basis=CUSTODY)
    return [Work(INSTITUTIONS, account.institution_id, command, envelope)]


def whitelist_precondition_ended(message: Message[CustodyAccountClosedV1], _services: Any) -> list[Work]:
    """X15, the other way: without a custody account the institution leaves the whitelist."""
    account = message.contract
    # The list is left when we learn of it: it was published until then.
    on = shanghai_date(message.occurred_at)
    command = EndCustody(account_id=str(account.account_id), reason=CLOSED, on=on)
    envelope = message.envelope("whitelist-precondition-ended", reason=CLOSED, legal_basis=CUSTODY)
    return [Work(INSTITUTIONS, account.institution_id, command, envelope)]


def liability_noted(message: Message[LiabilityStatedV1], _services: Any) -> list[Work]:
    """Funds' answer to ``LiabilityAskedV1``."""
    told = message.contract
    on = shanghai_date(message.occurred_at)
    command = NoteLiability(unconsumed_fen=told.unconsumed_fen, stated_on=told.on, on=on)
    envelope = message.envelope("registry-note-liability", reason=STATED, legal_basis=CLOSING)
    return [Work(INSTITUTIONS, told.institution_id, command, envelope)]


def prepaid_noted(message: Message[PrepaidStatedV1], _services: Any) -> list[Work]:
    """What the base ledger shows of money, and nothing is decided on."""
    told = message.contract
    amounts = Amounts(
        balance_fen=told.balance_fen,
        unconsumed_fen=told.unconsumed_fen,
        contracts_open=told.contracts_open,
        pupils=told.pupils,
    )
    on = shanghai_date(message.occurred_at)
    command = NotePrepaid(institution_id=told.institution_id, amounts=amounts, stated_on=told.on, on=on)
    envelope = message.envelope("registry-note-prepaid", reason=PREPAID_STATED, legal_basis=CUSTODY)
    # A stream a month: one that grows for ever is read for ever.
    stream = derived_id("prepaid", told.institution_id, told.on.year, told.on.month)
    return [Work(PREPAID, stream, command, envelope)]


def unlicensed_noted(message: Message[UnlicensedPremisesFoundV1], _services: Any) -> list[Work]:
    """X17: inspection found unlicensed premises; they stand beside the register, and are no institution."""
    told = message.contract
    premises = Premises(
        address=told.address,
        region=told.region,
        department=told.department,
        category="",
        venue=told.venue,
        cover=told.cover,
        photos=told.photos,
        found_at=told.found_at,
    )
    command = NoteUnlicensed(premises=premises, noted_at=message.occurred_at)
    envelope = message.envelope("note-unlicensed", reason=UNLICENSED_FOUND, legal_basis=UNLICENSED_BASIS)
    return [Work(UNLICENSED, told.lead_id, command, envelope)]


def unlicensed_withdrawn(message: Message[UnlicensedPremisesWithdrawnV1], _services: Any) -> list[Work]:
    """X17, the other way: the lead was let go."""
    told = message.contract
    command = WithdrawUnlicensed(withdrawn_on=told.withdrawn_on, noted_at=message.occurred_at)
    envelope = message.envelope("withdraw-unlicensed", reason=UNLICENSED_NOTHING, legal_basis=UNLICENSED_BASIS)
    return [Work(UNLICENSED, told.lead_id, command, envelope)]


async def visit_noted(message: Message[VisitReportedV1], services: Any) -> list[Work]:
    """A visit that found nobody may found an abnormal stop, which a person confirms."""
    told = message.contract
    if told.outcome not in SHUT:
        return []
    return await _sign(message, services, told.institution_id, "inspection", str(told.visit_id), told.outcome)


async def alert_noted(message: Message[AlertRaisedV1], services: Any) -> list[Work]:
    """So may a RED alert of some rules."""
    told = message.contract
    if told.institution_id is None or told.severity != "RED" or told.rule not in STOP_RULES:
        return []
    return await _sign(message, services, told.institution_id, "alert", str(told.alert_id), told.rule)


async def _sign(
    message: Message[Any], services: Any, institution_id: UUID, source: Source, reference: str, detail: str
) -> list[Work]:
    state, _ = await services.log.state(INSTITUTIONS, institution_id)
    if not isinstance(state, Known):
        return []  # unlicensed premises are the inspection's own matter
    on = shanghai_date(message.occurred_at)
    command = NoteSign(source=source, reference=reference, detail=detail, on=on)
    envelope = message.envelope("registry-note-stop-sign", reason=SIGN, legal_basis=STOPPING)
    return [Work(INSTITUTIONS, institution_id, command, envelope)]


INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        CustodyAccountActivatedV1: whitelist_precondition,
        CustodyAccountClosedV1: whitelist_precondition_ended,
        LiabilityStatedV1: liability_noted,
        PrepaidStatedV1: prepaid_noted,
        VisitReportedV1: visit_noted,
        AlertRaisedV1: alert_noted,
        UnlicensedPremisesFoundV1: unlicensed_noted,
        UnlicensedPremisesWithdrawnV1: unlicensed_withdrawn,
        **ORDERS_INBOUND,
        **noting(ACCESS),
    }
)
