"""Marks: what is shown and found of a person, by what she is known again, and that all of it goes with her key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from kernel.sealed.test_ring import AT, Time, envelope, prepare, ring_of
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import make_engine
from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.marks import PERSON, Mark, Marks
from mingjing_kernel.sealed.opening import Boxed, Vault, Why, erase
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.ring import SUBJECTS_MAX, KeyRing
from mingjing_kernel.sealed.streams import SEALING
from mingjing_kernel.sealed.subject import SUBJECT, Opening

STREAMS = [f"contract-01900000-0000-7000-8000-00000000000{number}" for number in range(3)]
WHY = Why(purpose=Purpose.RIGHTS, explanation="本人申请")


@pytest_asyncio.fixture
async def kept(databases: Any) -> AsyncIterator[tuple[Marks, KeyRing, Log]]:
    url = databases.prepared("sealing", prepare)
    engine, log = make_engine(url, "sealing"), Log(url, "sealing", SEALING, Time())
    await log.start()
    yield Marks(engine.begin, BlindIndex(b"i" * 32)), ring_of(engine, Time()), log
    await log.stop()
    await engine.dispose()
    databases.drop(url)


def described(marks: Marks, name: str, phone: str) -> str:
    return marks.described("code JG1", "guardian", marks.blind("phone", phone), name=name)


def person(marks: Marks, subject: str, name: str, phone: str) -> list[Mark]:
    return [
        Mark(subject=subject, field="name", value=name),
        Mark(subject=subject, field="phone", value=phone),
        Mark(subject=subject, field=PERSON, value=described(marks, name, phone)),
    ]


async def within(log: Log, *work: Any) -> None:
    """In a transaction of the log's own kind."""
    async with log.pool.acquire() as connection, connection.transaction():
        for call, *said in work:
            await call(connection, *said)


async def test_a_person_is_known_again_however_she_is_written_and_shown_masked(kept) -> None:
    marks, ring, log = kept
    await ring.keys_for(["one"], make=True)
    await within(log, (marks.remember_within, person(marks, "one", "段 宇", "19900000686") * 2))
    again, other = described(marks, "段宇", "+86 199-0000-0686"), described(marks, "段宇", "19900000687")
    assert await marks.recognised([again, other]) == {again: "one"}
    assert await marks.masked(["one"]) == {"one": {"name": "段**", "phone": "199****0686"}}
    assert "19900000686" not in again
    with pytest.raises(ValueError, match="the limit is"):
        await marks.recognised(map(str, range(SUBJECTS_MAX + 1)))


async def test_nobody_without_a_key_is_remembered_and_an_erased_one_is_not_known_again(kept) -> None:
    marks, ring, log = kept
    await within(log, (marks.remember_within, person(marks, "nobody", "段宇", "19900000686")))
    assert await marks.find("phone", "19900000686") == []
    await ring.keys_for(["one"], make=True)
    await marks.remember(person(marks, "one", "段宇", "19900000686"))
    assert await marks.find("phone", "19900000686") == ["one"]
    await erase(log, "one", AT, envelope(1))
    assert await marks.recognised([described(marks, "段宇", "19900000686")]) == {}
    assert await marks.masked(["one"]) == {}


async def test_what_is_put_right_replaces_what_she_was_found_by_and_not_by_what_she_is_known(kept) -> None:
    marks, ring, log = kept
    await ring.keys_for(["one"], make=True)
    before = person(marks, "one", "段宇", "19900000686")
    await marks.remember(before)
    await within(log, (marks.replace_within, "one", [Mark(subject="one", field="name", value="\0羽")]))
    assert await marks.masked(["one"]) == {"one": {"name": "\ufffd**"}}
    assert await marks.find("phone", "19900000686") == []
    assert await marks.recognised([before[2].value]) == {before[2].value: "one"}


async def test_fields_of_several_streams_are_one_look_and_stand_on_record_for_each(kept) -> None:
    _marks, ring, log = kept
    key = await ring.key_for("one")
    boxes = [
        Boxed(stream, name, key.seal(f"{name} {number}", stream=stream, field=name))
        for number, stream in enumerate(STREAMS)
        for name in ("name", "phone")
    ]
    vault = Vault(log, ring, Time())
    opened = await vault.open_all(boxes, WHY, envelope(1))
    assert opened[boxes[3]] == "phone 1"
    assert len(opened) == 6
    assert await vault.open_all(boxes, WHY, envelope(1)) == opened  # the same request gets its answer again
    facts = await log.read(0, 100)
    looks = [fact.event.stream for fact in facts if isinstance(fact.event, Opening)]
    assert looks == STREAMS
    assert [fact.type for fact in facts if fact.noun != SUBJECT.noun] == ["kernel.unsealing-granted.v1"]
    other = (await ring.key_for("two")).seal("x", stream=STREAMS[0], field="name")
    with pytest.raises(ValueError, match="one subject at a time"):
        await vault.open_all([boxes[0], Boxed(STREAMS[0], "name", other)], WHY, envelope(2))
