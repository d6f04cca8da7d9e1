"""Streams and commands read by a crowd at once, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from uuid import UUID

from kernel.log.test_scribe import tell_all
from kernel.log.toy import ACCOUNT, ALICE, BOB, deposit
from mingjing_kernel.log import Log


async def test_what_a_command_came_to_is_read_again_beside_others(log: Log) -> None:
    works = [deposit(number, number, UUID(int=number % 3 + 1)) for number in range(1, 41)]
    outcomes = await tell_all(log, works)
    found = await asyncio.gather(*(log.facts_of(work.envelope.command_id) for work in works))
    assert [[fact.position for fact in facts] for facts in found] == [[outcome.position] for outcome in outcomes]
    assert await log.facts_of(UUID(int=999)) == []
    states = await asyncio.gather(*(log.states_of([(ACCOUNT, ALICE), (ACCOUNT, BOB)]) for _ in range(40)))
    assert {tuple(one) for one in states} == {
        ((await log.state(ACCOUNT, ALICE))[0], (await log.state(ACCOUNT, BOB))[0])
    }
