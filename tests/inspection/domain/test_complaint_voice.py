"""What a citizen may say to her complaint, until when, how often; and what a second click does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain import complaint_voice as v
from mingjing_inspection.domain import complaint_voice_refusals as because
from mingjing_inspection.domain.complaint import (
    Attribution,
    Channel,
    ComplaintTaken,
    Handling,
    HandlingNoted,
    Intake,
    MatchedBy,
    Track,
)
from mingjing_inspection.domain.complaint_progress import Stage, progress_after, stage_of
from mingjing_inspection.domain.follow_secret import SECRET_CHARACTERS, checked, web_number
from mingjing_inspection.domain.voice_answer import AnswerVoice, NothingToAnswer, Reply, SaidMeanwhile
from mingjing_kernel.readable import READABLE, in_groups
from mingjing_kernel.refusal import Refusal

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
CLOSED = v.Closing(closed_at=AT, reopen_until=date(2026, 7, 16))
OPEN = v.OpenVoice(
    number="W23456789ABCD",
    tracks=(Track.DISPUTE, Track.REPORT),
    identity=v.Identity.CONFIDENTIAL,
    relation="",
    represented=None,
    origin=None,
    secret_digest="d" * 32,
    department="education",
    region="330106",
    category="",
    opened_at=AT,
)
ADD = v.AddWords(addition_id=UUID(int=1), text="还有收据", sealed=None, additions_max=2, added_at=AT)
PHOTO = v.AddPhoto(evidence_id=UUID(int=51), photos_max=2, added_at=AT)
ANSWER = v.AnswerCallBack(is_satisfied=False, rating=2, text="", sealed=None, closing=CLOSED, answered_at=AT)
REOPEN = v.AskReopening(
    reason="没有退费", sealed=None, closing=CLOSED, today=date(2026, 7, 16), reopenings_max=1, asked_at=AT
)
WITHDRAW = v.WithdrawDispute(reason="", sealed=None, withdrawn_at=AT)
LATER = v.Closing(closed_at=AT + timedelta(days=30), reopen_until=date(2026, 8, 15))


def after(*commands: Any) -> v.Voice:
    voice = v.VOICE.initial
    for command in commands:
        voice = _told(voice, command)
    return voice


def _told(voice: v.Voice, command: Any) -> v.Voice:
    for event in v.decide(command, voice):
        voice = v.evolve(voice, event)
    return voice


def refused(kind: type[Refusal], command: Any, *before: Any) -> None:
    with pytest.raises(kind) as found:
        v.decide(command, after(*before))
    assert type(found.value) is kind


def test_nobody_speaks_to_a_complaint_that_nobody_follows() -> None:
    for command in (ADD, PHOTO, ANSWER, REOPEN, WITHDRAW):
        refused(because.VoiceAbsent, command)


def test_the_secret_is_set_once() -> None:
    assert v.decide(OPEN, after(OPEN)) == []
    refused(because.VoiceOpenedOtherwise, replace(OPEN, secret_digest="e" * 32), OPEN)


def test_a_superiors_deadline_comes_with_the_number_of_the_order() -> None:
    due = v.Origin(place="省教育厅", due_on=date(2026, 7, 9))
    refused(because.LetterNumberMissing, replace(OPEN, origin=due))
    assert after(replace(OPEN, origin=replace(due, reference="浙教监〔2026〕7号")))


def test_a_second_click_adds_nothing_and_additions_are_limited() -> None:
    assert v.decide(ADD, after(OPEN, ADD)) == []
    other = replace(ADD, addition_id=UUID(int=2))
    refused(because.TooManyAdditions, replace(ADD, addition_id=UUID(int=3)), OPEN, ADD, other)
    refused(because.WordsMissing, replace(ADD, text="  "), OPEN)
    refused(because.WordsTooLong, replace(ADD, text="字" * (v.WORDS_CHARACTERS_MAX + 1)), OPEN)


def test_the_same_photo_is_added_once_and_photos_are_limited() -> None:
    assert v.decide(PHOTO, after(OPEN, PHOTO)) == []
    more = [replace(PHOTO, evidence_id=UUID(int=number)) for number in (52, 53)]
    refused(because.TooManyPhotos, more[1], OPEN, PHOTO, more[0])


def test_only_what_was_read_is_answered() -> None:
    read = AnswerVoice(reply=Reply.NOTED, note="", read_until=AT, by="p", at=AT + timedelta(hours=2))
    more = replace(ADD, addition_id=UUID(int=2), added_at=AT + timedelta(hours=1))
    with pytest.raises(SaidMeanwhile):
        after(OPEN, ADD, more, read)
    said = after(OPEN, ADD, more, replace(read, read_until=more.added_at))
    assert isinstance(said, v.Speaking)
    assert not said.waits
    with pytest.raises(NothingToAnswer):
        after(OPEN, read)


def test_one_closing_is_answered_once_and_a_later_one_again() -> None:
    refused(because.NotClosedYet, replace(ANSWER, closing=None), OPEN)
    refused(because.CallBackAnsweredAlready, ANSWER, OPEN, ANSWER)
    assert len(v.decide(replace(ANSWER, closing=LATER), after(OPEN, ANSWER))) == 1
    for rating in (0, 6):
        refused(because.RatingOutOfRange, replace(ANSWER, rating=rating), OPEN)


def test_it_is_taken_up_again_within_the_window_and_no_oftener_than_the_policy_says() -> None:
    refused(because.NotClosedYet, replace(REOPEN, closing=None), OPEN)
    refused(because.ReopeningReasonMissing, replace(REOPEN, reason=" "), OPEN)
    refused(because.ReopeningTooLate, replace(REOPEN, today=date(2026, 7, 17)), OPEN)
    assert v.decide(REOPEN, after(OPEN, REOPEN)) == []
    again = replace(REOPEN, closing=LATER, today=date(2026, 8, 1))
    refused(because.ReopenedEnough, again, OPEN, REOPEN)
    assert len(v.decide(replace(again, reopenings_max=2), after(OPEN, REOPEN))) == 1


def test_withdrawing_ends_the_dispute_and_says_that_the_report_goes_on() -> None:
    (withdrawn,) = v.decide(WITHDRAW, after(OPEN))
    assert isinstance(withdrawn, v.DisputeWithdrawn)
    assert withdrawn.report_goes_on
    refused(because.DisputeWithdrawnAlready, WITHDRAW, OPEN, WITHDRAW)
    assert len(v.decide(WITHDRAW, after(OPEN, WITHDRAW, REOPEN))) == 1, "it was taken up again"
    refused(because.DisputeWithdrawnAlready, WITHDRAW, OPEN, WITHDRAW, REOPEN, WITHDRAW)
    refused(because.DisputeAbsent, WITHDRAW, replace(OPEN, tracks=(Track.REPORT,)))
    (alone,) = v.decide(WITHDRAW, after(replace(OPEN, tracks=(Track.DISPUTE,))))
    assert isinstance(alone, v.DisputeWithdrawn)
    assert not alone.report_goes_on


STEPS = st.sampled_from(
    [
        OPEN,
        ADD,
        replace(ADD, addition_id=UUID(int=2)),
        replace(ADD, addition_id=UUID(int=3)),
        PHOTO,
        replace(PHOTO, evidence_id=UUID(int=52)),
        replace(PHOTO, evidence_id=UUID(int=53)),
        ANSWER,
        replace(ANSWER, closing=LATER),
        REOPEN,
        replace(REOPEN, closing=LATER, today=date(2026, 8, 1)),
        WITHDRAW,
    ]
)


@given(st.lists(STEPS, max_size=20))
def test_whatever_is_sent_and_however_often_no_limit_is_passed_and_nothing_is_told_twice(steps: list[Any]) -> None:
    voice: v.Voice = v.VOICE.initial
    facts: list[v.Event] = []
    for step in steps:
        try:
            new = v.decide(step, voice)
        except Refusal:
            continue
        for event in new:
            voice = v.evolve(voice, event)
        facts += new
    added = [fact.addition_id for fact in facts if isinstance(fact, v.WordsAdded)]
    answered = [fact.closed_at for fact in facts if isinstance(fact, v.CallBackAnswered)]
    assert len(added) == len(set(added)) <= 2
    assert sum(isinstance(fact, v.PhotoAdded) for fact in facts) <= 2
    assert len(answered) == len(set(answered))
    assert sum(isinstance(fact, v.ReopeningAsked) for fact in facts) <= 1
    turns = [type(fact) for fact in facts if isinstance(fact, v.DisputeWithdrawn | v.ReopeningAsked)]
    assert (v.DisputeWithdrawn, v.DisputeWithdrawn) not in pairwise(turns), "it is taken up again in between"
    assert voice == v.VOICE.fold(facts)


TAKEN = ComplaintTaken(
    intake=Intake(
        number="1",
        channel=Channel.WEB,
        received_at=AT,
        declared="",
        title="",
        text="不退费",
        respondent="",
        place="",
        is_anonymous=True,
    ),
    tracks=(Track.DISPUTE,),
    within_remit=True,
    attribution=Attribution(institution_id=None, by=MatchedBy.UNMATCHED, evidence=""),
    is_urgent=False,
    urgent_words=(),
    urgency_rule="",
    region="330106",
    department="education",
    category="",
    taken_by="x",
    taken_at=AT,
)


def noted(status: str, days: int = 0, due_on: date | None = None) -> HandlingNoted:
    handling = Handling(status=status, due_on=due_on)
    return HandlingNoted(institution_id=None, handling=handling, noted_at=AT + timedelta(days=days))


def test_a_channel_that_repeats_its_state_does_not_move_the_window() -> None:
    found = progress_after([TAKEN, noted("办理中", 1), noted("已办结", 2), noted("已办结", 9, date(2026, 7, 9))])
    assert found is not None
    assert (found.stage, found.closed_at) == (Stage.CLOSED, AT + timedelta(days=2))
    again = progress_after([TAKEN, noted("已办结", 2), noted("办理中", 3), noted("已办结", 9)])
    assert again is not None
    assert again.closed_at == AT + timedelta(days=9)
    assert progress_after([]) is None


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("", Stage.RECEIVED),
        ("待签收", Stage.HANDLING),
        ("调解中", Stage.HANDLING),
        ("不予受理", Stage.NOT_ACCEPTED),
        (" 已办结 ", Stage.CLOSED),
    ],
)
def test_the_words_of_the_channels(status: str, stage: Stage) -> None:
    assert stage_of(status) is stage


def test_a_secret_is_read_without_dashes_and_small_letters_and_a_weak_one_is_refused() -> None:
    strong = "23456789ABCDEFGH"
    assert checked(in_groups(strong).lower()) == strong
    for weak in ("", "A" * SECRET_CHARACTERS, strong[:-1], strong[:-1] + "O", strong[:-1] + "1"):
        with pytest.raises(because.SecretWeak):
            checked(weak)


@given(st.binary(min_size=32, max_size=32))
def test_a_number_has_no_character_that_looks_like_another(digest: bytes) -> None:
    number = web_number(digest)
    assert len(number) == 13
    assert set(number[1:]) <= set(READABLE)
