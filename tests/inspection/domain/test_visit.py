from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.domain.visit import (
    VISIT,
    Answer,
    CorrectVisit,
    Doubt,
    Failing,
    Finding,
    Limits,
    Observation,
    Outcome,
    Position,
    ReportVisit,
    VisitCorrected,
    VisitReported,
)
from mingjing_inspection.domain.visit_refusals import (
    CorrectsAnotherVersion,
    DuplicateAnswer,
    DuplicatePhoto,
    NoteTooLong,
    OutcomeContradictsAnswers,
    PhotoMissing,
    PhotoNotHashed,
    PhotosTooMany,
    PositionImpossible,
    ReasonMissing,
    UnansweredItems,
    UnknownChecklist,
    UnknownItem,
    VisitAlreadyReported,
    VisitNotReported,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PHOTO, OTHER_PHOTO = "a" * 64, "b" * 64
ALL_PASSED = tuple(Answer(item=item.code, finding=Finding.PASS) for item in PATROL_V1.items)
HERE = Position(latitude_e7=302741500, longitude_e7=1201551500, accuracy_metres=8)
SEEN = Observation(
    outcome=Outcome.NO_ISSUE,
    checklist=PATROL_V1.version,
    answers=ALL_PASSED,
    photos=(PHOTO,),
    position=HERE,
    visited_at=AT,
)
REPORT = ReportVisit(
    institution_id=UUID(int=1),
    site_id=UUID(int=2),
    region="330106109001001",
    department="教育局",
    category="art",
    officer="grid-officer-7",
    observation=SEEN,
    device_sent_at=AT + timedelta(minutes=5),
    received_at=AT + timedelta(minutes=3),
)
FIRE = (Answer(item="C09", finding=Finding.FAIL, photos=(PHOTO,)), Answer(item="C05", finding=Finding.FAIL))


def reported(
    observation: Observation = SEEN,
    failed: tuple[str, ...] = (),
    vetoes: tuple[str, ...] = (),
    doubts: tuple[Doubt, ...] = (),
) -> VisitReported:
    return VisitReported(
        institution_id=UUID(int=1),
        site_id=UUID(int=2),
        region="330106109001001",
        department="教育局",
        category="art",
        officer="grid-officer-7",
        observation=observation,
        failed=failed,
        vetoes=vetoes,
        device_sent_at=AT + timedelta(minutes=5),
        received_at=AT + timedelta(minutes=3),
        clock_skew_seconds=120,
        failings=failings(*failed),
        doubts=doubts,
        limits_version="default/1",
    )


def failings(*codes: str) -> tuple[Failing, ...]:
    return tuple(
        Failing(
            item=item.code,
            severity=item.severity,
            immediate_veto=item.immediate_veto,
            legal_basis=item.legal_basis,
        )
        for item in PATROL_V1.items
        if item.code in codes
    )


def correction(observation: Observation, version: int = 1, reason: str = "看错了") -> CorrectVisit:
    return CorrectVisit(
        corrects_version=version, observation=observation, reason=reason, corrected_by="o", corrected_at=AT
    )


def test_a_visit_is_recorded_with_how_far_the_device_clock_is_off() -> None:
    Spec(VISIT).when(REPORT).then(reported())


def test_a_hazard_is_a_veto_and_another_failure_is_not() -> None:
    seen = replace(SEEN, outcome=Outcome.ISSUES, answers=FIRE)
    Spec(VISIT).when(replace(REPORT, observation=seen)).then(reported(seen, ("C05", "C09"), ("C09",)))


@pytest.mark.parametrize("outcome", [Outcome.DOOR_CLOSED, Outcome.NOT_FOUND, Outcome.REFUSED_ENTRY])
def test_a_visit_that_never_got_in_needs_no_answers(outcome: Outcome) -> None:
    seen = replace(SEEN, outcome=outcome, answers=())
    Spec(VISIT).when(replace(REPORT, observation=seen)).then(reported(seen))


def test_a_made_up_position_is_kept_with_its_flag() -> None:
    seen = replace(SEEN, position=replace(HERE, is_mock=True))
    Spec(VISIT).when(replace(REPORT, observation=seen)).then(reported(seen, doubts=(Doubt.MOCK_POSITION,)))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"photos": ()}, PhotoMissing),
        ({"photos": ("A" * 64,)}, PhotoNotHashed),
        ({"photos": (PHOTO, PHOTO)}, DuplicatePhoto),
        ({"photos": tuple(f"{n:064x}" for n in range(61))}, PhotosTooMany),
        ({"position": replace(HERE, latitude_e7=900000001)}, PositionImpossible),
        ({"position": replace(HERE, accuracy_metres=-1)}, PositionImpossible),
        ({"checklist": "patrol-v0"}, UnknownChecklist),
        ({"answers": (*ALL_PASSED, Answer(item="C99", finding=Finding.PASS))}, UnknownItem),
        ({"answers": (*ALL_PASSED, ALL_PASSED[0])}, DuplicateAnswer),
        ({"answers": ALL_PASSED[1:]}, UnansweredItems),
        ({"answers": FIRE}, OutcomeContradictsAnswers),
        ({"outcome": Outcome.ISSUES}, OutcomeContradictsAnswers),
        ({"outcome": Outcome.ISSUES, "answers": (replace(FIRE[0], photos=()),)}, PhotoMissing),
        ({"outcome": Outcome.ISSUES, "answers": (replace(FIRE[0], photos=(OTHER_PHOTO,)),)}, PhotoMissing),
        ({"note": "长" * 4001}, NoteTooLong),
    ],
)
def test_a_report_that_proves_nothing_is_refused(changed: dict[str, Any], reason: type[Refusal]) -> None:
    Spec(VISIT).when(replace(REPORT, observation=replace(SEEN, **changed))).then_refused(reason)


def test_a_clock_put_right_before_the_sending_is_a_doubt_and_no_refusal() -> None:
    late = replace(SEEN, visited_at=AT + timedelta(minutes=30))
    Spec(VISIT).when(replace(REPORT, observation=late)).then(reported(late, doubts=(Doubt.CLOCK_AHEAD,)))


def test_who_went_instead_of_those_who_were_drawn_is_told() -> None:
    limits = Limits(drawn=("grid-officer-7", "inspector-2"))
    alone = replace(REPORT, limits=limits)
    Spec(VISIT).when(alone).then(reported(doubts=(Doubt.NOT_WHO_WAS_DRAWN,)))
    both = replace(SEEN, companions=("inspector-2",))
    Spec(VISIT).when(replace(alone, observation=both)).then(reported(both))


def test_another_report_under_the_same_id_is_refused() -> None:
    given = Spec(VISIT).given(reported())
    given.when(replace(REPORT, site_id=UUID(int=3))).then_refused(VisitAlreadyReported)
    given.when(replace(REPORT, observation=replace(SEEN, note="改"))).then_refused(VisitAlreadyReported)


def test_the_same_report_sent_again_later_changes_nothing() -> None:
    Spec(VISIT).given(reported()).when(replace(REPORT, received_at=AT + timedelta(days=1))).then()


def test_a_correction_names_the_version_it_changes() -> None:
    closed = replace(SEEN, outcome=Outcome.DOOR_CLOSED, answers=())
    corrected = VisitCorrected(
        institution_id=UUID(int=1),
        site_id=UUID(int=2),
        corrects_version=1,
        observation=closed,
        failed=(),
        vetoes=(),
        reason="看错了",
        corrected_by="o",
        corrected_at=AT,
        limits_version="default/1",
    )
    given = Spec(VISIT).given(reported())
    given.when(correction(closed)).then(corrected)
    given.when(correction(SEEN)).then()
    given.when(correction(closed, version=2)).then_refused(CorrectsAnotherVersion)
    given.when(correction(closed, reason=" ")).then_refused(ReasonMissing)
    again = given.given(corrected)
    again.when(correction(SEEN)).then_refused(CorrectsAnotherVersion)
    again.when(correction(SEEN, version=2)).then(replace(corrected, corrects_version=2, observation=SEEN))


def test_what_was_never_reported_cannot_be_corrected() -> None:
    Spec(VISIT).when(correction(SEEN)).then_refused(VisitNotReported)


def test_every_item_cites_its_law_and_codes_run_in_order() -> None:
    assert [item.code for item in PATROL_V1.items] == [f"C{n:02}" for n in range(1, 16)]
    assert all(item.legal_basis and item.title_zh and item.title_en for item in PATROL_V1.items)
