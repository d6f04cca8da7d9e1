"""Forms of joint operations and of grid posts: planned, shared, taken over; a roster previewed, taken and mended."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import httpx
import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_finding_pages import CULTURE, FIRE, INSPECTION, said
from console.test_round_page import NARROW, TALL, outpost  # noqa: F401 - the fixture
from console.world import County2026, token
from inspection.samples import MUDUO, PHOTO, SITE, visit_body
from mingjing_kernel.identifiers import new_id

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
KEY = re.compile(r'name="_key" value="([0-9a-f-]{36})"')


@pytest.fixture
async def officer(outpost: County2026) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811 - the fixture
    app = httpx.ASGITransport(outpost.hosts["console"].app())
    async with httpx.AsyncClient(transport=app, base_url="http://console") as seen:
        seen.cookies.update(await outpost.cookie("inspector"))
        yield seen


async def test_an_operation_is_planned_its_departments_invited_and_evidence_shared_with_its_origin(
    outpost: County2026,  # noqa: F811 - the fixture
    officer: httpx.AsyncClient,
) -> None:
    empty = await officer.get("/operations/new")
    assert "部署联合检查" in empty.text
    assert (await officer.get("/operations")).text.count('href="/operations/new"') == 1
    key = KEY.findall(empty.text)[0]
    form = {
        "_key": key, "title": "暑期联合检查", "department": CULTURE, f"members:{CULTURE}": "true",
        f"members:{FIRE}": "true", "held_on": "2026-07-03", "reason": "督查",
        f"pick:{MUDUO}|{SITE}": "true", "step": "search", "q": "木",
    }  # fmt: skip
    picked = await officer.post("/operations/new", data=form)
    assert f"{MUDUO} | {SITE}" in picked.text
    bare = {name: text for name, text in form.items() if not name.startswith("pick:")} | {"step": "send"}
    wrong = await officer.post("/operations/new", data=bare)
    assert wrong.status_code == 422, wrong.status_code
    sent = bare | {"targets": f"{MUDUO} | {SITE}", "_key": key}
    planned = await officer.post("/operations/new", data=sent)
    assert planned.status_code == 303, planned.text[:2_000]
    assert urlparse(planned.headers["location"]).path == f"/operations/{key}"
    again = await officer.post("/operations/new", data=sent)
    assert urlparse(again.headers["location"]).path == f"/operations/{key}", "sent twice it is one"
    await said(outpost, "inspector", "POST", f"/operations/{key}/answers", department=FIRE, takes_part=True)
    await said(outpost, "inspector", "POST", f"/operations/{key}/launch")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    tasks = (await outpost.client.get(f"{INSPECTION}/tasks?rule=operation:{key}", headers=headers)).json()["items"]
    (own,) = [one for one in tasks if one["department"] == CULTURE]
    assert len(tasks) == 2
    looked_at = [{"item": item, "finding": "PASS"} for item in ["C01", "C02", "C03", "C04", "C06", "C08", "C14"]]
    visit = visit_body(task_id=own["task_id"], observation={"companions": ["officer-2"], "answers": looked_at})
    await said(outpost, "grid-officer", "POST", f"/tasks/{own['task_id']}/acceptance")
    made = await outpost.send("grid-officer", "PUT", f"{INSPECTION}/visits/{new_id()}", json=visit)
    await outpost.caught_up("inspection")
    page = (await officer.get(f"/operations/{key}")).text
    assert "共享本部门证据" in page, made
    visit_id = re.findall(r'name="visit_id" value="([0-9a-f-]{36})"', page)[0]
    shared = {"_key": str(new_id()), "visit_id": visit_id, "sha256": PHOTO, "note": "门口照片"}
    done = await officer.post(f"/operations/{key}/share", data=shared)
    assert done.status_code == 303, done.text
    assert parse_qs(urlparse(done.headers["location"]).query)["at"]
    after = (await officer.get(done.headers["location"])).text
    assert "门口照片" in after
    assert "苏小暑" in after, "who took it stands beside it"
    foreign = await officer.post(f"/operations/{key}/share", data=shared, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    broken = await officer.post(f"/operations/{key}/reference", data={"item_id": "x", "visit": "a|b"})
    assert broken.status_code == 422


async def test_a_roster_is_previewed_taken_and_a_row_is_mended_on_the_page(
    outpost: County2026,  # noqa: F811 - the fixture
    officer: httpx.AsyncClient,
) -> None:
    roster = "网格编码,网格员,副网格员\n330106109001001,<b>nobody</b>,\n33010610900100X,a,\n".encode()
    files = {"file": ("名册.csv", roster, "text/csv")}
    shown = await officer.post("/grids/posts", files=files, data={"from_on": "2026-07-01"})
    assert shown.status_code == 200, shown.text
    assert "&lt;b&gt;nobody" in shown.text
    assert "2 行需补正" in shown.text
    hidden = dict(re.findall(r'name="(_key|name|from_on|content)" value="([^"]*)"', shown.text.split("确认导入")[0]))
    taken = await officer.post("/grids/posts/taking", data=hidden)
    assert "待补正 2 行" in taken.text, taken.text
    action = re.findall(r'action="(/grids/posts/[0-9a-f-]{36}/\d+)"', taken.text)[0]
    still = await officer.post(action, data={"officer": "nobody", "on": "2026-07-01"})
    assert still.status_code == 409
    assert "没有在" in still.text
    none = await officer.post("/grids/posts", files={"file": ("", b"", "text/csv")}, data={"from_on": "2026-07-01"})
    assert none.status_code == 422
    nobody = httpx.AsyncClient(transport=officer._transport, base_url="http://console")
    assert (await nobody.get("/grids/posts")).headers["location"] == "/sign-in"
    assert (await nobody.post("/operations/new", data={})).headers["location"] == "/sign-in"


async def test_forms_fit_a_narrow_screen(outpost: County2026, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    async with browser(tmp_path / "profile") as seen, served(outpost.hosts["console"].app(), free_port()) as url:
        for name, value in (await outpost.cookie("inspector")).items():
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        for path in ("/operations/new", "/grids/posts"):
            await seen.open(f"{url}{path}", NARROW, TALL)
            await seen.until("document.readyState === 'complete'")
            assert await seen.value("document.documentElement.scrollWidth") <= NARROW, path
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"{path.strip('/').replace('/', '-')}-360.png")
