"""Evidence of an institution: whoever may see the institution may see it, and nobody else learns that it is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from kernel.evidence.samples import PDF, sha256
from mingjing_registry.projections.evidence import institution_ended
from mingjing_registry.projections.institutions import institutions_table
from registry.conftest import Caller, World
from registry.test_api import MUDUO_ID, MUDUO_ROW, file

PAPER = UUID(int=501)


def manifest(institution_id: UUID = MUDUO_ID) -> dict[str, Any]:
    return {
        "size_bytes": len(PDF),
        "sha256": sha256(PDF),
        "media_type": "application/pdf",
        "thing": {"kind": "institution", "id": str(institution_id)},
        "device_sent_at": "2026-07-01T02:00:00+00:00",
    }


async def declared(caller: Caller, id: UUID = PAPER, institution_id: UUID = MUDUO_ID) -> int:
    answer = await caller.client.put(
        f"/registry/v1/evidence/{id}", headers=caller.headers, json=manifest(institution_id)
    )
    caller.position = answer.headers.get("Mingjing-Position", caller.position)
    return answer.status_code


@pytest.fixture(name="clerk")
async def make_clerk(world: World) -> Caller:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    return clerk


async def test_a_licensing_officer_adds_papers_and_officials_of_the_place_see_them(world: World, clerk: Caller) -> None:
    assert await declared(clerk) == 201
    listed = {"kind": "institution", "thing_id": str(MUDUO_ID)}
    (paper,) = (await clerk.get("/evidence", **listed))["items"]
    assert (paper["evidence_id"], paper["stage"]) == (str(PAPER), "on-its-way")
    assert (await world.caller("auditor").read("/evidence", **listed)).status_code == 200
    for stranger in (world.caller("auditor", region="330105"), world.caller("bank"), world.caller("school")):
        assert (await stranger.read("/evidence", **listed)).status_code == 404
        assert (await stranger.read(f"/evidence/{PAPER}")).status_code == 404
        assert (await stranger.read(f"/evidence/{PAPER}/custody")).status_code == 404
    assert (await world.public.read("/evidence", **listed)).status_code == 401
    assert (await world.replayed()).differences == 0


async def test_the_list_of_institutions_and_their_evidence_have_the_same_scope(world: World, clerk: Caller) -> None:
    await declared(clerk)
    listed = {"kind": "institution", "thing_id": str(MUDUO_ID)}
    for role in ("auditor", "licensing-officer", "approver", "bank", "public", "service"):
        for region in ("33", "330106", "330106109", "330105", "*"):
            for department in ("*", "education", "culture-tourism-sport", "nobody"):
                caller = world.caller(role, department=department, region=region)
                seen = await caller.read("/institutions")
                ids = {one["institution_id"] for one in seen.json().get("items", [])}
                answer = await caller.read("/evidence", **listed)
                assert (answer.status_code == 200) == (str(MUDUO_ID) in ids), (role, region, department)


async def test_who_may_not_add_to_an_institution_adds_nothing(world: World, clerk: Caller) -> None:
    assert await declared(world.caller("auditor")) == 404
    stranger = world.caller("licensing-officer", region="330105")
    assert await declared(stranger) == 201, "it may be of an institution that is not known yet"
    assert (await clerk.get("/evidence", kind="institution", thing_id=str(MUDUO_ID)))["items"] == []


async def test_the_time_of_its_papers_runs_once_it_may_not_teach_and_not_before(world: World, clerk: Caller) -> None:
    assert (await clerk.get("/institutions"))["items"][0]["licence_state"] == "licensed"
    for state in ("no-licence", "applied", "returned", "accepted", "refused", "licensed", "suspended", "expired",
                  "cancelled", "revoked"):  # fmt: skip
        async with world.host.engine.begin() as connection:
            await connection.execute(update(institutions_table).values(licence_state=state))
            found = (await connection.execute(institution_ended(MUDUO_ID))).all()
        may_go = state in ("no-licence", "refused", "expired", "cancelled", "revoked")
        assert found == ([(None,)] if may_go else []), state
    async with world.host.engine.begin() as connection:
        assert (await connection.execute(institution_ended(UUID(int=5)))).all() == []


async def test_papers_of_no_institution_go_after_their_days_in_this_service_too(world: World, clerk: Caller) -> None:
    shown = await clerk.get("/policies/evidence-periods")
    numbers = {number["name"]: (number["value"], number["unit"]) for number in shown["numbers"]}
    assert numbers == {"unattached-days": (90, "days"), "institution-months": (360, "months")}
    done = await world.host.evidence_sweeper.step()
    assert (done.unattached, done.because) == (0, "nothing is due")
