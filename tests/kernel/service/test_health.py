"""Anybody may ask whether a service is well, so of its troubles only the kind is told."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from mingjing_kernel.http.app import take_in
from mingjing_kernel.service.own_routers import _health, without_details

WORDS = "host db-7.internal, table inspection.events, row (王小明)"
TROUBLE = f"ConnectionDoesNotExistError: {WORDS}"


def test_of_an_error_only_its_kind_is_told_wherever_it_stands() -> None:
    found = {
        "parts": [{"because": f"trying again in 2 s: {TROUBLE}\nDETAIL: more"}],
        "projections": {"because": "the tables are of another release: 3, not 4"},
        "position": 7,
    }
    assert without_details(found) == {
        "parts": [{"because": "trying again in 2 s: ConnectionDoesNotExistError"}],
        "projections": {"because": "the tables are of another release: 3, not 4"},
        "position": 7,
    }


async def test_the_words_of_a_database_error_go_to_the_log_and_not_to_whoever_asks(
    said_by: Callable[..., list[Any]],
) -> None:
    async def head() -> int:
        raise asyncpg.ConnectionDoesNotExistError(WORDS)

    host: Any = SimpleNamespace(
        readiness=lambda: {"ready": True, "reads": {"because": TROUBLE}}, log=SimpleNamespace(head=head)
    )
    app = FastAPI()
    take_in(app, _health(host))
    logs = said_by("mingjing_kernel.service.own_routers", "_logger")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "ConnectionDoesNotExistError")
    assert "db-7" not in answer.text
    assert "db-7.internal" in logs[0]["reason"]
