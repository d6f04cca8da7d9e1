"""What an officer of the registry sees and does, without a script."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from console.world import CLOSED, County2026
from mingjing_console.deeds import Deed
from mingjing_console.nouns import BEGINNINGS, NOUNS
from mingjing_console.pages.annual_checks import DEED
from mingjing_console.session import COOKIE
from mingjing_funds.acts import ACCOUNT_ACTS, ALERT_ACTS, CONTRACT_ACTS
from mingjing_funds.acts_bank import BANK_ACCOUNT_ACTS, BREAK_ACTS
from mingjing_funds.acts_custody import CUSTODY_ACTS
from mingjing_funds.acts_rating import RATING_ACTS
from mingjing_inspection.acts import COMPLAINT_ACTS, TASK_ACTS
from mingjing_inspection.acts_findings import FINDING_ACTS
from mingjing_inspection.acts_operation import OPERATION_ACTS
from mingjing_inspection.acts_overdue import OVERDUE_ACTS
from mingjing_inspection.acts_plans import STEP_ACTS
from mingjing_inspection.acts_public import PHONE_ACTS, VOICE_ACTS
from mingjing_inspection.acts_rectification import RECTIFICATION_ACTS
from mingjing_inspection.acts_tracks import GROUP_ACTS, TRACK_ACTS
from mingjing_kernel.policy.streams import APPROVE_POLICY, WITHDRAW_POLICY
from mingjing_registry.acts import (
    BLACKLIST_ACTS,
    CHANGE_ACTS,
    CHECK_ACTS,
    INSTITUTION_ACTS,
    LIKENESS_ACTS,
    SITE_ACTS,
)
from mingjing_registry.acts_staff import BREACH_ACTS, FILING_ACTS, PROVIDER_ACTS, STAFF_ACTS

_VERSIONS = (APPROVE_POLICY, WITHDRAW_POLICY)
CLERK = ("licensing-officer",)
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
ACTS = {
    "institution": (*INSTITUTION_ACTS, *CHANGE_ACTS, *CHECK_ACTS),
    "listing": BLACKLIST_ACTS,
    "likeness": LIKENESS_ACTS,
    "finding": FINDING_ACTS,
    "task": (*TASK_ACTS, *STEP_ACTS),
    "operation": OPERATION_ACTS,
    "rectification": RECTIFICATION_ACTS,
    "alert": ALERT_ACTS,
    "account": (*ACCOUNT_ACTS, *BANK_ACCOUNT_ACTS),
    "custodian": CUSTODY_ACTS,
    "break": BREAK_ACTS,
    "contract": CONTRACT_ACTS,
    "rating": RATING_ACTS,
    "complaint": COMPLAINT_ACTS,
    "complaint-routing": _VERSIONS,
    "complaint-competent-department": _VERSIONS,
    "overdue-notice": OVERDUE_ACTS,
    "complaint-track": TRACK_ACTS,
    "complaint-group": GROUP_ACTS,
    "complaint-voice": VOICE_ACTS,
    "supervision-phone": PHONE_ACTS,
    "staff": STAFF_ACTS,
    "filing": FILING_ACTS,
    "breach": BREACH_ACTS,
    "provider": PROVIDER_ACTS,
    "site": SITE_ACTS,
}
BELOW = {
    "institution": "/institutions/{institution_id}",
    "listing": "/blacklist/files/{listing_id}",
    "likeness": "/likenesses/{likeness_id}",
    "finding": "/findings/{finding_id}",
    "task": "/tasks/{task_id}",
    "operation": "/operations/{operation_id}",
    "rectification": "/rectifications/{rectification_id}",
    "alert": "/alerts/{alert_id}",
    "account": "/accounts/{account_id}",
    "custodian": "/custodians/{institution_id}",
    "break": "/breaks/{break_id}",
    "contract": "/contracts/{contract_id}",
    "rating": "/ratings/{rating_id}",
    "complaint": "/complaints/{complaint_id}",
    "complaint-routing": "/policies/{rule}/versions/{version_id}",
    "complaint-competent-department": "/policies/{rule}/versions/{version_id}",
    "overdue-notice": "/overdue-notices/{notice_id}",
    "complaint-track": "/complaint-tracks/{track_id}",
    "complaint-group": "/complaint-groups/{group_id}",
    "complaint-voice": "/complaints/{complaint_id}/voice",
    "supervision-phone": "/supervision-phones/{phone_id}",
    "staff": "/staff/{member_id}",
    "filing": "/filings/{filing_id}",
    "breach": "/breaches/{breach_id}",
    "provider": "/providers/{institution_id}",
    "site": "/sites/{site_id}",
}


async def opened(county: County2026, path: str, *roles: str, form: dict[str, str] | None = None) -> httpx.Response:
    held = await county.cookie(*roles) if roles else {}
    headers = {"Cookie": f"{COOKIE}={held[COOKIE]}"} if held else {}
    if form is None:
        return await county.client.get(f"http://console{path}", headers=headers)
    return await county.client.post(f"http://console{path}", headers=headers | FORM, content=urlencode(form))


PAGES = (
    "/institutions", "/applications", "/likenesses", "/listings", "/kept-aside", "/ledger", "/annual-checks",
    "/begin/institution", "/begin/listing", "/staff", "/filings", "/breaches", "/sites", "/providers", "/begin/staff",
    "/begin/filing", "/begin/breach", "/begin/site", "/begin/provider", "/begin/sessions",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_the_pages_of_officers_are_for_whoever_has_signed_in(county: County2026, path: str) -> None:
    away = await opened(county, path)
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in")
    page = await opened(county, path, *CLERK)
    assert page.status_code == 200, page.text
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script|<style|style=|onclick|javascript:", page.text)
    controls = re.findall(r"<(?:input|select|textarea)(?![^>]*type=.hidden)[^>]*>", page.text)
    assert page.text.count("<label") >= len(controls) - page.text.count('placeholder="理由 Reason"')


async def test_an_officer_finds_an_institution_and_reads_its_record_now_and_then(county: County2026) -> None:
    found = await opened(county, "/institutions?" + urlencode({"search": "鼓瑟里"}), *CLERK)
    assert CLOSED in found.text
    path = f"/institutions/{county.ids[CLOSED]}"
    page = await opened(county, path, *CLERK)
    for shown in (
        "基本信息",
        "许可与名单",
        "场所",
        "资金",
        "从业人员",
        "培训材料",
        "登记大事记",
        "机构登记入册",
        "可办事项",
    ):
        assert shown in page.text, shown
    proof = re.search(r'href="(/proofs/registry/\d+)"', page.text)
    assert proof is not None
    # A position and not today: the clock of these tests stands still, and a question about now waits for it to move.
    at = await county.hosts["registry"].log.head()
    then = await opened(county, f"{path}?as_of=@{at}", *CLERK)
    assert f"以下是 @{at} 的登记情况" in then.text
    assert "可办事项" not in then.text


async def test_an_act_is_sent_as_its_form_says_and_a_refusal_keeps_what_was_typed(county: County2026) -> None:
    id = county.ids[CLOSED]
    form = {"reason": "", "reference": "整改1号", "served_on": "2026-07-01", "deadline": "2026-07-31"}
    form |= {"matter": "消防通道堵塞", "legal_basis": "行政处罚法第二十八条"}
    away = await opened(county, f"/acts/institution/{id}/order-rectification", *CLERK, form=form | {"deadline": "x"})
    assert away.status_code in (403, 409, 422)
    assert "消防通道堵塞" in away.text
    assert 'role="alert"' in away.text
    done = await opened(county, f"/acts/institution/{id}/ask-liability", *CLERK, form={})
    assert done.status_code == 303, done.text
    assert done.headers["location"].partition("?")[0] == f"/institutions/{id}"
    page = await opened(county, done.headers["location"], *CLERK)
    assert "向资金监管查询未消课负债" in page.text
    foreign = {"Content-Type": FORM["Content-Type"], "Sec-Fetch-Site": "cross-site"}
    held = await county.cookie(*CLERK)
    answer = await county.client.post(
        f"http://console/acts/institution/{id}/ask-liability",
        headers=foreign | {"Cookie": f"{COOKIE}={held[COOKIE]}"},
        content="",
    )
    assert answer.status_code == 403
    assert (await opened(county, f"/acts/institution/{id}/nothing", *CLERK, form={})).status_code == 303


async def test_a_row_that_waits_shows_its_problem_and_a_refused_mending_says_what_is_wrong(county: County2026) -> None:
    page = await opened(county, "/kept-aside", *CLERK)
    row = re.search(r'action="/kept-aside/([0-9a-f-]{36})/mending"', page.text)
    assert row is not None, page.text
    tried = await opened(county, f"/kept-aside/{row[1]}/retry", *CLERK, form={})
    assert tried.status_code >= 400
    assert 'role="alert"' in tried.text
    done = await opened(county, f"/kept-aside/{row[1]}/dismissal", *CLERK, form={"reason": "重复行"})
    assert done.status_code == 303
    after = await opened(county, done.headers["location"], *CLERK)
    assert row[1] not in after.text
    gone = await opened(county, "/kept-aside?state=dismissed", *CLERK)
    assert "重复行" in gone.text


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_form_asks_what_the_service_asks(county: County2026, noun: str) -> None:
    names = {act.name for act in ACTS[noun]}
    service = NOUNS[noun].service
    document = county.hosts[service].app().openapi()
    for act, deed in NOUNS[noun].deeds.items():
        assert act in names
        _agrees(document, f"/{service}/v1{BELOW[noun]}{deed.path}", deed, act)


def test_a_thing_begins_as_the_service_asks(county: County2026) -> None:
    document = county.hosts["registry"].app().openapi()
    for what, beginning in BEGINNINGS.items():
        _agrees(document, f"/registry/v1{beginning.address}{beginning.deed.path}", beginning.deed, what)
    _agrees(document, f"/registry/v1{DEED.path}", DEED, "annual-checks")


def _agrees(document: dict[str, Any], path: str, deed: Deed, act: str) -> None:
    """Every field of the form is one of the body's, and what the body must have the form asks."""
    body = _asked_of(document, path, deed.method.lower())
    asked = {one.name: one for one in deed.asks if one.name not in deed.in_path | deed.in_head}
    assert set(body.get("required", ())) <= {name.partition(".")[0] for name in asked}, act
    for name, one in asked.items():
        *parts, last = name.split(".")
        inner = body
        for part in parts:
            inner = _resolved(document, inner["properties"][part])
        assert last in inner["properties"], (act, name)
        if one.cells:
            line = _resolved(document, inner["properties"][last]["items"])
            assert {cell.name for cell in one.cells} == set(line["properties"]), (act, name)
            assert {cell.name for cell in one.cells if cell.required} == set(line["required"]), (act, name)


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    named = next((one["$ref"] for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), None)
    assert named is not None, schema
    found: dict[str, Any] = document["components"]["schemas"][named.rpartition("/")[2]]
    return found


def _asked_of(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    asked = document["paths"][path][method].get("requestBody")
    if asked is None:
        return {"properties": {}}
    return _resolved(document, asked["content"]["application/json"]["schema"])
