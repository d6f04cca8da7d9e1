"""Keeps the members of an all-in-one running: the servers first, then the services beside each other.

The one rule: nothing is restarted in silence. Each restart is announced with its reason and the delay before it, and
the delay grows until the member has stayed up for a while.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mingjing.servers.faults import ServerFault
from mingjing.service_process import ServiceProcess

_DELAY_SECONDS_FIRST = 0.5
_DELAY_SECONDS_MAX = 30.0
_STEADY_SECONDS = 60.0
"""A member that ran this long starts again with the first delay."""
_WATCH_SECONDS = 0.2


class Server(Protocol):
    """What an embedded server can do."""

    @property
    def pid(self) -> int | None:
        """The running process; None when it does not run."""
        ...

    def start(self, report: Callable[[str], None] = ...) -> None:
        """Start and return when it answers."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, slots=True)
class Restarting:
    """A member ended by itself and comes back."""

    name: str
    delay_seconds: float
    attempt: int
    fault: ServerFault | None
    """Why the last attempt failed; None when this is the first."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """A member is back."""

    name: str
    seconds: float


Announcement = Restarting | Restarted


@dataclass
class _Member:
    name: str
    server: Server
    attempts: int = 0
    started: float = 0.0
    due: float | None = None
    fault: ServerFault | None = None

    def delay(self) -> float:
        return float(min(_DELAY_SECONDS_FIRST * 2.0 ** (self.attempts - 1), _DELAY_SECONDS_MAX))


class Supervisor:
    """``start``, then ``watch`` in a thread of its own until ``stop``."""

    def __init__(
        self,
        servers: Sequence[tuple[str, Server]],
        services: Sequence[ServiceProcess],
        announce: Callable[[Announcement], None],
    ) -> None:
        """``servers`` in the order of their start; ``services`` need all of them and none of each other."""
        self._members = [_Member(name, server) for name, server in servers]
        self._services = services
        self._members += [_Member(service.name, service) for service in services]
        self._announce = announce
        self._stopping = threading.Event()
        self._at_rest = threading.Event()
        self._at_rest.set()
        self._stopped = threading.Event()

    def start(self, report: Callable[[str], None]) -> None:
        """Bring everything up; ``report`` gets the name of each member that is ready. Ends all when one cannot."""
        try:
            for member in self._members[: -len(self._services) or None]:
                member.server.start()
                report(member.name)
            for service in self._services:
                service.launch()
            for service in self._services:
                service.await_ready()
                report(service.name)
        except BaseException:
            self.stop()
            raise
        for member in self._members:
            member.started = time.monotonic()

    def watch(self) -> None:
        """Restart what ends by itself, from now until ``stop``, without keeping the caller."""
        self._at_rest.clear()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def stop(self, report: Callable[[str], None] = lambda _: None) -> None:
        """End services, then NATS, then PostgreSQL: the last to start is the first to go."""
        self._stopping.set()
        self._at_rest.wait()
        for member in reversed(self._members):
            if member.server.pid is not None:
                member.server.stop()
                report(member.name)
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopping.wait(_WATCH_SECONDS):
            for member in self._members:
                if not self._stopping.is_set():
                    self._look_after(member)
        self._at_rest.set()
        # Linux ends a child on a leash when the *thread* that started it ends: this one stays until all are gone.
        self._stopped.wait()

    def _look_after(self, member: _Member) -> None:
        now = time.monotonic()
        if member.due is not None:
            if now >= member.due:
                self._restart(member)
        elif member.server.pid is None:
            steady = now - member.started > _STEADY_SECONDS
            member.attempts = 0 if steady else member.attempts
            member.fault = None
            self._schedule(member)

    def _schedule(self, member: _Member) -> None:
        member.attempts += 1
        member.due = time.monotonic() + member.delay()
        self._announce(Restarting(member.name, member.delay(), member.attempts, member.fault))

    def _restart(self, member: _Member) -> None:
        began = time.monotonic()
        try:
            member.server.start()
        except ServerFault as fault:
            member.fault = fault
            self._schedule(member)
            return
        member.started = time.monotonic()
        member.due = None
        self._announce(Restarted(member.name, member.started - began))
