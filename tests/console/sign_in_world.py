"""The console over the development issuer, in one process and without a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg

from mingjing.issuer import PEOPLE, make_issuer
from mingjing.keys import client_key_file
from mingjing_console.service import SERVICE
from mingjing_console.signing_in import SignIn
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host

ISSUER, CONSOLE = "http://127.0.0.1:8109", "http://127.0.0.1:8100"
AUDITOR = PEOPLE["auditor"]


@dataclass
class World:
    """A console and an issuer with one clock."""

    host: Host
    directory: Path
    time: dict[str, datetime]
    is_away: dict[str, bool]
    change: dict[str, Any]
    answers: list[httpx.Response] = field(default_factory=list)

    def browser(self) -> httpx.AsyncClient:
        app = self.host.app()
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=("127.0.0.1", 1)),
            base_url=CONSOLE,
            headers={
                "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537",
                "Sec-Fetch-Site": "same-origin",
            },
        )

    def later(self, **more: int) -> None:
        self.time["now"] += timedelta(**more)

    async def choose(self, started: httpx.Response, person: str = "auditor") -> str:
        """What the issuer's page sends the browser back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(started.headers["location"]).query).items()}
        chosen = await self.host.client.post(f"{ISSUER}/authorize", data={**asked, "person": person})
        assert chosen.status_code == 303, chosen.text
        return chosen.headers["location"]

    async def signed_in(self, person: str = "auditor") -> httpx.AsyncClient:
        browser = self.browser()
        back = await browser.get(await self.choose(await browser.get("/sign-in/start"), person))
        assert back.status_code == 200, back.text
        return browser

    @property
    def store(self) -> Any:
        return SignIn(self.host).store

    async def rows(self) -> list[dict[str, Any]]:
        rows = await self.host.log.pool.fetch("SELECT * FROM console.sessions ORDER BY session_id")
        return [dict(row) for row in rows]


@asynccontextmanager
async def made(url: str, directory: Path, **more: Any) -> AsyncIterator[World]:
    make_key_file(directory / "keys" / "sealing.key")
    time, is_away = {"now": datetime(2026, 3, 1, 8, 0, tzinfo=UTC)}, {"issuer": False}
    change: dict[str, Any] = {}
    issuer = make_issuer(ISSUER, directory / "keys", console=CONSOLE, now=lambda: time["now"])
    inside = httpx.ASGITransport(issuer, client=("127.0.0.1", 1))

    async def answer(request: httpx.Request) -> httpx.Response:
        if is_away["issuer"] or request.url.port != 8109:
            raise httpx.ConnectError("away", request=request)
        found = await inside.handle_async_request(request)
        if request.url.path == "/token" and change:
            document = json.loads(await found.aread())
            return httpx.Response(found.status_code, json=change["by"](document))
        return found

    with psycopg.connect(url) as connection:  # worlds begin at one hour: a lock would stand
        connection.execute("DELETE FROM console.lockouts")
    async with AsyncExitStack() as stack:
        settings = SERVICE.settings(
            postgres_url=url,
            issuer_url=ISSUER,
            console_url=CONSOLE,
            data_dir=directory,
            sign_in_client_id="console",
            sign_in_key_file=client_key_file(directory / "keys", "console"),
            **more,
        )
        host = Host(SERVICE, settings, parts={"http"}, now=lambda: time["now"])
        await host.client.aclose()
        host.client = await stack.enter_async_context(httpx.AsyncClient(transport=httpx.MockTransport(answer)))
        await stack.enter_async_context(host.running())
        await host.log.pool.execute("DELETE FROM console.sessions")
        yield World(host, directory, time, is_away, change)
