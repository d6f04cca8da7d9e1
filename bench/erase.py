"""Erase one person: her key shredded and the fact in the log, both or neither, on a log of any size (``--preload``).

Raw limit: one row deleted and one inserted in a transaction of its own, on the same server.
"""

from __future__ import annotations

import time
from typing import Any

import asyncpg
import psycopg

import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.log.database import asyncpg_url, make_engine
from mingjing_kernel.log.schema import role_of
from mingjing_kernel.sealed.cipher import new_key
from mingjing_kernel.sealed.marks import create_subject_marks
from mingjing_kernel.sealed.opening import Vault
from mingjing_kernel.sealed.ring import KeyEncryptionKeys, KeyRing, create_subject_keys
from mingjing_kernel.sealed.streams import SEALING
from stage import Options, stage

NAME = "erase"
USES = {"preload", "fsync_delay_ms"}
PEOPLE = 1_000
ERASED = 300
_MARKS = "INSERT INTO bench.subject_marks SELECT subject, 'phone', '199****0000', subject FROM bench.subject_keys"


async def run(options: Options) -> Figure:
    """Measure."""
    with stage(options) as here:
        async with here.database("bench_erase") as url:
            deposits.make_log(url)
            with psycopg.connect(url, autocommit=True) as connection:
                role = role_of(deposits.SCHEMA)
                for statement in create_subject_keys(deposits.SCHEMA, role) + create_subject_marks(
                    deposits.SCHEMA, role
                ):
                    connection.execute(statement)
            seconds = await _preload(url, options)
            raw = await _raw(url)
            took = await _erase(url)
    return Figure(
        name=NAME, value=milliseconds(percentile(took, 0.5)), unit="ms p50", raw=milliseconds(raw),
        raw_is="ms, delete and insert",
        details={"p99_ms": milliseconds(percentile(took, 0.99)), "max_ms": milliseconds(took[-1]), "erased": ERASED,
                 "preload": options.preload, "preload_seconds": round(seconds, 1)},
    )  # fmt: skip


async def _preload(url: str, options: Options) -> float:
    if not options.preload:
        return 0.0
    async with deposits.open_log(url) as log:
        return await deposits.preload(log, options.preload)


async def _erase(url: str) -> list[float]:
    """Seconds of each, sorted; the people are there before, each with a key and a mark."""
    engine, log = make_engine(url, deposits.SCHEMA), Log(url, deposits.SCHEMA, SEALING)
    await log.start()
    try:
        ring = KeyRing(engine.begin, KeyEncryptionKeys(new_key("aes-256-gcm")), system_clock)
        people = [f"complainant-{number}" for number in range(PEOPLE)]
        await ring.keys_for(people, make=True)
        await log.pool.execute(_MARKS)
        vault, took = Vault(log, ring, system_clock), list[float]()
        for person in people[:ERASED]:
            began = time.perf_counter()
            await vault.erase(person, Envelope(command_id=new_id(), **deposits.DETAILS))
            took.append(time.perf_counter() - began)
        left = await log.pool.fetchval("SELECT count(*) FROM bench.subject_keys")
        assert left == PEOPLE - ERASED
        return sorted(took)
    finally:
        await log.stop()
        await engine.dispose()


async def _raw(url: str) -> float:
    """Median seconds of the bare transaction."""
    connection: Any = await asyncpg.connect(asyncpg_url(url))
    await connection.execute("CREATE TABLE bench.raw_keys (id int PRIMARY KEY, wrapped bytea NOT NULL)")
    await connection.execute("CREATE TABLE bench.raw_facts (id int PRIMARY KEY, data bytea NOT NULL)")
    await connection.execute("INSERT INTO bench.raw_keys SELECT n, 'x' FROM generate_series(1, 1000) n")
    took = []
    for number in range(1, ERASED + 1):
        began = time.perf_counter()
        async with connection.transaction():
            await connection.execute("DELETE FROM bench.raw_keys WHERE id = $1", number)
            await connection.execute("INSERT INTO bench.raw_facts VALUES ($1, $2)", number, b"x" * 300)
        took.append(time.perf_counter() - began)
    await connection.close()
    return sorted(took)[ERASED // 2]
