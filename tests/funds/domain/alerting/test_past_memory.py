"""What the rules remember of a past day: nothing of what was decided later, and no more than a later look finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from funds.domain.alerting.test_fold import ACCOUNT, DAY, OPENED
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain.lesson import LessonSettled, LessonTimed
from mingjing_funds.domain.teaching_time import TimeBreach, TimeRule
from mingjing_funds.intake.memory import Memory
from mingjing_kernel.log import Aggregate, Recorded

CONTRACT = UUID(int=3)
TOLD_AT = datetime(2026, 4, 20, 2, tzinfo=UTC)
"""Weeks later: whatever stands in the log was imported at once."""
SETTLED_ON = DAY + timedelta(days=5)
TIMED = LessonTimed(
    account_id=ACCOUNT,
    institution_id=None,
    lesson_no="KX1",
    held_on=DAY,
    begins_at=None,
    ends_at=None,
    is_online=False,
    breaches=(TimeBreach(rule=TimeRule.DAY_OFF, found=1, allowed=0),),
    policy_version="teaching-times/1",
)
SETTLED = LessonSettled(
    account_id=ACCOUNT, lesson_no="KX1", was_held=False, reason="未上课", settled_by="song", settled_on=SETTLED_ON
)
Facts: TypeAlias = tuple[tuple[Aggregate, UUID, Any], ...]
IN_ORDER: Facts = ((ACCOUNTS, ACCOUNT, OPENED), (CONTRACTS, CONTRACT, TIMED), (CONTRACTS, CONTRACT, SETTLED))


def out_of_hours(memory: Memory, day: date) -> int:
    seen = memory.seen(ACCOUNT, day, {True: frozenset(), False: frozenset()})
    assert seen is not None
    return seen.features.time_broken_lessons


def remembered(until: date | None, facts: Facts = IN_ORDER) -> Memory:
    memory = Memory(until=until)
    for position, (aggregate, id, event) in enumerate(facts, 1):
        stream = aggregate.stream(id)
        memory.hear(Recorded(position, stream, position, "", event, b"", TOLD_AT, TOLD_AT))
    return memory


def test_until_a_disputed_lesson_is_settled_its_hours_count() -> None:
    before = SETTLED_ON - timedelta(days=1)
    memory = remembered(until=before)
    assert out_of_hours(memory, before) == 1, "nobody had said yet that it was not held"
    memory.advance(SETTLED_ON)
    assert out_of_hours(memory, SETTLED_ON) == 0
    from_before = remembered(until=DAY - timedelta(days=1))
    from_before.advance(SETTLED_ON)
    assert out_of_hours(from_before, SETTLED_ON) == 0, "day by day as at once"
    assert out_of_hours(remembered(until=None), SETTLED_ON) == 0


def test_hours_put_right_by_an_earlier_day_are_right_whichever_day_is_asked_first() -> None:
    """The lesson was a week sooner, on a working day: nobody hears that before the slip that it puts right."""
    moved = replace(TIMED, held_on=DAY - timedelta(days=7), breaches=())
    facts = ((ACCOUNTS, ACCOUNT, OPENED), (CONTRACTS, CONTRACT, TIMED), (CONTRACTS, CONTRACT, moved))
    for until in (DAY - timedelta(days=20), DAY - timedelta(days=3), DAY, None):
        memory = remembered(until, facts)
        if until is not None:
            memory.advance(DAY)
        assert out_of_hours(memory, DAY) == 0, until
