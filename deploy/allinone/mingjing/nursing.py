"""The process behind ``Nursery``: load what services share, then fork for each order that comes over standard input.

The one rule: a child leaves this file as if ``python -m MODULE …`` had been started: its own session, words, arguments
and environment, and on a leash.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import setproctitle

from mingjing.servers import process

_SHARED = ("mingjing_kernel.service.main", "mingjing_contracts.console", "python_calamine")
"""What most services load; what is one service's own it loads itself."""
_ORDER_BYTES_MAX = 1_000_000
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Fork until the wire is closed; ends with the child's own end in a child."""
    for name in _SHARED:
        with suppress(ImportError):  # a service that is not installed here
            import_module(name)
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        sys.exit("a library started a thread while it was loaded: a fork would leave its locks behind")
    gc.collect()
    gc.freeze()
    wire = socket.socket(fileno=os.dup(0))
    setproctitle.setproctitle("mingjing nursery")
    if (order := _tend(wire)) is not None:
        _become(*order)


def _tend(wire: socket.socket) -> tuple[dict[str, Any], int] | None:
    """Answer orders and report ends. Returns the order in a child, and None when the wire is closed."""
    waiting = selectors.DefaultSelector()
    waiting.register(wire, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.data is not None:
                waiting.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(key.data, 0)
                _say(wire, 0, key.data, os.waitstatus_to_exitcode(status))
                continue
            taken = _take(wire)
            if taken is None:
                return None
            owner, number = os.getpid(), taken[0]["number"]
            try:
                pid = os.fork()
            except OSError as full:  # one service does not start; the others go on
                print(full, file=sys.stderr, flush=True)  # noqa: T201
                _say(wire, number, None, None)
                os.close(taken[1])
                continue
            if pid == 0:
                _leash(owner, taken[0]["death"])
                _let_go(waiting, wire)
                return taken
            os.close(taken[1])
            waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, data=pid)
            _say(wire, number, pid, None)


def _take(wire: socket.socket) -> tuple[dict[str, Any], int] | None:
    text, words, *_ = socket.recv_fds(wire, _ORDER_BYTES_MAX, 1)
    if not text:
        return None
    return json.loads(text), words[0]


def _say(wire: socket.socket, number: int, pid: int | None, code: int | None) -> None:
    wire.sendall(json.dumps([number, pid, code]).encode())


def _leash(owner: int, death: int) -> None:
    """As ``servers/leash.py`` does: the system ends a child when the nursery ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death, 0, 0, 0)
    if os.getppid() != owner:
        os._exit(1)


def _let_go(waiting: selectors.BaseSelector, wire: socket.socket) -> None:
    for key in list(waiting.get_map().values()):
        if key.data is not None:
            os.close(key.fd)
    waiting.close()
    wire.close()


def _become(order: dict[str, Any], words: int) -> None:
    os.setsid()
    signal.set_wakeup_fd(-1)
    os.dup2(words, 1)
    os.dup2(words, 2)
    os.close(words)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order["environment"])
    if time.monotonic() > order["until"]:  # whoever ordered it has started it otherwise
        os._exit(1)
    # By itself, before it does anything: were its launcher killed now, the next start must find it.
    process.write_identity(Path(order["identity"]), os.getpid())
    module, *arguments = order["module"]
    setproctitle.setproctitle(" ".join([sys.executable, "-m", module, *arguments]))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
