"""Reads: one's own write is visible or the reader is told to wait; the past is named exactly."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from fastapi import APIRouter, Depends, Response
from starlette.requests import Request
from starlette.testclient import TestClient

from mingjing_kernel.http import AsOf, parse_as_of, tagged
from mingjing_kernel.http.reading import make_fresh
from mingjing_kernel.http.refusals import AsOfMalformed, NotYetVisible

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def client_of(door, wait) -> TestClient:
    router = APIRouter()

    @router.get("/things")
    async def things(response: Response, as_of: AsOf | None = Depends(door.kit.as_of)) -> str:
        tagged(response, 7)
        return repr(as_of)

    @router.post("/things")
    async def post() -> None: ...

    return door.client(router, wait=wait)


def test_a_read_waits_for_the_position_that_it_names(door) -> None:
    waited: list[int] = []

    async def wait(position: int) -> None:
        waited.append(position)

    client = client_of(door, wait)
    assert client.get("/things", headers={"Mingjing-Position": "41"}).headers["etag"] == '"7"'
    client.get("/things")
    client.post("/things", headers={"Mingjing-Position": "42"})
    assert waited == [41]


async def test_a_position_that_does_not_come_in_time_is_a_problem() -> None:
    fresh = make_fresh(lambda position: asyncio.Event().wait(), seconds=0.01)
    with pytest.raises(NotYetVisible):
        await fresh(Request({"type": "http", "method": "GET", "headers": []}), "41")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "99999999999999999999", ""])
def test_a_position_that_is_none_is_named(door, value: str) -> None:
    async def wait(position: int) -> None: ...

    answer = client_of(door, wait).get("/things", headers={"Mingjing-Position": value})
    assert answer.status_code == 400
    assert answer.json()["field"] == "Mingjing-Position"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-27", AsOf(moment=datetime(2026, 2, 27, 15, 59, 59, 999999, tzinfo=UTC))),
        ("2026-03-01", AsOf(moment=NOW)),
        ("2026-02-27T10:00:00Z", AsOf(moment=datetime(2026, 2, 27, 10, 0, tzinfo=UTC))),
        ("2026-02-27T10:00:00+08:00", AsOf(moment=datetime(2026, 2, 27, 2, 0, tzinfo=UTC))),
        ("2026-02-27T10:00:00 08:00", AsOf(moment=datetime(2026, 2, 27, 2, 0, tzinfo=UTC))),
        ("2026-02-27T10:00:00", AsOf(moment=datetime(2026, 2, 27, 2, 0, tzinfo=UTC))),
        ("@0", AsOf(position=0)),
        ("@12345", AsOf(position=12345)),
    ],
)
def test_the_past_is_a_day_a_moment_or_a_position(text: str, expected: AsOf) -> None:
    assert parse_as_of(text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    ["", "@", "@-1", "@1e3", "@99999999999999999999", "2026", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00",
     "2026-03-02", "2026-03-01T08:00:01Z", "yesterday", "@１"],
)  # fmt: skip
def test_no_other_time_is_understood(text: str) -> None:
    with pytest.raises(AsOfMalformed):
        parse_as_of(text, NOW)


def test_a_wrong_time_in_the_query_is_a_problem(door) -> None:
    async def wait(position: int) -> None: ...

    answer = client_of(door, wait).get("/things?as_of=soon")
    assert answer.json()["type"] == "urn:mingjing:problem:as-of-malformed"
    assert client_of(door, wait).get("/things").json() == "None"
