"""Plans over a real database: what a night plans, watches, campaigns, the way of a day, and what is covered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from inspection.conftest import Caller, World
from inspection.samples import ALERT, MUDUO, OTHER_GRID, OTHER_SITE, SITE, alert, approved, registered, visit_body
from inspection.test_available_actions import actions, why_not
from mingjing_contracts.console import GrantGivenV1
from mingjing_contracts.funds import AlertClosedV1
from mingjing_contracts.registry import BlacklistPublishedV1, WhitelistEnteredV1
from mingjing_inspection.domain.task_facts import TaskPlanned
from mingjing_inspection.intake import planning
from mingjing_inspection.intake.planning import PlanningDuty, plan_daily
from mingjing_inspection.intake.task_supervision import supervise_daily
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.service import SERVICE
from mingjing_kernel.service.deadline_keeping import DeadlineKeeper
from mingjing_kernel.service.duty import DutyKeeper

CAMPAIGN = UUID(int=51)
SPRING = datetime(2026, 5, 11, 2, tzinfo=UTC)


def granted(person: str, role: str, region: str = "330106") -> GrantGivenV1:
    return GrantGivenV1(
        person=person, grant_id=UUID(int=sum(person.encode()) + 1_000), role=role, department="*", region=region,
        category="*", organisation="", valid_from=datetime(2026, 1, 1, tzinfo=UTC), valid_until=None, manner="given",
        delegated_from=None, given_by="admin", reason="r", legal_basis="l", given_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


async def county(world: World) -> None:
    """In May, no holiday: one institution with two sites, and officers."""
    world.time.now = SPRING
    await world.tell(registered())
    await world.tell(approved())
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    for person, role in (("wang", "grid-officer"), ("li", "grid-officer"), ("cheng", "inspector"), ("lu", "inspector")):
        await world.tell(granted(person, role))


async def night(world: World, day: date) -> str:
    said = await plan_daily(world.host, day)
    await world.caught_up()
    return said


async def open_tasks(caller: Caller, **asked: Any) -> list[dict[str, Any]]:
    return [one for one in (await caller.get("/tasks", **asked))["items"] if one["state"] != "CANCELLED"]


async def test_a_night_plans_what_is_due_and_says_so_and_the_next_plans_nothing_twice(world: World) -> None:
    summer, autumn = date(2026, 7, 15), date(2026, 9, 10)
    assert await night(world, summer) == "nothing planned: the registry has approved no site"
    await county(world)
    world.time.now = datetime(2026, 7, 15, 2, tzinfo=UTC)
    planner = world.caller("inspector", "cheng")
    assert await night(world, summer) == "planned 2 peak of 2 sites"
    nothing = "nothing planned: none of 2 sites is due that has no task; to 2 that are due somebody goes already"
    assert await night(world, summer) == nothing
    for task in await open_tasks(planner):
        assert (task["kind"], task["rule"], task["due_at"][:10]) == ("PEAK", "plan:peak", "2026-08-31")
        assert task["reason"].startswith("暑假：2026-07-01至2026-08-31")
        cancelled = await planner.send("POST", f"/tasks/{task['task_id']}/cancellation", json={"reason": "机构停课"})
        assert cancelled.status_code == 200
    assert await night(world, autumn) == "planned 2 routine of 2 sites"
    tasks = await open_tasks(planner)
    assert [(task["rule"], "default/1" in task["reason"]) for task in tasks] == [("plan:routine", True)] * 2
    assert {task["reason"].partition("：")[0] for task in tasks} == {"未列入白名单"}
    assert await night(world, autumn) == nothing
    await world.tell(alert("YELLOW"))
    watched = date(2026, 9, 11)
    assert await night(world, watched) == nothing, "somebody goes there sooner than the watch asks for"
    assert not (await world.replayed()).differences


async def test_a_backlog_keeps_no_vacation_from_being_swept(world: World) -> None:
    await county(world)
    assert await night(world, date(2026, 9, 10)) == "planned 2 routine of 2 sites"
    winter, nothing = date(2027, 1, 25), "nothing planned: none of 2 sites is due that has no task"
    assert await night(world, winter) == "planned 2 peak of 2 sites", "nobody has gone since September"
    assert await night(world, winter) == f"{nothing}; to 2 that are due somebody goes already"


async def test_a_register_that_comes_by_day_is_planned_that_day_once_it_has_come_to_rest(world: World) -> None:
    await world.caught_up()
    world.time.now = datetime(2026, 7, 15, 2, tzinfo=UTC)
    keeper = DutyKeeper("planning", PlanningDuty(world.host), world.host)
    assert (await keeper.step()).said == "nothing planned: the registry has approved no site"
    await county(world)
    await world.caught_up()
    world.time.now = datetime(2026, 7, 15, 3, tzinfo=UTC)
    assert (await keeper.step()).said.startswith("nothing planned"), "more may be on its way"
    assert (await keeper.step()).said == "planned 2 peak of 2 sites"
    await world.caught_up()
    assert (await keeper.step()).said == "planned 2 peak of 2 sites", "nothing has come since: it is not done again"
    assert len(await open_tasks(world.caller("inspector", "cheng"))) == 2


async def test_a_plan_by_day_that_is_broken_off_is_made_at_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.caught_up()
    world.time.now = datetime(2026, 7, 15, 2, tzinfo=UTC)
    keeper = DutyKeeper("planning", PlanningDuty(world.host), world.host)
    await keeper.step()
    await county(world)
    await world.caught_up()
    world.time.now = datetime(2026, 7, 15, 3, tzinfo=UTC)
    await keeper.step()

    async def away(_log: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(planning, "calendar_known", away)
        with pytest.raises(ConnectionError):
            await keeper.step()
    assert (await keeper.step()).said == "planned 2 peak of 2 sites"


async def test_by_day_it_is_planned_once_an_hour_at_most_and_one_day_plans_so_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PLANNED_MAX", 2)
    await world.caught_up()
    world.time.now = datetime(2026, 7, 15, 2, tzinfo=UTC)
    keeper = DutyKeeper("planning", PlanningDuty(world.host), world.host)
    await world.tell(registered())
    await world.tell(approved())
    assert (await keeper.step()).said == "planned 1 peak of 1 sites"

    async def later(site: UUID, **time: int) -> str:
        await world.tell(approved(site, OTHER_GRID))
        world.later(**time)
        await keeper.step()
        return (await keeper.step()).said

    assert await later(OTHER_SITE, minutes=20) == "planned 1 peak of 1 sites", "an hour has not passed"
    world.later(minutes=40)
    full = "planned 1 peak of 2 sites; to 1 that are due somebody goes already; more is planned tomorrow"
    assert (await keeper.step()).said.startswith(full)
    assert (await later(UUID(int=77), hours=2)).startswith(full), "the day is full"
    world.later(days=1)
    assert (await keeper.step()).said.startswith("planned 1 peak of 3 sites")


async def test_a_yellow_alert_puts_it_under_watch_until_it_is_closed_and_what_did_nothing_says_why(
    world: World,
) -> None:
    await county(world)
    await world.tell(WhitelistEnteredV1(institution_id=MUDUO, reason="conditions-met", on=date(2026, 5, 1)))
    planner = world.caller("inspector", "cheng")

    async def level() -> str:
        return str((await planner.get("/supervision"))["items"][0]["level"])

    async def interval() -> int:
        (one, _) = (await planner.get("/coverage"))["items"]
        return (date.fromisoformat(one["due_on"]) - date.fromisoformat(one["since"][:10])).days

    assert (await level(), await interval()) == ("WHITE", 30)
    await world.tell(alert("NOTICE", alert_id=UUID(int=22)))
    assert await level() == "WHITE"
    await world.tell(alert("YELLOW"))
    await world.tell(alert("YELLOW"))
    assert (await level(), await interval()) == ("WATCH", 7)
    await world.tell(alert("YELLOW", institution_id=None, alert_id=UUID(int=23)))
    await world.tell(AlertClosedV1(alert_id=ALERT, disposal="topped-up", on=date(2026, 5, 12)))
    await world.tell(AlertClosedV1(alert_id=UUID(int=24), disposal="other", on=date(2026, 5, 12)))
    assert await level() == "WHITE"
    idle = (await planner.get("/reactions", is_idle=True))["items"]
    assert {one["why"] for one in idle} == {"severity-notice", "holder-unknown", "alert-led-to-no-watch"}
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    path = f"/policies/patrol-frequency/versions/{UUID(int=41)}"
    proposal = {
        "numbers": {"white": 10}, "region": "330106", "effective_on": "2026-05-01", "legal_basis": "b", "reason": "r",
    }  # fmt: skip
    assert (await first.send("PUT", path, json=proposal)).is_success
    assert (await second.send("POST", f"{path}/approval")).is_success
    planner.position = second.position
    assert await interval() == 10
    assert (await planner.get("/coverage"))["items"][0]["policy"] == str(UUID(int=41))
    listed = BlacklistPublishedV1(
        listing_id=UUID(int=31), institution_id=MUDUO, name="n", code="c", grade="serious", document_number="d",
        ends_on=date(2029, 1, 1), on=date(2026, 5, 12),
    )  # fmt: skip
    await world.tell(listed)
    assert (await level(), await interval()) == ("BLACK", 7)


async def test_a_task_goes_from_hand_to_hand_and_each_hand_is_named(world: World) -> None:
    await county(world)
    planner, wang, li = (
        world.caller(role, name)
        for role, name in (("inspector", "cheng"), ("grid-officer", "wang"), ("grid-officer", "li"))
    )
    body = {
        "institution_id": str(MUDUO), "site_id": str(SITE), "due_at": "2026-05-20T00:00:00+08:00", "reason": "媒体反映",
    }  # fmt: skip
    path = f"/tasks/{UUID(int=61)}"
    assert (await planner.send("PUT", path, json=body)).status_code == 201
    nobody = await planner.send("POST", f"{path}/assignment", json={"officer": "somebody"})
    assert (nobody.status_code, nobody.json()["type"]) == (422, "urn:mingjing:problem:officer-unknown")
    assert (await planner.send("POST", f"{path}/assignment", json={"officer": "wang"})).status_code == 200
    assert why_not((await actions(planner, path))["close-task"]) == "not-yet-submitted"
    assert why_not((await actions(li, path))["decline-task"]) == "task-of-another"
    assert (await actions(planner, path))["hand-over-task"]["available"], "who plans moves anybody's"
    refused = await li.send("POST", f"{path}/refusal", json={"reason": "不是我的"})
    assert refused.json()["type"] == "urn:mingjing:problem:task-of-another"
    assert (await wang.send("POST", f"{path}/refusal", json={"reason": "休假"})).status_code == 200
    planner.position = wang.position
    declined = await planner.get(path)
    assert (declined["state"], declined["officer"], declined["note"]) == ("DECLINED", "", "休假")
    await world.caller("inspector", "lu").send("POST", "/interests", json={"institution_id": str(MUDUO), "kind": "KIN"})
    kin = await planner.send("POST", f"{path}/assignment", json={"officer": "li", "colleagues": ["lu"]})
    assert (kin.status_code, kin.json()["type"]) == (409, "urn:mingjing:problem:officer-has-interest")
    assert (await planner.send("POST", f"{path}/assignment", json={"officer": "li"})).status_code == 200
    assert (await li.send("POST", f"{path}/acceptance")).status_code == 200, "she was named"
    taken = await wang.send("POST", f"{path}/hand-over", json={"to": "wang", "reason": "我来"})
    assert taken.json()["type"] == "urn:mingjing:problem:task-of-another"
    over = await li.send("POST", f"{path}/hand-over", json={"to": "cheng", "reason": "须执法人员"})
    assert over.status_code == 200, over.text
    assert (await planner.send("POST", f"{path}/start")).status_code == 200
    visit = visit_body(task_id=str(UUID(int=61)), observation={"outcome": "DOOR_CLOSED", "answers": []})
    assert (await planner.send("PUT", f"/visits/{UUID(int=62)}", json=visit)).json()["task_refused"] == ""
    own = await planner.send("POST", f"{path}/review", json={"is_sound": True})
    assert own.status_code == 403
    other = world.caller("inspector", "lu")
    other.position = planner.position
    assert (await other.send("POST", f"{path}/review", json={"is_sound": True})).status_code == 200
    assert (await other.get(path))["state"] == "REVIEWED"
    assert (await other.send("POST", f"{path}/closure", json={"conclusion": "已复核"})).status_code == 200


async def test_what_is_late_is_chased_by_the_sweeper_and_by_night(world: World) -> None:
    await county(world)
    planner = world.caller("inspector", "cheng")
    body = {
        "institution_id": str(MUDUO), "site_id": str(SITE), "due_at": "2026-05-20T00:00:00+08:00", "reason": "媒体反映",
    }  # fmt: skip
    await planner.send("PUT", f"/tasks/{UUID(int=61)}", json=body)

    async def chased(day: date) -> tuple[str, bool]:
        await supervise_daily(world.host, day)
        await world.caught_up()
        (task,) = await open_tasks(planner)
        return task["escalation"], task["is_overdue"]

    assert (await supervise_daily(world.host, date(2026, 5, 12))).startswith("nobody chased: each of 1")
    assert await chased(date(2026, 5, 18)) == ("REMINDED", False)
    world.time.now = datetime(2026, 5, 21, 2, tzinfo=UTC)
    planner = world.caller("inspector", "cheng")
    model = next(one for one in SERVICE.read_models if one.name == "deadlines")
    keeper = DeadlineKeeper(world.host, SERVICE.deadlines, model)
    assert (await keeper.step()).done == 1
    await world.caught_up()
    (task,) = await open_tasks(planner)
    assert (task["escalation"], task["is_overdue"]) == ("OVERDUE", True)
    assert await chased(date(2026, 5, 27)) == ("OVERDUE", True)
    assert await chased(date(2026, 5, 28)) == ("LISTED", True)
    assert (await keeper.step()).done == 0
    assert not (await world.replayed()).differences


async def test_an_unannounced_round_is_told_to_nobody_before_the_visit_and_a_joint_one_is_each_departments(
    world: World,
) -> None:
    await county(world)
    planner = world.caller("inspector", "cheng")
    order = {
        "kind": "UNANNOUNCED", "title": "暑前突查", "region": "330106", "due_at": "2026-05-20T00:00:00+08:00",
        "reason": "群众举报",
    }  # fmt: skip
    assert (await planner.send("PUT", f"/campaigns/{CAMPAIGN}", json=order)).status_code == 201
    tasks = await open_tasks(planner, rule=f"campaign:{CAMPAIGN}")
    assert [task["kind"] for task in tasks] == ["UNANNOUNCED"] * 2
    facts = [fact for fact in await world.host.log.read(0, 500) if isinstance(fact.event, TaskPlanned)]
    assert [OUTBOUND[TaskPlanned](fact) for fact in facts] == [None, None]
    institution = world.caller("institution")
    assert (await institution.get("/tasks"))["items"] == []
    assert (await institution.get("/campaigns"))["items"] == []
    joint = order | {"kind": "JOINT", "departments": ["education"]}
    few = await planner.send("PUT", f"/campaigns/{UUID(int=52)}", json=joint)
    assert few.json()["type"] == "urn:mingjing:problem:departments-too-few"
    joint["departments"] = ["education", "fire-rescue"]
    assert (await planner.send("PUT", f"/campaigns/{UUID(int=52)}", json=joint)).status_code == 201
    told: list[Any] = [
        OUTBOUND[TaskPlanned](f) for f in await world.host.log.read(0, 500) if isinstance(f.event, TaskPlanned)
    ]
    assert [one.kind for one in told if one is not None] == ["JOINT"] * 4
    tasks = await open_tasks(planner, rule=f"campaign:{UUID(int=52)}")
    assert sorted(task["department"] for task in tasks) == ["education"] * 2 + ["fire-rescue"] * 2


async def test_the_round_and_the_coverage_show_where_somebody_was_and_where_nobody(world: World) -> None:
    await county(world)
    world.time.now = datetime(2026, 7, 1, 2, tzinfo=UTC)
    wang, planner = world.caller("grid-officer", "wang"), world.caller("inspector", "cheng")
    head = await world.host.log.head()
    await wang.send("PUT", f"/visits/{UUID(int=62)}", json=visit_body())
    planner.position = wang.position
    sites = {one["site_id"]: one for one in (await planner.get("/coverage"))["items"]}
    seen, unseen = sites[str(SITE)], sites[str(OTHER_SITE)]
    assert (seen["visits"], seen["last_officer"], seen["due_on"]) == (1, "wang", "2026-07-31")
    assert (unseen["visits"], unseen["entered_at"], unseen["last_officer"]) == (0, None, "")
    totals = (await planner.get("/coverage/totals"))["total"]
    assert (totals["sites"], totals["visited"], totals["never"], totals["ratio_bp"]) == (2, 1, 1, 5_000)
    before = await planner.get("/coverage", as_of=f"@{head}")
    assert [one["visits"] for one in before["items"]] == [0, 0]
    for number, site in ((71, OTHER_SITE), (72, SITE)):
        body = {
            "institution_id": str(MUDUO), "site_id": str(site), "due_at": "2026-07-20T00:00:00+08:00", "reason": "r",
        }  # fmt: skip
        await planner.send("PUT", f"/tasks/{UUID(int=number)}", json=body)
        await planner.send("POST", f"/tasks/{UUID(int=number)}/assignment", json={"officer": "wang"})
    wang.position = planner.position
    way = await wang.get("/round/way", latitude_e7=302_741_500, longitude_e7=1_201_551_000)
    assert [(stop["site_id"], stop["is_placed"]) for stop in way["stops"]] == [
        (str(SITE), True),
        (str(OTHER_SITE), False),
    ]
    assert (way["unplaced"], way["left_out"], way["stops"][0]["metres"] < 10) == (1, 0, True)
    assert (await world.caller("grid-officer", "li").get("/round/way"))["stops"] == []
