"""How the ledger of an account follows its facts. The one rule: every fact moves exactly one amount between columns.

No decision is taken here: what counts where was decided in ``booking`` and stands in the event.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from mingjing_funds.domain import account as a
from mingjing_funds.domain.account_state import Entry, Expectation, Inferred, Ledger
from mingjing_funds.domain.carrying import ContractsCame, ContractsLeft
from mingjing_funds.domain.settlement import (
    EntryMoved,
    ListEvent,
    PaymentsSent,
    RefundListOpened,
    RefundListSettled,
    ReleaseBacked,
)
from mingjing_kernel.state import changed

Posted: TypeAlias = (
    a.MoneyExpected
    | a.ExpectationWithdrawn
    | a.EntryBooked
    | a.EntryExplained
    | a.EntryInferred
    | a.InferenceWithdrawn
    | a.BalanceGapChanged
    | PaymentsSent
    | ReleaseBacked
    | ListEvent
)
_Settled: TypeAlias = PaymentsSent | ReleaseBacked | ListEvent
DIRECTIONS = {
    a.Column.PAYMENT: a.Direction.PAYMENT,
    a.Column.RELEASE: a.Direction.RELEASE,
    a.Column.REFUND: a.Direction.REFUND,
}
_COUNTED = {
    a.Column.PAYMENT: ("received_fen", 1),
    a.Column.RELEASE: ("released_fen", -1),
    a.Column.REFUND: ("refunded_fen", -1),
    a.Column.INTEREST: ("interest_fen", 1),
    a.Column.FEE: ("fee_fen", -1),
    a.Column.SUSPENSE: ("suspense_fen", 1),
    a.Column.TRANSFER: ("transferred_fen", 1),
}
"""In which part of the ledger a column's money stands, and whether money out is counted positive there."""


def evolved(ledger: Ledger, event: Posted) -> Ledger:
    """The ledger after a fact."""
    match event:
        case a.MoneyExpected():
            expectation = Expectation(event.direction, event.amount_fen, event.due_on)
            instructed = event.amount_fen if event.direction is a.Direction.RELEASE else 0
            return changed(
                ledger,
                expected={**ledger.expected, event.number: expectation},
                instructed_fen=ledger.instructed_fen + instructed,
            )
        case a.ExpectationWithdrawn():
            return _not_expected(ledger, event)
        case a.EntryBooked():
            return _with_entry(ledger, event)
        case a.EntryExplained():
            return _explained(ledger, event)
        case a.EntryInferred():
            expectation = ledger.expected[event.number]
            inferred = Inferred(event.amount_fen, event.booked_on, expectation)
            return changed(_met(ledger, event.number), inferred={**ledger.inferred, event.number: inferred})
        case a.InferenceWithdrawn():
            return _withdrawn(ledger, event)
        case a.BalanceGapChanged():
            return changed(ledger, gap_fen=event.gap_fen)
        case _:
            return _settled(ledger, event)


def gap_after(ledger: Ledger, event: a.EntryBooked) -> int:
    """How far the bank's balance is from the entries once this one is among them, in whichever column it counts."""
    stated = event.balance_fen if _is_latest(ledger, event) else ledger.stated_fen
    return stated - ledger.balance_fen() - event.amount_fen


def _settled(ledger: Ledger, event: _Settled) -> Ledger:
    """What goes to the bank, what stands behind it, and which refund list waits."""
    match event:
        case PaymentsSent():
            sent, relied = ledger.sent, ledger.relied
            for number in event.numbers:
                sent = sent.set(number, event.batch_id)
                relied = relied.set(number, ledger.backed[number]) if number in ledger.backed else relied
            return _not_backed(changed(ledger, sent=sent, relied=relied), *event.numbers)
        case ReleaseBacked():
            return changed(ledger, backed={**ledger.backed, event.number: event})
        case RefundListOpened():
            return changed(ledger, open_list=event.list_id)
        case RefundListSettled():
            return changed(ledger, open_list=None)
        case EntryMoved():
            entry = changed(ledger.entries[event.flow], column=a.Column.TRANSFER)
            moved = _posted(_posted(ledger, a.Column.SUSPENSE, -event.amount_fen), a.Column.TRANSFER, event.amount_fen)
            entries, rest = ledger.entries.set(event.flow, entry), ledger.suspense - {event.flow}
            return changed(moved, entries=entries, suspense=rest)
        case ContractsLeft():
            return _gone(ledger, event)
        case ContractsCame():
            return _come(ledger, event)
        case _:
            assert_never(event)


def _gone(ledger: Ledger, event: ContractsLeft) -> Ledger:
    """What left counts as instructed: nobody here may release it any more. A payment that comes all the same is one
    that nothing explains.
    """
    numbers = {one.number for one in event.payments}
    spent = {number: waits for number, waits in ledger.expected.items() if number in numbers}
    return changed(
        ledger,
        left=ledger.left | set(event.contracts),
        moved_to=event.new_id,
        expected={number: waits for number, waits in ledger.expected.items() if number not in numbers},
        withdrawn={**ledger.withdrawn, **spent},
        instructed_fen=ledger.instructed_fen + event.releasable_fen,
    )


def _come(ledger: Ledger, event: ContractsCame) -> Ledger:
    """What the old bank has reversed since is awaited here: its credit stands behind nothing any more."""
    came_with = dict(ledger.came_with)
    for one in event.credits:
        came_with[one.payment_no] = max(one.credited_fen, came_with.get(one.payment_no, 0))
    spent = {one.number: Expectation(one.direction, one.amount_fen, one.due_on) for one in event.spent}
    awaited = {one.number: Expectation(a.Direction.PAYMENT, one.amount_fen, one.due_on) for one in event.payments}
    return changed(
        ledger,
        came={**ledger.came, **dict.fromkeys(event.contracts, event.moved_on)},
        came_with={number: fen for number, fen in came_with.items() if number not in awaited},
        spent={number: one for number, one in {**ledger.spent, **spent}.items() if number not in awaited},
        expected={**ledger.expected, **awaited},
        instructed_fen=ledger.instructed_fen - event.releasable_fen,
    )


def _not_expected(ledger: Ledger, event: a.ExpectationWithdrawn) -> Ledger:
    rest = {number: waits for number, waits in ledger.expected.items() if number != event.number}
    instructed = event.amount_fen if event.direction is a.Direction.RELEASE else 0
    after = changed(
        ledger,
        expected=rest,
        withdrawn={**ledger.withdrawn, event.number: ledger.expected[event.number]},
        instructed_fen=ledger.instructed_fen - instructed,
        relied=ledger.relied.without(event.number),
    )
    return _not_backed(after, event.number)


def _not_backed(ledger: Ledger, *numbers: str) -> Ledger:
    """What has gone, or will not go, is asked no more what stands behind it."""
    if not ledger.backed or ledger.backed.keys().isdisjoint(numbers):
        return ledger
    return changed(ledger, backed={one: it for one, it in ledger.backed.items() if one not in numbers})


def _with_entry(ledger: Ledger, event: a.EntryBooked) -> Ledger:
    entry = Entry(
        digest=event.digest,
        column=event.column,
        amount_fen=event.amount_fen,
        booked_on=event.booked_on,
        reference=event.reference,
        tail=event.tail,
        number=event.number,
    )
    column, sign = _COUNTED[event.column]
    after = changed(
        ledger,
        **{column: getattr(ledger, column) + sign * event.amount_fen},
        entries=ledger.entries.set(event.flow, entry),
    )
    if event.reverses:
        after = _reversed(after, event.reverses)
    elif event.number:
        after = _met(after, event.number)
    elif event.column is a.Column.SUSPENSE:
        after = changed(after, suspense=after.suspense | {event.flow})
    if _is_latest(ledger, event):
        after = changed(after, stated_fen=event.balance_fen, stated_at=event.booked_at)
    return after


def _is_latest(ledger: Ledger, event: a.EntryBooked) -> bool:
    return ledger.stated_at is None or event.booked_at >= ledger.stated_at


def _explained(ledger: Ledger, event: a.EntryExplained) -> Ledger:
    entry = changed(ledger.entries[event.flow], column=event.column, number=event.number)
    moved = _posted(_posted(ledger, a.Column.SUSPENSE, -event.amount_fen), event.column, event.amount_fen)
    return changed(
        _met(moved, event.number),
        entries=ledger.entries.set(event.flow, entry),
        suspense=ledger.suspense - {event.flow},
    )


def _posted(ledger: Ledger, column: a.Column, amount_fen: int) -> Ledger:
    name, sign = _COUNTED[column]
    return changed(ledger, **{name: getattr(ledger, name) + sign * amount_fen})


def _met(ledger: Ledger, number: str) -> Ledger:
    if number not in ledger.expected:
        return ledger
    rest = dict(ledger.expected)
    met = ledger.met.set(number, rest.pop(number))
    return changed(_not_backed(ledger, number), expected=rest, met=met)


def _reversed(ledger: Ledger, flow: str) -> Ledger:
    """A reversed entry is explained; what it carried out is awaited again."""
    wrong = ledger.entries[flow]
    after = changed(
        ledger,
        entries=ledger.entries.set(flow, changed(wrong, is_reversed=True)),
        suspense=ledger.suspense - {flow},
    )
    return _awaited_again(after, wrong.number) if wrong.number in ledger.met else after


def _awaited_again(ledger: Ledger, number: str) -> Ledger:
    again = {**ledger.expected, number: ledger.met[number]}
    return changed(ledger, expected=again, met=ledger.met.without(number))


def _withdrawn(ledger: Ledger, event: a.InferenceWithdrawn) -> Ledger:
    rest = {number: inferred for number, inferred in ledger.inferred.items() if number != event.number}
    return _awaited_again(changed(ledger, inferred=rest), event.number)
