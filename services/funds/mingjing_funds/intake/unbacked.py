"""Releases whose payment was reversed (拨付后冲正): what the bank still has is recalled, what it paid is owed again.

The one rule: nothing is undone here. The bank is asked to cancel; what it has carried out is a break that a person
resolves, and that rights itself when the payment comes after all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from mingjing_funds.codec import ACCOUNTS, BATCHES
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain.backing import NOTHING, Lost, credited_fen, lost
from mingjing_funds.domain.break_terms import Found, Kind, Line, Side
from mingjing_funds.domain.carrying_accounts import come_back
from mingjing_funds.domain.payment_batch import Ground, InstructionStopped, StopItems
from mingjing_funds.domain.recall import AskRecall
from mingjing_funds.intake.bank_claims import carry_claims
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.works import made
from mingjing_funds.projections.expectations import with_reversed_payments
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome

ACTOR: Final = "system:payment-reversed"
BASIS: Final = "教监管函〔2021〕2号"
STATES_MAX: Final = 500
There: TypeAlias = Mapping[UUID, Mapping[str, int]]


async def recall_unbacked(kit: Kit) -> int:
    """Ask the banks to cancel what rests on a payment that was reversed, by themselves or by the bank that kept the
    contract before. How many instructions that were; asked again, none. The lists are up to date.
    """
    await carry_claims(
        kit, shanghai_date(kit.now())
    )  # what may be awaited at the new bank stands there before more goes
    stopped = 0
    accounts, there = await _accounts(kit)
    for account_id, state in accounts.items():
        numbers: dict[UUID, set[str]] = defaultdict(set)
        for one in lost(state.ledger, there.get(account_id, NOTHING)):
            if one.executed_on is None and (batch_id := state.ledger.sent.get(one.number)) is not None:
                numbers[batch_id].add(one.number)
        for batch_id, its in sorted(numbers.items()):
            stopped += await _recalled(kit, account_id, batch_id, frozenset(its))
    return stopped


async def paid_without(kit: Kit, until: date) -> list[Found]:
    """Releases that the bank has paid out by a day, and whose payment it has reversed since."""
    accounts, there = await _accounts(kit)
    return [
        _found(id, one, one.executed_on)
        for id, state in accounts.items()
        for one in lost(state.ledger, there.get(id, NOTHING))
        if one.executed_on is not None and one.executed_on <= until
    ]


def _found(account_id: UUID, one: Lost, on: date) -> Found:
    return Found(
        kind=Kind.RELEASE_UNBACKED,
        account_id=account_id,
        day=on,
        amount_fen=-one.missing_fen,
        number=one.number,
        flow="",
        lines=(
            Line(side=Side.ORDERS, reference=one.payment_no, amount_fen=0, day=on),
            Line(side=Side.LEDGER, reference=one.number, amount_fen=-one.amount_fen, day=on),
        ),
        other_account_id=None,
        righted_on=None,
    )


async def reversed_there(kit: Kit) -> There:
    """By the account to which contracts went: payments that their former bank has reversed and that are not awaited
    there yet, because a hold, a freeze or a list keeps the claim; and what that bank has left of each.
    """
    return (await _accounts(kit))[1]


async def _accounts(kit: Kit) -> tuple[Mapping[UUID, Any], There]:
    """Those with a payment that was reversed and has not come again, here or where its contract went: few, whatever the
    country holds. And what of it only the former bank knows.
    """
    async with kit.connection() as connection:
        ids = [own(id) for id in await connection.scalars(with_reversed_payments())]
    found: dict[UUID, Any] = {}
    for first in range(0, len(ids), STATES_MAX):
        states = await kit.log.states(ACCOUNTS, ids[first : first + STATES_MAX])
        found |= {id: state for id, state in states.items() if isinstance(state, s.Active | s.Held | s.Closing)}
    moved = {state.ledger.moved_to for state in found.values()} - found.keys() - {None}
    for id, state in (await kit.log.states(ACCOUNTS, sorted(moved))).items() if moved else ():
        if isinstance(state, s.Active | s.Held | s.Closing):
            found[id] = state
    there: dict[UUID, dict[str, int]] = defaultdict(dict)
    for state in found.values():
        if (new := found.get(state.ledger.moved_to)) is not None:
            there[state.ledger.moved_to] |= credited_fen(state.ledger, come_back(state.ledger, new.ledger))
    return found, there


async def _recalled(kit: Kit, account_id: UUID, batch_id: UUID, numbers: frozenset[str]) -> int:
    now = kit.now()
    stop = StopItems(account_id=account_id, ground=Ground.PAYMENT_REVERSED, since=now, numbers=numbers)
    id = derived_id("payment-reversed", batch_id, *sorted(numbers), now)
    written = Envelope(command_id=id, actor=ACTOR, legal_basis=BASIS)
    works = [made(BATCHES, batch_id, one, written, f"{id}") for one in (stop, AskRecall(asked_at=now))]
    stopped = 0
    for result in await kit.log.handle_many(works):
        if not isinstance(result, Outcome):
            raise result
        stopped += sum(isinstance(fact, InstructionStopped) for fact in result.events if not result.repeated)
    return stopped
