"""Uploads over a network that breaks off: whatever is lost, repeated or misplaced, the file arrives once and whole."""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspection.conftest import World
from inspection.sending import CONTENT, PART, PHOTO, Device, problem, visited
from kernel.evidence.samples import PDF, sha256
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.identifiers import new_id

ACTS = st.sampled_from(["send", "send twice", "send elsewhere", "lose the answer", "send damaged", "give up", "finish"])


async def act(device: Device, id: UUID, content: bytes, what: str, size: int) -> None:
    """One thing that a device may do, or that a network may do to it."""
    offset = await device.offset(id)
    part = content[offset : offset + size]
    match what:
        case "send" | "lose the answer":
            await device.part(id, offset, part)
        case "send twice":
            await device.part(id, offset, part)
            await device.part(id, offset, part)
        case "send elsewhere":
            await device.part(id, offset + size, part)
        case "send damaged":
            await device.part(id, offset, part[:-1] + b"?")
        case "give up":
            if offset < size:
                await device.caller.send("DELETE", f"/evidence-uploads/{id}")
        case _:
            await device.finish(id)


@given(
    acts=st.lists(st.tuples(ACTS, st.sampled_from([PART, PART + 1, 3 * PART])), max_size=8),
    length=st.integers(1, 4 * PART),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_on_the_way_the_file_arrives_whole_and_once(
    world: World, acts: list[tuple[str, int]], length: int, seed: int
) -> None:
    content = PDF + random.Random(seed).randbytes(length)
    id, device = new_id(), Device(world.caller("grid-officer", subject="officer-1"))
    await device.declare(id, content, media_type="application/pdf")
    damaged = False
    for what, size in acts:
        if (before := await device.offset(id)) < 0:
            break
        await act(device, id, content, what, size)
        after = await device.offset(id)
        damaged = (damaged and after != 0) or (what == "send damaged" and after != before)
    ended = await device.offset(id) < 0
    done = await (device.finish(id) if ended else device.send(id, content, media_type="application/pdf"))
    facts = [fact.type for fact in await world.host.log.history(EVIDENCE, id)]
    if damaged:  # every part was whole on its way, and one was not of this file: the whole digest tells
        assert problem(done) == ((410, "upload-ended") if ended else (409, "digest-differs"))
        assert facts == ["kernel.evidence-declared.v1", "kernel.evidence-refused.v1"]
        return
    assert done.json()["sha256"] == sha256(content)
    assert facts == ["kernel.evidence-declared.v1", "kernel.evidence-received.v1"]
    assert await device.offset(id) == len(content)


@contextmanager
def full_disk() -> Iterator[None]:
    """The operating system refuses larger files, as a full disk does. PostgreSQL is another process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PART // 2, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_on_a_full_disk_nothing_acknowledged_is_lost_and_the_upload_goes_on_when_there_is_room(
    world: World,
) -> None:
    device = await visited(world, sha256(CONTENT))
    await device.declare(PHOTO, CONTENT)
    assert (await device.part(PHOTO, 0, CONTENT[:PART])).status_code == 204
    with full_disk():
        refused = await device.part(PHOTO, PART, CONTENT[PART : 2 * PART])
        assert problem(refused) == (507, "evidence-store-full")
        assert await device.offset(PHOTO) == PART
    assert (await device.part(PHOTO, PART, CONTENT[PART:])).status_code == 204
    with full_disk():
        assert problem(await device.finish(PHOTO)) == (507, "evidence-store-full")
    assert (await device.finish(PHOTO)).json()["sha256"] == sha256(CONTENT)


async def test_a_service_that_cannot_reach_its_store_says_so_and_goes_on_later(world: World) -> None:
    device = await visited(world, sha256(CONTENT))
    await world.again(evidence_url="s3://nowhere/evidence")
    device = Device(world.caller("grid-officer", region="330106109", subject="officer-1"))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }.items():
            environment.setenv(name, value)
        declared = await device.declare(PHOTO, CONTENT)
    assert problem(declared) == (503, "evidence-store-away")
    await world.again(evidence_url="")
    device = Device(world.caller("grid-officer", region="330106109", subject="officer-1"))
    assert (await device.send(PHOTO, CONTENT)).status_code == 200
