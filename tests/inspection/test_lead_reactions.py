"""Reactions to leads on a real database: X17 tells the registry, X18 education discipline alone, C13 opens one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import World
from inspection.samples import GRID, MUDUO, PHOTO, SITE, visit_body
from inspection.test_api import VISIT, known
from inspection.test_erasure import OPENING
from inspection.test_findings import Office, found
from inspection.test_leads import LEAD, report, took
from inspection.test_rectifications import reacted
from mingjing_contracts.inspection import UnlicensedPremisesFoundV1
from mingjing_inspection.domain.lead_facts import LeadSeenAgain, UnlicensedPremisesNotified, UnlicensedPremisesWithdrawn
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_kernel.identifiers import new_id

ADDRESS = "西湖区三墩镇莲花街123号"


async def told(world: World) -> list[UnlicensedPremisesFoundV1]:
    """What the registry is told."""
    facts = await world.host.log.read(0, 1_000)
    return [
        OUTBOUND[UnlicensedPremisesNotified](fact)  # type: ignore[misc]
        for fact in facts
        if isinstance(fact.event, UnlicensedPremisesNotified)
    ]


async def test_x17_tells_the_registry_of_a_place_once_and_of_an_approved_site_says_why_not(world: World) -> None:
    await known(world)
    officer, inspector = world.caller("grid-officer"), world.caller("inspector", "verifies")
    lead, approved = await report(officer), await report(officer, address=ADDRESS)
    inspector.position = officer.position
    for one in (lead, approved):
        await took(inspector, one, "verification")
        await took(inspector, one, "premises-found", note="现场有学生上课")
    await reacted(world, inspector)
    await reacted(world, inspector)
    (contract,) = await told(world)
    assert (str(contract.lead_id), contract.address, contract.photos) == (lead, LEAD["address"], (PHOTO,))
    assert "钱" not in contract.model_dump_json()
    noted = {one["why"]: one["did"] for one in (await inspector.get("/reactions", reaction="X17"))["items"]}
    assert noted == {"": ["registry-told", "triage-begun"], "approved-site-at-address": []}
    assert (await inspector.get(f"/leads/{lead}"))["registry_told_at"] is not None
    other = world.caller("case-officer", "other")
    await took(other, lead, "conclusion", is_case_proposed=False, note="系家长互助")
    await took(other, approved, "conclusion", is_case_proposed=False, note="有证")
    facts = [fact.event for fact in await world.host.log.read(0, 1_000)]
    assert sum(isinstance(one, UnlicensedPremisesWithdrawn) for one in facts) == 1, "only what was told is taken back"
    assert (await world.replayed()).differences == 0


async def test_x18_is_for_education_discipline_alone(world: World) -> None:
    officer, inspector = world.caller("grid-officer"), world.caller("inspector", "verifies")
    force, chief = world.caller("approver", "chief", region="*"), world.caller("administrator", region="*")
    first = world.caller("discipline-officer", "jijian-1")
    second = world.caller("discipline-officer", "jijian-2")
    lead = await report(officer, suspects_teacher=True)
    await report(officer, address="另一处")
    await reacted(world, officer, inspector, force, chief, first, second)
    (item,) = (await first.get("/conduct-leads"))["items"]
    assert (item["source_id"], item["stage"], item["summary"]) == (
        lead,
        "OPEN",
        "钱**在家中教初中数学，联系电话199****7777",
    )
    assert "institution" not in str(item)
    path = f"/conduct-leads/{item['lead_id']}"
    for other in (officer, inspector, force, chief):
        assert (await other.get("/conduct-leads"))["items"] == []
        assert (await other.send("GET", path)).status_code == 404
        assert (await other.send("POST", f"{path}/verification")).status_code == 404
        assert (await other.get("/reactions", reaction="X18"))["items"] == []
        assert "suspects" not in (await other.send("GET", f"/leads/{lead}")).text
    school = world.caller("institution", kind="service")
    assert (await school.get("/conduct-leads"))["items"] == []
    (noted,) = (await first.get("/reactions"))["items"]
    assert (noted["reaction"], noted["did"], noted["institution_id"]) == ("X18", ["conduct-lead-opened"], None)
    assert (await first.get("/leads"))["items"] == []
    assert (await first.send("POST", f"{path}/verification")).status_code == 200
    opened = await first.send("POST", f"{path}/people/0", json=OPENING)
    assert opened.json()["name"] == "钱多多", opened.text
    conclusion: dict[str, Any] = {"is_substantiated": True, "note": "系某校在职教师"}
    assert (await first.send("POST", f"{path}/conclusion", json=conclusion)).status_code == 403
    second.position = first.position
    assert (await second.send("POST", f"{path}/conclusion", json=conclusion)).status_code == 200
    assert (await second.get(path))["stage"] == "SUBSTANTIATED"
    assert (await world.replayed()).differences == 0


async def test_x18_is_asked_for_by_another_report_that_is_taken(world: World) -> None:
    officer, inspector = world.caller("grid-officer", "officer-1"), world.caller("inspector", "decides")
    first = world.caller("discipline-officer", "jijian-1")
    lead = await report(officer, UUID(int=7))
    more = {"suspects_teacher": True, "description": "有在职教师授课", "people": []}
    other = await officer.send("PUT", f"/leads/{lead}", json=LEAD | more)
    assert other.status_code == 409, other.text
    await reacted(world, officer, inspector, first)
    assert (await first.get("/conduct-leads"))["items"] == [], "nobody has decided on it"
    await took(inspector, lead, "others/1/decision", is_taken=True, reason="同一处")
    await reacted(world, officer, inspector, first)
    (item,) = (await first.get("/conduct-leads"))["items"]
    assert (item["source_id"], item["summary"]) == (lead, "有在职教师授课")
    (again,) = [one.event for one in await world.host.log.read(0, 1_000) if isinstance(one.event, LeadSeenAgain)]
    assert again.by == "officer-1", "who saw it, and not who decided on it"
    assert (await world.replayed()).differences == 0


async def test_x18_of_a_finding_names_no_institution_and_says_why_not_of_what_was_written_off(world: World) -> None:
    await known(world)
    officer, first = world.caller("case-officer", "reports"), world.caller("discipline-officer", "jijian-1")
    second = world.caller("case-officer", "verifies")
    ids = (new_id(), new_id())
    for id in ids:
        body = {
            "institution_id": str(MUDUO), "site_id": str(SITE), "matter": "IN_SERVICE_TEACHER",
            "summary": "疑似在职教师授课", "photos": [PHOTO],
        }  # fmt: skip
        sent = await officer.send("PUT", f"/findings/{id}", json=body)
        assert sent.status_code == 201, sent.text
    second.position = officer.position
    gone = await second.send("POST", f"/findings/{ids[1]}/write-off", json={"reason": "核实为退休教师"})
    assert gone.status_code == 200, gone.text
    await reacted(world, first)
    (item,) = (await first.get("/conduct-leads"))["items"]
    assert (item["source"], item["source_id"], item["people"]) == ("FINDING", str(ids[0]), 0)
    assert str(MUDUO) not in str(item)
    notes = {one["why"]: one["did"] for one in (await first.get("/reactions"))["items"]}
    assert notes == {"": ["conduct-lead-opened"], "finding-written-off": []}


async def test_childcare_used_as_cover_opens_one_lead_for_a_site(world: World) -> None:
    office = Office(world)
    await found(world, office, "C13")
    await reacted(world, office.dispatcher, office.checker)
    (lead,) = (await office.dispatcher.get("/leads"))["items"]
    assert (lead["origin"], lead["source_id"], lead["region"]) == ("CHILDCARE", str(VISIT), GRID)
    assert (lead["institution_id"], lead["address"]) == (str(MUDUO), ADDRESS)
    (noted,) = (await office.dispatcher.get("/reactions", reaction="C13"))["items"]
    assert noted["did"] == ["lead-opened"]
    assert (await world.replayed()).differences == 0


async def test_a_correction_that_adds_childcare_opens_a_lead_and_a_later_one_opens_no_second(world: World) -> None:
    office = Office(world)
    await found(world, office, "C05")
    officer = world.caller("grid-officer", "officer-1")
    visit = await office.dispatcher.get(f"/visits/{VISIT}")
    failing = [{"item": "C13", "finding": "FAIL", "remark": "挂托管牌", "photos": [PHOTO]}]
    seen = visit_body()["observation"] | {"outcome": "ISSUES", "answers": failing}
    for version, note in ((visit["version"], "补记"), (visit["version"] + 1, "改字")):
        body = {"corrects_version": version, "observation": seen | {"note": note}, "reason": note}
        corrected = await officer.send("POST", f"/visits/{VISIT}/corrections", json=body)
        assert corrected.status_code == 200, corrected.text
        office.dispatcher.position = officer.position
        await reacted(world, office.dispatcher)
    leads = (await office.dispatcher.get("/leads", origin="CHILDCARE"))["items"]
    assert [one["source_id"] for one in leads] == [str(VISIT)]
    noted = (await office.dispatcher.get("/reactions", reaction="C13"))["items"]
    assert sorted((one["why"], tuple(one["did"])) for one in noted) == [
        ("", ("lead-opened",)), ("earlier-version-found-it", ()),
    ]  # fmt: skip
