"""What runs is looked after, ends in order, and leaves nothing behind, however its keeper ends."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mingjing.servers import places, process
from mingjing.servers.faults import ServiceStopped
from mingjing.service_process import ServiceProcess
from mingjing.supervisor import Announcement, Restarted, Restarting, Supervisor

DUMMY = Path(__file__).with_name("dummy_service.py")
SECONDS_MAX = 30


class Recorded:
    """A server that only writes down what is asked of it."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name = name
        self.diary = diary
        self.pid: int | None = None

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        self.pid = os.getpid()
        self.diary.append(f"start {self.name}")

    def stop(self) -> None:
        self.pid = None
        self.diary.append(f"stop {self.name}")


def dummy(directory: Path, *, command: list[str] | None = None) -> ServiceProcess:
    port = places.port_for(directory / "port")
    return ServiceProcess(
        "dummy",
        command=command or [sys.executable, str(DUMMY), str(port)],
        url=f"http://127.0.0.1:{port}",
        ready_path="/",
        environment=dict,
        run=directory,
        log=directory,
    )


@pytest.fixture
def announcements() -> queue.Queue[Announcement]:
    return queue.Queue()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    service = dummy(tmp_path)
    yield service
    service.stop()


def test_servers_start_first_and_stop_last() -> None:
    diary: list[str] = []
    servers = [(name, Recorded(name, diary)) for name in ("postgresql", "nats")]
    supervisor = Supervisor(servers, [], lambda _: None)
    supervisor.start(lambda _: None)
    supervisor.stop()
    assert diary == ["start postgresql", "start nats", "stop nats", "stop postgresql"]


def test_a_killed_service_comes_back_and_says_so(
    service: ServiceProcess, announcements: queue.Queue[Announcement]
) -> None:
    supervisor = Supervisor([], [service], announcements.put)
    supervisor.start(lambda _: None)
    supervisor.watch()
    first = service.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert announcements.get(timeout=SECONDS_MAX) == Restarting("dummy", 0.5, 1, None)
    assert isinstance(announcements.get(timeout=SECONDS_MAX), Restarted)
    assert service.is_ready()
    assert service.pid not in (None, first)
    supervisor.stop()
    assert service.pid is None


def test_the_delay_grows_while_it_keeps_failing(
    tmp_path: Path, service: ServiceProcess, announcements: queue.Queue[Announcement]
) -> None:
    supervisor = Supervisor([], [service], announcements.put)
    supervisor.start(lambda _: None)
    supervisor.watch()
    service._command = [sys.executable, "-c", "raise SystemExit('no such table')"]
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    announced = [announcements.get(timeout=SECONDS_MAX) for _ in range(3)]
    supervisor.stop()
    delays = [one.delay_seconds for one in announced if isinstance(one, Restarting)]
    assert delays == [0.5, 1.0, 2.0]
    assert isinstance(announced[2], Restarting)
    assert isinstance(announced[2].fault, ServiceStopped)
    assert announced[2].fault.values["reason"] == "no such table"


def test_one_that_cannot_start_ends_the_others(tmp_path: Path) -> None:
    diary: list[str] = []
    broken = dummy(tmp_path, command=[sys.executable, "-c", "raise SystemExit('unreadable key')"])
    supervisor = Supervisor([("postgresql", Recorded("postgresql", diary))], [broken], lambda _: None)
    with pytest.raises(ServiceStopped) as caught:
        supervisor.start(lambda _: None)
    assert caught.value.values["reason"] == "unreadable key"
    assert diary == ["start postgresql", "stop postgresql"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start finds the orphan")
def test_killing_the_keeper_ends_what_it_kept(tmp_path: Path) -> None:
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER, str(DUMMY), str(tmp_path)])
    try:
        kept = wait_for(lambda: process.read_identity(tmp_path / "dummy.identity"))
        keeper.kill()
        keeper.wait(SECONDS_MAX)
        deadline = time.monotonic() + SECONDS_MAX
        while not process.has_ended(kept) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.has_ended(kept)
    finally:
        keeper.kill()
        keeper.wait(SECONDS_MAX)


KEEPER = """
import sys, time, pathlib
from mingjing.servers import places
from mingjing.service_process import ServiceProcess
directory = pathlib.Path(sys.argv[2])
port = places.port_for(directory / "port")
service = ServiceProcess("dummy", command=[sys.executable, sys.argv[1], str(port)], url=f"http://127.0.0.1:{port}",
                         ready_path="/", environment=dict, run=directory, log=directory)
service.start()
time.sleep(600)
"""


def wait_for(find: Callable[[], psutil.Process | None]) -> psutil.Process:
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def test_an_orphan_is_ended_before_a_new_one_starts(tmp_path: Path, service: ServiceProcess) -> None:
    service.start()
    orphan = psutil.Process(service.pid)
    heir = dummy(tmp_path)
    heir.start()
    assert service.pid is None
    assert heir.pid != orphan.pid
    heir.stop()
