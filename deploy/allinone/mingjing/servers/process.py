"""Child processes on a leash, and the orphans that an earlier run left behind.

The one rule: a process is ended by its number only after what it runs, or when it started, proved that the number
is still its own.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import psutil

_LEASH = Path(__file__).with_name("leash.py")
_ORPHAN_SECONDS_MAX = 1.0
_SAME_START_SECONDS_MAX = 2.0
"""psutil derives a start time from ticks since boot; two readings may differ a little."""
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Account:
    """The user of the machine that a server runs as when we are root."""

    name: str
    uid: int
    gid: int


class Child(Protocol):
    """What a process that we keep can do, whoever started it."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    def wait(self, timeout: float) -> int:
        """Until it has ended. Raises ``subprocess.TimeoutExpired``."""
        ...

    def send_signal(self, number: int) -> None:
        """Only while it runs."""
        ...


def inherited() -> dict[str, str]:
    """Our environment, but with compiled files kept: without them each start spends seconds on compiling."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def launch(
    command: Sequence[str],
    *,
    on_owner_death: signal.Signals,
    output: IO[bytes],
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    account: Account | None = None,
    wire: socket.socket | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` so that it gets ``on_owner_death`` when this process dies, however it dies.

    It has its own session: Ctrl-C in the terminal reaches only us, and we end our children in order. Call it from
    the main thread: Linux counts the death of the starting thread as the owner's. ``wire`` is its standard input.
    """
    user, group = (account.uid, account.gid) if account else (-1, -1)
    owner = [str(os.getpid()), str(int(on_owner_death)), str(user), str(group)]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_LEASH), *owner, *command],
        stdin=subprocess.DEVNULL if wire is None else wire.fileno(),
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment) if environment is not None else None,
        cwd=directory,
        start_new_session=True,
    )


def launch_known(
    command: Sequence[str],
    *,
    on_owner_death: signal.Signals,
    output: IO[bytes],
    environment: Mapping[str, str],
    identity: Path,
) -> Child:
    """``launch``, and remember at ``identity`` which process it is."""
    child = launch(command, on_owner_death=on_owner_death, output=output, environment=environment)
    with suppress(psutil.NoSuchProcess):  # it ended at once: whoever waits for it says why
        write_identity(identity, child.pid)
    return child


def how_it_ended(child: Child | None) -> str:
    """``SIGKILL`` or ``exit code 1``; empty while it runs and when there is none."""
    code = child.poll() if child is not None else None
    if code is None:
        return ""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def running_at(directory: Path, name: str) -> list[psutil.Process]:
    """Every live process called ``name`` whose working directory is ``directory``."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != name:
            continue
        try:
            if Path(process.cwd()) == directory.resolve() and not has_ended(process):
                found.append(process)
        except psutil.Error:
            continue  # It ended while we looked, or is not ours to look at.
    return found


def write_identity(path: Path, pid: int) -> None:
    """Remember a process by number *and* start time."""
    draft = path.with_suffix(".draft")
    draft.write_text(f"{pid} {psutil.Process(pid).create_time():.2f}\n", encoding="ascii")
    draft.replace(path)  # whole or not at all: a full disk must not make us forget who runs


def read_identity(path: Path) -> psutil.Process | None:
    """The process remembered at ``path`` if it still lives; None if it ended or its number went to another."""
    try:
        number, started = path.read_text(encoding="ascii").split()
        process = psutil.Process(int(number))
        same = abs(process.create_time() - float(started)) < _SAME_START_SECONDS_MAX
        return process if same and not has_ended(process) else None
    except (OSError, ValueError, psutil.Error):
        return None


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or dead and only not yet waited for (in a container whose first process reaps nobody)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def end(processes: Sequence[psutil.Process], signals: Sequence[signal.Signals], seconds_each: float) -> None:
    """Send the signals one after another, politest first, until every process has ended."""
    alive = list(processes)
    for number in signals:
        for process in alive:
            _send(process.send_signal, number)
        deadline = time.monotonic() + seconds_each
        while alive and time.monotonic() < deadline:
            alive = [process for process in alive if not has_ended(process)]
            time.sleep(_POLL_SECONDS)


def end_orphans(identities: Sequence[Path]) -> None:
    """End what an earlier run left behind, all at once. It was asked to end when its owner died, and its database
    may be gone: there is nothing to wait for.
    """
    found = [orphan for path in identities if (orphan := read_identity(path)) is not None]
    end(found, (signal.SIGTERM, signal.SIGKILL), _ORPHAN_SECONDS_MAX)


def end_child(child: Child, signals: Sequence[signal.Signals], seconds_each: float) -> None:
    """The same for a child of ours, which must be waited for."""
    for number in signals:
        if child.poll() is not None:
            return
        _send(child.send_signal, number)
        try:
            child.wait(seconds_each)
        except subprocess.TimeoutExpired:
            continue


def _send(send: Callable[[int], object], number: signal.Signals) -> None:
    try:
        send(number)
    except (psutil.NoSuchProcess, ProcessLookupError):
        return
