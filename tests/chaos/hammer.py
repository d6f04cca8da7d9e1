"""Short commands in quick succession, so that at every moment some are under way in each service.

The one rule: every hammer owns what it changes and names the version that it saw, so no refusal is ever right.
"""

from __future__ import annotations

import random
from typing import Any

from chaos.load import Caller
from chaos.story import BANKER, CLERK, HOTLINE, Telling
from mingjing_kernel.identifiers import derived_id

BLOWS = 10
"""Commands of one story; the next one takes up another thing."""
LINES = 120
"""Of a bank's file: many commands in a few transactions, so that some are through when the blow falls."""


async def registry(caller: Caller, chance: random.Random, number: int) -> None:
    """One institution's annual check, again and again, each time on the version that the last one made."""
    told = Telling(caller, chance, number)
    body = told.institution()
    known = await caller.command(CLERK, "registry", "/institutions", body, key=told.id("registered"))
    path, version = f"/institutions/{known['institution_id']}/annual-check", known["version"]
    for blow in range(BLOWS):
        result = {"result": "fail" if blow % 2 else "pass"}
        answer = await caller.command(CLERK, "registry", path, result, key=told.id(blow), sees=version)
        assert answer["version"] > version, answer
        version = answer["version"]


async def inspection(caller: Caller, chance: random.Random, number: int) -> None:
    """Complaints of which each is a new one."""
    told = Telling(caller, chance, number)
    for blow in range(BLOWS):
        body = told.complaint(str(derived_id(number, blow, chance.random())))
        answer = await caller.command(HOTLINE, "inspection", "/complaints", body, key=told.id(blow))
        assert answer["version"] == 1, answer


async def funds(caller: Caller, chance: random.Random, number: int) -> None:
    """Lessons of one paid contract, each on the version that the one before made."""
    told = Telling(caller, chance, number)
    _, _, contract_id = await told.contracted()
    path, version = f"/contracts/{contract_id}/lessons", 0
    for blow in range(BLOWS):
        lesson: dict[str, Any] = {"lesson_no": f"L{blow}", "held_on": told.today, "standing": "pending"}
        sees = version or None
        answer = await caller.command(BANKER, "funds", path, lesson, key=told.id(blow), sees=sees)
        assert answer["version"] > version, answer
        version = answer["version"]


async def bank(caller: Caller, chance: random.Random, number: int) -> None:
    """A whole file of deposits at once; cut short and sent again, it books each line once."""
    told = Telling(caller, chance, number)
    account_id, account_number, _ = await told.contracted()
    await told.deposited(account_id, account_number, LINES)
