"""What becomes of a parked message is in the log: in one commit with the cursor, whoever writes to the table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest

from kernel.broker.test_exactly_once import messages_of
from kernel.broker.toy import TALLY, TALLY_ID, AddedV1, Record, TooMuch, add, written
from kernel.broker.world import World
from mingjing_kernel.audit.findings import Finding
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.broker.carrying_out import ATTEMPTS_MAX, carry_out
from mingjing_kernel.broker.inbox import NotNow
from mingjing_kernel.broker.message import Message
from mingjing_kernel.broker.parked import Parked, park_works, parked_id
from mingjing_kernel.broker.parked_message import (
    PARKED_MESSAGE,
    MessageParked,
    ParkedAltered,
    ParkedMessageDropped,
    ParkedMessageMended,
    ParkedMessageReplayed,
    ParkedSettled,
    ParkedUnrecorded,
)
from mingjing_kernel.broker.parking import MendedSince, Parking
from mingjing_kernel.broker.reacting import Hopeless, Reacted, Reactions
from mingjing_kernel.decider import Decider
from mingjing_kernel.log import Aggregate, Recorded, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.envelope import LogBusy, Move


async def park_one(world: World, amount: int = 5000) -> Parked:
    """A message that the tally refuses."""
    await add(world.source, amount)
    await world.inbox().receive(await messages_of(world))
    (row,) = await world.parking().listed()
    return row


async def record_of(world: World, row: Parked) -> list[Recorded[Any]]:
    return await world.target.history(PARKED_MESSAGE, row.id)


async def found(world: World) -> list[tuple[str, str]]:
    """What a verification says: codes, and the sentences."""
    findings: Sequence[Finding] = (await asyncio.to_thread(verify, world.url, "target", [])).findings
    return [(one.code, one.en) for one in findings]


async def test_the_fact_the_row_and_the_cursor_are_one_commit(world: World) -> None:
    row = await park_one(world)
    (fact,) = await record_of(world, row)
    assert fact.event == MessageParked(
        source="source",
        position=1,
        type="source.evt.counter.added.v1",
        ce_time=row.headers["ce-time"],
        original_sha256=row.likeness().sha256,
        code="too-much",
        at=row.parked_at,
    )
    assert (fact.meta.actor, fact.meta.causation) == ("system:inbox", "source-1")
    commits = await world.target.pool.fetch(
        """SELECT xmin FROM target.events UNION SELECT xmin FROM target.parked
        UNION SELECT xmin FROM target.inbox_cursors"""
    )
    assert len(commits) == 1


async def test_who_mended_who_replayed_and_who_dropped_is_in_the_log(world: World) -> None:
    await add(world.source, 5000, 6000)
    await world.inbox().receive(await messages_of(world))
    first, second = await world.parking().listed()
    mended = await world.parking().mend(first.id, b'{"amount": 500}', written("too far right", actor="li"))
    replayed = await world.parking().replay(first.id, written(actor="wang"))
    dropped = await world.parking().drop(second.id, written("a test message", actor="zhao"))
    _, mending, replaying = await record_of(world, first)
    _, dropping = await record_of(world, second)
    assert (mending.meta.actor, mending.meta.reason) == ("li", "too far right")
    assert isinstance(mending.event, ParkedMessageMended)
    assert mending.event.mended_sha256 == mended.likeness().sha256
    assert replaying.meta.actor == "wang"
    assert isinstance(replaying.event, ParkedMessageReplayed)
    assert replaying.event.used_sha256 == mended.likeness().sha256
    assert (dropping.meta.actor, dropping.meta.reason) == ("zhao", "a test message")
    assert isinstance(dropping.event, ParkedMessageDropped)
    assert (dropping.event.position, dropping.event.original_sha256) == (2, second.likeness().sha256)
    assert (replayed.settled_by, replayed.settled_reason) == ("wang", "too far right")
    assert (dropped.settled_by, dropped.settled_at) == ("zhao", dropping.event.at)
    assert await found(world) == []


async def test_no_body_gets_into_the_log(world: World) -> None:
    row = await park_one(world, 987_654)
    await world.parking().mend(row.id, b'{"amount": 876543}', written("typo"))
    await world.parking().drop(row.id, written("a test message"))
    stored = await world.target.pool.fetch("SELECT data FROM target.events WHERE stream LIKE 'parked-message-%'")
    assert len(stored) == 3
    assert all(b"987654" not in one["data"] and b"876543" not in one["data"] for one in stored)


async def test_the_same_request_again_is_answered_and_not_done_again(world: World) -> None:
    row = await park_one(world)
    parking = world.parking()
    for _ in range(2):
        await parking.mend(row.id, b'{"amount": 5}', written("typo", key="mend"))
    answers = [await parking.replay(row.id, written(key="replay")) for _ in range(2)]
    assert answers[0] == answers[1]
    assert [fact.version for fact in await record_of(world, row)] == [1, 2, 3]
    await world.heard(5)
    await parking.mend(row.id, b'{"amount": 5}', written("typo", key="mend"))  # its answer was lost until now
    with pytest.raises(ParkedSettled):
        await parking.drop(row.id, written("why not"))


async def test_a_drop_again_is_answered_and_not_done_again(world: World) -> None:
    row = await park_one(world)
    answers = [await world.parking().drop(row.id, written("a test message", key="drop")) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await record_of(world, row)) == 2
    with pytest.raises(ParkedSettled):
        await world.parking().drop(row.id, written("a test message"))


async def test_a_repeated_mending_does_not_undo_the_one_after_it(world: World) -> None:
    row = await park_one(world)
    await world.parking().mend(row.id, b'{"amount": 5}', written("typo", key="first"))
    await world.parking().mend(row.id, b'{"amount": 6}', written("no, this", key="second"))
    with pytest.raises(MendedSince):
        await world.parking().mend(row.id, b'{"amount": 5}', written("typo", key="first"))
    assert (await world.parking().get(row.id)).data == b'{"amount": 6}'
    assert await found(world) == []


async def test_what_was_altered_in_the_table_is_not_acted_on_until_it_is_mended(world: World) -> None:
    row = await park_one(world)
    await world.target.pool.execute("UPDATE target.parked SET data_original = $1", b'{"amount":1000}')
    for act in (world.parking().replay(row.id, written()), world.parking().drop(row.id, written("junk"))):
        with pytest.raises(ParkedAltered):
            await act
    assert (await world.tally()).amounts == ()
    ((code, sentence),) = await found(world)
    assert (code, sentence.endswith("in data_original.")) == ("parked-altered", True)
    await world.parking().mend(row.id, b'{"amount": 10}', written("what the source says it sent"))
    await world.parking().replay(row.id, written())
    await world.heard(10)


async def test_a_row_that_no_inbox_wrote_is_named_and_has_no_effect(world: World) -> None:
    row = await park_one(world)
    forged = parked_id("target", "source", 99)
    await world.target.pool.execute(
        """INSERT INTO target.parked SELECT (p).* FROM (SELECT jsonb_populate_record(parked, $1::jsonb) AS p
        FROM target.parked) AS made""",
        f'{{"id": "{forged}", "position": 99}}',
    )
    await world.target.pool.execute("UPDATE target.parked SET data_mended = $1 WHERE position = 99", b'{"amount":9}')
    for act in (
        world.parking().replay(forged, written()),
        world.parking().drop(forged, written("junk")),
        world.parking().mend(forged, b"{}", written("junk")),
    ):
        with pytest.raises(ParkedUnrecorded):
            await act
    assert await found(world) == [
        (
            "parked-unrecorded",
            f"Parked message {forged}: the table shows it as parked, the log knows nothing of it.",
        )
    ]
    assert (await world.parking().get(row.id)).state == "parked"


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("UPDATE target.parked SET state = 'replayed'", "state"),
        ("UPDATE target.parked SET settled_by = 'nobody', settled_reason = NULL", "settled_by, settled_reason"),
        ("UPDATE target.parked SET data_mended = NULL", "data_mended"),
        ('UPDATE target.parked SET headers = headers || \'{"ce-time": "2020-01-01T00:00:00Z"}\'', "ce_time"),
        ("UPDATE target.parked SET settled_at = settled_at - interval '1 day', type = 'x'", "type, settled_at"),
    ],
)
async def test_whoever_writes_to_the_table_is_found_out(world: World, change: str, columns: str) -> None:
    row = await park_one(world)
    await world.parking().mend(row.id, b'{"amount": 5}', written("typo"))
    await world.parking().drop(row.id, written("a test message"))
    assert await found(world) == []
    await world.target.pool.execute(change)
    sentence = f"Parked message {row.id} (dropped): the table does not show what the log says, in {columns}."
    assert await found(world) == [("parked-altered", sentence)]


@pytest.mark.parametrize("change", ["DELETE FROM target.parked", "DROP TABLE target.parked"])
async def test_a_row_that_was_taken_away_is_named(world: World, change: str) -> None:
    row = await park_one(world)
    await world.parking().drop(row.id, written("a test message"))
    burglar = await asyncpg.connect(asyncpg_url(world.url))  # the service's own role may do neither
    await burglar.execute(change)
    await burglar.close()
    sentence = f"Parked message {row.id}: the log says that it is dropped, the table has no such row."
    assert await found(world) == [("parked-missing", sentence)]


async def test_a_refused_replay_carries_out_nothing(world: World) -> None:
    """Two works of one message: the replay of the first must not stand in the log when the second is refused."""
    row = await park_one(world)
    reactions = Reactions("source", {AddedV1: _twice}, world.services)
    parking = Parking(world.target, {"source": reactions})
    await parking.mend(row.id, b'{"amount": 600}', written("typo"))
    with pytest.raises(TooMuch):
        await parking.replay(row.id, written())
    assert (await world.tally()).amounts == ()
    assert ((await parking.get(row.id)).tries, len(await record_of(world, row))) == (2, 2)
    await parking.mend(row.id, b'{"amount": 400}', written("typo"))
    await parking.replay(row.id, written())
    await world.heard(400, 800)


def _twice(message: Message[AddedV1], _: Any) -> list[Work]:
    amount = message.contract.amount
    return [
        Work(TALLY, TALLY_ID, Record(amount=amount), message.envelope("once")),
        Work(TALLY, TALLY_ID, Record(amount=2 * amount), message.envelope("twice")),
    ]


async def test_two_inboxes_park_a_message_once(world: World) -> None:
    await add(world.source, 1, 5000, 3)
    messages = await messages_of(world)
    ended = await asyncio.gather(*(world.inbox().receive(messages) for _ in range(3)), return_exceptions=True)
    assert all(end is None or isinstance(end, NotNow) for end in ended)
    await world.heard(1, 3)
    (row,) = await world.parking().listed()
    assert len(await record_of(world, row)) == 1
    assert await world.cursor() == 3


async def test_a_message_heard_again_after_it_was_dropped_stays_dropped(world: World) -> None:
    """Somebody sets the cursor back."""
    row = await park_one(world)
    await world.parking().drop(row.id, written("a test message"))
    (message,) = await messages_of(world)
    for again in (message, replace(message, data=b"{}")):
        await world.target.pool.execute("UPDATE target.inbox_cursors SET position = 0")
        await world.inbox().receive([again])
    assert [fact.version for fact in await record_of(world, row)] == [1, 2]
    assert (await world.parking().get(row.id)).state == "dropped"
    assert await found(world) == []


@dataclass
class Counted:
    """A log that counts what is handed in to be one transaction."""

    world: World
    transactions: int = 0

    async def handle_many(self, works: Sequence[Work], **settle: Any) -> Any:
        self.transactions += 1
        return await self.world.target.handle_many(works, **settle)


def moody(answers: Iterator[bool]) -> Aggregate:
    """A tally whose rule changes between two looks at it, as when another process writes in between."""

    def decide(command: Record, state: Any) -> list[Any]:
        if not next(answers):
            raise TooMuch(amount=command.amount)
        return TALLY.decider.decide(command, state)

    return Aggregate(TALLY.noun, Decider(TALLY.decider.initial, decide, TALLY.decider.evolve), TALLY.codec)


async def carried_out(world: World, *answers: bool) -> tuple[int, int]:
    """What an inbox does with one message: how many transactions it took, and how many messages were parked.

    A rule that refuses in passing is asked again with the head in hand before anybody believes it.
    """
    await add(world.source, 7)
    await world.inbox().receive([])  # makes the cursor
    (message,) = await messages_of(world)
    now = world.target.now()
    envelope = Message(AddedV1(amount=7), "source", 1, message.type, now).envelope("tally")
    work = Work(moody(iter(answers)), TALLY_ID, Record(amount=7), envelope)
    log = Counted(world)

    def parking(hopeless: Sequence[Hopeless]) -> list[Work]:
        return park_works("target", hopeless, now)

    async def settle(connection: Any, _: Sequence[Hopeless]) -> None:
        await connection.execute("UPDATE target.inbox_cursors SET position = 1")

    reacted = Reacted(works=[work], owners=[message], taken=1)
    hopeless = await carry_out(log, reacted, parking, settle, Move("source", 0, 1, now))  # type: ignore[arg-type]
    assert await world.cursor() == 1
    return log.transactions, len(hopeless)


async def test_what_is_not_refused_costs_one_transaction(world: World) -> None:
    assert await carried_out(world, True) == (1, 0)
    assert (await world.tally()).amounts == (7,)


async def test_what_is_refused_costs_two(world: World) -> None:
    assert await carried_out(world, False, False, False) == (2, 1)
    assert len(await world.target.history(PARKED_MESSAGE, parked_id("target", "source", 1))) == 1


async def test_what_is_possible_at_the_second_look_is_not_parked(world: World) -> None:
    assert await carried_out(world, False, False, True, True) == (3, 0)
    assert (await world.tally()).amounts == (7,)
    assert await world.target.history(PARKED_MESSAGE, parked_id("target", "source", 1)) == []


async def test_what_never_stays_the_same_is_left_for_later(world: World) -> None:
    with pytest.raises(LogBusy):
        await carried_out(world, *[False, False, True] * (ATTEMPTS_MAX // 2))
    assert (await world.target.head(), await world.cursor()) == (0, 0)
