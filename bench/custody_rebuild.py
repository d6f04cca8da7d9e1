"""The lists of funds rebuilt from a log of millions of events: the balances of every contract, and how much memory.

A few hundred contracts are signed, paid and taught by the service itself; the database copies their events for as many
contracts as are wanted, first the first event of every one, then the second: a contract's months lie far apart, as
in a county. Copies prove nothing (their leaves are the originals'); a rebuild does not look at those. Raw limit: the
same events read and decoded, nothing folded.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence

import asyncpg
import httpx

import funds_stage
from figure import Figure
from lesson_batches import BATCH, CONTRACTS_OF_AN_ACCOUNT, sent
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.lessons_used import lessons_used_table
from mingjing_funds.service import SERVICE
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.projection.rebuild import rebuild
from stage import Options, stage

NAME = "custody-rebuild"
USES = {"events"}
EVENTS, MODELS, LESSONS = 1_000_000, 500, 20
"""A model contract has a signature, a payment and twenty lessons."""
COPY_SECONDS_MAX = 3_600.0
_COPY = """
INSERT INTO {schema}.events (position, stream, version, type, data, meta, occurred_at, recorded_at, leaf)
SELECT $1 + row_number() OVER (ORDER BY model.version, copy, model.stream),
       'contract-' || md5(model.stream || copy)::uuid, model.version, model.type, model.data, model.meta,
       model.occurred_at, model.recorded_at, model.leaf
FROM {schema}.events AS model CROSS JOIN generate_series(1, $2::int) AS copy
WHERE model.stream LIKE 'contract-%'
"""


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is about how many the log has."""
    copies = max((options.events or EVENTS) // (MODELS * (LESSONS + 2)), 1)
    with stage(options) as here:
        async with here.database("bench_custody") as url:
            models = await _models(url)
            await _copy(url, copies)
            log = Log(url, SERVICE.name, SERVICE.aggregates)
            await log.start(writing=False)
            try:
                events = await log.head()
                before = _memory_mib()
                began = time.perf_counter()
                rebuilt = await rebuild(log, models, options.progress)
                took = time.perf_counter() - began
                peak = _memory_mib()
                raw = await _raw(log, events)
            finally:
                await log.stop()
            contracts, wrong = await _wrong(url)
    assert rebuilt.events == events, rebuilt
    assert contracts == MODELS * (copies + 1), contracts
    assert not wrong, wrong
    return Figure(
        name=NAME, value=events / took, unit="events/s", raw=raw, raw_is="read and decode only",
        details={
            "events": events, "contracts": contracts, "seconds": round(took, 1), "peak_memory_mib": peak,
            "memory_before_mib": before,
        },
    )  # fmt: skip


async def _models(url: str) -> Sequence[ReadModel]:
    """The contracts that are copied, as the service writes them; the service's lists."""
    async with funds_stage.funds(url) as host:
        accounts = -(-MODELS // CONTRACTS_OF_AN_ACCOUNT)
        await funds_stage.prepare(host, [funds_stage.opened(account) for account in range(accounts)])
        paid = [
            work
            for contract in range(MODELS)
            for work in funds_stage.signed(contract, contract // CONTRACTS_OF_AN_ACCOUNT, LESSONS)
        ]
        await funds_stage.prepare(host, paid)
        transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=600) as client:
            for first in range(0, MODELS * LESSONS, BATCH):
                await sent(client, first, min(BATCH, MODELS * LESSONS - first))
        await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
        return host.service.read_models


async def _copy(url: str, copies: int) -> None:
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        head = await connection.fetchval(f"SELECT position FROM {SERVICE.name}.head")
        await connection.execute(_COPY.format(schema=SERVICE.name), head, copies, timeout=COPY_SECONDS_MAX)
        await connection.execute(
            f"UPDATE {SERVICE.name}.head SET position = (SELECT max(position) FROM {SERVICE.name}.events)"
        )
        # The lists were filled by the service: what is rebuilt has none before it.
        await connection.execute(f"DROP SCHEMA {read_schema_of(SERVICE.name)} CASCADE")
        await connection.execute(f"VACUUM ANALYZE {SERVICE.name}.events", timeout=COPY_SECONDS_MAX)
    finally:
        await connection.close()


async def _raw(log: Log, events: int) -> float:
    began = time.perf_counter()
    async for _ in log.pages(0, events):
        pass
    return events / (time.perf_counter() - began)


async def _wrong(url: str) -> tuple[int, int]:
    """How many contracts there are, and how many are not taught to the last lesson with every fen earned."""
    connection = await asyncpg.connect(asyncpg_url(url))
    schema = read_schema_of(SERVICE.name)
    contracts, used = (f"{schema}.{table.name}" for table in (contracts_table, lessons_used_table))
    try:
        row = await connection.fetchrow(
            f"SELECT count(*), count(*) FILTER (WHERE earned_fen <> paid_fen OR paid_fen <> $1)"
            f" FROM {contracts} JOIN {used} USING (contract_id)",
            LESSONS * funds_stage.LESSON_FEN,
            timeout=COPY_SECONDS_MAX,
        )
        assert row is not None
        return int(row[0]), int(row[1])
    finally:
        await connection.close()


def _memory_mib() -> int:
    """The most that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
