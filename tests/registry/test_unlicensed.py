"""X17: what inspection found without a licence stands beside the register, once, and is no institution."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from mingjing_contracts.inspection import UnlicensedPremisesFoundV1, UnlicensedPremisesWithdrawnV1
from registry.conftest import World

AT = datetime(2026, 6, 30, 2, tzinfo=UTC)
FOUND = UnlicensedPremisesFoundV1(
    lead_id=UUID(int=7),
    address="文三路100号2幢301室",
    region="330106109001001",
    department="education",
    venue="HOME",
    cover="HOUSEKEEPING",
    photos=("a" * 64,),
    found_at=AT,
)


async def test_unlicensed_premises_are_listed_once_for_officials_and_are_no_institution(world: World) -> None:
    await world.tell(FOUND, FOUND)
    officer = world.caller("inspector")
    (item,) = (await officer.get("/unlicensed-leads"))["items"]
    assert (item["address"], item["photos"], item["venue"]) == (FOUND.address, ["a" * 64], "HOME")
    assert (item["lead_id"], item["version"]) == (str(FOUND.lead_id), 1)
    assert (await officer.get("/unlicensed-leads", region="330105"))["items"] == []
    assert (await officer.get("/unlicensed-leads", as_of="@0"))["items"] == []
    assert (await officer.get("/institutions"))["items"] == []
    await world.tell(UnlicensedPremisesWithdrawnV1(lead_id=FOUND.lead_id, withdrawn_on=AT.date()))
    assert (await officer.get("/unlicensed-leads", is_withdrawn=False))["items"] == []
    (gone,) = (await officer.get("/unlicensed-leads", is_withdrawn=True))["items"]
    assert gone["withdrawn_on"] == "2026-06-30"
    assert (await world.replayed()).differences == 0
    stranger = world.caller("inspector", region="330105")
    assert (await stranger.get("/unlicensed-leads"))["items"] == []
