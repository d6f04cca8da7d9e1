"""Evidence goes by itself: what belongs to no record after some days, the rest when the time of its records is over."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from inspection.conftest import NOW, World
from inspection.samples import GRID, visit_body
from inspection.sending import CONTENT, PHOTO, VISIT, Device, blob_of, complained, visited
from inspection.test_api import known
from inspection.test_erasure import BODY, WHY
from kernel.evidence.samples import picture, sha256
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.evidence.retention import EvidenceSwept
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.service import evidence_sweeping

OTHER = picture(size=(90, 71))
TEN_YEARS = 3_653
"""From NOW: 120 months, and the day after."""


async def swept(world: World) -> EvidenceSwept:
    """The day's sweep."""
    done = await world.host.evidence_sweeper.step()
    assert done is not None
    assert await world.host.evidence_sweeper.step() is None, "one a day"
    return done  # type: ignore[no-any-return]


async def came_to(world: World) -> tuple[int, int, int, int, str]:
    """What the day's sweep says of itself."""
    done = await swept(world)
    return done.unattached, done.ended, done.held, done.left, done.because


async def keep(world: World, **numbers: int) -> str:
    """Two people decide how long; the version's id."""
    version = new_id()
    path = f"/policies/evidence-periods/versions/{version}"
    proposal = {
        "numbers": {name.replace("_", "-"): number for name, number in numbers.items()},
        "effective_on": shanghai_date(world.time.now).isoformat(),
        "legal_basis": "档案管理规定",
        "reason": "试行",
    }
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    assert (await first.send("PUT", path, json=proposal)).status_code == 200
    assert (await second.send("POST", f"{path}/approval")).status_code == 201
    return str(version)


async def last_of(world: World, id: UUID = PHOTO) -> Any:
    """The last fact about a piece of evidence."""
    return (await world.host.log.history(EVIDENCE, id))[-1]


async def test_what_belongs_to_no_record_goes_after_its_days_and_says_why(world: World) -> None:
    await known(world)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert (await device.send(PHOTO, CONTENT)).status_code == 200, "of a visit that will be filed"
    world.later(days=89)
    assert await came_to(world) == (0, 0, 0, 0, "nothing is due")
    assert blob_of(world, CONTENT).exists()
    world.later(days=1)
    assert await came_to(world) == (1, 0, 0, 0, "")
    assert not blob_of(world, CONTENT).exists()
    last = await last_of(world)
    assert last.event.rule == "never attached to a record: 90 days (default/1)"
    assert (last.meta.actor, last.meta.legal_basis) == ("system:retention", "个人信息保护法第十九条 PIPL art. 19")
    assert world.host.readiness()["evidence_retention"]["destroyed"] == 1
    assert (await world.replayed()).differences == 0


async def test_a_policy_says_how_many_days_and_never_fewer_than_an_upload_may_take(world: World) -> None:
    await known(world)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    await device.send(PHOTO, CONTENT)
    version = await keep(world, unattached_days=14)
    path = f"/policies/evidence-periods/versions/{new_id()}"
    proposal = {"numbers": {"unattached-days": 13}, "effective_on": "2026-07-01", "legal_basis": "1", "reason": "1"}
    refused = await world.caller("approver").send("PUT", path, json=proposal)
    assert refused.json()["type"].endswith("policy-number-unknown")
    world.later(days=14)
    done = await swept(world)
    assert (done.unattached, done.policy_version) == (1, version)
    assert version in (await last_of(world)).event.rule


async def test_what_names_a_reported_visit_is_kept_as_long_as_the_visit(world: World) -> None:
    await known(world)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    await device.send(PHOTO, CONTENT)
    body = visit_body(observation={"photos": [sha256(CONTENT)]})
    assert (await device.caller.send("PUT", f"/visits/{VISIT}", json=body)).status_code == 201
    world.later(days=TEN_YEARS - 1)
    assert await came_to(world) == (0, 0, 0, 0, "nothing is due")
    world.later(days=1)
    assert await came_to(world) == (0, 1, 0, 0, "")
    assert (await last_of(world)).event.rule == "visit: 120 months (default/1)"


async def test_the_time_of_a_visit_runs_from_its_last_correction(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    await keep(world, visit_months=1)
    world.later(days=20)
    again = {"corrects_version": 1, "reason": "补记", "observation": visit_body()["observation"]}
    again["observation"] |= {"photos": [sha256(CONTENT)], "note": "补记"}
    officer = world.caller("grid-officer", region=GRID[:9], subject="officer-1")
    corrected = await officer.send("POST", f"/visits/{VISIT}/corrections", json=again)
    assert corrected.status_code == 200, corrected.text
    world.later(days=11)
    assert await came_to(world) == (0, 0, 0, 0, "nothing is due")
    world.later(days=20)
    assert await came_to(world) == (0, 1, 0, 0, "")
    (visit,) = (await world.caller("auditor").get("/visits"))["items"]
    assert [one["stage"] for one in visit["photo_evidence"]] == ["destroyed"]
    assert visit["photos_missing"] == 0, "what was destroyed by rule is not missed"


async def test_what_was_attached_a_moment_ago_stays_whatever_its_record(world: World) -> None:
    await visited(world, sha256(CONTENT))
    await keep(world, visit_months=1)
    world.later(days=40)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert (await device.send(PHOTO, CONTENT)).status_code == 200
    assert await came_to(world) == (0, 0, 0, 0, "nothing is due")


async def test_a_hold_keeps_it_and_the_sweep_says_so_every_day(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    inspector = world.caller("inspector")
    hold = f"/evidence/{PHOTO}/holds/case-7"
    assert (await inspector.send("PUT", hold, headers=WHY)).status_code == 200
    world.later(days=TEN_YEARS)
    for _ in range(2):
        assert await came_to(world) == (0, 0, 1, 0, "1 that are due stay: a hold applies")
        world.later(days=1)
    assert (await world.caller("legal-reviewer").send("DELETE", hold, headers=WHY)).status_code == 200
    assert (await came_to(world))[:3] == (0, 1, 0)
    assert not blob_of(world, CONTENT).exists()


async def test_a_complaint_without_a_complainant_ends_by_its_months_and_one_with_her_when_she_goes(
    world: World,
) -> None:
    operator = world.caller("hotline-operator", subject="operator-1")
    nobodys = BODY | {"number": "330126070100077", "complainant": None, "is_anonymous": True}
    taken = await operator.send("POST", "/complaints", json=nobodys)
    assert taken.status_code == 201, taken.text
    thing = {"kind": "complaint", "id": taken.json()["complaint_id"]}
    assert (await Device(operator).send(PHOTO, CONTENT, thing=thing)).status_code == 200
    complaint, _ = await complained(world, OTHER)
    world.later(days=TEN_YEARS)
    assert (await came_to(world))[:3] == (0, 1, 0)
    assert (await last_of(world)).event.rule == "complaint: 120 months (default/1)"
    assert blob_of(world, OTHER).exists(), f"complaint {complaint} is a person's: it ends with her"
    await world.host.sweeper.step()
    assert not blob_of(world, OTHER).exists()


async def test_evidence_of_two_records_goes_with_the_later_of_them(world: World) -> None:
    await keep(world, visit_months=1)
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    operator = world.caller("hotline-operator", subject="operator-1")
    nobodys = BODY | {"number": "330126070100077", "complainant": None, "is_anonymous": True}
    complaint = (await operator.send("POST", "/complaints", json=nobodys)).json()["complaint_id"]
    both = world.caller("hotline-operator", subject="officer-1")
    attached = await both.send("POST", f"/evidence/{PHOTO}/things", json={"kind": "complaint", "id": complaint})
    assert attached.status_code == 200, attached.text
    world.later(days=60)
    assert await came_to(world) == (0, 0, 0, 0, "nothing is due")
    world.later(days=TEN_YEARS)
    assert await came_to(world) == (0, 1, 0, 0, "")
    rule = (await last_of(world)).event.rule
    assert rule.startswith("visit: 1 months")
    assert rule.endswith("complaint: 120 months (default/1)")


async def test_one_sweep_has_an_end_and_says_how_many_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await known(world)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    for number in range(3):
        await device.send(UUID(int=900 + number), picture(size=(60, 60 + number)))
    world.later(days=90)
    monkeypatch.setattr(evidence_sweeping, "DESTROYED_MAX", 1)
    monkeypatch.setattr(evidence_sweeping, "BATCH_MAX", 1)
    assert (await came_to(world))[:4] == (1, 0, 0, 2)
    world.later(days=1)
    monkeypatch.setattr(evidence_sweeping, "DESTROYED_MAX", 100)
    assert await came_to(world) == (2, 0, 0, 0, "")


async def test_the_keeper_sweeps_by_itself(world: World) -> None:
    head = await world.host.log.head()
    keeping = asyncio.create_task(world.host.keeper.run())
    try:
        async with asyncio.timeout(30):
            await world.host.log.wait_beyond(head, 30)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    last = (await world.host.log.read(head, 1))[0].event
    assert (last.on, last.because) == (shanghai_date(NOW), "nothing is due")
