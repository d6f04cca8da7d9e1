"""The matching duty 自动比对: compares what is new within seconds, and once a night puts on record what was compared.

One rule: a night looks at what changed since the last one, and at everybody after the rule changed; it says which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import structlog

from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, database
from mingjing_registry.codec import MATCHING_RUNS
from mingjing_registry.domain.matching_run import MatchingRan, RecordMatchingRun
from mingjing_registry.intake.matcher import ACTOR, BASIS, Compared, Matcher

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service import Host

LOOK_SECONDS: Final = 2.0
"""Between two looks at what is new: an application is compared before an official has opened it."""
RETRY_SECONDS: Final = 60.0
HOUR_MIN: Final = 2
"""In China: the first run of a day waits for the night's quiet, unless there never was one."""
RUNS: Final = derived_id("matching-runs")
"""The one stream of all runs."""
NOTHING_CHANGED: Final = "nothing changed since the last run"
NOBODY_ALIKE: Final = "nobody is like a former institution"
Seat = Callable[[], Awaitable[str]]
_log = structlog.get_logger("mingjing.matching")


class MatchingDuty:
    """One service's matching in this process; ``step`` does at once what is due."""

    def __init__(self, kit: Kit, seat: Seat | None = None) -> None:
        self.matcher = Matcher(kit)
        self._kit = kit
        self._seat = seat
        self._through = -1
        """Up to where this process has compared; -1 until it knows the last run."""
        self._last: MatchingRan | None = None
        self._because = "not yet"

    async def run(self) -> None:
        """Look, until cancelled. Trouble is said and waited for, never raised."""
        while True:
            try:
                await asyncio.sleep(await self._round())
            except Exception as trouble:
                if not database.is_away(trouble):
                    _log.exception("matching.failed")
                self._because = f"trying again: {database.in_short(trouble)}"
                await asyncio.sleep(RETRY_SECONDS)

    async def _round(self) -> float:
        if self._seat and (because := await self._seat()):
            self._through, self._because = -1, because
            return RETRY_SECONDS
        if await self._is_due():
            await self.step()
        else:
            await self.look()
        return LOOK_SECONDS

    async def look(self) -> Compared:
        """Compare what changed since the last look, without a record of its own: the proposals are the record."""
        if self._through < 0:
            self._through = last.through if (last := await self._last_run()) else 0
        if await self._kit.log.head() <= self._through:
            return Compared(through=self._through)
        await self.matcher.refresh()
        compared = await self.matcher.compare(self.matcher.changed_since(self._through))
        self._through = compared.through
        if compared.looked_at:
            _log.info("matching.looked", looked_at=compared.looked_at, proposed=compared.proposed)
        return compared

    async def step(self) -> MatchingRan | None:
        """The day's run, once; ``None`` when this day has one already under this rule."""
        await self.matcher.take_numbers()
        today, version = shanghai_date(self._kit.now()), self.matcher.numbers.version
        last = await self._last_run()
        if last is not None and (last.on, last.rule_version) == (today, version):
            return None
        await self.matcher.refresh()
        is_new_rule = last is None or last.rule_version != version
        changed = self.matcher.changed_since(0 if last is None or is_new_rule else last.through)
        compared = await self.matcher.compare(changed)
        ran = await self._record(compared, is_new_rule)
        self._through, self._last, self._because = compared.through, ran, ran.because
        said = {"looked_at": ran.looked_at, "proposed": ran.proposed, "lapsed": ran.lapsed, "because": ran.because}
        _log.info("matching.ran", on=today.isoformat(), rule=version, **said)
        return ran

    async def _record(self, compared: Compared, is_new_rule: bool) -> MatchingRan:
        command = RecordMatchingRun(
            on=shanghai_date(self._kit.now()),
            rule_version=self.matcher.numbers.version,
            through=compared.through,
            looked_at=compared.looked_at,
            proposed=compared.proposed,
            lapsed=compared.lapsed,
            because=_because(compared, is_new_rule),
        )
        id_ = derived_id("matching-run", command.on.isoformat(), command.rule_version)
        # Two processes that run on the same day say the same thing, whatever each of them found left to do.
        envelope = Envelope(command_id=id_, actor=ACTOR, digest=id_.bytes * 2, legal_basis=BASIS)
        outcome: Outcome = await self._kit.log.handle(MATCHING_RUNS, RUNS, command, envelope)
        recorded = next((event for event in outcome.events if isinstance(event, MatchingRan)), None)
        return recorded or (await self._kit.log.state(MATCHING_RUNS, RUNS))[0]

    async def _last_run(self) -> MatchingRan | None:
        self._last = (await self._kit.log.state(MATCHING_RUNS, RUNS))[0]
        return self._last

    async def _is_due(self) -> bool:
        last = self._last or await self._last_run()
        await self.matcher.take_numbers()
        if last is None or last.rule_version != self.matcher.numbers.version:
            return True
        now = self._kit.now().astimezone(SHANGHAI)
        return last.on < now.date() and now.hour >= HOUR_MIN

    def readiness(self) -> dict[str, Any]:
        """When it ran last, what came of it, and up to where what is new has been compared."""
        last = self._last
        ran = {"on": last.on.isoformat(), "looked_at": last.looked_at, "proposed": last.proposed} if last else {}
        return {**ran, "position": max(self._through, 0), "institutions": len(self.matcher), "because": self._because}


def make_matching(host: Host) -> MatchingDuty:
    """The duty in this process; only who holds the seat compares, everybody may be asked."""

    async def seat() -> str:
        return "" if await host.seats.take("matching") else host.seats.why_not()

    return MatchingDuty(host, seat)


def _because(compared: Compared, is_new_rule: bool) -> str:
    if not compared.looked_at:
        return NOTHING_CHANGED
    whole = "the rule is new: everybody was compared" if is_new_rule else ""
    return whole or ("" if compared.proposed or compared.lapsed else NOBODY_ALIKE)
