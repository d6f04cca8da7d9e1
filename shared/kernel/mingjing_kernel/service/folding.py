"""Folding the lists in a process of its own beside the one that serves.

The one rule: the two live and die as one service. When the folding ends by itself, the serving process ends with its
words and whoever keeps it starts both again; when the serving process dies, the system ends the folding.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mingjing_kernel.refusal import Refusal
from mingjing_kernel.unreadable import InBoth

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS_MAX = 5.0
THREADS_END_SECONDS_MAX = 2.0
_POLL_SECONDS = 0.02


class FoldingEnded(Refusal):
    """The process that folds the lists ended although nobody asked it to."""

    sentence = "The process that folds the lists ended by itself ({how})."
    remedy = "The service starts again with it; its log says why it ended."
    status = 500


def can_fold_apart() -> bool:
    """Whether this process can be forked and its child be watched: Linux from 5.3 on, and no other thread, which would
    leave its locks behind (a resolver of host names is one).
    """
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    # A thread that Python has joined may not be gone yet for the system.
    deadline = time.monotonic() + THREADS_END_SECONDS_MAX
    while _threads() > 1 and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return _threads() == 1


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


class Folding:
    """The other process. Start it while this one has one thread and no loop: it is forked."""

    def __init__(self, fold: Callable[[], None]) -> None:
        """``fold`` runs in the child until it is told to stop."""
        owner, self._is_asked = os.getpid(), False
        self.pid = os.fork()
        if self.pid == 0:
            _fold(fold, owner)

    async def ended(self) -> None:
        """Raises ``FoldingEnded`` when it has ended by itself."""
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        watch = os.pidfd_open(self.pid)
        loop.add_reader(watch, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(watch)
            os.close(watch)
        if not self._is_asked:
            raise FoldingEnded(how=self._how())

    def _how(self) -> InBoth:
        """Only when it has ended."""
        _, status = os.waitpid(self.pid, 0)
        self.pid, code = 0, os.waitstatus_to_exitcode(status)
        if code < 0:
            name = signal.Signals(-code).name
            return InBoth(name, name)
        return InBoth(f"exit code {code}", f"退出码 {code}")

    def ask(self) -> None:
        """To end after the page that it folds; who serves goes on ending meanwhile."""
        if self.pid and not self._is_asked:
            self._is_asked = True
            os.kill(self.pid, signal.SIGTERM)

    def stop(self) -> None:
        """Wait for its end; without mercy when that takes too long."""
        if self.pid == 0:
            return
        self.ask()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)
        self.pid = 0


def _fold(fold: Callable[[], None], owner: int) -> None:
    code = 1
    with suppress(BaseException):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        os.setsid()  # Ctrl-C is for the one who serves
        if os.getppid() == owner:  # else it died before it could be watched
            fold()
            code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
