"""A drill: the box, callers who tell stories while something happens to it, and the checks afterwards."""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import dataclass, field

from chaos import checks, effects, hammer
from chaos.box import LOGS, Box
from chaos.load import Caller, Ledger, Load
from chaos.story import tell
from mingjing.auditing import audit_all
from mingjing_kernel.identifiers import derived_id

SEED = int(os.environ.get("MINGJING_CHAOS_SEED", "20261122"))
"""Decides who is killed when, and what the callers say. Set the variable to play another drill."""
CALLERS = {tell: 3, hammer.registry: 3, hammer.inspection: 3, hammer.funds: 3, hammer.bank: 1}
FAULTS_SHOWN = 10


@dataclass
class Drill:
    """What every test of this folder starts from."""

    box: Box
    caller: Caller
    ledger: Ledger

    def load(self, name: str, *, caller: Caller | None = None) -> Load:
        """Callers with stories of their own."""
        return Load(caller or self.caller, CALLERS, derived_id("load", SEED, name).int)

    def chance(self, name: str) -> random.Random:
        """The dice of one drill."""
        return random.Random(derived_id("drill", SEED, name).int)

    async def assert_all_is_well(self) -> None:
        """Nothing lost, nothing doubled, no gap, every effect once, every fen there, every hash right."""
        defects, self.ledger.defects = self.ledger.defects, []  # each is the failure of one drill, not of all after it
        assert not defects, self._report(defects)
        watch = Stopwatch()
        await asyncio.to_thread(self.box.await_back)
        url = self.box.postgres_url
        watch.note("back")
        found = await effects.faults(url)
        assert not found, self._report(found)
        watch.note("effects")
        found = await asyncio.to_thread(checks.faults, url, LOGS, self.ledger)
        assert not found, self._report(found)
        watch.note("facts")
        audited = await audit_all(url, self.box.installation.keys)
        for name, one in audited.items():
            assert (one["findings"], one["replay_differences"]) == ([], 0), name
        watch.note("audit")
        size, told = sum(one["size"] for one in audited.values()), self.ledger
        seconds, request = told.slowest
        print(f"{watch}; {size} events, {len(told.acknowledged)} acknowledged, {told.repeated} twice")  # noqa: T201
        print(f"  slowest: {seconds:.1f} s {request}")  # noqa: T201
        told.slowest = (0.0, "")

    def _report(self, faults: list[str]) -> str:
        shown = "\n".join(faults[:FAULTS_SHOWN])
        return f"seed {SEED}: {len(faults)} faults\n{shown}\n{self.box.said()}"


@dataclass
class Stopwatch:
    """What took how long, for whoever reads the output."""

    last: float = field(default_factory=time.monotonic)
    notes: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Until now since the last note."""
        now = time.monotonic()
        self.notes.append(f"{what} {now - self.last:.1f} s")
        self.last = now

    def __str__(self) -> str:
        return ", ".join(self.notes)
