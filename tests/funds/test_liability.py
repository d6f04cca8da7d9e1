"""The registry asks what families are still owed; funds answers with the sum of its own books."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from funds.test_api import CONTRACT, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened
from mingjing_contracts.registry import LiabilityAskedV1
from mingjing_funds.domain.institution import LiabilityStated
from mingjing_funds.messaging.outbound import OUTBOUND


async def answered(world: Any, institution_id: UUID) -> int:
    """What the registry would hear."""
    await world.tell(LiabilityAskedV1(institution_id=institution_id, on=date(2026, 7, 1)))
    facts = await world.host.log.read(0, 1_000)
    last = [fact for fact in facts if isinstance(fact.event, LiabilityStated)][-1]
    told = OUTBOUND[LiabilityStated](last)
    assert (told.institution_id, told.on) == (institution_id, date(2026, 7, 1))
    return int(told.unconsumed_fen)


async def test_what_is_owed_is_asked_and_answered(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await world.tell(REGISTERED)
    await opened(regulator)
    assert await answered(world, INSTITUTION) == 0
    signed = await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    assert signed.status_code == 201, signed.text
    await regulator.get(f"/contracts/{CONTRACT}")
    paid = await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    assert paid.status_code == 201, paid.text
    assert await answered(world, INSTITUTION) == 299_900
    assert await answered(world, UUID(int=99)) == 0
