"""What one event moves on one account and one day, in fen. The one rule: every figure of money is a sum of these.

``day`` is when it was true (the bank's booking day, the day of payment, the last day that a lesson file covers), so
balances of past days come right even when files arrive late; of a contract that came from another bank it is not before
the account had it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeAlias
from uuid import UUID

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.carrying import ContractMoved, ContractsCame, ContractsLeft
from mingjing_funds.domain.custodian import BalanceTransferred
from mingjing_funds.domain.settlement import EntryMoved

COLUMNS = (
    "received_fen",
    "released_fen",
    "refunded_fen",
    "interest_fen",
    "fee_fen",
    "suspense_fen",
    "gap_fen",
    "awaited_fen",
    "credited_fen",
    "instructed_fen",
    "executed_fen",
    "paid_fen",
    "earned_fen",
    "returned_fen",
    "transferred_fen",
    "carried_fen",
    "carried_releasable_fen",
    "carried_awaited_fen",
    "own_left_fen",
    "own_came_fen",
)
"""``received`` to ``gap`` are the bank's side; ``awaited`` payments announced, ``credited`` those that arrived, at
their announced amount; ``instructed`` and ``executed`` releases at the instructed amount; ``paid``, ``earned`` (C(k))
and ``returned`` the contracts' side; ``transferred`` the balance that moved between two banks; ``carried`` what came
(or went, less than nothing) with contracts: what families are owed, what may be released, what no bank has credited;
``own`` what of the institution's own minimum moved with a balance."""

_OUT = {a.Column.RELEASE: "released_fen", a.Column.REFUND: "refunded_fen", a.Column.FEE: "fee_fen"}
_IN = {
    a.Column.PAYMENT: "received_fen",
    a.Column.INTEREST: "interest_fen",
    a.Column.SUSPENSE: "suspense_fen",
    a.Column.TRANSFER: "transferred_fen",
}
_PROMISES = {a.Column.PAYMENT: "credited_fen", a.Column.RELEASE: "executed_fen"}

Deltas: TypeAlias = Mapping[str, int]


class Movement(NamedTuple):
    """What moved, where and when."""

    account_id: UUID
    day: date
    deltas: Deltas


def of_account(account_id: UUID, event: object) -> Movement | None:  # noqa: C901 - one flat case a fact
    """What an event of an account moves, if anything."""
    match event:
        case a.MoneyExpected(direction=a.Direction.PAYMENT):
            return Movement(account_id, event.due_on, {"awaited_fen": event.amount_fen})
        case a.MoneyExpected(direction=a.Direction.RELEASE):
            return Movement(account_id, event.due_on, {"instructed_fen": event.amount_fen})
        case a.ExpectationWithdrawn(direction=a.Direction.RELEASE):
            return Movement(account_id, event.withdrawn_on, {"instructed_fen": -event.amount_fen})
        case a.EntryBooked():
            return Movement(account_id, event.booked_on, _posted(event.column, event))
        case a.EntryExplained():
            moved = {"suspense_fen": -event.amount_fen, **_posted(event.column, event)}
            return Movement(account_id, event.booked_on, moved)
        case a.EntryInferred():
            return Movement(account_id, event.booked_on, _inferred(event, 1))
        case a.InferenceWithdrawn():
            return Movement(account_id, event.booked_on, _inferred(event, -1))
        case EntryMoved():
            moved = {"suspense_fen": -event.amount_fen, "transferred_fen": event.amount_fen}
            return Movement(account_id, event.booked_on, moved)
        case a.BalanceGapChanged():
            return Movement(account_id, event.booked_on, {"gap_fen": event.change_fen})
        case ContractsLeft():
            return Movement(account_id, event.moved_on, _carried(event, -1))
        case ContractsCame():
            return Movement(account_id, event.moved_on, _carried(event, 1))
        case _:
            return None


def of_move(event: object) -> tuple[Movement, ...]:
    """What a contract takes from one account to another, a refund that came back to the former one, and a balance with
    the institution's own money in it.
    """
    if isinstance(event, BalanceTransferred) and event.own_fen:
        return (
            Movement(event.old_id, event.on, {"own_left_fen": event.own_fen}),
            Movement(event.new_id, event.on, {"own_came_fen": event.own_fen}),
        )
    if isinstance(event, refund.RefundReturned) and event.account_id is not None and event.debited_id is not None:
        amount, day = event.amount_fen, event.returned_on
        return (
            Movement(event.debited_id, day, {"returned_fen": -amount, "carried_fen": -amount}),
            Movement(event.account_id, day, {"carried_fen": amount}),
        )
    if not isinstance(event, ContractMoved) or not event.remaining_fen:
        return ()
    return (
        Movement(event.old_id, event.moved_on, {"carried_fen": -event.remaining_fen}),
        Movement(event.new_id, event.moved_on, {"carried_fen": event.remaining_fen}),
    )


def of_contract(event: object) -> Movement | None:
    """What an event of a contract moves on its custody account, if it has one. A transfer moves nothing at the bank:
    one contract pays what the other one had.
    """
    match event:
        case c.ContractPaid(account_id=UUID()):
            deltas = {"paid_fen": event.amount_fen, "earned_fen": event.earned_fen}
            return _on(event.account_id, event.counts_on, deltas)
        case c.LessonConfirmed(account_id=UUID()) if event.earned_fen:
            return _on(event.account_id, event.earned_on, {"earned_fen": event.earned_fen})
        case c.RefundPaid(account_id=UUID()):
            return _on(event.account_id, event.paid_on, {"returned_fen": event.amount_fen})
        case refund.RefundReturned(account_id=UUID(), debited_id=None):
            return _on(event.account_id, event.returned_on, {"returned_fen": -event.amount_fen})
        case lesson.LessonTakenBack(account_id=UUID()) if event.returned_fen:
            return _on(event.account_id, event.taken_back_on, {"earned_fen": -event.returned_fen})
        case order.TransferredOut(account_id=UUID()):
            return _on(event.account_id, event.transferred_on, {"paid_fen": -event.amount_fen})
        case order.TransferredIn(account_id=UUID()):
            deltas = {"paid_fen": event.amount_fen, "earned_fen": event.earned_fen}
            return _on(event.account_id, event.transferred_on, deltas)
        case _:
            return None


def _carried(event: ContractsLeft | ContractsCame, sign: int) -> dict[str, int]:
    awaited = sum(one.amount_fen for one in event.payments)
    return {"carried_releasable_fen": sign * event.releasable_fen, "carried_awaited_fen": sign * awaited}


def _on(account_id: UUID | None, day: date, deltas: Deltas) -> Movement | None:
    return Movement(account_id, day, deltas) if account_id else None


def _posted(column: a.Column, event: a.EntryBooked | a.EntryExplained) -> dict[str, int]:
    deltas = {_OUT[column]: -event.amount_fen} if column in _OUT else {_IN[column]: event.amount_fen}
    if column in _PROMISES and event.expected_fen:
        deltas[_PROMISES[column]] = event.expected_fen
    return deltas


def _inferred(event: a.EntryInferred | a.InferenceWithdrawn, sign: int) -> dict[str, int]:
    column, amount = event.column, sign * event.amount_fen
    deltas = {_OUT[column]: -amount} if column in _OUT else {_IN[column]: amount}
    if column in _PROMISES:
        deltas[_PROMISES[column]] = abs(event.amount_fen) * sign
    return deltas
