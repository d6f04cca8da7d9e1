"""What a family gets back (退费金额): the price less the value of the lessons that it had.

Pure. The one rule: what custody can pay is never more than P − C(k); what the family may claim beyond that is the
institution's own debt, and said apart. Sources: GF—2021—2604; 法释〔2025〕4号; a Wuhan judgment (discounted price
where the institution is at fault).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingjing_funds.domain.money import cumulative_release_fen
from mingjing_funds.domain.order import Clauses


class Fault(StrEnum):
    """Whose doing the end of the contract is."""

    INSTITUTION = "institution"
    FAMILY = "family"


class PriceBasis(StrEnum):
    """How the lessons that were had are valued (计价依据)."""

    ACTUAL = "actual"
    """The discounted price that was paid."""
    LIST = "list"
    """The undiscounted list price: only where the family withdraws and the contract validly says so."""
    NOTHING = "nothing"
    """A full refund: before the day, or with at most so many lessons had, that the contract names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A paid contract at its end: P, N, k, what has been paid back or transferred, and the day on which it ends."""

    paid_fen: int
    lessons: int
    used: int
    given_back_fen: int = 0
    on: date
    fault: Fault
    clauses: Clauses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSum:
    """``from_custody_fen`` is what the custody account pays, ``beyond_fen`` what the institution owes of its own, and
    ``kept_fen`` what is left in custody for the institution once the parties have settled.
    """

    basis: PriceBasis
    consumed_fen: int
    from_custody_fen: int
    beyond_fen: int
    kept_fen: int


def refund_sum(ending: Ending) -> RefundSum:
    """What the family gets, and from whom. ``from_custody + kept`` is all that is left in custody."""
    left = (
        ending.paid_fen - cumulative_release_fen(ending.paid_fen, ending.lessons, ending.used) - ending.given_back_fen
    )
    basis = price_basis(ending)
    consumed = _consumed_fen(ending, basis)
    due = max(ending.paid_fen - consumed - ending.given_back_fen, 0)
    paid = min(due, left)
    return RefundSum(
        basis=basis, consumed_fen=consumed, from_custody_fen=paid, beyond_fen=due - paid, kept_fen=left - paid
    )


def price_basis(ending: Ending) -> PriceBasis:
    """Which basis counts: the family's full refund first, then whose fault it is."""
    clauses = ending.clauses
    if clauses is None:
        return PriceBasis.ACTUAL
    in_time = clauses.full_refund_until is not None and ending.on <= clauses.full_refund_until
    few = clauses.full_refund_lessons_max is not None and ending.used <= clauses.full_refund_lessons_max
    if in_time or few:
        return PriceBasis.NOTHING
    is_list = ending.fault is Fault.FAMILY and clauses.is_list_price_agreed and clauses.list_lesson_fen > 0
    return PriceBasis.LIST if is_list else PriceBasis.ACTUAL


def _consumed_fen(ending: Ending, basis: PriceBasis) -> int:
    actual = cumulative_release_fen(ending.paid_fen, ending.lessons, ending.used)
    if basis is PriceBasis.NOTHING:
        return 0
    if basis is PriceBasis.ACTUAL or ending.clauses is None:
        return actual
    return min(max(ending.used * ending.clauses.list_lesson_fen, actual), ending.paid_fen)
