"""The pages in a real browser, on a phone and on a desk."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from conftest import Databases
from console.browser import Browser, browser
from console.test_imports import KNOWN, STRANGE, WRONG, reader, sent
from console.world import CLOSED, County2026
from mingjing.issuer import make_issuer
from mingjing.keys import client_key_file
from mingjing_console.service import SERVICE
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

PHONE, DESK = (390, 844), (1360, 860)
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
"""A folder in which to leave what was seen."""


@pytest.fixture(scope="module")
async def url(county: County2026) -> AsyncIterator[str]:
    """The console on a port, for the browser."""
    async with served(county.hosts["console"].app(), free_port()) as address:
        yield address


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def served(app: Any, port: int) -> AsyncIterator[str]:
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
                assert await seen.value("document.styleSheets.length") == (2 if cookies else 1)
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []


async def test_an_import_is_looked_at_on_a_small_phone_and_on_a_desk(
    county: County2026, url: str, tmp_path: Path
) -> None:
    clerk = await county.cookie("licensing-officer")
    unread = (await sent(county, STRANGE.replace("全名", "正式名称").encode(), "待对照.csv")).headers["location"]
    known = KNOWN + WRONG.replace("击壤", "松间")
    preview = (await sent(county, known.encode(), "名单.csv")).headers["location"]
    taken = (await county.client.get("http://registry/registry/v1/imports", headers=reader())).json()["items"]
    pages = [
        ("imports", "/imports", "导入名单"),
        ("import-mapping", unread, "各列的含义"),
        ("import-preview", preview, "确认导入"),
        ("import-done", f"/imports/done/{taken[0]['import_id']}", "值得一看的行"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in ((360, 780), DESK):
                await seen.open(url + path, width, height, clerk)
                assert shown in await seen.value("document.body.innerText"), name
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        for name, value in clerk.items():  # a header that is set from outside does not go with a form
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        await seen.open(url + preview, *DESK)
        await seen.press(f"form[action='{preview}/confirmation'] button")
        await seen.until("location.pathname.startsWith('/imports/done/') && document.readyState == 'complete'")
        assert "名单.csv" in await seen.value("document.body.innerText")
        assert seen.complaints == []


async def test_a_person_signs_in_at_another_site_chooses_herself_and_leaves(
    databases: Databases, tmp_path: Path
) -> None:
    """The issuer is another site than the console (localhost, 127.0.0.1), as a real provider is."""
    here, there = free_port(), free_port()
    console, issuer = f"http://127.0.0.1:{here}", f"http://localhost:{there}"
    make_key_file(tmp_path / "keys" / "sealing.key")
    provider = make_issuer(issuer, tmp_path / "keys", console=console)
    url = databases.fresh()
    await migrate(SERVICE, url, say=lambda _: None)
    settings = SERVICE.settings(
        postgres_url=url,
        issuer_url=issuer,
        console_url=console,
        data_dir=tmp_path,
        sign_in_client_id="console",
        sign_in_key_file=client_key_file(tmp_path / "keys", "console"),
    )
    host = Host(SERVICE, settings, parts={"http"})
    async with (
        served(provider, there),
        host.running(),
        served(host.app(), here),
        browser(tmp_path / "profile") as seen,
    ):
        await _signs_in(seen, console, issuer)
        await _leaves(seen, console)
        # What the console asks of services that are not there is not the browser's to complain of.
        assert [one for one in seen.complaints if "503" not in one] == []
    databases.drop(url)


async def _signs_in(seen: Browser, console: str, issuer: str) -> None:
    await seen.open(f"{console}/sign-in", *DESK)
    await seen.press("a.button")
    await seen.until(f"location.href.startsWith('{issuer}/authorize') && document.readyState == 'complete'")
    assert await seen.value("document.scripts.length") == 0
    assert "董小寒" in await seen.value("document.body.innerText")
    await seen.press("input[value=administrator] ~ button")
    await seen.until(f"location.href == '{console}/overview' && document.readyState == 'complete'")
    assert "董小寒" in await seen.value("document.body.innerText")
    assert await seen.value("document.cookie") == ""


async def _leaves(seen: Browser, console: str) -> None:
    await seen.open(f"{console}/sessions", *PHONE)
    for shown in ("本次登录", "Chrome"):
        assert shown in await seen.value("document.body.innerText")
    assert await seen.value("document.documentElement.scrollWidth") <= PHONE[0]
    await seen.press("form[action='/sign-out'] button")
    await seen.until(f"location.href == '{console}/' && document.readyState == 'complete'")
    await seen.open(f"{console}/overview", *DESK)
    assert await seen.value("location.pathname") == "/sign-in"


async def test_the_forms_of_officers_fit_a_narrow_phone_and_a_desk(
    county: County2026, url: str, tmp_path: Path
) -> None:
    institution = f"/institutions/{county.ids[CLOSED]}"
    official = await county.cookie("licensing-officer")
    pages = [
        ("forms", institution, "可办事项"),
        ("begin-institution", "/begin/institution", "新办机构登记"),
        ("begin-listing", "/begin/listing", "提请列入黑名单"),
        ("annual-checks", "/annual-checks", "批量开展年检"),
        ("applications", "/applications", "办件"),
        ("ledger", "/ledger", "压减率"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in ((360, 780), (1280, 800)):
                await seen.open(url + path, width, height, official)
                await seen.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
                assert shown in await seen.value("document.body.innerText"), name
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
                assert await seen.value("document.scripts.length") == 0
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []
