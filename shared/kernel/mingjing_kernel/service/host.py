"""A service at work: log, projections, relay, inboxes, checkpoints and HTTP, started and stopped in order.

The same host runs as one process or as many: ``parts`` says which of them this process carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from faststream.nats import NatsBroker
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mingjing_kernel.access.admission import Admission
from mingjing_kernel.access.directory import Directory
from mingjing_kernel.access.kept_locks import KeptLocks
from mingjing_kernel.audit.proof import prove
from mingjing_kernel.audit.receipts import Receipts
from mingjing_kernel.broker.broker import Link, make_broker
from mingjing_kernel.broker.publication import Outbox
from mingjing_kernel.broker.seat import Seats
from mingjing_kernel.clock import Clock, system_clock
from mingjing_kernel.evidence.desk import EvidenceDesk
from mingjing_kernel.evidence.keeper import Keeper
from mingjing_kernel.evidence.media import PART_BYTES_MAX
from mingjing_kernel.evidence.upload_api import UPLOADS
from mingjing_kernel.http import make_app, make_dependencies
from mingjing_kernel.http.app import take_in
from mingjing_kernel.http.gate import make_gate, make_port_gate
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import KeySource, PublishedKeys
from mingjing_kernel.identity.keys import fetch_with
from mingjing_kernel.identity.token import make_checker
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import make_engine
from mingjing_kernel.log.sealer import Sealer
from mingjing_kernel.projection import Follower, ListsBehind, NotThereYet, Reached, Runner
from mingjing_kernel.projection.reached import WAIT_SECONDS_MAX
from mingjing_kernel.projection.runner import live_store
from mingjing_kernel.reads import Recorder
from mingjing_kernel.reads.watching import Watch
from mingjing_kernel.service.deadline_keeping import make_deadline_keeper
from mingjing_kernel.service.definition import Service
from mingjing_kernel.service.duty import Duty, make_keeper
from mingjing_kernel.service.evidence_sweeping import make_evidence_sweeper
from mingjing_kernel.service.own_reads import OWN_READS
from mingjing_kernel.service.own_routers import own_routers
from mingjing_kernel.service.serving import make_client, outgoing_tls
from mingjing_kernel.service.sweeping import make_sweeper
from mingjing_kernel.service.talking import Talking
from mingjing_kernel.service.witnessing import Witnessing
from mingjing_kernel.settings import ServiceSettings

PART_STOP_SECONDS_MAX = 5.0
PARTS = frozenset({"http", "projections", "relay", "inboxes", "checkpoints", "bulk-port", "evidence"})
WRITING = frozenset({"http", "inboxes", "checkpoints", "bulk-port", "evidence"})
"""Parts that add to the log."""
OTHER_RELEASE = "列表由另一版本建立，在本进程中停滞 the lists were made by another release and stand still here"
_log = structlog.get_logger("mingjing.host")


class Host:
    """One service in this process. It is the ``Kit`` that the routers get."""

    def __init__(
        self,
        service: Service,
        settings: ServiceSettings,
        *,
        parts: Collection[str] = PARTS,
        now: Clock = system_clock,
        keys: KeySource | None = None,
        when_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.service = service
        self._when_ready = when_ready
        self.settings: Any = settings
        self.now = now
        self.parts = frozenset(parts)
        self.log = Log(settings.postgres_url, service.name, service.streams, now)
        self.runner = self._runner()
        self.engine: AsyncEngine = make_engine(settings.postgres_url, service.name)
        self.client: httpx.AsyncClient = make_client(settings)
        self.seats = Seats(self.log)
        self.link = Link(_broker(service, settings), _name_on_nats(service))
        self.outbox = Outbox(self.log, service.name, service.outbound)
        self._let_in(keys)
        self.reads = Recorder(self.log, now, settings.county_code)
        self.talking = Talking(self)
        self.witnessing = Witnessing(self)
        self.receipts = _receipts(self)
        self.sealer = Sealer(self.log, self._sealing_seat)
        self.evidence = EvidenceDesk(self, service.name, service.evidence) if service.evidence else None
        self.evidence_sweeper = make_evidence_sweeper(self)
        self.keeper = _keeper(self)
        self.sweeper = make_sweeper(self, service)
        self.deadlines = make_deadline_keeper(self, service)
        self.duties: dict[str, Duty] = {name: make(self) for name, make in service.duties.items()}
        kept = {**self.duties, **({"retention": self.sweeper} if self.sweeper else {})}
        self._duty_keepers = {name: make_keeper(self, name, duty) for name, duty in kept.items()}
        self._ready = False
        self.failed = asyncio.Event()
        self.fault: BaseException | None = None

    def _runner(self) -> Reached:
        """Folds the lists, or hears how far they are where another process folds them."""
        kind = Runner if "projections" in self.parts else Follower
        return kind(self.log, live_store(self.log, self.service.read_models))

    def _let_in(self, keys: KeySource | None) -> None:
        """Whoever comes is looked at here: token, grants in force, how often, and what a router may depend on."""
        settings, now = self.settings, self.now
        published = PublishedKeys(settings.issuer_url, now=now, fetch=fetch_with(outgoing_tls(settings)))
        self.directory = Directory(self.log)
        checker = make_checker(settings, keys or published, now)
        self.admission = Admission(self.directory, now, settings.token_grants)
        self.gate = make_gate(settings, checker, now)
        self.port_gate = make_port_gate(settings, checker, self.gate.lockout)
        self.locks = KeptLocks(self.log, self.gate.lockout, now)
        given = make_dependencies(checker, now, settings.trusted_proxies, self.gate, self.admission)
        self.visitor, self.caller = given.visitor, given.caller
        self.scope, self.visitor_scope = given.scope, given.visitor_scope
        self.written, self.written_by_visitor = given.written, given.written_by_visitor
        self.as_of, self.throttled = given.as_of, given.throttled

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries over the service's read models."""
        return self.engine.connect()

    async def proof_of(self, position: int) -> dict[str, Any] | None:
        """The proof document of one entry; ``None`` where this log signs nothing (no key: a laptop, a test)."""
        checkpointer = self.witnessing.checkpointer
        if checkpointer is None:
            return None
        return await prove(self.log, position, checkpointer, await self.witnessing.notes())

    async def caught_up(self, position: int, field: str = POSITION_HEADER) -> None:
        """Wait until the read models show ``position``, unless nobody ever wrote it (``PositionNotYetWritten``)."""
        if position > self.runner.position:
            await self.log.require_written(position, field)
            await self.runner.wait_for(position)

    async def up_to_date(self, seconds: float = WAIT_SECONDS_MAX) -> None:
        """Wait until the read models show all that is written by now. Raises ``ListsBehind`` after ``seconds``."""
        try:
            await self.runner.wait_for(await self.log.head(), seconds)
        except NotThereYet:
            raise ListsBehind from None

    def app(self) -> FastAPI:
        """The ASGI application; its lifespan runs the host."""

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            try:
                async with self.running():
                    yield
            except Exception as fault:
                self.fault = self.fault or fault
                raise

        service = self.service
        routers: list[Router] = [make(self) for make in service.routers]
        app = make_app(
            title=service.title,
            version=service.version,
            package=service.package,
            description=service.description,
            routers=[*routers, *own_routers(self)],
            prefix=service.prefix,
            tags=list(service.tags),
            uploads={
                **{service.prefix + path: size for path, size in self._uploads().items()},
                **service.page_uploads,
            },
            wait=self.caught_up if service.read_models else None,
            gate=self.gate,
            lifespan=lifespan,
            layer=self._watch,
            innermost=partial(service.before_pages, self) if service.before_pages else None,
        )
        for make in service.pages:
            take_in(app, make(self), include_in_schema=False)
        return app

    def _uploads(self) -> dict[str, int]:
        """The addresses that take more than a JSON document."""
        return {**self.service.uploads, **({UPLOADS: PART_BYTES_MAX} if self.evidence else {})}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start what this process carries; stop it in the opposite order."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.engine.dispose)
            stack.push_async_callback(self.client.aclose)
            stack.push_async_callback(self.seats.close)
            await self.log.start(writing=bool(self.parts & WRITING))
            stack.push_async_callback(self.log.stop)
            if "http" in self.parts:
                await self.reads.start()
                stack.push_async_callback(self.reads.stop)
            if self.parts & {"http", "bulk-port"}:
                await self.directory.start()
                stack.push_async_callback(self.directory.stop)
                await self.locks.start()
                stack.push_async_callback(self.locks.stop)
            if self.service.read_models:
                await self.runner.start()
                stack.push_async_callback(self.runner.stop)
            await self.witnessing.start(stack)
            sealing = [self.sealer.run()] if "checkpoints" in self.parts else []
            keeping = [self.keeper.run()] if self.keeper and "evidence" in self.parts else []
            due = [self.deadlines.run()] if self.deadlines and "checkpoints" in self.parts else []
            doing = [keeper.run() for keeper in self._duty_keepers.values()] if "checkpoints" in self.parts else []
            if self.evidence:
                stack.push_async_callback(self.evidence.workshop.stop)
            alone = (*sealing, *keeping, *due, *doing)
            for part in (*self.talking.tasks(), *self.witnessing.tasks(), *alone):
                task = asyncio.create_task(part)
                task.add_done_callback(self.notice)
                stack.push_async_callback(_ended, task)
            stack.push_async_callback(self.talking.stop)
            self._when_ready()
            self._ready = True
            _log.info("host.ready", service=self.service.name, parts=sorted(self.parts))
            yield
            self._ready = False

    def notice(self, task: asyncio.Task[Any]) -> None:
        """A part that overcomes every trouble by itself has given up: this process must not look healthy."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            _log.critical("host.part_failed", service=self.service.name, reason=str(fault))
            self.fault, self._ready = fault, False
            self.failed.set()

    def readiness(self) -> dict[str, Any]:
        """Whether it can work, and how far each part got."""
        return {
            "ready": self._ready,
            **({"fault": str(self.fault)} if self.fault else {}),
            "service": self.service.name,
            "access": self.directory.readiness(),
            "projections": {"position": self.runner.position, "because": self.runner.stuck or self.runner.because},
            **self.talking.readiness(),
            **self.witnessing.readiness(),
            "gate": {
                "throttled": self.gate.throttled,
                "lockouts": self.gate.lockout.locks,
                "locked": len(self.gate.lockout.locked()),
                "kept": self.locks.because or "yes",
            },
            "reads": self.reads.readiness(),
            "segments": {"position": self.sealer.last.position, "because": self.sealer.last.because},
            **({"evidence": asdict(self.keeper.last)} if self.keeper else {}),
            **({"evidence_retention": self.evidence_sweeper.readiness()} if self.evidence_sweeper else {}),
            **({"deadlines": self.deadlines.readiness()} if self.deadlines else {}),
            "duties": {name: keeper.readiness() for name, keeper in self._duty_keepers.items()},
        }

    async def lists_fault(self) -> str:
        """Why the lists stand still in this process, whoever folds them; empty when they are its own release's and an
        event stops none of them.

        Then it is not ready: nobody should be sent here for a list. What comes all the same is served: a write is safe
        in the log whatever the lists are, and whoever waits for a list is told that it is behind.
        """
        if not self.service.read_models or await self.runner.store.fits(self.log.pool):
            return self.runner.stuck
        return OTHER_RELEASE

    def _watch(self, app: Any) -> Watch:
        """Around the routes: who reads what is restricted is on record first."""
        declared = {**OWN_READS, **self.service.reads}
        return Watch(app, self.service.prefix, declared, self.reads.note)

    async def _sealing_seat(self) -> str:
        return "" if await self.seats.take("sealer") else self.seats.why_not()

    def key_file(self, name: str, chosen: Path | None = None) -> Path:
        """Where one of the service's keys lies."""
        path: Path = self.settings.key_file(name, chosen)
        return path


def _broker(service: Service, settings: ServiceSettings) -> NatsBroker:
    name = _name_on_nats(service)
    return make_broker(settings.nats_url, name, description=service.title, tls=outgoing_tls(settings))


def _name_on_nats(service: Service) -> str:
    return f"mingjing-{service.name}"


def _keeper(host: Host) -> Keeper | None:
    if host.evidence is None or host.evidence_sweeper is None:
        return None

    async def seat() -> str:
        return "" if await host.seats.take("evidence-keeper") else host.seats.why_not()

    return Keeper(host.evidence, seat, host.evidence_sweeper.step)


def _receipts(host: Host) -> Receipts:
    address = host.settings.peer_url(host.service.name) + host.service.prefix
    return Receipts(
        host.log, lambda: host.witnessing.checkpointer, host.now, address, host.settings.receipt_seconds_max
    )


async def _ended(task: asyncio.Task[Any]) -> None:
    task.cancel()
    ended, _ = await asyncio.wait({task}, timeout=PART_STOP_SECONDS_MAX)
    if not ended:  # the others still want to end in order
        _log.error("host.part_hangs", part=str(task.get_coro()), seconds=PART_STOP_SECONDS_MAX)
