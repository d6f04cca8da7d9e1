"""Who may be hired, what is counted, and what is missing; a record is of one person at one institution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.sealed import Sealed
from mingjing_kernel.testing.hindrance import walk
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain import school as sc
from mingjing_registry.domain import staff as s
from mingjing_registry.domain import staff_commands as c
from mingjing_registry.domain import staff_facts as f
from mingjing_registry.domain import staff_refusals as no
from mingjing_registry.domain.blacklist import Jurisdiction, SealedPerson
from mingjing_registry.domain.evaluation import GradeNumbers
from mingjing_registry.domain.identity import identity_of
from mingjing_registry.domain.liability import FRESH_DAYS_MAX
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.roster_run import ROSTER_DAYS_MAX
from mingjing_registry.domain.staffing import SessionsStated, StaffCounts, StaffingNumbers, staffing_checks
from mingjing_registry.policy.rules import AFTER_SCHOOL, LIABILITY, ROSTER, STAFFING

ON = date(2026, 7, 1)
SCHOOL = UUID(int=7)
PERSON = SealedPerson(name=Sealed[str](subject="staff-1", algorithm="a", key_id="k", box="b"))
CERTIFICATE = f.Qualification(proof=f.Proof.TEACHER_CERTIFICATE, number="20213301")
ABILITY = f.Qualification(proof=f.Proof.ABILITY, number="舞1")
POST = f.Post(work=f.Work.TEACHER, is_subject=False, is_full_time=True, from_on=ON)
BAR = f.Bar(entry_id=UUID(int=8), reason="犯罪", decision_reference="黑1号", until=None)
ENROL = c.EnrolStaff(
    institution_id=UUID(int=1),
    within=Jurisdiction(department="education", region="330106"),
    person=PERSON,
    identity_digest="d1",
    post=POST,
    qualification=ABILITY,
    on=ON,
)
ENROLLED = f.StaffEnrolled(
    institution_id=ENROL.institution_id,
    within=ENROL.within,
    person=PERSON,
    identity_digest="d1",
    post=POST,
    qualification=ABILITY,
    on=ON,
)
LEAVE = c.EndEmployment(left_on=ON, reason="辞职", on=ON)
SUSPECT = c.SuspectInService(school_id=SCHOOL, on=ON)
CLEAR = c.ClearInService(reason="已离职", on=ON)
STAFF = Spec(s.STAFF)


def test_a_hiring_is_recorded_once_and_a_bar_or_a_missing_proof_stops_it() -> None:
    STAFF.given().when(ENROL).then(ENROLLED)
    STAFF.given(ENROLLED).when(replace(ENROL, person=replace(PERSON))).then()
    STAFF.given().when(replace(ENROL, bar=BAR)).then_refused(no.OnStaffBlacklist)
    STAFF.given(ENROLLED).when(replace(ENROL, identity_digest="d2")).then_refused(no.StaffIsSomebodyElse)
    subject = replace(POST, is_subject=True)
    STAFF.given().when(replace(ENROL, post=subject)).then_refused(no.QualificationMissing)
    STAFF.given().when(replace(ENROL, qualification=None)).then_refused(no.QualificationMissing)
    assert s.is_proved(subject, CERTIFICATE)
    assert s.is_proved(POST, CERTIFICATE)
    assert s.is_proved(replace(POST, work=f.Work.OTHER), None)


def test_a_suspicion_is_noted_without_a_word_to_the_hirer_and_cleared_for_good() -> None:
    suspected = f.InServiceSuspected(school_id=SCHOOL, on=ON)
    STAFF.given().when(replace(ENROL, school_id=SCHOOL)).then(ENROLLED, suspected)
    cleared = f.InServiceCleared(school_id=SCHOOL, reason="已离职", on=ON)
    STAFF.given(ENROLLED, suspected).when(CLEAR).then(cleared)
    STAFF.given(ENROLLED, suspected).when(replace(CLEAR, reason=" ")).then_refused(ReasonMissing)
    STAFF.given(ENROLLED, suspected, cleared).when(SUSPECT).then()
    STAFF.given(ENROLLED, suspected, cleared).when(replace(SUSPECT, school_id=UUID(int=9))).then(
        replace(suspected, school_id=UUID(int=9))
    )


def test_a_bar_is_noted_once_and_lifted_only_by_its_own_entry() -> None:
    noted = f.StaffBarNoted(bar=BAR, on=ON)
    STAFF.given(ENROLLED).when(c.NoteBar(bar=BAR, on=ON)).then(noted)
    STAFF.given(ENROLLED, noted).when(c.NoteBar(bar=BAR, on=ON)).then()
    STAFF.given(ENROLLED, noted).when(c.LiftBar(entry_id=UUID(int=99), on=ON)).then()
    STAFF.given(ENROLLED, noted).when(c.LiftBar(entry_id=BAR.entry_id, on=ON)).then(
        f.StaffBarLifted(entry_id=BAR.entry_id, on=ON)
    )
    early = replace(LEAVE, left_on=date(2026, 6, 1))
    STAFF.given(ENROLLED).when(early).then_refused(no.LeavingBeforeEnrolment)


STATE = c.StateEmployment(
    institution_id=ENROL.institution_id,
    within=ENROL.within,
    person=PERSON,
    identity_digest=ENROL.identity_digest,
    post=POST,
    qualification=ENROL.qualification,
    left_on=None,
    reason="花名册",
    on=ON,
)
LEFT = f.StaffLeft(left_on=date(2026, 7, 15), reason="花名册", on=ON)
ALIKE = f.StaffBarLikenessNoted(bar=BAR, on=ON)


def test_a_list_states_who_works_there_and_asks_for_nothing() -> None:
    subject = replace(POST, is_subject=True)
    STAFF.given().when(replace(STATE, post=subject, qualification=None)).then(
        replace(ENROLLED, post=subject, qualification=None)
    )
    STAFF.given(ENROLLED).when(STATE).then()
    STAFF.given(ENROLLED).when(replace(STATE, qualification=None)).then()
    STAFF.given(ENROLLED).when(replace(STATE, qualification=CERTIFICATE)).then(
        f.QualificationRecorded(qualification=CERTIFICATE, on=ON)
    )
    STAFF.given(ENROLLED).when(replace(STATE, identity_digest="d2")).then_refused(no.StaffIsSomebodyElse)
    STAFF.given().when(replace(STATE, left_on=LEFT.left_on)).then(ENROLLED, LEFT)
    STAFF.given(ENROLLED).when(replace(STATE, left_on=LEFT.left_on)).then(LEFT)
    early = replace(STATE, left_on=POST.from_on.replace(year=POST.from_on.year - 1))
    STAFF.given().when(early).then_refused(no.LeavingBeforeEnrolment)


def test_a_list_says_nothing_against_a_leaving_that_is_on_record() -> None:
    STAFF.given(ENROLLED, LEFT).when(replace(STATE, left_on=LEFT.left_on)).then()
    STAFF.given(ENROLLED, LEFT).when(STATE).then_refused(no.StaffLeftAlready)
    back = replace(POST, from_on=date(2026, 8, 1))
    STAFF.given(ENROLLED, LEFT).when(replace(STATE, post=back)).then(replace(ENROLLED, post=back))


def test_a_number_that_lost_digits_says_nothing_against_the_whole_one() -> None:
    whole = f.QualificationRecorded(qualification=replace(CERTIFICATE, number="20123301042978587"), on=ON)
    lost = replace(CERTIFICATE, number=f"201233{f.LOST_DIGITS}")
    STAFF.given(ENROLLED, whole).when(replace(STATE, qualification=lost)).then()
    other = replace(CERTIFICATE, number=f"2013{f.LOST_DIGITS}")
    STAFF.given(ENROLLED, whole).when(replace(STATE, qualification=other)).then(
        f.QualificationRecorded(qualification=other, on=ON)
    )
    STAFF.given(ENROLLED, whole).when(STATE).then()  # a lesser proof beside a teacher's certificate


def test_a_masked_entry_bars_nobody_before_a_person_says_so() -> None:
    judge = c.JudgeBarLikeness(is_same=True, reason="核实", on=ON)
    judged = f.StaffBarLikenessJudged(entry_id=BAR.entry_id, is_same=True, reason="核实", on=ON)
    STAFF.given(ENROLLED).when(c.NoteBarLikeness(bar=BAR, on=ON)).then(ALIKE)
    STAFF.given(ENROLLED, ALIKE).when(c.NoteBarLikeness(bar=BAR, on=ON)).then()
    STAFF.given(ENROLLED).when(judge).then_refused(no.BarLikenessUnknown)
    STAFF.given(ENROLLED, ALIKE).when(replace(judge, reason=" ")).then_refused(ReasonMissing)
    STAFF.given(ENROLLED, ALIKE).when(judge).then(judged, f.StaffBarNoted(bar=BAR, on=ON))
    unlike = replace(judged, is_same=False)
    STAFF.given(ENROLLED, ALIKE).when(replace(judge, is_same=False)).then(unlike)
    STAFF.given(ENROLLED, ALIKE, unlike).when(c.NoteBarLikeness(bar=BAR, on=ON)).then()
    STAFF.given(ENROLLED, ALIKE).when(c.LiftBar(entry_id=BAR.entry_id, on=ON)).then(
        f.StaffBarLifted(entry_id=BAR.entry_id, on=ON)
    )


def test_a_mask_is_known_as_one_and_a_mask_that_hides_more_is_no_identity() -> None:
    masked, whole = identity_of("3301061990****0007"), identity_of("11010519491231002X")
    assert masked is not None
    assert whole is not None
    assert (masked.is_in_part, masked.open_part, masked.birth_month) == (True, ("3301061990", "0007"), "")
    assert (whole.is_in_part, whole.open_part, whole.birth_month) == (False, ("1101051949", "002X"), "12")
    assert [identity_of(text) for text in ("330***********0007", "3301061990****", "", "****")] == [None] * 4
    passport = identity_of("E12345678")
    assert passport is not None
    assert (passport.shape, passport.open_part, passport.birth_year) == ("other", ("", ""), "")


STEPS = (
    STATE, replace(STATE, left_on=LEFT.left_on), c.NoteBarLikeness(bar=BAR, on=ON),
    c.JudgeBarLikeness(is_same=True, reason="核实", on=ON), c.JudgeBarLikeness(is_same=False, reason="核实", on=ON),
    ENROL, replace(ENROL, school_id=SCHOOL), LEAVE, SUSPECT, CLEAR, c.NoteBar(bar=BAR, on=ON),
    c.LiftBar(entry_id=BAR.entry_id, on=ON), c.RecordQualification(qualification=CERTIFICATE, on=ON),
    c.WithdrawQualification(reason="伪造", on=ON),
)  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_a_screen_says_of_a_record_what_its_decider_does(steps: list[c.Command]) -> None:
    walk(
        s.STAFF,
        s.hindrance,
        steps,
        frozenset({no.StaffUnknown, no.StaffHasLeft, no.SuspicionUnknown, no.BarLikenessUnknown}),
    )


def verdicts(counts: StaffCounts, sessions: SessionsStated | None = None) -> dict[str, tuple[str, int, int]]:
    """Verdict, needed and missing of the two ratios."""
    checks = {one.rule: one for one in staffing_checks(counts, sessions, StaffingNumbers())}
    return {rule: (one.verdict, one.needed, one.missing) for rule, one in checks.items() if rule.startswith("R8")}


def test_the_ratios_say_how_many_are_missing() -> None:
    sessions = SessionsStated(pupils=150, pupils_ages_3_6=50, on=ON)
    assert verdicts(StaffCounts(total=10, teaching_research=4, full_time_teachers=4), sessions) == {
        "R8-teaching-research": ("fail", 5, 2),
        "R8-full-time": ("fail", 5, 1),
    }
    assert verdicts(StaffCounts()) == {"R8-teaching-research": ("unknown", 0, 0), "R8-full-time": ("unknown", 0, 0)}
    (online,) = staffing_checks(StaffCounts(total=1), None, StaffingNumbers(), is_offline=False)[-1:]
    assert online.verdict == "not-applicable"


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 99))
def test_hiring_whoever_is_missing_and_no_fewer_passes(total: int, some: int, share: int) -> None:
    have, numbers = min(some, total), StaffingNumbers(teaching_research=share)

    def check(hired: int) -> tuple[str, int]:
        counts = StaffCounts(total=total + hired, teaching_research=have + hired)
        one = next(one for one in staffing_checks(counts, None, numbers) if one.rule == "R8-teaching-research")
        return one.verdict, one.missing

    verdict, missing = check(0)
    assert check(missing)[0] == "pass"
    assert (verdict == "pass") == (missing == 0)
    if missing:
        assert check(missing - 1)[0] == "fail"


def test_a_roster_tells_who_came_and_went_and_an_older_one_nothing() -> None:
    recorded = sc.SchoolRecorded(name="一小", division="330106", stage="小学", on=ON)
    first = sc.RosterTaken(stated_on=ON, added=("a", "b"), removed=(), teachers=2, on=ON)
    school = Spec(sc.SCHOOL)
    take = sc.TakeRoster(digests=frozenset({"b", "c"}), stated_on=date(2026, 8, 1), on=ON)
    school.given().when(take).then_refused(no.SchoolUnknown)
    school.given(recorded, first).when(take).then(
        sc.RosterTaken(stated_on=date(2026, 8, 1), added=("c",), removed=("a",), teachers=2, on=ON)
    )
    school.given(recorded, first).when(replace(take, stated_on=date(2026, 6, 1))).then_refused(no.RosterOlder)
    survey = sc.RecordSurvey(
        survey_id=SCHOOL, held_on=ON, pupils_asked=9, answers=(sc.Answer(name="某", pupils=3),), on=ON
    )
    (told,) = sc.SCHOOL.decide(survey, sc.SCHOOL.fold((recorded,)))
    school.given(recorded, told).when(survey).then()


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (STAFFING, {"teaching-research": StaffingNumbers().teaching_research, "full-time": StaffingNumbers().full_time,
                    "full-time-ages-3-6": StaffingNumbers().full_time_ages_3_6}),
        (AFTER_SCHOOL, {"excellent": GradeNumbers().excellent, "good": GradeNumbers().good,
                        "passing": GradeNumbers().passing,
                        **{part.value: most for part, most in GradeNumbers().points}}),
        (ROSTER, {"fresh-days": ROSTER_DAYS_MAX}),
        (LIABILITY, {"fresh-days": FRESH_DAYS_MAX}),
    ],
)  # fmt: skip
def test_the_domains_own_defaults_are_those_of_the_rules(rule: object, held: dict[str, int]) -> None:
    assert {one.name: one.default for one in rule.numbers} == held  # type: ignore[attr-defined]
