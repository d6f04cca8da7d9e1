"""A list on its way through the import pages: sent, mapped, looked at, confirmed; without a script."""

from __future__ import annotations

import html
import re

import httpx

from console.test_office import CLERK, opened
from console.world import County2026, token
from mingjing_console.session import COOKIE

STRANGE = (
    "西湖区培训机构摸底表（统计截止：2026年6月30日）,,,,,\n"
    "培训机构全名,机构代码（18位）,办学许可编号,起始日,截止日,经营场所地址\n"
    "杭州西湖区导入页培训学校有限公司,91330106MA99999905,教民133010670099996,2024-01-01,2029-01-01,西湖区三墩镇莲花街9号\n"
    "代码错的机构,91330106MA0000!,教民133010670099997,2024-01-01,2029-01-01,西湖区三墩镇莲花街8号\n"
)
KNOWN = (
    "机构名单（统计截止：2026年6月30日）,,,,,,,,\n"
    "机构名称,统一社会信用代码,办学许可证号,发证日期,有效期至,培训类别,负责人,电话,地址\n"
    "杭州西湖区浏览器培训学校有限公司,91330106MA9999982A,教民133010670099982,2024-01-01,2029-01-01,书法,范杰俊,"
    "19900004241,西湖区三墩镇莲花街123号商铺21号\n"
)
WRONG = (
    "杭州西湖区击壤屿培训学校,52330106MJ00001U1,教民133010670000026,2023.6.21,2028年6月21日,数学,范伟刚,199,三墩街5号\n"
)
ONLY_THERE = "91330106MA9999977Q"
MAPPED = ("name", "uscc", "licence_number", "valid_from", "expires_on", "sites")


def key_of(page: httpx.Response) -> str:
    found = re.search(r'name="_key" value="([0-9a-f-]{36})"', page.text)
    assert found is not None, page.text
    return found[1]


async def sent(
    county: County2026, content: bytes, name: str, *, site: str = "same-origin", sort: str = ""
) -> httpx.Response:
    held = await county.cookie(*CLERK)
    headers = {"Cookie": f"{COOKIE}={held[COOKIE]}", "Sec-Fetch-Site": site}
    files = {"file": (name, content, "text/csv")} if content else {"file": ("", b"", "text/csv")}
    return await county.client.post(
        "http://console/imports", headers=headers, files=files, data={"sender": "三墩镇", "stated_on": "", "sort": sort}
    )


def reader() -> dict[str, str]:
    return {"Authorization": f"Bearer {token(*CLERK)}"}


async def test_a_list_is_sent_mapped_looked_at_and_confirmed(county: County2026) -> None:
    answer = await sent(county, STRANGE.encode("gb18030"), "摸底.csv")
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]

    page = await opened(county, path, *CLERK)
    assert "要先确认各列的含义" in page.text
    assert "机构代码(18位)" in page.text
    assert re.search(r'<option value="name" selected>', page.text)
    assert 'name="seen"' not in page.text
    form = {"_key": key_of(page), "t0.kind": "register", "t0.rows": "1", "t0.constant": "items", "t0.text": "书法"}
    for said in ({}, {"t0.0": "name"}):
        missing = await opened(county, f"{path}/mapping", *CLERK, form=form | said)
        assert missing.status_code in (409, 422)
        assert 'role="alert"' in missing.text
    left_out = await opened(county, f"{path}/mapping", *CLERK, form={"_key": key_of(missing), "t0.kind": ""})
    assert left_out.status_code == 303, left_out.text
    missing = await opened(county, path, *CLERK)
    assert "已确认不导入" in missing.text
    form |= {f"t0.{number}": name for number, name in enumerate(MAPPED)} | {"_key": key_of(missing)}
    mapped = await opened(county, f"{path}/mapping", *CLERK, form=form)
    assert (mapped.status_code, mapped.headers.get("location")) == (303, path), mapped.text

    page = await opened(county, path, *CLERK)
    assert "按已确认的对照读取" in page.text
    aside = await opened(county, f"{path}?what=kept-aside", *CLERK)
    assert "代码错的机构" in aside.text
    assert "<small>91330106MA99999905</small>" not in aside.text
    assert re.search(r'class="bad">[^<]*18 位', aside.text), aside.text

    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    stale = await opened(county, f"{path}/confirmation", *CLERK, form={"_key": key_of(page), "seen": "other"})
    assert stale.status_code == 409
    assert 'role="alert"' in stale.text
    confirm = {"_key": key_of(page), "seen": html.unescape(seen[1])}
    done = await opened(county, f"{path}/confirmation", *CLERK, form=confirm)
    assert done.status_code == 303, done.text
    again = await opened(county, f"{path}/confirmation", *CLERK, form=confirm)
    assert again.status_code == 303, again.text
    assert again.headers["location"].partition("?")[0] == done.headers["location"].partition("?")[0]

    result = await opened(county, done.headers["location"], *CLERK)
    assert "去补正搁置的行" in result.text
    front = await opened(county, "/imports", *CLERK)
    assert "摸底.csv" in front.text
    assert not re.search(r"<script|<style|style=|onclick|javascript:", front.text + page.text + result.text)


async def test_what_cannot_be_read_or_was_not_sent_from_here_is_refused_in_words(county: County2026) -> None:
    for content, name, status, words in (
        (b"", "", 422, "没有选择文件"),
        (b"PK\x03\x04 this is no workbook", "坏.xlsx", 422, "电子表格不完整"),
        ("随便写的一行\n".encode(), "没有表头.csv", 422, ""),
    ):
        answer = await sent(county, content, name)
        assert answer.status_code == status, answer.text
        assert words in answer.text
        assert 'role="alert"' in answer.text
    assert (await sent(county, STRANGE.encode(), "x.csv", site="cross-site")).status_code == 403
    away = await county.client.get("http://console/imports")
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in")
    unknown = await opened(county, "/imports/00000000-0000-4000-8000-000000000000", *CLERK)
    assert unknown.status_code == 404


async def test_a_waiting_file_is_dropped(county: County2026) -> None:
    answer = await sent(county, STRANGE.replace("摸底表", "另一表").encode(), "丢.csv")
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    dropped = await opened(county, f"{path}/dropping", *CLERK, form={})
    assert (dropped.status_code, dropped.headers.get("location")) == (303, "/imports"), dropped.text
    assert (await opened(county, path, *CLERK)).status_code == 404


async def test_a_staff_list_waits_apart_and_shows_masks_on_the_same_pages(county: County2026) -> None:
    staff = (
        "所在机构,姓名,身份证号,岗位,专/兼职,入职时间\n没有登记的机构,王小明,1101051949****002X,后勤,专职,2024-03-01\n"
    )
    answer = await sent(county, staff.encode(), "花名册.csv", sort="staff")
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    page = await opened(county, path, *CLERK)
    assert 'name="seen"' in page.text
    assert "王**" in page.text
    assert not any(text in page.text for text in ("王小明", "1101051949"))
    held = await county.cookie(*CLERK)
    headers = {"Cookie": f"{COOKIE}={held[COOKIE]}", "Sec-Fetch-Site": "same-origin"}
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    form = {"_key": key_of(page), "seen": seen[1]}
    done = await county.client.post(f"http://console{path}/confirmation", headers=headers, data=form)
    assert done.status_code == 303, done.text
    shown = await opened(county, done.headers["location"], *CLERK)
    assert "花名册.csv" in shown.text


async def test_a_roster_of_the_platform_waits_apart_and_changes_nothing_in_the_register(county: County2026) -> None:
    named = KNOWN.replace("机构名单", "平台名录").replace("浏览器", "平台独有")
    roster = named.replace("91330106MA9999982A", ONLY_THERE).replace("70099982", "70099977")
    answer = await sent(county, roster.encode(), "平台名录.csv", sort="roster")
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    page = await opened(county, path, *CLERK)
    assert "登记本身不变" in page.text
    assert "此次缺列" in page.text
    assert 'name="is_part"' in page.text
    assert "平台独有培训学校" in page.text
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    form = {"_key": key_of(page), "seen": seen[1], "is_part": "true"}
    done = await opened(county, f"{path}/confirmation", *CLERK, form=form)
    assert done.status_code == 303, done.text
    assert done.headers["location"].startswith("/imports/roster?at=")
    shown = await opened(county, done.headers["location"], *CLERK)
    assert (shown.status_code, "2026-06-30" in shown.text) == (200, True), shown.text
    here = await opened(county, "/imports/roster?kind=missing-here", *CLERK)
    assert f"<small>{ONLY_THERE}</small>" in here.text, here.text
    none = await opened(county, "/imports/roster?kind=differs", *CLERK)
    assert (none.status_code, ONLY_THERE in none.text) == (200, False)
