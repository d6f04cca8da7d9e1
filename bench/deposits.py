"""The load of the log's benchmarks: deposits into custody accounts, 256 streams or many, one event a command.

About 380 bytes of JSON an event with its circumstances. Rules, stored names and digests are those of a real service:
nothing on the way is skipped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import psycopg

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.log import Aggregate, Envelope, Log, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import create_log

SCHEMA = "bench"
NOTE = "预收费 2026 年春季班 " + "x" * 120
DETAILS: dict[str, Any] = {"actor": "bank-0001", "department": "湖畔商业银行", "region": "330106", "client": "bench"}
RAW_CONNECTIONS = 32
RAW_SECONDS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """Money arrives in a custody account."""

    amount_fen: int
    reference: str
    payer: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """Money arrived."""

    amount_fen: int
    balance_fen: int
    reference: str
    payer: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositMany:
    """A bank's file: many deposits into one account."""

    deposits: tuple[Deposit, ...]


def decide(command: Deposit | DepositMany, balance_fen: int) -> list[Deposited]:
    """Every deposit carries the balance after it."""
    deposits = command.deposits if isinstance(command, DepositMany) else (command,)
    decided = []
    for deposit in deposits:
        balance_fen += deposit.amount_fen
        decided.append(
            Deposited(
                amount_fen=deposit.amount_fen,
                balance_fen=balance_fen,
                reference=deposit.reference,
                payer=deposit.payer,
                note=deposit.note,
            )
        )
    return decided


def evolve(_: int, event: Deposited) -> int:
    """The balance."""
    return event.balance_fen


ACCOUNT = Aggregate("account", Decider(0, decide, evolve), Codec({"bench.deposited.v1": Deposited}))


def deposit(caller: int, number: int) -> Deposit:
    """A deposit with a reference of its own."""
    return Deposit(amount_fen=199_900, reference=f"JF{caller:06d}{number:010d}", payer="6222020200112233445", note=NOTE)


@cache
def account(caller: int) -> UUID:
    """The caller's account, which it knows and need not work out for each deposit."""
    return derived_id("bench-account", caller)


def make_log(url: str) -> None:
    """An empty log in a fresh database."""
    with psycopg.connect(asyncpg_url(url), autocommit=True) as connection:
        for statement in create_log(SCHEMA):
            connection.execute(statement.encode())


@asynccontextmanager
async def open_log(url: str, *, writing: bool = True) -> AsyncIterator[Log]:
    """The log, started; stopped at the end."""
    log = Log(url, SCHEMA, [ACCOUNT])
    await log.start(writing=writing)
    try:
        yield log
    finally:
        await log.stop()


async def preload(log: Log, events: int, a_command: int = 50, a_call: int = 20) -> float:
    """Fill the log through the product's own bulk path; returns seconds."""
    began = time.perf_counter()
    works = (bulk_work(number, a_command) for number in range(-(-events // a_command)))
    async for _ in log.handle_stream(works, a_call):
        pass
    return time.perf_counter() - began


def bulk_work(number: int, a_command: int) -> Work:
    """One command with many events for a stream of its own."""
    command = DepositMany(deposits=tuple(deposit(number, at) for at in range(a_command)))
    envelope = Envelope(command_id=new_id(), expected_version=0, **DETAILS)
    return Work(ACCOUNT, derived_id("bench-bulk", number), command, envelope)


async def hammer(act: Callable[[int, int], Any], callers: int, seconds: float) -> tuple[int, float, list[float]]:
    """``callers`` call ``act(caller, number)`` in turn for ``seconds``; count, seconds, sorted latencies."""
    latencies: list[float] = []
    stop = time.perf_counter() + seconds

    async def caller(index: int) -> None:
        number = 0
        while (began := time.perf_counter()) < stop:
            number += 1
            await act(index, number)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller(index) for index in range(callers)))
    took = time.perf_counter() - began
    latencies.sort()
    return len(latencies), took, latencies


async def raw_inserts(url: str, connections: int = RAW_CONNECTIONS, seconds: float = RAW_SECONDS) -> float:
    """The limit without order, hash or idempotency: one insert a commit over many connections, same payload."""
    async with asyncpg.create_pool(asyncpg_url(url), min_size=connections, max_size=connections) as pool:
        await make_raw_table(pool)
        insert = "INSERT INTO raw (stream, version, type, data, meta) VALUES ($1, $2, $3, $4, $5)"
        data, meta = ACCOUNT.codec.encode(decide(deposit(1, 1), 0)[0])[1], b"x" * 110
        ready = [await pool.acquire() for _ in range(connections)]
        statements = [await connection.prepare(insert) for connection in ready]

        async def act(index: int, number: int) -> None:
            await statements[index].fetch(f"account-{account(index)}", number, "bench.deposited.v1", data, meta)

        count, took, _ = await hammer(act, connections, seconds)
        for connection in ready:
            await pool.release(connection)
        await pool.execute("DROP TABLE raw")
    return count / took


async def make_raw_table(connection: Any) -> None:
    """The same columns, the same two indexes, nothing else."""
    await connection.execute(
        """CREATE TABLE raw (position bigserial PRIMARY KEY, stream text COLLATE "C" NOT NULL, version int NOT NULL,
        type text NOT NULL, data bytea NOT NULL, meta bytea NOT NULL, recorded_at timestamptz DEFAULT now(),
        UNIQUE (stream, version))"""
    )


async def raw_unnest(url: str, rows: int = 1_000, seconds: float = RAW_SECONDS) -> float:
    """The limit of bulk ingest without hash or idempotency: ``INSERT … SELECT unnest`` of 1,000 a commit."""
    connection = await asyncpg.connect(asyncpg_url(url))
    await make_raw_table(connection)
    statement = await connection.prepare(
        "INSERT INTO raw (stream, version, type, data, meta) "
        "SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::bytea[], $5::bytea[])"
    )
    data, meta = ACCOUNT.codec.encode(decide(deposit(1, 1), 0)[0])[1], b"x" * 110
    count, number, began = 0, 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        streams: Sequence[str] = [f"account-{number:08d}-{at // 50:04d}" for at in range(rows)]
        versions = [at % 50 + 1 for at in range(rows)]
        await statement.fetch(streams, versions, ["bench.deposited.v1"] * rows, [data] * rows, [meta] * rows)
        count, number = count + rows, number + 1
    took = time.perf_counter() - began
    await connection.execute("DROP TABLE raw")
    await connection.close()
    return count / took
