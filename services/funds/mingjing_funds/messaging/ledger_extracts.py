"""Reaction X21: the handler of a complaint asks what stands in the ledger of an order, and is answered by itself.

One rule: who asked and for what is on the order's record before the answer leaves; the answer names no family.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_contracts.funds import LedgerExtractStatedV1, LedgerLineV1
from mingjing_contracts.inspection import LedgerExtractAskedV1
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.ledger_extract import LedgerExtractStated, StateExtract
from mingjing_funds.messaging.signing import signed_by
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Recorded, Work
from mingjing_kernel.sealed.redact import redacted

ASKED = "ledger-extract-asked"
"""Why; a code, put into words where somebody reads it."""
BASIS: Final = "个人信息保护法第十三条；消费者权益保护法第三十二条"


async def extract_asked(message: Message[LedgerExtractAskedV1], services: Kit) -> list[Work]:
    """State it as it stands now; an order that nobody knows here, or of another institution, is answered, too."""
    told = message.contract
    command = StateExtract(
        request_id=told.request_id,
        track_id=told.track_id,
        institution_id=told.institution_id,
        account_institution_id=await signed_by(told.contract_id, services),
        purpose=redacted(told.purpose),
        asked_by=told.by,
        on=shanghai_date(services.now()),
    )
    envelope = message.envelope("funds-state-extract", reason=ASKED, legal_basis=BASIS)
    return [Work(CONTRACTS, told.contract_id, command, envelope)]


def extract_stated(fact: Recorded[LedgerExtractStated]) -> LedgerExtractStatedV1:
    """Back to the complaint."""
    event, figures = fact.event, fact.event.figures
    return LedgerExtractStatedV1(
        request_id=event.request_id,
        track_id=event.track_id,
        contract_id=fact.id,
        is_known=event.is_known,
        contract_no=figures.contract_no,
        stage=figures.stage,
        lessons=figures.lessons,
        used=figures.used,
        price_fen=figures.price_fen,
        paid_fen=figures.paid_fen,
        earned_fen=figures.earned_fen,
        released_fen=figures.released_fen,
        refunded_fen=figures.refunded_fen,
        transferred_fen=figures.transferred_fen,
        remaining_fen=figures.remaining_fen,
        promised_fen=figures.promised_fen,
        is_disputed=figures.is_disputed,
        lines=tuple(
            LedgerLineV1.model_validate(
                {"kind": line.kind, "reference": line.reference, "amount_fen": line.amount_fen,
                 "standing": line.standing, "on": line.on}
            )
            for line in event.lines
        ),
        stated_on=event.stated_on,
    )  # fmt: skip


EXTRACTS_INBOUND: Mapping[type[Any], Reaction] = MappingProxyType({LedgerExtractAskedV1: extract_asked})
