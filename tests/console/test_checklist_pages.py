"""The page of checklists: a foreign header confirmed, the file proposed and approved, the mapping taken back."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import NARROW, TALL, outpost  # noqa: F401 - the fixture
from console.world import County2026
from inspection.test_checklist_mapping import FILE, HEADER, SENDER

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
PATH = "/checklists"
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


async def visitor(outpost: County2026, role: str, name: str) -> httpx.AsyncClient:  # noqa: F811
    made = httpx.AsyncClient(transport=httpx.ASGITransport(outpost.hosts["console"].app()), base_url="http://console")
    made.cookies.update(await outpost.cookie(role, name=name))
    return made


@pytest.fixture
async def chief(outpost: County2026) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811 - the fixture
    async with await visitor(outpost, "inspector", "苏小暑") as made:
        yield made


def form_of(page: str, action: str) -> dict[str, str]:
    """What a form carries, as a browser would send it."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found is not None, page
    return {name: html.unescape(value) for name, value in HIDDEN.findall(found[1])}


async def test_a_foreign_header_is_confirmed_once_and_the_file_proposed_and_approved_by_another(
    outpost: County2026,  # noqa: F811 - the fixture
    chief: httpx.AsyncClient,
) -> None:
    files = {"file": ("<b>市级</b>.csv", FILE, "text/csv")}
    asked = await chief.post(PATH, files=files, data={"sender": SENDER})
    assert asked.status_code == 200, asked.text
    assert "&lt;b&gt;市级" in asked.text, "what a file is called is text"
    assert "请说明各列含义" in asked.text
    form = form_of(asked.text, f"{PATH}/mapping") | {"sender": SENDER}
    assert json.loads(form["header"]) == HEADER
    guessed = re.findall(r'<select name="column-(\d+)">(.*?)</select>', asked.text, re.S)
    chosen = {f"column-{at}": re.findall(r'<option value="(\w*)" selected', options)[0] for at, options in guessed}
    assert (chosen["column-0"], chosen["column-3"]) == ("code", "severity"), chosen
    short = await chief.post(f"{PATH}/mapping", data=form | {"column-0": "code"})
    assert short.status_code == 422, short.text
    assert "请说明各列含义" in short.text, "what is refused is asked once more"
    said = dict(zip(("code", "title_zh", "legal_basis", "severity", "", "photo_required"), range(6), strict=True))
    columns = {f"column-{at}": name for name, at in said.items()}
    read = await chief.post(f"{PATH}/mapping", data=form | columns)
    assert read.status_code == 200, read.text
    assert "办学许可证是否有效" in read.text
    proposal = form_of(read.text, f"{PATH}/proposal")
    proposal |= {"version": "patrol-2026-city", "effective_from": "2026-07-02", "reason": "市级清单"}
    early = await chief.post(f"{PATH}/proposal", data=proposal | {"effective_from": "2026-06-01"})
    assert early.status_code == 422, early.text
    done = await chief.post(f"{PATH}/proposal", data=proposal)
    assert done.status_code == 200, done.text
    assert "已提出 patrol-2026-city" in done.text
    approval = f"{PATH}/patrol-2026-city/approval"
    own = await chief.post(approval, data=form_of(done.text, approval))
    assert own.status_code == 403, own.text
    async with await visitor(outpost, "approver", "钱立冬") as second:
        approved = await second.post(approval, data=form_of((await second.get(PATH)).text, approval))
        assert (approved.status_code, approved.headers["location"]) == (303, PATH), approved.text
    page = (await chief.get(PATH)).text
    assert "patrol-2026-city" in page
    assert f"{SENDER} · 6 列" in page
    back = form_of(page, f"{PATH}/mapping/withdrawal") | {"reason": "该局已换表"}
    assert (await chief.post(f"{PATH}/mapping/withdrawal", data=back)).status_code == 303
    assert "尚无列名对照" in (await chief.get(PATH)).text


async def test_forms_that_no_page_made_and_visitors_who_may_not_are_told_so(
    outpost: County2026,  # noqa: F811 - the fixture
    chief: httpx.AsyncClient,
) -> None:
    for path, broken in (
        ("/mapping", {"content": "%%%", "header": "[]"}), ("/mapping", {"content": "", "header": '{"a":1}'}),
        ("/mapping/withdrawal", {"header": "[1]"}), ("/proposal", {"content": "%%%"}),
    ):  # fmt: skip
        assert (await chief.post(f"{PATH}{path}", data=broken)).status_code == 422, path
    assert (await chief.post(PATH, files={"file": ("", b"", "text/csv")}, data={})).status_code == 422
    large = {"file": ("a.csv", b"x" * (500 * 1024 + 1), "text/csv")}
    assert "500 KB" in (await chief.post(PATH, files=large, data={})).text
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await chief.post(f"{PATH}/proposal", data={}, headers=foreign)).status_code == 403
    async with await visitor(outpost, "grid-officer", "孙清明") as officer:
        page = await officer.get(PATH)
        assert page.status_code == 200
        assert "各报送方的列名对照" in page.text
    nobody = httpx.AsyncClient(transport=chief._transport, base_url="http://console")
    assert (await nobody.get(PATH)).headers["location"] == "/sign-in"
    assert (await nobody.post(f"{PATH}/x/approval", data={})).headers["location"] == "/sign-in"


async def test_the_page_fits_a_narrow_screen(outpost: County2026, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    async with browser(tmp_path / "profile") as seen, served(outpost.hosts["console"].app(), free_port()) as url:
        for name, value in (await outpost.cookie("inspector")).items():
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        for path in (PATH, "/overdue-notices"):
            await seen.open(f"{url}{path}", NARROW, TALL)
            await seen.until("document.readyState === 'complete'")
            assert await seen.value("document.documentElement.scrollWidth") <= NARROW, path
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"{path.strip('/')}-360.png")
