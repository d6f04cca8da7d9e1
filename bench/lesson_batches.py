"""Lessons confirmed in batches of 5,000 over HTTP: from the request to the posting that makes their money releasable.

A confirmation and what it earns are one fact, so when a batch is answered its postings are on disk; the lists show them
a little later. Raw limit: as many events by ``INSERT … SELECT unnest``, without a rule, a digest or a list.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

import funds_stage
from figure import Figure, milliseconds, percentile
from funds_stage import REGION
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import Role
from registry_scale import token
from stage import Options, stage

NAME = "lesson-batches"
USES = {"events", "fsync_delay_ms"}
LESSONS, OF_A_CONTRACT, BATCH, CONTRACTS_OF_AN_ACCOUNT = 40_000, 20, 5_000, 50
HELD = datetime(2026, 6, 21, 2, tzinfo=UTC)


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many lessons are confirmed."""
    lessons = options.events or LESSONS
    contracts = -(-lessons // OF_A_CONTRACT)
    with stage(options) as here:
        async with here.database("bench_lessons") as url, funds_stage.funds(url, apart=True) as host:
            accounts = -(-contracts // CONTRACTS_OF_AN_ACCOUNT)
            await funds_stage.prepare(host, [funds_stage.opened(account) for account in range(accounts)])
            paid = [
                work
                for contract in range(contracts)
                for work in funds_stage.signed(contract, contract // CONTRACTS_OF_AN_ACCOUNT, OF_A_CONTRACT)
            ]
            await funds_stage.prepare(host, paid)
            transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=600) as client:
                head, began = await host.log.head(), time.perf_counter()
                took = [await sent(client, first, min(BATCH, lessons - first)) for first in range(0, lessons, BATCH)]
                seconds = time.perf_counter() - began
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
            shown, events = time.perf_counter() - began, await host.log.head() - head
        async with here.database("bench_lessons_raw") as url:
            began = time.perf_counter()
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    return Figure(
        name=NAME, value=lessons / seconds, unit="lessons/s", raw=lessons / raw, raw_is="unnest of as many events",
        details={
            "lessons": lessons, "events": events, "batch_p50_ms": milliseconds(percentile(sorted(took), 0.5)),
            "lists_after_s": round(shown, 2), "shown_lessons_per_s": round(lessons / shown),
        },
    )  # fmt: skip


async def sent(client: httpx.AsyncClient, first: int, many: int) -> float:
    """One batch; every one of its lessons is taken, or the figure says nothing."""
    body = {"lessons": [_lesson(at) for at in range(first, first + many)]}
    headers = {"Authorization": f"Bearer {token(REGION, Role.FUND_REGULATOR)}", "Idempotency-Key": str(new_id())}
    began = time.perf_counter()
    answer = await client.post("/funds/v1/lesson-batches", json=body, headers=headers)
    took = time.perf_counter() - began
    if answer.status_code != 200 or answer.json()["accepted"] != many:
        raise RuntimeError(f"{answer.status_code} {answer.text[:500]}")
    return took


def _lesson(at: int) -> dict[str, Any]:
    contract, turn = at // OF_A_CONTRACT, at % OF_A_CONTRACT
    held = HELD + timedelta(days=turn // 2, hours=turn % 2 * 3)
    return {
        "contract_no": funds_stage.contract_no_of(contract), "lesson_no": f"KX{at:09d}",
        "held_on": held.date().isoformat(), "standing": "confirmed", "how": "family",
        "confirmed_at": (held + timedelta(hours=2)).isoformat(), "content": f"第{turn + 1}课",
    }  # fmt: skip
