"""An answer that was lost is given again, also where carrying out the command anew would be refused; and a process
whose picture of a stream is old looks again before it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from kernel.broker.toy import make_schema
from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log import Aggregate, Envelope, Log, Outcome, VersionConflict
from mingjing_kernel.refusal import Refusal

DOOR = UUID(int=1)
OTHER_DOOR = UUID(int=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Open the door, or close it."""

    to_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """It was."""

    to_open: bool


class AlreadySo(Refusal):
    """It is as it should be."""

    sentence = "The door is like that already."


def _turn(command: Turn, is_open: bool) -> list[Turned]:
    if command.to_open == is_open:
        raise AlreadySo
    return [Turned(to_open=command.to_open)]


DOORS = Aggregate(
    noun="door",
    decider=Decider(initial=False, decide=_turn, evolve=lambda _, event: event.to_open),
    codec=Codec({"toy.turned.v1": Turned}),
)


@pytest.fixture
async def logs(postgres_url: str) -> AsyncIterator[tuple[Log, Log]]:
    """Two processes of one service, as far as the log can tell."""
    await make_schema(postgres_url, "toy")
    here, there = (Log(postgres_url, "toy", [DOORS]) for _ in range(2))
    await here.start()
    await there.start()
    yield here, there
    await there.stop()
    await here.stop()


def envelope(number: int, *, sees: int | None = None) -> Envelope:
    return Envelope(command_id=UUID(int=number), actor="test", expected_version=sees)


async def turn(log: Log, number: int, *, to_open: bool, sees: int | None = None, door: UUID = DOOR) -> Outcome:
    return await log.handle(DOORS, door, Turn(to_open=to_open), envelope(number, sees=sees))


async def test_the_first_answer_comes_again_though_the_rule_would_refuse_now(logs: tuple[Log, Log]) -> None:
    log, _ = logs
    first = await turn(log, 1, to_open=True)
    again = await turn(log, 1, to_open=True)
    assert (again.position, again.version, again.repeated) == (first.position, first.version, True)
    with pytest.raises(AlreadySo):
        await turn(log, 2, to_open=True)


async def test_the_first_answer_comes_again_though_the_version_moved_on_by_it(logs: tuple[Log, Log]) -> None:
    log, _ = logs
    await turn(log, 1, to_open=True)
    first = await turn(log, 2, to_open=False, sees=1)
    again = await turn(log, 2, to_open=False, sees=1)
    assert (again.position, again.version, again.repeated) == (first.position, first.version, True)
    with pytest.raises(VersionConflict):
        await turn(log, 3, to_open=True, sees=1)


async def test_a_repeat_reaches_the_other_process(logs: tuple[Log, Log]) -> None:
    here, there = logs
    first = await turn(here, 1, to_open=True)
    again = await turn(there, 1, to_open=True)
    assert (again.position, again.repeated) == (first.position, True)


async def test_a_process_looks_again_before_it_refuses_on_an_old_picture(logs: tuple[Log, Log]) -> None:
    here, there = logs
    await turn(there, 1, to_open=True)
    await turn(here, 2, to_open=False)
    assert (await turn(there, 3, to_open=True)).version == 3
    await turn(here, 4, to_open=False)
    assert (await turn(there, 5, to_open=True, sees=4)).version == 5


async def test_a_refusal_fails_no_neighbour_and_is_not_remembered(logs: tuple[Log, Log]) -> None:
    log, _ = logs
    await turn(log, 1, to_open=True)
    with pytest.raises(AlreadySo):
        await turn(log, 2, to_open=True)
    assert (await turn(log, 3, to_open=True, door=OTHER_DOOR)).position == 2
    await turn(log, 4, to_open=False)
    assert (await turn(log, 2, to_open=True)).repeated is False


async def test_a_refusal_decided_behind_a_commit_that_fails_is_told(logs: tuple[Log, Log]) -> None:
    """A commit flies and must be decided anew, because another process wrote. Whoever was refused meanwhile, in a batch
    with nothing else in it, gets an answer too.
    """
    here, there = logs
    await turn(here, 1, to_open=True)
    await turn(there, 2, to_open=True, door=OTHER_DOOR)
    for number in range(10, 100, 10):
        to_open = number % 20 == 0
        await turn(there, number, to_open=to_open, door=OTHER_DOOR)
        flying = asyncio.create_task(turn(here, number + 1, to_open=to_open))
        for _ in range(3):  # it is decided and on its way, and cannot be back yet
            await asyncio.sleep(0)
        behind = asyncio.create_task(turn(here, number + 2, to_open=True, sees=99))
        async with asyncio.timeout(10):
            flown, refused = await asyncio.gather(flying, behind, return_exceptions=True)
        assert isinstance(flown, Outcome)
        assert isinstance(refused, VersionConflict)
