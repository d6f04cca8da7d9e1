"""Court and clock (司法冻结与退费时限): while an order keeps a refund's money, its payment clock stands still.

The one rule: families first and the earliest first. What of the balance is not frozen pays refunds in the order in
which they are due; those beyond it wait, and go on when the order is over, with the days that were left. A stay that a
person has written down is hers to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import freeze
from mingjing_funds.domain.contract import Contract, Paid
from mingjing_funds.domain.refund import COURT, PROMISED, Refund, RefundStanding, ResumeRefund, StayRefund
from mingjing_funds.projections.refund_requests import contracts_with_payable, frozen_accounts
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

ACTOR: Final = "system:court-stay"
BASIS: Final = "民事诉讼法；GF—2021—2604"
STATES_MAX: Final = 1_000
"""Contracts looked at in one query."""


@dataclass(frozen=True, slots=True)
class Payable:
    """A refund that is to be paid, of a contract; ``has_moved``: another bank kept it before."""

    contract_id: UUID
    refund: Refund
    has_moved: bool = False


async def keep_clocks(kit: Kit, day: date) -> str:
    """The duty of a day: look at every account on which an order stands, or one of whose refunds still waits for it."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        accounts = await frozen_accounts(connection)
    stayed = resumed = 0
    for account_id in accounts:
        one = await look(kit, account_id, day)
        stayed, resumed = stayed + one[0], resumed + one[1]
    if not accounts:
        return "no order stands on an account, and no refund waits for one"
    return f"{len(accounts)} accounts looked at: {stayed} clocks stand still from now on, {resumed} go on"


async def look(kit: Kit, account_id: UUID, day: date) -> tuple[int, int]:
    """Let the clocks of one account stand still or go on; how many of each that were. Twice is once."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        contracts = await contracts_with_payable(connection, account_id)
    account, _ = await kit.log.state(ACCOUNTS, account_id)
    payable: list[Payable] = []
    for at in range(0, len(contracts), STATES_MAX):
        states = await kit.log.states(CONTRACTS, contracts[at : at + STATES_MAX])
        payable += [one for id, state in states.items() for one in _payable(id, state)]
    works = works_of(account, payable, day)
    facts = [0, 0]
    for result, work in zip(await kit.log.handle_many(works), works, strict=True):
        if isinstance(result, Outcome):
            facts[isinstance(work.command, ResumeRefund)] += bool(result.events) and not result.repeated
        elif not isinstance(result, Refusal):  # a refusal: it was paid or closed between look and word
            raise result
    return facts[0], facts[1]


def works_of(account: s.Account, payable: Sequence[Payable], day: date) -> list[Work]:
    """One work a clock that has to be told."""
    ledger = account.ledger if isinstance(account, s.Active | s.Held | s.Closing) else None
    orders = freeze.standing(ledger.freezes, day) if ledger else ()
    kept = _kept_since(ledger, payable, day) if ledger else {}
    works = []
    for one in payable:
        refund, since = one.refund, kept.get((one.contract_id, one.refund.refund_no))
        if since is not None and refund.stayed_on is None:
            last = max(orders, key=lambda order: (order.frozen_on, order.order_no))
            stay = StayRefund(refund_no=refund.refund_no, reference=f"{COURT}{last.order_no}", stayed_on=since)
            works.append(_work(one, stay, day))
        elif since is None and _is_own(one, ledger):
            known = ledger if ledger is not None and _order_of(refund) in ledger.freezes else None
            on = _ended_on(known, refund.stayed_on or day, day)
            resume = ResumeRefund(refund_no=refund.refund_no, reference=refund.stayed_by, resumed_on=on)
            works.append(_work(one, resume, day))
    return works


def _is_own(one: Payable, ledger: s.Ledger | None) -> bool:
    """Whether it stands still by an order that this account knows; by the mark alone where the account is closed, or
    where the order was another bank's: no contract goes over while one stands there.
    """
    is_marked = one.refund.stayed_by.startswith(COURT)
    return is_marked and (ledger is None or one.has_moved or _order_of(one.refund) in ledger.freezes)


def _order_of(refund: Refund) -> str:
    return refund.stayed_by.removeprefix(COURT)


def _payable(id: UUID, contract: Contract) -> list[Payable]:
    """Reported ones have no clock of ours."""
    if not isinstance(contract, Paid):
        return []
    mine = contract.refunds.values()
    moved = bool(contract.life.left_accounts)
    return [Payable(id, one, moved) for one in mine if one.standing in PROMISED and one.pay_by is not None]


def _kept_since(ledger: s.Ledger, payable: Sequence[Payable], day: date) -> dict[tuple[UUID, str], date]:
    """The refunds whose money lies inside what is frozen, each with the day since which the orders keep it unbroken."""
    turns = {turn for order in ledger.freezes.values() for turn in (order.frozen.frozen_on, _end(order))}
    since: dict[tuple[UUID, str], date] = {}
    for at in sorted({day, *(turn for turn in turns if turn is not None and turn < day)}):
        since = {key: since.get(key, at) for key in _kept(ledger, payable, at)}
    return since


def _kept(ledger: s.Ledger, payable: Sequence[Payable], day: date) -> frozenset[tuple[UUID, str]]:
    """The refunds that a day's orders keep: those beyond what is free, in the order in which they go."""
    if not freeze.standing(ledger.freezes, day):
        return frozenset()
    balance = ledger.balance_fen() + ledger.gap_fen
    free = freeze.free_fen(ledger.freezes, balance, 0, day)
    kept = set()
    for one in sorted(payable, key=_order):
        if one.refund.amount_fen > free:
            kept.add((one.contract_id, one.refund.refund_no))
        else:
            free -= one.refund.amount_fen
    return frozenset(kept)


def _order(one: Payable) -> tuple[bool, date, str, int]:
    refund = one.refund
    return (
        refund.standing is not RefundStanding.INSTRUCTED,
        refund.pay_by or date.max,
        refund.refund_no,
        one.contract_id.int,
    )


def _ended_on(ledger: s.Ledger | None, stayed_on: date, day: date) -> date:
    """The day on which the last of the orders was over that followed one another since; today where one still stands
    and only the money has become free.
    """
    if ledger is None:
        return day
    end = stayed_on
    for order in sorted(ledger.freezes.values(), key=lambda order: order.frozen.frozen_on):
        if order.frozen.frozen_on <= end:
            end = max(end, min(_end(order) or day, day))
    return end


def _end(order: freeze.Order) -> date | None:
    """The first day on which it freezes nothing any more."""
    ends = [order.lifted_on] if order.lifted_on else []
    ends += [order.frozen.until + timedelta(days=1)] if order.frozen.until else []
    return min(ends, default=None)


def _work(one: Payable, command: StayRefund | ResumeRefund, day: date) -> Work:
    refund = one.refund
    said = (type(command).__name__, one.contract_id, refund.refund_no, command.reference, refund.pay_by, day)
    id = derived_id("funds-court-stay", *said)
    return Work(
        CONTRACTS,
        one.contract_id,
        command,
        Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS),
    )
