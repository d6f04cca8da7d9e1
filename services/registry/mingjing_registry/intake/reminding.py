"""Reminders of the lists 名单移出催办: whoever has not acknowledged an exit from a list in time is chased until it has.

One rule: once a day each, whether a person asks for it or nobody does; the decider knows of the day's reminder. How
long it has is what the policy of its own region says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import in_force_in
from mingjing_kernel.policy.versions import EVERY_CATEGORY
from mingjing_registry.codec import LIST_CONSUMERS
from mingjing_registry.domain.list_consumer import RemindConsumer
from mingjing_registry.policy.rules import BLACKLIST
from mingjing_registry.projections.list_feed import owing

CONSUMERS_MAX: Final = 500
"""Read and reminded at a time."""
ACTOR: Final = "system:list-reminders"
CHASING: Final = "信用修复管理办法；国办发〔2018〕80号"
"""What ended is used no more; and the whitelist is kept up to date."""
OWED: Final = "名单移出未确认"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """What came of a round."""

    owing: int
    """Who owes an acknowledgement, overdue or not."""
    reminded: tuple[UUID, ...]
    position: int


async def remind(kit: Kit, scope: Scope, envelope: Envelope, on: date) -> Reminders:
    """Remind whoever is overdue, within what the caller may chase."""
    await kit.up_to_date()
    calendar = await calendar_known(kit.log)
    count, position, reminded, after = 0, await kit.log.head(), list[UUID](), UUID(int=0)
    while rows := await _page(kit, scope, after):
        after, count = rows[-1]["consumer_id"], count + len(rows)
        days = await days_granted(kit, {row["region"] for row in rows}, on)
        dues = [(row, calendar.after(row["removed_on"], days[row["region"]])) for row in rows]
        works = [_work(row, due, on, envelope) for row, due in dues if due < on]
        for work, result in zip(works, await kit.log.handle_many(works), strict=True):
            if not isinstance(result, Outcome):
                raise result
            reminded += [work.id] if result.events and not result.repeated else []
            position = max(position, result.position)
    return Reminders(owing=count, reminded=tuple(reminded), position=position)


async def days_granted(kit: Kit, regions: Iterable[str], on: date) -> dict[str, int]:
    """How many working days each region's policy in force gives for an acknowledgement."""
    found = await in_force_in(kit.log, BLACKLIST, on, {(region, EVERY_CATEGORY) for region in regions})
    return {region: numbers["feed-acknowledge-working-days"] for (region, _), numbers in found.items()}


async def remind_daily(kit: Kit, day: date) -> str:
    """The reminders that nobody asked for, and what they came to."""
    id = derived_id("list-reminders", day)
    done = await remind(kit, Scope.system(), Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2), day)
    if not done.owing:
        return "nobody owes an acknowledgement"
    if not done.reminded:
        return f"nobody reminded: of {done.owing} that owe one, each has time left or was reminded today"
    return f"{len(done.reminded)} reminded, of {done.owing} that owe an acknowledgement"


async def _page(kit: Kit, scope: Scope, after: UUID) -> Sequence[Any]:
    async with kit.connection() as connection:
        found = await connection.execute(owing(scope, after=after).limit(CONSUMERS_MAX))
        page: Sequence[Any] = found.mappings().all()
    return page


def _work(row: Any, due_on: date, on: date, written: Envelope) -> Work:
    id = UUID(bytes=row["consumer_id"].bytes)
    command = RemindConsumer(position=row["position"], owed=row["owed"], due_on=due_on, on=on)
    # The id only makes one of a request that is sent twice, or of two processes that keep one day.
    command_id = derived_id("list-reminder", written.command_id, id)
    envelope = replace(
        written,
        command_id=command_id,
        digest=command_id.bytes * 2 if written.digest else b"",
        expected_version=None,
        department=written.department or row["department"],
        region=written.region or row["region"],
        reason=written.reason or OWED,
        legal_basis=written.legal_basis or CHASING,
    )
    return Work(LIST_CONSUMERS, id, command, envelope)
