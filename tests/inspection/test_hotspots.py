"""Hot-spots on a real database: who is sent where and when, once, and what was said where nobody was."""

from __future__ import annotations

from inspection.conftest import World
from inspection.samples import GRID, OTHER_GRID
from inspection.test_leads import LEAD, report, took
from mingjing_inspection.intake.hotspots import plan_hotspots
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.service import Host


async def planned(host: Host, world: World, days: int = 0) -> str:
    world.later(days=days)
    await world.caught_up()
    said = await plan_hotspots(host, shanghai_date(world.time.now))  # type: ignore[arg-type]
    await world.caught_up()
    return said


async def test_a_grid_with_many_open_leads_is_visited_weekly_at_the_times_that_the_leads_name(world: World) -> None:
    host, officer = world.host, world.caller("grid-officer", "walker")
    assert await planned(host, world) == "nothing planned: no lead about a place is open"
    leads = [await report(officer, region=GRID, people=[], description="补习") for _ in range(2)]
    await report(officer, region=OTHER_GRID, people=[], description="补习")
    assert (await planned(host, world)).startswith("nothing planned: no grid has as many of 3 open leads")
    leads.append(await report(officer, region=GRID, people=[], description="补习"))
    await report(officer, region=GRID[:9], people=[], description="补习")
    said = await planned(host, world)
    assert said == "planned 3 visits to 1 hot-spots; 1 leads stand in no grid", said
    assert (await planned(host, world)).startswith("nothing planned: the visits to 1 hot-spots are planned already")
    officer.position = str(await host.log.head())
    visits = (await officer.get("/hotspot-visits"))["items"]
    assert {one["region"] for one in visits} == {GRID}
    assert {one["slot"] for one in visits} == {"REGULAR", "NIGHT", "WEEKEND"}
    assert {place["lead_id"] for place in visits[0]["places"]} == set(leads)
    named = [one for one in visits if one["leads_naming"]]
    times = [(one["weekday"], one["begins"]) for one in LEAD["times"]]
    assert named, "the leads name times, and within a week each weekday comes"
    assert all(one["begins"] in {begins for _, begins in times} for one in named)
    path = f"/hotspot-visits/{visits[0]['visit_id']}"
    body = {"outcome": "TRAINING_SEEN", "note": "有人上课，电话19900007777", "visited_at": "2026-07-02T01:00:00+00:00"}
    assert (await officer.send("POST", f"{path}/report", json=body)).status_code == 200
    again = await officer.send("POST", f"{path}/report", json=body)
    assert again.json()["type"].endswith("hotspot-visit-over")
    (made,) = (await officer.get("/hotspot-visits", state="MADE"))["items"]
    assert (made["outcome"], made["officer"]) == ("TRAINING_SEEN", "walker")
    assert "19900007777" not in made["note"]
    assert (await planned(host, world, days=7)).startswith("planned 3 visits to 1 hot-spots")
    officer = world.caller("grid-officer", "walker")
    assert len((await officer.get("/hotspot-visits", is_overdue=True))["items"]) == 2
    first, second = world.caller("inspector", "first"), world.caller("case-officer", "second")
    await took(first, leads[0], "verification")
    await took(second, leads[0], "conclusion", is_case_proposed=False, note="已搬走")
    assert (await planned(host, world, days=7)).startswith("nothing planned: no grid has")
    assert (await world.replayed()).differences == 0


async def test_nobody_is_sent_to_an_evening_that_is_over_when_it_is_planned(world: World) -> None:
    host, officer = world.host, world.caller("grid-officer", "walker")
    for _ in range(3):
        await report(officer, region=GRID, people=[], description="补习", times=[])
    now = world.time.now
    evening = now.replace(hour=13, minute=30)  # 21:30 in China, after the visit at night
    world.later(days=0 if evening > now else 1, hours=(evening - now).total_seconds() / 3600)
    assert (await planned(host, world)).startswith("planned ")
    officer = world.caller("grid-officer", "walker")
    officer.position = str(await host.log.head())
    visits = (await officer.get("/hotspot-visits"))["items"]
    assert visits
    assert all(shanghai_date(world.time.now).isoformat() < one["day"] for one in visits)
