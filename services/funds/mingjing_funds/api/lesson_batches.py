"""Lessons in batches (批量报送课时), from institutions' systems: up to 5,000 at once, each with its own answer.

One rule: one bad record holds up no other, and every record that is not taken says which rule it met and what to do.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import date
from typing import Literal

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_funds.api.lesson_times import LessonTimes
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.contract_refusals import ConfirmationNotYours, ContractUnknown
from mingjing_funds.domain.lesson import SAID_BY_TEACHERS
from mingjing_funds.intake.directory import numbers_of
from mingjing_funds.intake.lesson_hours import TeachingTimes, teaching_times
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.numbered import Numbered, Numbers
from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.reach import within_reach
from mingjing_funds.intake.works import made
from mingjing_funds.projections.schema import taught_by, writable
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.moment import Moment
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys

RECORDS_MAX = 5_000
BODY_BYTES_MAX = 8 * 1024 * 1024
WORKS_MAX = 1_000
"""Commands in one transaction."""


class LessonRecord(LessonTimes):
    """A lesson of a contract, from its place in the timetable to its confirmation."""

    contract_no: str = Field(min_length=1, max_length=80)
    lesson_no: str = Field(min_length=1, max_length=80)
    held_on: date
    units: int = Field(default=1, ge=1, le=20)
    is_gift: bool = False
    standing: c.LessonStanding
    how: Words = Field(default="", max_length=80)
    confirmed_at: Moment | None = None
    content: str = Field(default="", max_length=500, description="Kept as a keyed digest, and never shown")


class LessonBatch(BaseModel):
    """Up to 5,000 records."""

    lessons: list[LessonRecord] = Field(min_length=1, max_length=RECORDS_MAX)


class RecordAnswer(BaseModel):
    """What became of one record: new facts, nothing new, kept aside for a person, or not taken and why."""

    index: int
    lesson_no: str
    became: Literal["accepted", "repeated", "set-aside", "refused"]
    because: str = Field(default="", description="Of one that was set aside: why it does not count")
    why_not: Problem | None = None


class BatchAnswer(BaseModel):
    """What became of the batch; only what was not simply accepted is listed."""

    accepted: int
    repeated: int
    set_aside: int
    refused: int
    records: list[RecordAnswer]
    position: int


def make_router(kit: Kit) -> Router:
    """One address."""
    router = Router(tags=["lesson 课时"])
    keys = Keys(kit)

    @router.post("/lesson-batches", summary="批量报送课时 up to 5,000 lessons, each with its own answer")
    async def lesson_batch(
        body: LessonBatch, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> BatchAnswer:
        """Send it again when no answer came: what was taken is not taken twice."""
        steps, refused = await _planned(kit, keys, scope, body)
        todo, barred = await _reached(kit, scope, steps)
        refused |= barred
        works = (made(CONTRACTS, step.id, step.command, written, "lesson-batch") for step in todo)
        found: dict[int, Result] = {}
        async with aclosing(kit.log.handle_stream(works, WORKS_MAX)) as done:
            async for at, results in done:
                found |= {step.row: one for step, one in zip(todo[at : at + len(results)], results, strict=True)}
        return _answered(body, found, refused)

    return router


async def _reached(kit: Kit, scope: Scope, steps: list[Step]) -> tuple[list[Step], dict[int, Refusal]]:
    """What an official may write, and what an institution may say of its own contracts; the others with why.

    Of a contract that is not the caller's to write for it is not told that it is there: numbers can be guessed.
    """
    async with kit.connection() as connection:
        todo, barred = await within_reach(connection, scope, steps)
        rest = [step for step in steps if step.row in barred]
        own, outside = await within_reach(connection, scope, rest, taught_by)
    numbers = {step.row: step.waits_for for step in rest}
    refused: dict[int, Refusal] = {row: ContractUnknown(contract_no=numbers[row]) for row in outside}
    for step in own:
        assert isinstance(step.command, c.ReportLesson), "a batch reports lessons and nothing else"
        if step.command.standing in SAID_BY_TEACHERS:
            todo.append(step)
        else:
            refused[step.row] = ConfirmationNotYours(standing=step.command.standing.value)
    return todo, refused


async def _planned(kit: Kit, keys: Keys, scope: Scope, body: LessonBatch) -> tuple[list[Step], dict[int, Refusal]]:
    numbers = await _contracts(kit, scope, {record.contract_no for record in body.lessons})
    today = shanghai_date(kit.now())
    times = await teaching_times(kit.log)
    prints, steps, refused = LessonPrints(keys.index()), list[Step](), dict[int, Refusal]()
    for index, record in enumerate(body.lessons):
        try:
            meant = numbers.meant(record.contract_no)
            if meant is None:
                raise ContractUnknown(contract_no=record.contract_no)
            command = _command(record, prints, today, meant, times)
        except Refusal as why:
            refused[index] = why
            continue
        steps.append(Step("contract", meant.id, command, index, record.lesson_no, record.contract_no))
    return steps, refused


def _command(
    record: LessonRecord, prints: LessonPrints, today: date, meant: Numbered, times: TeachingTimes
) -> c.ReportLesson:
    if record.standing is not c.LessonStanding.SCHEDULED:
        require_come(record.held_on, today, "held_on")
    place = (meant.region, meant.category)
    held, numbers = record.held(record.lesson_no, record.held_on, place, times)
    return c.ReportLesson(
        lesson_no=record.lesson_no,
        held_on=record.held_on,
        units=record.units,
        is_gift=record.is_gift,
        standing=record.standing,
        how=record.how,
        confirmed_at=record.confirmed_at,
        content=prints.of_words(record.content),
        reported_on=today,
        held=held,
        times=numbers,
    )


async def _contracts(kit: Kit, scope: Scope, nos: set[str]) -> Numbers:
    await kit.up_to_date()
    async with kit.connection() as connection:
        return await numbers_of(connection, scope, nos, (writable, taught_by))


def _answered(body: LessonBatch, found: dict[int, Result], refused: dict[int, Refusal]) -> BatchAnswer:
    records: list[RecordAnswer] = []
    counts = dict.fromkeys(("accepted", "repeated", "set-aside", "refused"), 0)
    position = 0
    for index, record in enumerate(body.lessons):
        result: Result = refused[index] if index in refused else found[index]
        if isinstance(result, Outcome):
            position = max(position, result.position)
            if _is_plain(result):
                counts["accepted"] += 1
                continue
        answer = _one(index, record.lesson_no, result)
        counts[answer.became] += 1
        records.append(answer)
    totals = {name.replace("-", "_"): count for name, count in counts.items()}
    return BatchAnswer(records=records, position=position, **totals)


def _is_plain(outcome: Outcome) -> bool:
    """New facts, and all of them count."""
    if outcome.repeated or not outcome.events:
        return False
    return not any(isinstance(event, c.LessonSetAside) for event in outcome.events)


def _one(index: int, lesson_no: str, result: Result) -> RecordAnswer:
    if isinstance(result, Refusal):
        return RecordAnswer(index=index, lesson_no=lesson_no, became="refused", why_not=problem_of(result))
    if not isinstance(result, Outcome):
        raise result
    aside = next((event for event in result.events if isinstance(event, c.LessonSetAside)), None)
    if aside is not None:
        return RecordAnswer(index=index, lesson_no=lesson_no, became="set-aside", because=aside.reason.value)
    return RecordAnswer(index=index, lesson_no=lesson_no, became="repeated")
