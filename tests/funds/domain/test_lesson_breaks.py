"""Online lessons of one contract keep their breaks, in whatever order they are reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from funds.domain.test_contract import TERMS
from funds.domain.test_contract_life import DELIVER, START
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.teaching_time import Day, Slot, TimeNumbers
from mingjing_funds.domain.teaching_time import Lesson as Held
from mingjing_kernel.state import changed


def test_online_lessons_of_one_day_need_a_break_whichever_is_reported_first() -> None:
    times = TimeNumbers(version="teaching-times/1")
    begins = datetime(2026, 1, 9, 9, tzinfo=UTC)
    subject = changed(START, terms=replace(TERMS, is_subject=True))

    def online(no: str, minute: int, start: c.Contract) -> tuple[list[str], c.Contract]:
        at = begins + timedelta(minutes=minute)
        slot = Slot(begins_at=at, ends_at=at + timedelta(minutes=30))
        held = Held(slot=slot, day=Day(), is_subject=False, is_online=True)
        facts = CONTRACT.decide(replace(DELIVER, lesson_no=no, held=held, times=times), start)
        (timed,) = (fact for fact in facts if isinstance(fact, lesson.LessonTimed))
        return [one.rule.value for one in timed.breaches], CONTRACT.fold(facts, start)

    none, after_first = online("K1", 60, subject)
    before_it, after_both = online("K2", 25, after_first)
    far, _ = online("K3", 110, after_both)
    assert (none, before_it, far) == ([], ["T4"], [])
