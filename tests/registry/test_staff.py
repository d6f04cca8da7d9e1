"""Who works at an institution: checked against the lists, sealed, counted; and what schools say of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from mingjing_registry.codec import INSTITUTIONS, STAFF
from mingjing_registry.domain.dismissal import DismissalDemanded
from mingjing_registry.domain.staff_facts import InServiceSuspected, StaffBarLifted, StaffBarNoted, StaffEnrolled
from registry.conftest import NOW, Caller, World
from registry.test_api import MUDUO_ID, MUDUO_ROW, file, problem

TEACHER, BARRED, AT_SCHOOL, GUARD = (UUID(int=number) for number in (1, 2, 3, 4))
SCHOOL, SURVEY, FILING = UUID(int=50), UUID(int=51), UUID(int=52)
NUMBERS = {TEACHER: "330106199001011234", BARRED: "330106199001015678", AT_SCHOOL: "330106198001011111"}
ABILITY = {"proof": "ability", "number": "书法-1"}


def person(member_id: UUID, **more: Any) -> dict[str, Any]:
    """Somebody who teaches calligraphy."""
    said = {
        "name": "王小明",
        "id_number": NUMBERS.get(member_id, "330106197001012222"),
        "work": "teacher",
        "is_full_time": True,
        "from_on": "2026-06-01",
        "qualification": ABILITY,
    }
    return said | more


async def put(caller: Caller, path: str, body: Any) -> Any:
    answer = await caller.client.put(f"/registry/v1{path}", headers=caller.headers, json=body)
    caller.position = answer.headers.get("Mingjing-Position", caller.position)
    return answer


async def test_staff_are_checked_against_the_lists_sealed_and_counted(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    entry = {"source_id": "B-1", "name": "李四光", "id_number": NUMBERS[BARRED], "reason": "猥亵儿童",
             "decision_reference": "黑1号", "barred_on": "2026-01-01"}  # fmt: skip
    feed = {"source": "national", "stated_on": "2026-06-30", "is_complete": True, "entries": [entry]}
    assert (await clerk.post("/staff-blacklist/imports", feed)).status_code == 200

    path = f"/institutions/{MUDUO_ID}/staff"
    first = await put(clerk, f"{path}/{TEACHER}", person(TEACHER))
    assert first.status_code == 200, first.text
    assert (await put(clerk, f"{path}/{TEACHER}", person(TEACHER))).json()["repeated"]
    records = [
        {"member_id": str(id), **person(id, **more)}
        for id, more in (
            (BARRED, {}),
            (AT_SCHOOL, {"is_full_time": False}),
            (GUARD, {"is_subject": True}),
            (UUID(int=9), {"id_number": NUMBERS[TEACHER]}),
        )
    ]
    sent = await clerk.post(path, {"records": records})
    assert sent.status_code == 200, sent.text
    told = [
        (one["is_taken"], (one["why_not"] or {"type": ""})["type"].rpartition(":")[2]) for one in sent.json()["results"]
    ]
    assert told == [
        (False, "on-staff-blacklist"), (True, ""), (False, "qualification-missing"), (False, "staff-enrolled-twice"),
    ]  # fmt: skip
    assert (await put(clerk, f"{path}/{GUARD}", person(GUARD, work="other", qualification=None))).status_code == 200
    assert problem(await put(world.caller("inspector"), f"{path}/{GUARD}", person(GUARD)))[0] == 403

    listed = (await clerk.get("/staff", institution_id=str(MUDUO_ID)))["items"]
    assert [(one["name"], one["is_proved"]) for one in listed] == [("王**", True)] * 3
    assert "identity_digest" not in listed[0]
    assert NUMBERS[TEACHER] not in str(await world.host.log.history(STAFF, TEACHER))
    assert (await world.caller("grid-officer").get("/staff"))["items"] == []
    await suspected(world, clerk)
    await counted(clerk)
    await nightly(world, clerk)
    await summarised(world, clerk)
    await added_up(world, clerk)
    assert (await world.replayed()).differences == 0


async def added_up(world: World, clerk: Caller) -> None:
    """The ledger's figures of staff are kept as people come and go, and are what a count gives."""
    (kept,) = (await clerk.get("/ledger"))["items"]
    (counted,) = (await clerk.get("/ledger", as_of=f"@{await world.host.log.head()}"))["items"]
    assert kept == counted
    assert (kept["staff_recorded"], kept["teachers_recorded"], kept["staff_recorded_by"]) == (2, 1, 1)


async def suspected(world: World, clerk: Caller) -> None:
    """A school's roster names somebody; a person looks into it, and the next roster is no news."""
    school = {"name": "第一小学", "division": "330106", "stage": "小学"}
    assert (
        problem(await put(clerk, f"/schools/{SCHOOL}/roster", {"stated_on": "2026-06-30", "id_numbers": []}))[0] == 404
    )
    assert (await put(clerk, f"/schools/{SCHOOL}", school)).status_code == 200
    roster = {"stated_on": "2026-06-30", "id_numbers": [NUMBERS[AT_SCHOOL], "330106198001019999"]}
    assert (await put(clerk, f"/schools/{SCHOOL}/roster", roster)).status_code == 200
    (doubtful,) = (await clerk.get("/staff", is_doubtful=True))["items"]
    assert (doubtful["member_id"], doubtful["suspected_school_id"]) == (str(AT_SCHOOL), str(SCHOOL))
    assert (await clerk.get("/schools"))["items"][0]["teachers"] == 2
    facts = [fact.event for fact in await world.host.log.history(STAFF, AT_SCHOOL)]
    assert [type(fact) for fact in facts] == [StaffEnrolled, InServiceSuspected]
    survey = {"held_on": "2026-06-20", "pupils_asked": 100, "answers": [{"name": "木铎轩", "pupils": 12}]}
    assert (await put(clerk, f"/schools/{SCHOOL}/surveys/{SURVEY}", survey)).status_code == 200
    assert (await clerk.get("/school-surveys"))["items"][0]["pupils_training"] == 12


async def summarised(world: World, clerk: Caller) -> None:
    """The institution's own record tells what the records of its staff add up to; R8 knows how it teaches."""
    summaries = world.host.duties["summaries"]
    assert await summaries.do(NOW.date()) == "1 counted, 1 summaries are new"
    assert await summaries.do(NOW.date()) == "no record is newer than its summary"
    clerk.position = str(await world.host.log.head())
    staff = (await clerk.get(f"/institutions/{MUDUO_ID}/dossier"))["staff"]
    assert (staff["total"], staff["teaching"], staff["full_time_teachers"], staff["unqualified"]) == (2, 1, 0, 0)
    material = {"kind": "material", "title": "书法入门", "evidence_sha256": "a" * 64}
    filed = await put(clerk, f"/institutions/{MUDUO_ID}/filings/{FILING}", material)
    assert filed.status_code == 200, filed.text
    await summaries.look()
    clerk.position = str(await world.host.log.head())
    materials = (await clerk.get(f"/institutions/{MUDUO_ID}/dossier"))["materials"]
    assert (materials["filed"], materials["unreviewed"], materials["overseas"]) == (1, 1, 0)
    online = await clerk.post(f"/institutions/{MUDUO_ID}/profile", {"modes": ["online"]})
    assert online.status_code == 200, online.text
    staffing = await clerk.get(f"/institutions/{MUDUO_ID}/staffing")
    assert (staffing["checks"][-1]["rule"], staffing["checks"][-1]["verdict"]) == ("R8-full-time", "not-applicable")


async def nightly(world: World, clerk: Caller) -> None:
    """A bar that begins, and one that runs out, are found by nobody but the night."""
    entry = {"source_id": "B-2", "name": "王小明", "id_number": NUMBERS[AT_SCHOOL], "reason": "体罚学生",
             "decision_reference": "黑2号", "barred_on": "2026-07-10", "until": "2026-07-20"}  # fmt: skip
    feed = {"source": "national", "stated_on": "2026-06-30", "entries": [entry]}
    assert (await clerk.post("/staff-blacklist/imports", feed)).status_code == 200
    check = world.host.duties["staff-check"]
    assert await check.do(date(2026, 7, 1)) == "everybody looked at: the lists say nothing new of anybody"
    assert (await check.do(date(2026, 7, 10))).startswith("1 barred,")
    (demanded,) = [
        fact.event
        for fact in await world.host.log.history(INSTITUTIONS, MUDUO_ID)
        if isinstance(fact.event, DismissalDemanded)
    ]
    assert (demanded.member_id, demanded.decision_reference) == (AT_SCHOOL, "黑2号")
    assert (await check.do(date(2026, 7, 20))).startswith("0 barred, 1 barred no more")
    facts = (await world.host.log.history(STAFF, AT_SCHOOL))[-2:]
    assert [type(fact.event) for fact in facts] == [StaffBarNoted, StaffBarLifted]
    assert {fact.meta.actor for fact in facts} == {"system:staff-check"}


async def counted(clerk: Caller) -> None:
    """R7 and R8 explain themselves, now and as of before."""
    before = clerk.position
    path = f"/institutions/{MUDUO_ID}"
    staffing = await clerk.get(f"{path}/staffing")
    verdicts = {one["rule"]: (one["verdict"], one["missing"]) for one in staffing["checks"]}
    assert verdicts == {
        "R7-subject": ("not-applicable", 0), "R7-other": ("pass", 0), "R7-barred": ("pass", 0),
        "R7-in-service": ("fail", 1), "R8-teaching-research": ("pass", 0), "R8-full-time": ("unknown", 0),
    }  # fmt: skip
    assert (await put(clerk, f"{path}/sessions", {"pupils": 60})).status_code == 200
    cleared = await clerk.post(f"/staff/{AT_SCHOOL}/in-service-clearance", {"reason": "已离职"})
    assert cleared.status_code == 200, cleared.text
    assert problem(await clerk.post(f"/staff/{AT_SCHOOL}/in-service-clearance", {"reason": "已离职"}))[1] == (
        "suspicion-unknown"
    )
    assert (await clerk.post("/staff/checks")).json() == {
        "barred": 0,
        "lifted": 0,
        "suspected": 0,
        "likely": 0,
        "is_more": False,
    }
    staffing = await clerk.get(f"{path}/staffing")
    full_time = staffing["checks"][-1]
    assert (full_time["verdict"], full_time["have"], full_time["needed"], full_time["missing"]) == ("fail", 1, 2, 1)
    assert "现有1人，应有2人" in full_time["because"]["zh"]
    assert (await clerk.get(f"{path}/staffing", as_of=f"@{before}"))["checks"][-1]["verdict"] == "unknown"
    left = await clerk.post(f"/staff/{TEACHER}/leaving", {"left_on": "2026-06-30", "reason": "辞职"})
    assert left.status_code == 200
    actions = (await clerk.get(f"/staff/{TEACHER}/available-actions"))["actions"]
    assert {one["act"]: one["available"] for one in actions}["record-qualification"] is False
    assert len((await clerk.get("/staff"))["items"]) == 2


async def test_what_records_say_of_foreigners_and_breaches_replaces_what_was_declared(world: World) -> None:
    clerk, inspector = world.caller("licensing-officer"), world.caller("inspector")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    path, findings = f"/institutions/{MUDUO_ID}", world.host.duties["findings"]
    assert (await put(clerk, f"{path}/staff/{TEACHER}", person(TEACHER))).status_code == 200
    assert await findings.do(date(2026, 7, 1)) == "no record says anything of foreign staff, curricula or adverts"
    permit = {"is_abroad": False, "number": "WP1", "valid_until": "2026-07-09"}
    assert (await clerk.post(f"/staff/{TEACHER}/work-permit", permit)).status_code == 200
    advert = {"kind": "advert", "what": "小区电梯广告", "channel": "community", "seen_on": "2026-07-01",
              "evidence_reference": "E1"}  # fmt: skip
    breach = f"/institutions/{MUDUO_ID}/breaches/{FILING}"
    assert problem(await put(inspector, breach, advert | {"channel": ""}))[1] == "breach-incomplete"
    assert (await put(inspector, breach, advert)).status_code == 200
    assert (await put(inspector, breach, advert)).json()["repeated"]
    assert problem(await put(inspector, breach, advert | {"what": "别的"}))[1] == "breach-is-another"
    assert await findings.do(date(2026, 7, 1)) == "1 counted, 1 are news"
    assert await findings.do(date(2026, 7, 10)) == "1 counted, 1 are news", (
        "the permit ran out, and nobody wrote a word"
    )
    clerk.position = str(await world.host.log.head())
    seen = await clerk.get(f"{path}/dossier")
    assert (seen["staff"]["foreigners_unlawful"], seen["materials"]["adverts_in_breach"]) == (1, 1)
    (row,) = (await clerk.get("/breaches"))["items"]
    assert (row["kind"], row["state"], row["found_by"]) == ("advert", "open", "inspector")
    ended = {"how": "corrected", "reason": "已撤下"}
    assert (await clerk.post(f"/breaches/{FILING}/end", ended)).status_code == 200
    await findings.look()
    clerk.position = str(await world.host.log.head())
    assert (await clerk.get(f"{path}/dossier"))["materials"]["adverts_in_breach"] == 0
    assert [one["state"] for one in (await clerk.get("/breaches"))["items"]] == ["corrected"]
    assert (await world.replayed()).differences == 0


async def test_a_roster_without_numbers_says_who_is_alike_and_a_person_who_is_the_same(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    for member in (TEACHER, AT_SCHOOL, GUARD):
        assert (await put(clerk, f"/institutions/{MUDUO_ID}/staff/{member}", person(member))).status_code == 200
    school = {"name": "第一小学", "division": "330106", "stage": "primary"}
    assert (await put(clerk, f"/schools/{SCHOOL}", school)).status_code == 200
    teachers = [{"name": "王 小明", "birth_year": 1990}, {"name": "王小明", "birth_year": 1980}]
    roster = {"stated_on": "2026-06-30", "teachers": teachers}
    assert (await put(clerk, f"/schools/{SCHOOL}/roster", roster)).status_code == 200
    clerk.position = str(await world.host.log.head())
    alike = {row["member_id"]: row for row in (await clerk.get("/staff", is_doubtful="true"))["items"]}
    assert set(alike) == {str(TEACHER), str(AT_SCHOOL)}
    assert {row["likely_school_id"] for row in alike.values()} == {str(SCHOOL)}
    assert {row["suspected_school_id"] for row in alike.values()} == {None}, "a likeness counts for nothing"

    for member, is_same in ((TEACHER, True), (AT_SCHOOL, False)):
        path = f"/staff/{member}/school-likeness-judgement"
        judged = await clerk.post(path, {"is_same": is_same, "reason": "经学校核实"})
        assert judged.status_code == 200, judged.text
        again = await clerk.post(path, {"is_same": is_same, "reason": "再核"})
        assert problem(again)[1] == "school-likeness-unknown"
    assert (await clerk.post("/staff/checks")).json()["likely"] == 0, "who was judged is not asked about again"
    (row,) = (await clerk.get("/staff", is_doubtful="true"))["items"]
    assert (row["member_id"], row["suspected_school_id"], row["likely_school_id"]) == (str(TEACHER), str(SCHOOL), None)
    assert (await world.replayed()).differences == 0
