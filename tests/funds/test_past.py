"""One account and one contract as they stood, and balances, whose ``day`` is something else."""

from __future__ import annotations

from typing import Any

from funds.test_api import ACCOUNT, CONTRACT, NEW_CONTRACT, PAYMENT, opened

ONE_ACCOUNT, ONE_CONTRACT = f"/accounts/{ACCOUNT}", f"/contracts/{CONTRACT}"


async def test_one_account_and_one_contract_answer_as_of(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    before = f"@{await world.host.log.head()}"
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    signed = f"@{await world.host.log.head()}"
    await regulator.send("POST", f"{ONE_CONTRACT}/payment", json=PAYMENT)
    now = await regulator.get(ONE_CONTRACT)
    assert (await regulator.get(ONE_CONTRACT, as_of=before))["status"] == 404
    past = await regulator.get(ONE_CONTRACT, as_of=signed)
    assert (past["state"], past["paid_fen"], past["institution_name"]) == ("signed", 0, now["institution_name"])
    assert (now["state"], now["paid_fen"]) == ("paid", 299_900)
    assert await regulator.get(ONE_CONTRACT, as_of=f"@{await world.host.log.head()}") == now
    assert (await regulator.get(ONE_ACCOUNT, as_of="@1"))["state"] == "applied"
    assert (await regulator.get(ONE_ACCOUNT, as_of="@2"))["state"] == "agreed"
    assert (await regulator.get(ONE_ACCOUNT))["state"] == "active"
    elsewhere = world.caller("fund-regulator", region="330105")
    assert (await elsewhere.get(ONE_CONTRACT, as_of=signed))["status"] == 404
    assert (await elsewhere.get(ONE_ACCOUNT, as_of=signed))["status"] == 404


async def test_a_day_of_the_books_counts_what_was_booked_for_it_later(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    before = await regulator.get("/accounts/balances", day="2026-07-01")
    await regulator.send("POST", f"{ONE_CONTRACT}/payment", json=PAYMENT)
    after = await regulator.get("/accounts/balances", day="2026-07-01")
    assert (before["accounts"][0]["unconsumed_fen"], after["accounts"][0]["unconsumed_fen"]) == (0, 299_900)
