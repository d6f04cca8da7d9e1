"""The directory is what the log says: at once in the process that writes, soon in others, after a restart, and never
guessed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from kernel.access.conftest import log_at
from kernel.access.samples import AT, DAY, delegated, given, locked, named, revoked, taken
from mingjing_kernel.access import directory as directory_module
from mingjing_kernel.access.directory import Directory
from mingjing_kernel.access.facts import Fact
from mingjing_kernel.access.noted import ACCESS, NoteAccess, person_id
from mingjing_kernel.access.refusals import AccessNotRead
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Log, Work

DEADLINE_SECONDS = 20.0


async def note(log: Log, *facts: Fact) -> None:
    works = [
        Work(ACCESS, person_id(fact.person), NoteAccess(fact=fact), Envelope(command_id=new_id(), actor="system:test"))
        for fact in facts
    ]
    await log.handle_many(works)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not await condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_nobody_is_let_in_before_the_log_was_read(log: Log) -> None:
    with pytest.raises(AccessNotRead):
        await Directory(log).current()


async def test_a_log_without_people_has_an_empty_directory(log_url: str) -> None:
    empty = Log(log_url, "here", [])
    assert (await Directory(empty).current()).document() == Standing().document()


async def test_what_this_process_wrote_is_there_for_the_next_request(log: Log) -> None:
    directory = Directory(log)
    await directory.start()
    try:
        for number in range(1, 20):
            await note(log, given(number))
            assert len((await directory.current()).grants_of("p-1", AT)) == number
        await note(log, taken(1))
        assert len((await directory.current()).grants_of("p-1", AT)) == 18
    finally:
        await directory.stop()
    with pytest.raises(AccessNotRead):
        await directory.current()


async def test_what_another_process_wrote_arrives(log_url: str, log: Log) -> None:
    reader = log_at(log_url)
    await reader.start(writing=False)
    directory = Directory(reader)
    await directory.start()
    try:
        await note(log, given(1))

        async def is_there() -> bool:
            return bool((await directory.current()).grants_of("p-1", AT))

        await until(is_there)
    finally:
        await directory.stop()
        await reader.stop()


async def test_live_equals_read_anew_and_a_restart_forgets_nothing(log_url: str, log: Log) -> None:
    directory = Directory(log)
    await directory.start()
    source = given(1)
    said = [
        source,
        delegated(2, source),
        named(3),
        revoked("session", "s-1"),
        locked("p-3", until=AT + DAY),
        given(4, "p-4"),
        taken(4, "p-4"),
    ]
    for fact in said:
        await note(log, fact)
    live = await directory.current()
    await directory.stop()
    again = log_at(log_url)
    await again.start(writing=False)
    fresh = Directory(again)
    await fresh.start()
    try:
        assert (await fresh.current()).document() == live.document()
        assert fresh.position == await log.head()
    finally:
        await fresh.stop()
        await again.stop()


async def test_a_page_that_is_full_is_followed_by_the_next(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_module, "PAGE_FACTS", 3)
    directory = Directory(log)
    await directory.start()
    try:
        await note(log, *(given(number) for number in range(1, 12)))
        assert len((await directory.current()).grants_of("p-1", AT)) == 11
    finally:
        await directory.stop()


async def test_old_grants_are_not_believed_when_the_log_could_not_be_looked_at(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = Directory(log)
    await directory.start()
    try:
        await directory.current()
        monkeypatch.setattr(directory_module, "STALE_SECONDS_MAX", -1.0)
        with pytest.raises(AccessNotRead):
            await directory.current()
    finally:
        await directory.stop()
