"""A checkpoint for each minute in which something changed, never over a history that was tampered with."""

from __future__ import annotations

import asyncio

import pytest

from kernel.audit.burgled import ORIGIN, SIGNER
from kernel.log.toy import SCHEMA, deposit, owner
from mingjing_kernel.audit.checkpoints import Checkpointer, HistoryChanged, latest_checkpoint
from mingjing_kernel.audit.note import open_checkpoint
from mingjing_kernel.log import Log


async def test_a_checkpoint_says_what_the_head_says(log: Log) -> None:
    published: list[bytes] = []

    async def publish(note: bytes) -> None:
        published.append(note)

    checkpointer = Checkpointer(log, SIGNER, publish=publish)
    assert (await checkpointer.write()).because == "the log is empty"
    assert await latest_checkpoint(log.pool, SCHEMA) is None
    await log.handle_many([deposit(number) for number in range(300)])
    written = await checkpointer.write()
    _, checkpoint = open_checkpoint(written.note, [SIGNER.vkey])
    head = await log.pool.fetchrow(f'SELECT position, root FROM "{SCHEMA}".head')
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, *head)
    assert published == [written.note.encode()]
    assert (await checkpointer.write()).because == "nothing changed since the checkpoint of size 300"
    assert await latest_checkpoint(log.pool, SCHEMA) == written.note
    assert await latest_checkpoint(log.pool, SCHEMA, at_least=301) is None
    assert len(published) == 1


async def test_what_could_not_be_published_is_published_later(log: Log) -> None:
    published: list[bytes] = []
    broken = True

    async def publish(note: bytes) -> None:
        if broken:
            raise ConnectionError("the broker is away")
        published.append(note)

    checkpointer = Checkpointer(log, SIGNER, publish=publish)
    await log.handle_many([deposit(1)])
    written = await checkpointer.write()
    broken = False
    await checkpointer.write()
    assert published == [written.note.encode()]


async def test_the_checkpointer_runs_by_itself_and_says_its_last_word_when_it_stops(log: Log) -> None:
    heard = asyncio.Event()

    async def publish(_: bytes) -> None:
        heard.set()

    await log.handle_many([deposit(1)])
    checkpointer = Checkpointer(log, SIGNER, interval=0.01, publish=publish)
    await checkpointer.start()
    async with asyncio.timeout(10):
        await heard.wait()
    await log.handle_many([deposit(2)])
    await checkpointer.stop()
    assert checkpointer.last is not None
    assert checkpointer.last.size == 2


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("UPDATE toy.head SET root = sha256(root)", "the head's root"),
        ("UPDATE toy.tiles SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)", "the head's root"),
        ("UPDATE toy.head SET position = 270", "a checkpoint of size 300 was signed"),
        ("DELETE FROM toy.tiles", "entries 1 to 256 are missing"),
        ("DELETE FROM toy.events WHERE position = 310", "entries 257 to 320 are missing"),
        (
            "UPDATE toy.checkpoints SET note = regexp_replace(note, E'\\n....', E'\\nAAAA', 'n') WHERE false;"
            "DELETE FROM toy.checkpoints; INSERT INTO toy.checkpoints VALUES (300, E'o\\n300\\n"
            + "A" * 43
            + "=\\n\\n— o AAAAAAAA\\n', now())",
            "does not continue",
        ),
    ],
)
async def test_nothing_is_signed_over_a_history_that_was_changed(log: Log, change: str, because: str) -> None:
    checkpointer = Checkpointer(log, SIGNER)
    await log.handle_many([deposit(number) for number in range(300)])
    await checkpointer.write()
    await log.handle_many([deposit(number) for number in range(300, 320)])
    burglar = await owner(log)
    for table in ("events", "tiles", "checkpoints", "head"):
        await burglar.execute(f'ALTER TABLE "{SCHEMA}".{table} DISABLE TRIGGER ALL')
    await burglar.execute(change)
    await burglar.close()
    with pytest.raises(HistoryChanged, match=because):
        await Checkpointer(log, SIGNER).write()
