"""The three-way reconciliation of a day on which a million entries were booked, and what parts the sides.

The lists are filled as the day would have left them: one entry of a thousand has no known number, one announced payment
of a thousand never came. Raw limit: one bare pass over the same two lists.
"""

from __future__ import annotations

import time

import asyncpg

import funds_stage
from figure import Figure
from funds_stage import BANK, DAY
from mingjing_funds.codec import DELIVERIES
from mingjing_funds.domain.delivery import RecordDelivery
from mingjing_funds.intake.reconciling import reconcile
from mingjing_funds.intake.works import made
from mingjing_funds.service import SERVICE
from mingjing_funds.sources.detect import Kind
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from stage import Options, stage

NAME = "reconcile-day"
USES = {"events"}
ENTRIES, ACCOUNTS, APART_EVERY = 1_000_000, 10_000, 1_000
_ENTRIES = """
INSERT INTO "{schema}".entries (account_id, flow, bank, booked_at, booked_on, amount_fen, balance_fen, summary,
       "column", number, expected_fen, reverses, reversed_by, reference, tail, from_position)
SELECT whose.account_id, 'HP' || at, '{bank}', TIMESTAMPTZ '{day} 10:00+08', DATE '{day}', 50000, 0, '培训费',
       CASE WHEN at % {apart} = 0 THEN 'suspense' ELSE 'payment' END,
       CASE WHEN at % {apart} = 0 THEN '' ELSE 'JF' || at END, CASE WHEN at % {apart} = 0 THEN 0 ELSE 50000 END,
       '', '', CASE WHEN at % {apart} = 0 THEN 'XX' || at ELSE 'JF' || at END, '', 1
FROM generate_series(1, {count}) AS at
JOIN (SELECT account_id, row_number() OVER () - 1 AS nth FROM "{schema}".accounts) AS whose ON whose.nth = at % {many}
"""
_EXPECTATIONS = """
INSERT INTO "{schema}".expectations (account_id, number, direction, amount_fen, due_on, met_on, met_fen, flow,
       withdrawn_on, from_position)
SELECT whose.account_id, 'JF' || at, 'payment', 50000, DATE '{day}' - CASE WHEN at % {apart} = 1 THEN 9 ELSE 0 END,
       CASE WHEN at % {apart} IN (0, 1) THEN NULL ELSE DATE '{day}' END,
       CASE WHEN at % {apart} IN (0, 1) THEN 0 ELSE 50000 END, 'HP' || at, NULL, 1
FROM generate_series(1, {count}) AS at
JOIN (SELECT account_id, row_number() OVER () - 1 AS nth FROM "{schema}".accounts) AS whose ON whose.nth = at % {many}
"""


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many entries the day has."""
    count = options.events or ENTRIES
    many = min(ACCOUNTS, max(count // 100, 1))
    with stage(options) as here:
        async with here.database("bench_reconcile") as url, funds_stage.funds(url) as host:
            delivered = RecordDelivery(
                kind=Kind.STATEMENT.value, bank=BANK, booked_on=DAY, sha256="0" * 64, bytes_count=1,
                rows=count, missing=0, kept_aside=0, covers_to=DAY, category="",
            )  # fmt: skip
            fed = made(DELIVERIES, new_id(), delivered, funds_stage.envelope())
            await funds_stage.prepare(host, [fed, *(funds_stage.opened(account) for account in range(many))])
            connection = await asyncpg.connect(asyncpg_url(url))
            try:
                await _fill(connection, count, many)
                bare = await _bare(connection)
            finally:
                await connection.close()
            head, began = await host.log.head(), time.perf_counter()
            said = await reconcile(host, DAY)
            took = time.perf_counter() - began
            began = time.perf_counter()
            await reconcile(host, DAY)
            again = time.perf_counter() - began
            facts = await host.log.head() - head
    return Figure(
        name=NAME, value=count / took, unit="entries/s", raw=count / bare, raw_is="one bare pass over both lists",
        details={
            "entries": count, "accounts": many, "seconds": round(took, 2), "again_seconds": round(again, 2),
            "facts": facts, "said": said,
        },
    )  # fmt: skip


async def _fill(connection: asyncpg.Connection, count: int, many: int) -> None:
    schema = read_schema_of(SERVICE.name)
    values = {"schema": schema, "bank": BANK, "day": DAY, "apart": APART_EVERY, "count": count, "many": many}
    for statement in (_ENTRIES, _EXPECTATIONS):
        await connection.execute(statement.format(**values))
    for table in ("entries", "expectations"):
        await connection.execute(f'VACUUM ANALYZE "{schema}".{table}')


async def _bare(connection: asyncpg.Connection) -> float:
    schema, began = read_schema_of(SERVICE.name), time.perf_counter()
    await connection.fetchval(f'SELECT count(*) FROM "{schema}".entries WHERE "column" = $1', "suspense")
    await connection.fetchval(f'SELECT count(*) FROM "{schema}".expectations WHERE met_on IS NULL')
    return time.perf_counter() - began
