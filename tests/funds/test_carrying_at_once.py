"""What a carrying refuses, and two people who carry at the same moment: each contract goes once, or says why not."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, CONTRACT, PAYMENT, opened, problem
from funds.test_carrying import (
    CARRY,
    OTHER_PUPIL,
    SECOND,
    SUMS,
    THIRD,
    THIRD_PUPIL,
    begun,
    carried,
    signed,
    totals,
    transferred,
)
from funds.test_carrying_again import BF1, expected
from funds.test_custodians import ACTIVATION, CHANGE, CUSTODY, NEW, OLD_NUMBER, agreed, booked
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import taught
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.order import ReleaseShare
from mingjing_funds.intake import bank_carrying
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome

LONG_AGO = "2026-06-20T09:00:00+08:00"


async def test_two_who_carry_at_once_carry_each_contract_once(world: Any) -> None:
    people = [world.caller("fund-regulator", name) for name in ("song", "wang", "li")]
    regulator = people[0]
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    before = await totals(regulator)
    for person in people:
        person.position = regulator.position
    answers = await asyncio.gather(*(person.send("POST", CARRY) for person in people))
    went = [answer.json() for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}, [answer.text for answer in answers]
    assert (sum(one["contracts"] for one in went), sum(one["releasable_fen"] for one in went)) == (2, 24_991)
    regulator.position = str(await world.host.log.head())
    after = await totals(regulator)
    assert {name: after[name] for name in SUMS} == {name: before[name] for name in SUMS}
    assert (await world.replayed()).differences == 0


async def test_books_that_never_rest_are_said(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    planned, times = bank_carrying._planned, iter(range(100))

    async def booked_meanwhile(*args: Any) -> Any:
        plan, at = await planned(*args), next(times)
        await booked(world, ACCOUNT, OLD_NUMBER, f"HP-{at}", 100 if at % 2 == 0 else -100, 100 - at % 2 * 100, NOW)
        return plan

    monkeypatch.setattr(bank_carrying, "_planned", booked_meanwhile)
    refused = await regulator.send("POST", CARRY)
    assert problem(refused) in ((409, "books-moving"), (409, "balance-stays")), refused.text
    contract, _ = await world.host.log.state(CONTRACTS, CONTRACT)
    assert contract.terms.account_id == ACCOUNT


async def test_a_number_that_the_new_account_knows_keeps_its_contract_where_it_is(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await opened(regulator)
    await signed(regulator, CONTRACT, "HT-1")
    late = PAYMENT | {"paid_at": LONG_AGO}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/payment", json=late)).status_code == 201
    await begun(regulator)
    await signed(regulator, SECOND, "HT-2", account_id=str(NEW), **OTHER_PUPIL)
    assert (await regulator.send("POST", f"/contracts/{SECOND}/payment", json=PAYMENT)).status_code == 201
    await transferred(world, regulator, 800_000)
    done = await carried(regulator)
    assert (done["contracts"], done["is_done"]) == (0, False)
    assert [(one["contract_no"], one["why"]) for one in done["waits"]] == [("HT-1", "number-taken")]
    assert "同号" in done["waits"][0]["why_zh"]
    assert (await expected(world, ACCOUNT), await expected(world)) == ({"JF1"}, {"JF1"})


async def test_nothing_goes_on_the_day_of_the_opening_balance(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await opened(regulator, opening_fen=0)
    await signed(regulator, CONTRACT, "HT-1")
    await agreed(regulator)
    today = {"opened_on": str(NOW.date()), "opening_on": str(NOW.date())}
    change = CHANGE | {"activation": ACTIVATION | today}
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=change)).status_code == 201
    await regulator.get(CUSTODY)
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json={"amount_fen": 0})).is_success
    refused = await regulator.send("POST", CARRY)
    assert problem(refused) == (409, "opened-today")
    assert str(NOW.date()) in refused.text


async def test_an_order_of_which_only_the_contract_has_heard_is_not_given_again(world: Any) -> None:
    """Before numbers went over with their contracts, the new account did not know what the old one had paid."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    share = ReleaseShare(**BF1, released_on=NOW.date())
    written = Envelope(command_id=new_id(), actor="song")
    assert isinstance(await world.host.log.handle(CONTRACTS, CONTRACT, share, written), Outcome)
    again = await regulator.send("POST", f"{CONTRACT_AT}/releases", json=BF1)
    assert problem(again) == (409, "ordered-before")
    assert await expected(world, ACCOUNT) == set()


async def test_so_many_are_looked_at_for_one_request_and_the_next_goes_on_after_them(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulator = world.caller("fund-regulator", "song")
    await opened(regulator)
    ids = sorted((UUID(int=0x20), SECOND, THIRD))
    people: list[dict[str, Any]] = [{}, OTHER_PUPIL, THIRD_PUPIL]
    for at, (id, pupil) in enumerate(zip(ids, people, strict=True)):
        await signed(regulator, id, f"HT-{at}", **pupil)
    for at in range(2):  # on their way to the old bank: these two wait
        payment = PAYMENT | {"payment_no": f"JF{at}"}
        assert (await regulator.send("POST", f"/contracts/{ids[at]}/payment", json=payment)).status_code == 201
    await begun(regulator)
    await transferred(world, regulator, 800_000)
    monkeypatch.setattr(bank_carrying, "LOOKED_MAX", 2)
    looked = await regulator.get(CARRY)
    assert (looked["ready"], looked["is_more"], looked["waiting"], looked["next_after"]) == (0, True, 2, str(ids[1]))
    first = await carried(regulator)
    assert (first["contracts"], first["is_more"], first["next_after"]) == (0, True, str(ids[1]))
    answer = await regulator.send("POST", CARRY, params={"after": first["next_after"]})
    rest = answer.json()
    assert (rest["contracts"], rest["is_more"], rest["is_done"], rest["waiting"]) == (1, False, False, 0)
    contract, _ = await world.host.log.state(CONTRACTS, ids[2])
    assert contract.terms.account_id == NEW
