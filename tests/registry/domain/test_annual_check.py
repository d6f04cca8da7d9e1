"""The annual check of a year, and what a fail leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.annual_check import (
    AnnualCheckRecorded,
    DecideAnnualCheck,
    NoteRecheckDue,
    OpenAnnualCheck,
    RecheckAnnualCheck,
    RecheckFellDue,
    RecheckReminded,
    RecordAnnualCheck,
    RecruitmentAllowed,
    RecruitmentRestricted,
    RemindOfRecheck,
    ReviewAnnualReport,
    SubmitAnnualReport,
)
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.licence_refusals import (
    AnnualCheckFailed,
    AnnualCheckNotInThatState,
    AnnualCheckUnknown,
    DeadlineNotAhead,
    RectificationDayMissing,
    YearNotInOrder,
)
from mingjing_registry.domain.refusals import LicenceNotInThatState, ReasonMissing
from mingjing_registry.domain.whitelist import WhitelistEntered, WhitelistLeft
from registry.domain.test_granting import RECORD, after
from registry.domain.test_institution import ACTIVATE, REPORT, ROW
from registry.domain.test_licence import ON

UNTIL = date(2026, 9, 30)
OPEN = OpenAnnualCheck(year=2026, due_on=UNTIL, on=ON)
SUBMIT = SubmitAnnualReport(year=2026, report=REPORT, on=ON)
REVIEW = ReviewAnnualReport(year=2026, proposed="fail", findings="账目不清", on=ON)
FAIL = DecideAnnualCheck(year=2026, result="fail", reason="账目不清", rectify_until=UNTIL, on=ON)
RECHECK = RecheckAnnualCheck(year=2026, result="basic-pass", reason="已改正", rectify_until=None, on=ON)
REVIEWED = (ROW, ACTIVATE, OPEN, SUBMIT, REVIEW)


def test_a_fail_restricts_recruitment_and_a_passed_recheck_lifts_it() -> None:
    recorded, restricted, left = INSTITUTION.decide(FAIL, after(*REVIEWED))
    assert isinstance(recorded, AnnualCheckRecorded)
    assert (recorded.year, recorded.rectify_until, recorded.again) == (2026, UNTIL, False)
    assert isinstance(restricted, RecruitmentRestricted)
    assert isinstance(left, WhitelistLeft)
    failed = after(*REVIEWED, FAIL)
    assert INSTITUTION.decide(FAIL, failed) == []
    still = INSTITUTION.decide(replace(RECHECK, result="fail", rectify_until=UNTIL), failed)
    assert [type(one) for one in still] == [AnnualCheckRecorded]
    again, allowed, entered = INSTITUTION.decide(RECHECK, failed)
    assert isinstance(again, AnnualCheckRecorded)
    assert again.again
    assert isinstance(allowed, RecruitmentAllowed)
    assert isinstance(entered, WhitelistEntered)


def test_the_day_to_put_it_right_is_reminded_of_and_noted_and_lifts_nothing() -> None:
    failed, late = after(*REVIEWED, FAIL), date(2026, 10, 1)
    for nothing in (after(*REVIEWED), after(*REVIEWED, FAIL, RECHECK)):
        assert INSTITUTION.decide(RemindOfRecheck(on=late), nothing) == []
        assert INSTITUTION.decide(NoteRecheckDue(on=late), nothing) == []
    assert INSTITUTION.decide(RemindOfRecheck(on=date(2026, 9, 29)), failed) == []
    reminded = RecheckReminded(year=2026, rectify_until=UNTIL, on=UNTIL)
    assert INSTITUTION.decide(RemindOfRecheck(on=UNTIL), failed) == [reminded]
    assert INSTITUTION.decide(NoteRecheckDue(on=UNTIL), failed) == [], "the last day itself is not over"
    due = RecheckFellDue(year=2026, rectify_until=UNTIL, on=late)
    assert INSTITUTION.decide(NoteRecheckDue(on=late), failed) == [due]
    passed = after(*REVIEWED, FAIL, NoteRecheckDue(on=late), RemindOfRecheck(on=late))
    assert passed.annual_checks.is_recruitment_restricted
    assert INSTITUTION.decide(NoteRecheckDue(on=late), passed) == []
    assert INSTITUTION.decide(RemindOfRecheck(on=late), passed) == []
    prolonged = replace(RECHECK, result="fail", rectify_until=date(2026, 11, 30), on=late)
    again = INSTITUTION.fold(INSTITUTION.decide(prolonged, passed), passed)
    assert INSTITUTION.decide(NoteRecheckDue(on=late), again) == []
    assert len(INSTITUTION.decide(NoteRecheckDue(on=date(2026, 12, 1)), again)) == 1


def test_no_word_from_elsewhere_undoes_a_fail() -> None:
    said = RecordAnnualCheck(result="pass", on=ON)
    later = replace(ROW, listing=replace(ROW.listing, stated_on=UNTIL))
    next_year = OpenAnnualCheck(year=2027, due_on=date(2027, 9, 30), on=date(2027, 3, 1))
    for failed in (after(*REVIEWED, FAIL), after(*REVIEWED, FAIL, next_year)):
        with pytest.raises(AnnualCheckFailed):
            INSTITUTION.decide(said, failed)
        assert INSTITUTION.decide(later, failed) == []
    passed = after(*REVIEWED, FAIL, RECHECK)
    assert [type(one) for one in INSTITUTION.decide(said, passed)] == [AnnualCheckRecorded]
    elsewhere = after(ROW, ACTIVATE, replace(said, result="fail"))
    assert len(INSTITUTION.decide(said, elsewhere)) == 2


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        ((RECORD,), OPEN, LicenceNotInThatState),
        ((ROW,), replace(OPEN, year=2027), YearNotInOrder),
        ((ROW,), replace(OPEN, due_on=ON), DeadlineNotAhead),
        ((ROW, replace(OPEN, year=2025)), OPEN, AnnualCheckNotInThatState),
        ((ROW,), SUBMIT, AnnualCheckNotInThatState),
        ((ROW, OPEN), replace(SUBMIT, year=2025), AnnualCheckUnknown),
        ((ROW, OPEN), REVIEW, AnnualCheckNotInThatState),
        ((ROW, OPEN, SUBMIT), replace(REVIEW, findings=""), ReasonMissing),
        (REVIEWED, replace(FAIL, rectify_until=None), RectificationDayMissing),
        (REVIEWED, RECHECK, AnnualCheckNotInThatState),
        ((*REVIEWED, replace(FAIL, result="pass")), RECHECK, AnnualCheckNotInThatState),
        ((*REVIEWED, replace(FAIL, result="pass")), replace(OPEN, year=2025), YearNotInOrder),
    ],
)
def test_what_does_not_follow(before: tuple[Any, ...], command: Any, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        INSTITUTION.decide(command, after(*before))
