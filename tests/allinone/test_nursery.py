"""Services that are forked by the nursery end, speak and die like any that are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mingjing.nursery import Nursery, Offspring
from mingjing.servers.process import Child, has_ended, read_identity
from mingjing_kernel.refused import EXIT_REFUSED, read_refused

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere services are started one by one")

SERVE = [sys.executable, "-m", "mingjing_funds", "serve"]
HTTP = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "0"]
SECONDS = 30


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))
    nursery.start()
    yield nursery
    nursery.stop()


def launch(nursery: Nursery, folder: Path, command: list[str], **environment: str) -> Child:
    with (folder / "words").open("ab") as output:
        return nursery.launch(
            command, on_owner_death=signal.SIGTERM, output=output, environment=environment, identity=folder / "identity"
        )


def test_it_has_the_environment_it_is_given_and_says_why_it_ends(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGJING_POSTGRES_URL", "postgresql://not-for-this-child/x")
    child = launch(nursery, tmp_path, SERVE, PATH=os.environ["PATH"])
    assert isinstance(child, Offspring)
    assert child.wait(SECONDS) == child.poll() == child.returncode == EXIT_REFUSED
    refused = read_refused((tmp_path / "words").read_text("utf-8").splitlines())
    assert refused is not None
    assert "MINGJING_POSTGRES_URL" in refused.sentence


def test_it_shows_what_it_is_and_ends_by_a_signal(nursery: Nursery, tmp_path: Path) -> None:
    child = launch(nursery, tmp_path, HTTP)
    shown = psutil.Process(child.pid)
    # Not by who launched it, who may be killed in between: the next start must find it.
    assert wait(lambda: read_identity(tmp_path / "identity") == shown)
    assert wait(lambda: "http.server" in " ".join(shown.cmdline()))
    assert os.getsid(child.pid) == child.pid
    assert len(shown.open_files()) <= 2
    assert child.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.05)
    child.send_signal(signal.SIGKILL)
    assert child.wait(SECONDS) == -signal.SIGKILL
    child.send_signal(signal.SIGTERM)  # whoever has the number now hears nothing


def test_when_the_nursery_dies_its_children_end_and_the_next_launch_makes_a_new_one(
    nursery: Nursery, tmp_path: Path
) -> None:
    child = launch(nursery, tmp_path, HTTP)
    loader = psutil.Process(child.pid).parent()
    assert loader is not None
    loader.kill()
    assert child.wait(SECONDS) == -signal.SIGTERM
    assert wait(lambda: has_ended(psutil.Process(child.pid)) if psutil.pid_exists(child.pid) else True)
    again = launch(nursery, tmp_path, HTTP)
    assert isinstance(again, Offspring)
    assert again.poll() is None
    again.send_signal(signal.SIGTERM)
    assert again.wait(SECONDS) != 0


def test_stopping_it_ends_its_children(tmp_path: Path) -> None:
    nursery = Nursery(tmp_path)
    child = launch(nursery, tmp_path, HTTP)
    nursery.stop()
    assert child.wait(SECONDS) == -signal.SIGTERM


def wait(until: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if until():
            return True
        time.sleep(0.02)
    return False
