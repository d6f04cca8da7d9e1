"""Evidence over HTTP: it comes in parts, is acknowledged in the log, or refused in words."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from inspection.conftest import World
from inspection.samples import GRID, visit_body
from inspection.sending import CONTENT, PART, PHOTO, VISIT, Device, blob_of, problem, visited
from inspection.test_api import known
from kernel.evidence.samples import picture, sha256
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.log.database import POOL_CONNECTIONS_MAX


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


async def test_two_who_finish_at_once_get_the_same_acknowledgement(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    await device.part(PHOTO, 0, CONTENT)
    answers = await asyncio.gather(*(device.finish(PHOTO) for _ in range(4)))
    assert [one.status_code for one in answers] == [200] * 4, [one.text for one in answers]
    assert len({one.json()["position"] for one in answers}) == 1
    facts = await world.host.log.history(EVIDENCE, PHOTO)
    assert [fact.type for fact in facts].count("kernel.evidence-received.v1") == 1
    assert blob_of(world, CONTENT).read_bytes() == CONTENT


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


async def test_more_who_finish_the_same_file_at_once_than_there_are_connections_leave_room_for_others(
    world: World,
) -> None:
    assert world.host.evidence is not None
    intake, log = world.host.evidence.intake, world.host.log
    inside = 0

    async def keep() -> int:
        nonlocal inside
        async with intake.alone(sha256(CONTENT)):
            inside += 1
            assert inside == 1
            found = await log.head()  # as whoever keeps a file does
            inside -= 1
            return found

    async with asyncio.timeout(30):
        waiting = [keep() for _ in range(POOL_CONNECTIONS_MAX + 4)]
        assert await asyncio.gather(*waiting) == [await log.head()] * (POOL_CONNECTIONS_MAX + 4)
