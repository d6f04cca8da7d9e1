"""Contract -> commands. The one rule: a licence that ends blocks charges at once (X11); refunds are never touched."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.console import ACCESS
from mingjing_contracts.registry import (
    BlacklistEndedV1,
    BlacklistPublishedV1,
    InstitutionAmendedV1,
    InstitutionRegisteredV1,
    LiabilityAskedV1,
    LicenceCancelledV1,
    LicenceReinstatedV1,
    LicenceRevokedV1,
    LicenceSuspendedV1,
)
from mingjing_funds.codec import INSTITUTIONS
from mingjing_funds.domain.institution import (
    AllowCharging,
    BlockCause,
    BlockCharging,
    Command,
    NoteInstitution,
    Particulars,
    StateLiability,
)
from mingjing_funds.messaging.hold_proposal import hold_proposed, proposal_withdrawn
from mingjing_funds.messaging.ledger_extracts import EXTRACTS_INBOUND
from mingjing_funds.messaging.refund_disputes import DISPUTES_INBOUND
from mingjing_funds.messaging.signs import SIGNS_INBOUND
from mingjing_funds.projections.liabilities import unconsumed_of
from mingjing_kernel.access.noted import noting
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Work
from mingjing_kernel.projection import ListsBehind

REGISTERED, AMENDED = "institution-registered", "institution-amended"
SUSPENDED, REVOKED, CANCELLED = "licence-suspended", "licence-revoked", "licence-cancelled"
REINSTATED = "licence-reinstated"
ASKED = "liability-asked"
"""Why something was done; codes, put into words where somebody reads them."""
REGISTER = "教监管函〔2021〕2号"
"""Whose money it is follows from who is registered."""
SUPERVISION = "民办教育促进法第六十二条"
"""X11: who may not teach may not charge."""


def institution_told(message: Message[InstitutionRegisteredV1 | InstitutionAmendedV1], _services: Any) -> list[Work]:
    """Remember who this is, by every name; accounts and contracts refer to names and codes only."""
    told = message.contract
    names = {told.name, told.short_name, *told.former_names} - {""}
    particulars = Particulars(
        name=told.name,
        names=tuple(sorted(names)),
        uscc=told.uscc,
        department=told.departments[0] if told.departments else "",
        region=told.region,
        category=told.categories[0] if told.categories else "",
        is_subject="subject" in told.categories,
    )
    note = NoteInstitution(particulars=particulars)
    why = AMENDED if isinstance(told, InstitutionAmendedV1) else REGISTERED
    envelope = message.envelope("funds-note-institution", reason=why, legal_basis=REGISTER)
    return [Work(INSTITUTIONS, told.institution_id, note, envelope)]


def licence_suspended(message: Message[LicenceSuspendedV1], _services: Any) -> list[Work]:
    """X11."""
    told = message.contract
    block = BlockCharging(cause=BlockCause.SUSPENDED, decision=told.decision_reference, since=told.on)
    return [_work(message, "funds-block-charges", SUSPENDED, block)]


def licence_revoked(message: Message[LicenceRevokedV1], _services: Any) -> list[Work]:
    """X11, for good."""
    told = message.contract
    block = BlockCharging(cause=BlockCause.REVOKED, decision=told.decision_reference, since=told.on)
    return [_work(message, "funds-block-charges", REVOKED, block)]


def licence_cancelled(message: Message[LicenceCancelledV1], _services: Any) -> list[Work]:
    """X11, for good."""
    told = message.contract
    block = BlockCharging(cause=BlockCause.CANCELLED, decision=told.reason, since=told.on)
    return [_work(message, "funds-block-charges", CANCELLED, block)]


def licence_reinstated(message: Message[LicenceReinstatedV1], _services: Any) -> list[Work]:
    """The end of a suspension."""
    told = message.contract
    allow = AllowCharging(decision=told.decision_reference, since=told.on)
    return [_work(message, "funds-allow-charges", REINSTATED, allow)]


async def liability_asked(message: Message[LiabilityAskedV1], services: Kit) -> list[Work]:
    """Count what families are still owed, on lists that show everything booked by now."""
    institution_id = message.contract.institution_id
    try:
        await services.up_to_date()
    except ListsBehind as behind:
        # Lists that are late are no fault of the message: it is heard again, not parked.
        raise TimeoutError from behind
    async with services.connection() as connection:
        owed = await unconsumed_of(connection, institution_id)
    command = StateLiability(unconsumed_fen=owed, on=shanghai_date(services.now()))
    return [_work(message, "funds-state-liability", ASKED, command)]


def _work(message: Message[Any], reaction: str, why: str, command: Command) -> Work:
    envelope = message.envelope(reaction, reason=why, legal_basis=SUPERVISION)
    return Work(INSTITUTIONS, message.contract.institution_id, command, envelope)


INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        InstitutionRegisteredV1: institution_told,
        InstitutionAmendedV1: institution_told,
        LicenceSuspendedV1: licence_suspended,
        LicenceRevokedV1: licence_revoked,
        LicenceCancelledV1: licence_cancelled,
        LicenceReinstatedV1: licence_reinstated,
        LiabilityAskedV1: liability_asked,
        BlacklistPublishedV1: hold_proposed,
        BlacklistEndedV1: proposal_withdrawn,
        **SIGNS_INBOUND,
        **DISPUTES_INBOUND,
        **EXTRACTS_INBOUND,
        **noting(ACCESS),
    }
)
