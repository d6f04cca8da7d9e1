"""Pages of groups of complaints and of citizens' words, as officials use them; also on a phone and on a desk."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.test_track_pages import PHONE, SIZES, TEXT, WIDTH, held, sent, taken
from console.world import County2026
from inspection.samples import MUDUO
from mingjing_kernel.identifiers import new_id

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")


@pytest.fixture(scope="module")
async def disputes(outpost: County2026) -> list[str]:  # noqa: F811 - the fixture
    """Three people about one institution."""
    found = []
    for n, name in enumerate(("王小明", "李春分", "赵白露"), start=1):
        person = {"name": name, "phone": f"1990000222{n}"}
        tracks = await taken(outpost, f"JD202607010010{n}", title=f"木铎轩停课第{n}家", complainant=person)
        found.append(str(tracks["DISPUTE"]["track_id"]))
    return found


@pytest.fixture(scope="module")
async def url(outpost: County2026) -> AsyncIterator[str]:  # noqa: F811 - the fixture
    async with served(outpost.hosts["console"].app(), free_port()) as address:
        yield address


async def test_a_joint_complaint_is_formed_its_representatives_are_named_and_one_goes_on_alone(
    outpost: County2026,  # noqa: F811 - the fixture
    disputes: list[str],
    url: str,
    tmp_path: Path,
) -> None:
    headers = await held(outpost, "case-officer")
    listed = await outpost.client.get(f"http://console/complaint-groups?institution_id={MUDUO}", headers=headers)
    assert "木铎轩停课第3家" in listed.text
    chosen = {f"member:{one}": "true" for one in disputes}
    key = str(new_id())
    form = {"institution_id": str(MUDUO), "people": "3", "reason": "同日停课", "_key": key, **chosen}
    wrong = await sent(outpost, headers, "/complaint-groups", **(form | {"people": "三"}))
    assert wrong.status_code == 422
    assert wrong.text.count("checked") == 3, "what was ticked is still ticked"
    formed = await sent(outpost, headers, "/complaint-groups", **form)
    assert formed.status_code == 303, formed.text
    address = formed.headers["location"]
    again = await sent(outpost, headers, "/complaint-groups", **form)
    assert again.headers["location"].split("?")[0] == address.split("?")[0], "sent twice it is one group"
    group = address.split("?")[0].rsplit("/", 1)[1]
    act = f"/acts/complaint-group/{group}"
    speaking = {f"representatives:{one}": "true" for one in disputes[:2]}
    named = await sent(outpost, headers, f"{act}/name-representatives", reason="推选", **speaking)
    assert named.status_code == 303, named.text
    everybody = {f"representatives:{one}": "true" for one in disputes}
    refused = await sent(outpost, headers, f"{act}/name-representatives", reason="推选", **everybody)
    assert refused.status_code == 422
    assert refused.text.count("checked") == 3
    left = await sent(outpost, headers, f"{act}/leave-group", reason="另行起诉", track_id=disputes[2])
    assert left.status_code == 303
    page = await outpost.client.get(f"http://console{left.headers['location']}", headers=headers)
    assert "JD2026070100101、JD2026070100102" in page.text
    assert "2 件，2 人" in page.text, "who left is no longer counted"
    assert PHONE[:7] not in page.text
    official = await outpost.cookie("case-officer")
    async with browser(tmp_path / "profile") as seen:
        for width, height in SIZES:
            for name, path in (("groups", f"/complaint-groups?institution_id={MUDUO}"), ("group", address)):
                await seen.open(url + path, width, height, official)
                assert "木铎轩停课第1家" in await seen.value(TEXT)
                assert await seen.value(WIDTH) <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []


async def test_what_a_citizen_adds_waits_until_it_is_answered_and_she_sees_that_it_is(
    outpost: County2026,  # noqa: F811 - the fixture
    url: str,
    tmp_path: Path,
) -> None:
    asked = await outpost.client.get("http://console/complain")
    form_id, secret = (re.search(rf'name="{name}" value="([^"]+)"', asked.text) for name in ("form_id", "secret"))
    assert form_id
    assert secret
    said = {"respondent": "木铎轩", "text": "停课了", "identity": "CONFIDENTIAL", "tracks": "DISPUTE", "name": "陈小满",
            "phone": "19900003333", "form_id": form_id[1], "secret": secret[1]}  # fmt: skip
    done = await sent(outpost, {}, "/complain", **said)
    number = re.search(r"\bW[0-9A-Z]{12}\b", done.text)
    assert number, done.text
    key = {"number": number[0], "secret": secret[1]}
    added = await sent(outpost, {}, "/follow/additions", **key, addition_id=str(new_id()), text="<i>门口</i>贴了告示")
    assert "您的补充待阅处" in added.text
    await outpost.caught_up("inspection")
    headers = await held(outpost, "hotline-operator")
    page = await outpost.client.get("http://console/complaint-voices", headers=headers)
    assert "&lt;i&gt;门口" in page.text
    assert "陈小满" not in page.text
    complaint = re.search(r"/acts/complaint-voice/([0-9a-f-]+)/answer-voice", page.text)
    assert complaint
    official = await outpost.cookie("hotline-operator")
    async with browser(tmp_path / "profile") as seen:
        for width, height in SIZES:
            await seen.open(f"{url}/complaint-voices", width, height, official)
            assert "贴了告示" in await seen.value(TEXT)
            assert await seen.value(WIDTH) <= width
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"voices-{width}.png")
        assert seen.complaints == []
    act = f"/acts/complaint-voice/{complaint[1]}/answer-voice"
    read = re.search(r'name="read_until" value="([^"]+)"', page.text)
    assert read
    unread = {"reply": "NOTED", "read_until": "2020-01-01T00:00:00+00:00"}
    meanwhile = await sent(outpost, headers, act, **unread)
    assert (meanwhile.status_code, "又有新的补充" in meanwhile.text) == (409, True), meanwhile.text
    answered = await sent(outpost, headers, act, reply="NOTED", note=f"已转市场监管，电话{PHONE}", read_until=read[1])
    assert answered.status_code == 303, answered.text
    waiting = await outpost.client.get(f"http://console{answered.headers['location']}", headers=headers)
    assert "贴了告示" not in waiting.text
    kept = await outpost.client.get("http://console/complaint-voices?waits=false", headers=headers)
    assert "已转市场监管" in kept.text
    assert PHONE not in kept.text
    follow = await sent(outpost, {}, "/follow", **key)
    assert "已阅，纳入办理" in follow.text
    assert "已转市场监管" not in follow.text, "the note is for officials"
    assert "待阅处" not in follow.text
    twice = await sent(outpost, headers, act, reply="NOTED", read_until=read[1])
    assert twice.status_code == 409


async def test_nobody_who_has_not_signed_in_sees_groups_or_voices(outpost: County2026) -> None:  # noqa: F811
    for path in ("/complaint-groups", f"/complaint-groups/{new_id()}", "/complaint-voices"):
        answer = await outpost.client.get(f"http://console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    assert (await sent(outpost, {}, "/complaint-groups", reason="x")).status_code == 303
