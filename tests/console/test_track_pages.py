"""Pages of complaints being handled, as officials use them; also in a browser, on a phone and on a desk."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from console.browser import Browser, browser
from console.test_browser import free_port, served
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.world import NOW, County2026, token
from inspection.samples import MUDUO
from mingjing_console.session import COOKIE
from mingjing_kernel.identifiers import new_id

INSPECTION = "http://inspection/inspection/v1"
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
SIZES = ((360, 780), (1280, 860))
PHONE, PERSON = "19900001111", "王小明"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
WIDTH = "document.documentElement.scrollWidth"
TEXT = "document.body.innerText"


async def taken(county: County2026, number: str, **changed: Any) -> dict[str, Any]:
    """The tracks of a new complaint, by kind."""
    body = {
        "number": number, "channel": "SUPERVISION_PHONE", "received_at": NOW.isoformat(), "declared": "投诉",
        "title": "木铎轩不退费", "text": f"报名后不上课，拖着不退钱，<b>电话</b>{PHONE}。", "respondent": "木铎轩",
        "institution_id": str(MUDUO), "tracks": ["DISPUTE"], "complainant": {"name": PERSON, "phone": PHONE},
    } | changed  # fmt: skip
    sent = await county.send("hotline-operator", "POST", f"{INSPECTION}/complaints", json=body)
    await county.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    address = f"{INSPECTION}/complaint-tracks?complaint_id={sent.json()['complaint_id']}"
    items = (await county.client.get(address, headers=headers)).json()["items"]
    return {one["track"]: one for one in items}


async def step(county: County2026, role: str, track: str, path: str, name: str = "苏小暑", **body: Any) -> None:
    headers = {"Authorization": f"Bearer {token(role, name=name)}"}
    await county.send(role, "POST", f"{INSPECTION}/complaint-tracks/{track}/{path}", json=body, headers=headers)
    await county.caught_up("inspection")


@pytest.fixture(scope="module")
async def dispute(outpost: County2026) -> str:  # noqa: F811 - the fixture
    """A dispute in mediation, with both sides heard; another one of the same matter; a report of the same message."""
    tracks = await taken(outpost, "JD2026070100001", tracks=["DISPUTE", "REPORT"])
    track = str(tracks["DISPUTE"]["track_id"])
    await step(outpost, "case-officer", track, "routing", matter="FEES")
    await step(outpost, "mediator", track, "acceptance", told="短信告知", asks_refund=True, contract_id=str(new_id()))
    await step(outpost, "mediator", track, "mediation")
    await step(outpost, "mediator", track, "statements", side="COMPLAINANT", text="要求退还剩余课时费")
    await step(outpost, "mediator", track, "statements", side="RESPONDENT", text="同意退一半")
    await taken(outpost, "JD2026070100002", title="木铎轩还不退费")
    return track


@pytest.fixture(scope="module")
async def url(outpost: County2026) -> AsyncIterator[str]:  # noqa: F811 - the fixture
    async with served(outpost.hosts["console"].app(), free_port()) as address:
        yield address


async def held(county: County2026, *roles: str, name: str = "苏小暑") -> dict[str, str]:
    cookie = await county.cookie(*roles, name=name)
    return {"Cookie": f"{COOKIE}={cookie[COOKIE]}"}


async def sent(county: County2026, headers: dict[str, str], path: str, **form: str) -> httpx.Response:
    return await county.client.post(f"http://console{path}", headers=headers | FORM, content=urlencode(form))


async def test_the_pages_fit_a_phone_and_a_desk_and_the_agreement_is_written_down_from_a_form(
    outpost: County2026,  # noqa: F811 - the fixture
    dispute: str,
    url: str,
    tmp_path: Path,
) -> None:
    official = await outpost.cookie("mediator", "case-officer", name="周谷雨")
    pages = [
        ("tracks", "/complaint-tracks?view=open", "JD2026070100001"),
        ("track", f"/complaint-tracks/{dispute}", "同意退一半"),
        ("alike", f"/complaint-tracks/{dispute}/alike", "JD2026070100002"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in SIZES:
                await seen.open(url + path, width, height, official)
                assert shown in await seen.value(TEXT), name
                assert await seen.value(WIDTH) <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        await _beside(seen, official)
        await _agree(seen, url, official, dispute)
        assert seen.complaints == []


async def _beside(seen: Browser, official: dict[str, str]) -> None:
    link = "[...document.querySelectorAll('main li a')].find(one => one.innerText == 'JD2026070100002')"
    await seen.value(f"{link}.click()")
    await seen.until(f"{TEXT}.includes('并入右边这件') && document.readyState == 'complete'")
    assert (await seen.value(TEXT)).count("诉求内容") == 2, "both side by side"
    for width, height in SIZES:
        await seen.open(await seen.value("location.href"), width, height, official)
        assert "并入右边这件" in await seen.value(TEXT)
        assert await seen.value(WIDTH) <= width
        if SHOTS:
            await seen.screenshot(Path(SHOTS) / f"beside-{width}.png")


async def _agree(seen: Browser, url: str, official: dict[str, str], dispute: str) -> None:
    for name, value in official.items():  # a header that is set from outside does not go with a form
        await seen.ask("Network.setCookie", name=name, value=value, url=url)
    await seen.open(f"{url}/complaint-tracks/{dispute}", *SIZES[1])
    form = f"form[action='/acts/complaint-track/{dispute}/reach-agreement']"
    await seen.value(f"document.querySelector(\"{form}\").closest('details').open = true")
    await seen.value(f"document.querySelector(\"{form} [name='terms']\").value = '退还一半学费'")
    await seen.value(f"document.querySelector(\"{form} [name='refund_fen']\").value = '500'")
    await seen.value(f"document.querySelector(\"{form} [name='pay_by']\").value = '2026-07-20'")
    await seen.press(f"{form} button")
    await seen.until("location.search.startsWith('?at=') && document.readyState == 'complete'")
    text = await seen.value(TEXT)
    assert "达成调解，待告知" in text
    assert "¥500.00" in text
    told = await seen.value("document.querySelector(\"[action$='notify-complainant'] [name='text']\").value")
    assert "JD2026070100001" in told, "the reply begins with its template"


async def test_a_work_list_for_every_question_of_the_morning(outpost: County2026, dispute: str) -> None:  # noqa: F811
    assert dispute
    headers = await held(outpost, "case-officer")
    for view, shown, hidden in (
        ("unowned", "JD2026070100002", None),
        ("open", "木铎轩还不退费", None),
        ("overdue", "没有记录", "JD2026070100002"),
        ("soon", "没有记录", "JD2026070100002"),
        ("closed", "类别", "JD2026070100002"),
        ("mine", "类别", "JD2026070100002"),
        ("nonsense", "类别", "JD2026070100002"),
    ):
        page = await outpost.client.get(f"http://console/complaint-tracks?view={view}", headers=headers)
        assert page.status_code == 200
        assert shown in page.text, view
        assert hidden is None or hidden not in page.text, view
    found = await outpost.client.get("http://console/complaint-tracks?number=JD2026070100002", headers=headers)
    assert "木铎轩还不退费" in found.text
    assert "JD2026070100001" not in found.text


async def test_who_complained_is_opened_for_a_purpose_and_shown_nowhere_else(
    outpost: County2026,  # noqa: F811 - the fixture
    dispute: str,
) -> None:
    headers = await held(outpost, "mediator", name="周谷雨")
    page = await outpost.client.get(f"http://console/complaint-tracks/{dispute}", headers=headers)
    assert PHONE not in page.text
    assert PERSON not in page.text
    assert "&lt;b&gt;电话" in page.text, "what was said is text"
    assert page.headers["cache-control"] == "no-store"
    address = f"/complaint-tracks/{dispute}/complainant"
    empty = await sent(outpost, headers, address, purpose="call-back", explanation="")
    assert empty.status_code == 422
    assert PHONE not in empty.text
    foreign = await outpost.client.post(
        f"http://console{address}", headers=headers | FORM | {"Sec-Fetch-Site": "cross-site"}, content="purpose=mediate"
    )
    assert foreign.status_code == 403
    opened = await sent(outpost, headers, address, purpose="call-back", explanation="JD2026070100001 告知调解时间")
    assert PERSON in opened.text
    assert f"tel:{PHONE}" in opened.text
    assert opened.headers["cache-control"] == "no-store"


async def test_whoever_sends_it_back_is_told_that_it_is_done(outpost: County2026) -> None:  # noqa: F811
    tracks = await taken(outpost, "JD2026070100003", title="教室没有消防通道", tracks=["REPORT"])
    track = str(tracks["REPORT"]["track_id"])
    await step(outpost, "case-officer", track, "triage", matter="FIRE_SAFETY")
    await step(outpost, "case-officer", track, "routing")
    headers = await held(outpost, "inspector")
    done = await sent(
        outpost, headers, f"/acts/complaint-track/{track}/return-track", reason="不归我们", suggested_department="town"
    )
    assert done.status_code == 303
    assert done.headers["location"].startswith(f"/complaint-tracks/{track}?at=")
    gone = await outpost.client.get(f"http://console/complaint-tracks/{new_id()}?at=1", headers=headers)
    assert gone.status_code == 404
    assert "已办理" in gone.text


async def test_nobody_who_has_not_signed_in_sees_any_of_it(outpost: County2026, dispute: str) -> None:  # noqa: F811
    for path in ("/complaint-tracks", f"/complaint-tracks/{dispute}", f"/complaint-tracks/{dispute}/agreement",
                 f"/complaint-tracks/{dispute}/alike", f"/complaint-tracks/{dispute}/alike/{new_id()}"):  # fmt: skip
        answer = await outpost.client.get(f"http://console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    answer = await sent(outpost, {}, f"/complaint-tracks/{dispute}/complainant", purpose="mediate", explanation="x")
    assert answer.status_code == 303


async def test_without_a_secret_she_sees_how_far_it_got_and_an_official_hands_her_one(
    outpost: County2026,  # noqa: F811 - the fixture
    dispute: str,
    url: str,
    tmp_path: Path,
) -> None:
    number = "JD2026070100001"
    key = {"channel": "SUPERVISION_PHONE", "number": number}
    shown = await sent(outpost, {}, "/follow/by-phone", **key, phone=PHONE)
    assert "办理中" in shown.text
    assert "木铎轩" not in shown.text
    assert "补充情况" not in shown.text, "nothing can be done by a telephone alone"
    assert PHONE not in shown.text
    wrong = await sent(outpost, {}, "/follow/by-phone", **key, phone="19900009999")
    assert "办理中" not in wrong.text
    headers = await held(outpost, "hotline-operator", name="钱立冬")  # whoever handles it does not hand the secret
    address = f"/complaint-tracks/{dispute}/secret"
    empty = await sent(outpost, headers, address, reason="")
    assert empty.status_code == 422
    handed = await sent(outpost, headers, address, reason="已拨打登记电话核实", _key=str(new_id()))
    secret = re.search(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", handed.text)
    assert secret, handed.text
    assert handed.headers["cache-control"] == "no-store"
    followed = await sent(outpost, {}, "/follow", number=number, secret=secret[1])
    assert "补充情况" in followed.text
    async with browser(tmp_path / "profile") as seen:
        for width, height in SIZES:
            await seen.open(f"{url}/follow", width, height)
            await seen.value("document.querySelector('details').open = true")
            assert "12345 热线" in await seen.value(TEXT)
            assert await seen.value(WIDTH) <= width
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"follow-{width}.png")
        assert seen.complaints == []
