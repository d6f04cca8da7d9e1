"""What a device brings after days without a network: in any order, twice, broken, contradicting itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from inspection.conftest import Caller, World
from inspection.samples import GRID, MUDUO, OTHER_GRID, OTHER_SITE, SITE, approved, visit_body
from inspection.sending import CONTENT, Device, problem
from inspection.test_api import known
from inspection.test_plans import granted
from kernel.evidence.samples import sha256
from mingjing_inspection.codec import VISITS
from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.task_facts import TaskSubmitted
from mingjing_inspection.domain.visit_refusals import VisitAlreadyReported
from mingjing_inspection.intake.circumstances import Came, of_report, report_command
from mingjing_inspection.intake.held_parts import NOTHING
from mingjing_inspection.intake.reporting import Filed, ReceiptBook, Sent, file_report, filed_before
from mingjing_inspection.sources.report import read_report
from mingjing_kernel.audit.check_proof import check
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome

VISIT, CORRECTION, BUNDLE = UUID(int=41), UUID(int=42), UUID(int=51)
OCTETS = {"Content-Type": "application/octet-stream"}


def report(**changed: Any) -> bytes:
    body = visit_body(**changed)
    del body["device_sent_at"]
    return json.dumps(body, ensure_ascii=False).encode()


def correction(version: int = 1, note: str = "改了", visit: UUID = VISIT) -> bytes:
    seen = visit_body(observation={"note": note})["observation"]
    said = {"visit_id": str(visit), "corrects_version": version, "observation": seen, "reason": "记错了"}
    return json.dumps(said, ensure_ascii=False).encode()


@dataclass
class Phone:
    """An officer's device that has been without a network."""

    caller: Caller
    bundle: UUID = BUNDLE
    contents: dict[UUID, bytes] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, part_id: UUID, content: bytes, kind: str = "REPORT", visit_id: UUID = VISIT) -> None:
        self.contents[part_id] = content
        named = {"part_id": str(part_id), "visit_id": str(visit_id), "kind": kind}
        self.parts.append(named | {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)})

    async def declare(self, **changed: Any) -> httpx.Response:
        body = {"parts": self.parts, "device": "Phone 7", "device_sent_at": "2026-07-01T01:50:00+00:00"} | changed
        return await self.caller.send("PUT", f"/bundles/{self.bundle}", json=body)

    async def part(self, part_id: UUID, content: bytes | None = None) -> httpx.Response:
        sent = self.contents[part_id] if content is None else content
        path = f"/bundles/{self.bundle}/parts/{part_id}"
        return await self.caller.send("PUT", path, content=sent, headers=OCTETS)

    async def stages(self) -> dict[str, str]:
        told = await self.caller.get(f"/bundles/{self.bundle}")
        return {one["part_id"]: one["stage"] for one in told["parts"]}


def phone(world: World, bundle: UUID = BUNDLE, subject: str = "officer-1") -> Phone:
    return Phone(world.caller("grid-officer", subject=subject, region=GRID[:9]), bundle)


async def test_a_report_comes_once_however_often_it_is_sent_and_its_receipt_proves_it(world: World) -> None:
    await known(world)
    device = phone(world)
    device.add(VISIT, report())
    declared = await device.declare()
    assert (declared.status_code, declared.json()["clock_skew_seconds"]) == (201, -600)
    assert [one["stage"] for one in declared.json()["parts"]] == ["MISSING"]
    broken = await device.part(VISIT, device.contents[VISIT][:-1])
    assert problem(broken) == (422, "part-damaged")
    first, again = await device.part(VISIT), await device.part(VISIT)
    assert (first.status_code, first.json()["stage"]) == (201, "TAKEN")
    assert again.json() == first.json() | {"repeated": True}
    assert await device.stages() == {str(VISIT): "TAKEN"}
    (place,) = (await device.caller.get("/site-places"))["items"]
    assert (place["source"], place["longitude_e7"]) == (
        "VISIT",
        visit_body()["observation"]["position"]["longitude_e7"],
    )
    (visit,) = (await device.caller.get("/visits"))["items"]
    assert (visit["clock_skew_seconds"], visit["doubts"], visit["bundle_id"]) == (-600, ["CLOCK_BEHIND"], str(BUNDLE))
    signer = world.host.witnessing.signer
    assert signer is not None
    promised = check(first.json()["receipt"], [signer.vkey.encode()], json.dumps(first.json()["filed"]).encode())
    assert (promised.is_proved, promised.problem) == (True, "")
    assert first.json()["filed"]["sha256"] == hashlib.sha256(device.contents[VISIT]).hexdigest()
    assert world.host.witnessing.checkpointer is not None
    await world.host.witnessing.checkpointer.write()
    whole = (await device.part(VISIT)).json()["receipt"]
    assert check(whole, [signer.vkey.encode()], json.dumps(first.json()["filed"]).encode()).promised_by == ""
    assert (await world.replayed()).differences == 0


async def test_a_bad_part_is_kept_aside_and_the_good_ones_of_its_bundle_are_taken(world: World) -> None:
    await known(world)
    device, other, third = phone(world), new_id(), new_id()
    device.add(VISIT, report())
    device.add(other, b'{"institution_id": "', visit_id=other)
    device.add(third, report(observation={"photos": []}), visit_id=third)
    await device.declare()
    unreadable = await device.part(other)
    assert problem(unreadable) == (422, "part-unreadable")
    assert (unreadable.json()["stage"], "搁置" in unreadable.json()["remedy"]) == ("ASIDE", True)
    assert unreadable.json()["receipt"] is not None
    assert problem(await device.part(third)) == (422, "photo-missing")
    assert (await device.part(VISIT)).status_code == 201
    assert await device.stages() == {str(VISIT): "TAKEN", str(other): "ASIDE", str(third): "ASIDE"}
    inspector = world.caller("inspector", "inspector-1")
    lying = (await inspector.get("/visit-parts", stage="ASIDE"))["items"]
    assert {one["why"] for one in lying} == {"part-unreadable", "photo-missing"}
    bytes_of = next(one for one in lying if one["why"] == "part-unreadable")
    shown = await inspector.get(f"/visit-parts/{other}/{bytes_of['sha256']}")
    assert shown["base64"]
    path = f"/visit-parts/{other}/{bytes_of['sha256']}"
    assert problem(await inspector.send("POST", f"{path}/forcing", json={"reason": "采纳"})) == (
        409, "part-not-forcible",
    )  # fmt: skip
    done = await inspector.send("POST", f"{path}/dismissal", json={"reason": "无法读取"})
    assert done.status_code == 200, done.text
    assert (await device.stages())[str(other)] == "DISMISSED"
    mended = phone(world, new_id())
    mended.add(third, report(), visit_id=third)
    await mended.declare()
    assert (await mended.part(third)).status_code == 201
    assert (await device.stages())[str(third)] == "DISMISSED"  # another content was taken under its id
    assert (await world.replayed()).differences == 0


async def test_other_bytes_under_one_id_are_both_kept_until_a_person_decides(world: World) -> None:
    await known(world)
    device, second = phone(world), phone(world, new_id())
    device.add(VISIT, report())
    second.add(VISIT, report(observation={"note": "另一份"}))
    for one in (device, second):
        await one.declare()
    assert (await device.part(VISIT)).status_code == 201
    contested = await second.part(VISIT)
    assert problem(contested) == (409, "visit-already-reported")
    assert contested.json()["stage"] == "CONTESTED"
    assert (await device.caller.get(f"/visits/{VISIT}"))["note"] == "正常上课"
    digest = contested.json()["filed"]["sha256"]
    path = f"/visit-parts/{VISIT}/{digest}/forcing"
    own = world.caller("inspector", "officer-1")
    assert problem(await own.send("POST", path, json={"reason": "我的"})) == (409, "own-part")
    officer = await device.caller.send("POST", path, json={"reason": "我的"})
    assert officer.status_code == 403
    inspector = world.caller("inspector", "inspector-1")
    forced = await inspector.send("POST", path, json={"reason": "经电话核实，以后一份为准"})
    assert (forced.status_code, forced.json()["version"]) == (200, 2)
    stands = await inspector.get(f"/visits/{VISIT}")
    assert (stands["note"], stands["forced_by"], stands["version"]) == ("另一份", "inspector-1", 2)
    (settled,) = (await inspector.get("/visit-parts"))["items"]
    assert (settled["stage"], settled["is_forced"]) == ("TAKEN", True)
    assert await second.stages() == {str(VISIT): "TAKEN"}
    assert len(await world.host.log.history(VISITS, VISIT)) == 2


async def test_a_correction_waits_for_its_report_and_one_for_a_version_that_never_comes_is_forced(world: World) -> None:
    await known(world)
    device, late = phone(world), new_id()
    device.add(CORRECTION, correction(), "CORRECTION")
    device.add(late, correction(7, "迟来的"), "CORRECTION")
    device.add(VISIT, report())
    await device.declare()
    held = await device.part(CORRECTION)
    assert (held.status_code, held.json()["stage"], held.json()["waits_for_version"]) == (202, "HELD", 1)
    assert (await device.part(late)).status_code == 202
    inspector = world.caller("inspector", "inspector-1")
    inspector.position = device.caller.position
    waiting = (await inspector.get("/visit-parts", stage="HELD"))["items"]
    assert [one["waits_for_version"] for one in waiting] == [1, 7]
    assert (await device.part(VISIT)).status_code == 201
    assert (await device.caller.get(f"/visits/{VISIT}"))["note"] == "改了"
    assert await device.stages() == {str(CORRECTION): "TAKEN", str(late): "HELD", str(VISIT): "TAKEN"}
    digest = hashlib.sha256(device.contents[late]).hexdigest()
    forced = await inspector.send("POST", f"/visit-parts/{late}/{digest}/forcing", json={"reason": "设备遗失"})
    assert forced.status_code == 200, forced.text
    assert (await inspector.get(f"/visits/{VISIT}"))["note"] == "迟来的"
    stale = phone(world, new_id())
    stale.add(new_id(), correction(1, "旧版"), "CORRECTION")
    await stale.declare()
    refused = await stale.part(UUID(stale.parts[0]["part_id"]))
    assert problem(refused) == (409, "corrects-another-version")
    assert (await world.replayed()).differences == 0


async def test_a_report_waits_for_a_site_that_nobody_knows_yet(world: World) -> None:
    await known(world)
    device = phone(world)
    device.caller = world.caller("grid-officer", subject="officer-1")
    device.add(VISIT, report(site_id=str(OTHER_SITE)))
    await device.declare()
    held = await device.part(VISIT)
    assert (held.status_code, held.json()["waits_for_site"]) == (202, str(OTHER_SITE))
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    assert (await device.part(VISIT)).json()["stage"] == "TAKEN"
    (part,) = (await device.caller.get("/visit-parts"))["items"]
    assert (part["stage"], part["is_forced"]) == ("TAKEN", False)


async def test_a_held_report_is_taken_by_the_news_that_its_site_is_known(world: World) -> None:
    await known(world)
    duty = world.host.duties["held-parts"]
    devices = [phone(world, UUID(int=60 + n), f"officer-{n}") for n in (1, 2)]
    for n, device in enumerate(devices):
        device.add(UUID(int=70 + n), report(site_id=str(OTHER_SITE)), visit_id=UUID(int=70 + n))
        await device.declare()
        assert (await device.part(UUID(int=70 + n))).json()["stage"] == "HELD"
    await duty.look()
    assert duty.readiness()["looked"] == NOTHING
    await world.tell(granted("officer-1", "grid-officer"))
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    await duty.look()
    assert duty.readiness()["looked"] == "1 held reports taken, 1 kept aside"
    await world.caught_up()
    parts = (await world.caller("inspector").get("/visit-parts"))["items"]
    assert {one["officer"]: (one["stage"], one["why"]) for one in parts} == {
        "officer-1": ("TAKEN", ""), "officer-2": ("ASIDE", "outside-scope"),
    }  # fmt: skip
    (visit,) = (await world.caller("inspector").get("/visits"))["items"]
    assert (visit["officer"], visit["site_id"]) == ("officer-1", str(OTHER_SITE))
    await duty.look()
    assert duty.readiness()["looked"] == NOTHING
    assert (await world.replayed()).differences == 0


async def test_of_two_reports_that_race_the_losers_outcome_does_not_end_the_task(world: World) -> None:
    await known(world)
    planner, task = world.caller("inspector", "inspector-1"), new_id()
    planned = {"institution_id": str(MUDUO), "site_id": str(SITE), "kind": "ROUTINE", "reason": "例行"}
    body = planned | {"due_at": "2026-07-05T10:00:00+00:00"}
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    officer = world.caller("grid-officer", "officer-1")
    assert (await officer.send("POST", f"/tasks/{task}/acceptance")).status_code == 200
    log, now = world.host.log, world.time.now
    ready = []
    for number, outcome in ((1, "NO_ISSUE"), (2, "DOOR_CLOSED")):
        form = read_report(report(task_id=str(task), observation={"outcome": outcome}))
        found = await of_report(world.host, VISIT, form, now)
        came = Came(officer="officer-1", device_sent_at=now, received_at=now, content_sha256=str(number) * 64)
        ready.append((found, report_command(form, found, came), Envelope(command_id=new_id(), actor="officer-1")))
    # Both looked before either was written.
    winner, loser = [await file_report(world.host, VISIT, *one, (), ()) for one in ready]
    assert isinstance(winner.first, Outcome)
    assert isinstance(loser.first, VisitAlreadyReported)
    submitted = [fact.event for fact in await log.read(0, 500) if isinstance(fact.event, TaskSubmitted)]
    assert [one.outcome.value for one in submitted] == ["NO_ISSUE"]


async def planned(world: World) -> str:
    """A task that an officer has taken on."""
    planner, task = world.caller("inspector", "inspector-1"), str(new_id())
    body = {
        "institution_id": str(MUDUO), "site_id": str(SITE), "kind": "ROUTINE", "reason": "例行",
        "due_at": "2026-07-05T10:00:00+00:00",
    }  # fmt: skip
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    officer = world.caller("grid-officer", "officer-1")
    assert (await officer.send("POST", f"/tasks/{task}/acceptance")).status_code == 200
    return task


async def before(world: World, device: Phone) -> Filed | None:
    """What is known of the device's one report without carrying it out once more."""
    content, now = device.contents[VISIT], world.time.now
    form = read_report(content)
    digest = hashlib.sha256(content).hexdigest()
    sent = Sent(
        kind=PartKind.REPORT, part_id=VISIT, visit_id=VISIT, officer="officer-1", sha256=digest, content=content,
        bundle_id=BUNDLE, clock_skew_seconds=-600, received_at=now,
    )  # fmt: skip
    found = await of_report(world.host, VISIT, form, now)
    written = sent.circumstances(Envelope(command_id=new_id(), actor="officer-1"))
    command = report_command(form, found, sent.came)
    return await filed_before(world.host, found.visit, command, written, ReceiptBook(world.host), sent)


async def test_a_report_that_ended_its_task_is_known_again_without_a_transaction(world: World) -> None:
    await known(world)
    task, device = await planned(world), phone(world)
    device.add(VISIT, report(task_id=task))
    await device.declare()
    first = (await device.part(VISIT)).json()
    filed = await before(world, device)
    assert filed is not None
    assert isinstance(filed.first, Outcome)
    assert (filed.first.repeated, filed.position) == (True, first["position"])
    assert (await device.part(VISIT)).json() == first | {"repeated": True}
    submitted = [fact for fact in await world.host.log.read(0, 500) if isinstance(fact.event, TaskSubmitted)]
    assert len(submitted) == 1


async def test_a_report_that_did_not_end_its_task_is_carried_out_once_more(world: World) -> None:
    await known(world)
    task, device = await planned(world), phone(world)
    planner = world.caller("inspector", "inspector-1")
    assert (await planner.send("POST", f"/tasks/{task}/cancellation", json={"reason": "重复"})).status_code == 200
    device.add(VISIT, report(task_id=task))
    await device.declare()
    first = (await device.part(VISIT)).json()
    assert first["task_refused"].endswith("task-is-cancelled")
    assert await before(world, device) is None
    assert (await device.part(VISIT)).json() == first | {"repeated": True}


async def test_files_that_came_before_their_report_are_joined_to_it(world: World) -> None:
    await known(world)
    device, photo = phone(world), new_id()
    device.add(photo, CONTENT, "EVIDENCE")
    device.add(VISIT, report(observation={"photos": [sha256(CONTENT)]}))
    await device.declare()
    assert (await Device(device.caller).send(photo, CONTENT)).status_code == 200
    assert (await device.part(VISIT)).status_code == 201
    assert (await device.caller.get(f"/visits/{VISIT}"))["files_missing"] == 0
    assert await device.stages() == {str(photo): "TAKEN", str(VISIT): "TAKEN"}
    stranger = phone(world, subject="officer-2")
    assert problem(await stranger.part(VISIT, b"x")) == (404, "bundle-unknown")


async def test_reports_of_another_officer_stay_on_the_device_and_nobody_else_brings_any(world: World) -> None:
    await known(world)
    shared = phone(world, subject="officer-2")
    shared.add(VISIT, report())
    assert problem(await shared.declare(officer="officer-1")) == (409, "bundle-of-another")
    school = Phone(world.caller("institution", subject="school-1", region=GRID[:9]))
    school.add(VISIT, report())
    assert problem(await school.declare()) == (403, "outside-scope")
    mine = phone(world)
    mine.add(VISIT, report())
    assert (await mine.declare(officer="officer-1")).status_code == 201


async def test_a_visit_elsewhere_stands_and_ends_no_task(world: World) -> None:
    await known(world)
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    planner, task = world.caller("inspector", "inspector-1"), new_id()
    planned = {"institution_id": str(MUDUO), "site_id": str(OTHER_SITE), "kind": "ROUTINE", "reason": "例行"}
    body = planned | {"due_at": "2026-07-05T00:00:00+00:00"}
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    device = phone(world)
    device.add(VISIT, report(task_id=str(task), observation={"note": "联系人 13800138000"}))
    await device.declare()
    taken = await device.part(VISIT)
    assert (taken.status_code, taken.json()["task_refused"]) == (201, "task-of-another-site")
    assert (await planner.get(f"/tasks/{task}"))["state"] == "PLANNED"
    assert "13800138000" not in json.dumps(await planner.get(f"/visits/{VISIT}"))
