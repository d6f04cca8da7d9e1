"""The talking part of a host: one relay for what the service tells, one consumer for each service that it hears,
and the bulk port."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from nats.errors import Error as NatsError

from mingjing_kernel.broker.broker import make_operator
from mingjing_kernel.broker.bulk_port import BulkPort
from mingjing_kernel.broker.catchup import HttpSource
from mingjing_kernel.broker.consumer import Consumer
from mingjing_kernel.broker.inbox import Inbox
from mingjing_kernel.broker.parking import Parking
from mingjing_kernel.broker.reacting import Reactions
from mingjing_kernel.broker.relay import Relay
from mingjing_kernel.broker.topology import Durable, Topology
from mingjing_kernel.identity.credentials import ServiceCredentials
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.definition import Service
from mingjing_kernel.service.serving import outgoing_tls
from mingjing_kernel.settings import ServiceSettings

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host

RETRY_SECONDS = 1.0
_log = structlog.get_logger("mingjing.talking")


def topology_for(settings: ServiceSettings) -> Topology:
    """Streams and consumers are made by the operator's user where the settings name one."""
    url = settings.nats_admin_url
    return Topology(operator=make_operator(url, outgoing_tls(settings)) if url else None)


async def make_topology(service: Service, settings: ServiceSettings) -> None:
    """The step of a deployment: the service's stream, and its consumers on the streams that it hears.

    Raises ``BrokerUnreachable``, ``TopologyDrift``.
    """
    topology, operator = Topology(), make_operator(settings.nats_admin_url, outgoing_tls(settings))
    try:
        async with operator() as js:
            if service.outbound:
                await topology.ensure_stream(js, service.name, owner=True)
            for source in service.sources:
                await topology.ensure(js, Durable(source, service.name))
    except (NatsError, OSError) as away:
        raise BrokerUnreachable(service=service.name, reason=f"{type(away).__name__}: {away}") from away


class BrokerUnreachable(Refusal):
    """NATS does not answer or refuses the operator's user."""

    sentence = "NATS cannot be reached for {service}: {reason}"
    remedy = "Check MINGJING_NATS_ADMIN_URL, that the server runs, and that this user may make streams."
    status = 503


class Talking:
    """Relay and consumers of one host, in the order in which they start."""

    def __init__(self, host: Host) -> None:
        service, settings = host.service, host.settings
        self._host = host
        self.credentials = ServiceCredentials(host.client, settings, host.now)
        self.topology = topology_for(settings)
        self.relay = Relay(host.outbox, host.link, host.seats, self.topology)
        self.reactions = {source: Reactions(source, service.inbound, host) for source in service.sources}
        self.port = BulkPort(host.log, service.name, service.commands, host.port_gate, host.admission, host)
        self.parking = Parking(host.log, self.reactions)
        self.consumers = {
            source: Consumer(self._inbox(source), Durable(source, service.name), host.link, host.seats, self.topology)
            for source in service.sources
        }

    def _inbox(self, source: str) -> Inbox:
        host = self._host
        upstream = HttpSource(host.client, source, host.settings.peer_url(source), self.credentials.headers)
        return Inbox(host.log, source, self.reactions[source], upstream)

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """What runs for as long as the host does."""
        parts, found = self._host.parts, list[Coroutine[Any, Any, None]]()
        if "relay" in parts and self._host.service.outbound:
            found.append(self.relay.run())
        if "inboxes" in parts:
            found += [consumer.run() for consumer in self.consumers.values()]
        if "bulk-port" in parts and self._host.service.commands:
            found.append(self._serve_port())
        return found

    async def _serve_port(self) -> None:
        """Answer bulk commands as soon as NATS is there; until then callers get no answer and send again."""
        while True:
            try:
                await self.port.start(await self._host.link.client())
                return
            except (NatsError, OSError) as trouble:
                _log.warning("bulk_port.waiting_for_nats", reason=str(trouble))
                await asyncio.sleep(RETRY_SECONDS)

    async def stop(self) -> None:
        """Finish what is in hand, then close the connection to NATS."""
        await self.port.stop()
        await self._host.link.close()

    def readiness(self) -> Mapping[str, Any]:
        """How far telling and hearing got."""
        relay = self.relay.status
        return {
            "relay": {"position": relay.position, "published": relay.published, "reason": relay.reason},
            "inboxes": {source: consumer.readiness() for source, consumer in self.consumers.items()},
            **({"bulk_port": self.port.readiness()} if self._host.service.commands else {}),
        }
