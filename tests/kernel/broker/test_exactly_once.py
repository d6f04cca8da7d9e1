"""Effects happen exactly once and in order, whatever the broker does with the messages."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kernel.broker.toy import AddedV1, LookedV1, add, double, tally
from kernel.broker.world import World, until
from mingjing_kernel.broker.inbox import NotNow
from mingjing_kernel.broker.message import Incoming
from mingjing_kernel.broker.reacting import Reactions
from mingjing_kernel.broker.topology import stream_name


async def messages_of(world: World) -> list[Incoming]:
    """Everything the source tells, as its relay would publish it."""
    found = await world.outbox.between(0, await world.source.head(), 0)
    return [Incoming("source", one.position, one.previous, one.subject, one.time, one.data) for one in found]


async def test_what_the_source_adds_is_heard_once_and_in_order(world: World) -> None:
    await world.relay()
    await world.consumer()
    await add(world.source, 1, 2, 3)
    await world.heard(1, 2, 3)
    await add(world.source, 4)
    await world.heard(1, 2, 3, 4)
    assert await world.cursor() == 4


async def test_private_events_are_not_told_and_leave_no_gap(world: World) -> None:
    await world.relay()
    await add(world.source, 1)
    await add(world.source, 99, secret=True)
    await add(world.source, 2)
    messages = await messages_of(world)
    assert [(one.position, one.previous) for one in messages] == [(1, 0), (3, 1)]
    await world.inbox().receive(messages)
    await world.heard(1, 2)
    assert world.http_requests == []


async def test_three_deliveries_of_everything_have_the_effect_of_one(world: World) -> None:
    await add(world.source, 1, 2, 3, 4)
    messages = await messages_of(world)
    inbox = world.inbox()
    for _ in range(3):
        await inbox.receive(messages + messages[:2])
    await world.heard(1, 2, 3, 4)


async def test_disorder_within_and_between_batches_is_put_right(world: World) -> None:
    amounts = list(range(1, 41))
    await add(world.source, *amounts)
    messages = await messages_of(world)
    random.Random(7).shuffle(messages)
    inbox = world.inbox()
    for start in range(0, len(messages), 7):
        await inbox.receive(messages[start : start + 7])
    await world.heard(*amounts)


async def test_a_gap_is_filled_from_the_log_of_the_source(world: World) -> None:
    await add(world.source, 1, 2, 3, 4, 5)
    messages = await messages_of(world)
    inbox = world.inbox()
    await inbox.receive(messages[:1])
    await inbox.receive(messages[4:])
    await world.heard(1, 2, 3, 4, 5)
    assert len(world.http_requests) == 1


async def test_a_new_inbox_goes_on_where_the_old_one_ended(world: World) -> None:
    await add(world.source, 1, 2, 3)
    messages = await messages_of(world)
    await world.inbox().receive(messages[:2])
    await world.inbox().receive(messages)
    await world.heard(1, 2, 3)


async def test_two_inboxes_that_both_believe_to_be_alone_do_nothing_twice(world: World) -> None:
    await add(world.source, *range(1, 21))
    messages = await messages_of(world)
    one, other = world.inbox(), world.inbox()
    await one.receive(messages[:1])
    await other.receive(messages[:1])
    await one.receive(messages)
    with pytest.raises(NotNow, match="another process"):
        await other.receive(messages)
    await world.heard(*range(1, 21))


async def test_two_consumers_and_two_relays_do_the_work_of_one(world: World) -> None:
    relays = [await world.relay(), await world.relay()]
    consumers = [await world.consumer(), await world.consumer()]
    await add(world.source, *range(1, 301))
    await world.heard(*range(1, 301))
    assert sorted(relay.status.active for relay in relays) == [False, True]
    assert sum(relay.status.sent_total for relay in relays) == 300
    assert sorted(consumer.is_active for consumer in consumers) == [False, True]


async def test_a_standby_takes_over_when_the_active_one_ends(world: World) -> None:
    first = await world.relay()
    await add(world.source, 1)
    await until(lambda: first.status.position == 1)
    second = await world.relay()
    await first._seats.close()
    await add(world.source, 2)
    await until(lambda: second.status.position == 2 or first.status.position == 2)
    js = await world.jetstream()
    info = await js.stream_info(stream_name("source"))
    assert info.state.messages == 2


async def test_a_reaction_that_looks_at_the_log_sees_what_came_before_it_in_the_same_batch(world: World) -> None:
    await add(world.source, 1, 2, 0, 4)
    messages = await messages_of(world)
    messages[2] = replace(messages[2], type=LookedV1.subject, data=b"{}")
    world.reactions = Reactions("source", {AddedV1: tally, LookedV1: double}, world.services)
    await world.inbox().receive(messages)
    await world.heard(1, 2, 3, 4)
    assert await world.cursor() == 4
