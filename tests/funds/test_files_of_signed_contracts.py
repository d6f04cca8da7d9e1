"""A contract that was signed over HTTP, under an id of the caller's choice, is found by its number in files."""

from __future__ import annotations

from typing import Any

from funds.test_api import ACCOUNT, CONTRACT, NEW_CONTRACT, opened
from funds.test_scope import CSV, LESSON, PAYMENT


def row(table: str) -> bytes:
    return table.format(no="HT-1", by="HT", code="", number="").encode()


async def test_its_payment_and_its_lessons_reach_it(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    terms = NEW_CONTRACT | {"price_fen": 240_000, "starts_on": "2026-06-20", "ends_on": "2026-09-10"}
    assert (await regulator.send("POST", "/contracts", json=terms)).status_code == 201
    for kind, table in (("payments", PAYMENT), ("lessons", LESSON)):
        await regulator.get("/contracts")
        sent = await regulator.send("POST", f"/files/{kind}", content=row(table), headers=CSV)
        assert (sent.json()["accepted"], sent.json()["kept_aside"]) == (1, 0), (kind, sent.text)
    order = await regulator.get(f"/contracts/{CONTRACT}/order")
    assert (order["paid_fen"], order["earned_fen"]) == (240_000, 10_000)
    (awaited,) = (await regulator.get("/payments"))["items"]
    assert (awaited["number"], awaited["account_id"]) == ("JF-HT-1-HT", str(ACCOUNT))
    assert len((await regulator.get("/contracts"))["items"]) == 1
    assert (await world.replayed()).differences == 0
