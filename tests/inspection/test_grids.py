"""Grids over HTTP: drawn, mended, put in force by a second person; sites and tasks follow (X16); the past stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.geometry.drawn import SOUTH, STEP, WEST, document, feature, ring, square
from inspection.samples import MUDUO, OTHER_SITE, SITE, approved, registered, visit_body
from mingjing_inspection.codec import GRID_VERSIONS
from mingjing_inspection.intake import redrawing
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.redrawing import CARRIED_OUT, NOTHING_IN_FORCE
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.service.duty import DutyKeeper

GEO = {"Content-Type": "application/geo+json"}
COMMUNITY = "330106109001"
A, B, C = (f"{COMMUNITY}{number:03}" for number in (1, 2, 3))
STATED = "330106109003004"
FIRST = document(feature(A, square(0, 0)), feature(B, square(1, 0)))
LATER = document(
    feature(A, ring((0, 0), (0.4, 0), (0.4, 1), (0, 1))), feature(B, ring((0.4, 0), (2, 0), (2, 1), (0.4, 1)))
)
"""The border between the two has moved west."""


def at(x: float, y: float) -> dict[str, int]:
    """A point in the steps of the drawing."""
    return {"longitude_e7": round((WEST + x * STEP) * 1e7), "latitude_e7": round((SOUTH + y * STEP) * 1e7)}


def today(world: World) -> str:
    return shanghai_date(world.time.now).isoformat()


async def put_in_force(world: World, content: bytes, *, days: int = 0) -> UUID:
    """Drafted and proposed by one, approved by another, from a day on."""
    version, path = new_id(), "/grid-versions"
    drawer, approver = world.caller("inspector", "drawer"), world.caller("approver", "approver-1")
    made = await drawer.send("PUT", f"{path}/{version}?name=网格", headers=GEO, content=content)
    assert (made.status_code, made.json()["kept_aside"]) == (201, []), made.text
    assert (await drawer.send("POST", f"{path}/{version}/proposal")).status_code == 200
    day = (shanghai_date(world.time.now) + timedelta(days=days)).isoformat()
    done = await approver.send("POST", f"{path}/{version}/approval", json={"effective_on": day})
    assert done.status_code == 200, done.text
    await world.caught_up()
    return version


async def known(world: World, *sites: UUID) -> None:
    await world.tell(registered())
    for site in sites:
        await world.tell(approved(site, STATED))


async def place(caller: Caller, site: UUID, **where: Any) -> Any:
    return await caller.send("PUT", f"/institutions/{MUDUO}/sites/{site}/position", json=where)


async def places(caller: Caller, **params: Any) -> dict[str, Any]:
    return {item["site_id"]: item for item in (await caller.get("/site-places", **params))["items"]}


async def test_a_file_is_looked_at_drafted_mended_and_put_in_force_by_another(world: World) -> None:
    drawer, approver = world.caller("inspector", "drawer"), world.caller("approver", "approver-1")
    overlapping = document(
        feature(A, square(0, 0)), feature(B, square(0.5, 0)), feature("330105109001001", square(5, 5))
    )
    looked = (await drawer.send("POST", "/grid-versions/preview", headers=GEO, content=overlapping)).json()
    assert "grids" in looked, looked
    assert (looked["grids"], [one["key"] for one in looked["kept_aside"]]) == (1, [B, "330105109001001"])
    assert (await drawer.get("/grid-versions"))["items"] == []
    version = f"/grid-versions/{new_id()}"
    made = await drawer.send("PUT", f"{version}?name=一版", headers=GEO, content=overlapping)
    problem = made.json()["kept_aside"][0]["problems"][0]
    assert (problem["rule"], problem["feature"], problem["place"]["type"]) == ("grids-overlap", 2, "MultiPolygon")
    assert problem["sentence"]["zh"].startswith(f"{B} 与 {A} 重叠约")
    waiting = await drawer.send("POST", f"{version}/proposal")
    assert waiting.json()["type"] == "urn:mingjing:problem:features-aside"
    mended = await drawer.send("PUT", version, headers=GEO, content=document(feature(B, square(1, 0))))
    assert [mended.json()[name] for name in ("grids", "kept_aside", "problems")] == [1, [], []]
    foreign = {"key": "330105109001001", "reason": "外区网格"}
    assert (await drawer.send("POST", f"{version}/dropped-features", json=foreign)).status_code == 200
    shown = await drawer.get(f"{version}/features")
    assert [one["properties"]["code"] for one in shown["features"]] == [A, B]
    assert (await drawer.send("POST", f"{version}/proposal")).status_code == 200
    mine = await world.caller("approver", "drawer").send(
        "POST", f"{version}/approval", json={"effective_on": today(world)}
    )
    assert (mine.status_code, mine.json()["type"]) == (403, "urn:mingjing:problem:other-person-must")
    back = await approver.send("POST", f"{version}/return", json={"reason": "请再核对"})
    assert back.status_code == 200
    assert (await approver.get(version))["state"] == "DRAFT"
    assert (await drawer.send("POST", f"{version}/proposal")).status_code == 200
    past = {"effective_on": (shanghai_date(world.time.now) - timedelta(days=1)).isoformat()}
    assert (await approver.send("POST", f"{version}/approval", json=past)).status_code == 422
    assert (await approver.send("POST", f"{version}/approval", json={"effective_on": today(world)})).status_code == 200
    item = await approver.get(version)
    assert (item["state"], item["grids"], item["kept_aside"]) == ("APPROVED", 2, 0)
    assert (item["drafted_by"], item["proposed_by"], item["approved_by"]) == ("drawer", "drawer", "approver-1")
    (draft,) = [one for one in (await approver.get(f"{version}/available-actions"))["actions"] if
                one["act"] == "draft-grids"]  # fmt: skip
    assert draft["available"] is False
    assert (await world.replayed()).differences == 0


async def test_a_draft_that_does_not_fit_together_is_not_proposed(world: World) -> None:
    drawer, version = world.caller("inspector"), f"/grid-versions/{new_id()}"
    holed = feature(A, ring((0, 0), (3, 0), (3, 3), (0, 3)), ring((1, 1), (1, 2), (2, 2), (2, 1)))
    made = await drawer.send("PUT", version, headers=GEO, content=document(holed))
    (hole,) = made.json()["problems"]
    assert (hole["rule"], hole["code"]) == ("community-has-hole", COMMUNITY)
    refused = await drawer.send("POST", f"{version}/proposal")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mingjing:problem:version-has-problems")
    assert (await world.caller("hotline-operator").send("PUT", version, headers=GEO, content=FIRST)).status_code == 403
    assert (await drawer.send("PUT", version, headers=GEO, content=b"{}")).status_code == 422
    filled = await drawer.send("PUT", version, headers=GEO, content=document(feature(B, square(1, 1))))
    assert filled.json()["problems"] == []


async def looked(world: World) -> str:
    """What the duty says after a look."""
    duty = world.host.duties["grid-redrawing"]
    await duty.look()
    await world.caught_up()
    return str(duty.readiness()["last_look"])


async def test_sites_and_open_tasks_follow_the_grids_once_and_the_run_says_what_it_did(world: World) -> None:
    await known(world, SITE, OTHER_SITE)
    officer, planner = world.caller("grid-officer", "officer-a"), world.caller("inspector", "planner")
    keeper = DutyKeeper("grid-redrawing", world.host.duties["grid-redrawing"], world.host)
    assert (await keeper.step()).said == NOTHING_IN_FORCE
    first = await put_in_force(world, FIRST)
    assert (await looked(world)).startswith("0 of 2 sites moved")
    redraw = (await planner.get(f"/grid-versions/{first}"))["redraw"]
    assert [redraw[name] for name in ("sites", "moved", "place_unknown")] == [2, 0, 2]
    placed = await place(officer, SITE, **at(0.6, 0.5), accuracy_metres=5)
    assert placed.json()["grid"] == A
    assert {id: one["region"] for id, one in (await places(officer)).items()} == {str(SITE): A, str(OTHER_SITE): STATED}
    assert list(await places(officer, why="place-unknown")) == [str(OTHER_SITE)]
    task = await planned(world, planner, SITE)
    assert (await officer.send("POST", f"/tasks/{task}/acceptance")).status_code == 200
    for code, person in ((A, "officer-a"), (B, "officer-b")):
        body = {"person": person, "from_on": today(world)}
        assert (await planner.send("PUT", f"/grid-posts/{code}/OFFICER", json=body)).status_code == 201
    second = await put_in_force(world, LATER, days=1)
    assert (await looked(world), (await planner.get(f"/tasks/{task}"))["region"]) == (CARRIED_OUT, A)
    world.later(days=1)
    assert (await keeper.step()).said.startswith("1 of 2 sites moved, 1 tasks")
    await world.caught_up()
    planner = world.caller("inspector", "planner")
    moved = await planner.get(f"/tasks/{task}")
    assert (moved["region"], moved["state"], moved["officer"]) == (B, "ASSIGNED", "officer-b")
    redraw = (await planner.get(f"/grid-versions/{second}"))["redraw"]
    figures = ("sites", "moved", "unchanged", "outside", "place_unknown", "tasks_moved", "tasks_kept")
    assert [redraw[name] for name in figures] == [2, 1, 0, 0, 1, 1, 0]
    head = await world.host.log.head()
    assert (await looked(world), await world.host.log.head()) == (CARRIED_OUT, head)
    assert (await places(planner))[str(SITE)]["former_region"] == A
    assert (await world.replayed()).differences == 0


async def planned(world: World, planner: Caller, site: UUID) -> UUID:
    task = new_id()
    body = {
        "institution_id": str(MUDUO), "site_id": str(site), "reason": "例行", "kind": "ROUTINE",
        "due_at": (world.time.now + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    return task


async def test_a_run_that_was_broken_off_goes_on_and_moves_nothing_twice(world: World) -> None:
    await known(world, SITE)
    officer = world.caller("grid-officer", "officer-a")
    await put_in_force(world, FIRST)
    await place(officer, SITE, **at(0.6, 0.5))
    task = await planned(world, world.caller("inspector", "planner"), SITE)
    second = await put_in_force(world, LATER)
    await world.caught_up()
    duty = world.host.duties["grid-redrawing"]
    day = shanghai_date(world.time.now)
    grids = await GridBook(world.host).grids(second)
    once = await redrawing.redraw_sites(world.host, grids, day)
    head = await world.host.log.head()
    await world.caught_up()
    again = await redrawing.redraw_sites(world.host, grids, day)
    assert (once.moved, once.tasks_moved, again.moved, again.tasks_moved) == (1, 1, 0, 0)
    assert await world.host.log.head() == head
    await duty.do(day)
    facts = [fact.type for fact in await world.host.log.history(GRID_VERSIONS, second)]
    assert facts.count("inspection.grids-redrawn.v1") == 1
    assert task


async def test_a_visit_places_a_site_that_nobody_has_placed_and_names_the_grid_of_its_time(world: World) -> None:
    await known(world, SITE)
    await put_in_force(world, FIRST)
    officer = world.caller("grid-officer", "officer-a")

    async def visit(**position: Any) -> dict[str, Any]:
        seen = {"position": {"accuracy_metres": 8, **at(0.6, 0.5), **position}}
        id = new_id()
        sent = await officer.send("PUT", f"/visits/{id}", json=visit_body(observation=seen))
        assert sent.status_code == 201, sent.text
        found: dict[str, Any] = await officer.get(f"/visits/{id}")
        return found

    await visit(is_mock=True)
    await visit(accuracy_metres=51)
    assert (await places(officer))[str(SITE)]["why"] == "place-unknown"
    assert (await visit())["region"] == STATED
    site = (await places(officer))[str(SITE)]
    assert (site["region"], site["why"], site["source"]) == (A, "", "VISIT")
    assert (await visit(**at(1.5, 0.5)))["region"] == A
    assert (await places(officer))[str(SITE)]["region"] == A, "a later visit overrules nothing"


async def test_the_grid_at_a_point_with_its_officers_now_and_then(world: World) -> None:
    await put_in_force(world, FIRST)
    chief = world.caller("approver", "chief")
    for code, post in ((A, "OFFICER"), (A, "DEPUTY"), (A, "LINKED_INSPECTOR"), (COMMUNITY, "COMMUNITY_LEADER")):
        body = {"person": post.lower(), "from_on": today(world)}
        assert (await chief.send("PUT", f"/grid-posts/{code}/{post}", json=body)).status_code == 201
    unknown = await chief.send(
        "PUT", "/grid-posts/330106999001001/OFFICER", json={"person": "x", "from_on": "2026-07-01"}
    )
    assert (unknown.status_code, unknown.json()["type"]) == (422, "urn:mingjing:problem:town-not-in-county")
    before, first_day = f"@{chief.position}", today(world)
    found = await chief.get("/grids/at", **at(0.6, 0.5))
    assert (found["code"], found["name"]) == (A, "网格001")
    assert {one["post"]: one["person"] for one in found["posts"]} == {
        "OFFICER": "officer", "DEPUTY": "deputy", "LINKED_INSPECTOR": "linked_inspector",
        "COMMUNITY_LEADER": "community_leader",
    }  # fmt: skip
    await put_in_force(world, LATER, days=1)
    world.later(days=1)
    chief = world.caller("approver", "chief")
    assert (await chief.get("/grids/at", **at(0.6, 0.5)))["code"] == B
    assert (await chief.get("/grids/at", **at(0.6, 0.5), on=first_day))["code"] == A
    assert (await chief.get("/grids/at", **at(0.6, 0.5), as_of=before))["code"] == A
    assert (await chief.get("/grids/at", **at(9, 9)))["why_zh"] == "该位置不在任何网格内"
    assert (await chief.get("/grids/at", **at(0.6, 0.5), on="2020-01-01"))["why_zh"] == "当日没有启用的网格"
    vacated = await chief.send("POST", f"/grid-posts/{A}/DEPUTY/vacancy", json={"last_on": first_day})
    assert vacated.status_code == 200
    held = (await chief.get("/grid-posts", on=today(world)))["items"]
    assert [one["post"] for one in held if one["region"] == A] == ["LINKED_INSPECTOR", "OFFICER"]
    assert len((await chief.get("/grid-posts", as_of=before, code=A))["items"]) == 3


def codes(collection: dict[str, Any]) -> Sequence[str]:
    return [one["properties"]["code"] for one in collection["features"]]


async def test_grids_go_out_as_geojson_of_a_day_and_come_in_again(world: World) -> None:
    officer = world.caller("grid-officer")
    assert (await officer.get("/grids"))["version_id"] is None
    version = await put_in_force(world, FIRST)
    out = await officer.get("/grids")
    assert (out["type"], out["version_id"], codes(out)) == ("FeatureCollection", str(version), [A, B])
    assert codes(await officer.get("/grids", region=B)) == [B]
    same = json.dumps(out).encode()
    again = (await world.caller("inspector").send("POST", "/grid-versions/preview", headers=GEO, content=same)).json()
    assert (again["grids"], again["kept_aside"], again["problems"]) == (2, [], [])


async def test_a_site_that_is_placed_later_takes_its_open_tasks_along(world: World) -> None:
    await known(world, SITE)
    officer, planner = world.caller("grid-officer", "officer-a"), world.caller("inspector", "planner")
    await put_in_force(world, FIRST)
    await looked(world)
    task = await planned(world, planner, SITE)
    assert (await planner.get(f"/tasks/{task}"))["region"] == STATED
    placed = await place(officer, SITE, **at(0.6, 0.5), accuracy_metres=5)
    assert placed.json()["grid"] == A
    await world.caught_up()
    world.later(minutes=2)
    assert await looked(world) == f"{CARRIED_OUT}; 1 tasks follow their sites"
    await world.caught_up()
    planner.position = str(await world.host.log.head())
    assert (await planner.get(f"/tasks/{task}"))["region"] == A
    world.later(minutes=2)
    assert await looked(world) == CARRIED_OUT
    assert (await world.replayed()).differences == 0


async def test_the_way_goes_by_the_places_of_sites_that_nobody_has_visited(world: World) -> None:
    await known(world, SITE)
    officer, planner = world.caller("grid-officer", "officer-a"), world.caller("inspector", "planner")
    task = await planned(world, planner, SITE)
    assert (await officer.send("POST", f"/tasks/{task}/acceptance")).status_code == 200
    (stop,) = (await officer.get("/round/way"))["stops"]
    assert stop["is_placed"] is False
    await place(officer, SITE, **at(0.6, 0.5), accuracy_metres=5)
    officer.position = str(await world.host.log.head())
    (stop,) = (await officer.get("/round/way"))["stops"]
    assert stop["is_placed"] is True
