"""Worker processes: whatever the end of their parent, none of them is left, nor what they inherited."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mingjing_kernel.workers import workers

PARENT = """
import fcntl, signal, sys, time
from mingjing_kernel.workers import workers

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest-xdist ignores it, so do its children
    lock = open(sys.argv[1], "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    with workers(2, sys.argv[2]) as pool:
        for _ in range(4):
            pool.submit(time.sleep, 60)
        assert pool.submit(abs, -1) is not None
        time.sleep(1)
        print("working", flush=True)
        time.sleep(60)
"""


def parent(place: Path, method: str) -> subprocess.Popen[bytes]:
    """A process that holds a lock and has workers, all of them busy for a minute."""
    script = place / "parent.py"
    script.write_text(PARENT)
    started = subprocess.Popen(
        [sys.executable, str(script), str(place / "lock"), method], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stdout.readline() == b"working\n"
    return started


def is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_killed_parent_leaves_no_worker_that_holds_its_lock(tmp_path: Path, method: str) -> None:
    started = parent(tmp_path, method)
    assert not is_free(tmp_path / "lock")
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    deadline = time.monotonic() + 20
    while not is_free(tmp_path / "lock"):
        assert time.monotonic() < deadline, "a worker still holds the lock"
        time.sleep(0.05)
    started.communicate()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_ctrl_c_ends_the_workers_with_what_is_under_way(tmp_path: Path, method: str) -> None:
    started = parent(tmp_path, method)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=20)
    assert is_free(tmp_path / "lock")
    assert said.count(b"Traceback") == 1, "the parent's own, and none of a worker's"


def test_work_is_done_and_its_exceptions_come_back() -> None:
    with workers(1, "spawn") as pool:
        assert pool.submit(abs, -3).result(20) == 3
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result(20)
