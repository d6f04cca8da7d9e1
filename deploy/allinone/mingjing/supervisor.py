"""Keeps the members of an all-in-one running: the servers first, then the services beside each other.

The one rule: nothing is restarted in silence. Each restart is announced with its reason and the delay before it, and
the delay grows until the member has stayed up for a while.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mingjing.announcements import (
    AddressChanged,
    Announcement,
    Restarted,
    Restarting,
    RoomBack,
    RoomShort,
    Silent,
)
from mingjing.servers.faults import RestartFailed, ServerFault
from mingjing.service_process import ServiceProcess

_DELAY_SECONDS_FIRST = 0.5
_DELAY_SECONDS_MAX = 30.0
_STEADY_SECONDS = 60.0
"""A member that ran this long starts again with the first delay."""
_WATCH_SECONDS = 0.2
LISTEN_SECONDS = 10.0
"""Between two questions whether a member answers."""
SILENT_SECONDS_MAX = 60.0
"""A busy machine makes a service slow; one that says nothing for so long will not speak again."""
ROOM_SECONDS = 5.0


class Server(Protocol):
    """What an embedded server can do."""

    recovers_from_full_disk: bool
    """Whether it goes on by itself once there is room again."""

    @property
    def url(self) -> str:
        """Where it is reached."""
        ...

    @property
    def pid(self) -> int | None:
        """The running process; None when it does not run."""
        ...

    @property
    def ended(self) -> str:
        """How the last process ended by itself; empty when it did not."""
        ...

    def responds(self) -> bool:
        """Whether it says anything at all."""
        ...

    def start(self, report: Callable[[str], None] = ...) -> None:
        """Start and return when it answers."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


@dataclass
class _Member:
    name: str
    server: Server
    attempts: int = 0
    started: float = 0.0
    heard: float = 0.0
    listen_at: float = 0.0
    due: float | None = None
    fault: ServerFault | None = None

    def delay(self) -> float:
        return float(min(_DELAY_SECONDS_FIRST * 2.0 ** (self.attempts - 1), _DELAY_SECONDS_MAX))

    def is_up(self) -> None:
        """It was heard just now."""
        self.started = self.heard = time.monotonic()
        self.listen_at = self.started + LISTEN_SECONDS
        self.due, self.fault = None, None


class Supervisor:
    """``start``, then ``watch`` in a thread of its own until ``stop``."""

    def __init__(
        self,
        servers: Sequence[tuple[str, Server]],
        services: Sequence[ServiceProcess],
        announce: Callable[[Announcement], None],
        room: Callable[[], ServerFault | None] = lambda: None,
    ) -> None:
        """``servers`` in the order of their start; ``services`` need all of them and none of each other. ``room``
        says why the disk is too full to go on.
        """
        self._servers = [_Member(name, server) for name, server in servers]
        self._services = services
        self._dependents = [_Member(service.name, service) for service in services]
        self._members = [*self._servers, *self._dependents]
        self._tell = announce
        self._room = room
        self._room_at = 0.0
        self._is_short = False
        self._stopping = threading.Event()
        self._at_rest = threading.Event()
        self._at_rest.set()
        self._stopped = threading.Event()

    def start(self, report: Callable[[str], None]) -> None:
        """Bring everything up; ``report`` gets the name of each member that is ready. Ends all when one cannot."""
        try:
            for member in self._servers:
                member.server.start()
                report(member.name)
            for service in self._services:
                service.launch()
            for service in self._services:
                service.await_ready()
                report(service.name)
            for service in self._services:
                service.check()
        except BaseException:
            self.stop()
            raise
        for member in self._members:
            member.is_up()

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
            self._look_after_room()
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
            self._schedule(member, ended=member.server.ended)
        elif now >= member.listen_at:
            self._listen_to(member)

    def _listen_to(self, member: _Member) -> None:
        """A process that runs and says nothing (stopped, deadlocked) is as good as gone."""
        if member.server.responds():
            member.heard = time.monotonic()
        elif time.monotonic() - member.heard > SILENT_SECONDS_MAX:
            self._announce(Silent(member.name, SILENT_SECONDS_MAX))
            member.due = time.monotonic()
            return
        member.listen_at = time.monotonic() + LISTEN_SECONDS

    def _schedule(self, member: _Member, ended: str = "") -> None:
        member.attempts += 1
        member.due = time.monotonic() + member.delay()
        self._announce(Restarting(member.name, member.delay(), member.attempts, member.fault, ended))

    def _restart(self, member: _Member) -> None:
        began, address = time.monotonic(), member.server.url
        try:
            member.server.start()
        except Exception as failure:  # whatever it is, the watch goes on
            fault = RestartFailed(member=member.name, reason=repr(failure))
            member.fault = failure if isinstance(failure, ServerFault) else fault
            self._schedule(member)
            return
        member.is_up()
        self._announce(Restarted(member.name, member.started - began))
        if member.server.url != address:
            # The services were told the old address when they started.
            self._announce(AddressChanged(member.name))
            for dependent in self._dependents:
                dependent.due = time.monotonic()

    def _announce(self, announcement: Announcement) -> None:
        with contextlib.suppress(OSError, ValueError):  # whoever listened is gone; the members still need a keeper
            self._tell(announcement)

    def _look_after_room(self) -> None:
        if time.monotonic() < self._room_at:
            return
        self._room_at = time.monotonic() + ROOM_SECONDS
        fault = self._room()
        if fault is not None and not self._is_short:
            self._announce(RoomShort(fault))
        elif fault is None and self._is_short:
            stuck = [member for member in self._members if not member.server.recovers_from_full_disk]
            self._announce(RoomBack(tuple(member.name for member in stuck)))
            for member in stuck:
                member.due = time.monotonic()
        self._is_short = fault is not None
