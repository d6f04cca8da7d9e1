"""Until when a person's data is kept, what holds it, and by when she is answered: pure arithmetic and pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.months import months_after
from mingjing_kernel.sealed.refusals import (
    AnswerUnexplained,
    HoldUnexplained,
    HoldUnknown,
    LegalHoldApplies,
    RequestUnknown,
    RetentionDutyApplies,
)
from mingjing_kernel.sealed.subject import (
    SUBJECT,
    AnswerRequest,
    EraseSubject,
    LiftHold,
    PlaceHold,
    ReceiveRequest,
    RequestKind,
    SubjectErased,
)

AT = datetime(2026, 7, 1, tzinfo=UTC)
DAY = date(2026, 7, 1)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def after(*commands: Any) -> Any:
    decider, state, facts = SUBJECT.decider, SUBJECT.decider.initial, []
    for command in commands:
        new = decider.decide(command, state)
        facts += new
        for event in new:
            state = decider.evolve(state, event)
    return facts


def hold(number: int = 1, reason: str = "取证") -> PlaceHold:
    return PlaceHold(hold_id=UUID(int=number), subject="s", case="7号", reason=reason, by="p", at=AT)


def lift(number: int = 1, reason: str = "结案") -> LiftHold:
    return LiftHold(hold_id=UUID(int=number), subject="s", reason=reason, by="p", at=AT)


def erase(until: date | None = None) -> EraseSubject:
    return EraseSubject(subject="s", at=AT, on=DAY, retained_until=until, retention="complaint: 120 months")


def test_every_hold_has_to_be_lifted_before_anybody_goes() -> None:
    for commands in ([hold()], [hold(1), hold(2), lift(1)]):
        with pytest.raises(LegalHoldApplies):
            after(*commands, erase())
    assert isinstance(after(hold(1), hold(2), lift(1), lift(2), erase())[-1], SubjectErased)


def test_a_hold_is_explained_and_lifted_once() -> None:
    for commands in ([hold(reason=" ")], [hold(), lift(reason="")]):
        with pytest.raises(HoldUnexplained):
            after(*commands)
    with pytest.raises(HoldUnknown):
        after(hold(), lift(), lift())


def test_a_retention_rule_keeps_until_its_day_and_not_longer() -> None:
    with pytest.raises(RetentionDutyApplies) as refused:
        after(erase(DAY + timedelta(days=1)))
    assert "2026-07-02" in str(refused.value)
    assert len(after(erase(DAY))) == 1


def test_a_request_is_answered_once_and_a_refusal_names_its_rule() -> None:
    ask = ReceiveRequest(
        request_id=UUID(int=1), subject="s", kind=RequestKind.ERASURE, received_on=DAY, due_on=DAY, by="p", at=AT
    )
    answer = AnswerRequest(
        request_id=UUID(int=1), subject="s", is_granted=False, rule="保存期限", reason="未满十年", by="p", at=AT
    )
    assert [fact.kind for fact in after(ask, ask, answer)] == [RequestKind.ERASURE] * 2
    with pytest.raises(RequestUnknown):
        after(answer)
    with pytest.raises(RequestUnknown):
        after(ask, answer, answer)
    silent = AnswerRequest(
        request_id=UUID(int=1), subject="s", is_granted=False, rule=" ", reason="未满十年", by="p", at=AT
    )
    with pytest.raises(AnswerUnexplained):
        after(ask, silent)


@given(days, st.integers(0, 400))
def test_months_later_is_in_that_month_and_never_on_a_later_day(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day
    assert months_after(found, -months) <= day


def test_the_last_day_of_a_month_stays_one() -> None:
    assert months_after(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert months_after(date(2026, 7, 1), 100_000) == date.max
