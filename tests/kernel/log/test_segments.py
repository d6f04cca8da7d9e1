"""Segments hold what the log holds, byte for byte; whoever reads through them reads the same events."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.log.toy import ACCOUNT, SCHEMA, deposit, make_schema, owner
from mingjing_kernel.log import Log, Recorded
from mingjing_kernel.log.entry import HEAD_FORMAT, LEAF_FORMAT, micros
from mingjing_kernel.log.merkle import digest_of
from mingjing_kernel.log.sealer import NotTheLog, Sealer
from mingjing_kernel.log.segments import (
    ENTRIES_BYTES_MAX,
    SEGMENT_EVENTS,
    SegmentBroken,
    leaves_of,
    open_payload,
    pack,
    range_of,
    unpack,
)

LAST = 3 * SEGMENT_EVENTS + 100
NAMES = st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), min_size=1, max_size=20)
MOMENTS = st.datetimes(datetime(1826, 1, 1), datetime(2226, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ROWS = st.lists(
    st.tuples(
        NAMES, st.integers(1, 2**31 - 1), NAMES, MOMENTS, MOMENTS, st.binary(max_size=40), st.binary(max_size=40)
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
async def log(postgres_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Log]:
    """A log with three closed ranges and an open one, nothing sealed. SHA-256 unless a test names another."""
    await make_schema(postgres_url, SCHEMA, getattr(request, "param", "sha256"))
    made = Log(postgres_url, SCHEMA, [ACCOUNT])
    await made.start()
    await made.handle_many([deposit(number, number, UUID(int=number % 9 + 1)) for number in range(LAST)])
    yield made
    await made.stop()


both_hashes = pytest.mark.parametrize("log", ["sha256", "sm3"], indirect=True)


async def eventually(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  (nobody tells a test how far the sealer is)
            await asyncio.sleep(0.01)


async def seal_all(log: Log) -> Sealer:
    sealer = Sealer(log)
    while await sealer.step():
        pass
    return sealer


async def paged(log: Log, after: int, until: int, events: int = 700) -> list[Recorded[Any]]:
    return [event async for page in log.pages(after, until, events) for event in page]


async def burgle(log: Log, *statements: str) -> None:
    burglar = await owner(log)
    for table in ("events", "segments"):
        await burglar.execute(f'ALTER TABLE "{SCHEMA}".{table} DISABLE TRIGGER ALL')
    for statement in statements:
        await burglar.execute(statement)
    await burglar.close()


@settings(deadline=None)
@given(few=ROWS, first=st.sampled_from([1, SEGMENT_EVENTS * 7 + 1]), huge=st.sampled_from([0, 300_000]))
def test_what_is_packed_comes_out_again(few: list[Any], first: int, huge: int) -> None:
    rows = [few[at % len(few)] for at in range(SEGMENT_EVENTS)]
    rows[5] = (*rows[5][:6], b"\n0" * huge)
    heads, bodies, leaves = [], [], []
    for position, (stream, version, type_, occurred, recorded, data, meta) in enumerate(rows, first):
        numbers = micros(occurred), micros(recorded), len(data), len(meta)
        heads.append(HEAD_FORMAT % (position, stream.encode(), version, type_.encode(), *numbers))
        bodies.append(data + meta)
        leaves.append(LEAF_FORMAT % (position, stream.encode(), version, type_.encode(), *numbers, data, meta))
    payload = pack(heads, bodies)
    columns = unpack(payload, first)
    assert list(columns.positions) == list(range(first, first + SEGMENT_EVENTS))
    found = zip(
        columns.streams, columns.versions, columns.types, columns.occurred_at, columns.recorded_at, columns.data,
        columns.meta, strict=True,
    )  # fmt: skip
    assert list(found) == rows
    assert list(leaves_of(*open_payload(payload))) == leaves
    with pytest.raises(SegmentBroken, match="it holds positions"):
        unpack(payload, first + SEGMENT_EVENTS)


@given(junk=st.binary(max_size=60))
def test_junk_is_called_broken(junk: bytes) -> None:
    for payload in (junk, struct.pack(">II", len(junk), 0) + zlib.compress(junk), struct.pack(">II", 9, 9) + junk):
        with pytest.raises(SegmentBroken):
            unpack(payload, 1)


@pytest.mark.parametrize(
    ("line", "instead"),
    [(7, b"1s0"), (7, b"x"), (8, b"9999999999999"), (3, b"one"), (5, b"9" * 30), (2, b"a\nb"), (2, b"\xff")],
)
def test_a_segment_that_makes_no_sense_is_called_broken(line: int, instead: bytes) -> None:
    lines = [[b"", b"%d" % at, b"s", b"1", b"t", b"0", b"0", b"2", b"1"] for at in range(1, SEGMENT_EVENTS + 1)]
    heads = [b"\n".join(head) + b"\n" for head in lines]
    bodies = [b"abc"] * SEGMENT_EVENTS
    assert unpack(pack(heads, bodies), 1).meta[-1] == b"c"
    lines[9][line] = instead
    heads[9] = b"\n".join(lines[9]) + b"\n"
    with pytest.raises(SegmentBroken):
        unpack(pack(heads, bodies), 1)


def test_a_bomb_does_not_go_off_and_what_is_too_large_is_not_packed() -> None:
    bomb = zlib.compress(b"\0" * (ENTRIES_BYTES_MAX + 1))
    for said in ((10, 10), (ENTRIES_BYTES_MAX, 1)):
        with pytest.raises(SegmentBroken):
            open_payload(struct.pack(">II", *said) + bomb)
    with pytest.raises(SegmentBroken, match="at most"):
        pack([b""], [b"\0" * (ENTRIES_BYTES_MAX + 1)])


@both_hashes
async def test_only_closed_ranges_are_sealed_and_twice_is_harmless(log: Log) -> None:
    sealer = await seal_all(log)
    assert (sealer.last.position, sealer.last.because) == (3_072, "no further range is closed yet")
    rows = await log.pool.fetch(f'SELECT * FROM "{SCHEMA}".segments ORDER BY first')
    assert [(row["first"], row["last"]) for row in rows] == [(1, 1_024), (1_025, 2_048), (2_049, 3_072)]
    digest = digest_of(await log.pool.fetchval(f'SELECT hash FROM "{SCHEMA}".head'))
    assert all(digest(row["payload"]) == row["digest"] for row in rows)
    leaves = [row["leaf"] for row in await log.pool.fetch(f'SELECT leaf FROM "{SCHEMA}".events ORDER BY position')]
    sealed = [digest(leaf) for row in rows for leaf in leaves_of(*open_payload(row["payload"]))]
    assert sealed == leaves[:3_072]
    await burgle(log, f'DELETE FROM "{SCHEMA}".segments WHERE first = 1025')
    await asyncio.gather(seal_all(log), seal_all(log))
    assert await log.pool.fetch(f'SELECT * FROM "{SCHEMA}".segments ORDER BY first') == rows


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {s}.events SET data = data || ' ' WHERE position = 1300",
        "UPDATE {s}.events SET leaf = substr(leaf, 2) WHERE position = 1300",
        "DELETE FROM {s}.events WHERE position = 1300",
        "ALTER TABLE {s}.events ALTER meta DROP NOT NULL; UPDATE {s}.events SET meta = NULL WHERE position = 1300",
    ],
)
async def test_nothing_is_sealed_over_a_row_that_was_altered(log: Log, change: str) -> None:
    await burgle(log, change.format(s=f'"{SCHEMA}"'))
    sealer = Sealer(log)
    assert await sealer.step()
    with pytest.raises(NotTheLog, match="position 1300"):
        await sealer.step()
    assert await log.pool.fetchval(f'SELECT max(last) FROM "{SCHEMA}".segments') == 1_024
    running = asyncio.create_task(sealer.run())
    await eventually(lambda: "position 1300" in sealer.last.because)
    running.cancel()


async def test_a_range_that_is_too_large_stays_in_the_table(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingjing_kernel.log.sealer.ENTRIES_BYTES_MAX", 10_000)
    assert (await seal_all(log)).last.position == 3_072
    assert await log.pool.fetchval(f'SELECT count(*) FROM "{SCHEMA}".segments') == 0


async def test_the_sealer_wakes_when_a_range_closes_and_stands_by_without_its_seat(log: Log) -> None:
    seat = "another process does this"

    async def take() -> str:
        return seat

    sealer = Sealer(log, take)
    assert await sealer._round() > 0
    assert sealer.last.because == seat
    seat = ""
    running = asyncio.create_task(sealer.run())
    await eventually(lambda: sealer.last.position == 3_072)
    await log.handle_many([deposit(number) for number in range(LAST, 4 * SEGMENT_EVENTS)])
    await eventually(lambda: sealer.last.position == 4_096)
    running.cancel()


@both_hashes
@pytest.mark.parametrize("sealed", [0, 1, 3])
async def test_pages_are_what_the_table_says_from_anywhere(log: Log, sealed: int) -> None:
    sealer = Sealer(log)
    for _ in range(sealed):
        await sealer.step()
    rows = await log.read(0, LAST)
    assert await paged(log, 0, LAST) == rows
    for after, until in ((0, 1), (1, 1_024), (1_023, 1_025), (1_024, 3_000), (500, 900), (3_071, LAST), (3_100, LAST)):
        assert await paged(log, after, until) == rows[after:until]
        assert await paged(log, after, until, 5_000) == rows[after:until]
    assert await paged(log, LAST, LAST + 10) == []
    assert await paged(log, 3_000, LAST + 10) == rows[3_000:]
    sizes = [len(page) async for page in log.pages(0, LAST, 2_000)]
    assert sizes[0] >= 2_000


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {s}.segments SET payload = set_byte(payload, 50, get_byte(payload, 50) # 1) WHERE first = {first}",
        "UPDATE {s}.segments SET payload = 'x', digest = sha256('x') WHERE first = {first}",
        "UPDATE {s}.segments SET last = last + 1 WHERE first = {first}",
        "UPDATE {s}.segments SET first = first + 1 WHERE first = {first}",
        "DELETE FROM {s}.segments WHERE first = {first}",
    ],
)
async def test_a_broken_segment_is_left_aside(log: Log, change: str) -> None:
    await seal_all(log)
    rows = await log.read(0, LAST)
    for first in (1, 2_049, 1_025):  # one more broken each time: in front, at the end, all
        await burgle(log, change.format(s=f'"{SCHEMA}"', first=first))
        for after in (0, 700, 1_500, 2_500):
            assert await paged(log, after, LAST) == rows[after:]


def test_where_a_position_belongs_is_arithmetic() -> None:
    assert [range_of(position) for position in (1, 1_024, 1_025)] == [(1, 1_024), (1, 1_024), (1_025, 2_048)]
