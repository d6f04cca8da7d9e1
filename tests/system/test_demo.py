"""The demo's two first weeks on one data directory: what it says, that it may be repeated, and that an audit bites.

Each test goes on where the one before it ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mingjing.cli.screen import Exit
from mingjing.installation import Installation
from mingjing.keys import LOGS
from mingjing.servers import Postgres

pytestmark = pytest.mark.timeout(900)
WEEKS = "2"
ENDS_WITHIN_SECONDS = 120
AUDITED = {"size", "root", "verified", "replay_differences", "signatures_checked"}


class Place:
    """A data directory and the command line that works on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        outside = {"MINGJING_POSTGRES_URL", "MINGJING_NATS_URL", "MINGJING_ISSUER_URL"}
        kept = {name: value for name, value in os.environ.items() if name not in outside}
        self._environment = {**kept, "MINGJING_DATA": str(data)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mingjing", *words],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
            cwd=self.data.parent,
        )

    @contextmanager
    def demo(self) -> Iterator[dict[str, Any]]:
        """What it tells while it is up; it ends as Ctrl-C ends it."""
        command = [sys.executable, "-m", "mingjing", "demo", "--json", "--weeks", WEEKS]
        with (
            (self.data.parent / "demo.err").open("w+", encoding="utf-8") as errors,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=self._environment) as demo,
        ):
            assert demo.stdout is not None
            told = next((line for line in demo.stdout if line.startswith("{")), None)
            try:
                assert told is not None, (self.data.parent / "demo.err").read_text(encoding="utf-8")
                yield json.loads(told)
            finally:
                demo.send_signal(signal.SIGINT)
                try:
                    demo.communicate(timeout=ENDS_WITHIN_SECONDS)
                except subprocess.TimeoutExpired:
                    demo.kill()  # else the suite would wait for it as long as it runs
                    raise
            assert demo.wait() in (Exit.OK, Exit.INTERRUPTED)  # the signal may come before it waits for one


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Not below pytest's own directories: they are closed to PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="mingjing-demo-") as root:
        Path(root).chmod(0o755)
        yield Place(Path(root) / "data")


@pytest.fixture(scope="module")
def told(place: Place) -> dict[str, Any]:
    with place.demo() as told:
        return told


def test_the_demo_says_what_a_regulator_wants_to_know(told: dict[str, Any]) -> None:
    assert {"institutions", "events", "money", "kept_aside", "alerts", "audit", "seconds"} <= told.keys()
    assert told["institutions"] > 100
    assert {"received_fen", "released_fen", "refunded_fen", "held_fen", "balanced"} <= told["money"].keys()
    assert told["money"]["balanced"] is True
    assert told["money"]["compared"] > 0
    assert told["audit"].keys() == set(LOGS)
    for found in told["audit"].values():
        assert found.keys() >= AUDITED
        assert found["verified"] is True
        assert found["signatures_checked"] is True
        assert found["replay_differences"] == 0
    assert told["events"] == sum(found["size"] for found in told["audit"].values())


def test_nobody_was_refused_by_the_broker(place: Place, told: dict[str, Any]) -> None:
    """A service whose pulls are refused still hears everything, over HTTP: nobody would notice."""
    said = {
        log.name: log.read_text(encoding="utf-8", errors="replace")
        for log in Installation(place.data).log.glob("*.log")
    }
    assert said
    assert [name for name, text in said.items() if "permissions violation" in text] == []


def test_the_demo_again_tells_the_same_and_does_nothing_twice(place: Place, told: dict[str, Any]) -> None:
    with place.demo() as again:
        parked = place.run("parked", "list", "--json")
    assert parked.returncode == Exit.OK, parked.stderr
    assert json.loads(parked.stdout) == {log: [] for log in LOGS}
    assert again["story"] == told["story"]
    assert again["money"] == told["money"]
    assert again["institutions"] == told["institutions"]
    assert again["alerts"] == told["alerts"]


def test_an_audit_of_the_demo_finds_nothing_and_its_proofs_hold(place: Place, told: dict[str, Any]) -> None:
    ended = place.run("audit", "verify", "--json")
    assert ended.returncode == Exit.OK, ended.stdout + ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    assert all(one["clean"] and one["signatures_checked"] for one in found.values())
    refused = place.run("audit", "prove", "funds/3", "--out", str(place.data.parent / "nowhere" / "proof.json"))
    assert refused.returncode == Exit.FOUND
    assert "cannot be written" in refused.stderr
    proof = place.data.parent / "proof.json"
    assert place.run("audit", "prove", "funds/3", "--out", str(proof)).returncode == Exit.OK
    checked = place.run("audit", "check", str(proof), "--keys", str(Installation(place.data).keys))
    assert checked.returncode == Exit.OK, checked.stdout + checked.stderr


def test_a_public_key_that_is_gone_is_a_finding(place: Place, told: dict[str, Any]) -> None:
    key = Installation(place.data).keys / "funds.vkey"
    kept = key.read_bytes()
    key.unlink()
    ended = place.run("audit", "verify", "funds", "--json")
    key.write_bytes(kept)
    assert ended.returncode == Exit.FOUND
    found = json.loads(ended.stdout.splitlines()[-1])["funds"]
    assert found["signatures_checked"] is False
    assert [one["code"] for one in found["findings"]] == ["key-missing"]


def test_one_flipped_byte_is_found_and_named(place: Place, told: dict[str, Any]) -> None:
    with Postgres(Installation(place.data).postgres) as server, psycopg.connect(server.url) as connection:
        connection.execute("ALTER TABLE funds.events DISABLE TRIGGER USER")
        connection.execute("UPDATE funds.events SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE position = 3")
        connection.execute("ALTER TABLE funds.events ENABLE TRIGGER USER")
    ended = place.run("audit", "verify", "funds")
    assert ended.returncode == Exit.FOUND
    assert "Position 3" in ended.stdout
