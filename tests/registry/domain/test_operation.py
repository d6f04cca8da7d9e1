"""Whether teaching goes on: pauses are told in advance, stops rest on what was seen, closing pays families first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.liability import AskLiability, LiabilityAsked, NoteLiability
from mingjing_registry.domain.licence import LicenceCancelled
from mingjing_registry.domain.licence_refusals import (
    ClosingNoticeRuns,
    ClosingOutOfOrder,
    ClosingUnfinished,
    LiabilityTooOld,
    LiabilityUnknown,
    NoticeTooShort,
    NotLicensed,
    OperationNotInThatState,
    PauseWaits,
    StopNotFounded,
    StopSignUnknown,
)
from mingjing_registry.domain.operation import (
    BeginOperation,
    CloseDown,
    ClosingBegan,
    ClosingStep,
    CompleteClosingStep,
    ConfirmStop,
    DeclarePause,
    NoteSign,
    Operation,
    OperationState,
    OperationStateChanged,
    Pause,
    PauseDeclared,
    StartPause,
    pause_due_on,
)
from mingjing_registry.domain.refusals import FamiliesStillOwed, PublicNoticeMissing
from mingjing_registry.domain.whitelist import Standing, WhitelistLeft
from registry.domain.test_granting import ACCEPTED, APPROVE, CANCEL, CHECK, RECORD, after
from registry.domain.test_granting import SIGN as LICENCE_SIGNED
from registry.domain.test_institution import ACTIVATE, CLOSE, ROW
from registry.domain.test_licence import ON

BEGINS = ON + timedelta(days=30)
PAUSE = DeclarePause(
    pause=Pause(purpose="relocation", notice_reference="G1", noticed_on=ON, begins_on=BEGINS, ends_on=None), on=ON
)
SIGN = NoteSign(source="inspection", reference="v1", detail="DOOR_CLOSED", on=ON)
STOP = ConfirmStop(reference="v1", reason="人去楼空", on=ON)
NOTHING = NoteLiability(unconsumed_fen=0, stated_on=ON, on=ON)
OWED = NoteLiability(unconsumed_fen=1, stated_on=ON, on=ON)
REFUNDS, WAGES, DEBTS = (CompleteClosingStep(step=step, reference="P", on=ON) for step in ClosingStep)
END = CloseDown(reason="清算完毕", on=ON)
TODAY = replace(CLOSE, noticed_on=ON, ends_on=BEGINS)
PAID = (NOTHING, REFUNDS, WAGES, DEBTS)


def changed(before: str, state: str, reason: str, reference: str = "", on: date = ON) -> OperationStateChanged:
    return OperationStateChanged(
        before=OperationState(before), state=OperationState(state), reason=reason, reference=reference, on=on
    )


def test_who_stands_in_a_register_as_licensed_teaches_and_a_new_one_prepares() -> None:
    assert after(ROW).operation.state is OperationState.OPERATING
    assert after(RECORD).operation.state is OperationState.PREPARING


def test_a_pause_begins_on_its_day_and_ends_when_teaching_goes_on() -> None:
    known = after(ROW)
    declared = PauseDeclared(pause=PAUSE.pause, on=ON)
    assert INSTITUTION.decide(PAUSE, known) == [declared]
    waiting = after(ROW, PAUSE)
    assert pause_due_on(waiting.operation) == BEGINS
    assert INSTITUTION.decide(StartPause(on=ON), waiting) == []
    start = StartPause(on=BEGINS)
    assert INSTITUTION.decide(start, waiting) == [
        changed("operating", "paused-declared", "relocation", "G1", on=BEGINS)
    ]
    paused = after(ROW, PAUSE, start)
    assert INSTITUTION.decide(start, paused) == []
    again = BeginOperation(reason="新址开课", on=BEGINS)
    assert INSTITUTION.decide(again, paused) == [changed("paused-declared", "operating", "新址开课", on=BEGINS)]
    assert after(ROW, PAUSE, start, again).operation.pause is None
    today = replace(PAUSE, pause=replace(PAUSE.pause, purpose="pause", begins_on=ON))
    assert len(INSTITUTION.decide(today, known)) == 2


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        ((ROW,), replace(PAUSE, pause=replace(PAUSE.pause, begins_on=BEGINS - timedelta(days=1))), NoticeTooShort),
        ((ROW,), replace(PAUSE, pause=replace(PAUSE.pause, notice_reference="")), PublicNoticeMissing),
        ((ROW, PAUSE), replace(PAUSE, pause=replace(PAUSE.pause, notice_reference="G2")), PauseWaits),
        ((RECORD,), BeginOperation(reason="开课", on=ON), NotLicensed),
        ((ROW,), STOP, StopNotFounded),
        ((ROW, SIGN), replace(STOP, reference="v2"), StopSignUnknown),
        ((ROW,), REFUNDS, OperationNotInThatState),
        ((ROW,), replace(CLOSE, ends_on=ON - timedelta(days=1)), NoticeTooShort),
        ((ROW, TODAY, *PAID), replace(END, on=BEGINS - timedelta(days=1)), ClosingNoticeRuns),
        ((ROW, TODAY, *PAID), CANCEL, ClosingNoticeRuns),
        ((ROW, CLOSE), REFUNDS, LiabilityUnknown),
        ((ROW, CLOSE, OWED), REFUNDS, FamiliesStillOwed),
        ((ROW, CLOSE, NOTHING), replace(REFUNDS, on=ON + timedelta(days=2)), LiabilityTooOld),
        ((ROW, CLOSE, NOTHING), replace(REFUNDS, fresh_days_max=0, on=ON + timedelta(days=1)), LiabilityTooOld),
        ((ROW, CLOSE, NOTHING), WAGES, ClosingOutOfOrder),
        ((ROW, CLOSE, NOTHING, REFUNDS), DEBTS, ClosingOutOfOrder),
        ((ROW, CLOSE, NOTHING, REFUNDS), END, ClosingUnfinished),
        ((ROW, CLOSE, NOTHING, REFUNDS, WAGES, DEBTS, OWED), END, FamiliesStillOwed),
        ((ROW, NOTHING), CANCEL, ClosingUnfinished),
        ((ROW,), CANCEL, LiabilityUnknown),
        (
            (ROW, CLOSE, NOTHING, REFUNDS, WAGES, DEBTS),
            replace(CANCEL, public_notice_reference=""),
            PublicNoticeMissing,
        ),
    ],
)
def test_what_the_law_does_not_allow(before: tuple[Any, ...], command: Any, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        INSTITUTION.decide(command, after(*before))


def test_an_abnormal_stop_rests_on_a_sign_that_a_person_confirms() -> None:
    noted = after(ROW, SIGN)
    assert noted.operation.state is OperationState.OPERATING
    assert INSTITUTION.decide(SIGN, noted) == []
    assert INSTITUTION.decide(STOP, noted) == [changed("operating", "stopped-abnormal", "人去楼空", "v1")]
    assert INSTITUTION.decide(STOP, after(ROW, SIGN, STOP)) == []


def test_a_closing_asks_funds_and_pays_in_the_order_of_the_law() -> None:
    began, closing, asked = INSTITUTION.decide(CLOSE, after(ROW))
    assert isinstance(began, ClosingBegan)
    assert began.order == tuple(ClosingStep)
    assert closing == changed("operating", "closing", "closing", "g1")
    assert asked == LiabilityAsked(on=ON)
    paid = after(ROW, CLOSE, NOTHING, REFUNDS, WAGES, DEBTS)
    assert INSTITUTION.decide(REFUNDS, paid) == []
    assert isinstance(INSTITUTION.decide(CANCEL, paid)[0], LicenceCancelled)
    assert INSTITUTION.decide(END, paid) == [changed("closing", "closed", "清算完毕")]


def test_who_closes_down_leaves_the_whitelist_whether_or_not_the_licence_was_given_up() -> None:
    closed, left = INSTITUTION.decide(END, after(ROW, ACTIVATE, CLOSE, *PAID))
    assert closed == changed("closing", "closed", "清算完毕")
    assert left == WhitelistLeft(reason=Standing.CLOSED_DOWN, on=ON)
    late = replace(NOTHING, stated_on=BEGINS, on=BEGINS)
    waited = after(ROW, TODAY, *PAID, late)
    assert INSTITUTION.decide(replace(END, on=BEGINS), waited) == [changed("closing", "closed", "清算完毕", on=BEGINS)]
    assert isinstance(INSTITUTION.decide(replace(CANCEL, on=BEGINS), waited)[0], LicenceCancelled)


def test_funds_answers_late_answers_do_not_replace_newer_ones() -> None:
    known = after(ROW, OWED)
    earlier = replace(NOTHING, stated_on=ON - timedelta(days=1))
    assert INSTITUTION.decide(earlier, known) == []
    assert INSTITUTION.decide(OWED, known) == []
    assert INSTITUTION.decide(AskLiability(on=ON), known) == [LiabilityAsked(on=ON)]


def test_an_old_sign_founds_no_new_stop() -> None:
    again = after(ROW, SIGN, STOP, BeginOperation(reason="恢复上课", on=ON))
    with pytest.raises(StopNotFounded):
        INSTITUTION.decide(STOP, again)


def test_who_had_closed_down_and_is_licensed_again_prepares_anew() -> None:
    closed = (ROW, CLOSE, NOTHING, REFUNDS, WAGES, DEBTS, CANCEL, END)
    known = after(*closed, *ACCEPTED[1:], CHECK, LICENCE_SIGNED, APPROVE)
    assert known.operation == Operation()
