"""Pages of findings, rectifications, draws and joint operations, also in a browser, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import htpy
import pytest

from console.browser import Browser, browser
from console.test_browser import free_port, served
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.world import NOW, County2026, token
from inspection.samples import MUDUO, PHOTO, SITE
from mingjing_console.gateway import Answer
from mingjing_console.pages import draws, overdue, overview
from mingjing_console.timeline import moments

INSPECTION = "http://inspection/inspection/v1"
FINDING, ORDER, OPERATION, TASK = (UUID(int=number) for number in range(501, 505))
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
SIZES = ((360, 780), (1280, 860))
CULTURE, FIRE = "culture-tourism-sport", "fire-rescue"


async def said(county: County2026, role: str, method: str, path: str, name: str = "苏小暑", **body: Any) -> None:
    headers = {"Authorization": f"Bearer {token(role, name=name)}"}
    await county.send(role, method, f"{INSPECTION}{path}", json=body, headers=headers)
    await county.caught_up("inspection")


@pytest.fixture(scope="module")
async def filled(outpost: County2026) -> County2026:  # noqa: F811 - the fixture
    """A finding that somebody verified and dispatched, an order that was served, an operation that is under way."""
    place = {"institution_id": str(MUDUO), "site_id": str(SITE)}
    found = {**place, "matter": "FIRE_SAFETY", "summary": "安全出口上锁，<b>疏散</b>通道堵塞", "photos": [PHOTO]}
    await said(outpost, "inspector", "PUT", f"/findings/{FINDING}", **found)
    await said(outpost, "case-officer", "POST", f"/findings/{FINDING}/verification", "钱立冬", note="属实")
    ordered = {
        **place, "finding_id": str(FINDING), "summary": "安全出口上锁", "requirements": ["立即打开安全出口"],
        "legal_basis": "消防法第二十八条",
    }  # fmt: skip
    await said(outpost, "inspector", "PUT", f"/rectifications/{ORDER}", **ordered)
    plan = {
        "title": "暑期联合检查", "department": CULTURE, "members": [CULTURE, FIRE], "targets": [place],
        "held_on": "2026-07-03", "reason": "督查",
    }  # fmt: skip
    await said(outpost, "inspector", "PUT", f"/operations/{OPERATION}", **plan)
    going = {**place, "kind": "SPECIAL", "due_at": "2026-07-20T10:00:00+08:00", "reason": "疏散通道复看"}
    await said(outpost, "inspector", "PUT", f"/tasks/{TASK}", **going)
    await said(outpost, "inspector", "POST", f"/operations/{OPERATION}/answers", department=FIRE, takes_part=True)
    await said(outpost, "inspector", "POST", f"/operations/{OPERATION}/launch")
    return outpost


@pytest.fixture(scope="module")
async def url(filled: County2026) -> AsyncIterator[str]:
    async with served(filled.hosts["console"].app(), free_port()) as address:
        yield address


async def test_the_pages_fit_a_phone_and_a_desk_and_an_act_is_done_from_a_form(
    filled: County2026, url: str, tmp_path: Path
) -> None:
    official = await filled.cookie("inspector", "case-officer", name="钱立冬")
    pages = [
        ("findings", "/findings", "已立案，待派遣"),
        ("finding", f"/findings/{FINDING}", "综合评价"),
        ("rectifications", "/rectifications", "已责令，待送达"),
        ("overdue", "/overdue-notices", "没有记录"),
        ("tasks", "/tasks", "疏散通道复看"),
        ("task", f"/tasks/{TASK}", "可办事项"),
        ("rectification", f"/rectifications/{ORDER}", "责令限期整改通知书"),
        ("operations", "/operations", "暑期联合检查"),
        ("operation", f"/operations/{OPERATION}", "各部门进度"),
        ("draws", "/draws", "如何核验"),
        ("bulletin", "/bulletin", "人员工作量"),
        ("complaint-bulletin", "/complaint-bulletin", "条之后至第"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in SIZES:
                await seen.open(url + path, width, height, official)
                assert shown in await seen.value("document.body.innerText"), name
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        await _dispatch(seen, url, official)
        await _accept(seen, url)
        assert seen.complaints == []


async def _dispatch(seen: Browser, url: str, official: dict[str, str]) -> None:
    for name, value in official.items():  # a header that is set from outside does not go with a form
        await seen.ask("Network.setCookie", name=name, value=value, url=url)
    await seen.open(f"{url}/findings/{FINDING}", *SIZES[1])
    form = f"form[action='/acts/finding/{FINDING}/dispatch-finding']"
    await seen.value(f"document.querySelector(\"{form}\").closest('details').open = true")
    await seen.press(f"{form} button")
    await seen.until("location.search.startsWith('?at=') && document.readyState == 'complete'")
    text = await seen.value("document.body.innerText")
    assert "已派遣" in text
    assert "消防救援" in text


async def _accept(seen: Browser, url: str) -> None:
    await seen.open(f"{url}/tasks/{TASK}", *SIZES[1])
    form = f"form[action='/acts/task/{TASK}/accept-task']"
    await seen.press(f"{form} button")
    await seen.until("location.search.startsWith('?at=') && document.readyState == 'complete'")
    assert "已接受" in await seen.value("document.body.innerText")


def test_a_notice_that_names_whoever_looks_stands_on_her_overview_and_leads_to_the_task() -> None:
    row: dict[str, Any] = {
        "notice_id": str(UUID(int=9)), "kind": "task", "thing_id": str(TASK), "step": "VISIT", "level": "REMINDED",
        "addressee": "DEPARTMENT", "institution_id": None, "department": CULTURE, "due_on": "2026-07-05",
        "told_at": "2026-07-03T01:00:00Z", "read_at": None, "is_read": False, "waits_for": [], "note": "",
    }  # fmt: skip
    shown = str(htpy.fragment[overview.own_notices(Answer(200, {"items": [row], "next": None}))])
    assert f'href="/tasks/{TASK}"' in shown
    assert "与您有关的催办督办" in shown
    assert overview.own_notices(Answer(200, {"items": [], "next": None})) is None


async def test_whoever_has_not_signed_in_sees_the_draws_and_nothing_else(filled: County2026) -> None:
    for path in ("/findings", f"/findings/{FINDING}", "/rectifications", f"/rectifications/{ORDER}/notice",
                 "/operations", f"/operations/{OPERATION}", "/tasks", f"/tasks/{TASK}", "/bulletin",
                 "/bulletin/2026-06-30.pdf",
                 "/complaint-bulletin", "/complaint-bulletin/2026-06-30.pdf"):  # fmt: skip
        answer = await filled.client.get(f"http://console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    assert (await filled.client.get("http://console/draws")).status_code == 200
    file = await filled.client.get("http://console/draws/draw.py")
    assert file.text.startswith("#!/usr/bin/env python3")
    missing = await filled.client.get(f"http://console/draws/{UUID(int=9)}")
    assert missing.status_code == 404


async def test_what_was_typed_by_officers_is_text_and_the_notice_is_a_pdf(filled: County2026) -> None:
    held = await filled.cookie("inspector")
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())}
    page = await filled.client.get(f"http://console/findings/{FINDING}", headers=cookie)
    assert "&lt;b&gt;疏散" in page.text
    notice = await filled.client.get(f"http://console/rectifications/{ORDER}/notice", headers=cookie)
    assert notice.headers["content-type"] == "application/pdf"
    assert notice.content.startswith(b"%PDF")
    sheet = await filled.client.get("http://console/bulletin/2026-06-30.xlsx", headers=cookie)
    assert sheet.content.startswith(b"PK")
    complaints = await filled.client.get("http://console/complaint-bulletin/2026-06-30.xlsx", headers=cookie)
    assert complaints.content.startswith(b"PK")
    unissued = await filled.client.get("http://console/bulletin/2026-06-30.pdf", headers=cookie)
    assert unissued.status_code == 404


def test_a_draw_shows_who_was_drawn_and_how_to_check_it() -> None:
    notice = {
        "plan": "2026-Q3", "attempt": 1, "title": "第三季度", "frozen_at": NOW.isoformat(), "population_hash": "f" * 64,
        "population": {"select": 1}, "commitment": "c" * 64, "public_source": "双色球", "public_value": "03 11",
        "seed": "s" * 64, "drawn_at": NOW.isoformat(), "drawn": [["a" * 32, ["b" * 32]]],
        "opened": [{"code": "a" * 32, "salt": "x", "id": str(MUDUO), "name": "木铎轩"}],
    }  # fmt: skip
    page = str(htpy.div[draws.one(notice, "draw", "1")])
    assert "木铎轩" in page
    assert "draw.py" in page
    early = {name: value for name, value in notice.items() if name not in ("drawn", "opened", "seed")}
    assert "尚未公布结果" in str(htpy.div[draws.one(early, "draw", "1")])
    assert "已宣布无效" in str(htpy.div[draws.one(early | {"annulled_because": "数据有误"}, "draw", "1")])


def test_findings_and_rectifications_stand_on_the_institutions_timeline() -> None:
    finding = {
        "reported_at": NOW.isoformat(), "stage": "DISPATCHED", "summary": "未公示", "number": "2026-1",
        "matter": "FEES", "is_veto": True,
    }  # fmt: skip
    order = {"began_at": NOW.isoformat(), "stage": "FAILED", "summary": "未公示", "deadline": "2026-07-20"}
    found = moments((), {}, None, [], [finding], [order])
    assert [(one.kind, one.state, one.is_grave) for one in found] == [
        ("FINDING", "已派遣", True),
        ("RECTIFICATION", "未整改到位", True),
    ]


def test_a_visit_that_is_doubtful_says_why_on_the_timeline() -> None:
    visit = {
        "thing_id": "v", "kind": "VISIT", "happened_at": NOW.isoformat(), "state": "NO_ISSUE", "grave": False,
        "title": "", "details": {"failed": [], "doubts": ["COMPANION_WITHOUT_GRANT", "CLOCK_AHEAD"]},
    }  # fmt: skip
    (found,) = moments([visit], {}, None, [])
    assert found.note == "存疑 doubtful: 同行人员查无权限、设备时钟偏快"


def test_a_notice_says_whom_it_was_told_and_has_a_form_until_somebody_acknowledged_it() -> None:
    row = {
        "notice_id": str(ORDER), "kind": "rectification", "thing_id": str(ORDER), "step": "RECTIFY",
        "level": "REMINDED", "addressee": "INSTITUTION", "institution_id": str(MUDUO), "department": CULTURE,
        "due_on": "2026-07-16", "told_at": NOW.isoformat(), "read_by": [], "waits_for": [], "is_read": False,
        "read_at": None, "note": "",
    }  # fmt: skip
    asked = {"level": "", "kind": "", "is_read": "", "is_mine": ""}
    page = str(htpy.div[overdue.listed(asked, Answer(200, {"items": [row], "next": None}))])
    assert "催办" in page
    assert f'action="/acts/overdue-notice/{ORDER}/acknowledge-overdue"' in page
    half = row | {"read_at": NOW.isoformat(), "note": "已办", "waits_for": ["wang"]}
    between = str(htpy.div[overdue.listed(asked, Answer(200, {"items": [half], "next": None}))])
    assert "wang" in between
    assert "已办" in between
    assert "/acts/" in between
    gone = {"is_read": True, "kind": "task", "institution_id": None}
    read = row | gone | {"read_at": NOW.isoformat(), "note": "<b>已安排"}
    after = str(htpy.div[overdue.listed(asked, Answer(200, {"items": [read], "next": None}))])
    assert "/acts/" not in after
    assert "&lt;b&gt;已安排" in after
    assert "超时" not in str(htpy.div[overdue.listed(asked, Answer(403))])
