"""A second agency keeps checkpoints; a log that was rewritten no longer leads to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kernel.audit.burgled import KEYS, ORIGIN, SIGNER, Burgled
from kernel.log.toy import ACCOUNT, SCHEMA, deposit, make_schema
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.compare import compare, dropped_files
from mingjing_kernel.audit.drop import Drop, NotAcknowledged, Post, file_name, shown, to_address, to_folder
from mingjing_kernel.audit.dropped import CHECKPOINT_DROP, CheckpointsDropped
from mingjing_kernel.log import Log


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    await make_schema(postgres_url)
    made = Log(postgres_url, SCHEMA, [ACCOUNT, CHECKPOINT_DROP])
    await made.start()
    yield made
    await made.stop()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def drop(log: Log, post: Post, target: str = "folder") -> Drop:
    async def ours() -> str:
        return ""

    return Drop(log, ORIGIN, target, post, ours, 60)


async def grow(log: Log, count: int) -> None:
    start = await log.head()
    await log.handle_many([deposit(start + number) for number in range(count)])
    await Checkpointer(log, SIGNER).write()


async def test_checkpoints_arrive_in_a_folder_and_stand_on_record(log: Log, tmp_path: Path) -> None:
    one = drop(log, to_folder(tmp_path))
    await grow(log, 3)
    assert await one.step() == ""
    assert files(tmp_path) == [file_name(ORIGIN, 3)]
    fact = (await log.read(3, 10))[0].event
    assert isinstance(fact, CheckpointsDropped)
    assert [dropped.size for dropped in fact.checkpoints] == [3]
    assert "has everything" in await one.step()


async def test_the_record_of_a_drop_is_no_reason_for_another(log: Log, tmp_path: Path) -> None:
    one = drop(log, to_folder(tmp_path))
    await grow(log, 3)
    await one.step()
    await Checkpointer(log, SIGNER).write()  # over the record
    assert "only the record" in await one.step()
    await grow(log, 1)
    assert await one.step() == ""
    assert len(files(tmp_path)) == 3


async def test_what_was_not_acknowledged_is_posted_again(log: Log) -> None:
    taken: list[int] = []
    answers = iter([201, 503, 200, 200])

    def second_agency(request: httpx.Request) -> httpx.Response:
        status = next(answers)
        if status < 300:
            taken.append(int(request.headers["Idempotency-Key"].rpartition("/")[2]))
        return httpx.Response(status)

    async with httpx.AsyncClient(transport=httpx.MockTransport(second_agency)) as client:
        url = "https://user:secret@agency.example/drop?token=secret"
        one = drop(log, to_address(client, url), url)
        for _ in range(3):
            await grow(log, 2)
        with pytest.raises(NotAcknowledged):
            await one.step()
        assert await one.step() == ""
    assert taken == [2, 4, 6]
    facts = [row.event for row in await log.read(6, 10)]
    assert [[dropped.size for dropped in fact.checkpoints] for fact in facts] == [[2], [4, 6]]
    assert all(fact.target == "https://agency.example/drop" for fact in facts)
    assert "secret" not in shown(url)


async def test_a_file_that_says_something_else_is_never_overwritten(log: Log, tmp_path: Path) -> None:
    await grow(log, 3)
    (tmp_path / file_name(ORIGIN, 3)).write_bytes(b"another history")
    with pytest.raises(NotAcknowledged, match="says something else"):
        await drop(log, to_folder(tmp_path)).step()
    assert (tmp_path / file_name(ORIGIN, 3)).read_bytes() == b"another history"
    with pytest.raises(NotAcknowledged):
        await drop(log, to_folder(tmp_path / "missing")).step()


async def test_a_rewritten_log_does_not_lead_to_what_was_dropped(burgled: Burgled, tmp_path: Path) -> None:
    post = to_folder(tmp_path)
    for note in burgled.notes():
        await post(ORIGIN, int(note.split("\n")[1]), note.encode())
    reader = Log(burgled.url, SCHEMA, [ACCOUNT])
    await reader.start(writing=False)
    try:
        good = await compare(reader, ORIGIN, dropped_files(tmp_path, ORIGIN), KEYS)
        assert (good.compared, good.largest, good.broken) == (5, 1_290, ())
        (tmp_path / file_name(ORIGIN, 77)).write_bytes(b"no note")
        burgled.run("UPDATE toy.tiles SET hashes = set_byte(hashes, 0, 0) WHERE level = 0 AND index = 2")
        bad = await compare(reader, ORIGIN, dropped_files(tmp_path, ORIGIN), KEYS)
        assert {name for name, _, _ in bad.broken} == {file_name(ORIGIN, size) for size in (77, 700, 1_024, 1_290)}
    finally:
        await reader.stop()
