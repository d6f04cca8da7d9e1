"""Evidence over HTTP: it comes in parts, is acknowledged in the log, and is shown to whoever may see its record."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from PIL import Image

from inspection.conftest import World
from inspection.samples import GRID, OTHER_GRID, visit_body
from inspection.sending import PART, VISIT, Device, problem
from inspection.test_api import known
from kernel.evidence.samples import PDF, picture, sha256
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.evidence.checking import check_evidence
from mingjing_kernel.evidence.facts import Verdict
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.scanner import Scanned

PHOTO = UUID(int=101)
WHY = {"Mingjing-Reason": quote("案件办结"), "Mingjing-Legal-Basis": quote("行政处罚法第五十六条")}
CONTENT = picture(size=(900, 700), quality=90)


async def visited(world: World, *photos: str, **changed: Any) -> Device:
    """A grid officer whose visit is filed, with these photos."""
    await known(world)
    caller = world.caller("grid-officer", region=GRID[:9], subject="officer-1")
    body = visit_body(observation={"photos": list(photos)}, **changed)
    answer = await caller.send("PUT", f"/visits/{VISIT}", json=body)
    assert answer.status_code == 201, answer.text
    return Device(caller)


def blob_of(world: World, content: bytes) -> Path:
    """Where the bytes lie on this machine."""
    digest = sha256(content)
    folder: Path = world.host.settings.data_dir / "evidence" / "inspection" / "blobs"
    return folder / digest[:2] / digest[2:4] / digest


async def test_a_photo_comes_in_parts_and_is_acknowledged_by_a_fact_in_the_log(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    assert len(CONTENT) > 2 * PART
    declared = (await device.declare(PHOTO, CONTENT)).json()
    assert (declared["upload"], declared["offset"]) == (f"/evidence-uploads/{PHOTO}", 0)
    first = await device.part(PHOTO, 0, CONTENT[:PART])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(PART))
    assert await device.offset(PHOTO) == PART
    assert problem(await device.finish(PHOTO)) == (409, "upload-incomplete")
    await device.part(PHOTO, PART, CONTENT[PART:])
    finished = await device.finish(PHOTO)
    assert finished.status_code == 200, finished.text
    receipt = finished.json()
    assert (receipt["sha256"], receipt["size_bytes"], len(receipt["sm3"])) == (sha256(CONTENT), len(CONTENT), 64)
    again = (await device.finish(PHOTO)).json()
    assert again == receipt | {"repeated": True}
    (fact,) = await world.host.log.read(receipt["position"] - 1, 1)
    assert (fact.type, fact.event.sha256, fact.event.sm3) == (
        "kernel.evidence-received.v1",
        receipt["sha256"],
        receipt["sm3"],
    )
    assert (fact.event.clock_difference_seconds, fact.event.place.datum.value) == (-120, "gcj-02")
    assert blob_of(world, CONTENT).read_bytes() == CONTENT
    assert (await world.replayed()).differences == 0
    found = await asyncio.to_thread(verify, world.host.log.url, "inspection", [], processes=1)
    assert found.findings == ()


async def test_a_visit_filed_without_its_photos_shows_them_as_missing_until_they_come(world: World) -> None:
    other = picture(colour="red", size=(300, 200))
    device = await visited(world, sha256(CONTENT), sha256(other), evidence=[str(PHOTO)])
    visit = await device.caller.get(f"/visits/{VISIT}")
    assert [one["stage"] for one in visit["photo_evidence"]] == ["missing", "missing"]
    assert visit["photos_missing"] == 2
    await device.declare(PHOTO, CONTENT)
    visit = await device.caller.get(f"/visits/{VISIT}")
    assert [one["stage"] for one in visit["photo_evidence"]] == ["on-its-way", "missing"]
    await device.send(PHOTO, CONTENT)
    (visit,) = (await device.caller.get("/visits"))["items"]
    assert visit["photo_evidence"] == [
        {"sha256": sha256(CONTENT), "evidence_id": str(PHOTO), "stage": "received"},
        {"sha256": sha256(other), "evidence_id": None, "stage": "missing"},
    ]
    assert (visit["photos_missing"], "evidence" in visit) == (1, False)
    assert (await world.replayed()).differences == 0


async def test_photos_that_came_before_the_report_are_their_senders_alone_until_it_is_filed(world: World) -> None:
    await known(world)
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert (await device.send(PHOTO, CONTENT)).status_code == 200
    inspector = world.caller("inspector")
    assert problem(await inspector.send("GET", f"/evidence/{PHOTO}")) == (404, "evidence-unknown")
    assert (await device.caller.send("GET", f"/evidence/{PHOTO}")).json()["stage"] == "received"
    stranger = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-2"))
    named = visit_body(observation={"photos": [sha256(CONTENT)]}, evidence=[str(PHOTO)])
    assert problem(await stranger.caller.send("PUT", f"/visits/{VISIT}", json=named)) == (404, "evidence-unknown")
    wrong = visit_body(evidence=[str(PHOTO)])
    assert problem(await device.caller.send("PUT", f"/visits/{VISIT}", json=wrong)) == (422, "evidence-not-in-report")
    assert (await device.caller.send("PUT", f"/visits/{VISIT}", json=named)).status_code == 201
    (visit,) = (await device.caller.get("/visits"))["items"]
    assert visit["photos_missing"] == 0
    assert (await inspector.send("GET", f"/evidence/{PHOTO}")).json()["sender"] == "officer-1"


async def test_an_upload_goes_on_where_it_stopped_after_the_service_died(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    await device.part(PHOTO, 0, CONTENT[:PART])
    await world.again()
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert await device.offset(PHOTO) == PART
    assert (await device.part(PHOTO, PART, CONTENT[PART:])).status_code == 204
    await world.again()
    device = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-1"))
    assert (await device.finish(PHOTO)).json()["sha256"] == sha256(CONTENT)
    uploads = world.host.settings.data_dir / "evidence" / "inspection" / "parts"
    assert not [path for path in uploads.rglob("*") if path.is_file()]


async def test_a_part_that_does_not_fit_is_refused_in_words(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    first = CONTENT[:PART]
    await device.part(PHOTO, 0, first)
    assert (await device.part(PHOTO, 0, first)).status_code == 204, "the same part once more is the same part"
    elsewhere = await device.part(PHOTO, 3 * PART, first)
    assert problem(elsewhere) == (409, "upload-offset-elsewhere")
    assert elsewhere.headers["Upload-Offset"] == str(PART)
    assert problem(await device.part(PHOTO, 0, b"x" * PART)) == (409, "upload-offset-elsewhere")
    damaged = await device.part(
        PHOTO, PART, CONTENT[PART : 2 * PART], **{"Upload-Checksum": "sha256 " + "A" * 43 + "="}
    )
    assert problem(damaged) == (460, "part-damaged")
    assert problem(await device.part(PHOTO, PART, CONTENT[PART:] + b"more")) == (422, "part-malformed")
    assert problem(await device.part(PHOTO, PART, CONTENT[PART : PART + 10])) == (422, "part-malformed")
    wrong_type = await device.part(PHOTO, PART, CONTENT[PART:], **{"Content-Type": "application/octet-stream"})
    assert problem(wrong_type) == (422, "part-malformed")
    huge = await device.part(PHOTO, PART, bytes(8 * 1024 * 1024 + 1))
    assert problem(huge) == (413, "body-too-large")
    assert await device.offset(PHOTO) == PART
    both = await asyncio.gather(*(device.part(PHOTO, PART, CONTENT[PART:cut]) for cut in (2 * PART, 2 * PART + 1)))
    assert sorted(one.status_code for one in both) == [204, 409]


async def test_nobody_sends_into_somebody_elses_upload(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    other = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-2"))
    assert problem(await other.part(PHOTO, 0, CONTENT[:PART])) == (404, "evidence-unknown")
    assert (await other.caller.send("HEAD", f"/evidence-uploads/{PHOTO}")).status_code == 404
    assert problem(await other.finish(PHOTO)) == (404, "evidence-unknown")
    assert problem(await other.declare(PHOTO, CONTENT)) == (409, "evidence-declared-otherwise")
    assert (await device.caller.send("DELETE", f"/evidence-uploads/{PHOTO}")).status_code == 204
    assert await device.offset(PHOTO) == 0


async def test_bytes_that_are_something_else_are_refused_on_record(world: World) -> None:
    disguised = CONTENT + b"PK\x05\x06" + bytes(18)
    device = await visited(world, sha256(disguised))
    assert problem(await device.send(PHOTO, disguised)) == (409, "evidence-disguised")
    assert problem(await device.finish(PHOTO)) == (410, "upload-ended")
    assert not blob_of(world, disguised).exists()
    (fact,) = [one for one in await world.host.log.history(EVIDENCE, PHOTO) if "refused" in one.type]
    assert (fact.event.reason, fact.event.sha256) == ("evidence-disguised", sha256(disguised))
    visit = await device.caller.get(f"/visits/{VISIT}")
    assert visit["photo_evidence"][0]["stage"] == "missing"
    assert problem(await device.send(UUID(int=102), CONTENT, media_type="image/png")) == (409, "evidence-type-differs")
    another = await device.send(UUID(int=103), CONTENT, sha256="0" * 64)
    assert problem(another) == (409, "digest-differs")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"media_type": "image/svg+xml"}, (415, "evidence-type-not-allowed")),
        ({"size_bytes": 10**9}, (413, "evidence-too-large")),
        ({"thing": {"kind": "licence", "id": str(VISIT)}}, (422, "thing-kind-unknown")),
        ({"thing": {"kind": "complaint", "id": str(VISIT)}}, (404, "thing-unknown")),
        ({"unknown": 1}, (422, "request-invalid")),
    ],
)
async def test_what_can_be_refused_is_refused_before_a_byte_travels(
    world: World, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    device = await visited(world, sha256(CONTENT))
    assert problem(await device.declare(PHOTO, CONTENT, **changed)) == expected


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
    answer = await auditor.send("GET", f"/evidence/{UUID(int=104)}/copy")
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
    twin = UUID(int=105)
    await device.send(PHOTO, CONTENT)
    await device.send(twin, CONTENT)
    inspector, administrator = world.caller("inspector"), world.caller("administrator")
    hold, destruction = f"/evidence/{PHOTO}/holds/case-7", f"/evidence/{PHOTO}/destruction"
    rule = {"rule": "retention.inspection.10y"}
    assert (await inspector.send("PUT", hold)).status_code == 422
    assert (await inspector.send("PUT", hold, headers=WHY)).status_code == 200
    assert problem(await administrator.send("PUT", destruction, json=rule, headers=WHY)) == (409, "evidence-held-still")
    assert (await inspector.send("PUT", destruction, json=rule, headers=WHY)).status_code == 403
    assert (await inspector.send("DELETE", hold, headers=WHY)).status_code == 200
    assert (await administrator.send("PUT", destruction, json=rule, headers=WHY)).status_code == 200
    assert blob_of(world, CONTENT).exists(), "the twin stands on the same bytes"
    assert (await administrator.send("PUT", f"/evidence/{twin}/destruction", json=rule, headers=WHY)).status_code == 200
    assert not blob_of(world, CONTENT).exists()
    gone = (await inspector.send("GET", f"/evidence/{PHOTO}")).json()
    assert (gone["stage"], gone["sha256"], gone["end_reason"]) == ("destroyed", sha256(CONTENT), rule["rule"])
    assert problem(await inspector.send("GET", f"/evidence/{PHOTO}/copy")) == (409, "evidence-not-kept")
    visit = await device.caller.get(f"/visits/{VISIT}")
    assert (visit["photo_evidence"][0]["stage"], visit["photos_missing"]) == ("destroyed", 0)
    assert (await world.replayed()).differences == 0


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


async def test_where_a_scan_is_required_nothing_is_shown_before_it_and_nothing_infected_ever(world: World) -> None:
    await world.again(evidence_scan="required", evidence_scanner="tcp://127.0.0.1:9")
    device = await visited(world, sha256(CONTENT))
    await device.send(PHOTO, CONTENT)
    inspector = world.caller("inspector")
    copy = f"/evidence/{PHOTO}/copy"
    assert problem(await inspector.send("GET", copy)) == (503, "evidence-not-scanned")
    answers = iter([Scanned(Verdict.CLEAN, ""), Scanned(Verdict.INFECTED, "Eicar-Signature")])
    assert world.host.evidence is not None
    world.host.evidence.scanner.scan = lambda _: answer(answers)  # type: ignore[method-assign]
    await world.caught_up()
    await world.host.keeper.round()
    assert (await inspector.send("GET", copy)).status_code == 200
    other = UUID(int=106)
    await device.send(other, picture(size=(80, 60)))
    await world.caught_up()
    await world.host.keeper.round()
    assert problem(await inspector.send("GET", f"/evidence/{other}/copy")) == (409, "evidence-infected")


async def answer(answers: Any) -> Scanned:
    found: Scanned = next(answers)
    return found


async def test_nobody_has_more_on_the_way_than_the_limits_say(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    whole = 2048 * 1024 * 1024
    for number in range(4):
        declared = await device.declare(UUID(int=200 + number), CONTENT, size_bytes=whole, media_type="video/mp4")
        assert declared.status_code == 201, declared.text
    more = await device.declare(UUID(int=210), CONTENT)
    assert problem(more) == (429, "open-uploads-too-many")
    other = Device(world.caller("grid-officer", region=GRID[:9], subject="officer-2"))
    assert (await other.declare(UUID(int=211), CONTENT)).status_code == 201
    assert json.loads(more.content)["detail"].startswith("您有 4 个文件")


async def test_an_audit_finds_every_file_that_is_not_what_the_log_says(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    others = [picture(size=(90, 70 + number)) for number in range(3)]
    await device.send(PHOTO, CONTENT)
    for number, content in enumerate(others):
        await device.send(UUID(int=300 + number), content)
    assert world.host.evidence is not None
    blobs = world.host.evidence.blobs
    clean = await check_evidence(world.host.log, blobs)
    assert (clean.kept, clean.files, clean.findings) == (4, 4, ())
    assert clean.size_bytes == len(CONTENT) + sum(map(len, others))
    blob_of(world, CONTENT).write_bytes(CONTENT[:-1] + b"!")
    blob_of(world, others[0]).unlink()
    rule = {"rule": "retention.inspection.10y"}
    administrator = world.caller("administrator")
    await administrator.send("PUT", f"/evidence/{UUID(int=301)}/destruction", json=rule, headers=WHY)
    blob_of(world, others[1]).write_bytes(others[1])
    stray = blob_of(world, b"stray")
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"stray")
    found = await check_evidence(world.host.log, blobs)
    assert sorted(one.code for one in found.findings) == [
        "evidence-altered",
        "evidence-missing",
        "evidence-not-destroyed",
        "evidence-orphan",
    ]
    assert all(sentence for one in found.findings for sentence in (one.zh, one.en))
