"""Reaction X9: a refund dispute that was accepted stops the release of its order, and of no other, until it is over.

One rule: refunds are never stopped by it. An order that nobody knows here, or that another institution signed than the
one in dispute, is refused, and the message waits for a person: whose money was to be kept is not to be lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from mingjing_contracts.inspection import RefundDisputeAcceptedV1, RefundDisputeEndedV1
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.order import FreezeCause, FreezeRelease, UnfreezeRelease
from mingjing_funds.messaging.signing import signed_by
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Work
from mingjing_kernel.refusal import Refusal

ACCEPTED, ENDED, CORRECTED = "refund-dispute-accepted", "refund-dispute-ended", "refund-dispute-corrected"
"""Why; codes, put into words where somebody reads them."""
BASIS: Final = "消费者权益保护法第五十三条；教监管函〔2021〕2号"


class DisputeOfAnother(Refusal):
    """Numbers of contracts are every institution's own: the one that was found may be another family's."""

    sentence = "Contract {contract_id} is not known as one of the institution that the dispute is about."
    remedy = "Settle whom the dispute is about, and name there the contract of that institution."
    field = "contract_id"


async def dispute_accepted(message: Message[RefundDisputeAcceptedV1], services: Kit) -> list[Work]:
    """The order's release waits; of the order that it was held to be about, it goes on."""
    told, works = message.contract, []
    if told.institution_id is None or told.institution_id != await signed_by(told.contract_id, services):
        raise DisputeOfAnother(contract_id=told.contract_id)
    on = shanghai_date(told.accepted_at)
    if told.instead_of is not None and told.instead_of != told.contract_id:
        free = UnfreezeRelease(reference=reference(told.track_id), unfrozen_on=on)
        envelope = message.envelope("funds-unfreeze-other-order", reason=CORRECTED, legal_basis=BASIS)
        works.append(Work(CONTRACTS, told.instead_of, free, envelope))
    freeze = FreezeRelease(cause=FreezeCause.REFUND_DISPUTE, reference=reference(told.track_id), frozen_on=on)
    envelope = message.envelope("funds-freeze-order", reason=ACCEPTED, legal_basis=BASIS)
    works.append(Work(CONTRACTS, told.contract_id, freeze, envelope))
    return works


def dispute_ended(message: Message[RefundDisputeEndedV1], _services: Any) -> list[Work]:
    """Its release goes on, as far as nothing else stops it."""
    told = message.contract
    free = UnfreezeRelease(reference=reference(told.track_id), unfrozen_on=shanghai_date(told.ended_at))
    envelope = message.envelope("funds-unfreeze-order", reason=ENDED, legal_basis=BASIS)
    return [Work(CONTRACTS, told.contract_id, free, envelope)]


def reference(track_id: UUID) -> str:
    """Under which a freeze stands: the dispute that it is for."""
    return f"complaint-track-{track_id}"


DISPUTES_INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {RefundDisputeAcceptedV1: dispute_accepted, RefundDisputeEndedV1: dispute_ended}
)
