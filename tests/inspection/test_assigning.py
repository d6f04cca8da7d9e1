"""Assigning over HTTP (派发): to whom a task goes that nobody has, and to whom it does not."""

from __future__ import annotations

from uuid import UUID

import pytest

from inspection.conftest import World
from inspection.samples import MUDUO, SITE, visit_body
from inspection.test_grids import FIRST, LATER, A, B, at, known, looked, place, planned, put_in_force, today
from inspection.test_plans import granted
from mingjing_inspection.intake import assigning

DEPUTY, OFFICER = "DEPUTY", "OFFICER"


async def county(world: World, *people: str) -> None:
    """The first site in grid A, and people who may go."""
    await known(world, SITE)
    for person in people:
        await world.tell(granted(person, "grid-officer"))
    await put_in_force(world, FIRST)
    await place(world.caller("grid-officer", "officer-a"), SITE, **at(0.6, 0.5), accuracy_metres=5)


async def named(world: World, grid: str, post: str, person: str) -> None:
    body = {"person": person, "from_on": today(world)}
    answer = await world.caller("inspector", "planner").send("PUT", f"/grid-posts/{grid}/{post}", json=body)
    assert answer.status_code == 201, answer.text


async def holder(world: World, task: UUID) -> str:
    """Whose it is after the duty has looked."""
    await world.caught_up()
    await world.host.duties["task-assigning"].look()
    await world.caught_up()
    return str((await world.caller("inspector", "planner").get(f"/tasks/{task}"))["officer"])


async def declines(world: World, person: str, task: UUID) -> None:
    caller = world.caller("grid-officer", person)
    answer = await caller.send("POST", f"/tasks/{task}/refusal", json={"reason": "请假"})
    assert answer.status_code == 200, answer.text


def said(world: World) -> str:
    return str(world.host.duties["task-assigning"].readiness()["looked"])


async def test_what_nobody_has_goes_to_the_officer_of_its_grid_and_not_back_to_who_declined(world: World) -> None:
    await county(world, "officer-a")
    task = await planned(world, world.caller("inspector", "planner"), SITE)
    assert await holder(world, task) == ""
    assert said(world).startswith("nothing to assign")
    await named(world, A, OFFICER, "officer-a")
    assert await holder(world, task) == "officer-a"
    assert said(world) == "1 given to the officers of their grids"
    await declines(world, "officer-a", task)
    assert await holder(world, task) == ""
    assert said(world).startswith("nothing to assign")


async def test_a_deputy_stands_in_while_the_post_is_vacant_and_when_the_officer_declines(world: World) -> None:
    await county(world, "officer-a", "deputy-a")
    planner = world.caller("inspector", "planner")
    first = await planned(world, planner, SITE)
    await named(world, A, DEPUTY, "deputy-a")
    assert await holder(world, first) == "deputy-a", "nobody is the officer"
    await named(world, A, OFFICER, "officer-a")
    second = await planned(world, planner, SITE)
    assert await holder(world, second) == "officer-a"
    await declines(world, "officer-a", second)
    assert await holder(world, second) == "deputy-a"
    await declines(world, "deputy-a", second)
    assert await holder(world, second) == ""
    assert said(world).startswith("nothing to assign")
    assert (await world.replayed()).differences == 0


async def test_a_task_that_was_declined_and_then_moved_is_asked_of_the_officer_of_the_other_grid(world: World) -> None:
    await county(world, "officer-a", "officer-b", "deputy-b")
    task = await planned(world, world.caller("inspector", "planner"), SITE)
    await named(world, A, OFFICER, "officer-a")
    assert await holder(world, task) == "officer-a"
    await declines(world, "officer-a", task)
    await named(world, B, OFFICER, "officer-b")
    await named(world, B, DEPUTY, "deputy-b")
    await put_in_force(world, LATER, days=1)
    world.later(days=1)
    assert (await looked(world)).startswith("1 of 1 sites moved, 1 tasks")
    assert await holder(world, task) == "officer-b"
    assert (await world.replayed()).differences == 0


async def test_whoever_comes_into_office_after_the_deputy_declined_is_asked(world: World) -> None:
    await county(world, "officer-a", "deputy-a")
    task = await planned(world, world.caller("inspector", "planner"), SITE)
    await named(world, A, DEPUTY, "deputy-a")
    assert await holder(world, task) == "deputy-a"
    await declines(world, "deputy-a", task)
    assert await holder(world, task) == ""
    await named(world, A, OFFICER, "officer-a")
    assert await holder(world, task) == "officer-a"


async def test_whoever_declined_does_not_get_it_after_another_ones_report_was_unsound(world: World) -> None:
    await county(world, "officer-a", "deputy-a")
    planner = world.caller("inspector", "planner")
    task = await planned(world, planner, SITE)
    await named(world, A, OFFICER, "officer-a")
    await named(world, A, DEPUTY, "deputy-a")
    assert await holder(world, task) == "officer-a"
    await declines(world, "officer-a", task)
    assert await holder(world, task) == "deputy-a"
    for visit in (UUID(int=62), UUID(int=63)):  # twice with the same words
        body = visit_body(task_id=str(task), observation={"outcome": "DOOR_CLOSED", "answers": []})
        reported = await world.caller("grid-officer", "deputy-a").send("PUT", f"/visits/{visit}", json=body)
        assert reported.json()["task_refused"] == "", reported.text
        await world.caught_up()
        unsound = {"is_sound": False, "remark": "照片不清"}
        reviewed = await planner.send("POST", f"/tasks/{task}/review", json=unsound)
        assert reviewed.status_code == 200, reviewed.text
        assert await holder(world, task) == "deputy-a"
    assert (await world.replayed()).differences == 0


async def test_nobody_is_sent_where_she_has_an_interest_or_without_a_grant_to_go(world: World) -> None:
    await county(world, "officer-a")
    planner = world.caller("inspector", "planner")
    kin = {"institution_id": str(MUDUO), "kind": "KIN"}
    assert (await world.caller("grid-officer", "officer-a").send("POST", "/interests", json=kin)).status_code == 201
    await named(world, A, OFFICER, "officer-a")
    await named(world, A, DEPUTY, "deputy-a")
    task = await planned(world, planner, SITE)
    assert await holder(world, task) == "", "the officer has an interest, the deputy no grant"
    assert "1 wait" in said(world)
    await world.tell(granted("deputy-a", "grid-officer"))
    assert await holder(world, task) == "deputy-a"


async def test_tasks_that_nobody_may_be_given_do_not_keep_later_ones_from_being_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "BATCH_MAX", 1)
    monkeypatch.setattr(assigning, "PAGES_MAX", 1)
    await county(world, "officer-a", "deputy-a")
    planner = world.caller("inspector", "planner")
    await named(world, A, OFFICER, "officer-a")
    await named(world, A, DEPUTY, "deputy-a")
    first = await planned(world, planner, SITE)
    for person in ("officer-a", "deputy-a"):
        assert await holder(world, first) == person
        await declines(world, person, first)
    second = await planned(world, planner, SITE)
    assert await holder(world, second) == "officer-a", "nobody is left for the first"


async def test_the_next_look_goes_on_where_the_last_one_came_to_no_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "BATCH_MAX", 1)
    monkeypatch.setattr(assigning, "PAGES_MAX", 1)
    await county(world)
    planner = world.caller("inspector", "planner")
    await named(world, A, OFFICER, "officer-a")
    tasks = [await planned(world, planner, SITE)]
    world.later(minutes=1)
    tasks.append(await planned(world, planner, SITE))
    assert await holder(world, tasks[1]) == "", "one is looked at, and there is no grant"
    await world.tell(granted("officer-a", "grid-officer"))
    assert await holder(world, tasks[1]) == "officer-a", "the second is next"
    assert await holder(world, tasks[0]) == "officer-a"
