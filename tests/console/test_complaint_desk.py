"""The operator's desk: with forms alone, and with its script in Chromium at 360 and 1280 pixels."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import outpost as outpost_of
from console.world import County2026, token
from mingjing_console.session import COOKIE

NARROW, WIDE, TALL = 360, 1280, 900
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
FULL = "document.documentElement.scrollWidth"
SAID = "木铎宣书画关门了，老板联系不上，还有12节课没上"
CALLER = {"name": "李青禾", "phone": "19900006789"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
outpost = outpost_of


@pytest.fixture(name="headers")
async def make_headers(outpost: County2026) -> dict[str, str]:
    held = await outpost.cookie("hotline-operator")
    return {"Cookie": f"{COOKIE}={held[COOKIE]}"}


async def sent(
    county: County2026, headers: dict[str, str], path: str = "/complaints/new", **form: str
) -> httpx.Response:
    return await county.client.post(f"http://console{path}", headers=headers | FORM, content=urlencode(form))


def fields(page: str) -> dict[str, str]:
    """What stands in the lines of the form."""
    found = re.findall(r'<input type="(?:hidden|text|datetime-local|tel)" name="([^"]+)" value="([^"]*)"', page)
    return dict(found) | {"channel": "SUPERVISION_PHONE", "declared": "投诉"}


async def test_without_a_script_one_button_suggests_and_the_other_takes(
    outpost: County2026, headers: dict[str, str]
) -> None:
    empty = await outpost.client.get("http://console/complaints/new", headers=headers)
    assert empty.status_code == 200
    assert "script-src 'self'" in empty.headers["content-security-policy"]
    assert empty.headers["cache-control"] == "no-store"
    typed = fields(empty.text) | {"text": SAID, **CALLER}
    looked = await sent(outpost, headers, **typed, do="look")
    assert "木铎轩书画培训学校" in looked.text
    assert '<mark class="urgent">关门</mark>' in looked.text
    assert "同音“木铎宣”" in looked.text
    assert SAID in looked.text, "what was typed is still in the form"
    choice = re.search(r'id="choice-1" value="([^"]+)"', looked.text)
    assert choice is not None
    done = await sent(outpost, headers, **(typed | {"institution": choice[1], "do": "take"}))
    assert done.status_code == 201
    assert "已受理" in done.text
    assert "紧急" in done.text
    assert SAID not in done.text, "the next call has an empty form"
    assert fields(done.text)["number"] != typed["number"]
    again = await sent(outpost, headers, **(typed | {"institution": choice[1], "do": "take"}))
    assert again.status_code == 201, "the same form sent twice is one complaint"
    await outpost.caught_up("inspection")
    address = "http://inspection/inspection/v1/complaints?limit=500"
    rows = (await outpost.client.get(address, headers={"Authorization": f"Bearer {token('auditor')}"})).json()["items"]
    (row,) = [one for one in rows if one["number"] == typed["number"]]
    assert (row["matched_by"], row["is_urgent"], row["is_anonymous"]) == ("BY_HAND", True, False)


async def test_a_schools_referral_in_confidence_for_somebody_else_and_the_secret_is_read_to_the_caller(
    outpost: County2026, headers: dict[str, str]
) -> None:
    empty = await outpost.client.get("http://console/complaints/new", headers=headers)
    said = {
        "text": "学校转来：孩子在校外机构上课受伤，机构不理。", "channel": "SCHOOL", "origin_place": "学军小学",
        "origin_reference": "学转12号", "origin_due_on": "2026-07-20", "is_confidential": "true", "relation": "邻居",
        "represented": "王大锤", "do": "take",
    }  # fmt: skip
    typed = fields(empty.text) | CALLER | said
    unread = await sent(outpost, headers, **(typed | {"origin_due_on": "下周"}))
    assert unread.status_code == 422
    assert "学军小学" in unread.text, "what was typed stays"
    done = await sent(outpost, headers, **typed)
    assert done.status_code == 201, done.text
    secret = re.search(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", done.text)
    assert secret, done.text
    assert done.headers["cache-control"] == "no-store"
    assert "王大锤" not in done.text
    await outpost.caught_up("inspection")
    followed = await sent(outpost, {}, "/follow", number=typed["number"], secret=secret[1])
    assert "补充情况" in followed.text
    reader = {"Authorization": f"Bearer {token('hotline-operator')}"}
    address = "http://inspection/inspection/v1"
    rows = (await outpost.client.get(f"{address}/complaint-voices?limit=500", headers=reader)).json()["items"]
    (voice,) = [one for one in rows if one["number"] == typed["number"]]
    assert (voice["identity"], voice["relation"], voice["origin_place"]) == ("CONFIDENTIAL", "邻居", "学军小学")
    asked = "since=2026-06-01T00:00:00%2B08:00&until=2026-12-01T00:00:00%2B08:00&by=school"
    figures = (await outpost.client.get(f"{address}/complaint-figures?{asked}", headers=reader)).json()["items"]
    (line,) = [one for one in figures if one["key"] == "学军小学"]
    assert (line["complaints"], line["pupils"], line["per_1000_pupils_hundredths"]) == (1, 0, None)


async def test_what_is_wrong_is_said_and_what_was_typed_stays(outpost: County2026, headers: dict[str, str]) -> None:
    empty = await outpost.client.get("http://console/complaints/new", headers=headers)
    typed = fields(empty.text) | {"text": "不退费", "number": "", "do": "take"}
    refused = await sent(outpost, headers, **typed)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert ">不退费</textarea>" in refused.text
    unread = await sent(outpost, headers, **(typed | {"number": "JD1", "claimed": "一百"}))
    assert unread.status_code == 422
    assert "涉及金额无法识别" in unread.text
    assert "The sum claimed cannot be read" in unread.text
    timeless = await sent(outpost, headers, **(typed | {"number": "JD1", "received_at": ""}))
    assert "受理时间无法识别" in timeless.text
    foreign = await outpost.client.post(
        "http://console/complaints/new", headers=headers | FORM | {"Sec-Fetch-Site": "cross-site"}, content="text=a"
    )
    assert foreign.status_code == 403


async def test_who_has_not_signed_in_sees_nothing_and_who_may_not_take_is_told(outpost: County2026) -> None:
    nobody = await outpost.client.get("http://console/complaints/new")
    assert nobody.status_code == 303
    assert (await sent(outpost, {}, "/complaints/hints", text="a")).status_code == 401
    held = await outpost.cookie("auditor")
    answer = await sent(outpost, {"Cookie": f"{COOKIE}={held[COOKIE]}"}, "/complaints/hints", text="木铎轩")
    assert "暂无提示" in answer.text


async def test_what_is_typed_is_shown_as_text(outpost: County2026, headers: dict[str, str]) -> None:
    text = "<img src=x onerror=alert(1)>关门了"
    told = await sent(outpost, headers, "/complaints/hints", text=text, institution="x|<b>y</b>")
    assert "<img" not in told.text
    assert "<b>y</b>" not in told.text


async def test_suggestions_appear_while_typing_and_the_keyboard_is_enough(outpost: County2026, tmp_path: Path) -> None:
    app, port = outpost.hosts["console"].app(), free_port()
    async with browser(tmp_path / "profile") as seen, served(app, port) as url:
        for name, value in (await outpost.cookie("hotline-operator")).items():
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        for width in (NARROW, WIDE):
            await seen.open(f"{url}/complaints/new", width, TALL)
            await seen.until("document.activeElement?.name === 'text'")
            await seen.ask("Input.insertText", text=SAID)
            await seen.until("document.getElementById('choice-1') !== null")
            assert await seen.value("document.querySelector('mark.urgent').innerText") in ("关门", "联系不上")
            assert await seen.value("document.activeElement.name") == "text", "she types on"
            assert await seen.value(FULL) <= width
            await pressed(seen, "1", "Digit1", alt=True)
            assert await seen.value("document.getElementById('choice-1').checked")
            await seen.until("document.getElementById('hints-said').innerText === ''")
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"complaint-desk-{width}.png")
            await pressed(seen, "Enter", "Enter", ctrl=True)
            await seen.until("document.querySelector('main').innerText.includes('已受理')")
            await seen.until("document.activeElement.name === 'text'")  # the next call
            assert await seen.value(FULL) <= width
        assert seen.complaints == []


async def pressed(seen: object, key: str, code: str, *, alt: bool = False, ctrl: bool = False) -> None:
    """A key, as a person presses it."""
    for kind in ("rawKeyDown", "keyUp"):
        await seen.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code, modifiers=alt + 2 * ctrl)  # type: ignore[attr-defined]
