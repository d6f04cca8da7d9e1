"""What institutions hold and owe is stated once a day, where it changed, and told to the registry."""

from __future__ import annotations

from datetime import date
from typing import Any

from funds.test_api import CONTRACT, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened
from mingjing_funds.domain.prepaid import PREPAID, PrepaidStated, StatePrepaid
from mingjing_funds.intake.prepaid_statement import state_prepaid
from mingjing_funds.messaging.outbound import OUTBOUND

DAY = date(2026, 7, 1)
COMMAND = StatePrepaid(institution_id=INSTITUTION, balance_fen=1, unconsumed_fen=1, contracts_open=1, pupils=1, on=DAY)


def test_a_day_is_stated_once_and_the_same_amounts_are_no_news() -> None:
    (stated,) = PREPAID.decide(COMMAND, None)
    later = StatePrepaid(
        institution_id=INSTITUTION, balance_fen=1, unconsumed_fen=1, contracts_open=1, pupils=1, on=date(2026, 7, 2)
    )
    same_day = StatePrepaid(
        institution_id=INSTITUTION, balance_fen=9, unconsumed_fen=1, contracts_open=1, pupils=1, on=DAY
    )
    assert PREPAID.decide(later, stated) == []
    assert PREPAID.decide(same_day, stated) == []


async def told(world: Any) -> list[Any]:
    facts = await world.host.log.read(0, 1_000)
    return [OUTBOUND[PrepaidStated](fact) for fact in facts if isinstance(fact.event, PrepaidStated)]


async def test_the_days_amounts_are_the_sums_of_the_books(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    assert "no custody account" in await state_prepaid(world.host, DAY)
    await world.tell(REGISTERED)
    await opened(regulator)
    signed = await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    assert signed.status_code == 201, signed.text
    await regulator.get(f"/contracts/{CONTRACT}")
    assert (await state_prepaid(world.host, DAY)).startswith("1 of 1")
    paid = await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    assert paid.status_code == 201, paid.text
    assert (await state_prepaid(world.host, DAY)).startswith("0 of 1")  # of one day there is one statement
    assert (await state_prepaid(world.host, date(2026, 7, 2))).startswith("1 of 1")
    assert (await state_prepaid(world.host, date(2026, 7, 3))).startswith("0 of 1")
    first, second = await told(world)
    assert (first.balance_fen, first.unconsumed_fen, first.contracts_open) == (800_000, 0, 0)
    assert (second.unconsumed_fen, second.contracts_open, second.pupils) == (299_900, 1, 1)
    assert (second.institution_id, second.on) == (INSTITUTION, date(2026, 7, 2))
    assert (await world.replayed()).differences == 0
