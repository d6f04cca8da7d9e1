"""A toy account: small enough to reason about, with a rule that refuses and a command that changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log import Aggregate, Envelope, Log, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.entry import entry_bytes, micros
from mingjing_kernel.log.merkle import Frontier, digest_of, leaf_hash
from mingjing_kernel.log.schema import create_log
from mingjing_kernel.refusal import Refusal

SCHEMA = "toy"
ALICE, BOB, CAROL = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    amount: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    amount: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Curdled:
    """An event that only a broken stream holds: its fold fails."""


class TooPoor(Refusal):
    sentence = "There are only {balance}."


def _decide(command: Any, balance: int) -> list[Any]:
    match command:
        case Deposit():
            return [Deposited(amount=command.amount, note=command.note)]
        case Withdraw():
            if command.amount > balance:
                raise TooPoor(balance=balance)
            return [Withdrawn(amount=command.amount)]
        case _:
            return []


def _evolve(balance: int, event: Any) -> int:
    match event:
        case Deposited():
            return balance + event.amount
        case Withdrawn():
            return balance - event.amount
        case _:
            raise ValueError("curdled")


ACCOUNT = Aggregate(
    noun="account",
    decider=Decider(initial=0, decide=_decide, evolve=_evolve),
    codec=Codec({"toy.deposited.v1": Deposited, "toy.withdrawn.v1": Withdrawn, "toy.curdled.v1": Curdled}),
)

CURDLER = Aggregate(
    noun="account",
    decider=Decider(initial=0, decide=lambda _, __: [Curdled()], evolve=lambda state, _: state),
    codec=Codec({"toy.curdled.v1": Curdled}),
)


def envelope(
    number: int, *, sees: int | None = None, occurred_at: datetime | None = None, digest: bytes = b""
) -> Envelope:
    """Command ids are numbers here."""
    return Envelope(
        command_id=UUID(int=number), actor="张三", expected_version=sees, occurred_at=occurred_at, digest=digest
    )


def deposit(number: int, amount: int = 1, account: UUID = ALICE, *, sees: int | None = None) -> Work:
    return Work(ACCOUNT, account, Deposit(amount=amount), envelope(number, sees=sees))


def withdraw(number: int, amount: int, account: UUID = ALICE) -> Work:
    return Work(ACCOUNT, account, Withdraw(amount=amount), envelope(number))


async def make_schema(url: str, schema: str = SCHEMA, hash_name: str = "sha256") -> None:
    """An empty log."""
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        for statement in create_log(schema, hash_name):
            await connection.execute(statement)
    finally:
        await connection.close()


async def owner(log: Log) -> asyncpg.Connection:
    """A connection that may do what a burglar with the owner's password may do."""
    return await asyncpg.connect(asyncpg_url(log.url))


async def check_whole(log: Log) -> list[Any]:
    """Positions, versions, leaves, root and commands are as they must be; returns the rows."""
    rows: list[Any] = await log.pool.fetch(f'SELECT * FROM "{log.schema}".events ORDER BY position')
    head = await log.pool.fetchrow(f'SELECT * FROM "{log.schema}".head')
    assert [row["position"] for row in rows] == list(range(1, head["position"] + 1))
    versions: dict[str, int] = {}
    tree = Frontier(digest_of(head["hash"]))
    for row in rows:
        versions[row["stream"]] = versions.get(row["stream"], 0) + 1
        assert row["version"] == versions[row["stream"]]
        moments = micros(row["occurred_at"]), micros(row["recorded_at"])
        entry = entry_bytes(
            row["position"], row["stream"], row["version"], row["type"], *moments, row["data"], row["meta"]
        )
        assert row["leaf"] == leaf_hash(tree.digest, entry)
    tree.extend([row["leaf"] for row in rows])
    assert not rows or head["root"] == tree.root()
    assert sum(await owned(log)) == len(rows)
    return rows


async def owned(log: Log) -> list[int]:
    """How many events each command led to."""
    return [row["events"] for row in await log.pool.fetch(f'SELECT events FROM "{log.schema}".commands')]
