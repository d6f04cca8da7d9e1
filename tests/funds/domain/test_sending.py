"""What leaves for the bank: the account lets it go in the batch's own transaction, once, and gets it back by the bank's
word only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from funds.bank.batches import AT
from funds.domain.test_account import DAY, ENTRY, HOLD, OPENED, PROPOSE, RELEASE
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain import contract_refusals, freeze, settlement
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_kernel.testing.spec import Spec

ORDER = replace(RELEASE, earned_fen=500_00, ordered_at=AT)
SEND = settlement.SendPayments(batch_id=UUID(int=7), numbers=("ZL1",), sent_on=DAY)
SENT = settlement.PaymentsSent(batch_id=UUID(int=7), numbers=("ZL1",), sent_on=DAY)
BACK = a.WithdrawExpectation(number="ZL1", reason="有误", withdrawn_on=DAY)
WITHDRAWN = a.ExpectationWithdrawn(
    direction=a.Direction.RELEASE, number="ZL1", amount_fen=100_00, reason="有误", withdrawn_on=DAY
)


@pytest.fixture
def account() -> Spec:
    return Spec(ACCOUNT)


def after(*commands: Any) -> tuple[Any, ...]:
    """The facts of an open account on which these were carried out."""
    facts = list(OPENED)
    for command in commands:
        facts += ACCOUNT.decide(command, ACCOUNT.fold(facts))
    return tuple(facts)


def test_what_is_with_the_bank_is_taken_back_by_the_banks_word_only(account: Spec) -> None:
    account.given(*after(ORDER)).when(BACK).then(WITHDRAWN)
    account.given(*after(ORDER)).when(SEND).then(SENT)
    account.given(*after(ORDER, SEND)).when(SEND).then()
    account.given(*after(ORDER, SEND)).when(BACK).then_refused(contract_refusals.InstructionUnderWay)
    account.given(*after(ORDER, SEND)).when(replace(BACK, is_refused=True)).then(WITHDRAWN)
    recalled = settlement.PaymentRecalled(number="ZL1", document_no="函7", recalled_on=DAY)
    account.given(*after(ORDER, SEND)).when(replace(BACK, recall_no="函7")).then(recalled, WITHDRAWN)


def test_what_was_withdrawn_carried_out_or_sent_in_another_batch_does_not_go_out(account: Spec) -> None:
    account.given(*after(ORDER, BACK)).when(SEND).then_refused(settlement.NotToBeSent)
    account.given(*after(ORDER, SEND)).when(replace(SEND, batch_id=UUID(int=8))).then_refused(settlement.NotToBeSent)
    debit = replace(ENTRY, amount_fen=-100_00, balance_fen=9_900_00, summary="拨付 ZL1", reference="ZL1")
    account.given(*after(ORDER, debit)).when(SEND).then_refused(settlement.NotToBeSent)
    back = replace(debit, flow="HP2", digest="d2", amount_fen=100_00, balance_fen=10_000_00, is_reversal=True)
    account.given(*after(ORDER, SEND, debit, back)).when(BACK).then(WITHDRAWN)


def test_a_hold_or_a_freeze_that_came_first_keeps_it_here(account: Spec) -> None:
    account.given(*after(ORDER, PROPOSE, HOLD)).when(SEND).then_refused(because.ReleasesHeld)
    order = freeze.Freeze(
        order_no="执1", authority="法院", legal_basis="民事诉讼法", amount_fen=9_950_00, frozen_on=DAY, until=None
    )
    account.given(*after(ORDER, order)).when(SEND).then_refused(freeze.AmountFrozen)
    account.given(*after(ORDER, replace(order, amount_fen=9_900_00))).when(SEND).then(SENT)


def test_two_contracts_do_not_each_get_the_headroom_of_one_account(account: Spec) -> None:
    """¥150 may go beyond what is owed, in all: one release of ¥100 is on its way, and another is too much."""
    hybrid = replace(ORDER, headroom_fen=150_00)
    second = replace(hybrid, number="ZL2")
    account.given(*after(hybrid)).when(second).then_refused(contract_refusals.ReleaseNotDue)
    facts = ACCOUNT.decide(replace(second, amount_fen=50_00), ACCOUNT.fold(after(hybrid)))
    assert len(facts) == 2


def test_the_money_of_a_refund_list_is_still_free_when_it_is_approved(account: Spec) -> None:
    list_of = settlement.RequireFree(available_fen=10_000_00, on=DAY)
    account.given(*OPENED).when(list_of).then()
    refund = replace(ORDER, direction=a.Direction.REFUND, number="TF1", earned_fen=None, returns="JF1")
    account.given(*after(refund)).when(list_of).then_refused(settlement.MoneyPromisedAlready)
    account.given(*after(refund)).when(replace(list_of, available_fen=9_900_00)).then()
