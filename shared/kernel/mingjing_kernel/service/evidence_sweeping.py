"""The sweep of evidence (证据到期清理): once a day what belongs to no record, and what belongs to records whose time is
over, is destroyed by rule.

The one rule: the lists say what to look at, the log what it belongs to and whether a hold keeps it. Evidence goes only
when the time of all that it belongs to is over; the record of a person is over with her.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import Select, func, select

from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.evidence.desk import EvidenceDesk
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.refusals import EvidenceHeldStill
from mingjing_kernel.evidence.retention import (
    EVIDENCE_SWEEP,
    UNATTACHED,
    EvidenceSwept,
    RecordEvidenceSweep,
    months_of,
    sweep_id,
)
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Kept
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, VersionConflict
from mingjing_kernel.months import months_after
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.service.ending_evidence import EvidenceEnding

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host

BATCH_MAX = 200
DESTROYED_MAX = 2_000
"""Of one sweep; the rest goes tomorrow, and the event says how many wait."""
ACTOR = "system:retention"
BASIS = "个人信息保护法第十九条 PIPL art. 19"
NOTHING_DUE = "nothing is due"
_log = structlog.get_logger("mingjing.sweeping")


@dataclass(slots=True)
class _Found:
    """What this sweep came to so far."""

    unattached: int = 0
    ended: int = 0
    held: int = 0
    left: int = 0
    over: dict[Thing, str] = field(default_factory=dict)
    """By which rule the time of a record is over, empty while it is not; many files belong to one."""

    @property
    def is_full(self) -> bool:
        return self.unattached + self.ended >= DESTROYED_MAX

    @property
    def because(self) -> str:
        if self.left:
            return f"{self.left} may wait for the next sweep: one destroys {DESTROYED_MAX} at most"
        if self.held:
            return f"{self.held} that are due stay: a hold applies"
        return "" if self.unattached + self.ended else NOTHING_DUE


class EvidenceSweeper:
    """Sweeps one service's evidence. Its keeper asks it in each of its rounds; ``ending`` knows whose record is a
    person's, where the service seals any.
    """

    def __init__(self, desk: EvidenceDesk, ending: EvidenceEnding | None) -> None:
        self._desk = desk
        self._kit = desk.kit
        self._ending = ending
        self.last: EvidenceSwept | None = None

    async def step(self) -> EvidenceSwept | None:
        """The day's sweep, once; ``None`` when this day has one already."""
        now = self._kit.now()
        day = shanghai_date(now)
        if self.last is not None and self.last.on == day:
            return None
        self.last = (await self._kit.log.state(EVIDENCE_SWEEP, sweep_id(day)))[0]
        if self.last is not None:
            return None
        await self._kit.up_to_date()
        numbers = await in_force(self._kit.log, self._desk.plan.periods, day, self._kit.settings.county_code)
        found = _Found()
        await self._sweep(day, numbers, found)
        command = RecordEvidenceSweep(
            on=day,
            policy_version=numbers.version,
            unattached=found.unattached,
            ended=found.ended,
            held=found.held,
            left=found.left,
            because=found.because,
            at=now,
        )
        # Two processes that sweep the same day say the same thing, whatever each of them found left to do.
        envelope = _envelope(derived_id("evidence-sweep", day.isoformat()))
        await self._kit.log.handle(EVIDENCE_SWEEP, sweep_id(day), command, envelope)
        self.last = (await self._kit.log.state(EVIDENCE_SWEEP, sweep_id(day)))[0]
        said = {"unattached": found.unattached, "ended": found.ended, "held": found.held, "left": found.left}
        _log.info("evidence.swept", service=self._desk.service, on=day.isoformat(), **said, because=found.because)
        return self.last

    def readiness(self) -> dict[str, Any]:
        """When it swept last, and what came of it."""
        last = self.last
        if last is None:
            return {"on": None, "because": "not yet"}
        return {"on": last.on.isoformat(), "destroyed": last.unattached + last.ended, "because": last.because}

    async def _sweep(self, day: date, numbers: Numbers, found: _Found) -> None:
        days = numbers.values[UNATTACHED]
        unattached = self._desk.plan.lists.unattached(end_of(day - timedelta(days=days)))
        await self._each(unattached, day, numbers, found)
        for kind in self._desk.plan.kinds:
            before = end_of(months_after(day, -numbers.values[months_of(kind.kind)]))
            await self._each(self._desk.plan.lists.of_kind(kind.kind, before), day, numbers, found)

    async def _each(self, candidates: Select[Any], day: date, numbers: Numbers, found: _Found) -> None:
        (id,), after = candidates.selected_columns, UUID(int=0)
        while ids := await self._page(candidates.where(id > after).order_by(id).limit(BATCH_MAX)):
            for at, one in enumerate(ids):
                if found.is_full:
                    rest = select(func.count()).select_from(candidates.where(id >= ids[at]).subquery())
                    found.left += await self._count(rest)
                    return
                await self._look_at(one, day, numbers, found)
            after = ids[-1]
            await asyncio.sleep(0)

    async def _look_at(self, id: UUID, day: date, numbers: Numbers, found: _Found) -> None:
        """Destroy it if nothing keeps it any more."""
        state, version = await self._kit.log.state(EVIDENCE, id)
        if not isinstance(state, Kept):
            return
        named = state.manifest.thing  # the record that its device meant may have come without naming the file
        things = state.things or ((named,) if await self._desk.reach.is_there(named) else ())
        rules = [await self._over(thing, day, numbers, found) for thing in things]
        if not all(rules):
            return
        rule = "; ".join(dict.fromkeys(rules)) or f"never attached to a record: {_said(numbers, UNATTACHED, 'days')}"
        envelope = _envelope(derived_id("evidence-over", id, version, numbers.version), rule, version)
        try:
            await self._desk.custody.destroy(id, rule, envelope)
        except EvidenceHeldStill:
            found.held += 1
        except VersionConflict:
            return  # somebody attached it, or looked at it, at this very moment: it is asked about again tomorrow
        else:
            found.ended, found.unattached = found.ended + bool(things), found.unattached + (not things)

    async def _over(self, thing: Thing, day: date, numbers: Numbers, found: _Found) -> str:
        if thing not in found.over:
            found.over[thing] = await self._rule_of(thing, day, numbers)
        return found.over[thing]

    async def _rule_of(self, thing: Thing, day: date, numbers: Numbers) -> str:
        """By which rule the time of the record is over; empty while it is not."""
        is_gone = await self._ending.is_person_gone(thing) if self._ending else None
        if is_gone is not None:
            return f"{thing.kind}: the person is erased" if is_gone else ""
        kind = self._desk.reach.kinds.get(thing.kind)
        if kind is None:
            return ""
        async with self._kit.connection() as connection:
            ended = (await connection.execute(kind.ended(thing.id).limit(1))).first()
        if ended is None:
            return ""
        moments = [_day_of(moment) for moment in (ended[0], await self._last_fact(thing)) if moment is not None]
        period = months_of(thing.kind)
        is_over = max(moments, default=day) <= months_after(day, -numbers.values[period])
        return f"{thing.kind}: {_said(numbers, period, 'months')}" if is_over else ""

    async def _last_fact(self, thing: Thing) -> datetime | None:
        """When something was last recorded about it; ``None`` for what has no stream of its own."""
        log = self._kit.log
        found: datetime | None = await log.pool.fetchval(
            f'SELECT recorded_at FROM "{log.schema}".events WHERE stream = $1 ORDER BY version DESC LIMIT 1',
            f"{thing.kind}-{thing.id}",
        )
        return found

    async def _page(self, statement: Select[Any]) -> list[UUID]:
        async with self._kit.connection() as connection:
            return [UUID(int=row[0].int) for row in (await connection.execute(statement)).all()]

    async def _count(self, statement: Select[Any]) -> int:
        async with self._kit.connection() as connection:
            return int((await connection.execute(statement)).scalar_one())


def make_evidence_sweeper(host: Host) -> EvidenceSweeper | None:
    """The sweeper of a service that keeps evidence."""
    if host.evidence is None:
        return None
    subjects = host.service.subjects
    return EvidenceSweeper(host.evidence, EvidenceEnding(host, subjects) if subjects is not None else None)


def _said(numbers: Numbers, name: str, unit: str) -> str:
    return f"{numbers.values[name]} {unit} ({numbers.sources[name]})"


def _envelope(command_id: UUID, reason: str = "", expected_version: int | None = None) -> Envelope:
    return Envelope(
        command_id=command_id,
        actor=ACTOR,
        digest=command_id.bytes * 2,
        reason=reason,
        legal_basis=BASIS if reason else "",
        expected_version=expected_version,
    )


def _day_of(moment: date | datetime) -> date:
    return shanghai_date(moment) if isinstance(moment, datetime) else moment
