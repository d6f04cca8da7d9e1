"""Contracts and payments in batches: each record by itself, looked at as one alone, and sent again at will."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from funds.test_api import ACCOUNT, INSTITUTION, NEW_CONTRACT, PAYMENT, opened
from mingjing_funds.api import batch_answers

RECORD = {name: value for name, value in NEW_CONTRACT.items() if name != "contract_id"}
AT = "/contract-batches"


def record(number: int, **change: Any) -> dict[str, Any]:
    """A contract of a pupil of its own."""
    people = {
        "pupil": {"name": f"武玲{'帆凡繁'[number % 3]}"},
        "guardian": {"name": "段宇", "phone": f"1990000{number:04}"},
    }
    return RECORD | people | {"contract_no": f"HT-{number}"} | change


def why(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    """What was not simply accepted."""
    return [
        (one["index"], one["became"], (one["why_not"] or {}).get("type", "").rpartition(":")[2])
        for one in answer["records"]
    ]


def institution(world: Any, whose: UUID = INSTITUTION) -> Any:
    return world.caller("institution", organisation=str(whose))


async def test_a_batch_signs_what_stands_and_says_of_each_of_the_others_why_not(world: Any) -> None:
    await opened(world.caller("fund-regulator"))
    mine = institution(world)
    batch = [
        record(1),
        record(2, lessons=61),
        record(3, payee="private-code"),
        record(4, account_id=str(UUID(int=9))),
        record(5, lease_ends_on="2026-10-01"),
        record(1, course="国画"),
    ]
    sent = await mine.send("POST", AT, json={"contracts": batch})
    answer = sent.json()
    assert (answer["accepted"], answer["repeated"], answer["refused"]) == (2, 0, 4), answer
    assert why(answer) == [
        (1, "refused", "too-many-lessons"),
        (2, "refused", "payee-not-custody"),
        (3, "refused", "outside-your-scope"),
        (4, "accepted", ""),
        (5, "refused", "contract-differs"),
    ]
    assert answer["records"][3]["warnings"] == ["P7"]
    regulator = world.caller("fund-regulator")
    regulator.position = mine.position
    shown = (await regulator.get("/contracts"))["items"]
    assert [(one["contract_no"], one["pupil_masked"], one["state"]) for one in shown] == [
        ("HT-1", "武**", "signed"),
        ("HT-5", "武**", "signed"),
    ]
    again = (await mine.send("POST", AT, json={"contracts": [batch[0], batch[4]]})).json()
    assert (again["accepted"], again["repeated"], again["refused"]) == (0, 2, 0)


async def test_what_one_pupil_pays_for_in_one_batch_counts_together(world: Any) -> None:
    await opened(world.caller("fund-regulator"))
    first = record(1, lessons=40)
    answer = (
        await institution(world).send(
            "POST", AT, json={"contracts": [first, first | {"contract_no": "HT-2"}, record(3, lessons=40)]}
        )
    ).json()
    assert why(answer) == [(1, "refused", "topped-up-lessons")]
    crowd = [first | {"contract_no": f"HT-{number}", "course": f"课程{number}"} for number in range(10, 31)]
    answer = (await institution(world).send("POST", AT, json={"contracts": crowd})).json()
    assert why(answer)[-1] == (20, "refused", "too-many-of-one-pupil")


async def test_nobody_signs_for_another_institution_nor_takes_its_numbers(world: Any) -> None:
    await opened(world.caller("fund-regulator"))
    other = institution(world, UUID(int=9))
    answer = (await other.send("POST", AT, json={"contracts": [record(1)]})).json()
    assert why(answer) == [(0, "refused", "outside-your-scope")]
    assert answer["records"][0]["why_not"]["status"] == 403
    await institution(world).send("POST", AT, json={"contracts": [record(1)]})
    pay = PAYMENT | {"contract_no": "HT-1"}
    answer = (await other.send("POST", "/receipt-batches", json={"payments": [pay]})).json()
    assert why(answer) == [(0, "refused", "contract-unknown")]
    auditor = (await world.caller("auditor").send("POST", AT, json={"contracts": [record(2)]})).json()
    assert why(auditor) == [(0, "refused", "outside-your-scope")]


async def test_payments_are_recorded_one_by_one_and_awaited_on_the_account(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingjing_funds.api.receipt_batches.WORKS_MAX", 2)
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    mine = institution(world)
    contracts = [record(number) for number in (1, 2, 3)]
    assert (await mine.send("POST", AT, json={"contracts": contracts})).json()["accepted"] == 3
    payments = [
        PAYMENT | {"contract_no": "HT-1"},
        PAYMENT | {"contract_no": "HT-2", "payment_no": "JF2", "amount_fen": 1},
        PAYMENT | {"contract_no": "HT-3", "payment_no": "JF3", "paid_at": "2026-07-02T09:00:00+08:00"},
        PAYMENT | {"contract_no": "HT-4", "payment_no": "JF4"},
        PAYMENT | {"contract_no": "HT-3", "payment_no": "JF5"},
    ]
    answer = (await mine.send("POST", "/receipt-batches", json={"payments": payments})).json()
    assert why(answer) == [
        (1, "refused", "payment-differs"),
        (2, "refused", "day-not-yet-come"),
        (3, "refused", "contract-unknown"),
    ]
    assert answer["accepted"] == 2
    regulator.position = mine.position
    awaited = (await regulator.get("/payments", open_only=True))["items"]
    assert sorted(one["number"] for one in awaited) == ["JF1", "JF5"]
    assert {one["account_id"] for one in awaited} == {str(ACCOUNT)}
    again = (await mine.send("POST", "/receipt-batches", json={"payments": [payments[0], payments[4]]})).json()
    assert (again["accepted"], again["repeated"]) == (0, 2)


async def test_a_batch_has_a_limit(world: Any) -> None:
    many = {"contracts": [record(1)] * (batch_answers.RECORDS_MAX + 1)}
    assert (await institution(world).send("POST", AT, json=many)).status_code == 422
