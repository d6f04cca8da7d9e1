"""What stands behind a release (拨付的入账依据): the contract's own payment, as far as the bank has credited it.

The one rule: lessons release the money that was paid for them, and no other family's. HYBRID goes by what the account
holds beyond all that it owes, and so asks for no single payment. Source: 教监管函〔2021〕2号 (同步同比例).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from mingjing_funds.domain import account_state as s
from mingjing_funds.domain.account_terms import Column, Direction
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.settlement import ReleaseBacked
from mingjing_kernel.refusal import Refusal

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


class PaymentNotCredited(Refusal):
    """The money that these lessons were paid with is not in the account."""

    sentence = "Payment {payment_no} must be credited with ¥{needed_fen} before this; the bank has booked ¥{found_fen}."
    remedy = "Wait for the bank's statement, or say which entry in suspense is this payment."
    rule = "同步同比例 (教监管函〔2021〕2号)"
    field = "instruction_no"


def credited_fen(ledger: s.Ledger, numbers: Iterable[str]) -> Mapping[str, int]:
    """What the bank has credited for each of these payments, reversals taken off; one look at the entries for all.

    What was announced by the day of the opening balance was in it. Of what came over from another bank that bank's word
    counts, and nothing beside it.
    """
    found = dict.fromkeys(numbers, 0)
    for number in found:
        waits = ledger.expected.get(number) or ledger.met.get(number)
        if waits is None or waits.direction is not Direction.PAYMENT:
            continue
        if waits.due_on <= ledger.opening_on:
            found[number] = waits.amount_fen
        elif number in ledger.inferred:
            found[number] = ledger.inferred[number].amount_fen
    asked = {number for number, fen in found.items() if number and not fen}
    if asked:
        for entry in ledger.entries.values():
            if entry.number in asked and entry.column is Column.PAYMENT:
                found[entry.number] += entry.amount_fen
    return {number: ledger.came_with.get(number, fen) for number, fen in found.items()}


def unbacked(ledger: s.Ledger, releases: Iterable[str], there: Mapping[str, int] = NOTHING) -> frozenset[str]:
    """Which of these releases have lost what stood behind them: the bank has reversed the payment since, or the former
    one has, which has ``there`` what is left of it.
    """
    asked = [ledger.backed[number] for number in releases if number in ledger.backed]
    credited = _still(credited_fen(ledger, {one.payment_no for one in asked}), there)
    return frozenset(one.number for one in asked if credited[one.payment_no] < one.needed_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A release that went to the bank and whose payment was reversed since: ``missing_fen`` of it has no money behind
    it. What the bank has not carried out is recalled; what it has is owed to the account again.
    """

    number: str
    payment_no: str
    amount_fen: int
    missing_fen: int
    executed_on: date | None


def lost(ledger: s.Ledger, there: Mapping[str, int] = NOTHING) -> tuple[Lost, ...]:
    """By number. Of one payment the earlier releases keep what is left of it; ``there``, as above."""
    credited = _still(credited_fen(ledger, {one.payment_no for one in ledger.relied.values()}), there)
    found = []
    for number, one in sorted(ledger.relied.items()):
        waits = ledger.expected.get(number) or ledger.met.get(number)
        missing_fen = min(one.needed_fen - credited[one.payment_no], waits.amount_fen) if waits else 0
        if waits is None or missing_fen <= 0:
            continue
        found.append(
            Lost(
                number=number,
                payment_no=one.payment_no,
                amount_fen=waits.amount_fen,
                missing_fen=missing_fen,
                executed_on=_executed_on(number, ledger),
            )
        )
    return tuple(found)


def _still(credited: Mapping[str, int], there: Mapping[str, int]) -> Mapping[str, int]:
    return {number: min(fen, there.get(number, fen)) for number, fen in credited.items()}


def _executed_on(number: str, ledger: s.Ledger) -> date | None:
    if number not in ledger.met:
        return None
    if number in ledger.inferred:
        return ledger.inferred[number].booked_on
    booked = (one.booked_on for one in ledger.entries.values() if one.number == number and not one.is_reversed)
    return max(booked, default=None)


def require(backed: ReleaseBacked, ledger: s.Ledger) -> None:
    """Raise ``PaymentNotCredited`` unless the payment is there up to what is needed of it."""
    found = credited_fen(ledger, {backed.payment_no})[backed.payment_no]
    if found < backed.needed_fen:
        raise PaymentNotCredited(
            payment_no=backed.payment_no, needed_fen=yuan(backed.needed_fen), found_fen=yuan(found)
        )
