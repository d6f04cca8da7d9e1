"""The witness cosigns what is proved, waits for what is away, and raises an alarm in its own log for the rest."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from kernel.audit.burgled import COSIGNER, ORIGIN, SIGNER, STRANGER
from kernel.audit.watched import AT, MOMENT, Watched
from kernel.log.toy import ACCOUNT, SCHEMA, deposit
from mingjing_kernel.audit.alarm import (
    WITNESS,
    AlarmKind,
    ConclusionMissing,
    NoAlarmOpen,
    SettleAlarm,
)
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.note import Checkpoint, open_checkpoint, signed_by
from mingjing_kernel.audit.witness import Source, SourceRefuses, Witness, over_http, witness_notes
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.log.database import asyncpg_url


async def test_what_continues_is_cosigned(watched: Watched) -> None:
    assert (await watched.witness.look(ORIGIN)).because.startswith("it has no checkpoint yet")
    for count, outcome in ((300, "cosigned"), (0, "known"), (700, "cosigned"), (1, "cosigned")):
        await watched.grow(count)
        assert (await watched.witness.look(ORIGIN)).outcome == outcome
    assert watched.asked.count("/log/proof/consistency?old=300&new=1000") == 1
    (note,) = witness_notes(watched.log.url, ["neighbour", SCHEMA], ORIGIN)
    opened, checkpoint = open_checkpoint(note, [SIGNER.vkey])
    assert checkpoint.size == 1_001
    assert signed_by(opened, [COSIGNER.cosigner_vkey]) == [COSIGNER.cosigner_vkey]
    assert await watched.alarms() == []


async def test_an_older_checkpoint_that_comes_late_is_no_alarm(watched: Watched) -> None:
    await watched.grow(300)
    old = await watched.fetch("/log/checkpoint")
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    assert (await watched.witness.see(ORIGIN, old)).outcome == "older"
    assert (await watched.held()).size == 600


async def test_what_is_away_is_tried_again(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(10)
    for lie in (ConnectionError("no route"), b"<html>proxy</html>"):
        watched.lies = {"/log/proof": lie}
        assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
    watched.lies = {"/log/checkpoint": TimeoutError()}
    assert (await watched.witness.look(ORIGIN)).outcome == "unreachable"
    watched.lies = {}
    assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"
    assert await watched.alarms() == []


async def test_a_wrong_signature_is_an_alarm_and_nothing_is_kept(watched: Watched) -> None:
    await watched.grow(300)
    forged = STRANGER.sign(Checkpoint(ORIGIN, 400, b"\x01" * 32)).render()
    for offered in (forged, "nonsense\0", SIGNER.sign(Checkpoint("mingjing.test/other", 400, b"\x01" * 32)).render()):
        assert (await watched.witness.see(ORIGIN, offered)).outcome == "alarmed"
    (alarm,) = await watched.alarms()
    assert (alarm.kind, alarm.offered_size, alarm.held_size) == (AlarmKind.SIGNATURE, 400, 0)
    assert alarm.offered_note == forged
    assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"


@pytest.mark.parametrize(
    ("size", "kind"), [(300, AlarmKind.FORKED), (299, AlarmKind.SHRUNK), (310, AlarmKind.INCONSISTENT)]
)
async def test_another_history_under_the_right_key_is_an_alarm(watched: Watched, size: int, kind: AlarmKind) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(20)
    other = SIGNER.sign(Checkpoint(ORIGIN, size, b"\x01" * 32)).render()
    for _ in range(2):
        assert (await watched.witness.see(ORIGIN, other)).outcome == "alarmed"
    (alarm,) = await watched.alarms()
    assert (alarm.kind, alarm.held_size, alarm.offered_size) == (kind, 300, size)
    assert (await watched.held()).size == 300
    assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"


async def test_a_log_that_was_cut_is_an_alarm(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    burglar = await asyncpg.connect(asyncpg_url(watched.log.url))
    for table in ("events", "commands", "tiles", "checkpoints", "head"):
        await burglar.execute(f'ALTER TABLE "{SCHEMA}".{table} DISABLE TRIGGER ALL; DELETE FROM "{SCHEMA}".{table}')
    await burglar.execute(f"INSERT INTO \"{SCHEMA}\".head VALUES (true, 'sha256', 0, '', '', 'epoch')")
    await burglar.close()
    assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
    fresh = Log(watched.log.url, SCHEMA, [ACCOUNT])
    await fresh.start()
    await fresh.handle_many([deposit(number) for number in range(5)])
    await Checkpointer(fresh, SIGNER).write()
    await fresh.stop()
    seen = await watched.witness.look(ORIGIN)
    assert seen.outcome == "alarmed"
    assert "HTTP 404 beyond-the-log" in seen.because
    assert [alarm.kind for alarm in await watched.alarms()] == [AlarmKind.SHRUNK]


async def test_a_source_that_refuses_the_proof_is_an_alarm(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(1)
    watched.lies = {"/log/proof": SourceRefuses("no")}
    assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
    watched.lies = {"/log/proof": b'{"old":300,"new":301,"path":["AAAA"]}'}
    watched.clock.at += MOMENT
    assert (await watched.witness.look(ORIGIN)).outcome == "alarmed"
    assert [alarm.kind for alarm in await watched.alarms()] == [AlarmKind.INCONSISTENT]


@pytest.mark.parametrize("asked", ["/log/checkpoint", "/log/proof", "/log/key"])
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<html>not here</html>"),
        httpx.Response(404, json={"type": "urn:mingjing:problem:path-unknown"}),
        httpx.Response(404, json=["beyond-the-log"]),
        httpx.Response(404, content=b"\xff{"),
        httpx.Response(403, json={"type": "about:blank"}),
        httpx.Response(401),
        httpx.Response(302, headers={"Location": "https://sign-in.example"}),
        httpx.Response(502, text="bad gateway"),
    ],
    ids=lambda answer: f"{answer.status_code}",
)
async def test_who_answers_for_the_log_and_does_not_know_it_proves_nothing(
    watched: Watched, asked: str, answer: httpx.Response
) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    await watched.grow(10)
    between = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))

    async def fetch(path: str) -> bytes:
        return await over_http(between if path.startswith(asked) else watched.client, "http://toy")(path)

    witness = Witness(watched.neighbour, COSIGNER, {ORIGIN: Source((SIGNER.vkey,), fetch, hash_name=None)})
    seen = await witness.look(ORIGIN)
    assert (seen.outcome, witness.last[ORIGIN]) == ("unreachable", seen)
    assert f"HTTP {answer.status_code}" in seen.because
    assert "not an answer of the log itself" in seen.because
    await between.aclose()
    assert (await watched.witness.look(ORIGIN)).outcome == "cosigned"
    assert await watched.alarms() == []


async def test_a_log_that_says_it_has_no_checkpoint_any_more_is_an_alarm(watched: Watched) -> None:
    await watched.grow(300)
    await watched.witness.look(ORIGIN)
    burglar = await asyncpg.connect(asyncpg_url(watched.log.url))
    await burglar.execute(f'ALTER TABLE "{SCHEMA}".checkpoints DISABLE TRIGGER ALL; DELETE FROM "{SCHEMA}".checkpoints')
    await burglar.close()
    seen = await watched.witness.look(ORIGIN)
    assert seen.outcome == "alarmed"
    assert "HTTP 404 no-checkpoint-yet" in seen.because


async def test_a_person_settles_an_alarm_with_a_conclusion(watched: Watched) -> None:
    async def settle(conclusion: str) -> None:
        envelope = Envelope(command_id=new_id(), actor="李四")
        await watched.neighbour.handle(WITNESS, derived_id(ORIGIN), SettleAlarm(conclusion=conclusion, at=AT), envelope)

    with pytest.raises(NoAlarmOpen):
        await settle("nothing")
    await watched.grow(3)
    await watched.witness.see(ORIGIN, "nonsense")
    with pytest.raises(ConclusionMissing):
        await settle(" ")
    await settle("a test")
    watched.clock.at += MOMENT
    await watched.witness.see(ORIGIN, "nonsense")
    assert len(await watched.alarms()) == 2


async def test_the_routes_answer_outsiders(watched: Watched) -> None:
    client = watched.client
    empty = await client.get("http://toy/log/checkpoint")
    assert (empty.status_code, empty.json()["type"].endswith("no-checkpoint-yet")) == (404, True)
    await watched.grow(300)
    await watched.grow(20)
    key = (await client.get("http://toy/log/key")).json()
    assert key == {
        "name": ORIGIN,
        "hash": "sha256",
        "vkey": SIGNER.vkey.encode(),
        "cosigner_vkey": SIGNER.cosigner_vkey.encode(),
    }
    sizes = [one["size"] for one in (await client.get("http://toy/log/checkpoints?limit=5")).json()]
    assert sizes == [320, 300]
    proof = (await client.get("http://toy/log/proof/inclusion?position=7")).json()
    assert (proof["position"], proof["size"]) == (7, 320)
    beyond = await client.get("http://toy/log/proof/inclusion?position=7&size=400")
    assert (beyond.status_code, beyond.json()["type"].endswith("beyond-the-log")) == (404, True)
    assert (await client.get("http://toy/log/proof/consistency?old=9&new=3")).status_code == 404
    assert (await client.get("http://toy/log/proof/inclusion?position=0")).status_code == 422
    assert (await client.get("http://toy/log/witnessed")).json() == []
