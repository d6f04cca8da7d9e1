"""Bank entries against what was expected: which column an entry counts in, and what the bank has not delivered.

The one rule: an entry is explained by a number, by a reversal or by the bank's own word for interest and fees;
whatever nothing explains stays in suspense, visible, until something does.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, timedelta

from mingjing_funds.domain import account as a
from mingjing_funds.domain.account_state import Ledger
from mingjing_funds.domain.account_terms import NUMBER
from mingjing_funds.domain.posting import evolved, gap_after
from mingjing_kernel.clock import shanghai_date

_COLUMNS = {
    a.Direction.PAYMENT: a.Column.PAYMENT,
    a.Direction.RELEASE: a.Column.RELEASE,
    a.Direction.REFUND: a.Column.REFUND,
}
_INTEREST_WORDS = ("结息", "利息")
_FEE_WORDS = ("账户管理费", "短信服务费", "手续费", "工本费", "年费")
"""A custody bank may not charge; these are its words when it does. A bare 服务费 is a payment to somebody."""
TUITION_WORDS = ("学费", "课程费", "培训费", "扫码收款")
_BY_AMOUNT_DAYS_MAX = 14
_TOKEN = re.compile(NUMBER)
"""A payment without any number is matched by its amount only with a payment announced this recently."""


def booked(command: a.BookEntry, ledger: Ledger) -> list[a.Event]:
    """The facts of one new entry: where it counts, and whether the bank's balance shows that others are missing."""
    facts: list[a.Event] = []
    shown = (command.reference or _named(command.summary, ledger.inferred)) if ledger.inferred else ""
    inferred = ledger.inferred.get(shown)
    if inferred is not None:
        withdrawn = a.InferenceWithdrawn(
            number=shown,
            amount_fen=inferred.amount_fen,
            column=_COLUMNS[inferred.expectation.direction],
            booked_on=inferred.booked_on,
            expected_on=inferred.expectation.due_on,
        )
        facts.append(withdrawn)
        ledger = evolved(ledger, withdrawn)
    entry = _entry(command, ledger)
    return [*facts, entry, *_missing(command, ledger, entry)]


def expected(command: a.ExpectMoney, ledger: Ledger) -> list[a.Event]:
    """The facts of one new expectation; an entry that waited in suspense for it is explained at once."""
    fact = a.MoneyExpected(
        direction=command.direction,
        number=command.number,
        amount_fen=command.amount_fen,
        due_on=command.due_on,
    )
    for flow in sorted(ledger.suspense):
        entry = ledger.entries[flow]
        fits = (entry.amount_fen > 0) == (command.direction is a.Direction.PAYMENT)
        if fits and entry.reference == command.number:
            explained = a.EntryExplained(
                flow=flow,
                amount_fen=entry.amount_fen,
                booked_on=entry.booked_on,
                column=_COLUMNS[command.direction],
                number=command.number,
                expected_fen=command.amount_fen,
                expected_on=command.due_on,
            )
            return [fact, explained]
    return [fact]


def explained(command: a.ExplainEntry, ledger: Ledger) -> list[a.Event]:
    """An entry in suspense carries out this payment, release or refund after all, as somebody has found."""
    entry = ledger.entries[command.flow]
    waits = ledger.expected[command.number]
    return [
        a.EntryExplained(
            flow=command.flow,
            amount_fen=entry.amount_fen,
            booked_on=entry.booked_on,
            column=_COLUMNS[waits.direction],
            number=command.number,
            expected_fen=waits.amount_fen,
            expected_on=waits.due_on,
        )
    ]


def _entry(command: a.BookEntry, ledger: Ledger) -> a.EntryBooked:
    column, number, reverses = _classified(command, ledger)
    expectation = ledger.expected.get(number)
    reversed_number = ledger.entries[reverses].number if reverses else ""
    undone = ledger.met.get(reversed_number)
    waits = expectation or undone
    sign = 1 if expectation else -1
    return a.EntryBooked(
        bank=command.bank,
        flow=command.flow,
        booked_at=command.booked_at,
        booked_on=command.booked_on,
        amount_fen=command.amount_fen,
        balance_fen=command.balance_fen,
        summary=command.summary,
        reference=command.reference,
        tail=command.tail,
        column=column,
        number=number or reversed_number,
        expected_fen=sign * waits.amount_fen if waits else 0,
        expected_on=waits.due_on if waits else None,
        reverses=reverses,
        digest=command.digest,
    )


def _missing(command: a.BookEntry, before: Ledger, entry: a.EntryBooked) -> list[a.Event]:
    """What the stated balance says about entries that were not delivered."""
    gap = gap_after(before, entry)
    change = gap - before.gap_fen
    if change == 0:
        return []
    day = _day_of_the_gap(command, before)
    inferred = _inferred(change, day, command, evolved(before, entry))
    if inferred is not None:
        return [inferred]
    return [a.BalanceGapChanged(gap_fen=gap, change_fen=change, booked_on=day, flow=command.flow)]


def _day_of_the_gap(command: a.BookEntry, before: Ledger) -> date:
    """The latest day since the previous entry on which the bank's delivery was not whole; else this entry's day."""
    since = shanghai_date(before.stated_at) if before.stated_at else before.opening_on
    return max((day for day in command.incomplete_days if since <= day <= command.booked_on), default=command.booked_on)


def _inferred(change: int, day: date, command: a.BookEntry, after: Ledger) -> a.EntryInferred | None:
    """The one expectation whose amount is the gap; none when two would fit."""
    fits = [
        (number, waits)
        for number, waits in after.expected.items()
        if change == (waits.amount_fen if waits.direction is a.Direction.PAYMENT else -waits.amount_fen)
        and day - timedelta(days=_BY_AMOUNT_DAYS_MAX) <= waits.due_on <= day
    ]
    if len(fits) != 1:
        return None
    number, waits = fits[0]
    return a.EntryInferred(
        number=number,
        amount_fen=change,
        column=_COLUMNS[waits.direction],
        booked_on=day,
        expected_on=waits.due_on,
        flow=command.flow,
    )


def _classified(command: a.BookEntry, ledger: Ledger) -> tuple[a.Column, str, str]:
    """The column, the number that explains the entry, and the flow that it reverses."""
    if command.is_reversal:
        wrong = _wrong_entry(command, ledger)
        return (ledger.entries[wrong].column, "", wrong) if wrong else (a.Column.SUSPENSE, "", "")
    if any(word in command.summary for word in _INTEREST_WORDS) and command.amount_fen > 0:
        return a.Column.INTEREST, "", ""
    number = _number(command, ledger)
    if number:
        return _COLUMNS[ledger.expected[number].direction], number, ""
    if any(word in command.summary for word in _FEE_WORDS) and command.amount_fen < 0:
        return a.Column.FEE, "", ""
    return a.Column.SUSPENSE, "", ""


def _number(command: a.BookEntry, ledger: Ledger) -> str:
    """The expectation that an entry carries out: by a number, whoever gave it; by its last digits; or by amount alone.

    By amount alone only tuition is matched, only when the bank passed on no number at all, and then the latest
    payment announced.
    """
    money_in = command.amount_fen > 0
    waits = ledger.expected.get(command.reference)
    if waits is not None and (waits.direction is a.Direction.PAYMENT) == money_in:
        return command.reference
    # A credit that bears a payment's number is that payment or a stranger's; a refund's debit names the payment, too.
    said = [] if command.reference and money_in else _TOKEN.findall(command.summary)
    fits: set[str] = {
        number
        for number in {command.reference, *said} & ledger.expected.keys()
        if (ledger.expected[number].direction is a.Direction.PAYMENT) == money_in
    }
    if len(fits) == 1:
        return fits.pop()
    if command.reference or not money_in:
        return ""
    announced = sorted(
        (waits.due_on, number, waits.amount_fen)
        for number, waits in ledger.expected.items()
        if waits.direction is a.Direction.PAYMENT and waits.due_on <= command.booked_on
    )
    if command.tail:
        return next((number for _, number, _ in reversed(announced) if number.endswith(command.tail)), "")
    if command.summary not in TUITION_WORDS:
        return ""
    oldest = command.booked_on - timedelta(days=_BY_AMOUNT_DAYS_MAX)
    same = [number for due, number, amount in announced if amount == command.amount_fen and due >= oldest]
    return same[-1] if same else ""


def _named(summary: str, numbers: Container[str]) -> str:
    """The one known number that the bank's words contain, whoever made it up; none where they contain several."""
    found = {token for token in _TOKEN.findall(summary) if token in numbers}
    return found.pop() if len(found) == 1 else ""


def _wrong_entry(command: a.BookEntry, ledger: Ledger) -> str:
    """The entry that a reversal corrects: same amount the other way. One that bears the reversal's own number goes
    before all others; then unexplained ones, then the latest.
    """
    shown = command.reference or _named(command.summary, ledger.met)
    opposite = [
        (flow, entry)
        for flow, entry in ledger.entries.items()
        if entry.amount_fen == -command.amount_fen and not entry.is_reversed
    ]
    candidates = [
        (
            bool(shown) and shown in (entry.reference, entry.number),
            entry.column is a.Column.SUSPENSE,
            entry.booked_on,
            flow,
        )
        for flow, entry in opposite
        if entry.booked_on <= command.booked_on
    ]
    return max(candidates)[3] if candidates else ""
