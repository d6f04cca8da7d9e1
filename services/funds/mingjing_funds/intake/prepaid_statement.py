"""The day's prepaid statement (预收费每日报送): what each institution's accounts hold and owe, told where it changed.

The one rule: the figures are those of the day's balances; an institution is stated once a day at most.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mingjing_funds.codec import PREPAID
from mingjing_funds.domain.prepaid import StatePrepaid, amounts_of
from mingjing_funds.projections.balances import Balance, balances_on
from mingjing_funds.projections.prepaid import Behind, contracts_behind, last_stated
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work

ACTOR: Final = "system:prepaid-statement"
BASIS: Final = "教监管函〔2021〕2号"
BATCH_MAX: Final = 5_000


async def state_last_day(kit: Kit, day: date) -> str:
    """The duty of a day that has only begun: state the day before, whose bookings are there."""
    return await state_prepaid(kit, day - timedelta(days=1))


async def state_prepaid(kit: Kit, day: date) -> str:
    """State what changed since the last time, and say how much that was. Twice on a day is once."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        balances = await balances_on(connection, Scope.system(), day)
        behind = await contracts_behind(connection)
        known = await last_stated(connection)
    summed = _summed(balances, behind, day)
    changed = [command for id, command in summed.items() if known.get(id) != amounts_of(command)]
    stated = 0
    for first in range(0, len(changed), BATCH_MAX):
        results = await kit.log.handle_many([_work(command) for command in changed[first : first + BATCH_MAX]])
        for result in results:
            if not isinstance(result, Outcome):
                raise result
            stated += bool(result.events) and not result.repeated
    if not summed:
        return "no custody account has an opening balance and a known institution"
    return f"{stated} of {len(summed)} institutions stated; the others have not changed, or were stated today"


def _summed(balances: list[Balance], behind: dict[UUID, Behind], day: date) -> dict[UUID, StatePrepaid]:
    by_institution: dict[UUID, list[Balance]] = defaultdict(list)
    for balance in balances:
        if balance.institution_id is not None:
            by_institution[balance.institution_id].append(balance)
    return {
        id: StatePrepaid(
            institution_id=id,
            balance_fen=sum(one.closing_fen for one in several),
            unconsumed_fen=sum(one.unconsumed_fen for one in several),
            contracts_open=behind.get(id, Behind()).contracts_open,
            pupils=behind.get(id, Behind()).pupils,
            on=day,
        )
        for id, several in by_institution.items()
    }


def _work(command: StatePrepaid) -> Work:
    # Two processes on one day state the same thing, whatever a booking in between has changed.
    id = derived_id("funds-prepaid-statement", command.institution_id, command.on)
    envelope = Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS)
    # A stream a month: one that grows for ever is read for ever.
    stream = derived_id("funds-prepaid", command.institution_id, command.on.year, command.on.month)
    return Work(PREPAID, stream, command, envelope)
