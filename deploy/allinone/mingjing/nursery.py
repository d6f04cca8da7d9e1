"""Where services come from on one machine: one process loads what all of them share, and becomes each by a fork.

The one rule: what is forked has one thread and nothing open. Loading the shared libraries takes seconds of processor a
process; five services at a start, and one after each fault, need not pay them again, and share the memory besides.
"""

from __future__ import annotations

import json
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
_HAS_IT = sys.platform == "linux"
"""Elsewhere a fork is not safe enough, and nothing ends a child when its parent ends."""


class Offspring:
    """A process that the nursery forked: what ``subprocess.Popen`` would be of a child of our own."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery
        self._process = psutil.Process(pid) if psutil.pid_exists(pid) else None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.code_of(self.pid)
        if self.returncode is None and self._nursery.is_gone and self._is_gone():
            self.returncode = -signal.SIGTERM  # what it was sent when the nursery ended
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Until it has ended. Raises ``subprocess.TimeoutExpired``."""
        deadline = time.monotonic() + timeout
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
        self._born: list[int] = []
        self._codes: dict[int, int] = {}
        self.is_gone = True

    def start(self) -> None:
        """Begin to load; nobody waits for it before the first launch."""
        if not _HAS_IT or not self.is_gone:
            return
        self.stop()
        ours, theirs = socket.socketpair()
        with theirs, self._log.open("ab") as output:
            self._loader = process.launch(
                [sys.executable, "-m", "mingjing.nursing"],
                on_owner_death=signal.SIGTERM,
                output=output,
                environment=process.inherited(),
                wire=theirs,
            )
        self._wire, self.is_gone = ours, False
        threading.Thread(target=self._listen, args=(ours,), name="nursery", daemon=True).start()

    def launch(
        self, command: Sequence[str], *, on_owner_death: signal.Signals, output: IO[bytes],
        environment: Mapping[str, str],
    ) -> process.Child:  # fmt: skip
        """As ``process.launch``, of ``[python, "-m", module, …]``; by an ordinary start where there is no nursery."""
        with self._launching:
            self.start()
            pid = self._forked(command, on_owner_death, output, environment) if self._wire is not None else None
        if pid is None:
            return process.launch(command, on_owner_death=on_owner_death, output=output, environment=environment)
        return Offspring(self, pid)

    def stop(self) -> None:
        """End it; its children were ended before, or are asked to end by this."""
        if self._wire is not None:
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

    def _forked(
        self, command: Sequence[str], death: signal.Signals, output: IO[bytes], environment: Mapping[str, str]
    ) -> int | None:
        order = {"module": command[2:], "environment": dict(environment), "death": int(death)}
        assert self._wire is not None
        try:
            socket.send_fds(self._wire, [json.dumps(order).encode() + b"\n"], [output.fileno()])
        except OSError:
            return None
        with self._heard:
            self._heard.wait_for(lambda: self._born or self.is_gone, _BORN_SECONDS_MAX)
            return self._born.pop() if self._born else None

    def _listen(self, wire: socket.socket) -> None:
        with wire.makefile("rb") as lines:
            for line in lines:
                pid, code = json.loads(line)
                with self._heard:
                    if code is None:
                        self._codes.pop(pid, None)
                        self._born.append(pid)
                    else:
                        self._codes[pid] = code
                    self._heard.notify_all()
        with self._heard:
            self.is_gone = True
            self._heard.notify_all()
