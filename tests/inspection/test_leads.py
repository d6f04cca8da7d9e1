"""Leads about places over HTTP, on a real database: reported, sealed, triaged, clustered, counted by grid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import GRID, PHOTO, keep_for
from inspection.test_available_actions import actions, why_not
from inspection.test_erasure import BODY, OPENING, WHY
from inspection.test_grids import COMMUNITY, FIRST, A, at, put_in_force
from mingjing_kernel.identifiers import new_id

OTHER_PHOTO = "b" * 64
PERSON = {"name": "钱多多", "phone": "19900007777"}
LEAD: dict[str, Any] = {
    "origin": "FIELD",
    "address": "文三路100号2幢301室",
    "venue": "HOME",
    "cover": "HOUSEKEEPING",
    "description": "钱多多在家中教初中数学，联系电话19900007777",
    "photos": [PHOTO],
    "times": [{"weekday": 6, "begins": 540, "ends": 690}, {"weekday": 3, "begins": 1110, "ends": 1200}],
    "prices": [{"fen": 20_000, "per": "LESSON"}],
    "people": [PERSON],
    "region": GRID[:9],
    "seen_at": "2026-07-01T01:00:00+00:00",
}
FORMS = ("PUPILS", "PAID", "SUBJECT", "FEW_AT_PLACES")


async def report(caller: Caller, id: UUID | None = None, **changed: Any) -> str:
    """A lead, which stands."""
    lead = id or new_id()
    answer = await caller.send("PUT", f"/leads/{lead}", json=LEAD | changed)
    assert answer.status_code == 201, answer.text
    return str(lead)


async def took(caller: Caller, lead: str, step: str, **body: Any) -> None:
    answer = await caller.send("POST", f"/leads/{lead}/{step}", json=body)
    assert answer.status_code == 200, answer.text


async def refused(caller: Caller, lead: str, step: str, **body: Any) -> tuple[int, str]:
    answer = await caller.send("POST", f"/leads/{lead}/{step}", json=body)
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]


async def test_an_officers_lead_is_sealed_and_the_same_id_is_the_same_bytes(world: World) -> None:
    officer, lead = world.caller("grid-officer", region=GRID[:9]), new_id()
    first = await officer.send("PUT", f"/leads/{lead}", json=LEAD)
    again = await officer.send("PUT", f"/leads/{lead}", json=LEAD)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert (again.json()["repeated"], again.json()["by_position"]) == (True, False)
    other = await officer.send("PUT", f"/leads/{lead}", json=LEAD | {"venue": "CAFE"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:mingjing:problem:command-id-reused")
    await world.caught_up()  # a refusal tells no position, yet what came with it is kept
    (item,) = (await officer.get("/leads", has_institution=False))["items"]
    assert item["summary"] == "钱**在家中教初中数学，联系电话199****7777"
    assert (item["venue"], item["people"], item["region"], item["origin"]) == ("HOME", 2, GRID[:9], "FIELD")
    assert (item["category"], item["others_waiting"]) == ("subject", 1)
    one = await officer.get(f"/leads/{lead}")
    person, _ = one["persons"]
    assert person["person"].startswith("线索人员-")
    assert person["masked"] == {"name": "钱**", "phone": "199****7777"}
    stored = str([fact.event for fact in await world.host.log.read(0, 100)])
    assert "钱多多" not in stored
    assert "19900007777" not in stored
    inspector = world.caller("inspector", "opens")
    inspector.position = officer.position
    opened = await inspector.send("POST", f"/leads/{lead}/people/0", json=OPENING)
    assert (opened.json()["name"], opened.json()["phone"]) == ("钱多多", "19900007777"), opened.text
    assert "19900007777" in opened.json()["words"]["description"]
    assert (await officer.send("POST", f"/leads/{lead}/people/0", json=OPENING)).status_code == 403
    found = await world.caller("administrator").send(
        "POST", "/subjects/search", json={"field": "phone", "value": "19900007777"}, headers=WHY
    )
    assert f"lead-person-{lead}-0" in found.text, found.text
    csv = await officer.send("GET", "/leads", params={"format": "csv"})
    assert csv.status_code == 200
    assert "19900007777" not in csv.text
    assert (await world.replayed()).differences == 0


async def test_a_position_in_another_system_gives_the_grid_in_force(world: World) -> None:
    await put_in_force(world, FIRST)
    officer = world.caller("grid-officer", region=COMMUNITY)
    where = {**at(0.6, 0.5), "accuracy_metres": 12}
    lead = await report(officer, position=where, region="")
    item = await officer.get(f"/leads/{lead}")
    assert (item["region"], item["longitude_e7"]) == (A, where["longitude_e7"])
    assert item["version_id"] is not None
    shifted = await officer.send(
        "PUT", f"/leads/{new_id()}", json=LEAD | {"position": where | {"coordinates": "BD-09"}, "region": A}
    )
    assert shifted.status_code == 201, shifted.text
    nowhere = await officer.send("PUT", f"/leads/{new_id()}", json=LEAD | {"position": at(9, 9), "region": ""})
    assert (nowhere.status_code, nowhere.json()["type"]) == (422, "urn:mingjing:problem:lead-region-missing")
    stranger = world.caller("grid-officer", region="330105")
    assert (await stranger.send("PUT", f"/leads/{new_id()}", json=LEAD)).status_code == 403
    assert (await stranger.get("/leads"))["items"] == []


async def test_a_complaint_opens_a_lead_whose_complainant_is_not_in_it(world: World) -> None:
    operator = world.caller("hotline-operator")
    complaint = (await operator.send("POST", "/complaints", json=BODY)).json()["complaint_id"]
    missing = await operator.send("PUT", f"/leads/{new_id()}", json=LEAD | {"origin": "COMPLAINT"})
    assert missing.json()["type"].endswith("lead-source-missing")
    lead = await report(operator, origin="COMPLAINT", complaint_id=complaint)
    item = await operator.get(f"/leads/{lead}")
    assert (item["source_id"], item["origin"]) == (complaint, "COMPLAINT")
    assert "王" not in str(item)


async def test_the_triage_says_what_is_missing_and_a_person_confirms_what_the_rule_says(world: World) -> None:
    officer, first, second = (
        world.caller("grid-officer"), world.caller("inspector", "first"), world.caller("case-officer", "second")
    )  # fmt: skip
    lead = await report(officer)
    for one in (first, second):
        one.position = officer.position
    assert await refused(first, lead, "premises-found", note="属实") == (409, "lead-not-taken")
    await took(first, lead, "verification")
    await took(first, lead, "premises-found", note="现场有6名学生上课")
    assert await refused(first, lead, "premises-found", note="属实") == (409, "premises-found-already")
    empty = await first.get(f"/leads/{lead}/triage")
    assert (empty["verdict"], empty["missing_o1"][:3]) == (
        "NOT_ESTABLISHED", ["DEDICATED_PLACE", "TWO_STAFF", "ORGANIZED"]
    )  # fmt: skip
    bare = {"question": "PAID", "answer": "YES"}
    assert await refused(first, lead, "triage/answers", **bare) == (422, "triage-evidence-missing")
    foreign = bare | {"evidence": [OTHER_PHOTO]}
    assert await refused(first, lead, "triage/answers", **foreign) == (422, "triage-evidence-foreign")
    for question in FORMS:
        await took(first, lead, "triage/answers", question=question, answer="YES", evidence=[PHOTO])
    await took(first, lead, "triage/answers", question="ORGANIZED", answer="NO", note="夫妻二人，无分工")
    said = await first.get(f"/leads/{lead}/triage")
    assert (said["verdict"], said["forms"], said["missing_o1"]) == (
        "O2", ["FEW_AT_PLACES"], ["DEDICATED_PLACE", "TWO_STAFF", "ORGANIZED"]
    )  # fmt: skip
    assert await refused(second, lead, "triage/confirmation", verdict="O1") == (409, "triage-verdict-other")
    assert await refused(second, lead, "conclusion", is_case_proposed=True, note="属实") == (
        409,
        "lead-verdict-missing",
    )
    assert (await refused(first, lead, "triage/confirmation", verdict="O2"))[0] == 403
    await took(second, lead, "triage/confirmation", verdict="O2", note="同意")
    await took(first, lead, "triage/answers", question="TWO_STAFF", answer="YES", note="另有一名助教")
    assert (await first.get(f"/leads/{lead}/triage"))["confirmed"] == "", "an answer takes the confirmation away"
    second.position = first.position
    await took(second, lead, "triage/confirmation", verdict="O2")
    may = await actions(world.caller("inspector", "first"), f"/leads/{lead}")
    assert why_not(may["confirm-triage"]) == "other-person-must"
    await took(second, lead, "conclusion", is_case_proposed=True, note="现场复核属实")
    assert (await second.get(f"/leads/{lead}"))["verdict"] == "O2"
    steps = (await second.get(f"/leads/{lead}/timeline"))["steps"]
    assert [one["step"] for one in steps][:3] == ["reported", "verification-started", "premises-found"]
    assert steps[-1] | {"happened_at": ""} == {
        "version": len(steps), "step": "concluded", "by": "second", "happened_at": "", "value": "CASE",
        "note": "现场复核属实",
    }  # fmt: skip
    assert await refused(first, lead, "sightings", seen_at=LEAD["seen_at"], note="又见") == (409, "lead-over")
    assert (await world.replayed()).differences == 0


async def test_leads_cluster_by_telephone_place_and_hand_and_a_person_parts_them(world: World) -> None:
    await put_in_force(world, FIRST)
    officer, inspector = world.caller("grid-officer"), world.caller("inspector", "links")
    here = at(0.6, 0.5)
    near = here | {"latitude_e7": here["latitude_e7"] + 3_400}
    first = await report(officer, UUID(int=101), position=here, people=[PERSON], address="甲路1号")
    second = await report(officer, UUID(int=102), position=near, people=[], description="补习班", address="乙路2号")
    third = await report(officer, UUID(int=103), address="丙路3号", people=[{"phone": PERSON["phone"]}])
    fourth = await report(officer, UUID(int=104), address="丁路4号", people=[], description="另一处")
    inspector.position = officer.position
    (cluster,) = (await inspector.get("/lead-clusters"))["items"]
    assert [one["lead_id"] for one in cluster["leads"]] == [first, second, third]
    assert {(one["first"], one["second"]): one["en"] for one in cluster["ties"]} == {
        (first, second): "38 m apart", (first, third): "same telephone",
    }  # fmt: skip
    assert PERSON["phone"] not in str(cluster)
    linked = await inspector.send("PUT", f"/leads/{fourth}/links/{first}", json={"reason": "同一教师"})
    assert linked.status_code == 201, linked.text
    parted = await inspector.send("POST", f"/leads/{first}/links/{second}/parting", json={"reason": "不同住户"})
    assert parted.status_code == 200, parted.text
    again = await inspector.send("PUT", f"/leads/{first}/links/{fourth}", json={"reason": "同一教师"})
    assert again.json()["type"].endswith("leads-linked-already")
    (now,) = (await inspector.get(f"/leads/{fourth}/cluster"))["items"]
    assert [one["lead_id"] for one in now["leads"]] == [first, third, fourth]
    assert (await inspector.get(f"/leads/{second}/cluster"))["items"] == []
    stranger = world.caller("inspector", "away", region="330106109003")
    assert (await stranger.get("/lead-clusters"))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_heat_counts_open_leads_by_grid_now_and_then(world: World) -> None:
    officer, inspector = world.caller("grid-officer"), world.caller("inspector", "verifies")
    leads = [await report(officer, region=GRID) for _ in range(3)]
    await report(officer, region=GRID[:9])
    before = f"@{officer.position}"
    inspector.position = officer.position
    await took(inspector, leads[0], "verification")
    await took(world.caller("case-officer", "other"), leads[0], "conclusion", is_case_proposed=False, note="已搬走")
    await world.caught_up()
    heat = await inspector.get("/lead-heat")
    assert {one["region"]: (one["leads"], one["leads_open"], one["is_hot"]) for one in heat["items"]} == {
        GRID: (3, 2, False), GRID[:9]: (1, 1, False),
    }  # fmt: skip
    then = {one["region"]: one for one in (await inspector.get("/lead-heat", as_of=before))["items"]}
    assert (then[GRID]["leads_open"], then[GRID]["is_hot"]) == (3, True)
    (town,) = (await inspector.get("/lead-heat", digits=9))["items"]
    assert (town["region"], town["leads"]) == (GRID[:9], 4)
    assert (await inspector.get("/lead-heat", since="2026-07-02T00:00:00+08:00"))["items"] == []


async def test_whoever_is_erased_is_gone_from_lead_and_cluster(world: World) -> None:
    officer, administrator = world.caller("grid-officer"), world.caller("administrator")
    first = await report(officer, address="甲路1号")
    await report(officer, address="乙路2号")
    assert len((await officer.get("/lead-clusters"))["items"]) == 1
    path = f"/subjects/lead-person-{first}-0/erasure"
    kept = await administrator.send("POST", path, headers=WHY)
    assert kept.json()["type"].endswith("retention-duty-applies"), kept.text
    await keep_for(world, months=0, record="inspection")
    assert (await administrator.send("POST", path, headers=WHY)).status_code == 201
    assert (await officer.get(f"/leads/{first}"))["persons"] == []
    assert (await officer.get("/lead-clusters"))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_other_bytes_under_a_leads_id_are_kept_and_decided_on_by_somebody_else(world: World) -> None:
    officer, lead = world.caller("grid-officer", "officer-1"), new_id()
    await report(officer, lead)
    more = {"venue": "CAFE", "photos": [OTHER_PHOTO], "people": [{"name": "赵钱孙", "phone": "19900008888"}]}
    for _ in range(2):
        other = await officer.send("PUT", f"/leads/{lead}", json=LEAD | more)
        assert other.status_code == 409, other.text
    inspector = world.caller("inspector", "decides")
    await world.caught_up()
    (item,) = (await inspector.get("/leads", has_others=True))["items"]
    assert [one["number"] for one in item["others"]] == [1], "the same bytes are one other report"
    assert "赵钱孙" not in str([fact.event for fact in await world.host.log.read(0, 100)])
    opened = await inspector.send("POST", f"/leads/{lead}/people/1", json=OPENING)
    assert opened.json()["name"] == "赵钱孙", opened.text
    path = "others/1/decision"
    assert await refused(world.caller("inspector", "officer-1"), str(lead), path, is_taken=True, reason="我的") == (
        403,
        "lead-other-own",
    )
    assert await refused(inspector, str(lead), "others/2/decision", is_taken=True, reason="无") == (
        404,
        "lead-other-unknown",
    )
    await took(inspector, str(lead), path, is_taken=True, reason="同一处，照片更清楚")
    (now,) = (await inspector.get("/leads"))["items"]
    assert (now["photos"], now["sightings"], now["others_waiting"]) == ([PHOTO, OTHER_PHOTO], 1, 0)
    assert (now["venue"], now["others"][0]["decision"]) == ("HOME", "TAKEN"), "the first report stays what it was"
    assert (await world.replayed()).differences == 0


async def test_a_lead_nobody_takes_on_is_escalated_and_a_mock_position_is_marked(world: World) -> None:
    await put_in_force(world, FIRST)
    officer, inspector = world.caller("grid-officer"), world.caller("inspector", "verifies")
    lead = await report(officer, position=at(0.6, 0.5) | {"is_mock": True}, region="")
    inspector.position = officer.position
    (item,) = (await inspector.get("/leads", is_unowned=True))["items"]
    assert (item["is_mock"], item["verifier"], item["escalated_on"]) == (True, "", None)
    (clock,) = (await inspector.get("/deadlines", rule="lead-take-on"))["items"]
    assert clock["due_on"] == "2026-07-03"
    await took(inspector, lead, "verification")
    assert (await inspector.get("/leads", is_unowned=True))["items"] == []
    assert (await inspector.get("/deadlines", rule="lead-take-on"))["items"] == []
