"""A court's order keeps money: the clocks of the refunds that wait for it stand still by themselves, and go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from funds.conftest import NOW
from funds.test_api import ACCOUNT
from funds.test_refunds_to_the_bank import REFUND, agreed
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import freeze as f
from mingjing_funds.domain.account_terms import Holder
from mingjing_funds.domain.refund import COURT, Refund, RefundStanding, ResumeRefund, StayRefund
from mingjing_funds.intake.court_stay import Payable, keep_clocks, works_of

DAY = date(2026, 7, 10)
HOLDER = Holder(institution_id=None, institution_name="", uscc="", bank="", account_name="", department="", region="",
                category="")  # fmt: skip


def account(balance_fen: int, **freezes: f.Order) -> s.Active:
    ledger = s.Ledger(balance_fen, date(2026, 6, 1), freezes=freezes)
    return s.Active(HOLDER, "6299", 0, date(2026, 6, 1), ledger)


def order(no: str, amount_fen: int | None, until: date | None = None, lifted_on: date | None = None,
          on: date = date(2026, 7, 5)) -> f.Order:  # fmt: skip
    frozen = f.AccountFrozen(order_no=no, authority="法院", legal_basis="民事诉讼法", amount_fen=amount_fen,
                             frozen_on=on, until=until)  # fmt: skip
    return f.Order(frozen, lifted_on)


def refund(number: int, fen: int, stayed_by: str = "", standing: RefundStanding = RefundStanding.AGREED) -> Payable:
    due = DAY + timedelta(days=number)
    stayed = date(2026, 7, 5) if stayed_by else None
    one = Refund(f"TF{number}", fen, standing, fen, pay_by=due, payable_on=date(2026, 7, 1), stayed_on=stayed,
                 stayed_by=stayed_by)  # fmt: skip
    return Payable(UUID(int=number), one)


def test_what_is_not_frozen_pays_the_earliest_and_the_others_wait() -> None:
    works = works_of(account(10_00, A=order("执1", 4_00)), [refund(3, 3_00), refund(1, 5_00), refund(2, 2_00)], DAY)
    assert sorted(work.command.refund_no for work in works) == ["TF2", "TF3"], "¥6 are free, and ¥5 are due first"
    work = works[0]
    assert isinstance(work.command, StayRefund)
    assert work.command.reference == f"{COURT}执1"
    assert work.command.stayed_on == date(2026, 7, 5), "since the order, not since somebody looked"
    assert works_of(account(10_00), [refund(1, 50_00)], DAY) == [], "short of money is no court"


def test_the_clock_goes_on_from_the_day_on_which_the_order_ended() -> None:
    waits = refund(1, 5_00, stayed_by=f"{COURT}执1")
    for over, on in (
        (order("执1", None, until=date(2026, 7, 7)), date(2026, 7, 8)),
        (order("执1", None, lifted_on=date(2026, 7, 9)), date(2026, 7, 9)),
        (order("执1", 1_00), DAY),
    ):
        (work,) = works_of(account(10_00, 执1=over), [waits], DAY)
        assert isinstance(work.command, ResumeRefund)
        assert work.command.resumed_on == on
    assert works_of(account(10_00), [refund(1, 5_00, stayed_by="执行法官来电")], DAY) == [], "hers to end"
    hers = refund(1, 5_00, stayed_by=f"{COURT}执9")
    assert works_of(account(10_00, 执1=order("执1", 1_00)), [hers], DAY) == [], "no order of this account: hers, too"


def test_several_orders_keep_it_from_the_day_on_which_it_was_not_free_to_the_end_of_the_last() -> None:
    small, whole = order("执1", 2_00, on=date(2026, 7, 1)), order("执2", None, on=date(2026, 7, 8))
    (work,) = works_of(account(10_00, 执1=small, 执2=whole), [refund(1, 5_00)], DAY)
    assert isinstance(work.command, StayRefund)
    assert work.command.stayed_on == date(2026, 7, 8), "the first order left enough of it"
    begun, late = order("执1", None, until=date(2026, 7, 5)), order("执3", None, on=date(2026, 7, 9),
                                                                     lifted_on=date(2026, 7, 10))  # fmt: skip
    follows = order("执2", None, on=date(2026, 7, 6), lifted_on=date(2026, 7, 8))
    (work,) = works_of(account(10_00, 执1=begun, 执2=follows, 执3=late), [refund(1, 5_00, f"{COURT}执1")], DAY)
    assert isinstance(work.command, ResumeRefund)
    assert work.command.resumed_on == date(2026, 7, 8), "the third did not follow on the second"


def test_the_clock_of_a_refund_that_came_from_another_bank_goes_on() -> None:
    waits = refund(1, 5_00, stayed_by=f"{COURT}执9")
    assert works_of(account(10_00), [waits], DAY) == [], "an order that nobody here knows"
    (work,) = works_of(account(10_00), [replace(waits, has_moved=True)], DAY)
    assert isinstance(work.command, ResumeRefund)
    assert work.command.resumed_on == DAY
    (work,) = works_of(account(10_00, A=order("执1", None)), [replace(refund(1, 5_00), has_moved=True)], DAY)
    assert isinstance(work.command, StayRefund), "a court's order here keeps it here"


@given(
    balance=st.integers(0, 30), frozen=st.none() | st.integers(1, 30), amounts=st.lists(st.integers(1, 9), max_size=6),
    sent=st.integers(0, 63),
)  # fmt: skip
def test_what_goes_on_fits_into_what_is_free_and_nothing_that_would_fit_next_is_kept(
    balance: int, frozen: int | None, amounts: list[int], sent: int
) -> None:
    states = [RefundStanding.INSTRUCTED if sent >> at & 1 else RefundStanding.AGREED for at in range(len(amounts))]
    payable = [refund(at, fen, standing=state) for at, (fen, state) in enumerate(zip(amounts, states, strict=True), 1)]
    held = account(balance, A=order("执1", frozen))
    stayed = {work.id.int for work in works_of(held, payable, DAY)}
    free = f.free_fen(held.ledger.freezes, balance, 0, DAY)
    goes = [one.refund.amount_fen for one in payable if one.contract_id.int not in stayed]
    assert sum(goes) <= free
    assert all(one.refund.amount_fen > free - sum(goes) for one in payable if one.contract_id.int in stayed)


async def test_over_http_it_stands_still_goes_on_and_never_twice(world: Any) -> None:
    regulator = await agreed(world)

    async def clock() -> tuple[str | None, str]:
        await world.host.runner.wait_for(await world.host.log.head())
        (one,) = (await regulator.get("/refund-requests"))["items"]
        return one["stayed_on"], one["pay_by"]

    _, due = await clock()
    body = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "frozen_on": "2026-06-30",
            "until": "2026-07-20"}  # fmt: skip
    answer = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=body)
    assert answer.is_success, answer.text
    assert await clock() == ("2026-07-01", due), "it has stood still since it became payable, after the order"
    said = await keep_clocks(world.host, NOW.date())
    assert "0 clocks stand still" in said
    said = await keep_clocks(world.host, date(2026, 7, 25))
    assert said.endswith("1 go on"), said
    later = date.fromisoformat(due) + timedelta(days=20)
    assert await clock() == (None, str(later)), "twenty days were the court's"
    assert "nobody" not in await keep_clocks(world.host, date(2026, 7, 26))
    contract, _ = await world.host.log.state(CONTRACTS, UUID(int=0x20))
    assert contract.refunds[REFUND.rsplit("/", 1)[-1]].stayed_on is None
    assert (await world.replayed()).differences == 0
