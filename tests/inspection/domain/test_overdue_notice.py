"""A notice of an overdue step: told once, acknowledged by whom it is for, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.overdue_notice import (
    OVERDUE_NOTICE,
    AcknowledgeOverdue,
    Addressee,
    Late,
    Level,
    NoticeAcknowledgedAlready,
    NoticeNamesOthers,
    NoticeOfAnother,
    OverdueAcknowledged,
    OverdueNoticeUnknown,
    OverdueTold,
    TellOverdue,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 14, 2, tzinfo=UTC)
SAID: dict[str, Any] = {
    "kind": Late.RECTIFICATION, "thing_id": UUID(int=5), "step": "RECTIFY", "level": Level.REMINDED,
    "addressee": Addressee.INSTITUTION, "institution_id": UUID(int=1), "department": "education",
    "region": "330106109001001", "category": "art", "due_on": date(2026, 7, 16), "at": AT,
}  # fmt: skip
TELL, TOLD = TellOverdue(**SAID), OverdueTold(**SAID)
READ = AcknowledgeOverdue(note=" 已安排 ", by="school-1", is_institution=True, at=AT)
WAS_READ = OverdueAcknowledged(note="已安排", by="school-1", at=AT)


def test_it_is_told_once_and_acknowledged_once_by_whom_it_is_for() -> None:
    Spec(OVERDUE_NOTICE).when(TELL).then(TOLD)
    Spec(OVERDUE_NOTICE).given(TOLD).when(TELL).then()
    Spec(OVERDUE_NOTICE).given(TOLD).when(READ).then(WAS_READ)
    Spec(OVERDUE_NOTICE).given(TOLD, WAS_READ).when(replace(READ, note="又一次")).then()


@pytest.mark.parametrize(
    ("given", "command", "reason"),
    [
        ((), READ, OverdueNoticeUnknown),
        ((TOLD,), replace(READ, by="inspector-1", is_institution=False), NoticeOfAnother),
        ((TOLD, WAS_READ), replace(READ, by="school-2"), NoticeAcknowledgedAlready),
    ],
)
def test_nobody_else_acknowledges_it(
    given: tuple[Any, ...], command: AcknowledgeOverdue, reason: type[Refusal]
) -> None:
    Spec(OVERDUE_NOTICE).given(*given).when(command).then_refused(reason)


def test_a_departments_notice_is_acknowledged_by_its_officials() -> None:
    own = replace(TOLD, addressee=Addressee.DEPARTMENT, institution_id=None)
    read = replace(READ, by="inspector-1", is_institution=False)
    Spec(OVERDUE_NOTICE).given(own).when(read).then(replace(WAS_READ, by="inspector-1"))


NAMING = replace(TOLD, addressee=Addressee.DEPARTMENT, institution_id=None, people=("wang", "li"))
BY_WANG, BY_LI, BY_HEAD, BY_OTHER = (
    replace(READ, by=name, is_institution=False, is_above=name == "head") for name in ("wang", "li", "head", "other")
)


def test_whom_a_notice_names_acknowledge_it_each_for_herself() -> None:
    spec = Spec(OVERDUE_NOTICE).given(NAMING)
    spec.when(BY_OTHER).then_refused(NoticeNamesOthers)
    spec.when(BY_WANG).then(replace(WAS_READ, by="wang"))
    half = Spec(OVERDUE_NOTICE).given(NAMING, replace(WAS_READ, by="wang"))
    half.when(BY_WANG).then()
    half.when(BY_OTHER).then_refused(NoticeNamesOthers)
    half.when(BY_LI).then(replace(WAS_READ, by="li"))
    both = Spec(OVERDUE_NOTICE).given(NAMING, replace(WAS_READ, by="wang"), replace(WAS_READ, by="li"))
    both.when(BY_HEAD).then_refused(NoticeAcknowledgedAlready)


def test_one_above_acknowledges_for_all_whom_a_notice_names() -> None:
    Spec(OVERDUE_NOTICE).given(NAMING).when(BY_HEAD).then(replace(WAS_READ, by="head"))
    Spec(OVERDUE_NOTICE).given(NAMING, replace(WAS_READ, by="head")).when(BY_LI).then_refused(NoticeAcknowledgedAlready)


@given(st.lists(st.sampled_from([TELL, READ, replace(READ, by="school-2"), replace(READ, is_institution=False)])))
def test_whatever_is_tried_it_is_told_at_most_once_and_read_at_most_once(tried: list[Any]) -> None:
    state, facts = OVERDUE_NOTICE.initial, list[Any]()
    for command in tried:
        try:
            decided = OVERDUE_NOTICE.decide(command, state)
        except Refusal:
            continue
        facts += decided
        for fact in decided:
            state = OVERDUE_NOTICE.evolve(state, fact)
    assert sum(isinstance(one, OverdueTold) for one in facts) <= 1
    assert sum(isinstance(one, OverdueAcknowledged) for one in facts) <= 1
