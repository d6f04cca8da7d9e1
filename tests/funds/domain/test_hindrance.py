"""What a screen says of an account, a contract, an alert is what their deciders do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.domain.alerting.test_life import ID, STEPS, WHO, observe
from funds.domain.test_account import (
    ACTIVATION,
    AGREEMENT,
    DAY,
    ENTRY,
    EXPECT,
    HOLD,
    HOLDER,
    PROPOSE,
    RELEASE,
    TAKE_OVER,
)
from funds.domain.test_contract import AGREE, ASK, LESSON, PAY, REPAY, TERMS
from funds.domain.test_contract_life import CODE
from funds.domain.test_family import CORRECT, FAMILY
from funds.domain.test_refund_list import APPROVE, DRAW
from mingjing_funds.acts import ACCOUNT_ACTS, ALERT_ACTS, CONTRACT_ACTS, REFUND_LIST_ACTS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import (
    account_refusals,
    account_rules,
    contract,
    contract_refusals,
    contract_rules,
    lesson,
    order,
    refund,
    refund_list,
)
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.alerting import life_refusals as because
from mingjing_funds.domain.alerting.life import LIFE as LIFE_OF_AN_ALERT
from mingjing_funds.domain.alerting.life import hindrance as life_hindrance
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.testing.hindrance import walk

RELEASED = replace(RELEASE, earned_fen=200_00)
LIFE = (
    a.ApplyForAccount(holder=HOLDER, applied_on=DAY),
    AGREEMENT,
    ACTIVATION,
    TAKE_OVER,
    replace(TAKE_OVER, activation=replace(ACTIVATION, opening_fen=0)),
    PROPOSE,
    replace(PROPOSE, proposer="丙"),
    HOLD,
    a.LiftHold(reason="已核实", lifted_on=DAY),
    a.RequestClosing(unconsumed_fen=0, refunds_pending=0, department_consents=True, requested_on=DAY),
    a.CloseAccount(closed_on=DAY),
    RELEASED,
    replace(RELEASED, number="ZL2", amount_fen=900_00),
    EXPECT,
    ENTRY,
)
SIGN = contract.SignContract(terms=TERMS, limits=LIMITS_V1)
CHARGES = (
    SIGN, replace(SIGN, family=FAMILY), CORRECT, PAY, replace(PAY, payment_no="JF2"), LESSON, ASK, AGREE,
    replace(AGREE, answer="refused"), REPAY,
    order.AgreeClauses(clauses=order.Clauses(model_text="GF-2021-2604"), agreed_on=DAY),
    order.TransferOut(to_contract_id=UUID(int=3), to_contract_no="HT2", kind=order.TransferKind.COURSE, amount_fen=1,
                      reason="换课", transferred_on=DAY),
    order.FreezeRelease(cause=order.FreezeCause.COMPLAINT, reference="TS1", frozen_on=DAY),
    order.UnfreezeRelease(reference="TS1", unfrozen_on=DAY),
    order.ReleaseShare(instruction_no="BF1", amount_fen=1, released_on=DAY),
    order.TakeShareBack(instruction_no="BF1", reason="退回", taken_back_on=DAY),
    lesson.AskConfirmation(request_id=UUID(int=4), lesson_nos=("KX1",), code_digest="d", code=CODE,
                           expires_at=PAY.paid_at, working_days=15, policy_version="", asked_on=DAY),
    lesson.AskRating(request_id=UUID(int=5), code_digest="e", code=CODE, expires_at=PAY.paid_at),
    lesson.DisputeLesson(lesson_no="KX1", voice=lesson.Voice.FAMILY, reason="", disputed_on=DAY),
    lesson.SettleLesson(lesson_no="KX1", was_held=True, reason="签到表", settled_by="song", settled_at=PAY.paid_at,
                        settled_on=DAY),
    lesson.DecideAlteration(lesson_no="KX1", outcome=lesson.Outcome.STANDS, held_on=DAY, units=1,
                            standing=lesson.LessonStanding.CONFIRMED, reason="签到表", decided_by="song",
                            decided_on=DAY),
    refund.ObjectToCoolingOff(refund_no="TF1", reason="", objected_on=DAY),
    refund.TakeToMediation(refund_no="TF1", reference="TS1", mediated_on=DAY),
    refund.EndMediation(refund_no="TF1", amount_fen=1, reason="", ended_on=DAY),
    refund.InstructRefund(refund_no="TF1", instruction_no="TZ1", payment_no="JF1", instructed_on=DAY),
    refund.FailRefund(refund_no="TF1", instruction_no="TZ1", reason="", failed_on=DAY),
    refund.StayRefund(refund_no="TF1", reference="执1号", stayed_on=DAY),
    refund.ResumeRefund(refund_no="TF1", reference="执1号", resumed_on=DAY),
    refund.CloseRefund(refund_no="TF1", end=refund.RefundEnd.PAID, reason="", closed_on=DAY),
)  # fmt: skip
LISTED = (DRAW, APPROVE, refund_list.WithdrawList(reason="x", withdrawn_by="song", withdrawn_at=PAY.paid_at))
WATCHED = (
    observe(0, Severity.YELLOW),
    observe(1, Severity.RED),
    observe(2, None),
    observe(9, None),
    *STEPS,
    life.Judge(alert_id=ID, is_confirmed=False, evidence="现场照片", **WHO),
    life.Close(alert_id=ID, disposal="false-positive", evidence="现场照片", **WHO),
)


@given(st.lists(st.sampled_from(LIFE), max_size=14))
def test_an_account(steps: list[a.Command]) -> None:
    reasons = frozenset({
        account_refusals.AccountNotInState, account_refusals.ReleasesHeld, account_refusals.HoldNotProposed,
        account_refusals.HoldAlreadyProposed,
    })  # fmt: skip
    # Taking over, expecting a payment and booking are not acts of a person on a screen.
    mine = {act.asks for act in ACCOUNT_ACTS} | {a.ApplyForAccount}
    state = account_rules.ACCOUNT.initial
    for step in steps:
        before = replace_initial(state)
        is_act = type(step) in mine and not (isinstance(step, a.ExpectMoney) and step.earned_fen is None)
        hindrance = account_rules.hindrance if is_act else lambda _step, _state: None
        known = reasons | {account_refusals.BalanceLeft, account_refusals.AccountUnknown}
        state = walk(before, hindrance, [step], known if is_act else frozenset())


def replace_initial(state: object) -> object:
    """The account's decider, as if everything began here."""
    return replace(account_rules.ACCOUNT, initial=state)


@given(st.lists(st.sampled_from(CHARGES), max_size=12))
def test_a_contract(steps: list[contract.Command]) -> None:
    reasons = frozenset({
        contract_refusals.ContractUnknown, contract_refusals.NotPaid, contract_refusals.AlreadyPaid,
        contract_refusals.FamilyUnknown,
    })  # fmt: skip
    walk(contract_rules.CONTRACT, contract_rules.hindrance, steps, reasons)


@settings(deadline=None)
@given(st.lists(st.sampled_from(LISTED), max_size=6))
def test_a_refund_list(steps: list[refund_list.Command]) -> None:
    reasons = frozenset({refund_list.RefundListUnknown, refund_list.RefundListStands})
    walk(refund_list.REFUND_LIST, refund_list.hindrance, steps, reasons)


@given(st.lists(st.sampled_from(WATCHED), max_size=12))
def test_an_alert(steps: list[life.Command]) -> None:
    reasons = frozenset({because.AlertUnknown, because.AlertEnded, because.NotAtThisStage})
    walk(LIFE_OF_AN_ALERT, partial(life_hindrance, alert_id=ID), steps, reasons)


@pytest.mark.parametrize(
    ("acts", "walked"),
    [(ACCOUNT_ACTS, LIFE), (CONTRACT_ACTS, CHARGES), (ALERT_ACTS, WATCHED), (REFUND_LIST_ACTS, LISTED)],
    ids=("account", "contract", "alert", "refund-list"),
)
def test_every_act_that_gives_a_command_is_asked_about(acts: tuple, walked: tuple) -> None:
    assert {act.asks for act in acts if act.asks} <= {type(step) for step in walked}
