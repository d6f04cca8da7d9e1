"""A duty is done once a day, says what it came to, and its trouble is told instead of ending anything."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from mingjing_kernel.service.duty import Done, DutyKeeper, OnceADay


class Clock:
    """What a keeper asks of its service."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 1, 15, 59, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Work:
    """Counts its days; fails as long as it is told to."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.tried = asyncio.Event()
        self.trouble: Exception | None = None

    async def __call__(self, _kit: Any, day: date) -> str:
        self.tried.set()
        if self.trouble:
            raise self.trouble
        self.days.append(day)
        return f"{len(self.days)} done"


def keeper(clock: Clock, work: Work, because: str = "", asked: asyncio.Event | None = None) -> DutyKeeper:
    async def seat() -> str:
        if asked:
            asked.set()
        return because

    return DutyKeeper("sweeping", OnceADay(clock, work), clock, seat)  # type: ignore[arg-type]


async def test_the_day_is_that_of_china_and_has_its_work_once() -> None:
    clock, work = Clock(), Work()
    kept = keeper(clock, work)
    assert kept.readiness() == {"on": None, "said": "not yet"}
    await kept.step()
    await kept.step()
    assert kept.readiness() == {"on": "2026-07-01", "said": "1 done"}
    clock.moment = clock.moment.replace(hour=16, minute=0)
    await kept.step()
    assert work.days == [date(2026, 7, 1), date(2026, 7, 2)]


async def ran(kept: DutyKeeper, until: asyncio.Event) -> None:
    """As the host runs it, until something happened and was taken note of."""
    task = asyncio.create_task(kept.run())
    await until.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done(), "trouble ends no duty"
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_trouble_is_said_and_the_day_waits() -> None:
    clock, work = Clock(), Work()
    work.trouble = ValueError("the list is torn")
    kept = keeper(clock, work)
    await ran(kept, work.tried)
    said = kept.readiness()["said"]
    assert (kept.last.on, "trying again" in said, "torn" in said) == (None, True, True)
    work.trouble, work.tried = None, asyncio.Event()
    await ran(kept, work.tried)
    assert (kept.last.on, kept.readiness()["said"]) == (date(2026, 7, 1), "1 done")


async def test_whoever_stands_by_says_so_and_does_nothing() -> None:
    work, asked = Work(), asyncio.Event()
    kept = keeper(Clock(), work, "another process does this; standing by", asked)
    await ran(kept, asked)
    assert (kept.last.on, kept.readiness()["said"]) == (None, "another process does this; standing by")
    assert work.days == []


class Recalling(OnceADay):
    """Finds its last day's work on record."""

    async def recall(self) -> Done | None:
        return Done(date(2026, 7, 1), "7 compared")


async def test_a_process_that_has_just_started_tells_what_is_on_record() -> None:
    clock, work = Clock(), Work()
    kept = DutyKeeper("sweeping", Recalling(clock, work), clock)  # type: ignore[arg-type]
    await kept.step()
    assert kept.readiness() == {"on": "2026-07-01", "said": "7 compared"}
    assert work.days == [], "the day has had its work"


class Looking(OnceADay):
    """Its looks fail as long as they are told to."""

    trouble: Exception | None = None

    async def look(self) -> None:
        self._kit.tried.set()  # type: ignore[attr-defined]
        if self.trouble:
            raise self.trouble


async def test_trouble_of_a_look_is_said_no_longer_than_it_lasts() -> None:
    clock, work = Clock(), Work()
    clock.tried = asyncio.Event()  # type: ignore[attr-defined]
    duty = Looking(clock, work)  # type: ignore[arg-type]
    kept = DutyKeeper("looking", duty, clock)  # type: ignore[arg-type]
    await kept.step()
    duty.trouble = ValueError("torn")
    await ran(kept, clock.tried)  # type: ignore[attr-defined]
    assert "torn" in kept.readiness()["said"]
    duty.trouble, clock.tried = None, asyncio.Event()  # type: ignore[attr-defined]
    await ran(kept, clock.tried)  # type: ignore[attr-defined]
    assert kept.readiness()["said"] == "1 done"
