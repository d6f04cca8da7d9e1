"""Read models over toy accounts, and the same folds by hand, for comparison."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, Table, Text, Uuid, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from kernel.log.toy import ACCOUNT, Deposit, Deposited, Withdraw, envelope
from mingjing_kernel.log import Log, Recorded, Work
from mingjing_kernel.projection import ReadModel, Row, Tally
from mingjing_kernel.projection.read_model import Key

_metadata = MetaData()
_balances = Table(
    "balances",
    _metadata,
    Column("account", Uuid, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("note", Text),
    Column("seen_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
)
_tallies = Table(
    "tallies",
    _metadata,
    Column("kind", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", JSONB, nullable=False),
)


_noted = Table(
    "noted",
    _metadata,
    Column("note", Text, primary_key=True),
    Column("accounts", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
)
NOTED = Tally(
    _noted,
    of=lambda row: (row["note"] or "",),
    amounts=lambda row: {"accounts": 1, "amount": row["amount"]},
)
"""Accounts with the same note: a row moves from one sum to another, and leaves."""


def _balance(key: Key, row: Row | None, recorded: Recorded[Any]) -> Row | None:
    before = row["amount"] if row else 0
    event = recorded.event
    amount = before + event.amount if isinstance(event, Deposited) else before - event.amount
    note = event.note if isinstance(event, Deposited) else row and row["note"]
    if amount == 0:
        return None  # an empty account leaves the list
    return {"account": key[0], "amount": amount, "note": note, "seen_at": recorded.recorded_at}


def _tally_keys(recorded: Recorded[Any]) -> Iterable[Key]:
    day = recorded.occurred_at.date()
    kind = "in" if isinstance(recorded.event, Deposited) else "out"
    return [(kind, day), ("all", day), ("all", day)]


def _tally(key: Key, row: Row | None, recorded: Recorded[Any]) -> Row:
    last = [*(row["last"] if row else []), {"position": recorded.position, "id": str(recorded.id)}][-3:]
    return {"kind": key[0], "day": key[1], "count": (row["count"] if row else 0) + 1, "last": last}


BALANCES = ReadModel(
    name="balances",
    table=_balances,
    nouns=("account",),
    keys=lambda recorded: [(recorded.id,)],
    fold=_balance,
    history=True,
    tally=NOTED,
)
TALLIES = ReadModel(
    name="tallies", table=_tallies, nouns=("account", "nobody"), keys=_tally_keys, fold=_tally, history=True
)
MODELS = (BALANCES, TALLIES)


def some_works(chance: random.Random, first: int, count: int) -> list[Work]:
    """Random payments, with texts that JSON and SQL could stumble over."""
    works = []
    for number in range(first, first + count):
        amount = chance.randint(1, 3)
        note = chance.choice(["", "中文", 'quote " and \\', "line\nbreak", "😀", "null", "{}", "\\u0000", "it's"])
        command = Deposit(amount=amount, note=note) if chance.random() < 0.6 else Withdraw(amount=amount)
        works.append(Work(ACCOUNT, UUID(int=chance.randint(1, 6)), command, envelope(number)))
    return works


async def by_hand(log: Log, model: ReadModel, until: int) -> dict[Key, Row]:
    """The rows as a plain fold of the log gives them."""
    rows: dict[Key, Row] = {}
    for recorded in await log.read(0, until) if until else []:
        for key in model.keys(recorded):
            after = model.fold(key, rows.get(key), recorded)
            if after is None:
                rows.pop(key, None)
            else:
                rows[key] = after
    return rows


async def by_query(connection: Any, model: ReadModel, schema: str, position: int | None = None) -> dict[Key, Row]:
    """The rows as a list would show them, now or as of a position."""
    source = model.at(position)
    columns = [source.c[name] for name in model.columns]
    statement = select(*columns).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
    await connection.execute(f'SET search_path TO "{schema}"')
    rows = [dict(row) for row in await connection.fetch(str(statement))]
    found = {tuple(row[name] for name in model.key_columns): row for row in rows}
    assert len(found) == len(rows)
    return found
