"""The day's reconciliation (每日三方对账): what does not agree becomes a break, what agrees again is righted.

The one rule: a look says what it finds, every day anew; whether that is news is decided in the log. Only an entry that
can be nothing else than one awaited payment of the same amount is explained by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mingjing_funds.codec import ACCOUNTS, BREAKS
from mingjing_funds.domain.account import ExplainEntry
from mingjing_funds.domain.break_terms import Found
from mingjing_funds.domain.custody_break import BreakOpened, BreakRighted, MissBreak, ReportBreak
from mingjing_funds.domain.reconciliation import Crossings, Sides, breaks, crossings, pairs, stayed_behind
from mingjing_funds.intake.unbacked import paid_without, recall_unbacked
from mingjing_funds.projections.breaks import open_breaks
from mingjing_funds.projections.sides import Looked, balances_at, looked_at
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.working_days import WorkingDays

ACTOR: Final = "system:reconciliation"
BASIS: Final = "教监管函〔2021〕2号"
BATCH_MAX: Final = 2_000


async def reconcile_last_day(kit: Kit, day: date) -> str:
    """The duty of a day that has only begun: look at the books as far as the day before."""
    return await reconcile(kit, day - timedelta(days=1))


async def reconcile(kit: Kit, until: date) -> str:
    """Look at every account, and say what came of it. Twice on a day is once."""
    await kit.up_to_date()
    calendar = await calendar_known(kit.log)
    async with kit.connection() as connection:
        looked = await looked_at(connection, until)
        behind = [(one.account_id, day) for one in looked.sides for day in stayed_behind(one, calendar)]
        held = await balances_at(connection, behind)
        known = await open_breaks(connection)
    sides = [replace(one, balances=held.get(one.account_id, {})) for one in looked.sides]
    crossed = crossings(sides)
    found = reported(sides, looked, crossed, until, calendar)
    found |= _works(await paid_without(kit, until), looked, until)
    recalled = await recall_unbacked(kit)
    gone = [Work(BREAKS, id, MissBreak(seen_on=until), _envelope("miss", id, until)) for id in known - found.keys()]
    done = await _carried_out(
        kit, [*found.values(), *sorted(gone, key=lambda work: work.id.bytes), *_explained(sides, crossed, until)]
    )
    opened = sum(isinstance(fact, BreakOpened) for fact in done)
    righted = sum(isinstance(fact, BreakRighted) for fact in done)
    if not looked.sides:
        return f"until {until}: nothing is open between orders, ledger and banks"
    asked = f"; {recalled} releases recalled, for their payment was reversed" if recalled else ""
    said = f"{len(found)} breaks found, {opened} of them new, {righted} righted; the others were known"
    return f"until {until}: {said}{asked}"


def reported(
    sides: Iterable[Sides], looked: Looked, crossed: Crossings, until: date, calendar: WorkingDays
) -> dict[UUID, Work]:
    """One work a break that the look finds, by its id."""
    works: dict[UUID, Work] = {}
    for one in sides:
        works |= _works(breaks(one, crossed, calendar), looked, until)
    return works


def _works(found: Iterable[Found], looked: Looked, until: date) -> dict[UUID, Work]:
    works: dict[UUID, Work] = {}
    for one in found:
        if one.account_id in looked.whose:
            id = break_id(one.account_id, one.key)
            command = ReportBreak(found=one, whose=looked.whose[one.account_id], seen_on=until)
            works[id] = Work(BREAKS, id, command, _envelope("report", id, until, repr(one)))
    return works


def break_id(account_id: UUID, key: str) -> UUID:
    """The stream of a break: the same entry or number of an account, whatever it is called from day to day."""
    return derived_id("funds-break", account_id, key)


def _explained(sides: Iterable[Sides], crossed: Crossings, until: date) -> list[Work]:
    works = []
    for one in sides:
        amounts = {waits.number: waits.amount_fen for waits in one.awaited}
        for number, entry in sorted(pairs(one, crossed).items()):
            if amounts[number] == entry.amount_fen:
                command = ExplainEntry(flow=entry.flow, number=number)
                envelope = _envelope("explain", one.account_id, until, f"{entry.flow} {number}")
                works.append(Work(ACCOUNTS, one.account_id, command, envelope))
    return works


async def _carried_out(kit: Kit, works: list[Work]) -> list[object]:
    facts: list[object] = []
    for first in range(0, len(works), BATCH_MAX):
        for result in await kit.log.handle_many(works[first : first + BATCH_MAX]):
            if isinstance(result, Outcome):
                facts += [] if result.repeated else list(result.events)
            elif not isinstance(result, Refusal):  # a refusal: somebody has settled it between look and word
                raise result
    return facts


def _envelope(word: str, id: UUID, until: date, said: str = "") -> Envelope:
    command_id = derived_id("funds-reconciliation", word, id, until, said)
    return Envelope(command_id=command_id, actor=ACTOR, digest=command_id.bytes * 2, legal_basis=BASIS)
