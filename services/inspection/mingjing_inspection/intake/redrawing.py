"""Redrawing (网格调整): a version of the grids comes into force, every site is looked up anew, open tasks move (X16).

One rule: once for each version; every command's id follows from the version and the thing, so a run that was broken off
and begun again moves nothing twice. The run says what it moved, what not, and why.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import structlog

from mingjing_inspection.codec import GRID_VERSIONS, PREMISES_KNOWN, TASKS
from mingjing_inspection.domain.grid_version_facts import RecordRedraw, Redraw
from mingjing_inspection.domain.site_place import Looked, ResolveSites
from mingjing_inspection.domain.task_move import MoveTask
from mingjing_inspection.geometry.index import NO_GRID, GridIndex
from mingjing_inspection.intake.grid_book import GridBook, Grids
from mingjing_inspection.projections.grid_posts import officers_on
from mingjing_inspection.projections.grid_versions import in_force_on
from mingjing_inspection.projections.site_places import count_places, places_after, tasks_elsewhere
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.duty import Done

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

ACTOR: Final = "system:grid-redrawing"
BASIS: Final = "GB/T 34300-2017"
REASON: Final = "网格调整"
LOOK_SECONDS: Final = 10.0
PAGE_SITES: Final = 20_000
A_TRANSACTION: Final = 1_000
CAUGHT_UP_SECONDS_MAX: Final = 120.0
DONE_STATES: Final = ("WITHOUT_SITE", "SUBMITTED", "REVIEWED", "CLOSED", "CANCELLED")
"""In which a task moves no more, or has nowhere to move to."""
NOTHING_IN_FORCE: Final = "no version of the grids is in force"
CARRIED_OUT: Final = "the version in force is carried out already"
FOLLOWED_EVERY: Final = timedelta(minutes=1)
SUPERSEDED: Final = "a later version counts: sites are looked up by that one"
_log = structlog.get_logger("mingjing.grids")


@dataclass(slots=True)
class _Count:
    """What a run came to so far."""

    placed: int = 0
    moved: int = 0
    outside: int = 0
    tasks_moved: int = 0
    refused: dict[str, int] = field(default_factory=dict)


class RedrawingDuty:
    """One service's redrawing in this process; ``step`` does at once what waits."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._book = GridBook(kit)
        self._said = "not yet"
        self._followed_at: datetime | None = None

    async def recall(self) -> Done | None:
        """Nothing: whether a version is carried out is asked of the list each time."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China: versions come into force with the day."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The day's versions, and what came of them."""
        self._said = await self.step(day)
        return self._said

    async def look(self) -> None:
        """A version may be approved for today at any hour."""
        await self.do(shanghai_date(self._kit.now()))

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"last_look": self._said}

    async def step(self, day: date) -> str:
        """Carry out the version in force on the day, unless it is; say of those that it replaced that they count no
        more.
        """
        async with self._kit.connection() as connection:
            query = in_force_on(day, self._kit.settings.county_code)
            rows = (await connection.execute(query)).all()
        waiting = [UUID(int=row.version_id.int) for row in rows if not row.redraw]
        if not rows:
            return NOTHING_IN_FORCE
        if not waiting:
            return await self._follow(UUID(int=rows[0].version_id.int), day)
        current = UUID(int=rows[0].version_id.int)
        for version_id in waiting:
            if version_id != current:
                await self._record(version_id, day, Redraw(because=SUPERSEDED, **dict.fromkeys(_FIGURES, 0)))
        if current not in waiting:
            return CARRIED_OUT
        redraw = await redraw_sites(self._kit, await self._book.grids(current), day)
        await self._record(current, day, redraw)
        said = _said(redraw)
        _log.info("grids.redrawn", version=str(current), said=said)
        return said

    async def _follow(self, version_id: UUID, day: date) -> str:
        """A site that was placed after the redrawing takes its open tasks along, looked for once a minute."""
        now = self._kit.now()
        if self._followed_at is not None and now - self._followed_at < FOLLOWED_EVERY:
            return CARRIED_OUT
        self._followed_at, count = now, _Count()
        await self._kit.up_to_date()
        await _move_tasks(self._kit, version_id, day, count, is_placed_later=True)
        return f"{CARRIED_OUT}; {count.tasks_moved} tasks follow their sites" if count.tasks_moved else CARRIED_OUT

    async def _record(self, version_id: UUID, day: date, redraw: Redraw) -> None:
        envelope = _envelope("record-redraw", version_id)
        await self._kit.log.handle(GRID_VERSIONS, version_id, RecordRedraw(on=day, redraw=redraw), envelope)


def _said(redraw: Redraw) -> str:
    """In one line: what moved, what did not, and why."""
    stayed = f"{redraw.outside} lie in no grid, of {redraw.place_unknown} nobody knows the place"
    kept = f", {redraw.tasks_kept} tasks stay ({redraw.because})" if redraw.tasks_kept else ""
    return f"{redraw.moved} of {redraw.sites} sites moved, {redraw.tasks_moved} tasks; {stayed}{kept}"


_FIGURES: Final = ("sites", "moved", "unchanged", "outside", "place_unknown", "tasks_moved", "tasks_kept")


async def redraw_sites(kit: Kit, grids: Grids, day: date) -> Redraw:
    """Look every placed site up by these grids, and move what stands elsewhere."""
    await kit.up_to_date(CAUGHT_UP_SECONDS_MAX)
    count = _Count()
    async with kit.connection() as connection:
        sites = int((await connection.execute(count_places())).scalar_one())
    async for page in _pages(kit):
        works = list(_resolutions(page, grids, kit.now(), count))
        async with aclosing(kit.log.handle_stream(works, A_TRANSACTION)) as results:
            async for _, done in results:
                _require(done)
    await kit.up_to_date(CAUGHT_UP_SECONDS_MAX)
    await _move_tasks(kit, grids.version_id, day, count)
    return Redraw(
        sites=sites,
        moved=count.moved,
        unchanged=count.placed - count.moved - count.outside,
        outside=count.outside,
        place_unknown=sites - count.placed,
        tasks_moved=count.tasks_moved,
        tasks_kept=sum(count.refused.values()),
        because=", ".join(f"{why}: {times}" for why, times in sorted(count.refused.items())),
    )


async def _pages(kit: Kit) -> AsyncIterator[Sequence[Any]]:
    """Sites with a position; an institution's stand on one page, for they are one command."""
    after, rest = (UUID(int=0), UUID(int=0)), list[Any]()
    while True:
        async with kit.connection() as connection:
            rows = (await connection.execute(places_after(after, PAGE_SITES))).all()
        page = [*rest, *rows]
        if len(rows) < PAGE_SITES:
            yield page
            return
        after = (rows[-1].institution_id, rows[-1].site_id)
        rest = [row for row in page if row.institution_id == after[0]]
        yield page[: len(page) - len(rest)]


def _resolutions(page: Sequence[Any], grids: Grids, now: datetime, count: _Count) -> Iterator[Work]:
    """One command for each institution of which a site lies elsewhere than before."""
    numbers = _numbers(page, grids.index)
    looked = zip(page, numbers, strict=True)
    for institution_id, several in groupby(looked, key=lambda pair: pair[0].institution_id):
        moved = []
        for row, number in several:
            grid = "" if number == NO_GRID else grids.index.codes[number]
            count.placed += 1
            count.outside += not grid
            if grid != row.grid:
                count.moved += bool(grid)
                site_id = UUID(int=row.site_id.int)
                moved.append(
                    Looked(site_id=site_id, longitude_e7=row.longitude_e7, latitude_e7=row.latitude_e7, grid=grid)
                )
        if moved:
            id = UUID(int=institution_id.int)
            command = ResolveSites(version_id=grids.version_id, sites=tuple(moved), resolved_at=now)
            yield Work(PREMISES_KNOWN, id, command, _envelope("resolve-sites", grids.version_id, id))


def _numbers(page: Sequence[Any], index: GridIndex) -> list[int]:
    longitudes = np.asarray([row.longitude_e7 for row in page], dtype=np.int64)
    latitudes = np.asarray([row.latitude_e7 for row in page], dtype=np.int64)
    return index.numbers_at(longitudes, latitudes).tolist() if page else []


async def _move_tasks(kit: Kit, version_id: UUID, day: date, count: _Count, *, is_placed_later: bool = False) -> None:
    """Open tasks that stand in another grid than their site go there, and to its officer."""
    async with kit.connection() as connection:
        rows = (await connection.execute(tasks_elsewhere(DONE_STATES))).all()
        regions = {row.region for row in rows}
        officers = {row.region: row.person for row in await connection.execute(officers_on(day, regions))}
    works = [
        Work(
            TASKS,
            UUID(int=row.task_id.int),
            MoveTask(
                region=row.region,
                officer=officers.get(row.region, ""),
                version_id=version_id,
                moved_at=kit.now(),
            ),
            _envelope("move-task", version_id, UUID(int=row.task_id.int), *((row.since,) if is_placed_later else ())),
        )
        for row in rows
    ]
    for at in range(0, len(works), A_TRANSACTION):
        for result in await kit.log.handle_many(works[at : at + A_TRANSACTION]):
            if isinstance(result, Refusal):
                count.refused[result.code()] = count.refused.get(result.code(), 0) + 1
            else:
                _require([result])
                count.tasks_moved += 1


def _envelope(reaction: str, version_id: UUID, *thing: UUID | datetime) -> Envelope:
    """The same for the same reaction to the same version, whatever the run finds left to do."""
    id = derived_id(reaction, version_id, *(one.isoformat() if isinstance(one, datetime) else one for one in thing))
    return Envelope(command_id=id, digest=id.bytes * 2, actor=ACTOR, reason=REASON, legal_basis=BASIS)


def _require(results: Sequence[Any]) -> None:
    for result in results:
        if not isinstance(result, Outcome):
            raise result
