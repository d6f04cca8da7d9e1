"""What a log signed and does not prove in time is an alarm, whatever it answers instead; one that is away is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from kernel.audit.burgled import ORIGIN, SIGNER
from kernel.audit.watched import AT, MOMENT, Watched
from kernel.log.toy import SCHEMA
from mingjing_kernel.audit.alarm import (
    WITNESS,
    AlarmKind,
    RaiseAlarm,
    WitnessAlarmed,
    WitnessAlarmSettled,
)
from mingjing_kernel.audit.note import Checkpoint, parse_note
from mingjing_kernel.audit.witness import UNPROVEN_AFTER, Source, over_http
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.testing.spec import Spec

SILENCES = [
    httpx.Response(404, html="<html>not here</html>"),
    httpx.Response(500, text="oh"),
    httpx.Response(200, html="<html>welcome</html>"),
]


@pytest.mark.parametrize("silence", SILENCES, ids=lambda answer: f"{answer.status_code}")
@pytest.mark.parametrize("size", [299, 310])
async def test_what_is_signed_and_not_proved_in_time_is_an_alarm(
    watched: Watched, size: int, silence: httpx.Response
) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(20)
    other = SIGNER.sign(Checkpoint(ORIGIN, size, b"\x01" * 32)).render()
    between = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: silence))

    async def fetch(path: str) -> bytes:
        return other.encode() if path == "/log/checkpoint" else await over_http(between, "http://toy")(path)

    honest = watched.witness.sources[ORIGIN]
    watched.witness.sources[ORIGIN] = Source((SIGNER.vkey,), fetch)
    for passed in (timedelta(), UNPROVEN_AFTER):
        watched.clock.at = AT + passed
        assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
    assert await watched.alarms() == []
    for passed in (UNPROVEN_AFTER + MOMENT, 2 * UNPROVEN_AFTER):
        watched.clock.at = AT + passed
        assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
    await between.aclose()
    (alarm,) = await watched.alarms()
    assert (alarm.kind, alarm.held_size, alarm.offered_size) == (AlarmKind.UNPROVEN, 300, size)
    assert (alarm.offered_note, parse_note(alarm.held_note).checkpoint().size) == (other, 300)
    assert alarm.at == AT + UNPROVEN_AFTER + MOMENT
    assert AT.isoformat() in alarm.because
    assert (await watched.held()).size == 300
    # It answers again, and now what it signed can be held against it.
    watched.witness.sources[ORIGIN] = honest
    assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
    assert (await watched.witness.look(ORIGIN)).outcome == "known"
    assert [one.kind for one in await watched.alarms()][1:] == [
        AlarmKind.INCONSISTENT if size > 300 else AlarmKind.SHRUNK
    ]


async def test_the_hour_ends_with_a_proof_and_begins_anew(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    for _ in range(3):
        await watched.grow(10)
        watched.lies = {"/log/proof": ConnectionError("no route")}
        assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
        watched.clock.at += UNPROVEN_AFTER - MOMENT
        assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
        watched.lies = {}
        assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"
    assert (await watched.held()).size == 330
    assert await watched.alarms() == []


async def test_the_hour_does_not_end_with_another_checkpoint_that_is_good(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    forked = SIGNER.sign(Checkpoint(ORIGIN, 310, b"\x01" * 32)).render()
    watched.lies = {"/log/proof/consistency?old=300&new=310": ConnectionError("no route")}
    assert (await watched.witness.see(ORIGIN, forked)).outcome == "unreachable"
    watched.clock.at = AT + UNPROVEN_AFTER + MOMENT
    seen = await watched.witness.look(ORIGIN)
    assert (seen.outcome, seen.size) == ("alarmed", 310)
    for size in (320, 330):
        await watched.grow(size - await watched.log.head())
        watched.lies[f"/log/proof/consistency?old=310&new={size}"] = ConnectionError("no route")
        assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
        assert (await watched.held()).size == size
    assert [(one.kind, one.held_size) for one in await watched.alarms()] == [(AlarmKind.UNPROVEN, 300)]


async def test_a_log_that_is_wholly_away_is_accused_of_nothing(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(10)
    watched.lies = {"/log/proof": ConnectionError("it stops")}
    assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
    watched.lies = {"/log": ConnectionError("no route")}
    for _ in range(3):
        watched.clock.at += UNPROVEN_AFTER
        assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
    watched.lies = {}
    assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"
    assert (await watched.held()).size == 310
    assert await watched.alarms() == []


async def test_a_log_that_says_its_tiles_are_missing_is_an_alarm_at_once(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(300)
    burglar = await asyncpg.connect(asyncpg_url(watched.log.url))
    await burglar.execute(f'ALTER TABLE "{SCHEMA}".tiles DISABLE TRIGGER ALL; DELETE FROM "{SCHEMA}".tiles')
    await burglar.close()
    answer = await watched.client.get("http://toy/log/proof/consistency?old=300&new=600")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:mingjing:problem:tile-missing")
    assert "第 1 至 256 条" in answer.json()["detail"]
    seen = await watched.witness.look(ORIGIN)
    assert (seen.outcome, "HTTP 500 tile-missing" in seen.because) == ("alarmed", True)
    assert [one.kind for one in await watched.alarms()] == [AlarmKind.INCONSISTENT]


def unproven(held_size: int) -> dict[str, Any]:
    return {
        "origin": ORIGIN,
        "kind": AlarmKind.UNPROVEN,
        "held_size": held_size,
        "held_note": "held",
        "offered_size": 310,
        "offered_note": "offered",
        "because": "no proof",
        "at": AT,
    }


def test_an_unproven_checkpoint_is_told_once_for_each_size_held_until_it_is_settled() -> None:
    witness = Spec(WITNESS.decider)
    told, settled = WitnessAlarmed(**unproven(300)), WitnessAlarmSettled(conclusion="a proxy", at=AT)
    witness.given().when(RaiseAlarm(**unproven(300))).then(told)
    witness.given(told).when(RaiseAlarm(**unproven(300))).then()
    witness.given(told).when(RaiseAlarm(**unproven(310))).then(WitnessAlarmed(**unproven(310)))
    witness.given(told, settled).when(RaiseAlarm(**unproven(300))).then(told)
    assert AlarmKind.UNPROVEN.zh == "逾时未能证明"
