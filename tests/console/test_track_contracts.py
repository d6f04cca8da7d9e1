"""A dispute's contract is named by the number that is printed on it, also by a mediator who sees no contracts."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from console.test_fund_pages import TERMS
from console.test_track_pages import FORM, INSPECTION, held, sent, step, taken
from console.world import CLOSED, County2026, token

FUNDS = "http://funds/funds/v1"
ACCOUNT, CONTRACT = UUID(int=2701), UUID(int=2702)
NUMBER = "HT-2701"


def about(county: County2026) -> str:
    return str(county.ids[CLOSED])


@pytest.fixture(scope="module")
async def contracted(county: County2026) -> County2026:
    account = {
        "account_id": str(ACCOUNT), "institution_id": about(county), "institution_name": "木铎轩",
        "bank": "湖畔商业银行", "account_name": "木铎轩", "department": "culture-tourism-sport", "region": "330106",
    }  # fmt: skip
    agreed = {"agreement_no": "A1", "minimum_fen": 0, "signed_on": "2026-06-01"}
    active = {
        "number": "6299000000002701999", "opened_on": "2026-06-02", "opening_fen": 0, "opening_on": "2026-06-02",
    }  # fmt: skip
    terms = TERMS | {"contract_id": str(CONTRACT), "account_id": str(ACCOUNT), "contract_no": NUMBER}
    for path, body in (
        ("/accounts", account), (f"/accounts/{ACCOUNT}/agreement", agreed),
        (f"/accounts/{ACCOUNT}/activation", active), ("/contracts", terms),
    ):  # fmt: skip
        await county.send("fund-regulator", "POST", f"{FUNDS}{path}", json=body)
        await county.caught_up("funds")
    return county


async def routed(county: County2026, number: str) -> str:
    track = str((await taken(county, number, institution_id=about(county)))["DISPUTE"]["track_id"])
    await step(county, "case-officer", track, "routing", matter="FEES")
    return track


async def accepted(county: County2026, track: str, contract: str) -> httpx.Response:
    form = {"told": "短信告知", "asks_refund": "true", "contract_id": contract}
    headers = await held(county, "mediator")
    return await sent(county, headers, f"/acts/complaint-track/{track}/accept-dispute", **form)


async def test_the_number_is_typed_and_the_page_shows_number_course_and_institution(contracted: County2026) -> None:
    track = await routed(contracted, "JD2026070127001")
    answer = await accepted(contracted, track, f" {NUMBER} ")
    assert answer.status_code == 303, answer.text
    await contracted.caught_up("inspection")
    shown = await contracted.client.get(
        f"{INSPECTION}/complaint-tracks/{track}", headers={"Authorization": f"Bearer {token('mediator')}"}
    )
    assert shown.json()["contract_id"] == str(CONTRACT)
    page = await contracted.client.get(
        f"http://console/complaint-tracks/{track}", headers=FORM | await held(contracted, "mediator")
    )
    assert f"合同 {NUMBER}" in page.text
    assert "木铎轩" in page.text
    assert "段宇" not in page.text


async def test_a_number_of_no_contract_is_refused_beside_its_field_and_nothing_is_written(
    contracted: County2026,
) -> None:
    track = await routed(contracted, "JD2026070127002")
    answer = await accepted(contracted, track, "HT-NOBODY")
    assert answer.status_code == 422
    assert "没有此编号的合同" in answer.text
    assert 'value="HT-NOBODY"' in answer.text
    row = await contracted.client.get(
        f"{INSPECTION}/complaint-tracks/{track}", headers={"Authorization": f"Bearer {token('auditor')}"}
    )
    assert row.json()["stage"] == "ROUTED"


async def test_no_contract_is_looked_for_while_it_is_open_whom_the_dispute_is_about(contracted: County2026) -> None:
    """Each institution counts its own contracts: this number may be that of another family, elsewhere."""
    vague = {"institution_id": None, "respondent": "某书画班", "title": "不退费", "text": "报名后不上课，拖着不退钱"}
    track = str((await taken(contracted, "JD2026070127003", **vague))["DISPUTE"]["track_id"])
    await step(contracted, "case-officer", track, "routing", matter="FEES")
    answer = await accepted(contracted, track, NUMBER)
    assert answer.status_code == 422
    assert "请先认定被投诉机构" in answer.text
    unreadable = await accepted(contracted, str(UUID(int=2703)), NUMBER)
    assert unreadable.status_code == 422
    assert "暂时查不到合同" in unreadable.text


async def test_a_printed_number_of_thirty_two_digits_is_no_id(contracted: County2026) -> None:
    track = await routed(contracted, "JD2026070127004")
    answer = await accepted(contracted, track, "20260701000000000000000000000123")
    assert answer.status_code == 422
    assert "没有此编号的合同" in answer.text


async def test_an_id_is_held_to_the_same_institution(contracted: County2026) -> None:
    """Copied from another institution's contract it would stop nothing, and the mediator would not hear of it."""
    track = await routed(contracted, "JD2026070127005")
    elsewhere = next(str(id) for id in contracted.ids.values() if str(id) != about(contracted))
    another = str((await taken(contracted, "JD2026070127006", institution_id=elsewhere))["DISPUTE"]["track_id"])
    await step(contracted, "case-officer", another, "routing", matter="FEES")
    for there, contract in ((track, str(UUID(int=2704))), (another, str(CONTRACT))):
        answer = await accepted(contracted, there, contract)
        assert answer.status_code == 422, contract
        assert "没有此编号的合同" in answer.text
    assert (await accepted(contracted, track, str(CONTRACT))).status_code == 303


async def test_nobody_of_another_region_and_no_family_finds_one(contracted: County2026) -> None:
    looked = {"contract_no": NUMBER, "institution_id": about(contracted)}
    address = f"{FUNDS}/contract-numbers/look"
    for role, found in (("mediator", 1), ("institution", 0), ("grid-officer", 0)):
        headers = {"Authorization": f"Bearer {token(role)}"}
        answer = await contracted.client.post(address, json=looked, headers=headers)
        assert (answer.status_code, len(answer.json()["items"])) == (200, found), role
