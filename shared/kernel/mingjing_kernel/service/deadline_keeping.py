"""The keeper of deadlines: does what is due, in whichever process holds the seat, and counts working days anew when a
calendar notice came.

The one rule: a clock only says whom to ask; whether anything follows is decided in the log, and once: the command's id
follows from the rule, the thing, its last day and the day on which it is noticed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from msgspec.structs import replace
from sqlalchemy import Select, tuple_

from mingjing_kernel.calendar import CALENDAR, CALENDAR_ID
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadlines.moving import DEADLINE, MoveDeadline, deadline_id
from mingjing_kernel.deadlines.plan import NAME, DeadlinePlan, counted, due, next_moment
from mingjing_kernel.deadlines.rule import DeadlineRule, Due
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work, database
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.refusal import Refusal

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.definition import Service
    from mingjing_kernel.service.host import Host

BATCH_MAX = 200
DONE_MAX = 20_000
"""Of one look; the rest is done at the next one, soon."""
LOOK_SECONDS = 300.0
LEAST_SECONDS = 1.0
RETRY_SECONDS = 60.0
ACTOR = "system:deadlines"
NOTHING_DUE = "nothing is due"
Seat = Callable[[], Awaitable[str]]
_log = structlog.get_logger("mingjing.deadlines")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last look came to: for the health page."""

    on: date | None = None
    done: int = 0
    """Commands from which something followed."""
    idle: int = 0
    """Commands from which nothing followed, or nothing new."""
    refused: int = 0
    moved: int = 0
    is_more: bool = False
    because: str = "not yet"


class DeadlineKeeper:
    """Keeps one service's deadlines; ``step`` does at once what is due."""

    def __init__(self, kit: Kit, plan: DeadlinePlan, model: ReadModel, seat: Seat | None = None) -> None:
        self._kit = kit
        self._plan = plan
        self._model = model
        self._seat = seat
        self._counted: tuple[date, int] | None = None
        self.last = Kept()

    async def run(self) -> None:
        """Looks every few minutes, until cancelled. Trouble is said and waited for, never raised."""
        while True:
            try:
                await asyncio.sleep(await self._round())
            except Exception as trouble:
                if not database.is_away(trouble):
                    _log.exception("deadlines.failed")
                self.last = Kept(on=self.last.on, because=f"trying again: {database.in_short(trouble)}")
                await asyncio.sleep(RETRY_SECONDS)

    async def _round(self) -> float:
        if self._seat and (because := await self._seat()):
            self.last = Kept(on=self.last.on, because=because)
            return RETRY_SECONDS
        return RETRY_SECONDS if (await self.step()).is_more else await self._until_next()

    async def _until_next(self) -> float:
        """Seconds until the next look: when a clock of hours runs out, it does not wait for the usual one."""
        now = self._kit.now()
        rules = [rule.name for rule in self._plan.rules if rule.command is not None]
        async with self._kit.connection() as connection:
            moment: datetime | None = await connection.scalar(next_moment(self._model, rules, now))
        if moment is None:
            return LOOK_SECONDS
        return min(max((moment - now).total_seconds(), LEAST_SECONDS), LOOK_SECONDS)

    async def step(self) -> Kept:
        """Move what a notice moves, then do what is due today."""
        now = self._kit.now()
        day = shanghai_date(now)
        await self._kit.up_to_date()
        moved = await self._count_anew(day)
        if moved:
            await self._kit.up_to_date()
        done = idle = refused = 0
        after: tuple[Any, ...] | None = None
        rules = [rule.name for rule in self._plan.rules if rule.command is not None]
        while (rows := await self._page(due(self._model, rules, day, now), after)) and done + idle + refused < DONE_MAX:
            after = _place_of(rows[-1])
            for row, result in zip(rows, await self._carry_out(rows, day), strict=True):
                if isinstance(result, Outcome):
                    follows = bool(result.events) and not result.repeated
                    done, idle = done + follows, idle + (not follows)
                elif isinstance(result, Refusal):
                    refused += 1
                    _log.warning("deadlines.refused", rule=row["rule"], id=str(row["id"]), reason=str(result))
                else:
                    raise result
            await asyncio.sleep(0)
        kept = Kept(day, done, idle, refused, moved, bool(rows), _because(done, idle, refused, bool(rows)))
        if done or moved or refused or self.last.on != day:
            _log.info("deadlines.kept", on=day.isoformat(), done=done, idle=idle, refused=refused, moved=moved,
                      because=kept.because)  # fmt: skip
        self.last = kept
        return kept

    async def _carry_out(self, rows: Sequence[Any], day: date) -> list[Any]:
        places = await self._places(rows)
        works: list[Work] = []
        first: list[int] = []
        for row in rows:
            rule = self._plan.by_name[row["rule"]]
            assert rule.command is not None
            ran_out = Due(id=row["id"], thing=row["thing"], started_on=row["started_on"], due_on=row["due_on"], on=day)
            envelope = _envelope(rule, row, places.get(row["id"], ("", "")), day)
            first.append(len(works))
            works.append(Work(rule.aggregate, row["id"], rule.command(ran_out), envelope))
            for other in rule.also(ran_out):
                id_ = derived_id("deadline-also", envelope.command_id, other.aggregate.noun, other.id)
                works.append(
                    Work(
                        other.aggregate,
                        other.id,
                        other.command,
                        replace(envelope, command_id=id_, digest=id_.bytes * 2),
                    )
                )
        results = await self._kit.log.handle_many(works)
        return [results[at] for at in first]

    async def _places(self, rows: Sequence[Any]) -> dict[UUID, tuple[str, str]]:
        found: dict[UUID, tuple[str, str]] = {}
        async with self._kit.connection() as connection:
            for wanted in self._plan.places([row["id"] for row in rows]):
                for row in await connection.execute(wanted):
                    found[row.id] = (row.department, row.region)
        return found

    async def _count_anew(self, day: date) -> int:
        """How many clocks a notice moved; each is counted once a day and once a notice."""
        calendar, version = await self._kit.log.state(CALENDAR, CALENDAR_ID)
        if self._counted == (day, version):
            return 0
        moved, after = 0, None
        while rows := await self._page(counted(self._model), after):
            after = _place_of(rows[-1])
            works = [
                self._move(row, new, day, version)
                for row in rows
                if (new := calendar.after(row["started_on"], row["working_days"])) != row["due_on"]
            ]
            for result in await self._kit.log.handle_many(works):
                if not isinstance(result, Outcome):
                    raise result
                moved += not result.repeated
            await asyncio.sleep(0)
        self._counted = (day, version)
        return moved

    def _move(self, row: Any, new: date, day: date, version: int) -> Work:
        id, rule, thing = row["id"], row["rule"], row["thing"]
        command = MoveDeadline(id=id, rule=rule, thing=thing, moved_from=row["due_on"], due_on=new, on=day)
        # The clock's own position: one that was started anew on the same day may be moved in the same way again.
        command_id = derived_id("deadline-moved", id, rule, thing, row["from_position"], version)
        envelope = Envelope(
            command_id=command_id, actor=ACTOR, reason="counted by the official calendar", digest=command_id.bytes * 2
        )
        return Work(DEADLINE, deadline_id(id, rule, thing), command, envelope)

    async def _page(self, wanted: Select[Any], after: tuple[Any, ...] | None) -> Sequence[Any]:
        rows = self._model.table.c
        order = (rows.due_on, rows.id, rows.rule, rows.thing)
        if after is not None:
            wanted = wanted.where(tuple_(*order) > tuple_(*after))
        async with self._kit.connection() as connection:
            found = await connection.execute(wanted.order_by(*order).limit(BATCH_MAX))
        page: Sequence[Any] = found.mappings().all()
        return page

    def readiness(self) -> dict[str, Any]:
        """When it looked last, and what came of it."""
        last = self.last
        on = last.on.isoformat() if last.on else None
        return {"on": on, "done": last.done, "refused": last.refused, "moved": last.moved, "because": last.because}


def make_deadline_keeper(host: Host, service: Service) -> DeadlineKeeper | None:
    """The keeper of a service that declares deadlines."""
    model = next((model for model in service.read_models if model.name == NAME), None)
    if service.deadlines is None or model is None:
        return None

    async def seat() -> str:
        return "" if await host.seats.take("deadlines") else host.seats.why_not()

    return DeadlineKeeper(host, service.deadlines, model, seat)


def _envelope(rule: DeadlineRule, row: Any, place: tuple[str, str], day: date) -> Envelope:
    department, region = place
    id_ = derived_id("deadline", *_place_of(row), day.isoformat())
    return Envelope(
        command_id=id_,
        actor=ACTOR,
        department=department,
        region=region,
        reason=f"deadline {rule.name}: {_until(row)}",
        legal_basis=rule.legal_basis,
        digest=id_.bytes * 2,  # two processes of two releases may word the same command differently
    )


def _until(row: Any) -> str:
    if row["due_at"] is not None:
        return f"due at {row['due_at'].isoformat(timespec='minutes')}"
    return f"last day {row['due_on'].isoformat()}"


def _place_of(row: Any) -> tuple[Any, ...]:
    return row["due_on"], row["id"], row["rule"], row["thing"]


def _because(done: int, idle: int, refused: int, is_more: bool) -> str:
    if is_more:
        return f"more wait for the next look: one does {DONE_MAX} at most"
    if refused:
        return f"{refused} were refused: see the log for each"
    if idle:
        return f"of {idle} nothing followed; they are asked again tomorrow"
    return "" if done else NOTHING_DUE
