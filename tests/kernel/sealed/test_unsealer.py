"""Openings are counted in the log's own order: no two requests slip past the limit together, each can be reviewed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.sealed.data_policy import (
    DATA_POLICY,
    ApprovePolicy,
    DataPolicy,
    Number,
    PolicyBasisMissing,
    PolicyKind,
    PolicyNumberUnknown,
    PolicyVersionUnknown,
    ProposePolicy,
)
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


def propose(number: int = 1, name: str = "complaint", value: int = 6, day: int = 1, basis: str = "令") -> ProposePolicy:
    return ProposePolicy(
        version_id=UUID(int=number),
        kind=PolicyKind.RETENTION,
        numbers=(Number(name=name, value=value),),
        effective_on=date(2026, 3, day),
        legal_basis=basis,
        reason="档案部门意见",
        by="approver-1",
        at=AT,
    )


def approve(number: int = 1, by: str = "approver-2") -> ApprovePolicy:
    return ApprovePolicy(version_id=UUID(int=number), by=by, at=AT)


def policy_after(*commands) -> DataPolicy:
    decider, state = DATA_POLICY.decider, DATA_POLICY.decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            state = decider.evolve(state, event)
    return state


def test_numbers_count_once_they_are_approved_and_from_their_day() -> None:
    before, day = date(2026, 3, 4), date(2026, 3, 5)
    proposed = policy_after(propose(day=5))
    assert proposed.on(PolicyKind.RETENTION, day).values["complaint"] == 120
    approved = policy_after(propose(day=5), approve())
    assert approved.on(PolicyKind.RETENTION, before).version == "default/1"
    assert approved.on(PolicyKind.RETENTION, day).values["complaint"] == 6
    assert approved.on(PolicyKind.RETENTION, day).values["contract"] == 60


def test_the_later_day_prevails_whatever_was_approved_last() -> None:
    state = policy_after(propose(1, value=6, day=5), propose(2, value=9, day=3), approve(1), approve(2))
    assert state.on(PolicyKind.RETENTION, date(2026, 3, 6)).values["complaint"] == 6
    assert state.on(PolicyKind.RETENTION, date(2026, 3, 4)).values["complaint"] == 9


def test_a_policy_says_what_it_is_about_and_why() -> None:
    for name, value in (("students", 1), ("complaint", -1)):
        with pytest.raises(PolicyNumberUnknown):
            policy_after(propose(name=name, value=value))
    with pytest.raises(PolicyBasisMissing):
        policy_after(propose(basis=" "))
    with pytest.raises(PolicyVersionUnknown):
        policy_after(approve())
