"""Parked messages over HTTP: the same acts as on the command line, for administrators only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest

from kernel.broker.test_exactly_once import messages_of
from kernel.broker.toy import add
from kernel.broker.world import World
from mingjing_kernel.broker.parked_api import make_parked_router
from mingjing_kernel.http import make_app
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OutsideScope
from mingjing_kernel.log import Envelope

REASON = {"Mingjing-Reason": "typo"}


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The target's administrator addresses; whoever sends no ``X-Admin`` is nobody."""
    from fastapi import Request  # noqa: PLC0415  (the annotations below are read by FastAPI)

    def guard(request: Request) -> None:
        if "x-admin" not in request.headers:
            raise OutsideScope

    def written(request: Request) -> Envelope:
        reason = request.headers.get("mingjing-reason", "")
        digest = sha256(f"{request.method} {request.url} {reason}".encode()).digest()
        return Envelope(
            command_id=derived_id("http", digest.hex()),
            actor=request.headers["x-admin"],
            reason=reason,
            digest=digest,
        )

    for function in (guard, written):
        function.__annotations__["request"] = Request
    kit: Any = SimpleNamespace(written=written)
    router = make_parked_router(kit, world.parking(), guard)
    app = make_app(title="t", version="1", package="mingjing_kernel", routers=[router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://target") as client:
        client.headers["x-admin"] = "admin"
        yield client


async def test_a_person_sees_mends_and_replays(world: World, http: httpx.AsyncClient) -> None:
    await add(world.source, 1, 5000)
    await world.inbox().receive(await messages_of(world))
    (row,) = (await http.get("/parked")).json()
    assert (row["position"], row["code"], row["data"]) == (2, "too-much", '{"amount":5000}')
    refused = await http.put(f"/parked/{row['id']}/replay")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("too-much")
    mended = await http.put(f"/parked/{row['id']}/data", json={"data": '{"amount":50}'}, headers=REASON)
    assert mended.json()["mended"] is True
    replayed = await http.put(f"/parked/{row['id']}/replay")
    assert replayed.json()["state"] == "replayed"
    await world.heard(1, 50)
    assert (await http.get("/parked")).json() == []
    assert [one["id"] for one in (await http.get("/parked", params={"state": "replayed"})).json()] == [row["id"]]


async def test_dropping_needs_a_reason_and_nobody_else_gets_in(world: World, http: httpx.AsyncClient) -> None:
    await add(world.source, 5000)
    await world.inbox().receive(await messages_of(world))
    (row,) = (await http.get("/parked")).json()
    without = await http.put(f"/parked/{row['id']}/drop")
    assert (without.status_code, without.json()["type"].rpartition(":")[2]) == (422, "reason-needed")
    assert (await http.put(f"/parked/{row['id']}/drop", headers=REASON)).json()["state"] == "dropped"
    assert (await http.get(f"/parked/{UUID(int=0)}")).status_code == 404
    del http.headers["x-admin"]
    assert (await http.get("/parked")).status_code == 403
