"""What is told outside of findings, rectifications and breaches of their time: kinds and ids, no word of anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.sample import sample
from mingjing_contracts.inspection_cases import (
    RectificationFailedV1,
    RectificationPassedV1,
    SlaBreachedV1,
)
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.task_steps import Escalation, TaskEscalated
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.messaging.outbound_findings import FINDINGS_OUTBOUND
from mingjing_kernel.log import Meta, Recorded

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
ID, MUDUO = UUID(int=9), UUID(int=1)
WORDS = "某某家长说"


def told(event: Any) -> Any:
    return OUTBOUND[type(event)](Recorded(7, f"thing-{ID}", 1, "", event, Meta(command_id=ID, actor="officer"), AT, AT))


@pytest.mark.parametrize("kind", sorted(FINDINGS_OUTBOUND, key=str))
def test_no_word_photo_or_person_leaves_the_service(kind: type[Any]) -> None:
    event = sample(kind)
    names = {"summary", "reason", "note", "conclusion", "measures", "by"}
    said = {name: WORDS for name in names if isinstance(getattr(event, name, None), str)}
    contract = told(replace(event, **said))
    assert contract is None or WORDS not in contract.model_dump_json()
    assert contract is None or "photos" not in type(contract).model_fields


def test_a_rectification_ends_either_way_and_an_old_fact_that_names_nobody_is_not_told() -> None:
    passed = r.RectificationRechecked(institution_id=MUDUO, is_passed=True, note="", by="p", on=date(2026, 7, 20))
    assert isinstance(told(passed), RectificationPassedV1)
    assert isinstance(told(replace(passed, is_passed=False)), RectificationFailedV1)
    assert told(replace(passed, institution_id=None)) is None


def test_a_breach_is_told_and_a_reminder_is_not() -> None:
    late = TaskEscalated(
        institution_id=MUDUO, step=Escalation.OVERDUE, officer="", due_on=date(2026, 7, 1), on=date(2026, 7, 2)
    )
    breach = told(late)
    assert isinstance(breach, SlaBreachedV1)
    assert (breach.kind, breach.step, breach.level) == ("task", "VISIT", "SUPERVISED")
    assert told(replace(late, step=Escalation.LISTED)).level == "LISTED"
    assert told(replace(late, step=Escalation.REMINDED)) is None
    assert told(sample(f.FindingSupervised)).kind == "finding"


def test_a_sample_that_found_it_put_right_reopens_nothing() -> None:
    looked_at = sample(f.FindingReinspected)
    assert told(replace(looked_at, is_fixed=True)) is None
    assert told(replace(looked_at, is_fixed=False)).is_by_sample is True
