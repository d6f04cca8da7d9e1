"""The one module that makes streams and consumers, with every limit spelled out.

The one rule: what runs is what is written here. ``ensure`` creates what is missing, updates what may be updated,
recreates a consumer (it holds nothing: the cursor is ours), and stops the start-up over a stream that differs in a
way that only deleting it could mend. It starts from nothing as well as from what was there, so JetStream's directory
may be deleted at any time.

Whoever may change a stream may let it republish as somebody else, so on a server with users (``deploy/nats``) services
may only look: what is missing is made by the operator's user, here or by ``migrate``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import structlog
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    ReplayPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError

from mingjing_kernel.refusal import Refusal

if TYPE_CHECKING:
    from nats.js import JetStreamContext

_log = structlog.get_logger("mingjing.topology")
Operator: TypeAlias = "Callable[[], AbstractAsyncContextManager[JetStreamContext]]"

MUTABLE = (
    "subjects", "max_age", "max_bytes", "max_msg_size", "max_msgs", "max_msgs_per_subject", "duplicate_window",
    "discard", "num_replicas", "description",
)  # fmt: skip
IMMUTABLE = ("retention", "storage", "max_consumers")
CONSUMER_FIELDS = (
    "durable_name", "deliver_policy", "ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "filter_subject",
    "replay_policy", "max_waiting", "description",
)  # fmt: skip


class NotOursToMake(NatsError):
    """Something is missing on the server, or differs, and this user may not change that."""

    def __str__(self) -> str:
        """For whoever reads the readiness."""
        return "a stream or consumer is missing or differs, and only the operator's user may mend it: run migrate"


class TopologyDrift(Refusal):
    """A stream on the server differs from what this release needs, and no update can mend it."""

    sentence = "The NATS stream {stream} has {field} = {actual}; this release needs {wanted}, and it cannot be changed."
    remedy = (
        "Stop the services, delete the stream on the NATS server (nothing is lost: it is published again from the "
        "log or fetched over HTTP), and start again."
    )
    status = 503


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What a stream may hold. It is a relay: consumers that were away for longer fetch from the log over HTTP."""

    age_seconds_max: float = 7 * 86_400
    bytes_max: int = 1 << 30
    message_bytes_max: int = 1 << 20
    duplicate_window_seconds: float = 600
    """A relay that died before it moved its cursor sends the same ids again well within this."""
    replicas: int = 1


@dataclass(frozen=True, slots=True)
class Durable:
    """A durable pull consumer: ``<consumer>-<what it does>`` on the stream of ``source``."""

    source: str
    consumer: str
    does: str = "react"
    ack_wait_seconds: float = 30
    """Longer than a batch takes; a batch that fails is given back with its own delay long before."""
    ack_pending_max: int = 1024
    """Four batches: the inbox tolerates disorder, so there is no need to go one by one."""
    waiting_max: int = 16

    stream: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stream", stream_name(self.source))

    @property
    def name(self) -> str:
        """``funds-react-to-registry``."""
        return f"{self.consumer}-{self.does}-to-{self.source}"

    @property
    def title(self) -> str:
        """Unique in AsyncAPI: ``funds.react-to-registry``."""
        return f"{self.consumer}.{self.does}-to-{self.source}"

    def config(self) -> ConsumerConfig:
        """What the server must have."""
        return ConsumerConfig(
            durable_name=self.name,
            description=f"{self.consumer} hears {self.source}; recreated at will, the cursor is in PostgreSQL",
            deliver_policy=DeliverPolicy.ALL,
            # Everything up to the cursor is done, so one acknowledgement settles a whole batch.
            ack_policy=AckPolicy.ALL,
            ack_wait=self.ack_wait_seconds,
            max_deliver=-1,  # parking is our decision, not the server's
            max_ack_pending=self.ack_pending_max,
            # No narrower: a filtered consumer could not tell a gap from a message that it did not ask for.
            filter_subject=subjects_of(self.source),
            replay_policy=ReplayPolicy.INSTANT,
            max_waiting=self.waiting_max,
        )


def stream_name(service: str) -> str:
    """The stream of a service is its name in capitals."""
    return service.upper().replace("-", "_")


def subjects_of(service: str) -> str:
    """Everything that a service tells: ``funds.evt.>``."""
    return f"{service}.evt.>"


def stream_config(service: str, limits: StreamLimits) -> StreamConfig:
    """What the server must have for a service's stream."""
    return StreamConfig(
        name=stream_name(service),
        description=f"What {service} tells the other services; a relay, never the record",
        subjects=[subjects_of(service)],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=limits.age_seconds_max,
        max_bytes=limits.bytes_max,
        max_msg_size=limits.message_bytes_max,
        max_msgs=-1,
        max_msgs_per_subject=-1,
        max_consumers=-1,
        num_replicas=limits.replicas,
        duplicate_window=limits.duplicate_window_seconds,
    )


@dataclass(frozen=True, slots=True)
class Topology:
    """Makes the server's streams and consumers what they should be. Cheap to call again."""

    limits: StreamLimits = StreamLimits()
    operator: Operator | None = None
    """Connects as the user that may make and change them; ``None`` where the service's own user may."""

    MENDED: ClassVar[str] = "mended"

    async def ensure_stream(self, js: JetStreamContext, service: str, *, owner: bool) -> str:
        """Create the stream; the owner also updates it. Returns what was done. Raises ``TopologyDrift``."""
        wanted = stream_config(service, self.limits)
        try:
            actual = (await js.stream_info(wanted.name or "")).config
        except NotFoundError:
            async with self._making(js) as making:
                await making.add_stream(wanted)
            return self._did("created", "stream", wanted.name)
        for name in IMMUTABLE:
            if _plain(getattr(actual, name)) != _plain(getattr(wanted, name)):
                raise TopologyDrift(
                    stream=wanted.name, field=name, actual=_plain(getattr(actual, name)),
                    wanted=_plain(getattr(wanted, name)),
                )  # fmt: skip
        drifted = _differences(actual, wanted, MUTABLE)
        if not drifted or not owner:
            return "unchanged"
        try:
            async with self._making(js) as making:
                await making.update_stream(actual.evolve(**{name: getattr(wanted, name) for name in drifted}))
        except APIError as refused:
            raise TopologyDrift(
                stream=wanted.name, field=", ".join(drifted), actual=refused.description, wanted="an update"
            ) from refused
        return self._did(self.MENDED, "stream", wanted.name, drifted)

    async def ensure_consumer(self, js: JetStreamContext, durable: Durable) -> str:
        """Create the consumer, or replace one that differs. Returns what was done."""
        wanted = durable.config()
        try:
            actual = (await js.consumer_info(durable.stream, durable.name)).config
        except NotFoundError:
            async with self._making(js) as making:
                await making.add_consumer(durable.stream, wanted)
            return self._did("created", "consumer", durable.name)
        drifted = _differences(actual, wanted, CONSUMER_FIELDS)
        if not drifted:
            return "unchanged"
        async with self._making(js) as making:
            try:
                await making.add_consumer(durable.stream, wanted)
            except APIError:  # the server changes some fields only at birth
                await making.delete_consumer(durable.stream, durable.name)
                await making.add_consumer(durable.stream, wanted)
        return self._did(self.MENDED, "consumer", durable.name, drifted)

    async def ensure(self, js: JetStreamContext, durable: Durable) -> str:
        """Whatever a consumer needs: its source's stream (made, never changed: it is not ours) and itself."""
        await self.ensure_stream(js, durable.source, owner=False)
        return await self.ensure_consumer(js, durable)

    @asynccontextmanager
    async def _making(self, js: JetStreamContext) -> AsyncIterator[JetStreamContext]:
        """The connection that may change the server, for as long as that takes."""
        if self.operator is None:
            try:
                yield js
            except NatsTimeout as silent:  # a server with users answers nothing to who may not ask
                raise NotOursToMake from silent
            return
        async with self.operator() as making:
            yield making

    def _did(self, what: str, kind: str, name: str | None, fields: tuple[str, ...] = ()) -> str:
        _log.info(f"topology.{what}", kind=kind, name=name, fields=list(fields))
        return what


def _differences(actual: Any, wanted: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if _plain(getattr(actual, name)) != _plain(getattr(wanted, name)))


def _plain(value: Any) -> Any:
    """nats-py hands back strings where it takes enums, and 0 or None where the server leaves a default out."""
    value = getattr(value, "value", value)
    if isinstance(value, list):
        return sorted(value)
    return None if value == "" else value
