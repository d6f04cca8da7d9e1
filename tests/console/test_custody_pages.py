"""From a total of custody down to an account, its postings and the bank's lines, as a regulator clicks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_office import opened
from console.world import County2026
from mingjing_kernel.identifiers import new_id

REGULATOR = ("fund-regulator",)


@pytest.fixture
async def url(county: County2026) -> AsyncIterator[str]:
    """The console on a port, for the browser."""
    async with served(county.hosts["console"].app(), free_port()) as address:
        yield address


async def an_account(county: County2026) -> UUID:
    """Open, with money in it."""
    id = new_id()
    applied = {
        "account_id": str(id),
        "institution_name": "杭州西湖区木铎轩书画培训学校有限公司",
        "bank": "湖畔商业银行",
        "account_name": "托管专户",
        "department": "culture-tourism-sport",
        "region": "330106",
    }
    agreed = {"agreement_no": "1", "minimum_fen": 800_000, "signed_on": "2026-06-01"}
    active = {
        "number": f"6299{id.int % 10**12:012}",
        "opened_on": "2026-06-02",
        "opening_fen": 1_234_500,
        "opening_on": "2026-06-02",
    }
    base = "http://funds/funds/v1/accounts"
    await county.send("fund-regulator", "POST", base, json=applied)
    await county.caught_up("funds")
    await county.send("fund-regulator", "POST", f"{base}/{id}/agreement", json=agreed)
    await county.send("fund-regulator", "POST", f"{base}/{id}/activation", json=active)
    await county.caught_up("funds")
    return id


@pytest.mark.parametrize("path", ["/custody", "/custody/accounts", "/custody/file"])
async def test_custody_is_for_whoever_has_signed_in(county: County2026, path: str) -> None:
    away = await opened(county, path)
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in")


async def test_a_total_is_followed_down_to_the_lines_of_the_bank(county: County2026) -> None:
    id = await an_account(county)
    page = await opened(county, "/custody?by=bank", *REGULATOR)
    assert page.status_code == 200, page.text
    for shown in ("未消课负债", "托管覆盖率", "按银行", "湖畔商业银行", "近一月预警", "导出 XLSX"):
        assert shown in page.text, shown
    way = re.search(r'href="(/custody/accounts\?[^"]*%E6%B9%96%E7%95%94[^"]*)"', page.text)
    assert way is not None
    group = await opened(county, way[1].replace("&amp;", "&"), *REGULATOR)
    assert f"/accounts/{id}" in group.text
    account = await opened(county, f"/accounts/{id}", *REGULATOR)
    assert account.status_code == 200, account.text
    for shown in ("复式账", "托管存款", "银行流水", "12,345.00"):
        assert shown in account.text, shown
    nobody = await opened(county, f"/accounts/{UUID(int=1)}", *REGULATOR)
    assert nobody.status_code == 404
    for name in ("custody", "accounts", "alerts", "nothing"):
        file = await opened(county, f"/custody/file?name={name}&by=bank&format=csv", *REGULATOR)
        assert file.status_code == 200, (name, file.text)
        assert file.headers["content-disposition"].startswith("attachment")


async def test_the_pages_of_custody_fit_a_phone_and_a_desk(county: County2026, url: str, tmp_path: Path) -> None:
    id = await an_account(county)
    official = await county.cookie(*REGULATOR)
    async with browser(tmp_path / "profile") as seen:
        for path, shown in (
            ("/custody", "托管覆盖率"),
            ("/custody/accounts", "覆盖率"),
            (f"/accounts/{id}", "复式账"),
        ):
            for width, height in ((360, 780), (1280, 800)):
                await seen.open(url + path, width, height, official)
                assert shown in await seen.value("document.body.innerText"), path
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
        assert seen.complaints == []
