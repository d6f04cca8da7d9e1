"""The county's weeks, played through the public addresses by the people whose work it is.

The one rule: what the demo does, a person or a program of the county could do tomorrow with the same requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from mingjing.county import County, weeks
from mingjing.county.weekly import ORDERS, Posting, masters, postings
from mingjing.demo.acts import suspend_and_see
from mingjing.demo.caller import Caller
from mingjing.demo.patrols import visits_of_week
from mingjing.demo.phone_book import sample_phones
from mingjing_kernel.clock import SHANGHAI

VISITS_AT_ONCE = 8
EXPORTS = 2
"""Files of complaints: the hotline's, and the market regulator's."""
SETTLE_SECONDS_MAX = 60.0

_COMPLAINTS_KNOWN = {"because": "complaints are known"}
"""Makes the second question of a day another request than the first."""

Report = Callable[[str, str, int, int], None]
"""Chinese and English words for what is under way, steps done, steps in all."""


@dataclass
class Player:
    """Plays the story and remembers what the summary needs."""

    caller: Caller
    report: Report
    weeks: int
    """How many of the county's weeks are played; fewer than all are for tests."""
    sites: list[dict[str, Any]] = field(default_factory=list)
    files: int = 0
    story: dict[str, str] = field(default_factory=dict)
    """What the single acts came to: a suspended institution, a refused contract."""
    is_repeat: bool = False
    """The county had been played before; only the summary is made."""
    _done: int = 0

    async def was_played(self) -> bool:
        """Whether the weeks are over here: every week's lessons delivered, and the hotline's exports after them."""
        lessons = await self.caller.everything("fund-regulator", "funds", "/files?kind=lessons")
        exports = await self.caller.everything("hotline-operator", "inspection", "/complaint-files")
        self.is_repeat = len(lessons) >= self.weeks and len(exports) >= EXPORTS
        return self.is_repeat

    async def publish_phones(self) -> None:
        """Whom to call; a county that was played before has them from now on."""
        for person, phone_id, line in sample_phones():
            await self.caller.put(person, "inspection", f"/supervision-phones/{phone_id}", line)

    async def register(self) -> None:
        """The registers of three departments, and the staff of the registry that reads them."""
        with County() as county:
            for delivery in county.deliveries():
                if delivery.folder == "registry":
                    data = county.read(delivery.path)
                    await self.caller.send_file("licensing-officer", "registry", "/imports", delivery.path, data)
                    self._step("机构名单", "registers")
        self.sites = await self.caller.everything("licensing-officer", "registry", "/sites?state=approved")

    async def open_accounts(self) -> None:
        """Vendor codes and custody accounts; the registry hears of the active ones (X15)."""
        await self._settled("funds", "registry")
        for posting in masters():
            await self._post(posting)
            self._step("托管账户", "custody accounts")

    async def live_through_weeks(self) -> None:
        """Each week's contracts, payments, lessons, bank files, patrols, alerts at each week's end."""
        schedule = islice(zip(weeks(), postings(), strict=True), self.weeks)
        for number, ((first, _), (until, files)) in enumerate(schedule):
            await asyncio.gather(self._money(files, until), self._patrol(number, first))
            self._step(f"第 {number + 1} 周", f"week {number + 1}")

    async def take_complaints(self) -> None:
        """The hotline's two exports, as they were delivered after the last day."""
        await self._settled("registry", "inspection")
        with County() as county:
            for delivery in county.deliveries():
                if delivery.folder == "complaints":
                    data = county.read(delivery.path)
                    await self.caller.send_file(
                        "hotline-operator", "inspection", "/complaint-files", delivery.path, data
                    )
                    self._step("投诉工单", "complaints")

    async def settle(self) -> None:
        """Wait until every service has heard what the others told."""
        for source in ("registry", "funds", "inspection"):
            for heard_by in ("registry", "funds", "inspection"):
                if source != heard_by:
                    await self._settled(source, heard_by)
        self._step("各服务对齐", "services agree")

    async def ask_the_rules_again(self) -> None:
        """About the last day, now that the complaints are known: they were delivered after it."""
        until = list(islice(weeks(), self.weeks))[-1][1]
        at = datetime.combine(until, time(23, 30), SHANGHAI)
        await self.caller.post("fund-regulator", "funds", f"/alerts/evaluations?day={until}", _COMPLAINTS_KNOWN, at=at)

    async def decide(self) -> None:
        """What officials do about the worst alert."""
        self.story = await suspend_and_see(self.caller)
        self._step("官员决定", "officials decide")

    def steps(self) -> int:
        """How many steps the story has, for a progress bar."""
        return 4 + 2 + self.weeks + 2 + 1 + 1

    async def _money(self, files: list[Posting], until: date) -> None:
        """The week's exports first; then every bank, and whoever counts lessons, sends in its own order."""
        senders: dict[str, list[Posting]] = {}
        for posting in files:
            senders.setdefault("" if posting.kind in ORDERS else posting.sender, []).append(posting)
        await self._send(senders.pop("", []))
        await asyncio.gather(*map(self._send, senders.values()))
        at = datetime.combine(until, time(23, 0), SHANGHAI)
        await self.caller.post("fund-regulator", "funds", f"/alerts/evaluations?day={until}", None, at=at)

    async def _patrol(self, number: int, first: date) -> None:
        if number == 0:
            await self._settled("registry", "inspection")
        gate = asyncio.Semaphore(VISITS_AT_ONCE)

        async def report(visit_id: Any, body: dict[str, Any]) -> None:
            async with gate:
                await self.caller.put("grid-officer", "inspection", f"/visits/{visit_id}", body)

        await asyncio.gather(*(report(*visit) for visit in visits_of_week(self.sites, number, first)))

    async def _send(self, files: list[Posting]) -> None:
        for posting in files:
            await self._post(posting)

    async def _post(self, posting: Posting) -> None:
        path = f"/files/{posting.kind}?covers_to={posting.covers_to}&delivered_on={posting.delivered_on}"
        await self.caller.send_file("fund-regulator", "funds", path, posting.name, posting.data)
        self.files += 1

    async def _settled(self, source: str, heard_by: str) -> None:
        """Until ``heard_by`` has applied everything that ``source`` had told by now."""
        head = (await self.caller.health(source))["head"]
        deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS_MAX
        while asyncio.get_running_loop().time() < deadline:
            told = (await self.caller.health(source))["relay"]
            inbox = (await self.caller.health(heard_by))["inboxes"].get(source)
            if inbox is None or (told["position"] >= head and inbox["position"] >= told["published"]):
                return
            await asyncio.sleep(0.05)

    def _step(self, zh: str, en: str) -> None:
        self._done += 1
        self.report(zh, en, self._done, self.steps())


async def play(player: Player) -> None:
    """The whole story. Where its weeks were lived through before, only what follows: its requests are repeats, and a
    step that was interrupted is made up for."""
    await player.publish_phones()
    if not await player.was_played():
        await player.register()
        await player.open_accounts()
        await player.live_through_weeks()
        await player.take_complaints()
        await player.settle()
    await player.ask_the_rules_again()
    await player.decide()
