"""Evidence once it is here: who sees it, in which form, and what becomes of it; each on record."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from PIL import Image

from inspection.conftest import World
from inspection.samples import GRID, OTHER_GRID, visit_body
from inspection.sending import CONTENT, PART, PHOTO, VISIT, Device, blob_of, complained, problem, visited
from kernel.evidence.clamd import clamd, daemon
from kernel.evidence.samples import EICAR, PDF, WAV, picture, sha256
from mingjing.evidence_audit import evidence_one
from mingjing.installation import Installation
from mingjing_kernel.evidence.checking import EvidenceChecked
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.keeper import Keeper
from mingjing_kernel.evidence.refusals import EvidenceHeldStill
from mingjing_kernel.evidence.rules import EVIDENCE

WHY = {"Mingjing-Reason": quote("案件办结"), "Mingjing-Legal-Basis": quote("行政处罚法第五十六条")}


async def test_evidence_is_scoped_as_its_visit_and_originals_are_for_those_who_decide(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    listed = {"kind": "visit", "thing_id": str(VISIT)}
    for caller, list_status, copy, original in (
        (world.caller("inspector"), 200, 200, 200),
        (world.caller("auditor"), 200, 200, 404),
        (device.caller, 200, 200, 404),
        (world.caller("inspector", region=OTHER_GRID[:9]), 404, 404, 404),
        (world.caller("bank"), 404, 404, 404),
        (world.caller("inspector", department="nobody"), 404, 404, 404),
    ):
        assert (await caller.send("GET", "/evidence", params=listed)).status_code == list_status
        assert (await caller.send("GET", f"/evidence/{PHOTO}/copy")).status_code == copy
        taken = await caller.send("POST", f"/evidence/{PHOTO}/original", json={"purpose": "核对"})
        assert taken.status_code == original
    assert (await world.client.get(f"/inspection/v1/evidence/{PHOTO}/copy")).status_code == 401


async def test_the_original_leaves_as_it_came_in_a_sandbox_and_on_record(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    inspector = world.caller("inspector", subject="inspector-7")
    taken = await inspector.send("POST", f"/evidence/{PHOTO}/original", json={"purpose": "移送前核对"})
    assert taken.content == CONTENT
    assert taken.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    assert taken.headers["Content-Type"] == "application/octet-stream"
    steps = (await inspector.send("GET", f"/evidence/{PHOTO}/custody")).json()
    assert [step["fact"] for step in steps] == [
        "kernel.evidence-declared.v1",
        "kernel.evidence-attached.v1",
        "kernel.evidence-received.v1",
        "kernel.evidence-handed-out.v1",
    ]
    assert (steps[-1]["actor"], steps[-1]["details"]["purpose"]) == ("inspector-7", "移送前核对")


async def test_the_display_copy_is_another_file_without_the_cameras_data_and_says_who_looked(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    auditor = world.caller("auditor", subject="auditor-1")
    shown = await auditor.send("GET", f"/evidence/{PHOTO}/copy")
    image = Image.open(io.BytesIO(shown.content))
    assert (shown.headers["Content-Type"], dict(image.getexif())) == ("image/jpeg", {})
    assert image.size == (700, 900), "turned as the camera says"
    assert Image.open(io.BytesIO(CONTENT)).getexif()[0x010F] == "Mingjing Phone"
    await auditor.send("GET", f"/evidence/{PHOTO}/copy")
    views = [one for one in await world.host.log.history(EVIDENCE, PHOTO) if one.type == "kernel.evidence-viewed.v1"]
    assert [one.meta.actor for one in views] == ["auditor-1"], "looking twice within a minute is one look"
    await device.send(UUID(int=104), PDF, media_type="application/pdf")
    pages = await auditor.send("GET", f"/evidence/{UUID(int=104)}/copy")
    assert (pages.status_code, pages.headers["Content-Type"]) == (200, "application/pdf")
    assert pages.content != PDF
    await device.send(UUID(int=105), WAV, media_type="audio/wav")
    answer = await auditor.send("GET", f"/evidence/{UUID(int=105)}/copy")
    assert problem(answer) == (415, "no-display-copy")


async def test_a_flipped_byte_is_not_shown_raises_an_alarm_and_the_alarm_ends_with_the_right_bytes(
    world: World,
) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    keeper = world.host.keeper
    assert keeper is not None
    await world.caught_up()
    assert (await keeper.round()).looked_at == 1
    blob = blob_of(world, CONTENT)
    blob.write_bytes(CONTENT[:-1] + b"!")
    inspector = world.caller("inspector")
    for _ in range(2):
        taken = await inspector.send("POST", f"/evidence/{PHOTO}/original", json={"purpose": "核对"})
        assert problem(taken) == (500, "evidence-altered")
    assert (await inspector.send("GET", f"/evidence/{PHOTO}")).json()["is_damaged"] is True
    alarms = [one for one in await world.host.log.history(EVIDENCE, PHOTO) if one.type == "kernel.evidence-damaged.v1"]
    assert [alarm.event.found_sha256 for alarm in alarms] == [sha256(CONTENT[:-1] + b"!")]
    blob.write_bytes(CONTENT)
    await look_at_all(world)
    assert (await inspector.send("GET", f"/evidence/{PHOTO}")).json()["is_damaged"] is False
    blob.unlink()
    await look_at_all(world)
    assert (await inspector.send("GET", f"/evidence/{PHOTO}")).json()["is_damaged"] is True


async def look_at_all(world: World) -> None:
    """Rounds until the keeper has been once around."""
    assert world.host.keeper is not None
    await world.caught_up()
    for _ in range(3):
        await world.host.keeper.round()
    await world.caught_up()


async def test_what_was_not_finished_in_time_is_ended_and_may_be_sent_anew(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    await device.part(PHOTO, 0, CONTENT[:PART])
    world.later(days=15)
    await world.caught_up()
    assert world.host.keeper is not None
    assert (await world.host.keeper.round()).lapsed == 1
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert problem(await device.part(PHOTO, PART, CONTENT[PART:])) == (410, "upload-ended")
    assert (await device.send(PHOTO, CONTENT)).status_code == 200


async def test_what_is_held_is_not_destroyed_and_what_is_destroyed_keeps_its_digest(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    twin, rule = UUID(int=105), "retention.inspection.10y"
    await device.send(PHOTO, CONTENT)
    await device.send(twin, CONTENT)
    inspector, other = world.caller("inspector"), world.caller("inspector", subject="inspector-2")
    hold = f"/evidence/{PHOTO}/holds/case-7"
    assert (await inspector.send("PUT", hold)).status_code == 422
    assert (await inspector.send("PUT", hold, headers=WHY)).status_code == 200
    with pytest.raises(EvidenceHeldStill):
        await destroyed(world, PHOTO, rule)
    assert problem(await inspector.send("DELETE", hold, headers=WHY)) == (403, "other-person-must")
    assert (await other.send("DELETE", hold, headers=WHY)).status_code == 200
    await destroyed(world, PHOTO, rule)
    assert blob_of(world, CONTENT).exists(), "the twin stands on the same bytes"
    await destroyed(world, twin, rule)
    assert not blob_of(world, CONTENT).exists()
    gone = (await inspector.send("GET", f"/evidence/{PHOTO}")).json()
    assert (gone["stage"], gone["sha256"], gone["end_reason"]) == ("destroyed", sha256(CONTENT), rule)
    assert problem(await inspector.send("GET", f"/evidence/{PHOTO}/copy")) == (409, "evidence-not-kept")
    visit = await device.caller.get(f"/visits/{VISIT}")
    assert (visit["photo_evidence"][0]["stage"], visit["photos_missing"]) == ("destroyed", 0)
    assert (await world.replayed()).differences == 0


async def destroyed(world: World, id: UUID, rule: str) -> None:
    """As retention does it; there is no address for it."""
    assert world.host.evidence is not None
    await world.host.evidence.custody.destroy(id, rule, own_envelope("retention", id, rule))
    await world.caught_up()


async def test_no_person_destroys_evidence_by_hand(world: World) -> None:
    await (await visited(world, sha256(CONTENT))).send(PHOTO, CONTENT)
    for caller in (world.caller("administrator"), world.caller("inspector")):
        for method, path in (("PUT", "/destruction"), ("DELETE", "")):
            asked = await caller.send(method, f"/evidence/{PHOTO}{path}", json={"rule": "any"}, headers=WHY)
            assert asked.status_code in (404, 405)
    assert blob_of(world, CONTENT).exists()


async def test_what_belongs_to_a_thing_goes_with_it_unless_it_is_held_or_belongs_elsewhere(world: World) -> None:
    contents = [picture(size=(90, 70 + number)) for number in range(3)]
    device = await visited(world, *map(sha256, contents))
    ids = [UUID(int=400 + number) for number in range(3)]
    for id, content in zip(ids, contents, strict=True):
        await device.send(id, content)
    inspector = world.caller("inspector")
    await inspector.send("PUT", f"/evidence/{ids[1]}/holds/case-7", headers=WHY)
    await device.caller.send(
        "PUT",
        f"/visits/{UUID(int=43)}",
        json=visit_body(observation={"photos": [sha256(contents[2])]}, evidence=[str(ids[2])]),
    )
    assert world.host.evidence is not None
    custody, thing = world.host.evidence.custody, Thing(kind="visit", id=VISIT)
    ended = await custody.destroy_of_thing(thing, "retention.inspection.10y", own_envelope("retention", VISIT))
    assert (ended.destroyed, set(ended.stays)) == ((ids[0],), {ids[1], ids[2]})
    assert [blob_of(world, content).exists() for content in contents] == [False, True, True]


async def test_evidence_is_handed_on_to_another_authority_on_record(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    inspector = world.caller("inspector")
    handed = await inspector.send("POST", f"/evidence/{PHOTO}/transfers", json={"to": "西湖区公安分局"}, headers=WHY)
    assert handed.status_code == 200
    step = (await inspector.send("GET", f"/evidence/{PHOTO}/custody")).json()[-1]
    assert (step["details"]["to"], step["reason"]) == ("西湖区公安分局", "案件办结")
    foreign = await device.caller.send("POST", f"/evidence/{PHOTO}/transfers", json={"to": "x"}, headers=WHY)
    assert foreign.status_code == 404


async def test_a_scan_is_on_record_even_when_there_is_none(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    await world.caught_up()
    assert world.host.keeper is not None
    assert (await world.host.keeper.round()).scanned == 1
    await world.caught_up()
    assert (await world.host.keeper.round(looks=False)).because == "nothing was due"
    seen = (await device.caller.send("GET", f"/evidence/{PHOTO}")).json()
    assert (seen["verdict"], seen["verdict_detail"]) == ("not-scanned", "no scanner is set up")


async def test_where_a_scan_is_required_nothing_is_shown_before_it_and_nothing_infected_ever(
    world: World, tmp_path: Path
) -> None:
    await world.again(evidence_scan="required", evidence_scanner=f"unix://{tmp_path}/clamd.ctl")
    infected, other = picture(comment=EICAR), UUID(int=106)
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    await device.send(other, infected)
    inspector = world.caller("inspector")
    copies = f"/evidence/{PHOTO}/copy", f"/evidence/{other}/copy"
    await world.caught_up()
    await kept_by(world).round()
    for copy in copies:
        away = await inspector.send("GET", copy)
        assert problem(away) == (503, "evidence-not-scanned")
    world.later(minutes=11)
    async with daemon(clamd, tmp_path):
        await world.caught_up()
        assert (await kept_by(world).round()).scanned == 2
    inspector = world.caller("inspector")
    assert (await inspector.send("GET", copies[0])).status_code == 200
    assert problem(await inspector.send("GET", copies[1])) == (409, "evidence-infected")
    taken = await inspector.send("POST", f"/evidence/{other}/original", json={"purpose": "核对"})
    assert problem(taken) == (409, "evidence-infected")


def kept_by(world: World) -> Keeper:
    """The keeper, whose rounds a test plays."""
    assert world.host.keeper is not None
    return world.host.keeper


async def audited(world: World) -> EvidenceChecked:
    """As ``mingjing audit evidence`` does it: from what is on disk, without the service."""
    installation = Installation(world.host.settings.data_dir)
    return await evidence_one(world.host.log.url, "inspection", installation, lambda *_: None)


async def test_an_audit_finds_every_file_that_is_not_what_the_log_says(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    others = [picture(size=(90, 70 + number)) for number in range(3)]
    await device.send(PHOTO, CONTENT)
    for number, content in enumerate(others):
        await device.send(UUID(int=300 + number), content)
    clean = await audited(world)
    assert (clean.kept, clean.files, clean.findings) == (4, 4, ())
    assert clean.size_bytes == len(CONTENT) + sum(map(len, others))
    blob_of(world, CONTENT).write_bytes(CONTENT[:-1] + b"!")
    blob_of(world, others[0]).unlink()
    await destroyed(world, UUID(int=301), "retention.inspection.10y")
    for left_over in (others[1], b"stray"):
        blob_of(world, left_over).parent.mkdir(parents=True, exist_ok=True)
        blob_of(world, left_over).write_bytes(left_over)
    found = await audited(world)
    assert sorted(one.code for one in found.findings) == [
        "evidence-altered",
        "evidence-missing",
        "evidence-not-destroyed",
        "evidence-orphan",
    ]
    assert all(sentence for one in found.findings for sentence in (one.zh, one.en))


async def test_nobody_gets_the_papers_of_a_complaint_by_saying_that_they_belong_to_his_own_visit(world: World) -> None:
    await visited(world, sha256(CONTENT))
    paper, visit = UUID(int=500), {"kind": "visit", "id": str(VISIT)}
    await complained(world, CONTENT)
    inspector, purpose = world.caller("inspector"), {"purpose": "核对"}
    assert (await inspector.send("GET", f"/evidence/{paper}/copy")).status_code == 200, "he sees the complaint"
    assert problem(await inspector.send("POST", f"/evidence/{paper}/things", json=visit)) == (404, "evidence-unknown")
    named = visit_body(observation={"photos": [sha256(CONTENT)]}, evidence=[str(paper)])
    filed = await inspector.send("PUT", f"/visits/{UUID(int=44)}", json=named)
    assert problem(filed) == (404, "evidence-unknown")
    sender = world.caller("grid-officer", region=GRID[:9], subject="operator-1")
    assert (await sender.send("POST", f"/evidence/{paper}/things", json=visit)).status_code == 200
    taken = await inspector.send("POST", f"/evidence/{paper}/original", json=purpose)
    assert problem(taken) == (404, "evidence-unknown"), "it belongs to the complaint still"
    for role, copy, original in (("approver", 200, 200), ("fund-regulator", 404, 404), ("hotline-operator", 200, 404)):
        caller = world.caller(role, subject="somebody")
        assert (await caller.send("GET", f"/evidence/{paper}/copy")).status_code == copy
        assert (await caller.send("POST", f"/evidence/{paper}/original", json=purpose)).status_code == original
