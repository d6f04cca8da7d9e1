"""The work list of complaints being handled: what is due first, soon, un-owned, mine."""

from __future__ import annotations

from typing import Any

from inspection.conftest import World
from inspection.test_complaint_tracks import OWN, Office, shown, step
from mingjing_inspection.intake.track_duty import NAME


async def test_the_work_list_by_clock(world: World) -> None:
    office = Office(world)
    first, second = (await office.take(1))["DISPUTE"], (await office.take(2))["DISPUTE"]
    await step(office.router, second, "routing", matter="FEES")
    own = world.caller("case-officer", department=OWN)
    own.position = office.router.position

    async def listed(**asked: Any) -> list[str]:
        return [one["number"] for one in (await own.get("/complaint-tracks", **asked))["items"]]

    assert await listed(is_open=True, first_due=True) == [first["number"], second["number"]], "the routing is due first"
    assert await listed(is_soon=True) == []
    assert await listed(is_mine=True) == [], "the caller is of education; market regulation has it"
    assert await listed(is_unowned=True) == [first["number"]]
    world.later(hours=1, minutes=50)
    await world.host.duties[NAME].look()
    own = world.caller("case-officer", department=OWN)
    own.position = str(await world.host.log.head())
    assert await listed(is_soon=True) == [first["number"]], "four fifths of two hours are over"
    assert (await shown(own, first))["is_reminded"]
    again = world.caller("case-officer", "router", department=OWN)
    await step(again, first, "routing", matter="FEES")
    own.position = again.position
    assert await listed(is_soon=True) == [], "what is due next was not reminded of"
    assert (await world.replayed()).differences == 0


async def test_a_complaint_about_nobody_known_lies_in_the_town_that_its_place_names(world: World) -> None:
    office = Office(world)
    nobody = {"institution_id": None, "respondent": "某辅导班", "tracks": ["REPORT"], "declared": "举报"}
    somewhere = {"place": "西湖区蒋村街道文苑路1号", "text": "某小区民宅里有人补课", "title": "民宅补课"}
    track = (await office.take(1, **nobody, **somewhere))["REPORT"]
    assert track["region"] == "330106012"
    await step(office.operator, track, "triage", matter="OTHER")
    path = f"/complaint-tracks/{track['track_id']}/suggestion"
    assert (await office.operator.get(path))["ground"] == "GRID_FIRST"
    world.later(hours=30)
    office = Office(world)
    await world.host.duties[NAME].look()
    office.operator.position = str(await world.host.log.head())
    assert (await shown(office.operator, track))["escalated_to"] == "town"
    said = await office.operator.get(path)
    assert (said["department"], said["ground"]) == ("town", "TOWN_FALLBACK")
    await step(office.operator, track, "routing")
    office.operator.position = str(await world.host.log.head())
    assert (await shown(office.operator, track))["handler_department"] == "town"
