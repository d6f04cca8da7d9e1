"""Prepaid statement 预收费报送: what an institution's custody accounts hold and owe on a day, told to the registry.

The one rule: it is a sum of the books, never typed in; the same amounts again are no fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePrepaid:
    """The caller has summed up the books of a day."""

    institution_id: UUID
    balance_fen: int
    unconsumed_fen: int
    contracts_open: int
    pupils: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaidStated:
    """These are the amounts at the end of the day."""

    institution_id: UUID
    balance_fen: int
    unconsumed_fen: int
    contracts_open: int
    pupils: int
    on: date


def _decide(command: StatePrepaid, last: PrepaidStated | None) -> list[PrepaidStated]:
    stated = PrepaidStated(
        institution_id=command.institution_id,
        balance_fen=command.balance_fen,
        unconsumed_fen=command.unconsumed_fen,
        contracts_open=command.contracts_open,
        pupils=command.pupils,
        on=command.on,
    )
    return [] if last is not None and (last.on >= stated.on or amounts_of(last) == amounts_of(stated)) else [stated]


def amounts_of(stated: PrepaidStated | StatePrepaid) -> tuple[int, int, int, int]:
    """What makes a statement news."""
    return stated.balance_fen, stated.unconsumed_fen, stated.contracts_open, stated.pupils


def _evolve(_last: PrepaidStated | None, event: PrepaidStated) -> PrepaidStated:
    return event


PREPAID: Decider[StatePrepaid, PrepaidStated | None, PrepaidStated] = Decider(
    initial=None, decide=_decide, evolve=_evolve
)
