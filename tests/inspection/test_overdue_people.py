"""X20 over HTTP, by name: whoever has the step in hand now, and where the organizer reads it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql

from inspection.conftest import NOW, World
from inspection.samples import GRID, MUDUO, SITE
from inspection.test_api import known
from inspection.test_complaint_tracks import Office as Hotline
from inspection.test_complaint_tracks import step
from inspection.test_findings import MARKET, Office, found, handled, post
from inspection.test_overdue_notices import passed, told
from inspection.test_plans import granted
from inspection.test_rectifications import reacted
from mingjing_inspection.intake.task_supervision import supervise_daily
from mingjing_inspection.projections.reactions import RECHECKED, RECTIFIED, X5, X20, reactions_due, reactions_table
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import new_id

TOWN = "town"


async def test_of_a_finding_in_its_second_round_nobody_of_the_first_is_told_and_its_dispatcher_reads_it_at_home(
    world: World,
) -> None:
    office = Office(world)
    (item,) = await found(world, office, "C05")
    id = item["finding_id"]
    await handled(office, id)
    await post(office.checker, id, "recheck", is_passed=False, note="未改")
    await post(office.dispatcher, id, "dispatch", department=TOWN, reason="属地处置")
    await passed(world, days=15)
    other = world.caller("inspector", "of-town", department=TOWN)
    (theirs,) = (await other.get("/overdue-notices", level="SUPERVISED", kind="finding"))["items"]
    assert (theirs["addressee"], theirs["people"]) == ("DEPARTMENT", []), "nobody of the town has taken it on"
    handler = world.caller("inspector", "handler", department=MARKET)
    assert await told(handler, is_mine=True) == []
    dispatcher = world.caller("case-officer", "dispatcher", department="culture-tourism-sport")
    assert await told(dispatcher, is_mine=True) == [("SUPERVISED", "ORGANIZER")]
    assert (await world.replayed()).differences == 0


async def test_of_a_finding_whoever_has_taken_it_on_in_this_round_is_told(world: World) -> None:
    office = Office(world)
    (item,) = await found(world, office, "C05")
    id = item["finding_id"]
    await post(office.second, id, "verification", note="属实")
    await post(office.dispatcher, id, "dispatch")
    await post(office.handler, id, "handling")
    await passed(world, days=15)
    handler = world.caller("inspector", "handler", department=MARKET)
    assert ("SUPERVISED", "DEPARTMENT") in await told(handler, is_mine=True)


async def test_a_colleague_is_not_named_for_a_task_that_another_officer_has_since(world: World) -> None:
    await known(world)
    for name in ("off", "li", "wang"):
        await world.tell(granted(name, "grid-officer"))
    planner, task = world.caller("inspector", "cheng"), new_id()
    body = {"institution_id": str(MUDUO), "site_id": str(SITE), "reason": "例行", "due_at": "2026-07-10T12:00:00+08:00"}
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    given = {"officer": "off", "colleagues": ["li"]}
    assert (await planner.send("POST", f"/tasks/{task}/assignment", json=given)).status_code == 200
    off, wang = (world.caller("grid-officer", name, region=GRID[:9]) for name in ("off", "wang"))
    assert (await off.send("POST", f"/tasks/{task}/refusal", json={"reason": "请假"})).status_code == 200
    assert (await wang.send("POST", f"/tasks/{task}/acceptance")).status_code == 200
    world.later(days=8)
    await world.caught_up()
    await supervise_daily(world.host, shanghai_date(world.time.now))
    await reacted(world)
    await world.caught_up()
    wang = world.caller("grid-officer", "wang", region=GRID[:9])
    (notice,) = (await wang.get("/overdue-notices", is_mine=True))["items"]
    assert notice["people"] == ["wang"]


async def test_of_a_complaint_whoever_mediates_is_told_and_whoever_routed_it(world: World) -> None:
    office = Hotline(world)
    track = (await office.take())["DISPUTE"]
    await step(office.router, track, "routing", matter="FEES")
    await step(office.mediator, track, "acceptance", told="短信告知", asks_refund=False)
    await step(office.mediator, track, "mediation")
    await passed(world, days=120)
    office = Hotline(world)
    seen = {(one["addressee"], *one["people"]) for one in (await office.mediator.get("/overdue-notices"))["items"]}
    assert ("DEPARTMENT", "mediator") in seen, seen
    assert ("SUPERVISED", "ORGANIZER") in await told(office.router, is_mine=True)
    assert (await world.replayed()).differences == 0


DUE = {
    "from_position": 1, "is_due": True, "occasion": "", "department": "", "region": "", "category": "", "did": [],
    "why": "", "since": NOW,
}  # fmt: skip


async def test_what_acts_goes_before_what_tells_and_what_takes_back(world: World) -> None:
    asked = ((1, X20), (2, RECHECKED), (3, X5), (4, X20), (5, RECTIFIED))
    due = [DUE | {"reaction_id": UUID(int=number), "reaction": reaction} for number, reaction in asked]
    async with world.host.connection() as connection:
        await connection.execute(insert(reactions_table), due)
        found = (await connection.execute(reactions_due())).mappings().all()
        await connection.rollback()
    assert [one["reaction"] for one in found] == [X5, RECTIFIED, X20, RECHECKED, X20]


async def test_an_index_says_what_is_due_next_however_many_are_late(world: World) -> None:
    due = [DUE | {"reaction_id": UUID(int=number), "reaction": X20} for number in range(20_000)]
    async with world.host.connection() as connection:
        await connection.execute(insert(reactions_table), due)
        await connection.execute(text("ANALYZE reactions"))
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        question = reactions_due().compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        plan = "\n".join(await connection.scalars(text(f"EXPLAIN {question}".replace(":", "\\:"))))
        await connection.rollback()
    assert "reactions_due" in plan, plan
    assert "Sort" not in plan, plan
