"""After-school providers: proposed by one, selected by another, graded by their entries, gone when standing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.testing.hindrance import walk
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain import filing as fl
from mingjing_registry.domain import provider as p
from mingjing_registry.domain import provider_facts as f
from mingjing_registry.domain import provider_return as r
from mingjing_registry.domain import staff_refusals as no
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.blacklisted import InstitutionBlacklisted, InstitutionCleared
from mingjing_registry.domain.evaluation import POINTS, Deduction, GradeNumbers, Part, score_of
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.projections.provider_deadlines import PROVIDER_RETURN, PROVIDER_TERM

ON = date(2026, 7, 1)
UNTIL = date(2027, 6, 30)
WITHIN = Jurisdiction(department="education", region="330106", category="art")
GOOD = p.Candidate(is_subject=False, standing="conditions-met")
PROPOSE = p.ProposeProvider(within=WITHIN, candidate=GOOD, services=("书法",), on=ON)
SELECT = p.SelectProvider(candidate=GOOD, decision_reference="选1号", from_on=ON, until_on=UNTIL, on=ON)
PROPOSED = f.ProviderProposed(within=WITHIN, services=("书法",), on=ON)
SELECTED = f.ProviderSelected(decision_reference="选1号", from_on=ON, until_on=UNTIL, on=ON)
CHOSEN = f.ProviderChosen(agreement_id=UUID(int=1), school_id=UUID(int=2), from_on=ON, until_on=UNTIL, on=ON)
CHOOSE = p.ChooseProvider(agreement_id=UUID(int=1), school_id=UUID(int=2), from_on=ON, until_on=UNTIL, on=ON)
DEDUCTION = Deduction(entry_id=UUID(int=3), part=Part.PATROL, points=10, reason="缺课", evidence_sha256="", found_on=ON)
CLOSE = p.CloseEvaluation(period="2026秋", on=UNTIL)
REMOVE = p.RemoveProvider(ground=f.Ground.POOR_SERVICE, reason="质量差", on=ON)
OVER = r.NoteListingOver(listing_id=UUID(int=9), working_days=3, on=ON + timedelta(days=9))
DECLINE = r.DeclineReturn(reason="学校另选他家", on=OVER.on)
PROVIDER = Spec(p.PROVIDER)


def test_only_who_is_in_good_standing_and_teaches_no_subject_gets_on_the_list() -> None:
    PROVIDER.given().when(PROPOSE).then(PROPOSED)
    PROVIDER.given().when(SELECT).then_refused(no.ProviderUnknown)
    bad = replace(GOOD, standing="blacklisted")
    PROVIDER.given().when(replace(PROPOSE, candidate=bad)).then_refused(no.ProviderNotInGoodStanding)
    subject = replace(GOOD, is_subject=True)
    PROVIDER.given().when(replace(PROPOSE, candidate=subject)).then_refused(no.ProviderTeachesSubjects)
    PROVIDER.given(PROPOSED).when(SELECT).then(SELECTED)
    PROVIDER.given(PROPOSED).when(replace(SELECT, candidate=bad)).then_refused(no.ProviderNotInGoodStanding)
    PROVIDER.given(PROPOSED).when(replace(SELECT, until_on=date(2026, 6, 1))).then_refused(no.TermReversed)
    PROVIDER.given(PROPOSED).when(CHOOSE).then_refused(no.ProviderNotInThatState)


def test_whoever_leaves_leaves_with_the_schools_that_are_to_be_told() -> None:
    on_list = PROVIDER.given(PROPOSED, SELECTED, CHOSEN)
    left = f.ProviderLeft(ground=f.Ground.POOR_SERVICE, reason="质量差", schools=(UUID(int=2),), on=ON)
    on_list.when(REMOVE).then(left)
    on_list.when(replace(REMOVE, reason="")).then_refused(ReasonMissing)
    lost = p.LeaveList(on=ON + timedelta(days=3))
    on_list.when(lost).then(
        f.ProviderLeft(ground=f.Ground.STANDING_LOST, reason="", schools=(UUID(int=2),), on=lost.on)
    )
    over = p.LeaveList(on=UNTIL + timedelta(days=1))
    on_list.when(over).then(f.ProviderLeft(ground=f.Ground.TERM_OVER, reason="", schools=(UUID(int=2),), on=over.on))
    PROVIDER.given(PROPOSED, SELECTED, left).when(lost).then()
    PROVIDER.given().when(lost).then()


def test_the_institutions_own_fact_makes_the_term_due_at_once() -> None:
    clock = PROVIDER_TERM.clock(None, SELECTED)
    assert clock is not None
    assert clock.due_on == UNTIL
    listed = InstitutionBlacklisted(listing_id=UUID(int=9), on=date(2026, 8, 1))
    assert PROVIDER_TERM.clock(None, listed) is None, "an institution that is no provider has no clock"
    due = PROVIDER_TERM.clock(clock, listed)
    assert due is not None
    assert due.due_on == date(2026, 7, 31)
    assert PROVIDER_TERM.clock(clock, InstitutionCleared(listing_id=UUID(int=9), on=ON)) == clock


def test_a_listing_that_fell_puts_the_question_whether_its_provider_comes_back() -> None:
    lost = f.ProviderLeft(ground=f.Ground.STANDING_LOST, reason="", schools=(), on=ON)
    due = f.ProviderReturnDue(listing_id=UUID(int=9), until_on=UNTIL, working_days=3, on=OVER.on)
    off, asked = PROVIDER.given(PROPOSED, SELECTED, lost), PROVIDER.given(PROPOSED, SELECTED, lost, due)
    off.when(OVER).then(due)
    off.when(DECLINE).then_refused(no.ProviderReturnNotDue)
    off.when(replace(OVER, on=UNTIL + timedelta(days=1))).then()
    asked.when(OVER).then()
    asked.when(r.NoteReturnOverdue(on=ON)).then(f.ProviderReturnOverdue(on=ON))
    overdue = PROVIDER.given(PROPOSED, SELECTED, lost, due, f.ProviderReturnOverdue(on=ON))
    overdue.when(r.NoteReturnOverdue(on=ON)).then()
    declined = f.ProviderReturnDeclined(reason="学校另选他家", on=OVER.on)
    overdue.when(DECLINE).then(declined)
    asked.when(replace(DECLINE, reason=" ")).then_refused(ReasonMissing)
    asked.when(PROPOSE).then(PROPOSED)
    PROVIDER.given(PROPOSED, SELECTED, lost, due, declined).when(OVER).then()
    # It was annulled before the keeper of deadlines came by: the schools are told, and the question is put.
    PROVIDER.given(PROPOSED, SELECTED, CHOSEN).when(OVER).then(
        f.ProviderLeft(ground=f.Ground.STANDING_LOST, reason="", schools=(UUID(int=2),), on=OVER.on), due
    )
    poor = f.ProviderLeft(ground=f.Ground.POOR_SERVICE, reason="质量差", schools=(), on=ON)
    for before in ((), (PROPOSED,), (PROPOSED, SELECTED, poor)):
        PROVIDER.given(*before).when(OVER).then()


def test_the_question_is_on_the_list_of_deadlines_until_somebody_answers_it() -> None:
    due = f.ProviderReturnDue(listing_id=UUID(int=9), until_on=UNTIL, working_days=3, on=date(2026, 7, 3))
    clock = PROVIDER_RETURN.clock(None, due)
    assert clock is not None
    assert (clock.due_on, clock.working_days) == (date(2026, 7, 8), 3), "a Friday and three working days"
    late = PROVIDER_RETURN.clock(clock, f.ProviderReturnOverdue(on=date(2026, 7, 9)))
    assert late is not None
    assert late.fired_on == date(2026, 7, 9)
    for answer in (PROPOSED, f.ProviderReturnDeclined(reason="另选", on=ON)):
        assert PROVIDER_RETURN.clock(late, answer) is None


def test_who_fails_the_evaluation_leaves_the_list_in_the_same_breath() -> None:
    entries = [
        f.PointsDeducted(deduction=replace(DEDUCTION, entry_id=UUID(int=10 + number)), on=ON) for number in range(5)
    ]
    on_list = (PROPOSED, SELECTED, *entries)
    closed = p.PROVIDER.decide(CLOSE, p.PROVIDER.fold(on_list))
    assert [type(one) for one in closed] == [f.EvaluationClosed, f.ProviderLeft]
    state = p.PROVIDER.fold((PROPOSED, SELECTED, *entries[:4]))
    (only,) = p.PROVIDER.decide(CLOSE, state)
    assert isinstance(only, f.EvaluationClosed)
    assert (only.score.total, only.score.grade, only.score.patrol) == (60, "pass", 10)
    assert p.PROVIDER.decide(CLOSE, p.PROVIDER.evolve(state, only)) == []
    withdrawn = p.WithdrawDeduction(entry_id=UUID(int=10), reason="误记", on=ON)
    assert len(p.PROVIDER.decide(withdrawn, state)) == 1
    PROVIDER.given(PROPOSED, SELECTED).when(withdrawn).then_refused(no.DeductionUnknown)


def test_a_policy_shares_a_hundred_points_out_in_another_way_and_no_other_number_of_them() -> None:
    numbers = GradeNumbers(points=((Part.PATROL, 20), (Part.PLAN, 20), (Part.EFFECT, 20), (Part.SATISFACTION, 40)))
    assert score_of([replace(DEDUCTION, points=10)] * 3, numbers).total == 80, "a part does not fall below nothing"
    fewer = replace(CLOSE, numbers=replace(numbers, points=numbers.points[:3]))
    PROVIDER.given(PROPOSED, SELECTED).when(fewer).then_refused(no.PartsNotAHundred)


@given(st.lists(st.tuples(st.sampled_from(list(Part)), st.sampled_from([1, 3, 10])), max_size=40))
def test_no_part_falls_below_nothing_and_the_total_is_that_of_the_parts(found: list[tuple[Part, int]]) -> None:
    entries = [
        replace(DEDUCTION, entry_id=UUID(int=number), part=part, points=points)  # type: ignore[arg-type]
        for number, (part, points) in enumerate(found)
    ]
    score = score_of(entries, GradeNumbers())
    for part, most in POINTS.items():
        taken = sum(one.points for one in entries if one.part is part)
        assert getattr(score, part.value) == max(most - taken, 0)
    assert score.total == score.patrol + score.plan + score.effect + score.satisfaction


STEPS = (
    PROPOSE, SELECT, CHOOSE, p.EndAgreement(agreement_id=UUID(int=1), reason="期满", on=ON),
    p.DeductPoints(deduction=DEDUCTION, on=ON), p.WithdrawDeduction(entry_id=UUID(int=3), reason="误记", on=ON),
    CLOSE, REMOVE, p.LeaveList(on=ON), OVER, r.NoteReturnOverdue(on=ON), DECLINE,
)  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_a_screen_says_of_a_provider_what_its_decider_does(steps: list[p.Command]) -> None:
    reasons = frozenset({no.ProviderUnknown, no.ProviderNotInThatState, no.ProviderReturnNotDue})
    walk(p.PROVIDER, p.hindrance, steps, reasons)


ITEM = fl.Filed(kind="advert", title="海报", evidence_sha256="a" * 64, is_subject=True, channel=fl.Channel.OWN_WEBSITE)
FILE = fl.FileItem(institution_id=UUID(int=1), within=WITHIN, item=ITEM, on=ON)
FILED = fl.ItemFiled(institution_id=UUID(int=1), within=WITHIN, item=ITEM, on=ON)
ACCEPT, REFUSE = fl.AcceptItem(remark="", on=ON), fl.RefuseItem(reason="超标", on=ON)
WITHDRAW = fl.WithdrawItem(reason="停用", on=ON)
FILING = Spec(fl.FILING)


def test_a_filing_is_decided_once_and_an_advert_of_subjects_is_kept_out_of_schools() -> None:
    FILING.given().when(FILE).then(FILED)
    FILING.given(FILED).when(FILE).then()
    at_school = replace(FILE, item=replace(ITEM, channel=fl.Channel.SCHOOL_GROUNDS))
    FILING.given().when(at_school).then_refused(no.SubjectAdvertForbidden)
    arts = replace(at_school.item, is_subject=False)
    FILING.given().when(replace(FILE, item=arts)).then(replace(FILED, item=arts))
    FILING.given(FILED).when(at_school).then_refused(no.FilingIsAnother)
    FILING.given().when(replace(FILE, item=replace(ITEM, evidence_sha256="x"))).then_refused(no.FilingIncomplete)
    accepted = fl.ItemAccepted(remark="", on=ON)
    FILING.given(FILED, accepted).when(REFUSE).then_refused(no.FilingSettled)
    FILING.given(FILED, accepted).when(ACCEPT).then()
    FILING.given(FILED, accepted).when(WITHDRAW).then(fl.ItemWithdrawn(reason="停用", on=ON))


@given(st.lists(st.sampled_from([FILE, ACCEPT, REFUSE, WITHDRAW]), max_size=8))
def test_a_screen_says_of_a_filing_what_its_decider_does(steps: list[fl.Command]) -> None:
    walk(fl.FILING, fl.hindrance, steps, frozenset({no.FilingUnknown, no.FilingSettled}))
