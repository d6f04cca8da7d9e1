"""Prepaid amounts 预收费 of an institution as the funds service states them, for the base ledger 台账.

One rule: nobody states them by hand, and nothing is decided on them here; a statement that is no news leaves no fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What an institution's custody accounts hold and owe, and how many contracts and pupils stand behind it."""

    balance_fen: int
    """托管余额."""
    unconsumed_fen: int
    """未消课负债: U = Σ (P − C(k) − refunds paid)."""
    contracts_open: int
    """Paid contracts that are neither finished nor refunded."""
    pupils: int
    """Different pupils whom these contracts name; contracts without a name count nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePrepaid:
    """Funds has stated the amounts of a day."""

    institution_id: UUID
    amounts: Amounts
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaidNoted:
    """What funds said, and for which day."""

    institution_id: UUID
    amounts: Amounts
    stated_on: date
    on: date


def _decide(command: NotePrepaid, last: PrepaidNoted | None) -> list[PrepaidNoted]:
    is_old = last is not None and command.stated_on < last.stated_on
    if is_old or (last is not None and last.amounts == command.amounts):
        return []
    return [
        PrepaidNoted(
            institution_id=command.institution_id,
            amounts=command.amounts,
            stated_on=command.stated_on,
            on=command.on,
        )
    ]


def _evolve(_last: PrepaidNoted | None, event: PrepaidNoted) -> PrepaidNoted:
    return event


PREPAID: Decider[NotePrepaid, PrepaidNoted | None, PrepaidNoted] = Decider(initial=None, decide=_decide, evolve=_evolve)
