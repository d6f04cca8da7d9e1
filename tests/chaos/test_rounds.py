"""Twenty rounds of kill -9 under load: PostgreSQL, one of its sessions, NATS, each service.

Who is killed when follows from the seed. After each round everything that was ever acknowledged is looked for, and
every hash, list and effect is checked.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from chaos.drill import SEED, Drill
from chaos.load import Load

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(150)]

VICTIMS = (
    *["postgresql"] * 4,
    *["backend-registry", "backend-inspection", "backend-funds"],
    *["nats"] * 4,
    *["registry"] * 2,
    *["inspection"] * 2,
    *["funds"] * 3,
    *["issuer", "console"],
)
ROUNDS = list(enumerate(random.Random(SEED).sample(VICTIMS, len(VICTIMS))))
LOAD_SECONDS = (0.3, 1.2)
"""Between the first command of a round and the blow."""


@pytest.fixture(scope="module")
async def load(drill: Drill) -> AsyncIterator[Load]:
    """The same callers for all rounds, so that stories have numbers of their own."""
    load = drill.load("rounds")
    yield load
    print(f"{load.told} stories, {len(drill.ledger.acknowledged)} acknowledged, {drill.ledger.repeated} twice")  # noqa: T201


@pytest.mark.parametrize(("number", "victim"), ROUNDS, ids=[f"{number:02}-{victim}" for number, victim in ROUNDS])
async def test_nothing_acknowledged_is_lost(drill: Drill, load: Load, number: int, victim: str) -> None:
    chance = drill.chance(f"round {number}")
    async with load:
        await asyncio.sleep(chance.uniform(*LOAD_SECONDS))
        await asyncio.to_thread(_kill, drill, victim)
        await asyncio.to_thread(drill.box.await_back)
    await drill.assert_all_is_well()


def _kill(drill: Drill, victim: str) -> None:
    if victim.startswith("backend-"):
        drill.box.kill_backend(victim.removeprefix("backend-"))
    else:
        drill.box.kill(victim)
