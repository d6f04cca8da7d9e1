from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.bank.batches import AT, DAY, item
from mingjing_funds.domain import payment_batch as p
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.collecting import LeftOut, Purse, beyond, collect, cut_off, execution_day
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec
from mingjing_kernel.working_days import RELEASED

ONE = UUID(int=1)
ITEMS = (item("ZL1"), item("ZL2", account_id=UUID(int=2)), item("TF1", direction=Direction.REFUND))
SEND = p.SendBatch(bank="湖畔商业银行", cut_off_at=AT, execute_on=DAY, items=ITEMS, sent_at=AT)
SENT = p.BatchSent(bank="湖畔商业银行", cut_off_at=AT, execute_on=DAY, items=ITEMS, sent_at=AT)
HOLD = p.StopItems(account_id=ONE, ground=p.Ground.RELEASE_HOLD, since=AT + timedelta(hours=2))


def status(number: str, standing: p.Standing, hours: int = 1, **more: str) -> p.ReadStatus:
    given = {"reason_code": "", "reason": "", "flow": "", **more}
    return p.ReadStatus(number=number, standing=standing, at=AT + timedelta(hours=hours), **given)


@pytest.fixture
def batch() -> Spec:
    return Spec(p.BATCH)


def stopped(number: str, ground: p.Ground = p.Ground.RELEASE_HOLD) -> p.InstructionStopped:
    direction = Direction.REFUND if number.startswith("TF") else Direction.RELEASE
    return p.InstructionStopped(
        number=number, account_id=ONE, direction=direction, amount_fen=100_00, ground=ground, since=HOLD.since
    )


def test_a_batch_leaves_once(batch: Spec) -> None:
    batch.when(SEND).then(SENT)
    batch.given(SENT).when(SEND).then()
    batch.given(SENT).when(replace(SEND, items=ITEMS[:1])).then_refused(p.BatchDiffers)
    for strange in ((), (ITEMS[0], ITEMS[0]), (replace(ITEMS[0], amount_fen=0),),
                    (replace(ITEMS[0], instructed_at=AT + timedelta(seconds=1)),),
                    (replace(ITEMS[0], direction=Direction.PAYMENT),), (replace(ITEMS[0], payee_account=""),),
                    (replace(ITEMS[2], returns=""),), (replace(ITEMS[2], payee_name="张三"),)):  # fmt: skip
        batch.when(replace(SEND, items=strange)).then_refused(p.BatchImpossible)
    batch.when(HOLD).then_refused(p.BatchUnknown)
    batch.given(SENT).when(status("ZL9", p.Standing.ACCEPTED)).then_refused(p.InstructionNotInBatch)


def test_a_hold_stops_releases_of_its_account_and_no_refund(batch: Spec) -> None:
    batch.given(SENT).when(HOLD).then(stopped("ZL1"))
    batch.given(SENT, stopped("ZL1")).when(HOLD).then()
    freeze = replace(HOLD, ground=p.Ground.JUDICIAL_FREEZE)
    both = (stopped("TF1", freeze.ground), stopped("ZL1", freeze.ground))
    batch.given(SENT).when(freeze).then(*both)
    batch.given(SENT).when(replace(freeze, numbers=frozenset({"TF1"}))).then(both[0])


def test_a_hold_wins_by_its_moment_and_not_by_the_order_of_messages(batch: Spec) -> None:
    """A report from before the hold that arrives after it is as good as one that arrived before."""
    early = p.InstructionExecuted(
        number="ZL1", account_id=ONE, flow="HP1", at=AT + timedelta(hours=1), against_stop=False
    )
    batch.given(SENT, stopped("ZL1")).when(status("ZL1", p.Standing.EXECUTED, 1, flow="HP1")).then(early)
    batch.given(SENT, early).when(HOLD).then()
    late = replace(early, at=AT + timedelta(hours=3), against_stop=True)
    batch.given(SENT, stopped("ZL1")).when(status("ZL1", p.Standing.EXECUTED, 3, flow="HP1")).then(late)
    confirmed = p.InstructionRefused(
        number="ZL1", account_id=ONE, direction=Direction.RELEASE, amount_fen=100_00, reason_code="", reason="",
        at=AT + timedelta(hours=1),
    )  # fmt: skip
    batch.given(SENT, stopped("ZL1")).when(status("ZL1", p.Standing.REFUSED)).then(confirmed)
    batch.given(SENT, stopped("ZL1"), confirmed).when(status("ZL1", p.Standing.EXECUTED)).then_refused(
        p.StatusContradicted
    )


def test_a_bank_that_says_two_things_is_asked(batch: Spec) -> None:
    done = p.InstructionExecuted(number="ZL1", account_id=ONE, flow="HP1", at=AT, against_stop=False)
    batch.given(SENT, done).when(status("ZL1", p.Standing.REFUSED)).then_refused(p.StatusContradicted)
    batch.given(SENT, done).when(status("ZL1", p.Standing.ACCEPTED)).then()


reports = st.builds(
    status,
    st.sampled_from(["ZL1", "ZL2", "TF1"]),
    st.sampled_from([p.Standing.ACCEPTED, p.Standing.REFUSED, p.Standing.EXECUTED]),
    st.integers(0, 5),
)
stops = st.builds(
    p.StopItems,
    account_id=st.sampled_from([ONE, UUID(int=2)]),
    ground=st.sampled_from(p.Ground),
    since=st.integers(0, 5).map(lambda hours: AT + timedelta(hours=hours)),
)


@given(st.lists(reports | stops, max_size=30))
def test_whatever_comes_twice_late_or_never_an_instruction_is_executed_at_most_once(commands: list[p.Command]) -> None:
    state, executed = p.BATCH.fold([SENT]), []
    refused: set[str] = set()
    for command in commands:
        try:
            facts = p.BATCH.decide(command, state)
        except Refusal:
            continue
        state = p.BATCH.fold(facts, state)
        assert p.BATCH.decide(command, state) == [], "the same again is no news"
        executed += [fact.number for fact in facts if isinstance(fact, p.InstructionExecuted)]
        refused |= {fact.number for fact in facts if isinstance(fact, p.InstructionRefused)}
        for fact in facts:
            if isinstance(fact, p.InstructionExecuted) and fact.against_stop:
                since = state.progress[fact.number].stopped_since
                assert since is not None
                assert since < fact.at
    assert len(executed) == len(set(executed))
    assert not refused & set(executed)


def test_families_come_first_and_what_is_forbidden_stays_behind() -> None:
    waiting = (
        item("ZL1", 600),
        item("ZL2", 600, account_id=UUID(int=2)),
        item("ZL3", 100, account_id=UUID(int=3)),
        item("ZL4", 100, account_id=UUID(int=9)),
        item("ZL6", 1, payee_account=""),
        item("ZL5", 1, instructed_at=AT + timedelta(seconds=1)),
        item("TF1", 500, Direction.REFUND),
        item("TF2", 500, Direction.REFUND, account_id=UUID(int=2)),
    )
    purses = {
        ONE: Purse(balance_fen=1_000, own_money_fen=100),
        UUID(int=2): Purse(balance_fen=1_000, is_held=True),
        UUID(int=3): Purse(balance_fen=150, frozen_fen=100),
    }
    found = collect(waiting, purses, AT)
    assert [one.number for one in found.items] == ["TF1", "TF2"]
    assert found.left_out == {
        "ZL1": LeftOut.NOT_ENOUGH_MONEY,
        "ZL2": LeftOut.RELEASE_HOLD,
        "ZL3": LeftOut.JUDICIAL_FREEZE,
        "ZL4": LeftOut.ACCOUNT_UNKNOWN,
        "ZL5": LeftOut.AFTER_CUT_OFF,
        "ZL6": LeftOut.PAYEE_UNKNOWN,
    }


@given(
    st.lists(
        st.builds(
            item,
            st.integers(1, 40).map("N{}".format),
            st.integers(1, 400),
            st.sampled_from([Direction.RELEASE, Direction.REFUND]),
        ),
        max_size=25,
        unique_by=lambda one: one.number,
    ),
    st.builds(
        Purse,
        balance_fen=st.integers(0, 2_000),
        own_money_fen=st.integers(0, 500),
        frozen_fen=st.integers(0, 500),
        is_held=st.booleans(),
    ),
)
def test_a_batch_never_takes_what_must_stay(waiting: list[p.Item], purse: Purse) -> None:
    found = collect(waiting, {ONE: purse}, AT)
    out = sum(one.amount_fen for one in found.items)
    released = sum(one.amount_fen for one in found.items if one.direction is Direction.RELEASE)
    assert out == 0 or out <= purse.balance_fen - purse.frozen_fen
    assert released == 0 or out <= purse.balance_fen - purse.own_money_fen
    assert not (purse.is_held and released)
    assert {one.number for one in found.items} | set(found.left_out) == {one.number for one in waiting}
    assert not {one.number for one in found.items} & set(found.left_out)


def test_a_freeze_stops_what_is_beyond_the_free_amount() -> None:
    items = (item("ZL1", 300), item("TF1", 500, Direction.REFUND), item("TF2", 400, Direction.REFUND))
    assert beyond(items, 900) == {"ZL1"}
    assert beyond(items, 899) == {"TF2"}  # the refund before it, and the release behind it, still fit
    assert beyond(items, 0) == {"ZL1", "TF1", "TF2"}


@pytest.mark.parametrize(
    ("instructed", "executed_on"),
    [
        (datetime(2026, 3, 10, 7, 59, tzinfo=UTC), date(2026, 3, 11)),  # Tuesday 15:59 in China
        (datetime(2026, 3, 10, 8, 0, 1, tzinfo=UTC), date(2026, 3, 12)),
        (datetime(2026, 3, 13, 8, 1, tzinfo=UTC), date(2026, 3, 16)),  # Friday after the cut-off: Saturday's, so Monday
        (datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 8)),  # over the national holiday
    ],
)
def test_an_instruction_is_carried_out_on_the_working_day_after_its_cut_off(
    instructed: datetime, executed_on: date
) -> None:
    assert execution_day(instructed, time(16), RELEASED) == executed_on
    assert cut_off(date(2026, 3, 10), time(16)) == datetime(2026, 3, 10, 8, tzinfo=UTC)


def test_one_number_of_two_institutions_does_not_block_the_bank() -> None:
    """The older goes, the other waits for the next batch; everything else goes as well."""
    two = UUID(int=2)
    items = (item("ZL1"), item("ZL1", account_id=two), item("ZL2", account_id=two))
    purses = {ONE: Purse(balance_fen=10_000_00), two: Purse(balance_fen=10_000_00)}
    found = collect(items, purses, AT)
    assert [(one.account_id, one.number) for one in found.items] == [(ONE, "ZL1"), (two, "ZL2")]
    assert found.left_out == {"ZL1": LeftOut.NUMBER_TWICE}
    (sent,) = p.decide(replace(SEND, items=found.items), p.Unsent())
    assert isinstance(sent, p.BatchSent)


def test_a_stopped_item_is_not_handed_over_and_a_wholly_stopped_batch_not_at_all() -> None:
    batch = p.BATCH.fold((SENT, stopped("ZL1")))
    assert isinstance(batch, p.Sent)
    assert [one.number for one in p.to_hand_over(batch).items] == ["ZL2", "TF1"]
    only = p.BATCH.fold((replace(SENT, items=ITEMS[:1]), stopped("ZL1")))
    assert isinstance(only, p.Sent)
    with pytest.raises(p.AllStopped):
        p.to_hand_over(only)
