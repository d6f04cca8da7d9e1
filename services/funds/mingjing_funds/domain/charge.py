"""A charge (收费) as the charging rules look at it: one payment that is asked of a family, and what it has paid before.

The one rule: everything that a check needs is here. Whoever makes a charge says what he knows, and ``None`` where he
does not: what is not known breaks no rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Payee(StrEnum):
    """Where the money goes (收款方)."""

    CUSTODY = "custody"
    """The custody account of this institution, and of no other."""
    OTHER_ACCOUNT = "other-account"
    CASH = "cash"
    PRIVATE_CODE = "private-code"


class Funding(StrEnum):
    """Whose money it is (资金来源)."""

    OWN = "own"
    LOAN = "loan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconsumed:
    """What is left of an earlier charge of the same pupil, institution and subject."""

    contract_no: str
    lessons_left: int
    left_fen: int
    starts_on: date
    ends_on: date
    course: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One charge. A multi-visit card (次卡) is a charge like any other: its visits are its lessons."""

    charged_on: date
    starts_on: date
    ends_on: date
    lessons: int
    price_fen: int
    is_subject: bool
    course: str = ""
    is_taught_first: bool = False
    """先学后付: paid when lessons have been had, so nothing is prepaid."""
    lessons_a_week: int | None = None
    earlier: tuple[Unconsumed, ...] = ()
    lease_ends_on: date | None = None
    payee: Payee = Payee.CUSTODY
    funding: Funding = Funding.OWN
    model_text: str = ""
    """Which model contract was signed (GF-2021-2604, or a version that the department approved); empty: another."""
    listed_fen: int | None = None
    """What the published price list asks for these lessons."""
    next_term_begins_on: date | None = None
    """Of subject training: weekends and holidays from this day on may not be charged for yet."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule found in a charge, and what it allows, in days, lessons, fen, or yes and no."""

    found: int
    allowed: int
