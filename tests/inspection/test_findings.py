"""Findings over HTTP, on a real database: from a failed item of a visit to a closed file, and what is counted of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from inspection.conftest import Caller, World
from inspection.samples import GRID, PHOTO, SITE, visit_body
from inspection.test_api import VISIT, known
from inspection.test_available_actions import actions, why_not
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.intake.finding_duty import NAME
from mingjing_inspection.intake.reaction_duty import NAME as REACTIONS
from mingjing_kernel.calendar import CALENDAR, CALENDAR_ID, ImportNotice
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope

PERIOD = {"since": "2026-06-01T00:00:00+08:00", "until": "2026-09-01T00:00:00+08:00"}
MARKET = "market-regulation"


def issues(*failed: str) -> dict[str, Any]:
    answers = [
        {"item": item.code, "finding": "FAIL", "remark": "未公示", "photos": [PHOTO]}
        if item.code in failed
        else {"item": item.code, "finding": "PASS"}
        for item in PATROL_V1.items
    ]
    return visit_body(observation={"outcome": "ISSUES" if failed else "NO_ISSUE", "answers": answers})


async def looked(world: World, *callers: Caller) -> None:
    """The duty has looked, and the callers see what it did."""
    await world.caught_up()
    await world.host.duties[NAME].look()
    for caller in callers:
        caller.position = str(await world.host.log.head())


async def post(caller: Caller, finding: str, step: str, **body: Any) -> Any:
    """A step, which is taken."""
    answer = await caller.send("POST", f"/findings/{finding}/{step}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(caller: Caller, finding: str, step: str, **body: Any) -> tuple[int, str]:
    """A step, which is not."""
    answer = await caller.send("POST", f"/findings/{finding}/{step}", json=body)
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]


class Office:
    """The people who take the steps."""

    def __init__(self, world: World) -> None:
        self.officer = world.caller("grid-officer", "officer", region=GRID[:9])
        self.second = world.caller("inspector", "second", department="culture-tourism-sport")
        self.dispatcher = world.caller("case-officer", "dispatcher", department="culture-tourism-sport")
        self.handler = world.caller("inspector", "handler", department=MARKET)
        self.checker = world.caller("inspector", "checker")
        self.force = world.caller("approver", "force")


async def found(world: World, office: Office, *failed: str) -> list[dict[str, Any]]:
    """The findings of a visit with these failed items."""
    await known(world)
    sent = await office.officer.send("PUT", f"/visits/{VISIT}", json=issues(*failed))
    assert sent.status_code == 201, sent.text
    await looked(world, *vars(office).values())
    items: list[dict[str, Any]] = (await office.checker.get("/findings", visit_id=str(VISIT)))["items"]
    return sorted(items, key=lambda item: str(item["item"]))


async def test_each_failed_item_becomes_one_finding_however_often_somebody_looks(world: World) -> None:
    office = Office(world)
    first, veto = await found(world, office, "C05", "C09")
    assert (first["matter"], first["stage"], first["urgency"], first["is_veto"]) == (
        "FEES",
        "REPORTED",
        "NORMAL",
        False,
    )
    assert (veto["matter"], veto["urgency"], veto["is_veto"]) == ("FIRE_SAFETY", "URGENT", True)
    assert (first["summary"], first["reported_by"]) == ("收费公示与超期预收费：未公示", "officer")
    assert (first["due_at"][:10], first["step"]) == ("2026-07-02", "VERIFY")
    head = await world.host.log.head()
    await looked(world)
    assert await world.host.log.head() == head
    assert "nothing to do" in world.host.duties[NAME].readiness()["looked"]
    correction = {"corrects_version": 1, "observation": issues("C09")["observation"], "reason": "看错了"}
    await office.officer.send("POST", f"/visits/{VISIT}/corrections", json=correction)
    await looked(world, office.checker)
    after = {item["item"]: item for item in (await office.checker.get("/findings"))["items"]}
    assert (after["C05"]["is_still_failed"], after["C05"]["due_at"]) == (False, first["due_at"])
    assert after["C09"] == veto
    assert (await world.replayed()).differences == 0


async def test_who_reported_does_not_verify_and_who_fixes_does_not_close(world: World) -> None:
    office = Office(world)
    (item,) = await found(world, office, "C05")
    id = item["finding_id"]
    mine = await actions(office.officer, f"/findings/{id}")
    told = await refused(office.officer, id, "verification", note="属实")
    assert told == (403, why_not(mine["verify-finding"]))
    assert why_not(mine["dispatch-finding"]) == "outside-scope"
    assert (await actions(office.second, f"/findings/{id}"))["verify-finding"]["due_on"] == "2026-07-02"
    await post(office.second, id, "verification", note="现场核实属实", is_on_site=True)
    suggestion = await office.dispatcher.get(f"/findings/{id}/suggestion")
    assert (suggestion["department"], suggestion["ground"]) == (MARKET, "OWNER")
    office.handler.position = office.second.position
    assert (await office.handler.get("/findings"))["items"] == [], "nobody has given it to them"
    await post(office.dispatcher, id, "dispatch")
    office.handler.position = office.dispatcher.position
    (theirs,) = (await office.handler.get("/findings"))["items"]
    assert (theirs["stage"], theirs["due_at"][:10]) == ("DISPATCHED", "2026-07-08")
    await post(office.handler, id, "handling")
    assert await refused(office.handler, id, "extension", reason="鉴定") == (403, "outside-scope")
    await post(office.handler, id, "feedback", measures="已公示价目表", photos=[PHOTO])
    other = world.caller("inspector", "handler")
    assert await refused(other, id, "recheck", is_passed=True, note="好") == (403, "other-person-must")
    await world.host.duties[REACTIONS].look()
    office.checker.position = str(await world.host.log.head())
    (noted,) = (await office.checker.get("/reactions"))["items"]
    assert (noted["did"], noted["why"]) == (["recheck-planned"], "")
    (task,) = (await office.checker.get("/tasks"))["items"]
    assert (task["kind"], task["site_id"]) == ("RECHECK", str(SITE))
    await post(office.checker, id, "recheck", is_passed=True, note="已公示")
    assert await refused(other, id, "closure", conclusion="结", rating="GOOD") == (403, "other-person-must")
    await post(office.dispatcher, id, "closure", conclusion="按期改正", rating="GOOD")
    closed = await office.dispatcher.get(f"/findings/{id}")
    assert (closed["stage"], closed["rating"], closed["due_at"]) == ("CLOSED", "GOOD", None)
    assert (await world.replayed()).differences == 0


async def handled(office: Office, id: str) -> None:
    """Verified, dispatched, taken on and fed back."""
    await post(office.second, id, "verification", note="属实")
    await post(office.dispatcher, id, "dispatch")
    await post(office.handler, id, "handling")
    await post(office.handler, id, "feedback", measures="已改")


async def test_figures_count_what_is_late_and_open_and_a_sample_finds_what_was_not_fixed(world: World) -> None:
    office = Office(world)
    first, second = await found(world, office, "C05", "C07")
    await handled(office, first["finding_id"])
    await post(office.checker, first["finding_id"], "recheck", is_passed=True, note="好")
    await post(office.dispatcher, first["finding_id"], "closure", conclusion="结", rating="GOOD")
    await post(office.second, second["finding_id"], "verification", note="属实")
    await post(office.dispatcher, second["finding_id"], "dispatch")
    world.later(days=10)
    office = Office(world)  # the tokens are as old as the clock
    office.checker.position = str(await world.host.log.head())
    (all_,) = (await office.checker.get("/finding-figures", **PERIOD))["items"]
    counted = {name: all_[name] for name in ("accepted", "filed", "dispatched", "due", "on_time", "overdue_open")}
    assert counted == {"accepted": 2, "filed": 2, "dispatched": 2, "due": 2, "on_time": 1, "overdue_open": 1}
    assert (all_["on_time_basis_points"], all_["rework_basis_points"]) == (5_000, None)
    by = {row["key"]: row for row in (await office.checker.get("/finding-figures", **PERIOD, by="department"))["items"]}
    assert (by[MARKET]["due"], by["culture-tourism-sport"]["accepted"]) == (2, 2)
    sample, body = new_id(), {**PERIOD, "region": "330106", "department": "culture-tourism-sport"}
    early = await office.dispatcher.send("PUT", f"/finding-samples/{new_id()}", json=body)
    assert (early.status_code, early.json()["type"]) == (422, "urn:mingjing:problem:period-not-over"), early.text
    body["until"] = "2026-07-03T00:00:00+00:00"
    drawn = await office.dispatcher.send("PUT", f"/finding-samples/{sample}", json=body)
    within = body | {"region": "330106109", "until": "2026-07-02T00:00:00+00:00"}
    twice = await office.dispatcher.send("PUT", f"/finding-samples/{new_id()}", json=within)
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:mingjing:problem:sample-period-overlaps")
    assert drawn.status_code == 201, drawn.text
    told = await office.dispatcher.get(f"/finding-samples/{sample}")
    assert (told["population_count"], told["drawn"]) == (1, [first["finding_id"]])
    found_ = {"sample_id": str(sample), "is_fixed": False, "note": "又收起来了"}
    assert await refused(office.checker, first["finding_id"], "reinspection", **found_) == (403, "other-person-must")
    await post(world.caller("inspector", "stranger"), first["finding_id"], "reinspection", **found_)
    office.checker.position = str(await world.host.log.head())
    (all_,) = (await office.checker.get("/finding-figures", **PERIOD))["items"]
    assert (all_["reinspected"], all_["not_fixed"], all_["rework_basis_points"]) == (1, 1, 10_000)
    assert (await office.checker.get(f"/findings/{first['finding_id']}"))["stage"] == "REOPENED"
    assert (await world.replayed()).differences == 0


async def test_hours_run_out_to_the_minute_and_days_by_the_calendar(world: World) -> None:
    office = Office(world)
    (item,) = await found(world, office, "C05")
    id = item["finding_id"]
    await post(office.second, id, "verification", note="属实")
    assert (await office.second.get(f"/findings/{id}"))["due_at"] == "2026-07-01T07:30:00Z"  # 14 to 18 less noon
    world.later(hours=5)
    office = Office(world)
    await looked(world, office.second)
    reminded = await office.second.get(f"/findings/{id}")
    assert (reminded["is_reminded"], reminded["is_supervised"]) == (True, False)
    world.later(hours=2)
    office = Office(world)
    await looked(world, office.second)
    assert (await office.second.get(f"/findings/{id}"))["supervised"] == 1
    await post(office.dispatcher, id, "dispatch")
    notice = ImportNotice(
        year=2026, off=(date(2026, 7, 6), date(2026, 7, 7)), worked=(), source="通知", by="p", at=world.time.now
    )
    await world.host.log.handle(CALENDAR, CALENDAR_ID, notice, Envelope(command_id=new_id(), actor="p"))
    keeper = world.host.deadlines
    assert keeper is not None
    await world.caught_up()
    await keeper.step()
    office.dispatcher.position = str(await world.host.log.head())
    moved = await office.dispatcher.get(f"/findings/{id}")
    assert moved["due_at"][:10] == "2026-07-10"
    world.later(days=8)
    await keeper.step()
    assert (await Office(world).force.get(f"/findings/{id}"))["supervised"] == 1, "the last day of the notice"
    world.later(days=2)
    await keeper.step()
    await world.caught_up()
    late = await Office(world).force.get(f"/findings/{id}")
    assert (late["supervised"], late["proposes_listing"], late["is_listed"]) == (2, True, False)
    await post(Office(world).force, id, "listing", reason="两次超期")
    assert (await world.replayed()).differences == 0


async def test_a_finding_by_hand_needs_no_institution_and_comes_back_twice_at_most(world: World) -> None:
    office, id = Office(world), str(new_id())
    body = {"region": GRID, "address": "莲花街9号2幢302", "matter": "OTHER", "summary": "群众反映有人补课"}
    sent = await office.officer.send("PUT", f"/findings/{id}", json=body)
    assert sent.status_code == 201, sent.text
    assert (await office.officer.send("PUT", f"/findings/{id}", json=body)).json()["version"] == 1
    await post(office.checker, id, "verification", note="听说")
    assert (await office.checker.get(f"/findings/{id}/suggestion"))["ground"] == "GRID_FIRST"
    assert await refused(office.checker, id, "dispatch") == (422, "owner-unknown")
    for there in (MARKET, "education"):
        await post(office.checker, id, "dispatch", department=there, reason="按专题分工")
        other = world.caller("inspector", f"of-{there}", department=there)
        await post(other, id, "return", reason="不属本部门", suggested_department="town")
    assert await refused(office.checker, id, "dispatch", department="town", reason="x") == (409, "disputed-twice")
    assert (await actions(office.force, f"/findings/{id}"))["allot-finding"]["available"]
    await post(office.force, id, "allotment", department="town", reason="属地处置", urgency="COMPLEX")
    last = await office.force.get(f"/findings/{id}")
    assert (last["handler_department"], last["round"], last["due_at"][:10]) == ("town", 3, "2026-07-22")
    assert last["institution_id"] is None
    assert (await office.checker.get("/findings", is_open=False))["items"] == []
