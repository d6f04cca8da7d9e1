"""What is refused, what is taken with a doubt: officers, signatures, clocks, versions of the questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.domain.test_visit import AT, HERE, PHOTO, REPORT, SEEN, correction, reported
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.domain.visit import (
    VISIT,
    Asked,
    Doubt,
    Force,
    Limits,
    Observation,
    Signatory,
    Signature,
    VisitCorrected,
    VisitReported,
)
from mingjing_inspection.domain.visit_refusals import (
    CompanionsMistaken,
    OfficersTooFew,
    SignatureMissing,
    SignaturesMistaken,
    UnknownChecklist,
    VisitAlreadyReported,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

OFFICER = Signature(by=Signatory.OFFICER, image="c" * 64)
REFUSED = Signature(by=Signatory.INSTITUTION, refusal="负责人不在，店员不签")
FORCE = Force(by="inspector-1", reason="当日仅一人在岗")


def told(observation: Observation, **more: Any) -> VisitReported:
    (event,) = VISIT.decide(replace(REPORT, observation=observation, **more), VISIT.initial)
    assert isinstance(event, VisitReported)
    return event


@pytest.mark.parametrize(
    ("changed", "limits", "reason"),
    [
        ({}, {"officers_min": 2}, OfficersTooFew),
        ({"companions": ("grid-officer-7",)}, {"officers_min": 2}, CompanionsMistaken),
        ({"companions": ("o", "o")}, {}, CompanionsMistaken),
        ({"companions": ("stranger",)}, {"officers_min": 2, "ungranted": ("stranger",)}, OfficersTooFew),
        ({}, {"signatures_required": True}, SignatureMissing),
        ({"signatures": (OFFICER,)}, {"signatures_required": True}, SignatureMissing),
        ({"signatures": (OFFICER, OFFICER)}, {}, SignaturesMistaken),
        ({"signatures": (replace(REFUSED, by=Signatory.OFFICER),)}, {}, SignaturesMistaken),
        ({"signatures": (replace(OFFICER, image=""),)}, {}, SignaturesMistaken),
        ({"signatures": (replace(OFFICER, refusal="也签也不签"),)}, {}, SignaturesMistaken),
    ],
)
def test_what_the_officer_can_put_right_is_refused(
    changed: dict[str, Any], limits: dict[str, Any], reason: type[Refusal]
) -> None:
    seen = replace(SEEN, **changed)
    Spec(VISIT).when(replace(REPORT, observation=seen, limits=Limits(**limits))).then_refused(reason)


def test_with_a_companion_and_a_noted_refusal_to_sign_the_duty_is_done() -> None:
    seen = replace(SEEN, companions=("grid-officer-8",), signatures=(OFFICER, REFUSED))
    limits = Limits(officers_min=2, signatures_required=True, version="v-7")
    assert told(seen, limits=limits).limits_version == "v-7"


def test_a_companion_without_a_grant_is_stated_and_not_counted() -> None:
    limits = Limits(officers_min=2, ungranted=("stranger",))
    both = replace(SEEN, companions=("grid-officer-8", "stranger"))
    assert told(both, limits=limits).doubts == (Doubt.COMPANION_WITHOUT_GRANT,)
    alone = replace(SEEN, companions=("stranger",))
    assert told(alone, limits=replace(limits, officers_min=1)).doubts == (Doubt.COMPANION_WITHOUT_GRANT,)
    forced = told(alone, limits=limits, force=FORCE)
    assert (forced.force, forced.doubts) == (FORCE, (Doubt.COMPANION_WITHOUT_GRANT,)), "forced is not proved"
    assert told(replace(SEEN, companions=("grid-officer-8",)), limits=limits).doubts == ()


def test_a_person_may_set_the_duty_aside_and_leaves_a_mark() -> None:
    assert told(SEEN, limits=Limits(officers_min=2), force=FORCE).force == FORCE


@given(
    skew=st.integers(-90_000, 90_000),
    accuracy=st.integers(0, 5_000),
    is_mock=st.booleans(),
    is_in_force=st.booleans(),
)
def test_what_he_cannot_put_right_is_taken_and_stated(
    skew: int, accuracy: int, is_mock: bool, is_in_force: bool
) -> None:
    sent = REPORT.received_at + timedelta(seconds=skew)
    seen = replace(SEEN, position=replace(HERE, accuracy_metres=accuracy, is_mock=is_mock), visited_at=sent)
    event = told(seen, device_sent_at=sent, asked=Asked(checklist=PATROL_V1, is_in_force=is_in_force))
    assert event.clock_skew_seconds == skew
    assert event.observation == seen  # stated, and nothing corrected
    assert set(event.doubts) == {
        doubt
        for doubt, holds in {
            Doubt.CLOCK_AHEAD: skew > 300,
            Doubt.CLOCK_BEHIND: skew < -300,
            Doubt.POSITION_INACCURATE: accuracy > 100,
            Doubt.MOCK_POSITION: is_mock,
            Doubt.CHECKLIST_NOT_IN_FORCE: not is_in_force,
        }.items()
        if holds
    }


def test_a_version_that_was_imported_is_answered_by_its_own_questions() -> None:
    own = replace(PATROL_V1, version="patrol-2026", items=PATROL_V1.items[:3])
    seen = replace(SEEN, checklist="patrol-2026", answers=SEEN.answers[:3])
    assert told(seen, asked=Asked(checklist=own)).observation.checklist == "patrol-2026"
    Spec(VISIT).when(replace(REPORT, observation=seen)).then_refused(UnknownChecklist)


def test_the_same_bytes_are_the_same_report_and_others_are_not() -> None:
    before = Spec(VISIT).given(replace(reported(), content_sha256=PHOTO))
    later = replace(REPORT, content_sha256=PHOTO, device_sent_at=AT + timedelta(days=2))
    before.when(later).then()
    before.when(replace(later, content_sha256="d" * 64)).then_refused(VisitAlreadyReported)


def test_a_forced_correction_replaces_whatever_stands() -> None:
    forced = replace(correction(replace(SEEN, note="二"), version=9), force=FORCE, content_sha256=PHOTO)
    stands = VISIT.fold([reported()])
    (event,) = VISIT.decide(forced, stands)
    assert isinstance(event, VisitCorrected)
    assert (event.corrects_version, event.force) == (1, FORCE)
    assert VISIT.decide(forced, VISIT.evolve(stands, event)) == []
