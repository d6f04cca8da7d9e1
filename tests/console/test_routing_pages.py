"""The routing table of complaints, a change of it from proposal to approval; why a stored one is suggested so."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.test_track_pages import SIZES, TEXT, WIDTH, held, sent, step, taken
from console.world import County2026
from inspection.samples import MUDUO
from mingjing_console.complaint_words import OTHER_DEPARTMENT
from mingjing_console.inspection_words import HANDLER, MATTER
from mingjing_console.pages import complaint_routing
from mingjing_console.words import DEPARTMENT
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.policy.complaint_routing_rules import COMPETENT_RULE, DEPARTMENTS, ROUTING_RULE
from mingjing_kernel.identifiers import new_id

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
FORM = {
    "line": "complaint-routing/fees", "department": "2", "region": "330106", "category": "",
    "effective_on": "2026-07-01", "effective_to": "", "legal_basis": "区权责清单（2026年版）",
    "reason": "收费<b>投诉</b>改由教育部门牵头",
}  # fmt: skip


@pytest.fixture(scope="module")
async def url(outpost: County2026) -> AsyncIterator[str]:  # noqa: F811 - the fixture
    async with served(outpost.hosts["console"].app(), free_port()) as address:
        yield address


async def test_a_line_is_proposed_looked_at_and_approved_by_somebody_else(outpost: County2026) -> None:  # noqa: F811
    tracks = await taken(outpost, "JD2026070100091", tracks=["WORK_ORDER"])
    order = str(tracks["WORK_ORDER"]["track_id"])
    await step(outpost, "hotline-operator", order, "classification", order_kind="COMPLAINT", matter="FEES")
    headers = await held(outpost, "approver", "hotline-operator", name="钱立冬")
    table = await outpost.client.get("http://console/complaint-routing", headers=headers)
    assert "提出变更" in table.text
    assert "教育督导" in table.text, "whose the school's side is"
    assert "权责不明" in table.text
    form = FORM | {"_key": str(new_id())}
    wrong = await sent(outpost, headers, "/complaint-routing", **(form | {"legal_basis": " "}))
    assert wrong.status_code == 422, wrong.text
    assert "收费&lt;b&gt;投诉" in wrong.text, "what was typed stays, as text"
    first = await sent(outpost, headers, "/complaint-routing", **form)
    again = await sent(outpost, headers, "/complaint-routing", **form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"].split("?")[0] == again.headers["location"].split("?")[0]
    preview = await outpost.client.get(f"http://console{first.headers['location']}", headers=headers)
    assert "待批准" in preview.text
    assert "教育局" in preview.text
    assert re.search(r"<td>1</td>", preview.text), "one waits"
    assert "收费&lt;b&gt;投诉" in preview.text
    version = form["_key"]
    approve = f"/acts/complaint-routing/{version}/approve-policy"
    assert approve not in preview.text, "its proposer does not approve it"
    refused = await sent(outpost, headers, approve)
    assert refused.status_code == 403
    other = await held(outpost, "approver", name="周谷雨")
    offered = await outpost.client.get(f"http://console/complaint-routing/versions/{version}", headers=other)
    assert approve in offered.text
    done = await sent(outpost, other, approve)
    assert done.headers["location"].startswith(f"/complaint-routing/versions/{version}?at=")
    approved = await outpost.client.get(f"http://console{done.headers['location']}", headers=other)
    assert "已批准" in approved.text
    now = await outpost.client.get("http://console/complaint-routing?on=2026-07-01", headers=headers)
    assert f"/complaint-routing/versions/{version}" in now.text
    why = await outpost.client.get(f"http://console/complaint-tracks/{order}/suggestions", headers=headers)
    assert "区权责清单（2026年版）" in why.text, "the version that says so"
    assert f"/complaint-routing/versions/{version}" in why.text


async def test_a_proposal_is_taken_back_and_says_so(outpost: County2026) -> None:  # noqa: F811 - the fixture
    headers = await held(outpost, "approver", name="钱立冬")
    form = FORM | {"_key": str(new_id()), "line": "complaint-competent-department/art"}
    made = await sent(outpost, headers, "/complaint-routing", **form)
    assert made.status_code == 303, made.text
    path = f"/acts/complaint-competent-department/{form['_key']}/withdraw-policy"
    taken_back = await sent(outpost, headers, path, reason="重复提出")
    assert taken_back.status_code == 303, taken_back.text
    page = await outpost.client.get(f"http://console{taken_back.headers['location']}", headers=headers)
    assert "已撤回" in page.text
    reader = await held(outpost, "inspector")
    nobody = await sent(outpost, reader, "/complaint-routing", **(FORM | {"_key": str(new_id())}))
    assert nobody.status_code == 403
    nothing = await sent(outpost, headers, "/complaint-routing", **(FORM | {"line": "", "_key": str(new_id())}))
    assert nothing.status_code == 422


async def test_a_stored_complaint_shows_by_which_words_and_whom_it_is_about_is_said_from_there(
    outpost: County2026,  # noqa: F811 - the fixture
    url: str,
    tmp_path: Path,
) -> None:
    text = "木铎宣的书法课关门了，老板联系不上，孩子还有十几节课，要求退费。"
    tracks = await taken(
        outpost, "JD2026070100092", text=text, title="退费", respondent="", institution_id=None, tracks=["DISPUTE"]
    )
    track, complaint = (str(tracks["DISPUTE"][name]) for name in ("track_id", "complaint_id"))
    headers = await held(outpost, "hotline-operator", name="周谷雨")
    page = await outpost.client.get(f"http://console/complaint-tracks/{track}/suggestions", headers=headers)
    assert "同音“木铎宣”" in page.text
    assert '<mark class="urgent">关门</mark>' in page.text
    assert "为何建议这个部门" in page.text
    assert page.headers["cache-control"] == "no-store"
    done = await sent(
        outpost, headers, f"/acts/complaint/{complaint}/attribute-complaint",
        institution_id=str(MUDUO), reason="与当事人核实",
    )  # fmt: skip
    assert done.status_code == 303, done.text
    there = await outpost.client.get(f"http://console{done.headers['location']}", headers=headers)
    assert there.status_code == 303
    assert there.headers["location"].startswith(f"/complaint-tracks/{track}?at=")
    after = await outpost.client.get(f"http://console/complaint-tracks/{track}/suggestions", headers=headers)
    assert "已认定" in after.text
    official = await outpost.cookie("hotline-operator", "approver", name="周谷雨")
    pages = [("routing", "/complaint-routing", "提出变更"), ("why", f"/complaint-tracks/{track}/suggestions", "木铎宣")]
    async with browser(tmp_path / "profile") as seen:
        for name, path, shown in pages:
            for width, height in SIZES:
                await seen.open(url + path, width, height, official)
                assert shown in await seen.value(TEXT), name
                assert await seen.value(WIDTH) <= width, f"{name} at {width}"
                if SHOTS:
                    await seen.screenshot(Path(SHOTS) / f"{name}-{width}.png")
        assert seen.complaints == []


async def test_nobody_who_has_not_signed_in_sees_any_of_it(outpost: County2026) -> None:  # noqa: F811 - the fixture
    for path in ("/complaint-routing", f"/complaint-routing/versions/{new_id()}",
                 f"/complaint-tracks/{new_id()}/suggestions", f"/complaints/{new_id()}"):  # fmt: skip
        answer = await outpost.client.get(f"http://console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    assert (await sent(outpost, {}, "/complaint-routing", **FORM)).status_code == 303
    headers = await held(outpost, "hotline-operator")
    for path in (f"/complaint-routing/versions/{new_id()}", f"/complaints/{new_id()}"):
        assert (await outpost.client.get(f"http://console{path}", headers=headers)).status_code == 404, path


def test_every_line_and_every_department_of_the_table_has_a_word() -> None:
    assert {one.value for one in Matter} <= set(MATTER)
    named = {department for department, _, _ in DEPARTMENTS} - {"", "competent"}
    assert named <= set(HANDLER)
    assert named <= set(DEPARTMENT) | set(OTHER_DEPARTMENT)
    assert (ROUTING_RULE.name, COMPETENT_RULE.name) == complaint_routing.RULES
