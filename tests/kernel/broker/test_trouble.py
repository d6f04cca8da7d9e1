"""The broker dies, forgets or is emptied; the log does not, so nobody notices for long."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from nats.js.api import AckPolicy, RetentionPolicy

from kernel.broker.toy import add
from kernel.broker.world import World, make_world, until
from mingjing.servers import Nats
from mingjing_kernel.broker.pipeline import PublishFailed
from mingjing_kernel.broker.topology import Durable, StreamLimits, Topology, TopologyDrift, stream_config, stream_name

STREAM = stream_name("source")
DURABLE = Durable("source", "target")


@pytest.fixture
async def fragile(postgres_url: str, own_nats: Nats) -> AsyncIterator[World]:
    """The world on a NATS that this test may kill."""
    async with make_world(postgres_url, own_nats.url) as made:
        yield made


async def test_a_restart_of_nats_costs_nothing(fragile: World, own_nats: Nats) -> None:
    relay = await fragile.relay()
    await fragile.consumer(poll_seconds=60)  # so that what is heard came through the broker
    await add(fragile.source, 1, 2)
    await fragile.heard(1, 2)
    await asyncio.to_thread(own_nats.stop)
    await add(fragile.source, 3)
    await until(lambda: not relay.status.active)
    await asyncio.to_thread(own_nats.start)
    await add(fragile.source, 4)
    await fragile.heard(1, 2, 3, 4)


async def test_a_dead_broker_is_replaced_by_http(fragile: World, own_nats: Nats) -> None:
    await asyncio.to_thread(own_nats.stop)
    await fragile.relay()
    await fragile.consumer()
    await add(fragile.source, 1, 2)
    await fragile.heard(1, 2)


async def test_everything_catches_up_after_jetstreams_directory_was_deleted(fragile: World, own_nats: Nats) -> None:
    relay = await fragile.relay()
    await fragile.consumer()
    await add(fragile.source, 1, 2)
    await fragile.heard(1, 2)
    await asyncio.to_thread(own_nats.stop)
    await add(fragile.source, 3)
    shutil.rmtree(own_nats.store)
    await asyncio.to_thread(own_nats.start)
    await add(fragile.source, 4)
    await fragile.heard(1, 2, 3, 4)
    await until(lambda: relay.status.position == 4)
    js = await fragile.jetstream()
    state = (await js.stream_info(STREAM)).state
    assert state.messages == 2  # the relay went on from its cursor; the rest is the log's business


async def test_a_stream_deleted_under_the_relay_is_made_again(world: World) -> None:
    relay = await world.relay()
    await add(world.source, 1)
    await until(lambda: relay.status.position == 1)
    js = await world.jetstream()
    await js.delete_stream(STREAM)
    await add(world.source, 2)
    await until(lambda: relay.status.position == 2)
    assert (await js.stream_info(STREAM)).state.messages == 1


async def test_a_consumer_deleted_on_the_server_comes_back(world: World) -> None:
    await world.relay()
    consumer = await world.consumer(poll_seconds=60)
    await add(world.source, 1)
    await world.heard(1)
    js = await world.jetstream()
    await js.delete_consumer(STREAM, DURABLE.name)
    await until(lambda: consumer.broker_reason != "listening")
    await until(lambda: consumer.broker_reason == "listening")
    await add(world.source, 2)
    await world.heard(1, 2)


async def test_a_relay_that_died_before_it_moved_its_cursor_sends_the_same_again(world: World) -> None:
    relay = await world.relay()
    await add(world.source, 1, 2, 3)
    await until(lambda: relay.status.position == 3)
    await world.consumer(poll_seconds=60)
    await world.heard(1, 2, 3)
    await relay._seats.close()
    await world.source.pool.execute("UPDATE source.relay_cursor SET position = 1, published = 1")
    again = await world.relay()
    await until(lambda: relay.status.position + again.status.position >= 3 and again.status.sent_total > 0, "resent")
    await add(world.source, 4)
    await world.heard(1, 2, 3, 4)
    js = await world.jetstream()
    assert (await js.stream_info(STREAM)).state.messages == 4  # recognised by their ids


async def test_what_is_too_big_for_the_stream_travels_over_http(world: World) -> None:
    world_relay = await world.relay()
    await until(lambda: world_relay._pipeline is not None)
    assert world_relay._pipeline is not None
    world_relay._pipeline._bytes_max = 12  # {"amount":1} fits, {"amount":12} does not
    await world.consumer(poll_seconds=60)
    await add(world.source, 1, 12, 3)
    await world.heard(1, 12, 3)


async def test_a_full_or_missing_stream_is_trouble_and_never_success(world: World) -> None:
    relay = await world.relay()
    await until(lambda: relay._pipeline is not None)
    js = await world.jetstream()
    await js.delete_stream(STREAM)
    found = await world.outbox.between(0, 0, 0)
    assert found == []
    await add(world.source, 1)
    await until(lambda: relay.status.position == 1)
    pipeline = relay._pipeline
    assert pipeline is not None
    await js.delete_stream(STREAM)
    publications = await world.outbox.between(0, 1, 0)
    with pytest.raises(PublishFailed, match="no stream"):
        await pipeline.send(publications)


async def test_topology_mends_what_it_may(world: World) -> None:
    js = await world.jetstream()
    await js.add_stream(replace(stream_config("source", StreamLimits()), max_age=3600, description="old"))
    await js.add_consumer(STREAM, replace(DURABLE.config(), ack_wait=5, ack_policy=AckPolicy.EXPLICIT))
    topology = Topology()
    assert await topology.ensure_stream(js, "source", owner=True) == "mended"
    assert await topology.ensure_consumer(js, DURABLE) == "mended"
    assert (await js.stream_info(STREAM)).config.max_age == StreamLimits().age_seconds_max
    assert (await js.consumer_info(STREAM, DURABLE.name)).config.ack_policy == AckPolicy.ALL
    assert await topology.ensure_stream(js, "source", owner=True) == "unchanged"
    assert await topology.ensure_consumer(js, DURABLE) == "unchanged"


async def test_topology_stops_the_start_over_what_it_cannot_mend(world: World) -> None:
    js = await world.jetstream()
    await js.add_stream(replace(stream_config("source", StreamLimits()), retention=RetentionPolicy.WORK_QUEUE))
    with pytest.raises(TopologyDrift) as drift:
        await Topology().ensure_stream(js, "source", owner=True)
    assert drift.value.values["field"] == "retention"
    relay = await world.relay()
    task = world.running(relay.run())
    with pytest.raises(TopologyDrift):
        await task
    consumer = await world.consumer()
    with pytest.raises(TopologyDrift):
        await consumer.run()


async def test_a_consumer_never_changes_a_stream_that_is_not_its_own(world: World) -> None:
    js = await world.jetstream()
    await js.add_stream(replace(stream_config("source", StreamLimits()), max_age=3600))
    await Topology().ensure(js, DURABLE)
    assert (await js.stream_info(STREAM)).config.max_age == 3600
