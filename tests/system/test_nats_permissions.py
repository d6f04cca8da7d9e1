"""A service's user of NATS speaks under its own name, hears what is meant for it, and changes nothing on the server."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from mingjing.auditing import service_of
from mingjing.servers import Nats
from mingjing.servers.nats_users import CALLER, OPERATOR, SERVICES
from mingjing_kernel.broker.broker import inbox_prefix, make_broker, make_operator
from mingjing_kernel.broker.pipeline import Pipeline
from mingjing_kernel.broker.publication import Publication
from mingjing_kernel.broker.pull import Pull
from mingjing_kernel.broker.topology import Durable, Topology, stream_name, subjects_of
from mingjing_kernel.service.talking import make_topology
from mingjing_kernel.settings import ServiceSettings

HEARD = Durable("registry", "funds")
DENIED = re.compile(r"permissions violation", re.IGNORECASE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nats]:
    """With the streams and consumers of all services, as ``migrate`` makes them."""
    with Nats(tmp_path_factory.mktemp("permissions") / "nats") as made:
        for name in SERVICES:
            asyncio.run(make_topology(service_of(name), ServiceSettings(nats_admin_url=made.url)))
        yield made


@asynccontextmanager
async def user(server: Nats, name: str, inbox: str = "") -> AsyncIterator[tuple[Client, list[str]]]:
    """A connection as one user, and what the server says to it."""
    said: list[str] = []

    async def hear(error: Exception) -> None:
        said.append(str(error))

    url = server.url if name == OPERATOR else server.service_url(name)
    prefix = inbox or inbox_prefix(f"mingjing-{name}")
    client = await nats.connect(url, error_cb=hear, inbox_prefix=prefix, allow_reconnect=False)
    try:
        yield client, said
    finally:
        await client.close()


async def denied(client: Client, said: list[str]) -> bool:
    """Whether the server refused what was sent before."""
    await client.flush()
    for _ in range(1000):
        if said:
            return all(DENIED.search(one) for one in said)
        await asyncio.sleep(0.01)
    return False


def message(position: int, service: str = "funds") -> Publication:
    return Publication(position, 0, f"{service}.evt.contract.paid.v1", "2026-03-01T00:00:00+00:00", b"{}")


async def test_a_service_publishes_its_own_facts_and_takes_what_was_made_for_it(server: Nats) -> None:
    brokers = {name: make_broker(server.service_url(name), f"mingjing-{name}") for name in ("funds", "registry")}
    clients: dict[str, Any] = {name: await broker.connect() for name, broker in brokers.items()}
    for name, client in clients.items():
        assert await Topology().ensure_stream(client.jetstream(), name, owner=True) == "unchanged"
        pipeline = Pipeline(client, name, 1 << 20)
        await pipeline.open()
        assert await pipeline.send([message(1, name)]) == 1
        await pipeline.close()
    js = clients["funds"].jetstream()
    assert await Topology().ensure(js, HEARD) == "unchanged"
    pull = Pull(await js.pull_subscribe(subjects_of("registry"), durable=HEARD.name, stream=HEARD.stream))
    (heard,) = await pull.fetch(10, 10)
    assert heard.subject == "registry.evt.contract.paid.v1"
    await heard.ack()
    await clients["funds"].flush()
    async with make_operator(server.url)() as operator:
        assert (await operator.consumer_info(HEARD.stream, HEARD.name)).ack_floor.stream_seq == 1
    for broker in brokers.values():
        await broker.stop()


SAID = [
    "registry.evt.institution.licensed.v1",
    "registry.checkpoint",
    "registry.cmd.license",
    "funds.cmd.pay",
    "funds.cmd.pay.caller",
    "_INBOX.mingjing-registry.1",
    "_INBOX.caller.1",
    "anything",
    *(f"$JS.API.STREAM.{act}.{stream}" for act in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT")
      for stream in ("FUNDS", "REGISTRY", "MINE")),
    "$JS.API.STREAM.LIST",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.MSG.GET.REGISTRY",
    "$JS.API.DIRECT.GET.REGISTRY",
    "$JS.API.CONSUMER.CREATE.REGISTRY.mine",
    f"$JS.API.CONSUMER.CREATE.REGISTRY.{HEARD.name}.registry.evt.>",
    f"$JS.API.CONSUMER.DURABLE.CREATE.REGISTRY.{HEARD.name}",
    f"$JS.API.CONSUMER.DELETE.REGISTRY.{HEARD.name}",
    "$JS.API.CONSUMER.MSG.NEXT.REGISTRY.inspection-react-to-registry",
    "$JS.API.CONSUMER.MSG.NEXT.FUNDS.inspection-react-to-funds",
    "$JS.ACK.REGISTRY.inspection-react-to-registry.1.1.1.1.1",
    "$JS.API.ACCOUNT.PURGE.mine",
    "$SYS.REQ.SERVER.PING",
]  # fmt: skip


@pytest.mark.parametrize("subject", [one.replace(">", "x") for one in SAID])
async def test_a_service_says_nothing_but_its_own(server: Nats, subject: str) -> None:
    async with user(server, "funds") as (client, said):
        await client.publish(subject, b"{}")
        assert await denied(client, said), said


@pytest.mark.parametrize(
    "subject",
    [">", "registry.evt.>", "funds.evt.>", "registry.cmd.>", "*.cmd.>", "_INBOX.>", "_INBOX.mingjing-registry.>",
     "_INBOX.caller.>", "$JS.>", "$SYS.>"],
)  # fmt: skip
async def test_a_service_hears_nothing_but_what_is_meant_for_it(server: Nats, subject: str) -> None:
    async with user(server, "funds") as (client, said):
        await client.subscribe(subject)
        assert await denied(client, said), said


async def test_a_caller_from_outside_sends_commands_and_is_answered_once(server: Nats) -> None:
    async with user(server, "funds") as (port, complaints), user(server, CALLER, "_INBOX.caller") as (bank, said):
        answered = asyncio.Event()

        async def answer(request: Any) -> None:
            await request.respond(b"done")
            await request.respond(b"again")
            answered.set()

        await port.subscribe("funds.cmd.>", queue="funds-bulk-port", cb=answer)
        await port.flush()
        assert (await bank.request("funds.cmd.pay.caller", b"{}", timeout=5)).data == b"done"
        await answered.wait()  # the first answer may be there before the second is sent
        assert await denied(port, complaints)
        assert said == []
        with pytest.raises((NoRespondersError, NatsTimeout)):
            await bank.request("registry.cmd.license.caller", b"{}", timeout=0.5)
        assert said == []
        await bank.publish("funds.evt.contract.paid.v1", b"{}")
        assert await denied(bank, said)


@pytest.mark.parametrize("subject", ["funds.cmd.pay", "funds.cmd.pay.other", "funds.cmd.pay.caller.other", "funds.cmd"])
async def test_a_caller_from_outside_names_no_system_but_its_own(server: Nats, subject: str) -> None:
    async with user(server, CALLER, "_INBOX.caller") as (bank, said):
        await bank.publish(subject, b"{}")
        assert await denied(bank, said), said


async def greeted(server: Nats, login: dict[str, str]) -> bytes:
    """What the server says to a login; by hand, since nats-py leaves the sockets of refused ones to the collector."""
    port = int(server.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    writer.write(b"CONNECT " + json.dumps({"verbose": False, **login}).encode() + b"\r\nPING\r\n")
    said = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return said


async def test_nobody_comes_in_without_a_password_or_with_anothers(server: Nats) -> None:
    password = server.service_url("registry").partition(":")[2].partition(":")[2].partition("@")[0]
    assert await greeted(server, {"user": "registry", "pass": password}) == b"PONG\r\n"
    for user_, said in (("funds", "guessed"), ("funds", password), ("mingjing", ""), ("", "")):
        assert b"Authorization Violation" in await greeted(server, {"user": user_, "pass": said})
    assert b"Authorization Violation" in await greeted(server, {})
    secrets = [path for path in server.directory.iterdir() if "password" in path.name] + [
        server.directory / "nats.conf"
    ]
    assert len(secrets) == len(SERVICES) + 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


async def test_what_is_missing_is_made_by_the_operator_while_services_run(tmp_path: Path) -> None:
    with Nats(tmp_path / "nats") as fresh:
        async with user(fresh, "funds") as (client, said):
            topology = Topology(operator=make_operator(fresh.url))
            assert await topology.ensure(client.jetstream(), HEARD) == "created"
            assert await topology.ensure(client.jetstream(), HEARD) == "unchanged"
            assert said == []


def test_every_service_and_every_consumer_has_its_place_among_the_users() -> None:
    for name in SERVICES:
        service = service_of(name)
        assert stream_name(name) == name.upper()
        for source in service.sources:
            assert source in SERVICES
            assert Durable(source, name).name == f"{name}-react-to-{source}"
