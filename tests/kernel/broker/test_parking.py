"""Hopeless messages are parked, seen, mended and replayed; trouble is waited for; the ones behind go on."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from kernel.broker.test_exactly_once import messages_of
from kernel.broker.toy import TallyGrew, TooMuch, add, written
from kernel.broker.world import World
from mingjing_kernel.broker.inbox import NotNow
from mingjing_kernel.broker.parked_message import ParkedSettled
from mingjing_kernel.broker.parking import MendedNotJson, ParkedUnknown, ReasonNeeded
from mingjing_kernel.broker.reacting import UnreadableContract
from mingjing_kernel.log import CommandIdReused


async def test_a_refused_message_is_parked_with_its_reason_and_the_next_ones_go_on(world: World) -> None:
    await add(world.source, 1, 5000, 3)
    await world.inbox().receive(await messages_of(world))
    await world.heard(1, 3)
    (row,) = await world.parking().listed()
    assert (row.source, row.position, row.code, row.tries) == ("source", 2, "too-much", 1)
    assert row.reason_en == "5000 is more than 1000."
    assert row.data_original == b'{"amount":5000}'
    assert await world.cursor() == 3


async def test_an_unreadable_message_is_parked(world: World) -> None:
    await add(world.source, 1, 2)
    first, second = await messages_of(world)
    await world.inbox().receive([replace(first, data=b'{"amount": "many"}'), second])
    await world.heard(2)
    (row,) = await world.parking().listed()
    assert row.code == "unreadable-contract"
    assert "amount" in row.reason_en


async def test_a_field_that_the_contract_does_not_have_is_not_swallowed(world: World) -> None:
    await add(world.source, 1)
    (message,) = await messages_of(world)
    await world.inbox().receive([replace(message, data=b'{"amount": 1, "currency": "CNY"}')])
    (row,) = await world.parking().listed()
    assert row.code == "unreadable-contract"


async def test_an_unknown_version_is_parked_and_an_unknown_fact_is_passed_over(world: World) -> None:
    await add(world.source, 1, 2)
    first, second = await messages_of(world)
    await world.inbox().receive(
        [
            replace(first, type="source.evt.counter.added.v2"),
            replace(second, type="source.evt.counter.reset.v1"),
        ]
    )
    (row,) = await world.parking().listed()
    assert (row.position, row.code) == (1, "unknown-version")
    assert await world.cursor() == 2


async def test_trouble_gives_the_whole_batch_back_until_it_is_over(world: World) -> None:
    await add(world.source, 1, 13, 3)
    messages = await messages_of(world)
    inbox = world.inbox(retry_seconds_first=0.0)
    world.services.trouble = ConnectionError("the neighbour is away")
    for _ in range(3):
        with pytest.raises(NotNow):
            await inbox.receive(messages)
    assert (await world.tally()).amounts == ()
    assert "ConnectionError" in inbox.status.reason
    world.services.trouble = None
    await inbox.receive(messages)
    await world.heard(1, 13, 3)


async def test_the_delay_grows_and_no_second_path_evades_it(world: World) -> None:
    await add(world.source, 13)
    inbox = world.inbox(retry_seconds_first=10.0)
    world.services.trouble = ConnectionError("away")
    with pytest.raises(NotNow) as first:
        await inbox.receive(await messages_of(world))
    assert first.value.seconds == 10.0
    world.services.trouble = None
    with pytest.raises(NotNow) as second:
        await inbox.catch_up()
    assert 9.0 < second.value.seconds <= 10.0


async def test_what_keeps_failing_is_parked_alone(world: World) -> None:
    await add(world.source, 1, 13, 3)
    messages = await messages_of(world)
    inbox = world.inbox(tries_max=3, retry_seconds_first=0.0)
    world.services.trouble = ConnectionError("away for good")
    for _ in range(3):
        with pytest.raises(NotNow):
            await inbox.receive(messages)
    await inbox.receive(messages)
    await world.heard(1, 3)
    (row,) = await world.parking().listed()
    assert (row.position, row.code, row.tries) == (2, "keeps-failing", 3)


async def test_poison_on_the_wire_does_not_stop_the_stream(world: World) -> None:
    await world.relay()
    await world.consumer(poll_seconds=60)
    await add(world.source, 1, 5000, 3)
    await world.heard(1, 3)
    js = await world.jetstream()
    await js.publish("source.evt.counter.added.v1", b"not ours")  # a stranger, without our headers
    await add(world.source, 4)
    await world.heard(1, 3, 4)


async def test_a_mended_message_is_replayed_once_and_the_original_is_kept(world: World) -> None:
    await add(world.source, 1, 5000)
    await world.inbox().receive(await messages_of(world))
    parking = world.parking()
    (row,) = await parking.listed()
    with pytest.raises(TooMuch):
        await parking.replay(row.id, written())
    assert (await parking.get(row.id)).tries == 2
    await parking.mend(row.id, b'{"amount": 500}', written("a decimal point too far right"))
    replayed = await parking.replay(row.id, written())
    assert (replayed.state, replayed.settled_by) == ("replayed", "admin")
    assert replayed.data_original == b'{"amount":5000}'
    await world.heard(1, 500)
    with pytest.raises(ParkedSettled):
        await parking.replay(row.id, written())
    (fact,) = [fact for fact in await world.target.read(0, 10) if fact.event == TallyGrew(amount=500)]
    assert (fact.meta.causation, fact.meta.on_behalf_of) == ("source-2", "admin")


async def test_a_replay_cannot_do_what_was_done_before(world: World) -> None:
    """Somebody parks, by whatever accident, a message that was applied: the command ids are the same."""
    await add(world.source, 7)
    messages = await messages_of(world)
    await world.inbox().receive([replace(messages[0], data=b"{}")])
    (row,) = await world.parking().listed()
    await world.target.pool.execute("UPDATE target.inbox_cursors SET position = 0")
    await world.inbox().receive(messages)
    await world.heard(7)
    parking = world.parking()
    await parking.mend(row.id, b'{"amount": 7}', written("as it should have been"))
    await parking.replay(row.id, written())
    await world.heard(7)
    assert (await parking.get(row.id)).state == "replayed"


async def test_other_data_under_the_same_ids_is_refused(world: World) -> None:
    await add(world.source, 7)
    messages = await messages_of(world)
    await world.inbox().receive([replace(messages[0], data=b"{}")])
    (row,) = await world.parking().listed()
    await world.target.pool.execute("UPDATE target.inbox_cursors SET position = 0")
    await world.inbox().receive(messages)
    await world.parking().mend(row.id, b'{"amount": 8}', written("a different amount"))
    with pytest.raises(CommandIdReused):
        await world.parking().replay(row.id, written())
    await world.heard(7)


async def test_dropping_and_mending_need_a_reason_and_sense(world: World) -> None:
    await add(world.source, 5000)
    await world.inbox().receive(await messages_of(world))
    parking = world.parking()
    (row,) = await parking.listed()
    with pytest.raises(ReasonNeeded):
        await parking.drop(row.id, written())
    with pytest.raises(ReasonNeeded):
        await parking.mend(row.id, b"{}", written())
    with pytest.raises(MendedNotJson):
        await parking.mend(row.id, b"[1", written("typo"))
    await parking.mend(row.id, b"{}", written("first try"))
    with pytest.raises(UnreadableContract):
        await parking.replay(row.id, written())
    dropped = await parking.drop(row.id, written("a test message"))
    assert (dropped.state, dropped.settled_reason) == ("dropped", "a test message")
    with pytest.raises(ParkedSettled):
        await parking.mend(row.id, b"{}", written("too late"))
    with pytest.raises(ParkedUnknown):
        await parking.get(UUID(int=0))
