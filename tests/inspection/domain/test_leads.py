"""Leads about places: the states of one, the triage's truth table, clusters that no order of the leads changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.acts_conduct import CONDUCT_ACTS
from mingjing_inspection.acts_leads import HOTSPOT_ACTS, LINK_ACTS, PLACE_LEAD_ACTS
from mingjing_inspection.domain import conduct_lead as c
from mingjing_inspection.domain import hotspot, lead, lead_link
from mingjing_inspection.domain import lead_facts as f
from mingjing_inspection.domain import lead_refusals as because
from mingjing_inspection.domain.finding_terms import Place as FindingPlace
from mingjing_inspection.domain.lead_cluster import Ground, LeadSeen, building_of, clusters
from mingjing_inspection.domain.lead_others import EscalateLead, KeepOther, SettleOther
from mingjing_inspection.domain.lead_terms import Cover, LeadOrigin, TaughtAt, Venue, lead_of, person_of
from mingjing_inspection.domain.lead_told import Told
from mingjing_inspection.domain.lead_triage import ELEMENTS, FORMS, Answer, Question, Verdict, triage
from mingjing_inspection.domain.route import Place, metres_between
from mingjing_inspection.matching.lead_category import category_of
from mingjing_inspection.policy.lead_rules import LEAD_HOTSPOTS
from mingjing_kernel.testing.hindrance import walk

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ON = date(2026, 7, 1)
PHOTO = "a" * 64
TOLD = Told(
    address="文三路100号2幢301室",
    venue=Venue.HOME,
    cover=Cover.HOUSEKEEPING,
    description="教初中数学",
    photos=(PHOTO,),
    times=(TaughtAt(weekday=6, begins=540, ends=690),),
    prices=(),
    people=(),
    position=None,
    suspects_teacher=False,
    source_id=None,
    seen_at=AT,
)
REPORT = f.ReportLead(
    origin=LeadOrigin.FIELD, told=TOLD, region="330106109", version_id=None, department="education", category="",
    by="o", at=AT,
)  # fmt: skip
YES = {
    one: f.AnswerTriage(question=one, answer=Answer.YES, evidence=(PHOTO,), note="", by="p", on=ON) for one in Question
}
STEPS = (
    REPORT,
    f.SeeAgain(times=(), prices=(), photos=("b" * 64,), note="", seen_at=AT, by="o", at=AT),
    f.SeeAgain(times=(), prices=(), photos=(), note=" ", seen_at=AT, by="o", at=AT),
    f.VerifyLead(by="p", on=ON),
    f.FindPremises(note="属实", by="p", at=AT),
    *YES.values(),
    f.AnswerTriage(question=Question.PAID, answer=Answer.NO, evidence=(), note="", by="p", on=ON),
    f.ConfirmTriage(verdict=Verdict.O1, note="", by="q", on=ON),
    f.ConfirmTriage(verdict=Verdict.O2, note="", by="q", on=ON),
    f.ConfirmTriage(verdict=Verdict.NOT_ESTABLISHED, note="", by="q", on=ON),
    f.NoteToldRegistry(at=AT),
    KeepOther(told=TOLD, content="c1", by="o", at=AT),
    KeepOther(told=TOLD, content="c2", by="p", at=AT),
    SettleOther(number=1, is_taken=True, reason="同一处", by="p", at=AT),
    SettleOther(number=1, is_taken=False, reason=" ", by="q", at=AT),
    SettleOther(number=2, is_taken=False, reason="误报", by="q", at=AT),
    EscalateLead(due_on=ON, on=ON),
    f.ConcludeLead(is_case_proposed=True, note="属实", by="q", on=ON),
    f.ConcludeLead(is_case_proposed=False, note="无", by="q", on=ON),
)
OF_STATE = frozenset({
    because.LeadUnknown, because.LeadTaken, because.LeadNotTaken, because.LeadOver, because.LeadReportedAlready,
    because.PremisesFoundAlready, because.LeadHasInstitution, because.LeadSightingsTooMany, because.LeadOtherUnknown,
})  # fmt: skip
PAIR = {"first": UUID(int=1), "second": UUID(int=2), "region": "33", "department": "d", "category": "", "by": "p"}
LINK_STEPS = (
    lead_link.LinkLeads(**PAIR, reason="同", at=AT),  # type: ignore[arg-type]
    lead_link.PartLeads(**PAIR, reason="异", at=AT),  # type: ignore[arg-type]
    lead_link.PartLeads(**PAIR, reason=" ", at=AT),  # type: ignore[arg-type]
)
CONDUCT_STEPS = (
    c.OpenConductLead(
        source=c.ConductSource.LEAD, source_id=UUID(int=3), region="33", department="d", category="", address="",
        summary="", people=0, at=AT,
    ),
    c.TakeConductLead(by="p", on=ON),
    c.ConcludeConductLead(is_substantiated=True, note="属实", by="q", on=ON),
    c.ConcludeConductLead(is_substantiated=False, note=" ", by="q", on=ON),
)  # fmt: skip
WHEN = hotspot.When(slot=hotspot.Slot.REGULAR, day=ON, begins=540, ends=690, leads=1)
HOTSPOT_STEPS = (
    hotspot.PlanHotspotVisit(
        grid="330106109001001", department="d", category="", when=WHEN, places=(), leads_open=3, threshold=3,
        policy="v", due_at=AT, at=AT,
    ),
    hotspot.ReportHotspotVisit(outcome=hotspot.HotspotOutcome.NO_ENTRY, note="门关", visited_at=AT, by="o", at=AT),
    hotspot.ReportHotspotVisit(outcome=hotspot.HotspotOutcome.NO_ENTRY, note=" ", visited_at=AT, by="o", at=AT),
)  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=14))
def test_a_lead_about_a_place(steps: list[Any]) -> None:
    walk(lead.LEAD, lead.hindrance, steps, OF_STATE)


@given(st.lists(st.sampled_from(LINK_STEPS), max_size=6))
def test_a_link(steps: list[Any]) -> None:
    walk(lead_link.LEAD_LINK, lead_link.hindrance, steps, frozenset({
        because.LeadsLinkedAlready, because.LeadNotLinked,
    }))  # fmt: skip


@given(st.lists(st.sampled_from(CONDUCT_STEPS), max_size=6))
def test_a_lead_about_a_teacher(steps: list[Any]) -> None:
    walk(c.CONDUCT_LEAD, c.hindrance, steps, frozenset({
        c.ConductLeadUnknown, c.ConductLeadTaken, c.ConductLeadNotTaken, c.ConductLeadOver,
    }))  # fmt: skip


@given(st.lists(st.sampled_from(HOTSPOT_STEPS), max_size=5))
def test_a_visit_to_a_hot_spot(steps: list[Any]) -> None:
    walk(hotspot.HOTSPOT_VISIT, hotspot.hindrance, steps, frozenset({
        hotspot.HotspotVisitUnknown, hotspot.HotspotVisitOver,
    }))  # fmt: skip


def test_every_act_has_a_step_here() -> None:
    walked = {type(step) for step in (*STEPS, *LINK_STEPS, *CONDUCT_STEPS, *HOTSPOT_STEPS)}
    acts = (*PLACE_LEAD_ACTS, *LINK_ACTS, *CONDUCT_ACTS, *HOTSPOT_ACTS)
    assert {act.asks for act in acts if act.asks is not None} <= walked


def test_what_a_report_must_say() -> None:
    for reason, changed in (
        (because.LeadPlaceMissing, {"address": " "}),
        (because.LeadDescriptionMissing, {"description": " "}),
        (because.LeadTimesWrong, {"times": (TaughtAt(weekday=6, begins=690, ends=690),)}),
        (because.LeadTimesWrong, {"times": (TaughtAt(weekday=8, begins=1, ends=2),)}),
        (because.LeadPhotoUnreadable, {"photos": ("A" * 64,)}),
    ):
        told = Told(**({name: getattr(TOLD, name) for name in TOLD.__slots__} | changed))  # type: ignore[arg-type]
        command = f.ReportLead(**{name: getattr(REPORT, name) for name in REPORT.__slots__} | {"told": told})
        with pytest.raises(reason):
            lead.LEAD.decide(command, None)


@given(st.fixed_dictionaries({question: st.sampled_from(Answer) for question in Question}))
def test_o1_takes_all_three_and_whatever_does_not_reach_it_is_o2_by_its_form_or_nothing(
    answers: dict[Question, Answer],
) -> None:
    said = triage(answers)
    yes = {question for question, answer in answers.items() if answer is Answer.YES}
    is_o1 = {*ELEMENTS, Question.PUPILS} <= yes
    is_o2 = {Question.PUPILS, Question.PAID, Question.SUBJECT} <= yes and bool(yes & set(FORMS))
    assert said.verdict is (Verdict.O1 if is_o1 else Verdict.O2 if is_o2 else Verdict.NOT_ESTABLISHED)
    assert (not said.missing_o1) is is_o1
    assert not set(said.missing_o1) & yes
    assert triage({}).verdict is Verdict.NOT_ESTABLISHED, "unknown establishes nothing"


def test_two_of_the_three_elements_are_never_o1() -> None:
    for given_answers in product(Answer, repeat=3):
        answers = dict(zip(ELEMENTS, given_answers, strict=True)) | {Question.PUPILS: Answer.YES}
        said = triage(answers)
        assert (said.verdict is Verdict.O1) is (set(given_answers) == {Answer.YES})


SEEN = st.builds(
    LeadSeen,
    lead_id=st.integers(1, 40).map(lambda number: UUID(int=number)),
    region=st.sampled_from(("330106109001001", "330105001001001")),
    address=st.sampled_from(("", "文三路100号2幢301室", "文三路 100号2幢 502", "甲路1号")),
    place=st.none()
    | st.builds(Place, latitude_e7=st.integers(300_000_000, 300_030_000),
                longitude_e7=st.integers(1_200_000_000, 1_200_030_000)),
    phones=st.frozensets(st.sampled_from(("x", "y", "z")), max_size=2),
)  # fmt: skip


@given(st.lists(SEEN, max_size=25, unique_by=lambda one: one.lead_id), st.integers(1, 200), st.randoms())
def test_clusters_are_the_same_in_any_order_and_every_tie_is_true(leads: list[LeadSeen], metres: int, mix: Any) -> None:
    found = clusters(leads, metres, {})
    mixed = list(leads)
    mix.shuffle(mixed)
    assert clusters(mixed, metres, {}) == found
    by_id = {one.lead_id: one for one in leads}
    tied = {frozenset((tie.first, tie.second)) for one in found for tie in one.ties}
    for one, other in ((a, b) for a in leads for b in leads if a.lead_id.int < b.lead_id.int):
        near = one.place and other.place and metres_between(one.place, other.place) <= metres
        building = building_of(one.address) and building_of(one.address) == building_of(other.address)
        same_county = one.region[:6] == other.region[:6]
        expected = bool(near or one.phones & other.phones or (building and same_county))
        assert (frozenset((one.lead_id, other.lead_id)) in tied) is expected
    assert all(len(one.leads) > 1 and one.cluster_id == min(one.leads) for one in found)
    assert sum(len(one.leads) for one in found) <= len(by_id)


def test_a_person_goes_before_the_rule() -> None:
    one, other = (
        LeadSeen(lead_id=UUID(int=number), region="330106", address="", place=None, phones=frozenset({"x"}))
        for number in (1, 2)
    )
    pair = (one.lead_id, other.lead_id)
    assert clusters([one, other], 50, {pair: False}) == []
    (linked,) = clusters([one, other], 50, {pair: True})
    assert linked.ties[0].grounds == (Ground.LINKED, Ground.SAME_TELEPHONE)


def test_a_hundred_leads_of_one_number_hang_together() -> None:
    many = [
        LeadSeen(lead_id=UUID(int=number), region="330106", address="", place=None, phones=frozenset({"x"}))
        for number in range(1, 101)
    ]
    (one,) = clusters(many, 50, {})
    assert len(one.leads) == 100
    assert len(one.ties) < 100 * 30


def test_a_persons_subject_leads_back_to_the_lead() -> None:
    assert lead_of(person_of(UUID(int=7), 4)) == str(UUID(int=7))
    assert lead_of("complainant-1") == ""


def test_somebody_goes_when_the_leads_say_and_at_night_and_on_the_weekend_besides() -> None:
    numbers = {number.name: number.default for number in LEAD_HOTSPOTS.numbers}
    week = [date(2026, 6, 29) + timedelta(days=one) for one in range(7)]
    work = frozenset(range(1, 6))
    saturday, evening = TaughtAt(weekday=6, begins=540, ends=690), TaughtAt(weekday=3, begins=1_110, ends=1_200)
    found = hotspot.visits_of([saturday, saturday, evening], week, numbers, work)
    assert [(one.slot.value, one.day.isoweekday(), one.begins, one.leads) for one in found] == [
        ("REGULAR", 6, 540, 2), ("NIGHT", 3, 1_110, 1), ("WEEKEND", 6, 540, 0),
    ]  # fmt: skip
    nothing = hotspot.visits_of([], week, numbers, work)
    assert [(one.slot.value, one.day.isoweekday(), one.leads) for one in nothing] == [
        ("REGULAR", 1, 0), ("NIGHT", 1, 0), ("WEEKEND", 6, 0),
    ]  # fmt: skip
    assert len(hotspot.visits_of([saturday], week, numbers | {"extra": 0}, work)) == 1
    assert [one.slot.value for one in hotspot.visits_of([], week[:1], numbers, work)] == ["REGULAR", "NIGHT"]


OPENED = f.LeadOpened(
    origin=LeadOrigin.RECTIFICATION_FAILED,
    stage=f.LeadStage.VERIFYING,
    place=FindingPlace(institution_id=UUID(int=1), site_id=None, region="330106109", category="subject"),
    department="education",
    source_id=UUID(int=2),
    summary="整改未到位",
    reaction="X6",
    at=AT,
    take_on_days=2,
)


def test_a_lead_that_a_machine_opens_as_being_verified_has_a_verifier_before_it_is_concluded() -> None:
    opened = lead.LEAD.evolve(None, OPENED)
    conclude = f.ConcludeLead(is_case_proposed=True, note="属实", by="p", on=ON)
    with pytest.raises(because.LeadNotTaken):
        lead.LEAD.decide(conclude, opened)
    (escalated,) = lead.LEAD.decide(EscalateLead(due_on=ON, on=ON), opened)
    assert lead.LEAD.decide(EscalateLead(due_on=ON, on=ON), lead.LEAD.evolve(opened, escalated)) == []
    (taken,) = lead.LEAD.decide(f.VerifyLead(by="p", on=ON), opened)
    verified = lead.LEAD.evolve(opened, taken)
    with pytest.raises(because.LeadTaken):
        lead.LEAD.decide(f.VerifyLead(by="q", on=ON), verified)
    assert lead.LEAD.decide(EscalateLead(due_on=ON, on=ON), verified) == []
    assert len(lead.LEAD.decide(conclude, verified)) == 1


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("钱某在家中教初中数学", "subject"),
        ("教画画，也补习英语", "subject"),
        ("楼下有人教书法和国画", "art"),
        ("周末教编程，还教篮球", ""),
        ("有孩子进出，不知教什么，每节200元", ""),
    ],
)
def test_the_category_is_what_the_words_name_and_else_unknown(said: str, category: str) -> None:
    assert category_of(said) == category
