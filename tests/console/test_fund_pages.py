"""Pages of fund alerts, custody accounts, contracts, breaks, refunds and payment orders, also in a browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.world import County2026

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
SIZES = ((360, 780), (1280, 860))
NOBODY = UUID(int=9)
WHAT_IF = "/alerts/what-if?number=alert-balance.minimum&value=301&since=2026-06-20&until=2026-06-30"
PATHS = ("/alerts", "/accounts", "/contracts", "/breaks", "/refunds", "/payment-orders")


ACCOUNT, CONTRACT = UUID(int=601), UUID(int=602)
FUNDS = "http://funds/funds/v1"
TERMS = {
    "contract_id": str(CONTRACT), "contract_no": "HT-601", "account_id": str(ACCOUNT), "pupil": {"name": "武玲帆"},
    "guardian": {"name": "段宇", "phone": "19900000686"}, "course": "<b>书法</b>", "is_subject": False, "lessons": 24,
    "price_fen": 299_900, "starts_on": "2026-07-10", "ends_on": "2026-10-09",
}  # fmt: skip


@pytest.fixture(scope="module")
async def told(county: County2026) -> tuple[str, str]:
    """An account that holds less than its minimum and a contract in it; the alert and the account."""
    account = {
        "account_id": str(ACCOUNT), "institution_name": "湖畔舞社", "bank": "湖畔商业银行", "account_name": "湖畔舞社",
        "department": "culture-tourism-sport", "region": "330106",
    }  # fmt: skip
    agreed = {"agreement_no": "A1", "minimum_fen": 30_000_000, "signed_on": "2026-06-01"}
    active = {
        "number": "6299000000009999999", "opened_on": "2026-06-02", "opening_fen": 100, "opening_on": "2026-06-02",
    }  # fmt: skip
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/accounts", account), (f"/accounts/{ACCOUNT}/agreement", agreed), (f"/accounts/{ACCOUNT}/activation", active),
        ("/contracts", TERMS),
    ]  # fmt: skip
    for path, body in steps:
        await county.send("fund-regulator", "POST", f"{FUNDS}{path}", json=body)
        await county.caught_up("funds")
    await county.send("fund-regulator", "POST", f"{FUNDS}/alerts/evaluations?day=2026-06-30")
    await county.caught_up("funds")
    text = (await page(county, "/alerts?state=&rule=F01")).text
    return text.partition("/alerts/")[2][:36], str(ACCOUNT)


@pytest.fixture(scope="module")
async def url(county: County2026) -> AsyncIterator[str]:
    async with served(county.hosts["console"].app(), free_port()) as address:
        yield address


async def page(county: County2026, path: str, *roles: str) -> Any:
    held = await county.cookie(*(roles or ("fund-regulator",)))
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())}
    return await county.client.get(f"http://console{path}", headers=cookie)


async def test_the_pages_fit_a_phone_and_a_desk(
    county: County2026, told: tuple[str, str], url: str, tmp_path: Path
) -> None:
    alert, account = told
    official = await county.cookie("fund-regulator")
    pages = [
        ("alerts", "/alerts?state=", "未办结"),
        ("alert", f"/alerts/{alert}", "该规则的历次评估"),
        ("replay", f"/alerts/{alert}/replay", "重演结果与存档一致"),
        ("silence", f"/alerts/{alert}/replay?rule=F15&day=2026-06-30", "未触发"),
        ("what-if", WHAT_IF, "调整后通报次数"),
        ("accounts", "/accounts", "覆盖率"),
        ("account", f"/accounts/{account}", "复式账"),
        ("entries", f"/accounts/{account}/entries", "归类"),
        ("contracts", f"/contracts?account_id={account}", "HT-601"),
        ("contract", f"/contracts/{CONTRACT}", "价款去向"),
        ("breaks", "/breaks", "差异"),
        ("refunds", "/refunds", "没有记录"),
        ("orders", "/payment-orders", "状态"),
    ]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in SIZES:
                await seen.open(url + path, width, height, official)
                assert shown in await seen.value("document.body.innerText"), name
                assert await seen.value("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []


async def test_whoever_has_not_signed_in_is_sent_to_sign_in(county: County2026) -> None:
    below = (f"/alerts/{NOBODY}/replay", "/alerts/what-if", "/alerts/what-if/chart", f"/accounts/{NOBODY}/entries")
    for path in (*PATHS, *(f"{path}/{NOBODY}" for path in PATHS[:4]), *below):
        answer = await county.client.get(f"http://console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path


async def test_what_is_not_there_is_not_found_and_what_is_not_granted_is_not_shown(
    county: County2026, told: tuple[str, str]
) -> None:
    for path in PATHS[:4]:
        missing = await page(county, f"{path}/{NOBODY}")
        assert missing.status_code == 404, path
        assert "没有这条记录，或不在您的授权之内" in missing.text
    alert, _ = told
    for path in (f"/alerts/{alert}", f"/alerts/{alert}/replay"):
        assert (await page(county, path, "grid-officer")).status_code == 404


async def test_other_numbers_are_tried_and_drawn_on_a_page(county: County2026, told: tuple[str, str]) -> None:
    shown = await page(county, WHAT_IF)
    assert shown.status_code == 200
    assert "alert-balance.minimum=301" in shown.text
    drawn = await page(
        county, "/alerts/what-if/chart?set=alert-balance.minimum%3D301&since=2026-06-20&until=2026-06-30"
    )
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Content-Security-Policy" in drawn.headers
    asked = "/alerts/what-if?number=alert-balance"
    for question, words in (
        (f"{asked}.nothing&value=1", "不是预警规则的参数"),
        (f"{asked}.minimum&value=x", "该参数取值为"),
        (f"{asked}.minimum&value=1&since=2026-06-30&until=2026-06-20", "推演期间须从首日到末日"),
        (f"{asked}.minimum&value=1&since=2026-06-31", "应为日期"),
        (f"/alerts/{told[0]}/replay?rule=F99", "没有预警规则“F99”"),
    ):
        refused = await page(county, question)
        assert (refused.status_code, words in refused.text) == (422, True), question
        assert "暂时查不到" not in refused.text


async def act(county: County2026, noun: str, id: str, name: str, role: str, person: str, **fields: str) -> Any:
    held = await county.cookie(role, name=person)
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items()), "Sec-Fetch-Site": "same-origin"}
    return await county.client.post(f"http://console/acts/{noun}/{id}/{name}", data=fields, headers=cookie)


async def test_an_alert_is_dealt_with_from_its_forms_and_a_hold_takes_two(
    county: County2026, told: tuple[str, str]
) -> None:
    alert, account = told
    for name, fields in (
        ("acknowledge-alert", {}),
        ("verify-alert", {}),
        ("judge-alert", {"is_confirmed": "true", "evidence": "<i>现场</i>核实"}),
        ("plan-disposal", {"plan": "七月底前补足"}),
    ):
        done = await act(county, "alert", alert, name, "fund-regulator", "钱立冬", **fields)
        assert done.status_code == 303, (name, done.text)
    shown = (await page(county, f"{done.headers['location']}")).text
    assert "处置中" in shown
    assert "七月底前补足" in shown
    held = await act(
        county,
        "account",
        account,
        "hold-releases",
        "approver",
        "孙白露",
        reason="风险属实",
        legal_basis="资金监管办法第十条",
    )
    assert held.status_code == 303, held.text
    shown = (await page(county, f"{held.headers['location']}", "approver")).text
    assert "暂停拨付" in shown
    assert "&lt;b&gt;书法" in (await page(county, f"/contracts/{CONTRACT}")).text


async def test_a_list_is_exported_as_a_workbook(county: County2026, told: tuple[str, str]) -> None:
    _, account = told
    for path in ("/alerts", "/contracts", "/breaks", "/refunds", "/payment-orders", f"/accounts/{account}/entries"):
        sheet = await page(county, f"{path}?format=xlsx")
        assert sheet.content.startswith(b"PK"), path
        assert ".xlsx" in sheet.headers["content-disposition"], path
