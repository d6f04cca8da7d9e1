"""Collecting a batch (汇集付款指令): what goes out to the bank at a day's cut-off, and what stays behind and why.

The one rule: families first. Refunds go before releases, and nothing goes that a hold, a freeze or the balance forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.payment_batch import ITEMS_MAX, Item
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.working_days import WorkingDays


class LeftOut(StrEnum):
    """Why an instruction does not go out with this batch."""

    AFTER_CUT_OFF = "after-cut-off"
    RELEASE_HOLD = "release-hold"
    JUDICIAL_FREEZE = "judicial-freeze"
    NOT_ENOUGH_MONEY = "not-enough-money"
    ACCOUNT_UNKNOWN = "account-unknown"
    PAYEE_UNKNOWN = "payee-unknown"
    """Nobody has named the institution's settlement account, or which payment a refund gives back."""
    PAYMENT_NOT_CREDITED = "payment-not-credited"
    """The bank has reversed the payment of the contract whose lessons are released."""
    BATCH_FULL = "batch-full"
    NUMBER_TWICE = "number-twice"
    """Another account's instruction of this number goes with the batch: its reports could not be told apart."""
    CHANGED_MEANWHILE = "changed-meanwhile"
    """A hold, a freeze, a withdrawal or the bank's own entry came while the batch was collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What an account can pay out now. The holder's own minimum pays families back before they go short; it is never
    released.
    """

    balance_fen: int
    own_money_fen: int = 0
    frozen_fen: int = 0
    is_held: bool = False
    unbacked: frozenset[str] = frozenset()
    """Releases behind which no credited payment stands any more."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What goes out, and what does not, by number."""

    items: tuple[Item, ...]
    left_out: Mapping[str, LeftOut]


def collect(
    waiting: Iterable[Item],
    purses: Mapping[UUID, Purse],
    cut_off_at: datetime,
    moved: frozenset[UUID] = frozenset(),
) -> Collected:
    """The items of one batch, in the order in which they are paid: refunds, then releases, the oldest first.

    ``moved`` are accounts whose money changed while it was being collected: they wait for the next batch.
    """
    left = {account: purse.balance_fen for account, purse in purses.items()}
    items: list[Item] = []
    numbers: set[str] = set()
    left_out: dict[str, LeftOut] = {}
    for item in sorted(waiting, key=_order):
        why = _why_not(item, purses.get(item.account_id), left.get(item.account_id, 0), cut_off_at)
        if why is None and item.account_id in moved:
            why = LeftOut.CHANGED_MEANWHILE
        if why is None and item.number in numbers:
            why = LeftOut.NUMBER_TWICE
        if why is None and len(items) == ITEMS_MAX:
            why = LeftOut.BATCH_FULL
        if why is not None:
            left_out[item.number] = why
            continue
        items.append(item)
        numbers.add(item.number)
        left[item.account_id] -= item.amount_fen
    return Collected(tuple(items), left_out)


def _why_not(item: Item, purse: Purse | None, left_fen: int, cut_off_at: datetime) -> LeftOut | None:
    if item.instructed_at > cut_off_at:
        return LeftOut.AFTER_CUT_OFF
    if purse is None:
        return LeftOut.ACCOUNT_UNKNOWN
    if not (item.payee_account or item.returns):
        return LeftOut.PAYEE_UNKNOWN
    if purse.is_held and item.direction is Direction.RELEASE:
        return LeftOut.RELEASE_HOLD
    if item.number in purse.unbacked:
        return LeftOut.PAYMENT_NOT_CREDITED
    reserved = purse.own_money_fen if item.direction is Direction.RELEASE else 0
    if item.amount_fen > left_fen - reserved:
        return LeftOut.NOT_ENOUGH_MONEY
    if item.amount_fen > left_fen - max(reserved, purse.frozen_fen):
        return LeftOut.JUDICIAL_FREEZE
    return None


def beyond(items: Iterable[Item], free_fen: int) -> frozenset[str]:
    """The numbers of one account's items that a freeze stops: those beyond what is free, in the order of payment."""
    stopped = set()
    for item in sorted(items, key=_order):
        if item.amount_fen > free_fen:
            stopped.add(item.number)
        else:
            free_fen -= item.amount_fen
    return frozenset(stopped)


def _order(item: Item) -> tuple[bool, datetime, str]:
    return item.direction is Direction.RELEASE, item.instructed_at, item.number


def cut_off(day: date, at: time) -> datetime:
    """The moment at which a day's instructions close, in China."""
    return datetime.combine(day, at, SHANGHAI)


def execution_day(instructed_at: datetime, at: time, calendar: WorkingDays, working_days: int = 1) -> date:
    """T+1, or as many working days as the policy says, after the day whose cut-off the instruction still reached."""
    local = instructed_at.astimezone(SHANGHAI)
    closes = local.date() if local.timetz().replace(tzinfo=None) <= at else local.date() + timedelta(days=1)
    return calendar.after(closes, working_days)
