"""The embedded NATS with JetStream: the relay between services, never the record.

The one rule: losing this directory loses nothing; everything in it can be published again from the logs.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from mingjing.servers import engines, places, process
from mingjing.servers.faults import PortTaken, RelayDamaged, ServerFault, StartFailed
from mingjing.servers.nats_users import OPERATOR, users

_START_SECONDS_MAX = 60
"""Streams are read back at start: a few seconds a gigabyte."""
_STOP_SECONDS_MAX = 15
_PORT_TRIES_MAX = 5


class Nats:
    """One server below ``directory``; ``start`` and ``stop`` may be called again and again."""

    recovers_from_full_disk = False
    """JetStream goes on refusing a stream's messages after the disk was full, until it is started again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The operator's loopback URL, who may do everything."""
        return self._url_of(OPERATOR)

    def service_url(self, service: str) -> str:
        """The loopback URL of a service's own user, or of ``caller``."""
        return self._url_of(service)

    def _url_of(self, user: str) -> str:
        return f"nats://{user}:{self._password(user)}@127.0.0.1:{self._port}"

    @property
    def store(self) -> Path:
        """JetStream's own directory; may be deleted while the server is stopped."""
        return self.directory / "store"

    @property
    def pid(self) -> int | None:
        """The process of the running server; None when it does not run."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def ended(self) -> str:
        """How the last process ended by itself; empty when it did not."""
        return process.how_it_ended(self._child)

    def responds(self) -> bool:
        """Its clients notice sooner than we could whether it does."""
        return True

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        """Start and return when JetStream answers. Raises a ``ServerFault`` with its remedy."""
        places.prepare(self.directory, None)
        program = engines.nats_program()
        report("nats-server")
        self._end_leftover()
        for attempt in range(1, _PORT_TRIES_MAX + 1):
            self._port = places.port_for(self.directory / "port")
            try:
                self._launch(program)
                break
            except PortTaken:
                if attempt == _PORT_TRIES_MAX:
                    raise
        (self.directory / "port").write_text(f"{self._port}\n", encoding="ascii")

    def attach(self) -> None:
        """Use the server that another process runs in this directory."""
        self._port = int((self.directory / "port").read_text(encoding="ascii"))

    def stop(self) -> None:
        """Flush streams to disk and stop."""
        if self._child is not None:
            process.end_child(self._child, (signal.SIGINT, signal.SIGKILL), _STOP_SECONDS_MAX)
            self._child = None

    def __enter__(self) -> Nats:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _end_leftover(self) -> None:
        self.stop()
        orphan = process.read_identity(self.directory / "identity")
        if orphan is not None:
            process.end([orphan], (signal.SIGINT, signal.SIGKILL), _STOP_SECONDS_MAX)

    def _launch(self, program: str) -> None:
        log = self.directory / "nats.log"
        offset = log.stat().st_size if log.exists() else 0
        configuration = self.directory / "nats.conf"
        self._write(configuration, self._settings(log))
        with (self.directory / "start.log").open("wb") as output:
            self._child = process.launch(
                [program, "-c", str(configuration)], on_owner_death=signal.SIGINT, output=output
            )
        self._await_ready(log, offset)
        process.write_identity(self.directory / "identity", self._child.pid)

    def _settings(self, log: Path) -> str:
        template = resources.files("mingjing.servers").joinpath("nats.conf").read_text(encoding="utf-8")
        values = {
            "port": self._port,
            "users": users(lambda user: f'"{self._password(user)}"'),
            "pid_file": self.directory / "pid",
            "store": self.store,
            "log_file": log,
        }
        for name, value in values.items():
            said = str(value) if name == "users" else str(value).replace('"', '\\"')
            template = template.replace("{" + name + "}", said)
        return template

    def _password(self, user: str) -> str:
        """Made when it is first asked for. The operator's file is as old as the all-in-one."""
        path = self.directory / ("password" if user == OPERATOR else f"{user}.password")
        if not path.exists():
            self._write(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="ascii").strip()

    def _await_ready(self, log: Path, offset: int) -> None:
        assert self._child is not None
        deadline = time.monotonic() + _START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                self._child = None
                raise self._reason(log, offset)
            if b"Server is ready" in _said(log, offset) and self._answers():
                return
            time.sleep(0.01)
        self.stop()
        raise StartFailed(engine="NATS", reason=f"no answer within {_START_SECONDS_MAX} s", log=log)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False

    def _reason(self, log: Path, offset: int) -> ServerFault:
        said = _said(log, offset).decode(errors="replace")
        said += (self.directory / "start.log").read_text(encoding="utf-8", errors="replace")
        if "address already in use" in said:
            return PortTaken(port=self._port)
        places.check_room(self.directory)
        lines = [line for line in said.splitlines() if line.strip()] or ["no message"]
        if "JetStream" in lines[-1]:
            return RelayDamaged(directory=self.store, reason=lines[-1].partition("] ")[2][-200:])
        return StartFailed(engine="NATS", reason=lines[-1], log=log)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")


def _said(log: Path, offset: int) -> bytes:
    """What was logged since this start."""
    try:
        with log.open("rb") as lines:
            lines.seek(0, os.SEEK_END)
            # The server moved the full log aside: then everything in the new one is ours.
            lines.seek(offset if lines.tell() >= offset else 0)
            return lines.read()
    except OSError:
        return b""
