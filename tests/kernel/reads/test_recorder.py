"""Who reads is on record, or does not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from kernel.log.toy import SCHEMA, make_schema
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Log, LogUnavailable
from mingjing_kernel.reads import READS, Read, ReadUnrecorded, Recorder
from mingjing_kernel.reads import recorder as recorder_module

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
AUDITOR = Principal(subject="auditor-1", department="audit", region="330106")


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    await make_schema(postgres_url)
    made = Log(postgres_url, SCHEMA, [READS])
    await made.start()
    yield made
    await made.stop()


async def noted(log: Log) -> list[Read]:
    return [read for fact in await log.read(0, 1_000) for read in fact.event.reads]


async def test_a_single_thing_is_on_record_before_it_is_shown(log: Log) -> None:
    recorder = Recorder(log, lambda: AT)  # nothing runs that could write later
    await recorder.note(AUDITOR, "complaint", ids=["c-1"], fields=["text"], purpose="case 7")
    (read,) = await noted(log)
    assert (read.reader, read.kind, read.form, read.ids) == ("auditor-1", "complaint", "item", ("c-1",))
    assert (read.at, read.department, read.region, read.fields, read.purpose) == (
        AT,
        "audit",
        "330106",
        ("text",),
        "case 7",
    )


async def test_lists_are_written_together(log: Log) -> None:
    recorder = Recorder(log, lambda: AT, "330106")
    await recorder.start()
    for number in range(recorder_module.BATCH_READS):
        await recorder.note(Principal(subject=f"p-{number}"), "contract", form="list", count=3, query="ab")
    await log.wait_beyond(0, 10)
    while recorder.readiness()["waiting"]:
        await log.wait_beyond(await log.head(), 0.1)
    assert len(await noted(log)) == recorder_module.BATCH_READS
    assert await log.head() == 5  # events of a hundred reads
    assert (await noted(log))[0].region == "330106"
    await recorder.stop()


async def test_an_ordinary_stop_loses_nothing(log: Log) -> None:
    recorder = Recorder(log, lambda: AT)
    await recorder.start()
    await recorder.note(AUDITOR, "contract", form="csv", count=7_000)
    await recorder.stop()
    assert [read.count for read in await noted(log)] == [7_000]


async def test_a_full_queue_refuses_the_read(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "QUEUE_READS_MAX", 2)
    recorder = Recorder(log, lambda: AT)  # nothing empties it
    for _ in range(2):
        await recorder.note(AUDITOR, "contract", form="list")
    with pytest.raises(ReadUnrecorded):
        await recorder.note(AUDITOR, "contract", form="list")


async def test_what_could_not_be_written_waits_and_is_said(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is away, then comes back: nothing is lost."""
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(recorder_module, "BATCH_SECONDS", 0.01)
    real, tried = log.handle_many, asyncio.Event()

    async def away(*_: object, **__: object) -> list[object]:
        tried.set()
        return [LogUnavailable()]

    monkeypatch.setattr(log, "handle_many", away)
    recorder = Recorder(log, lambda: AT)
    await recorder.start()
    await recorder.note(AUDITOR, "contract", form="list")
    await asyncio.wait_for(tried.wait(), 5)
    with pytest.raises(LogUnavailable):
        await recorder.note(AUDITOR, "complaint", ids=["c-1"])
    assert recorder.readiness()["waiting"] == 1
    monkeypatch.setattr(log, "handle_many", real)
    await log.wait_beyond(0, 10)
    assert [read.form for read in await noted(log)] == ["list"]
    await recorder.stop()


async def test_a_long_page_is_told_by_its_question(log: Log) -> None:
    recorder = Recorder(log, lambda: AT)
    await recorder.start()
    await recorder.note(AUDITOR, "contract", form="list", ids=[str(n) for n in range(51)], count=51, query="ab" * 32)
    await recorder.stop()
    (read,) = await noted(log)
    assert (read.ids, read.count, read.query) == ((), 51, "ab" * 32)
