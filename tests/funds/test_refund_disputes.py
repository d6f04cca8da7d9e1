"""X9: a refund dispute that was accepted stops the release of its order, and of no other; its end lets it go on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from funds.test_api import INSTITUTION, problem
from funds.test_contract_releases import RELEASES, SHARE
from funds.test_family_side import CONTRACT_AT, order, paid
from funds.test_payments import taught
from mingjing_contracts.inspection import RefundDisputeAcceptedV1, RefundDisputeEndedV1
from mingjing_funds.messaging.refund_disputes import DisputeOfAnother

NOW = datetime(2026, 7, 2, 2, tzinfo=UTC)
DISPUTE = UUID(int=90)


async def test_the_release_of_the_disputed_order_waits_until_the_dispute_is_over(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    contract_id = UUID(CONTRACT_AT.rsplit("/", 1)[-1])
    accepted = RefundDisputeAcceptedV1(
        track_id=DISPUTE, contract_id=contract_id, instead_of=None, institution_id=INSTITUTION, accepted_at=NOW
    )
    await world.tell(accepted)
    await world.tell(accepted)
    assert problem(await regulator.send("POST", RELEASES, json=SHARE)) == (409, "order-frozen")
    ended = RefundDisputeEndedV1(track_id=DISPUTE, contract_id=contract_id, outcome="AGREED", ended_at=NOW)
    await world.tell(ended)
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    assert (await order(regulator))["released_fen"] == 12_495
    assert (await world.replayed()).differences == 0


@pytest.mark.parametrize("institution_id", [None, UUID(int=0xABC)])
async def test_a_dispute_with_another_institution_or_with_nobody_yet_stops_no_release(
    world: Any, institution_id: UUID | None
) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    accepted = RefundDisputeAcceptedV1(
        track_id=DISPUTE,
        contract_id=UUID(CONTRACT_AT.rsplit("/", 1)[-1]),
        instead_of=None,
        institution_id=institution_id,
        accepted_at=NOW,
    )
    with pytest.raises(DisputeOfAnother):
        await world.tell(accepted)
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
