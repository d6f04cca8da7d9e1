"""Openings are counted in the log's own order: no two requests slip past the limit together, each can be reviewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.refusals import (
    PurposeMissing,
    UnsealingReviewedAlready,
    UnsealingUnknown,
)
from mingjing_kernel.sealed.unsealer import (
    ALARMS_MAX,
    UNSEALER,
    BulkUnsealingRefused,
    ReviewUnsealing,
    Unseal,
    UnsealingGranted,
)

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def unseal(number: int, minutes: int = 0, an_hour: int = 3, a_day: int = 5, explanation: str = "案件 7") -> Unseal:
    return Unseal(
        unsealing_id=UUID(int=number),
        unsealer="officer-1",
        subject=f"complainant-{number}",
        stream="complaint-1",
        fields=("name",),
        purpose=Purpose.CALL_BACK,
        explanation=explanation,
        openings_an_hour=an_hour,
        openings_a_day=a_day,
        policy_version="v",
        at=AT + timedelta(minutes=minutes),
    )


def review(number: int, reviewer: str = "auditor-1") -> ReviewUnsealing:
    return ReviewUnsealing(unsealing_id=UUID(int=number), reviewer=reviewer, conclusion="justified", remark="", at=AT)


def after(*commands: Any) -> Any:
    decider, state, facts = UNSEALER.decider, UNSEALER.decider.initial, []
    for command in commands:
        new = decider.decide(command, state)
        facts += new
        for event in new:
            state = decider.evolve(state, event)
    return state, facts


def test_the_fourth_opening_of_an_hour_is_refused_and_is_an_alarm() -> None:
    _, facts = after(*(unseal(number) for number in range(1, 5)), unseal(5, minutes=61))
    assert [type(fact) for fact in facts] == [UnsealingGranted] * 3 + [BulkUnsealingRefused, UnsealingGranted]
    assert (facts[3].window, facts[3].allowed, facts[3].policy_version) == ("hour", 3, "v")


def test_who_goes_on_trying_is_refused_without_another_line() -> None:
    state, facts = after(*(unseal(number, an_hour=0) for number in range(1, ALARMS_MAX + 10)))
    assert len(facts) == ALARMS_MAX
    assert state.granted_at == ()


@given(st.lists(st.integers(0, 700), max_size=40).map(sorted))
def test_no_hour_and_no_day_ever_holds_more_than_its_limit(minutes: list[int]) -> None:
    _, facts = after(*(unseal(number, at) for number, at in enumerate(minutes, 1)))
    granted = [fact.at for fact in facts if isinstance(fact, UnsealingGranted)]
    assert len(granted) <= 5
    for moment in granted:
        assert sum(moment - timedelta(hours=1) < other <= moment for other in granted) <= 3


def test_an_opening_is_explained() -> None:
    with pytest.raises(PurposeMissing):
        after(unseal(1, explanation=" "))


def test_an_opening_is_reviewed_once() -> None:
    state, _ = after(unseal(1))
    with pytest.raises(UnsealingUnknown):
        UNSEALER.decider.decide(review(2), state)
    state, facts = after(unseal(1), review(1))
    assert (facts[1].reviewer, facts[1].unsealer) == ("auditor-1", "officer-1")
    with pytest.raises(UnsealingReviewedAlready):
        UNSEALER.decider.decide(review(1), state)
