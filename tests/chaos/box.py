"""The all-in-one as a stranger meets it: ``mingjing up`` in a process of its own, on a data directory of its own.

The one rule: nothing here reaches into the product while it runs; who is who is read from the files that it leaves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg

from mingjing.allinone import AllInOne, running
from mingjing.installation import PORTS, Installation
from mingjing.servers import Nats, Postgres, places, process
from mingjing.service_process import answers

START_SECONDS_MAX = 150
"""On a machine that others use too; alone it is some ten."""
BACK_SECONDS_MAX = 90
STOP_SECONDS_MAX = 60
LOGS = ("registry", "inspection", "funds")
_POLL_SECONDS = 0.05
_OUTSIDE = ("MINGJING_POSTGRES_URL", "MINGJING_NATS_URL", "MINGJING_ISSUER_URL", "MINGJING_DATA")

Found = TypeVar("Found")


class Box:
    """One installation and the command that keeps it."""

    def __init__(self, data: Path, *words: str) -> None:
        """``words``: what to run instead of ``up``."""
        self.data = data
        self._words = words or ("up",)
        self.installation = Installation(data)
        self.output = data.with_suffix(".out")
        """What the command said, for whoever reads a failure."""
        self.child: subprocess.Popen[bytes] | None = None
        self._choose_ports()
        self.urls: dict[str, str] = {}
        self._ready: dict[str, str] = {}

    def _choose_ports(self) -> None:
        """Others than the usual ones: callers who repeat a request while the box is away must not find another
        installation of this machine there.
        """
        self.installation.prepare()
        for name in PORTS:
            (self.installation.run / f"{name}.port").write_text(f"{places.port_for(self.data / 'nobody')}\n")

    def start(self) -> float:
        """``mingjing up``; returns the seconds until every service was ready."""
        began = time.monotonic()
        self.launch()
        state = wait_until(self._state, START_SECONDS_MAX, self.said)
        self.urls, self._ready = state["urls"], state["ready"]
        self.await_back()
        return time.monotonic() - began

    def launch(self) -> subprocess.Popen[bytes]:
        """The same without waiting."""
        environment = {name: value for name, value in os.environ.items() if name not in _OUTSIDE}
        with self.output.open("ab") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "mingjing", *self._words, "--data", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        return self.child

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        assert self.child is not None
        with suppress(ProcessLookupError):
            self.child.send_signal(signal.SIGINT)
        return self.child.wait(STOP_SECONDS_MAX)

    def end(self) -> None:
        """Whatever still runs, goes."""
        if self.child is not None and self.child.poll() is None:
            self.kill_supervisor()

    def kill_supervisor(self) -> None:
        """kill -9 of the command itself; returns when everything that it kept has ended too."""
        assert self.child is not None
        kept = [found for name in self.members() if (found := self.process_of(name)) is not None]
        self.child.kill()
        self.child.wait()
        wait_until(lambda: not any(map(_is_alive, kept)), STOP_SECONDS_MAX, self.said)

    def members(self) -> list[str]:
        """Everything that can be killed by name."""
        return ["postgresql", "nats", *self.urls]

    def process_of(self, name: str) -> psutil.Process | None:
        """The process of a server or service; ``None`` when it does not run."""
        if name == "nats":
            return process.read_identity(self.installation.nats / "identity")
        if name != "postgresql":
            return process.read_identity(self.installation.run / f"{name}.identity")
        data = self.installation.postgres / "data"
        with suppress(OSError, ValueError, psutil.Error):
            found = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
            # The file outlives a killed server, and its number may be somebody else's by now.
            return found if Path(found.cwd()) == data.resolve() else None
        return None

    def kill(self, name: str) -> None:
        """kill -9, by number."""
        found = wait_until(lambda: self.process_of(name), BACK_SECONDS_MAX, self.said)
        found.kill()
        wait_until(lambda: not _is_alive(found), BACK_SECONDS_MAX, self.said)

    def kill_backend(self, service: str) -> None:
        """kill -9 of one session of a service: PostgreSQL then ends all sessions and recovers."""
        with psycopg.connect(self.postgres_url) as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = %s ORDER BY backend_start LIMIT 1",
                (f"mingjing-{service}",),
            ).fetchone()
        if row is not None:
            os.kill(row[0], signal.SIGKILL)

    def await_back(self) -> None:
        """Return when PostgreSQL and every service answer."""
        wait_until(self._is_back, BACK_SECONDS_MAX, self.said)

    @property
    def postgres_url(self) -> str:
        """The superuser's URL."""
        server = Postgres(self.installation.postgres)
        server.attach()
        return server.url

    def told(self, service: str) -> dict[str, str]:
        """What a service of this box is told in its environment (a forked process does not show it)."""
        composition = AllInOne(self.installation, lambda _: None)
        assert isinstance(composition.postgres, Postgres)
        assert isinstance(composition.nats, Nats)
        composition.postgres.attach()
        composition.nats.attach()
        composition.urls = self.urls
        return {**process.inherited(), **composition.environment_of(service)}

    def await_said(self, words: str) -> None:
        """Return when the command has said so."""
        wait_until(lambda: words in self.output.read_text(errors="replace"), BACK_SECONDS_MAX, self.said)

    def said(self) -> str:
        """The end of what the command and its services said."""
        logs = [self.output, *sorted(self.installation.log.glob("*.log"))]
        return "\n".join(f"--- {log.name}\n{_end_of(log)}" for log in logs)

    def _state(self) -> dict[str, Any] | None:
        assert self.child is not None
        assert self.child.poll() is None, f"mingjing up ended with {self.child.returncode}\n{self.said()}"
        return running(self.installation)

    def _is_back(self) -> bool:
        return self.process_of("nats") is not None and all(answers(url) for url in self._ready.values())


def wait_until(find: Callable[[], Found | None], seconds: float, said: Callable[[], str] = str) -> Found:
    """What ``find`` gives as soon as it is true; an assertion with what was ``said`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        found = find()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds:g} s\n{said()}"
        time.sleep(_POLL_SECONDS)


def _is_alive(found: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return found.is_running() and found.status() != psutil.STATUS_ZOMBIE
    return False


def _end_of(log: Path) -> str:
    with suppress(OSError):
        return log.read_bytes()[-3_000:].decode(errors="replace")
    return ""
