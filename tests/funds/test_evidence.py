"""Evidence of alerts in the funds service: for those who may read about money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW, Caller, World
from kernel.evidence.samples import PDF, sha256
from mingjing_funds.projections.alerts import ALERTS
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.evidence.facts import DeclareEvidence, Manifest, ReceiveEvidence, Thing
from mingjing_kernel.evidence.rules import EVIDENCE
from scopes.question import Row, write

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


async def received(world: World) -> None:
    """A paper of the alert came; its bytes do not matter here."""
    thing, digest = Thing(kind="alert", id=ALERT), sha256(PDF)
    manifest = Manifest(size_bytes=9, sha256=digest, media_type="application/pdf", thing=thing, device="")
    commands = (
        DeclareEvidence(manifest=manifest, is_thing_there=True, device_sent_at=NOW, lapses_at=NOW, by="device", at=NOW),
        ReceiveEvidence(sha256=digest, sm3="0" * 64, size_bytes=9, media_type="application/pdf", by="device", at=NOW),
    )
    for number, command in enumerate(commands):
        await world.host.log.handle(EVIDENCE, PAPER, command, own_envelope("test", number))


@pytest.mark.parametrize(("ended_on", "ended"), [(None, 0), (date(2026, 7, 3), 0), (date(2026, 7, 2), 1)])
async def test_the_papers_of_an_alert_go_sixty_months_after_its_end(
    world: World, ended_on: date | None, ended: int
) -> None:
    await received(world)
    row = Row(number=20, department="education", region="330106", category="")
    assert row.id == ALERT
    async with world.host.engine.begin() as connection:
        await connection.run_sync(write, ALERTS, [row], {"ended_on": ended_on})
    world.host.now = lambda: datetime(2031, 7, 2, 4, 0, tzinfo=UTC)
    done = await world.host.evidence_sweeper.step()
    assert (done.ended, done.unattached, done.because) == (ended, 0, "" if ended else "nothing is due")
