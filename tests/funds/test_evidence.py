"""Evidence of alerts in the funds service: for those who may read about money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.conftest import Caller, World
from kernel.evidence.samples import PDF, sha256

ALERT, PAPER = UUID(int=21), UUID(int=601)


async def declared(caller: Caller) -> int:
    manifest: dict[str, Any] = {
        "size_bytes": len(PDF),
        "sha256": sha256(PDF),
        "media_type": "application/pdf",
        "thing": {"kind": "alert", "id": str(ALERT)},
        "device_sent_at": "2026-07-01T02:00:00+00:00",
    }
    return (await caller.send("PUT", f"/evidence/{PAPER}", json=manifest)).status_code


async def test_evidence_of_alerts_is_for_those_who_may_read_about_money(world: World) -> None:
    for outsider in ("bank", "institution", "school", "grid-officer"):
        caller = world.caller(outsider)
        assert await declared(caller) == 404
        assert (await caller.read("/evidence", kind="alert", thing_id=str(ALERT))).status_code == 404
    regulator = world.caller("fund-regulator")
    assert await declared(regulator) == 201
    assert (await regulator.get(f"/evidence/{PAPER}"))["stage"] == "on-its-way"
    assert (await regulator.read("/evidence", kind="alert", thing_id=str(ALERT))).status_code == 404, "no such alert"
    assert (await world.caller("auditor").read(f"/evidence/{PAPER}")).status_code == 404, "its sender's alone till then"
    assert [kind["kind"] for kind in (await regulator.get("/evidence-policy"))["kinds"]] == ["alert"]
