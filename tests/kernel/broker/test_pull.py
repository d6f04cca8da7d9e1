"""``Pull`` on a real NATS: it reads nats-py's own queue, and should the names change there, this is where it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext

from mingjing_kernel.broker.pull import Pull, RequestEnded
from mingjing_kernel.broker.topology import Durable, Topology

DURABLE = Durable("source", "target")


@pytest.fixture
async def js(nats_url: str) -> AsyncIterator[JetStreamContext]:
    """A client of a server with the stream and the consumer that the tests pull from."""
    client = await nats.connect(nats_url)
    context = client.jetstream()
    await Topology().ensure_stream(context, "source", owner=True)
    await Topology().ensure(context, DURABLE)
    yield context
    await client.close()


async def pulling(js: JetStreamContext) -> Pull:
    return Pull(await js.pull_subscribe("source.evt.>", durable=DURABLE.name, stream=DURABLE.stream))


async def arrived(pull: Pull, messages: int) -> None:
    """Until that many stand in the client's own queue."""
    async with asyncio.timeout(10):
        while pull._inbox._pending_queue.qsize() < messages:  # noqa: ASYNC110  (the client tells nobody)
            await asyncio.sleep(0.01)


async def test_a_request_that_stays_open_brings_what_comes_later_and_no_message_is_counted_twice(
    js: JetStreamContext,
) -> None:
    pull = await pulling(js)
    with pytest.raises(NatsTimeout):
        await pull.fetch(10, 0.3)
    heard: list[bytes] = []
    for number in range(25):
        await js.publish("source.evt.x", str(number).encode())
        if number % 5 == 0:
            heard += [message.data for message in await pull.fetch(10, 2.0)]
    while len(heard) < 25:
        heard += [message.data for message in await pull.fetch(10, 2.0)]
    assert heard == [str(number).encode() for number in range(25)]
    assert pull._inbox._pending_size == 0


async def test_a_deleted_consumer_ends_the_open_request_and_the_next_one(js: JetStreamContext) -> None:
    pull = await pulling(js)
    await js.publish("source.evt.x", b"0")
    await pull.fetch(10, 2.0)
    await js.publish("source.evt.x", b"1")
    await arrived(pull, 1)  # a consumer deleted earlier would have nothing to send it with
    await js.delete_consumer(DURABLE.stream, DURABLE.name)
    await arrived(pull, 2)
    assert [message.data for message in await pull.fetch(10, 2.0)] == [b"1"]
    for _ in range(2):
        with pytest.raises(RequestEnded):
            await pull.fetch(10, 2.0)
