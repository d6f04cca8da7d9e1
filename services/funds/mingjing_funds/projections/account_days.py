"""What moved on an account on a day (账户日汇总): the sums from which balances of any day follow.

Keeps history: what was known of a day at another time is asked, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Table, Uuid

from mingjing_funds.projections.movement import COLUMNS, Movement, of_account, of_contract, of_move
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

account_days_table = Table(
    "account_days",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in COLUMNS),
)


def movements_of(fact: Recorded[Any]) -> tuple[Movement, ...]:
    """What a fact of an account, of a contract or of custody moves: on one account, or from one to another."""
    movement = of_account(fact.id, fact.event) if fact.noun == "account" else of_contract(fact.event)
    return of_move(fact.event) if movement is None else (movement,)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an account and day."""
    for movement in movements_of(fact):
        yield (movement.account_id, movement.day)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The day's sums with this movement."""
    for movement in movements_of(fact):
        if key == (movement.account_id, movement.day):
            before = row or {"account_id": key[0], "day": key[1], **dict.fromkeys(COLUMNS, 0)}
            return {**before, **{name: before[name] + fen for name, fen in movement.deltas.items()}}
    return row


ACCOUNT_DAYS = ReadModel(
    name="account_days",
    table=account_days_table,
    nouns=("account", "contract", "custodian"),
    keys=keys,
    fold=fold,
    history=True,
)
