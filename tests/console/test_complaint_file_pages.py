"""A hotline's export is taken in on a page; another header is explained there once."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlencode

import httpx

from console.test_track_pages import FORM, held
from console.world import County2026
from inspection.samples import hotline, workbook
from inspection.test_complaint_headers import COLUMNS, exported, row

SITE = {"Sec-Fetch-Site": "same-origin"}
PAGE = "http://console/complaint-files"


async def taken(county: County2026, content: bytes, role: str = "hotline-operator") -> httpx.Response:
    headers = SITE | await held(county, role)
    return await county.client.post(PAGE, headers=headers, files={"file": ("十二月.xlsx", content)})


async def test_a_known_export_says_what_became_of_it_and_stands_in_the_list(county: County2026) -> None:
    bad = hotline("330126063099902", received_at="昨天")
    answer = await taken(county, workbook(hotline("330126063099901"), bad))
    assert answer.status_code == 200, answer.text
    assert "新收 1" in answer.text
    assert "“昨天”不是时间。" in answer.text
    assert "十二月.xlsx" in answer.text
    refused = await taken(county, workbook(hotline("330126063099903")), "grid-officer")
    assert refused.status_code == 403


async def test_another_header_is_refused_with_a_way_out_and_read_after_it_was_explained(county: County2026) -> None:
    content = exported(row("B20260628000001", "退费一直拖着"))
    refused = await taken(county, content)
    assert refused.status_code == 422
    assert "各列含义" in refused.text
    headers = FORM | await held(county, "hotline-operator")
    form = {"layout": "12345", **{f"column:{field}": title for field, title in COLUMNS.items()}}
    short = {name: text for name, text in form.items() if name != "column:text"}
    missing = await county.client.post(f"{PAGE}/header", headers=headers, content=urlencode(short))
    assert missing.status_code == 422
    assert 'value="流水号"' in missing.text, "what was typed is still there"
    said = await county.client.post(f"{PAGE}/header", headers=headers, content=urlencode(form))
    assert (said.status_code, said.headers["location"]) == (303, "/complaint-files")
    answer = await taken(county, content)
    assert "新收 1" in answer.text
    assert "流水号" in answer.text


async def test_a_month_of_a_hotline_is_larger_than_other_forms(county: County2026) -> None:
    held_in = io.BytesIO(workbook(hotline("330126063099904")))
    with zipfile.ZipFile(held_in, "a") as book:
        book.writestr("xl/media/image1.png", bytes(2 * 1024 * 1024))
    answer = await taken(county, held_in.getvalue())
    assert answer.status_code == 200, answer.text
    assert "新收 1" in answer.text


async def test_without_signing_in_nobody_sees_it(county: County2026) -> None:
    assert (await county.client.get(PAGE)).status_code == 303
