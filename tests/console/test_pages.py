"""What people see, page by page, over the real services."""

from __future__ import annotations

import re

import httpx
import pytest
from htpy import section

from console.world import CLOSED, County2026, token
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import due
from mingjing_console.pages.institution import at_door
from mingjing_console.pages.lookup import restriction, results
from mingjing_console.pages.registry import annulled
from mingjing_console.session import COOKIE

KILOBYTES_MAX = 7
OFFICIAL = ("fund-regulator", "auditor")


async def opened(county: County2026, path: str, *roles: str) -> httpx.Response:
    held = await county.cookie(*roles) if roles else {}
    headers = {"Cookie": f"{COOKIE}={held[COOKIE]}"} if held else {}
    return await county.client.get(f"http://console{path}", headers=headers)


async def test_a_parent_finds_an_institution_in_seven_kilobytes(county: County2026) -> None:
    empty = await opened(county, "/")
    style = await opened(county, re.search(r'href="(/mingjing\.css[^"]*)"', empty.text)[1])  # type: ignore[index]
    assert len(empty.content) + len(style.content) <= KILOBYTES_MAX * 1024
    found = await opened(county, "/?q=鼓瑟里")
    assert found.status_code == 200
    assert CLOSED in found.text
    assert len(found.content) <= KILOBYTES_MAX * 1024
    nothing = await opened(county, "/?q=没有这家")
    assert "没有查到" in nothing.text


@pytest.mark.parametrize("path", ["/", "/?q=培训", "/whitelist", "/sign-in"])
async def test_no_page_has_a_script_or_a_style_of_its_own(county: County2026, path: str) -> None:
    answer = await opened(county, path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|style=|onclick|javascript:", answer.text)


@pytest.mark.parametrize(("path", "roles"), [("/", ()), ("/whitelist", ()), ("/sign-in", ()), ("/overview", OFFICIAL)])
async def test_every_button_and_every_way_has_its_english(
    county: County2026, path: str, roles: tuple[str, ...]
) -> None:
    answer = await opened(county, path, *roles)
    pressed = re.findall(r"<button[^>]*>(.*?)</button>", answer.text)
    menu = re.search(r"<nav>(.*?)</nav>", answer.text)
    assert menu is not None
    for shown in pressed + re.findall(r"<a [^>]*>(.*?)</a>", menu[1]):
        assert re.fullmatch(r'[\u4e00-\u9fff]+ <small lang="en">[A-Za-z -]+</small>', shown), shown


async def test_what_somebody_typed_is_text(county: County2026) -> None:
    answer = await opened(county, '/?q="><script>alert(1)</script>')
    assert "<script" not in answer.text
    page = await opened(county, f"/institutions/{county.ids[CLOSED]}", *OFFICIAL)
    assert "卷帘门拉下" in page.text
    assert "<script" not in page.text


async def test_the_public_sees_what_is_published_and_nothing_else(county: County2026) -> None:
    page = await opened(county, f"/institutions/{county.ids[CLOSED]}")
    assert page.status_code == 200
    assert CLOSED in page.text
    for hidden in ("时间线", "卷帘门", "最低留存", "巡查"):
        assert hidden not in page.text
    assert (await opened(county, f"/institutions/{'0' * 8}-0000-0000-0000-{'0' * 12}")).status_code == 404
    overview = await opened(county, "/overview")
    assert (overview.status_code, overview.headers["location"]) == (303, "/sign-in")


async def test_an_official_sees_visits_complaints_tasks_alerts_and_money_on_one_page(county: County2026) -> None:
    page = await opened(county, f"/institutions/{county.ids[CLOSED]}", *OFFICIAL)
    for shown in ("关门", "投诉", "检查任务", "资金预警", "F02", "托管专户", "湖畔商业银行", "12345"):
        assert shown in page.text, shown
    assert page.headers["cache-control"] == "no-store"


async def test_a_code_at_a_door_says_whose_door_it_is_and_a_torn_one_warns(county: County2026) -> None:
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    sites = (await county.client.get("http://registry/registry/v1/sites", headers=headers)).json()["items"]
    page = await opened(county, f"/s/{sites[0]['site_id']}")
    assert page.status_code == 200
    for shown in ("已批准的教学点", sites[0]["address"], "12345"):
        assert shown in page.text, shown
    for torn in (sites[0]["institution_id"], "x" * 36):
        page = await opened(county, f"/s/{torn}")
        assert page.status_code == 404
        assert "不要在这里交费" in page.text


@pytest.mark.parametrize("state", ["suspended", "expired", "revoked", "cancelled", "applied"])
def test_a_door_under_no_licence_in_force_shows_no_badge(state: str) -> None:
    shown = str(section[at_door({"address": "文三路1号", "licence_state": state, "is_in_force": False})])
    assert "已批准的教学点" not in shown
    assert "办学许可无效" in shown
    assert "请勿在此交费" in shown


def test_a_door_under_rectification_is_approved_but_not_green() -> None:
    shown = str(section[at_door({"address": "文三路1号", "licence_state": "rectifying", "is_in_force": True})])
    assert "限期整改" in shown
    assert "good" not in shown


def test_a_restriction_on_recruiting_is_said_to_families_in_both_languages() -> None:
    row = {"recruitment_notice": "限制招生：2026年度年检不合格", "recruitment_notice_en": "Not to enrol anybody new"}
    shown = str(section[restriction(row)])
    assert "限制招生：2026年度年检不合格" in shown
    assert '<small lang="en"> Not to enrol anybody new</small>' in shown
    assert restriction({"recruitment_notice": "", "recruitment_notice_en": ""}) is None


def test_a_listing_whose_decision_was_annulled_says_by_when_it_goes_and_that_it_is_late() -> None:
    row = {"remove_by": "2026-07-03", "stage": "published", "annulment_reference": "杭政复1号", "overdue_on": None}
    assert "应于 2026-07-03 前移出" in str(section[annulled(row)])
    assert "已逾期" not in str(section[annulled(row)])
    assert "已逾期" in str(section[annulled({**row, "overdue_on": "2026-07-04"})])
    assert annulled({**row, "stage": "removed"}) is None


async def test_the_overview_counts_what_the_services_count(county: County2026) -> None:
    names = ("registry", "inspection", "funds")
    before = {name: await county.hosts[name].log.head() for name in names}
    page = await opened(county, "/overview", *OFFICIAL)
    assert page.status_code == 200
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    totals = (await county.client.get("http://inspection/inspection/v1/totals", headers=headers)).json()
    assert totals["complaints"] >= 587, "and what other tests took"
    ledger = (await county.client.get("http://registry/registry/v1/ledger/totals", headers=headers)).json()["totals"]
    assert 0 < ledger["institutions"] <= len(county.ids)
    for number in (totals["complaints"], totals["tasks_open"], ledger["institutions"]):
        assert f"<b>{number:,}</b>" in page.text
    for name in names:  # what the page itself read is on record meanwhile
        heads = range(before[name], await county.hosts[name].log.head() + 1)
        assert any(f">{head:,}<" in page.text for head in heads), name


@pytest.mark.parametrize("forged", ["", "x" * 43, token("auditor"), '"', "x" * 5_000])
async def test_a_forged_cookie_opens_nothing(county: County2026, forged: str) -> None:
    answer = await county.client.get("http://console/overview", headers={"Cookie": f"{COOKIE}={forged}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_form_of_another_site_signs_nobody_out(county: County2026) -> None:
    ways = ("/sign-out", "/sessions/others/end", f"/sessions/{'0' * 8}-0000-0000-0000-{'0' * 12}/end")
    held = (await county.cookie(*OFFICIAL))[COOKIE]
    for way in ways:
        foreign = {"Sec-Fetch-Site": "cross-site", "Cookie": f"{COOKIE}={held}"}
        left = await county.client.post(f"http://console{way}", headers=foreign)
        assert left.status_code == 403
        assert "set-cookie" not in left.headers
    still = await county.client.get("http://console/overview", headers={"Cookie": f"{COOKIE}={held}"})
    assert still.status_code == 200


async def test_a_service_that_is_away_leaves_a_gap_that_says_so(county: County2026) -> None:
    console = county.hosts["console"]
    whole, console.client = console.client, httpx.AsyncClient(transport=httpx.MockTransport(_away))
    try:
        for path in ("/?q=培训", "/overview"):
            answer = await opened(county, path, *OFFICIAL)
            assert answer.status_code == 200
            assert "暂时查不到" in answer.text
    finally:
        await console.client.aclose()
        console.client = whole


def _away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away", request=request)


def test_a_number_that_one_lost_and_another_one_holds_is_not_called_invalid() -> None:
    row = {"institution_id": "1", "name": "甲", "category": "art", "department": "education", "custody_bank": ""}
    number = "教民133010670000026"
    ended = [{"number": number, "how": "replaced", "on": "2026-06-30"}]
    once = row | {"licence_number": "教民133010670000016", "ended_numbers": ended}
    now = row | {"licence_number": number, "ended_numbers": []}

    def shown(*rows: dict[str, object]) -> str:
        return str(section[results(number, Answer(200, {"items": list(rows), "next": None}))])

    assert "不是有效许可" in shown(once)
    assert "不是有效许可" in shown(once, now | {"ended_numbers": ended}), "its own has ended as well"
    assert "不是有效许可" not in shown(once, now)


def test_a_clock_of_hours_is_shown_by_the_hour_in_china() -> None:
    one = {"due_on": "2026-07-01", "due_at": None, "is_overdue": False}
    assert "应于 2026-07-01 前办理" in str(section[due(one)])
    hours = {**one, "due_at": "2026-07-01T09:30:00Z"}
    assert "应于 2026-07-01 17:30 前办理" in str(section[due(hours)])
    assert "已逾期，应于 2026-07-01 17:30 前办理" in str(section[due({**hours, "is_overdue": True})])
    assert due({"due_on": None}) is None
