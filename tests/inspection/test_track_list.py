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
