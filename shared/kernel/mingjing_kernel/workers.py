"""Worker processes for what keeps a core busy.

The one rule: they end with us, whatever our end is. A worker that outlived a kill -9 would hold what it inherited, the
lock of the data directory among it, and the next start would be told that somebody is at work.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Literal


@contextmanager
def workers(count: int, method: Literal["fork", "spawn"]) -> Iterator[ProcessPoolExecutor]:
    """A pool for the length of a ``with``. Left by an exception, it ends at once, whatever is under way."""
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context(method), initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        running = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()
        raise
    pool.shutdown()


def _end_with_parent() -> None:
    """Ctrl-C is for the parent to hear; its end is heard here."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(parent: int) -> None:
    wait([parent])
    os._exit(1)
