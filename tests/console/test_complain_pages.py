"""A citizen complains and follows it on the public pages: no script, no account, one complaint a form, 360 px wide."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from console.browser import browser
from console.test_browser import free_port, served
from console.world import CLOSED, County2026
from kernel.evidence.samples import picture

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BYTES_MAX = 7 * 1024
NARROW = (360, 780)
PHONE = "19900001111"


async def seen(county: County2026, path: str) -> httpx.Response:
    return await county.client.get(f"http://console{path}")


async def sent(county: County2026, path: str, fields: dict[str, Any]) -> httpx.Response:
    body = urlencode(fields, doseq=True)
    return await county.client.post(f"http://console{path}", content=body, headers=FORM)


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))


def told(text: str, word: str) -> str:
    found = re.search(rf"{word}</small> <b>([^<]+)</b>", text)
    assert found is not None, text
    return found[1]


async def asked_about(county: County2026) -> httpx.Response:
    return await seen(county, f"/complain?institution={county.ids[CLOSED]}")


def filled(form: str, **changed: Any) -> dict[str, Any]:
    return {
        **hidden(form),
        "respondent": CLOSED,
        "text": f"机构停课失联，退不了费，电话{PHONE}",
        "request": "退费",
        "yuan": "5,200.50",
        "tracks": ["DISPUTE", "REPORT"],
        "identity": "CONFIDENTIAL",
        "name": "王小明",
        "phone": PHONE,
    } | changed


async def test_the_form_is_small_has_no_script_and_knows_whom_it_is_about(county: County2026) -> None:
    form = await asked_about(county)
    style = await seen(county, re.search(r'href="(/mingjing\.css[^"]*)"', form.text)[1])  # type: ignore[index]
    assert len(form.content) + len(style.content) <= BYTES_MAX
    assert CLOSED in form.text
    assert hidden(form.text)["institution"] == str(county.ids[CLOSED])
    assert form.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<style|style=|onclick|javascript:", form.text)
    nobody = await seen(county, "/complain?institution=none&site=torn")
    assert (nobody.status_code, "institution" in hidden(nobody.text)) == (200, False)
    public = await seen(county, f"/institutions/{county.ids[CLOSED]}")
    assert f"/complain?institution={county.ids[CLOSED]}" in public.text


async def test_a_second_click_makes_one_complaint_and_shows_the_same_receipt(county: County2026) -> None:
    form = (await asked_about(county)).text
    first, second = await sent(county, "/complain", filled(form)), await sent(county, "/complain", filled(form))
    assert (first.status_code, second.status_code) == (200, 200), first.text
    number, secret = told(first.text, "Number"), told(first.text, "Secret")
    assert (number, secret) == (told(second.text, "Number"), told(second.text, "Secret"))
    follow = await sent(county, "/follow", {"number": number, "secret": secret.lower()})
    assert "已收到，等待受理" in follow.text
    for unsaid in (PHONE, "王小明", CLOSED, "停课失联"):
        assert unsaid not in follow.text


async def test_a_refusal_and_a_wrong_sum_keep_what_was_typed(county: County2026) -> None:
    form = (await asked_about(county)).text
    for changed, said in (({"identity": "ANONYMOUS"}, "匿名提出的"), ({"yuan": "五千"}, "金额请填数字")):
        answer = await sent(county, "/complain", filled(form, **changed))
        assert answer.status_code == 422
        assert said in answer.text
        assert "机构停课失联" in answer.text
        assert hidden(answer.text)["form_id"] == hidden(form)["form_id"]


async def test_she_adds_withdraws_and_is_told_so(county: County2026) -> None:
    form = (await asked_about(county)).text
    receipt = (await sent(county, "/complain", filled(form))).text
    key = {"number": told(receipt, "Number"), "secret": told(receipt, "Secret")}
    page = (await sent(county, "/follow", key)).text
    for _ in range(2):
        answer = await sent(county, "/follow/additions", {**hidden(page), "text": "还有收据"})
        assert "已记录" in answer.text, answer.text[900:2500]
    gone = await sent(county, "/follow/withdrawal", {**hidden(page), "reason": ""})
    assert "投诉已撤回" in gone.text
    assert "举报部分继续查办" in gone.text
    assert "/follow/withdrawal" not in gone.text
    wrong = await sent(county, "/follow", {**key, "secret": "2222-3333-4444-5555"})
    assert "没有与此编号和查询码相符的投诉举报" in wrong.text


async def test_a_photo_goes_through_the_page(county: County2026) -> None:
    form = (await asked_about(county)).text
    receipt = (await sent(county, "/complain", filled(form))).text
    page = (await sent(county, "/follow", {"number": told(receipt, "Number"), "secret": told(receipt, "Secret")})).text
    files = {"photo": ("a.jpg", picture(size=(300, 200)))}
    shown = await county.client.post("http://console/follow/photo", data=hidden(page), files=files)
    assert "已记录" in shown.text, shown.text[900:]
    assert "已有 1 张" in shown.text
    none = await county.client.post("http://console/follow/photo", data=hidden(page))
    assert none.status_code == 200
    assert "已记录" not in none.text


async def test_whom_to_call_is_published_and_can_be_taken_away_as_a_table(county: County2026) -> None:
    line = {
        "level": "COUNTY",
        "training": "SUBJECT",
        "department": "education",
        "region": "330106",
        "office": "西湖区教育局",
        "phone": "0571-85120000",
        "hours": "工作日 8:30-17:30",
    }
    address = "http://inspection/inspection/v1/supervision-phones/00000000-0000-0000-0000-0000000000aa"
    await county.send("administrator", "PUT", address, json=line)
    await county.caught_up("inspection")
    page = await seen(county, "/phones")
    for said in ("12345", "西湖区教育局", "tel:0571-85120000", "学科类"):
        assert said in page.text
    table = await seen(county, "/phones.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "0571-85120000" in table.text


async def test_the_pages_fit_a_narrow_phone_and_the_browser_complains_of_nothing(
    county: County2026, tmp_path: Path
) -> None:
    async with (
        served(county.hosts["console"].app(), free_port()) as url,
        browser(tmp_path / "profile") as phone,
    ):
        for path in ("/complain", "/follow", "/phones"):
            await phone.open(url + path, *NARROW)
            assert await phone.value("document.documentElement.scrollWidth") <= NARROW[0], path
            if SHOTS:
                await phone.screenshot(Path(SHOTS) / f"{path[1:]}-360.png")
        await phone.open(f"{url}/complain?institution={county.ids[CLOSED]}", *NARROW)
        await phone.value("document.querySelector('[name=text]').value = '停课失联，退不了费'")
        await phone.value(f"document.querySelector('[name=phone]').value = '{PHONE}'")
        await phone.press("main form button")
        await phone.until("document.body.innerText.includes('查询码只显示这一次')")
        assert await phone.value("document.documentElement.scrollWidth") <= NARROW[0]
        if SHOTS:
            await phone.screenshot(Path(SHOTS) / "complain-receipt-360.png")
        number, secret = [await phone.value(f"document.querySelectorAll('section b')[{n}].innerText") for n in (0, 1)]
        await phone.open(url + "/follow", *NARROW)
        await phone.value(f"document.querySelector('[name=number]').value = '{number}'")
        await phone.value(f"document.querySelector('[name=secret]').value = '{secret}'")
        await phone.press("main form button")
        await phone.until("document.body.innerText.includes('补充情况')")
        assert await phone.value("document.documentElement.scrollWidth") <= NARROW[0]
        if SHOTS:
            await phone.screenshot(Path(SHOTS) / "follow-open-360.png")
        assert phone.complaints == []
