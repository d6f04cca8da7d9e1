"""The pages in a real browser, on a phone and on a desk."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from console.browser import browser
from console.world import CLOSED, County2026

PHONE, DESK = (390, 844), (1360, 860)
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
"""A folder in which to leave what was seen."""


@pytest.fixture(scope="module")
async def url(county: County2026) -> AsyncIterator[str]:
    """The console on a port, for the browser."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = county.hosts["console"].app()
    # Without lifespan: the host runs already.
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    await _listening(port)
    yield f"http://127.0.0.1:{port}"
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _listening(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def test_the_pages_fit_a_phone_and_a_desk_and_the_browser_complains_of_nothing(
    county: County2026, url: str, tmp_path: Path
) -> None:
    institution = f"/institutions/{county.ids[CLOSED]}"
    official = await county.cookie("fund-regulator", "auditor")
    pages = [
        ("lookup", "/", None, "查一查培训机构"),
        ("results", "/?q=鼓瑟", None, CLOSED),
        ("whitelist", "/whitelist", None, "白名单"),
        ("public", institution, None, CLOSED),
        ("sign-in", "/sign-in", None, "登录"),
        ("official", institution, official, "时间线"),
        ("overview", "/overview", official, "总览"),
        ("sessions", "/sessions", official, "我的登录"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, cookies, shown in pages:
            for width, height in (PHONE, DESK):
                await seen.open(url + path, width, height, cookies)
                assert shown in await seen.value("document.body.innerText"), name
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
                assert await seen.value("document.styleSheets.length") == 1
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []
