"""The telephone book: kept by officials, read by everybody; on a phone and on a desk."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.test_track_pages import SIZES, TEXT, WIDTH, held, sent
from console.world import County2026
from mingjing_kernel.identifiers import new_id

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
LINE = {
    "level": "COUNTY", "training": "NON_SUBJECT", "department": "culture-tourism-sport", "region": "330106",
    "office": "西湖区文化和广电旅游体育局", "phone": "0571-87654321", "hours": "工作日 9:00–17:00",
}  # fmt: skip


@pytest.fixture(scope="module")
async def url(outpost: County2026) -> AsyncIterator[str]:  # noqa: F811 - the fixture
    async with served(outpost.hosts["console"].app(), free_port()) as address:
        yield address


async def test_a_number_is_published_changed_and_withdrawn_and_what_is_missing_is_said(
    outpost: County2026,  # noqa: F811 - the fixture
    url: str,
    tmp_path: Path,
) -> None:
    headers = await held(outpost, "case-officer")
    empty = await outpost.client.get("http://console/supervision-phones", headers=headers)
    assert "缺 6 个" in empty.text
    mobile = await sent(outpost, headers, "/supervision-phones", **(LINE | {"phone": "13900001111"}))
    assert mobile.status_code == 422, "a mobile number is a person's"
    assert "西湖区文化和广电旅游体育局" in mobile.text, "what was typed stays"
    form = LINE | {"_key": str(new_id())}
    first = await sent(outpost, headers, "/supervision-phones", **form)
    again = await sent(outpost, headers, "/supervision-phones", **form)
    assert (first.status_code, again.status_code) == (303, 303)
    await outpost.caught_up("inspection")
    page = await outpost.client.get(f"http://console{first.headers['location']}", headers=headers)
    assert "缺 5 个" in page.text
    assert "区县文化和广电旅游体育局（非学科类）" not in page.text
    (phone,) = set(re.findall(r'action="/supervision-phones/([0-9a-f-]+)"', page.text))
    changed = await sent(outpost, headers, f"/supervision-phones/{phone}", **(LINE | {"phone": "0571-81234567"}))
    assert changed.status_code == 303, changed.text
    await outpost.caught_up("inspection")
    public = await outpost.client.get("http://console/phones")
    assert "0571-81234567" in public.text
    assert "0571-87654321" not in public.text
    official = await outpost.cookie("case-officer")
    async with browser(tmp_path / "profile") as seen:
        for width, height in SIZES:
            for name, path, cookie in (("phone-book", "/supervision-phones", official), ("phones", "/phones", {})):
                await seen.open(url + path, width, height, cookie)
                assert "0571-81234567" in await seen.value(TEXT)
                assert await seen.value(WIDTH) <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []
    gone = await sent(outpost, headers, f"/acts/supervision-phone/{phone}/withdraw-phone", reason="号码停用")
    assert gone.status_code == 303, gone.text
    await outpost.caught_up("inspection")
    assert "0571-81234567" not in (await outpost.client.get("http://console/phones")).text


async def test_who_may_not_publish_is_told_and_nobody_else_gets_there(outpost: County2026) -> None:  # noqa: F811
    headers = await held(outpost, "auditor")
    refused = await sent(outpost, headers, "/supervision-phones", **LINE)
    assert refused.status_code == 403
    nobody = await outpost.client.get("http://console/supervision-phones")
    assert nobody.status_code == 303
    assert (await sent(outpost, {}, "/supervision-phones", **LINE)).status_code == 303
