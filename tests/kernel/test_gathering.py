"""Questions asked together: few for a crowd, none older than who asked it, and nobody's trouble is another's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest

from mingjing_kernel.gathering import KEYS_MAX, ON_THE_WAY_MAX, Gathering


class World:
    """What is known; each question takes a turn to be answered, as a database does."""

    def __init__(self) -> None:
        self.values = {"a": 1, "b": 2}
        self.questions: list[Sequence[str]] = []
        self.answering = asyncio.Event()
        self.gathering = Gathering(self.question, lambda trouble: isinstance(trouble, ConnectionError))
        self.trouble: Exception | None = None

    async def question(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.questions.append(list(keys))
        seen = dict(self.values)
        await self.answering.wait()
        if self.trouble is not None:
            raise self.trouble
        if "bad" in keys:
            raise LookupError("bad")
        return {key: seen[key] for key in keys if key in seen}


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_crowd_is_answered_by_a_few_questions() -> None:
    world = World()
    asked = [asyncio.create_task(world.gathering.ask(["a", "b"])) for _ in range(100)]
    await turns()
    assert len(world.questions) == ON_THE_WAY_MAX
    world.answering.set()
    assert [(found["a"], found["b"]) for found in await asyncio.gather(*asked)] == [(1, 2)] * 100
    assert len(world.questions) == ON_THE_WAY_MAX + 1


async def test_nobody_is_told_what_was_so_before_she_asked() -> None:
    world = World()
    early = [asyncio.create_task(world.gathering.ask(["a"])) for _ in range(ON_THE_WAY_MAX)]
    await turns()
    world.values["a"] = 7
    late = asyncio.create_task(world.gathering.ask(["a"]))
    await turns()
    world.answering.set()
    assert [found["a"] for found in await asyncio.gather(*early)] == [1] * ON_THE_WAY_MAX
    assert (await late)["a"] == 7


async def test_what_one_asks_for_in_vain_is_not_the_others_trouble() -> None:
    world = World()
    first = [asyncio.create_task(world.gathering.ask(["a"])) for _ in range(ON_THE_WAY_MAX)]
    await turns()
    good, bad, gone = (asyncio.create_task(world.gathering.ask([key])) for key in ("b", "bad", "a"))
    await turns()
    gone.cancel()
    world.answering.set()
    await asyncio.gather(*first)
    assert (await good)["b"] == 2
    with pytest.raises(LookupError):
        await bad
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert (await world.gathering.ask(["a"]))["a"] == 1


async def test_whoever_wants_much_goes_alone() -> None:
    world = World()
    world.answering.set()
    await world.gathering.ask([str(number) for number in range(KEYS_MAX + 1)])
    assert [len(keys) for keys in world.questions] == [KEYS_MAX + 1]


@pytest.mark.parametrize("trouble", [TimeoutError(), ConnectionError()])
async def test_a_crowd_does_not_wait_in_turn_for_what_is_away(trouble: Exception) -> None:
    world = World()
    world.trouble = trouble
    asked = [asyncio.create_task(world.gathering.ask(["a"])) for _ in range(100)]
    await turns()
    world.answering.set()
    assert await asyncio.gather(*asked, return_exceptions=True) == [trouble] * 100
    assert len(world.questions) == ON_THE_WAY_MAX + 1


class Script:
    """Askers who wait for one question together, which fails; then each is asked for alone, as ``alone`` says."""

    def __init__(self, alone: Callable[[str], Awaitable[Mapping[str, int]]]) -> None:
        self.alone = alone
        self.singles: list[str] = []
        self.begin = asyncio.Event()
        self.gathering = Gathering(self.question, lambda trouble: isinstance(trouble, ConnectionError))

    async def question(self, keys: Sequence[str]) -> Mapping[str, int]:
        if not self.begin.is_set():
            await self.begin.wait()
            return {}
        if len(keys) > 1:
            raise LookupError
        self.singles.append(keys[0])
        return await self.alone(keys[0])

    async def asked(self, *keys: str) -> list[asyncio.Task[Mapping[str, int]]]:
        before = [asyncio.create_task(self.gathering.ask(["before"])) for _ in range(ON_THE_WAY_MAX)]
        await turns()
        waiting = [asyncio.create_task(self.gathering.ask([key])) for key in keys]
        await turns()
        self.begin.set()
        await asyncio.gather(*before)
        return waiting


async def test_what_goes_away_while_each_is_asked_for_alone_is_everybodys_trouble() -> None:
    away = ConnectionError()

    async def alone(key: str) -> Mapping[str, int]:
        if key == "b":
            raise away
        return {key: 1}

    script = Script(alone)
    asked = await script.asked("a", "b", "c", "d")
    assert await asyncio.gather(*asked, return_exceptions=True) == [{"a": 1}, away, away, away]
    assert script.singles == ["a", "b"]


async def test_nobody_waits_for_ever_when_the_loop_ends_while_each_is_asked_for_alone() -> None:
    async def alone(_key: str) -> Mapping[str, int]:
        for task in asyncio.all_tasks():
            if "Gathering._carry" in repr(task):
                task.cancel()
        await asyncio.sleep(0)
        raise AssertionError("it was cancelled")

    asked = await Script(alone).asked("a", "b", "c")
    async with asyncio.timeout(5):
        found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in found] == [asyncio.CancelledError] * 3
