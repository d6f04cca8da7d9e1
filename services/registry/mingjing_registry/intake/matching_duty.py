"""The matching duty 自动比对: compares what is new within seconds, and once a night puts on record what was compared.

One rule: a night looks at what changed since the last one, and at everybody after the rule changed; it says which.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.service.duty import Done
from mingjing_registry.codec import MATCHING_RUNS
from mingjing_registry.domain.matching_run import MatchingRan, RecordMatchingRun
from mingjing_registry.intake.matcher import ACTOR, BASIS, Compared, Matcher

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

LOOK_SECONDS: Final = 2.0
"""Between two looks at what is new: an application is compared before an official has opened it."""
HOUR_MIN: Final = 2
"""In China: the first run of a day waits for the night's quiet, unless there never was one."""
RUNS: Final = derived_id("matching-runs")
"""The one stream of all runs."""
NOTHING_CHANGED: Final = "nothing changed since the last run"
NOBODY_ALIKE: Final = "nobody is like a former institution"
_log = structlog.get_logger("mingjing.matching")


class MatchingDuty:
    """One service's matching in this process; ``step`` does at once what is due."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self.matcher = Matcher(kit)
        self._kit = kit
        self._through = -1
        """Up to where this process has compared; -1 until it knows the last run."""
        self._last: MatchingRan | None = None

    async def recall(self) -> Done | None:
        """The last run on record."""
        last = await self._last_run()
        return None if last is None else Done(last.on, _said(last))

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """Once a day, at night; and as soon as the rule is another one."""
        last = self._last or await self._last_run()
        await self.matcher.take_numbers()
        if last is None or last.rule_version != self.matcher.numbers.version:
            return True
        local = now.astimezone(SHANGHAI)
        return last.on < local.date() and local.hour >= HOUR_MIN

    async def do(self, day: date) -> str:
        """The run, and what it came to."""
        ran = await self.step() or await self._last_run()
        assert ran is not None
        return _said(ran)

    async def look(self) -> None:
        """At what is new."""
        await self.look_at_news()

    async def look_at_news(self) -> Compared:
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
        self._through, self._last = compared.through, ran
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

    def readiness(self) -> dict[str, Any]:
        """Up to where what is new has been compared, and with how many institutions."""
        return {"position": max(self._through, 0), "institutions": len(self.matcher)}


def _said(ran: MatchingRan) -> str:
    said = f"{ran.looked_at} compared, {ran.proposed} proposed, {ran.lapsed} lapsed"
    return f"{said}; {ran.because}" if ran.because else said


def _because(compared: Compared, is_new_rule: bool) -> str:
    if not compared.looked_at:
        return NOTHING_CHANGED
    whole = "the rule is new: everybody was compared" if is_new_rule else ""
    return whole or ("" if compared.proposed or compared.lapsed else NOBODY_ALIKE)
