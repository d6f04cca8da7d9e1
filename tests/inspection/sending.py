"""How a device sends evidence, for the tests of this service."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from inspection.conftest import Caller, World
from inspection.samples import GRID, visit_body
from inspection.test_api import known
from inspection.test_erasure import complain
from kernel.evidence.samples import picture, sha256

PART = 64 * 1024
VISIT = UUID(int=41)
PHOTO = UUID(int=101)
CONTENT = picture(size=(900, 700), quality=90)


@dataclass
class Device:
    """A phone of somebody who has signed in."""

    caller: Caller

    def manifest(self, content: bytes, **changed: Any) -> dict[str, Any]:
        return {
            "size_bytes": len(content),
            "sha256": sha256(content),
            "media_type": "image/jpeg",
            "thing": {"kind": "visit", "id": str(VISIT)},
            "device": "Mingjing Phone 7",
            "captured_at": "2026-07-01T01:20:00+00:00",
            "place": {"latitude_e6": 30_259_924, "longitude_e6": 120_130_026, "accuracy_metres": 8, "datum": "gcj-02"},
            "device_sent_at": "2026-07-01T01:58:00+00:00",
        } | changed

    async def declare(self, id: UUID, content: bytes, **changed: Any) -> httpx.Response:
        return await self.caller.send("PUT", f"/evidence/{id}", json=self.manifest(content, **changed))

    async def part(self, id: UUID, offset: int, content: bytes, **headers: str) -> httpx.Response:
        checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
        sent = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {checksum}",
        }
        return await self.caller.send("PATCH", f"/evidence-uploads/{id}", content=content, headers=sent | headers)

    async def offset(self, id: UUID) -> int:
        """Where to go on; -1 where nothing can be sent any more."""
        answer = await self.caller.send("HEAD", f"/evidence-uploads/{id}")
        return int(answer.headers.get("Upload-Offset", -1))

    async def finish(self, id: UUID) -> httpx.Response:
        return await self.caller.send("PUT", f"/evidence/{id}/receipt")

    async def send(self, id: UUID, content: bytes, **changed: Any) -> httpx.Response:
        """All of it, from wherever it stands; the answer to finishing."""
        declared = await self.declare(id, content, **changed)
        assert declared.status_code == 201, declared.text
        for begins in range(declared.json()["offset"], len(content), PART):
            sent = await self.part(id, begins, content[begins : begins + PART])
            assert sent.status_code == 204, sent.text
        return await self.finish(id)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and problem type."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:mingjing:problem:")


async def visited(world: World, *photos: str, **changed: Any) -> Device:
    """A grid officer whose visit is filed, with these photos."""
    await known(world)
    caller = world.caller("grid-officer", region=GRID[:9], subject="officer-1")
    body = visit_body(observation={"photos": list(photos)}, **changed)
    answer = await caller.send("PUT", f"/visits/{VISIT}", json=body)
    assert answer.status_code == 201, answer.text
    return Device(caller)


async def complained(world: World, *contents: bytes) -> tuple[str, Device]:
    """A complaint with these papers, sent by the operator who took it."""
    operator = world.caller("hotline-operator", subject="operator-1")
    complaint = await complain(operator)
    device = Device(operator)
    for number, content in enumerate(contents):
        thing = {"kind": "complaint", "id": complaint}
        assert (await device.send(UUID(int=500 + number), content, thing=thing)).status_code == 200
    return complaint, device


def blob_of(world: World, content: bytes) -> Path:
    """Where the bytes lie on this machine."""
    digest = sha256(content)
    folder: Path = world.host.settings.data_dir / "evidence" / "inspection" / "blobs"
    return folder / digest[:2] / digest[2:4] / digest
