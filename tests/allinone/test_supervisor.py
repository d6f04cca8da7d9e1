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

from mingjing import supervisor as supervising
from mingjing.announcements import (
    AddressChanged,
    Announcement,
    Restarted,
    Restarting,
    RoomBack,
    RoomShort,
    Silent,
)
from mingjing.servers import places, process
from mingjing.servers.faults import DiskFull, RestartFailed, ServerFault, ServiceStopped
from mingjing.service_process import ServiceProcess
from mingjing.supervisor import Supervisor

DUMMY = Path(__file__).with_name("dummy_service.py")
SECONDS_MAX = 30


class Recorded:
    """A server that only writes down what is asked of it."""

    recovers_from_full_disk = False

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name = name
        self.diary = diary
        self.url = self.next_url = "old"
        self.pid: int | None = None
        self.ended = "SIGKILL"
        self.troubles: list[Exception] = []

    def responds(self) -> bool:
        return True

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.pid, self.url = os.getpid(), self.next_url
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
    assert announcements.get(timeout=SECONDS_MAX) == Restarting("dummy", 0.5, 1, None, "SIGKILL")
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


def test_a_failure_that_nobody_foresaw_does_not_end_the_watch(announcements: queue.Queue[Announcement]) -> None:
    server = Recorded("postgresql", [])

    def tell(announcement: Announcement) -> None:
        announcements.put(announcement)
        raise BrokenPipeError  # the terminal is gone

    supervisor = Supervisor([("postgresql", server)], [], tell)
    supervisor.start(lambda _: None)
    server.troubles, server.pid = [OSError("no space left")], None
    supervisor.watch()
    assert announcements.get(timeout=SECONDS_MAX) == Restarting("postgresql", 0.5, 1, None, "SIGKILL")
    failed = announcements.get(timeout=SECONDS_MAX)
    assert isinstance(failed, Restarting)
    assert isinstance(failed.fault, RestartFailed)
    assert "no space left" in str(failed.fault)
    assert isinstance(announcements.get(timeout=SECONDS_MAX), Restarted)
    supervisor.stop()


def test_services_learn_the_new_address_of_a_server(
    service: ServiceProcess, announcements: queue.Queue[Announcement]
) -> None:
    server = Recorded("nats", [])
    supervisor = Supervisor([("nats", server)], [service], announcements.put)
    supervisor.start(lambda _: None)
    first = service.pid
    server.pid, server.next_url = None, "new"
    supervisor.watch()
    seen = [announcements.get(timeout=SECONDS_MAX) for _ in range(4)]
    assert [type(one) for one in seen] == [Restarting, Restarted, AddressChanged, Restarted]
    assert service.pid not in (None, first)
    supervisor.stop()


def test_a_service_that_hangs_is_ended_and_started_again(
    service: ServiceProcess, announcements: queue.Queue[Announcement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "LISTEN_SECONDS", 0.1)
    monkeypatch.setattr(supervising, "SILENT_SECONDS_MAX", 1.0)
    monkeypatch.setattr("mingjing.service_process._ANSWER_SECONDS_MAX", 0.5)
    monkeypatch.setattr("mingjing.service_process._STOP_SECONDS_MAX", 0.5)
    supervisor = Supervisor([], [service], announcements.put)
    supervisor.start(lambda _: None)
    supervisor.watch()
    assert service.pid is not None
    os.kill(service.pid, signal.SIGSTOP)
    assert announcements.get(timeout=SECONDS_MAX) == Silent("dummy", 1.0)
    assert isinstance(announcements.get(timeout=SECONDS_MAX), Restarted)
    assert service.is_ready()
    supervisor.stop()


def test_a_full_disk_is_told_and_what_stays_stuck_after_it_starts_again(
    announcements: queue.Queue[Announcement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "ROOM_SECONDS", 0.0)
    diary: list[str] = []
    faults: list[ServerFault | None] = [None, DiskFull(directory="/", free_mib=1, needed_mib=2), None]
    supervisor = Supervisor(
        [("nats", Recorded("nats", diary))], [], announcements.put, lambda: faults.pop(0) if len(faults) > 1 else None
    )
    supervisor.start(lambda _: None)
    supervisor.watch()
    assert isinstance(announcements.get(timeout=SECONDS_MAX), RoomShort)
    assert announcements.get(timeout=SECONDS_MAX) == RoomBack(("nats",))
    assert isinstance(announcements.get(timeout=SECONDS_MAX), Restarted)
    supervisor.stop()
    assert diary == ["start nats", "start nats", "stop nats"]


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
