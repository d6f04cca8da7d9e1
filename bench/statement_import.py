"""A bank's statement of a day: from the file's bytes to every entry in the log and matched with what was announced.

Nine of ten lines bear the number of an announced payment, the tenth bears one that nobody knows. Raw limit: the same
bytes by the csv module, and as many events by ``INSERT … SELECT unnest``.
"""

from __future__ import annotations

import asyncio
import csv
import io
import random
import time

from sqlalchemy import func, select

import funds_stage
from figure import Figure
from funds_stage import BANK, DAY, DEPARTMENT, REGION
from mingjing_funds.intake.taking import Delivery, take_file
from mingjing_funds.projections.expectations import expectations_table
from mingjing_funds.sources.detect import Kind, read
from mingjing_kernel.identity import Scope
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.service import Host
from stage import Options, stage

NAME = "statement-import"
USES = {"events", "fsync_delay_ms"}
LINES, ACCOUNTS, UNKNOWN_EVERY = 20_000, 500, 10
HEADER = "序号,交易日期,交易时间,账号,户名,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,流水号"


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many lines the statement has."""
    lines, draw = options.events or LINES, random.Random(5)
    whose = [draw.randrange(ACCOUNTS) for _ in range(lines)]
    content = _statement(whose)
    with stage(options) as here:
        async with here.database("bench_statement") as url, funds_stage.funds(url, apart=True) as host:
            await _prepare(host, whose)
            delivery = Delivery(
                data=content, kind=Kind.STATEMENT, covers_to=DAY, delivered_on=DAY, region=REGION,
                department=DEPARTMENT, scope=Scope.system(), keys=Keys(host),
            )  # fmt: skip
            head, began = await host.log.head(), time.perf_counter()
            await asyncio.to_thread(read, content, frozenset())
            parsed = time.perf_counter() - began
            began = time.perf_counter()
            receipt = await take_file(host, delivery, funds_stage.envelope())
            took = time.perf_counter() - began
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
            shown = time.perf_counter() - began
            events = await host.log.head() - head
            matched = await _matched(host)
        async with here.database("bench_statement_raw") as url:
            began = time.perf_counter()
            list(csv.reader(io.StringIO(content.decode("gb18030"))))
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    assert receipt.accepted == lines, receipt
    assert matched == lines - -(-lines // UNKNOWN_EVERY), matched
    return Figure(
        name=NAME, value=lines / took, unit="lines/s", raw=lines / raw, raw_is="csv and unnest of as many events",
        details={
            "lines": lines, "events": events, "matched": matched, "parsed_lines_per_s": round(lines / parsed),
            "seconds": round(took, 2), "lists_after_s": round(shown, 2),
        },
    )  # fmt: skip


async def _prepare(host: Host, whose: list[int]) -> None:
    announced = [
        funds_stage.awaited(account, _payment_no(at), _amount_fen(at))
        for at, account in enumerate(whose)
        if at % UNKNOWN_EVERY
    ]
    await funds_stage.prepare(host, [funds_stage.opened(account) for account in range(ACCOUNTS)])
    await funds_stage.prepare(host, announced)


async def _matched(host: Host) -> int:
    rows = expectations_table.c
    async with host.connection() as connection:
        return int(await connection.scalar(select(func.count()).where(rows.met_on.is_not(None))) or 0)


def _payment_no(at: int) -> str:
    return f"JF{DAY:%Y%m%d}{at:06d}"


def _amount_fen(at: int) -> int:
    return 500_00 + at % 900


def _statement(whose: list[int]) -> bytes:
    title = (
        f"{BANK}西湖支行培训机构预收费资金托管专户流水\r\n记账日期：{DAY:%Y-%m-%d},币种：人民币,笔数：{len(whose)}\r\n"
    )
    text, balances = io.StringIO(), dict.fromkeys(range(ACCOUNTS), 40_000_00)
    text.write(title + HEADER + "\r\n")
    for at, account in enumerate(whose):
        amount = _amount_fen(at)
        balances[account] += amount
        moment = f"{9 + at * 8 // len(whose):02d}:{at // 60 % 60:02d}:{at % 60:02d}"
        number = _payment_no(at) if at % UNKNOWN_EVERY else f"JF19990101{at:06d}"
        text.write(
            f"{at + 1},{DAY:%Y%m%d},{moment},\t{funds_stage.number_of(account)},培训资金监管户,,{amount / 100:.2f},"
            f"{balances[account] / 100:.2f},家长,\t6217000000228973702,培训费 {number},HP{DAY:%Y%m%d}{at:07d}\r\n"
        )
    return text.getvalue().encode("gb18030")
