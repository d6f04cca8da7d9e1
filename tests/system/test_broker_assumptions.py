"""What FastStream and nats-py do with facts: the upgrade alarm.

Each test shows how the *library* behaves, so that a new version which behaves differently is noticed here and not in
production. The number in a name is that of the list in ``docs/adr/0008-fence-faststream.md``; the line "Us:" says
why it cannot touch us. When a test fails after an upgrade, read what changed, then decide whether the fence in
``mingjing_kernel.broker`` may become lower.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import nats
import pytest
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as ServerAck
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import BadRequestError, NoStreamResponseError, NotFoundError

from mingjing.servers import Nats
from mingjing_kernel.broker.broker import make_broker
from mingjing_kernel.broker.topology import Durable, Topology

STREAM, SUBJECT = "A", "a.b"
SECONDS_MAX = 5.0
QUIET_SECONDS = 0.3
JSON = {"content-type": "application/json"}


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        answer = condition()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert time.monotonic() < deadline, "the library did not do what we know it for"
        await asyncio.sleep(0.01)


async def stays(condition: Callable[[], bool], seconds: float = QUIET_SECONDS) -> None:
    """The condition holds for a while: how the absence of something is seen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition()
        await asyncio.sleep(0.02)


@pytest.fixture
async def js(nats_url: str) -> AsyncIterator[JetStreamContext]:
    client = await nats.connect(nats_url)
    context = client.jetstream()
    await context.add_stream(StreamConfig(name=STREAM, subjects=["a.>"], max_age=86_400, duplicate_window=600))
    yield context
    await client.close()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[NatsBroker]:
    """FastStream as it comes, with its defaults."""
    made = NatsBroker(nats_url)
    yield made
    await made.stop()


def existing() -> JStream:
    return JStream(STREAM, declare=False)


async def test_01_the_default_policy_forgets_a_message_after_one_exception(
    broker: NatsBroker, js: JetStreamContext
) -> None:
    """Us: the broker-wide policy is set, and the inbox acknowledges by hand after the commit."""
    calls = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())
    async def fails(body: str) -> None:
        calls.append(body)
        raise ValueError

    await broker.start()
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await until(lambda: len(calls) == 1)
    await stays(lambda: len(calls) == 1)
    info = await js.consumer_info(STREAM, "d")
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


async def test_02_nack_on_error_alone_is_a_hot_loop(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: what goes back goes back with a growing delay (``Inbox._guarded``)."""
    calls = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(), ack_policy=AckPolicy.NACK_ON_ERROR)
    async def fails(body: str) -> None:
        calls.append(body)
        raise ValueError

    await broker.start()
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await until(lambda: len(calls) > 30)


async def test_02_a_delayed_nak_is_honoured(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: the growing delay rests on this."""
    at: list[float] = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())
    async def later(body: str) -> None:
        at.append(time.monotonic())
        if len(at) == 1:
            raise NackMessage(delay=0.5)

    await broker.start()
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await until(lambda: len(at) == 2)
    assert at[1] - at[0] > 0.4


async def test_03_what_does_not_validate_never_reaches_the_handler_and_is_forgotten(
    broker: NatsBroker, js: JetStreamContext
) -> None:
    """Us: ``apply_types=False``; the inbox decodes, and parks what does not fit its contract."""
    calls = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())
    async def wants_text(body: str) -> None:
        calls.append(body)

    await broker.start()
    await js.publish(SUBJECT, b"2")  # without a content type the 2 is guessed to be JSON, and no str

    async def is_gone() -> bool:
        info = await js.consumer_info(STREAM, "d")
        return (info.delivered.consumer_seq, info.num_pending, info.num_ack_pending) == (1, 0, 0)

    await until(is_gone)
    assert calls == []


async def test_04_a_declared_stream_loses_its_limits(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: ``JStream(declare=False)`` everywhere, and the topology module owns streams."""
    broker.subscriber(SUBJECT, stream=STREAM, durable="d", pull_sub=PullSub())(_nothing)
    await broker.start()
    config = (await js.stream_info(STREAM)).config
    assert config.max_age == 0
    assert config.duplicate_window == 120


async def test_04_a_stream_that_is_not_declared_keeps_them(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: the fence itself."""
    broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())(_nothing)
    await broker.start()
    assert (await js.stream_info(STREAM)).config.max_age == 86_400


async def test_05_changed_consumer_settings_are_ignored(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: ``Topology.ensure_consumer`` compares and mends."""
    await js.add_consumer(STREAM, ConsumerConfig(durable_name="d", ack_wait=5, ack_policy=ServerAck.EXPLICIT))
    broker.subscriber(SUBJECT, stream=existing(), durable="d", config=ConsumerConfig(ack_wait=60), pull_sub=PullSub())(
        _nothing
    )
    await broker.start()
    assert (await js.consumer_info(STREAM, "d")).config.ack_wait == 5


async def test_06_a_batch_size_without_batch_runs_handlers_at_the_same_time(
    broker: NatsBroker, js: JetStreamContext
) -> None:
    """Us: ``batch=True``, one handler, one lock an inbox."""
    at_work, most = 0, 0

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(batch_size=10))
    async def works(body: str) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.05)
        at_work -= 1

    for _ in range(10):
        await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await broker.start()
    await until(lambda: most > 1)


async def test_07_a_nakd_message_is_overtaken(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: the inbox sorts, and fetches what a gap shows to be missing; order does not rest on the broker."""
    seen: list[str] = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())
    async def refuses_once(body: str) -> None:
        seen.append(body)
        if seen.count("1") == 1 and body == "1":
            raise NackMessage(delay=0.1)

    for number in range(4):
        await js.publish(SUBJECT, str(number).encode(), headers={"content-type": "text/plain"})
    await broker.start()
    await until(lambda: len(seen) == 5)
    assert seen == ["0", "1", "2", "3", "1"]


async def test_08_a_batch_waits_for_its_time_although_a_message_is_there(
    broker: NatsBroker, js: JetStreamContext
) -> None:
    """Us: ``PromptPull`` ends the round after the first answer. (``max_workers`` over-fetches: we never set it.)"""
    heard = []

    @broker.subscriber(
        SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(batch=True, batch_size=10, timeout=4.0)
    )
    async def batch(bodies: list[str]) -> None:
        heard.append(bodies)

    await broker.start()
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))

    async def is_here() -> bool:
        return bool((await js.consumer_info(STREAM, "d")).num_ack_pending == 1)

    await until(is_here)
    await stays(lambda: not heard)


def test_08_two_kinds_of_timeout_come_out_of_a_fetch() -> None:
    """nats-py raises its own or Python's, and FastStream's loop knows only the first. Us: ``PromptPull`` takes both."""
    assert issubclass(nats.errors.TimeoutError, TimeoutError)
    assert issubclass(TimeoutError, OSError)  # so it must be caught before trouble with the connection is


async def test_08_the_batch_loop_asks_the_subscription_that_stands_on_the_subscriber(
    broker: NatsBroker, js: JetStreamContext
) -> None:
    """Us: ``Consumer`` puts ``PromptPull`` there, after the start."""
    subscriber: Any = broker.subscriber(
        SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(batch=True, batch_size=10, timeout=0.1)
    )
    subscriber(_nothing)
    await broker.start()
    asked: list[int] = []

    class Spy:
        async def fetch(self, batch: int, timeout: float | None) -> list[Any]:
            asked.append(batch)
            await asyncio.sleep(0.02)
            raise nats.errors.TimeoutError

        async def unsubscribe(self) -> None:
            await real.unsubscribe()

    real, subscriber.subscription = subscriber.subscription, Spy()
    await until(lambda: len(asked) > 1)
    assert set(asked) == {10}


async def test_09_publishing_without_a_stream_is_fire_and_forget(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: only the relay publishes, and counts an acknowledgement for every message."""
    await broker.connect()
    answer: Any = await broker.publish("x", "nobody.listens")  # type: ignore[func-returns-value]
    assert answer is None
    with pytest.raises(NoStreamResponseError):
        await broker.publish("x", "nobody.listens", stream="NONE")


async def test_09_a_message_id_is_recognised(js: JetStreamContext) -> None:
    """Us: a relay that sends again after a crash stores nothing twice within the window."""
    first = await js.publish(SUBJECT, b"x", headers={"Nats-Msg-Id": "source-1"})
    again = await js.publish(SUBJECT, b"x", headers={"Nats-Msg-Id": "source-1"})
    assert (first.duplicate or False, again.duplicate, again.seq) == (False, True, first.seq)


async def test_09_the_client_still_has_what_the_pipeline_writes_through(nats_url: str) -> None:
    """Us: ``Pipeline`` hands whole chunks to the client's buffer; ``publish`` does the same one by one."""
    client = await nats.connect(nats_url)
    received = await client.subscribe("raw")
    await client._send_command(b"PUB raw 1\r\nx\r\nPUB raw 1\r\ny\r\n")
    await client._flush_pending()
    assert [(await received.next_msg(1)).data, (await received.next_msg(1)).data] == [b"x", b"y"]
    await client.close()


async def test_11_a_deleted_consumer_is_never_missed(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: ``PromptPull`` pauses, mends the consumer, and a poll over HTTP brings what was missed."""
    heard = []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(batch=True, timeout=0.2))
    async def hears(bodies: list[str]) -> None:
        heard.append(bodies)

    await broker.start()
    await js.delete_consumer(STREAM, "d")
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await stays(lambda: not heard, 1.0)
    assert await broker.ping(timeout=1.0)
    with pytest.raises(NotFoundError):
        await js.consumer_info(STREAM, "d")


async def test_12_a_restart_of_the_server_is_survived(own_nats: Nats) -> None:
    """Us: the same, for ever."""
    broker = NatsBroker(own_nats.url, reconnect_time_wait=0.1)  # type: ignore[arg-type]
    heard = []

    @broker.subscriber("core")
    async def hears(body: str) -> None:
        heard.append(body)

    await broker.start()
    client = await broker.connect()
    await asyncio.to_thread(own_nats.stop)
    await until(lambda: not client.is_connected)
    await asyncio.to_thread(own_nats.start)
    await until(lambda: client.is_connected)
    await broker.publish("x", "core")
    await until(lambda: heard == ["x"])
    await broker.stop()


async def test_12_a_long_absence_of_the_server_is_not(own_nats: Nats) -> None:
    """After 60 attempts the connection is closed for good. Us: ``max_reconnect_attempts=-1``."""
    broker = NatsBroker(own_nats.url, reconnect_time_wait=0)
    client = await broker.connect()
    ours = make_broker(own_nats.url, "ours")
    assert client.options["max_reconnect_attempts"] == 60
    assert (await ours.connect()).options["max_reconnect_attempts"] == -1
    await ours.stop()
    await asyncio.to_thread(own_nats.stop)
    await until(lambda: client.is_closed)


async def test_16_two_durables_on_one_subject_are_both_heard(broker: NatsBroker, js: JetStreamContext) -> None:
    """Us: several services hear one source, each with a durable of its own."""
    heard = set()
    for name in ("one", "two"):

        async def hears(body: str, name: str = name) -> None:
            heard.add(name)

        broker.subscriber(SUBJECT, stream=existing(), durable=name, pull_sub=PullSub(), title=name)(hears)
    await broker.start()
    await js.publish(SUBJECT, b'"x"', headers=dict(JSON))
    await until(lambda: heard == {"one", "two"})


async def test_17_a_durable_named_only_in_the_configuration_is_not_bound(js: JetStreamContext) -> None:
    """Us: ``durable=`` is passed, and the consumer exists before anybody subscribes."""
    await js.add_consumer(STREAM, ConsumerConfig(durable_name="d", ack_policy=ServerAck.EXPLICIT, ack_wait=7))
    bound = await js.pull_subscribe(SUBJECT, durable="d", stream=STREAM)
    assert (await bound.consumer_info()).name == "d"
    with pytest.raises(BadRequestError):
        await js.pull_subscribe(SUBJECT, stream=STREAM, config=ConsumerConfig(durable_name="d"))


async def test_one_acknowledgement_settles_everything_before_it(js: JetStreamContext) -> None:
    """Us: the inbox acknowledges the last message of a batch (consumer policy "all"), also for pull consumers."""
    await Topology().ensure_stream(js, "source", owner=True)
    durable = Durable("source", "target")
    await Topology().ensure(js, durable)
    for number in range(5):
        await js.publish("source.evt.x", str(number).encode())
    pull = await js.pull_subscribe("source.evt.>", durable=durable.name, stream=durable.stream)
    messages = await pull.fetch(5, timeout=2)
    await messages[3].ack_sync()
    assert (await pull.consumer_info()).num_ack_pending == 1


async def _nothing(body: Any) -> None:
    """A handler that takes everything."""
