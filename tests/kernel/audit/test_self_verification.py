"""Once a day the log computes itself again; what it found, and that nobody looked, is plain to see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from kernel.audit.burgled import KEYS, SIZE, Burgled
from kernel.log.toy import ACCOUNT, SCHEMA
from mingjing_kernel.audit.self_standing import standing
from mingjing_kernel.audit.self_verification import SELF_VERIFICATION
from mingjing_kernel.audit.self_verifier import SelfVerifier
from mingjing_kernel.clock import system_clock
from mingjing_kernel.log import Log


@asynccontextmanager
async def verifier(burgled: Burgled, memory_mib: int = 2_048, seat: str = "") -> AsyncIterator[SelfVerifier]:
    log = Log(burgled.url, SCHEMA, [ACCOUNT, SELF_VERIFICATION])
    await log.start()

    async def notes() -> list[str]:
        return burgled.notes()

    async def take() -> str:
        return seat

    try:
        yield SelfVerifier(log, lambda: KEYS, notes, take, first_seconds=0, memory_mib=memory_mib)
    finally:
        await log.stop()


async def test_a_clean_log_says_so_once_a_day(burgled: Burgled) -> None:
    async with verifier(burgled) as one:
        assert await one._step() == ""
        seen = await standing(one.log, system_clock())
        assert (seen.state, seen.size, seen.is_overdue, seen.findings) == ("clean", SIZE, False, [])
        assert len(bytes.fromhex(seen.root)) == 32
        assert "once a day is enough" in await one._step()
        assert await one.log.head() == SIZE + 1


async def test_what_is_wrong_is_an_event_with_its_place(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.events SET data = '{}' WHERE position = 300")
    async with verifier(burgled) as one:
        seen = await one.verify_now()
        assert seen.state == "found"
        assert {finding.code for finding in seen.findings} & {"content-altered", "byte-altered", "column-altered"}
        assert "300" in seen.findings[0].zh
        assert "findings" not in seen.in_short()


async def test_a_run_that_could_not_take_place_counts_as_none(burgled: Burgled) -> None:
    async with verifier(burgled, memory_mib=1) as one:
        seen = await one.verify_now()
        assert (seen.state, seen.failed_because != "") == ("never", True)
        assert "tried again within the hour" in await one._step()
    async with verifier(burgled) as one:
        assert (await one.verify_now()).failed_because == ""


async def test_a_dead_verifier_cannot_look_healthy(burgled: Burgled) -> None:
    async with verifier(burgled) as one:
        never = await standing(one.log, system_clock())
        assert (never.state, never.is_overdue) == ("never", False)
        assert (await standing(one.log, system_clock() + timedelta(hours=26))).is_overdue
        await one.verify_now()
        at = system_clock()
        assert not (await standing(one.log, at + timedelta(hours=24))).is_overdue
        late = await standing(one.log, at + timedelta(hours=26))
        assert (late.state, late.is_overdue) == ("clean", True)
        assert late.age_seconds is not None
        assert late.age_seconds > 25 * 3_600
