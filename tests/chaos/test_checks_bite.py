"""The checks of this folder find what they are there to find: a promise that was not kept, money that is not there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from chaos import checks
from chaos.box import LOGS
from chaos.drill import Drill
from chaos.load import Acknowledged, Deposit, Ledger

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(200)]
NOBODY = UUID(int=7)


async def test_a_broken_promise_is_found(drill: Drill) -> None:
    async with drill.load("bite"):
        pass
    kept = drill.ledger.acknowledged[0]
    broken = (
        Acknowledged(kept.service, NOBODY, 1, 1, "never sent"),
        replace(kept, position=kept.position + 1),
        replace(kept, version=kept.version + 1),
    )
    for promise in broken:
        found = await faults(drill, Ledger(acknowledged=[kept, promise], deposits=drill.ledger.deposits))
        assert len(found) == 1, found
        assert str(promise) in found[0]


async def test_missing_and_unexplained_money_is_found(drill: Drill) -> None:
    booked = drill.ledger.deposits
    assert booked
    never, wrong = Deposit(NOBODY, "HP0", 1), replace(booked[0], amount_fen=booked[0].amount_fen + 1)
    assert len(await faults(drill, Ledger(deposits=[*booked, never]))) == 1
    assert len(await faults(drill, Ledger(deposits=[wrong, *booked[1:]]))) == 1
    assert len(await faults(drill, Ledger(deposits=booked[1:]))) == 1
    assert await faults(drill, drill.ledger) == []


async def faults(drill: Drill, ledger: Ledger) -> list[str]:
    return await asyncio.to_thread(checks.faults, drill.box.postgres_url, LOGS, ledger)
