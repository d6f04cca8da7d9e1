"""The access page: what each visitor sees, and that a form does what its service allows."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from console.access.conftest import ADMIN, Desk, grant_id
from console.browser import browser
from mingjing_console.session import COOKIE

PHONE, DESK = (390, 844), (1360, 860)


async def opened(desk: Desk, who: str, path: str = "/access") -> httpx.Response:
    return await desk.client.get(path, headers={"Cookie": await desk.cookie(who)})


async def sent(desk: Desk, who: str, form: str, site: str = "same-origin", **fields: str) -> httpx.Response:
    headers = {"Cookie": await desk.cookie(who), "Sec-Fetch-Site": site}
    return await desk.client.post(f"/access/{form}", data=fields, headers=headers)


def new_grant(number: int, person: str, **more: str) -> dict[str, str]:
    return {
        "grant_id": str(grant_id(number)),
        "person": person,
        "name": "程立夏",
        "role": "inspector",
        "department": "*",
        "region": "330106",
        "category": "*",
        "organisation": "",
        "valid_from": "2026-07-01",
        "valid_until": "2026-12-31",
        "reason": "任命",
        "legal_basis": "任字〔2026〕1号",
        **more,
    }


async def test_an_administrator_gives_and_takes_on_the_page(office: Desk) -> None:
    given = await sent(office, ADMIN, "give", **new_grant(5, "p-5"))
    assert given.status_code == 303, given.text
    page = await opened(office, ADMIN, given.headers["location"])
    for shown in ("程立夏", "执法检查员", "生效", "2026-07-01 10:00 — 2027-01-01 00:00", "任字〔2026〕1号"):
        assert shown in page.text, shown
    assert await office.mine("p-5") == ["inspector"]
    taken = await sent(office, ADMIN, "take", grant_id=str(grant_id(5)), reason="调离")
    assert taken.status_code == 303
    page = await opened(office, ADMIN, taken.headers["location"])
    assert "已收回" in page.text
    assert "调离" in page.text
    assert await office.mine("p-5") == []


async def test_a_refusal_comes_back_onto_the_page_in_its_own_words(office: Desk) -> None:
    refused = await sent(office, ADMIN, "give", **new_grant(5, ADMIN))
    assert refused.status_code == 409
    assert "任何人不得给自己授权" in refused.text
    assert "Nobody gives himself a grant" in refused.text
    wrong = await sent(office, ADMIN, "give", **new_grant(5, "p-5", valid_until="soon"))
    assert wrong.status_code == 422
    foreign = await sent(office, ADMIN, "give", "cross-site", **new_grant(5, "p-5"))
    assert foreign.status_code == 403
    assert await office.mine("p-5") == []


async def test_who_administers_nothing_sees_his_own_access_only(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    page = await opened(office, "p-5")
    assert "执法检查员" in page.text
    assert ADMIN not in page.text.replace(f"{ADMIN}（演示）", "")
    assert "人员与授权" not in page.text
    assert (await desk_without_cookie(office)).headers["location"] == "/sign-in"


async def desk_without_cookie(desk: Desk) -> httpx.Response:
    return await desk.client.get("/access")


async def test_the_other_buttons_do_what_they_say(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    part = {
        "delegation_id": str(grant_id(6)),
        **{name: value for name, value in new_grant(5, "p-6").items() if name != "legal_basis"},
        "valid_until": "2026-07-03",
    }
    assert (await sent(office, "p-5", "delegate", **part)).status_code == 303
    assert await office.mine("p-6") == ["inspector"]
    lent = {"substitution_id": str(grant_id(7)), "person": "p-5", "substitute": "p-7", "reason": "休假"}
    until = {"valid_from": "2026-07-01", "valid_until": "2026-07-05"}
    assert (await sent(office, "p-5", "substitute", **lent, **until)).status_code == 303
    page = await opened(office, ADMIN)
    assert "p-7 → p-5" in page.text
    steps = [
        ("dismiss", {"substitution_id": str(grant_id(7))}),
        ("lock", {"person": "p-6"}),
        ("unlock", {"person": "p-6"}),
        ("end-sign-ins", {"person": "p-6", "id": str(grant_id(8))}),
    ]
    for form, fields in steps:
        done = await sent(office, ADMIN, form, reason="试用", **fields)
        assert done.status_code == 303, (form, done.text)


async def test_the_page_has_no_script_and_every_button_its_english(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    for who in (ADMIN, "p-5"):
        page = await opened(office, who)
        assert not re.search(r"<script|<style|style=|onclick|javascript:", page.text)
        pressed = re.findall(r"<button[^>]*>(.*?)</button>", page.text)
        assert pressed
        for shown in pressed:
            assert re.fullmatch(r'[\u4e00-\u9fff]+ <small lang="en">[A-Za-z -]+</small>', shown), shown


@pytest.fixture
async def url(office: Desk) -> AsyncIterator[str]:
    """The console on a port, for the browser."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Without lifespan: the host runs already.
    server = Server(office.host.app(), address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not await _answers(port):  # noqa: ASYNC110  (another loop serves)
            await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


FILL = """(fields => {
    const form = document.querySelector('form[action="/access/give"]');
    form.closest('details').open = true;
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    form.querySelector('button').click();
})(%s)"""


async def test_a_grant_is_given_in_a_browser_on_a_phone_and_shown_on_a_desk(
    office: Desk, url: str, tmp_path: Path
) -> None:
    async with browser(tmp_path / "profile") as seen:
        await seen.ask("Network.setCookie", name=COOKIE, value=(await office.cookie(ADMIN)).partition("=")[2], url=url)
        for width, height in (PHONE, DESK):
            await seen.open(f"{url}/access", width, height)
            assert "人员与授权" in await seen.value("document.body.innerText")
            await seen.value("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert await seen.value("document.documentElement.scrollWidth") <= width
        fields = {"person": "p-5", "name": "程立夏", "role": "inspector", "reason": "任命", "legal_basis": "任字1号"}
        await seen.value(FILL % _as_script(fields))
        await _shown(seen, "程立夏")
        assert seen.complaints == []
    assert await office.mine("p-5") == ["inspector"]


def _as_script(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: '{value}'" for name, value in fields.items()) + "}"


async def _shown(seen: Any, text: str) -> None:
    async with asyncio.timeout(20):
        while text not in (  # noqa: ASYNC110  (the browser tells nobody)
            await seen.value("document.body ? document.body.innerText : ''") or ""
        ):
            await asyncio.sleep(0.05)
