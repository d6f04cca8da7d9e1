from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from mingjing_inspection.domain.complaint import (
    COMPLAINT,
    AttributeComplaint,
    Attribution,
    Channel,
    ComplaintAttributed,
    ComplaintTaken,
    Handling,
    HandlingNoted,
    Intake,
    MatchedBy,
    TakeComplaint,
    Track,
)
from mingjing_inspection.domain.complaint_refusals import (
    AttributionReasonMissing,
    ComplaintNotTaken,
    NumberMissing,
    NumberTaken,
    ReceivedInFuture,
    TextMissing,
    TextTooLong,
    TracksMissing,
)
from mingjing_inspection.domain.urgency import urgent_words
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 3, 1, 0, tzinfo=UTC)
INTAKE = Intake(
    number="330126040200001",
    channel=Channel.HOTLINE_12345,
    received_at=AT,
    declared="投诉",
    title="培训机构退费纠纷",
    text="报了二十节课，机构说活动价不退。",
    respondent="木铎轩书画",
    place="莲花街123号",
    is_anonymous=False,
)
NOBODY = Attribution(institution_id=None, by=MatchedBy.UNMATCHED, evidence="")
TAKE = TakeComplaint(
    intake=INTAKE,
    tracks=(Track.DISPUTE,),
    within_remit=True,
    attribution=NOBODY,
    region="330106",
    department="教育局",
    category="",
    taken_by="operator-1",
    taken_at=LATER,
)
OPEN = Handling(status="办理中", due_on=date(2026, 4, 9))


def taken(command: TakeComplaint = TAKE, words: tuple[str, ...] = (), *, is_urgent: bool = False) -> ComplaintTaken:
    return ComplaintTaken(
        intake=command.intake,
        tracks=command.tracks,
        within_remit=command.within_remit,
        attribution=command.attribution,
        is_urgent=is_urgent,
        urgent_words=words,
        urgency_rule="urgency-v1",
        region="330106",
        department="教育局",
        category="",
        taken_by="operator-1",
        taken_at=LATER,
    )


def told(text: str, **changed: Any) -> TakeComplaint:
    return replace(TAKE, intake=replace(INTAKE, text=text), **changed)


def test_a_complaint_is_kept_as_it_was_told() -> None:
    Spec(COMPLAINT).when(TAKE).then(taken())


def test_money_in_danger_is_urgent() -> None:
    command = told("门口贴了封条，老板跑路了，电话也联系不上。")
    Spec(COMPLAINT).when(command).then(taken(command, ("跑路", "联系不上"), is_urgent=True))


def test_a_question_about_a_pause_or_a_shop_of_another_trade_is_not_urgent() -> None:
    asked = told("请问他们是不是要倒闭？", tracks=(Track.WORK_ORDER,))
    Spec(COMPLAINT).when(asked).then(taken(asked, ("倒闭",)))
    elsewhere = told("游泳馆关门了，卡退不了。", within_remit=False)
    Spec(COMPLAINT).when(elsewhere).then(taken(elsewhere, ("退不了", "关门")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("老师说老板没有跑路，只是退费慢", ()),
        ("没有退费，老板跑路", ("跑路",)),
        ("没有跑路，但是已经停课两周", ("停课",)),
        ("没跑路？跑路了！", ("跑路",)),
        ("请问国庆期间停课合不合规", ()),
        ("明明停课那次也算上了一节", ()),
        ("因台风停课一天", ()),
        ("人去楼空，群也解散了", ("人去楼空",)),
        ("每天晚上九点关门", ()),
        ("", ()),
    ],
)
def test_a_word_counts_only_where_it_is_meant(text: str, words: tuple[str, ...]) -> None:
    assert urgent_words(text) == words


def test_a_repeated_export_changes_nothing_and_notes_only_the_channels_progress() -> None:
    given = Spec(COMPLAINT).given(taken())
    given.when(TAKE).then()
    noted = HandlingNoted(institution_id=None, handling=OPEN, noted_at=LATER)
    given.when(replace(TAKE, handling=OPEN)).then(noted)
    given.given(noted).when(replace(TAKE, handling=OPEN)).then()


def test_the_progress_that_comes_with_a_new_complaint_is_a_fact_of_its_own() -> None:
    command = replace(TAKE, handling=OPEN)
    noted = HandlingNoted(institution_id=None, handling=OPEN, noted_at=LATER)
    Spec(COMPLAINT).when(command).then(taken(), noted)


def test_the_same_number_with_other_words_is_another_complaint() -> None:
    Spec(COMPLAINT).given(taken()).when(told("另一件事")).then_refused(NumberTaken)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (replace(TAKE, intake=replace(INTAKE, number=" ")), NumberMissing),
        (told(" "), TextMissing),
        (told("长" * 8001), TextTooLong),
        (replace(TAKE, taken_at=datetime(2026, 4, 1, tzinfo=UTC)), ReceivedInFuture),
        (replace(TAKE, tracks=()), TracksMissing),
    ],
)
def test_a_complaint_that_says_nothing_is_refused(command: TakeComplaint, reason: type[Refusal]) -> None:
    Spec(COMPLAINT).when(command).then_refused(reason)


def test_a_person_says_whom_it_is_about_and_why() -> None:
    command = AttributeComplaint(
        institution_id=UUID(int=5),
        department="文旅局",
        category="art",
        reason="现场核实",
        attributed_by="o",
        attributed_at=LATER,
    )
    attributed = ComplaintAttributed(
        institution_id=UUID(int=5),
        before=None,
        number=INTAKE.number,
        channel=INTAKE.channel,
        title=INTAKE.title,
        received_at=AT,
        is_urgent=False,
        region="330106",
        department="文旅局",
        category="art",
        reason="现场核实",
        attributed_by="o",
        attributed_at=LATER,
    )
    given = Spec(COMPLAINT).given(taken())
    given.when(command).then(attributed)
    given.given(attributed).when(command).then()
    given.when(replace(command, reason="")).then_refused(AttributionReasonMissing)
    Spec(COMPLAINT).when(command).then_refused(ComplaintNotTaken)
