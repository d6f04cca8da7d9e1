"""One data directory and everything that an all-in-one keeps in it.

The one rule: one process at a time. Whoever works on the directory holds its lock, and the operating system lets the
lock go when that process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from mingjing.servers import places
from mingjing.servers.faults import AlreadyRunning

ISSUER = "issuer"
PORTS: Mapping[str, int] = {"console": 8100, "registry": 8101, "inspection": 8102, "funds": 8103, ISSUER: 8109}
"""The services in the order in which people meet them, and the ports that they like; a taken one is replaced."""
_ROOT_DATA = Path("/var/lib/mingjing")


def default_data() -> Path:
    """The user's data directory; for root the system's, where PostgreSQL's own user can reach its files."""
    return _ROOT_DATA if os.geteuid() == 0 else Path(platformdirs.user_data_path("mingjing", appauthor=False))


class Installation:
    """The layout below ``data``: ``postgres/``, ``nats/``, ``keys/``, ``evidence/``, ``log/`` and ``run/``."""

    def __init__(self, data: Path) -> None:
        self.data = data.expanduser().resolve()
        self.postgres = self.data / "postgres"
        self.nats = self.data / "nats"
        self.keys = self.data / "keys"
        self.log = self.data / "log"
        self.run = self.data / "run"

    def prepare(self) -> None:
        """Make the directories, or refuse with a sentence."""
        for directory in (self.data, self.keys, self.log, self.run):
            places.prepare(directory, None)

    def port(self, service: str) -> int:
        """The port of a service: last time's, else its usual one, else any that is free."""
        remembered = self.run / f"{service}.port"
        port = places.port_for(remembered, usual=PORTS.get(service, 0))
        remembered.write_text(f"{port}\n", encoding="ascii")
        return port

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory for this process; refuses when another has it."""
        self.prepare()
        with (self.data / "lock").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "?"
                raise AlreadyRunning(pid=holder, directory=self.data) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            yield
