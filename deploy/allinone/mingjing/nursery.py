"""Where services come from on one machine: one process loads what all of them share, and becomes each by a fork.

The one rule: what is forked has one thread and nothing open. Loading the shared libraries takes seconds of processor a
process; five services at a start, and one after each fault, need not pay them again, and share the memory besides.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from mingjing.servers import process

_BORN_SECONDS_MAX = 60.0
"""Until a service has its process: the first waits for the loading."""
_STOP_SECONDS_MAX = 5.0
_WORDS_BYTES_MAX = 1_000
_HAS_IT = sys.platform == "linux"
"""Elsewhere a fork is not safe enough, and nothing ends a child when its parent ends."""


class Offspring:
    """A process that the nursery forked: what ``subprocess.Popen`` would be of a child of our own."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery
        self._loading = nursery.loading
        try:
            self._process = psutil.Process(pid)
        except psutil.NoSuchProcess:  # it ended at once; the nursery says how
            self._process = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.code_of(self.pid)
        if self.returncode is None and self._is_orphan() and self._is_gone():
            self.returncode = -signal.SIGTERM  # what it was sent when the nursery ended
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Until it has ended. Raises ``subprocess.TimeoutExpired``."""
        deadline = time.monotonic() + timeout
        if not self._is_orphan():
            self._nursery.await_end(self.pid, timeout)
        if self.poll() is None and self._process is not None:  # the nursery went, and says nothing more
            psutil.wait_procs([self._process], max(deadline - time.monotonic(), 0))
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Only to the process that it was: its number may be another's by now."""
        if self._process is not None and self.poll() is None:
            self._process.send_signal(number)

    def _is_orphan(self) -> bool:
        """Whether the nursery that it came from says nothing more; another may have begun meanwhile."""
        return self._nursery.is_gone or self._nursery.loading != self._loading

    def _is_gone(self) -> bool:
        return self._process is None or process.has_ended(self._process)


class Nursery:
    """Start it, let it launch ``python -m …`` commands, stop it. One that died is started again when it is needed."""

    def __init__(self, log: Path) -> None:
        self._log = log / "nursery.log"
        self._heard = threading.Condition()
        self._launching = threading.Lock()
        self._wire: socket.socket | None = None
        self._loader: subprocess.Popen[bytes] | None = None
        self._born: dict[int, int | None] = {}
        """The process of an order, by the order's number; None where there could be none."""
        self._awaited = 0
        self._orders = 0
        self._is_closed = False
        self._codes: dict[int, int] = {}
        self.is_gone = True
        self.loading = 0
        """How many were begun: the children of an earlier one end with it."""

    def start(self) -> None:
        """Begin to load; nobody waits for it before the first launch."""
        if not _HAS_IT or not self.is_gone or self._is_closed:
            return
        self._end()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._log.open("ab") as output:
            self._loader = process.launch(
                [sys.executable, "-m", "mingjing.nursing"],
                on_owner_death=signal.SIGTERM,
                output=output,
                environment=process.inherited(),
                wire=theirs,
            )
        self._wire, self.is_gone = ours, False
        self.loading += 1
        threading.Thread(target=self._listen, args=(ours,), name="nursery", daemon=True).start()

    def launch(
        self, command: Sequence[str], *, on_owner_death: signal.Signals, output: IO[bytes],
        environment: Mapping[str, str], identity: Path,
    ) -> process.Child:  # fmt: skip
        """As ``process.launch_known``, of ``[python, "-m", module, …]``; by that where there is no nursery."""
        with self._launching:
            self.start()
            order = {"module": command[2:], "environment": dict(environment), "death": int(on_owner_death),
                     "identity": str(identity), "until": time.monotonic() + _BORN_SECONDS_MAX}  # fmt: skip
            pid = self._forked(order, output) if self._wire is not None else None
        if pid is None:
            return process.launch_known(
                command, on_owner_death=on_owner_death, output=output, environment=environment, identity=identity
            )
        return Offspring(self, pid)

    def stop(self) -> None:
        """End it for good; its children were ended before, or are asked to end by this."""
        with self._launching:
            self._is_closed = True
            self._end()

    def _end(self) -> None:
        if self._wire is not None:
            self._wire.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who listens
            self._wire.close()
            self._wire = None
        if self._loader is not None:
            process.end_child(self._loader, (signal.SIGTERM, signal.SIGKILL), _STOP_SECONDS_MAX)
            self._loader = None

    def code_of(self, pid: int) -> int | None:
        """How a child ended, as far as the nursery has said."""
        return self._codes.get(pid)

    def await_end(self, pid: int, seconds: float) -> None:
        """Until the nursery has said how a child ended, or has gone itself."""
        with self._heard:
            self._heard.wait_for(lambda: pid in self._codes or self.is_gone, seconds)

    def _forked(self, order: Mapping[str, object], output: IO[bytes]) -> int | None:
        assert self._wire is not None
        self._orders += 1
        number = self._awaited = self._orders
        try:
            socket.send_fds(self._wire, [json.dumps({"number": number, **order}).encode()], [output.fileno()])
        except OSError:
            return None
        with self._heard:
            self._heard.wait_for(lambda: number in self._born or self.is_gone, _BORN_SECONDS_MAX)
            self._awaited = 0
            return self._born.pop(number, None)

    def _listen(self, wire: socket.socket) -> None:
        while said := _heard(wire):
            number, pid, code = json.loads(said)
            with self._heard:
                if code is not None:
                    self._codes[pid] = code
                elif number == self._awaited:
                    self._codes.pop(pid, None)
                    self._born[number] = pid
                elif pid is not None:  # whoever ordered it has started it otherwise
                    os.kill(pid, signal.SIGKILL)
                self._heard.notify_all()
        with self._heard:
            self.is_gone = True
            self._heard.notify_all()


def _heard(wire: socket.socket) -> bytes:
    """What the nursery says next; nothing when it is gone."""
    try:
        return wire.recv(_WORDS_BYTES_MAX)
    except OSError:
        return b""
