"""The sweeper: erases by shredding keys whose time is over, once a day; evidence of their records goes with them.

The one rule: whether a subject may go is decided in the log, beside the holds on it; the list only says whom to ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import FromClause, func, select

from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.months import months_after
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.data_policy import RETENTION_PERIODS
from mingjing_kernel.sealed.opening import erase_many
from mingjing_kernel.sealed.retention import RETENTION, RecordSweep, RetentionSwept, sweep_id
from mingjing_kernel.sealed.subjects import retained
from mingjing_kernel.service.duty import LOOK_SECONDS, Done
from mingjing_kernel.service.ending_evidence import EvidenceEnding

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.definition import Service
    from mingjing_kernel.service.host import Host

BATCH_MAX = 200
ERASED_MAX = 20_000
"""Of one sweep; the rest goes tomorrow, and the event says how many wait."""
ACTOR = "system:retention"
NOTHING_DUE = "nothing is due"
_log = structlog.get_logger("mingjing.sweeping")


@dataclass(frozen=True, slots=True)
class Swept:
    """What the last look came to: for the health page."""

    on: date | None = None
    erased: int = 0
    because: str = "not yet"


class Sweeper:
    """Sweeps one service's subjects, as a duty; ``step`` does at once what is due."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit, subjects: FromClause) -> None:
        self._kit = kit
        self._subjects = subjects
        self.last = Swept()

    async def recall(self) -> Done | None:
        """This day's sweep, where one is on record."""
        day = shanghai_date(self._kit.now())
        before: RetentionSwept | None = (await self._kit.log.state(RETENTION, sweep_id(day)))[0]
        if before is None:
            return None
        self.last = Swept(day, before.erased, before.because)
        return Done(day, self._said())

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The day's sweep, and what it came to."""
        await self.step()
        return self._said()

    def _said(self) -> str:
        erased = f"{self.last.erased} erased"
        return f"{erased}; {self.last.because}" if self.last.because else erased

    async def look(self) -> None:
        """Nothing between two days."""

    async def step(self) -> RetentionSwept | None:
        """The day's sweep, once; ``None`` when this day has one already."""
        now = self._kit.now()
        day = shanghai_date(now)
        before: RetentionSwept | None = (await self._kit.log.state(RETENTION, sweep_id(day)))[0]
        if before is not None:
            self.last = Swept(day, before.erased, before.because)
            return None
        await self._kit.up_to_date()
        numbers = await in_force(self._kit.log, RETENTION_PERIODS, day)
        erased = await self._erase_due(day, numbers)
        await self._kit.up_to_date()
        files, files_stay = await EvidenceEnding(self._kit, self._subjects).of_all(ACTOR)
        held, left = await self._still_there(day, numbers)
        command = RecordSweep(
            on=day,
            policy_version=numbers.version,
            erased=erased,
            held=held,
            left=left,
            because=_because(erased, held, left),
            at=now,
        )
        id_ = derived_id("retention-sweep", day.isoformat())
        # Two processes that sweep the same day say the same thing, whatever each of them found left to do.
        envelope = Envelope(command_id=id_, actor=ACTOR, digest=id_.bytes * 2)
        outcome = await self._kit.log.handle(RETENTION, sweep_id(day), command, envelope)
        self.last = Swept(day, erased, command.because)
        said = {"erased": erased, "held": held, "left": left, "files_destroyed": files, "files_stay": files_stay}
        _log.info("retention.swept", on=day.isoformat(), **said, because=command.because)
        return next((event for event in outcome.events if isinstance(event, RetentionSwept)), None)

    async def _erase_due(self, day: date, numbers: Numbers) -> int:
        erased, after = 0, ""
        while erased < ERASED_MAX:
            rows = await self._due(day, numbers, after)
            if not rows:
                break
            after = rows[-1]["subject"]
            wanted = [(row["subject"], retained(row, numbers), _envelope(row, numbers)) for row in rows]
            for result in await erase_many(self._kit.log, wanted, self._kit.now()):
                if isinstance(result, Outcome):
                    erased += not result.repeated
                elif not isinstance(result, Refusal):  # a hold that was placed meanwhile is counted afterwards
                    raise result
            await asyncio.sleep(0)
        return erased

    async def _due(self, day: date, numbers: Numbers, after: str) -> Sequence[Any]:
        rows = self._subjects.c
        wanted = (
            select(self._subjects)
            .where(self._is_due(day, numbers), rows.holds == {}, rows.subject > after)
            .order_by(rows.subject)
            .limit(BATCH_MAX)
        )
        async with self._kit.connection() as connection:
            return (await connection.execute(wanted)).mappings().all()

    async def _still_there(self, day: date, numbers: Numbers) -> tuple[int, int]:
        """How many that are due a hold keeps, and how many the next sweep will find."""
        await self._kit.up_to_date()
        rows = self._subjects.c
        is_held = rows.holds != {}
        counts = select(func.count().filter(is_held), func.count().filter(~is_held)).where(self._is_due(day, numbers))
        async with self._kit.connection() as connection:
            held, left = (await connection.execute(counts)).one()
        return int(held), int(left)

    def readiness(self) -> dict[str, Any]:
        """What the last sweep erased."""
        return {"erased": self.last.erased}

    def _is_due(self, day: date, numbers: Numbers) -> Any:
        rows = self._subjects.c
        over = [
            (rows.record == record) & (rows.begins_at < end_of(months_after(day, -months)))  # begun on it: over today
            for record, months in numbers.values.items()
        ]
        return rows.erased_at.is_(None) & _any(over)


def make_sweeper(host: Host, service: Service) -> Sweeper | None:
    """The sweeper of a service that has subjects; none where nobody is sealed."""
    return None if service.subjects is None else Sweeper(host, service.subjects)


def _any(conditions: list[Any]) -> Any:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found


def _envelope(row: Any, numbers: Numbers) -> Envelope:
    return Envelope(
        command_id=derived_id("retention", row["subject"], numbers.version, row["begins_at"].isoformat()),
        actor=ACTOR,
        department=row["department"],
        region=row["region"],
        reason=f"retention rule {row['record']} of {numbers.version}",
        legal_basis="个人信息保护法第四十七条 PIPL art. 47",
    )


def _because(erased: int, held: int, left: int) -> str:
    if left:
        return f"{left} wait for the next sweep: one erases {ERASED_MAX} at most"
    if held:
        return f"{held} that are due stay: a legal hold applies"
    return "" if erased else NOTHING_DUE
