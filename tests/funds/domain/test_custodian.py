from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.domain.test_account import DAY
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain import custodian_refusals as because
from mingjing_funds.domain.ledger import Book, postings
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

OLD, NEW, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
TAKE = m.TakeCustody(account_id=OLD, bank="湖畔商业银行", on=DAY)
TAKEN = m.CustodyTaken(account_id=OLD, bank="湖畔商业银行", on=DAY)
BEGIN = m.BeginChange(
    account_id=NEW,
    bank="武林城市商业银行",
    reason="网点搬迁",
    department_consents=True,
    frozen_by="",
    unconsumed_fen=500,
    on=DAY,
)
LATE = m.NoteTransfer(amount_fen=5, flow_out="HP2", flow_in="WL2", on=DAY)
TRANSFER = m.NoteTransfer(amount_fen=700, flow_out="HP1", flow_in="WL1", on=DAY)
RECONCILE = m.ReconcileChange(old_balance_fen=0, new_received_fen=700, under_way=0, on=DAY)
END = m.EndCustody(account_id=OLD, on=DAY)


@pytest.fixture
def custodian() -> Spec:
    return Spec(m.CUSTODIAN)


def facts(*commands: m.Command) -> list[m.Event]:
    state, found = m.CUSTODIAN.initial, []
    for command in commands:
        new = m.CUSTODIAN.decide(command, state)
        found += new
        state = m.CUSTODIAN.fold(new, state)
    return found


def test_one_account_is_active_for_a_licence(custodian: Spec) -> None:
    custodian.when(TAKE).then(TAKEN)
    custodian.given(TAKEN).when(TAKE).then()
    custodian.given(TAKEN).when(replace(TAKE, account_id=NEW)).then_refused(because.AnotherAccountActive)
    ended = facts(TAKE, END)
    custodian.given(*ended).when(replace(TAKE, account_id=NEW)).then(replace(TAKEN, account_id=NEW))
    custodian.given(*ended).when(TAKE).then_refused(because.AnotherAccountActive)  # a closed account stays closed


def test_a_change_takes_its_four_steps_in_order(custodian: Spec) -> None:
    custodian.when(BEGIN).then_refused(because.CustodyMissing)
    custodian.given(TAKEN).when(TRANSFER).then_refused(because.ChangeStepMissing)
    begun = facts(TAKE, BEGIN)
    custodian.given(*begun).when(RECONCILE).then_refused(because.ChangeStepMissing)
    custodian.given(*begun).when(END).then_refused(because.ChangeStepMissing)
    moved = facts(TAKE, BEGIN, TRANSFER)
    custodian.given(*moved).when(END).then_refused(because.ChangeStepMissing)
    done = facts(TAKE, BEGIN, TRANSFER, RECONCILE, END)
    state = m.CUSTODIAN.fold(done)
    assert m.active_accounts(state) == (NEW,)
    for command in (BEGIN, TRANSFER, RECONCILE):
        halfway = m.CUSTODIAN.fold(facts(TAKE, BEGIN, TRANSFER, RECONCILE))
        assert m.CUSTODIAN.decide(command, halfway) == []
    custodian.given(*done).when(END).then()


def test_a_change_needs_reason_consent_and_money_that_may_move(custodian: Spec) -> None:
    custodian.given(TAKEN).when(replace(BEGIN, reason=" ")).then_refused(because.ChangeUnfounded)
    custodian.given(TAKEN).when(replace(BEGIN, department_consents=False)).then_refused(because.ChangeWithoutConsent)
    custodian.given(TAKEN).when(replace(BEGIN, frozen_by="执1号")).then_refused(because.ChangeFrozen)
    custodian.given(TAKEN).when(replace(BEGIN, account_id=OLD)).then_refused(because.AnotherAccountActive)
    begun = facts(TAKE, BEGIN)
    custodian.given(*begun).when(replace(BEGIN, account_id=THIRD)).then_refused(because.AnotherAccountActive)


@pytest.mark.parametrize("off", [{"old_balance_fen": 1}, {"new_received_fen": 699}, {"under_way": 1}])
def test_a_transfer_reconciles_to_the_fen(custodian: Spec, off: dict[str, int]) -> None:
    moved = facts(TAKE, BEGIN, TRANSFER)
    custodian.given(*moved).when(replace(RECONCILE, **off)).then_refused(because.TransferUnreconciled)
    custodian.given(*moved).when(replace(TRANSFER, amount_fen=1)).then_refused(because.TransferDiffers)


def test_a_transfer_leaves_nothing_in_suspense_at_either_bank() -> None:
    moved = facts(TAKE, BEGIN, TRANSFER)[-1]
    made = postings(UUID(int=9), moved)
    assert sum(one.amount_fen for one in made) == 0
    assert {(one.account_id, one.book): one.amount_fen for one in made} == {
        (OLD, Book.SUSPENSE): -700,
        (OLD, Book.MOVED): 700,
        (NEW, Book.SUSPENSE): 700,
        (NEW, Book.MOVED): -700,
    }


def test_what_comes_late_goes_over_by_itself_and_is_reconciled_with_the_rest(custodian: Spec) -> None:
    moved = facts(TAKE, BEGIN, TRANSFER, RECONCILE, LATE)
    custodian.given(*moved).when(RECONCILE).then_refused(because.TransferUnreconciled)
    custodian.given(*moved).when(replace(RECONCILE, new_received_fen=705)).then(
        m.BankChangeReconciled(old_id=OLD, new_id=NEW, amount_fen=705, on=DAY)
    )
    custodian.given(*moved).when(TRANSFER).then()
    custodian.given(*moved).when(LATE).then()
    for wrong in (replace(LATE, flow_in="WL1"), replace(LATE, flow_out=""), replace(LATE, amount_fen=0)):
        custodian.given(*moved).when(wrong).then_refused(because.TransferDiffers)


def test_the_own_minimum_goes_over_once(custodian: Spec) -> None:
    first, late = replace(TRANSFER, own_fen=800), replace(LATE, own_fen=800)
    assert [one.own_fen for one in facts(TAKE, BEGIN, first, late)[-2:]] == [800, 0]
    before_it_went = facts(TAKE, BEGIN, TRANSFER)
    (righted,) = m.CUSTODIAN.decide(late, m.CUSTODIAN.fold(before_it_went))
    assert righted.own_fen == 800, "a transfer of before that was known moved nothing of it"


def test_what_both_banks_have_reversed_was_not_sent(custodian: Spec) -> None:
    moved = facts(TAKE, BEGIN, TRANSFER, replace(TRANSFER, flow_out="HP3", flow_in="WL3"))
    custodian.given(*moved).when(RECONCILE).then_refused(because.TransferUnreconciled)
    custodian.given(*moved).when(replace(RECONCILE, returned_fen=700)).then(
        m.BankChangeReconciled(old_id=OLD, new_id=NEW, amount_fen=700, on=DAY)
    )


accounts = st.sampled_from([OLD, NEW, THIRD])
commands = st.one_of(
    st.builds(m.TakeCustody, account_id=accounts, bank=st.just("甲"), on=st.just(DAY)),
    st.builds(lambda account: replace(BEGIN, account_id=account), accounts),
    st.builds(lambda fen: replace(TRANSFER, amount_fen=fen), st.integers(-1, 2)),
    st.builds(lambda fen: replace(RECONCILE, new_received_fen=fen), st.integers(0, 2)),
    st.builds(m.EndCustody, account_id=accounts, on=st.just(DAY)),
)


@given(st.lists(commands, max_size=30))
def test_whatever_is_asked_for_at_most_one_account_is_active_and_none_returns(given_: list[m.Command]) -> None:
    state: m.Custodian = m.CUSTODIAN.initial
    for command in given_:
        before = state
        try:
            state = m.CUSTODIAN.fold(m.CUSTODIAN.decide(command, state), state)
        except Refusal:
            continue
        active = m.active_accounts(state)
        assert len(active) <= 1
        assert not set(active) & state.ended
        assert before.ended <= state.ended


@pytest.mark.parametrize("taken", range(6))
def test_what_may_be_done_is_what_the_decider_takes(taken: int) -> None:
    state = m.CUSTODIAN.fold(facts(*(TAKE, BEGIN, TRANSFER, RECONCILE, END)[:taken]))
    for command in (replace(BEGIN, account_id=THIRD), LATE, RECONCILE):
        try:
            new = m.CUSTODIAN.decide(command, state)
        except Refusal:
            new = []
        assert (m.hindrance(type(command), state) is None) == bool(new), command
