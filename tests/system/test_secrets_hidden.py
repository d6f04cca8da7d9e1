"""An installation at work: no password stands in a command line, a log or a file that others may read."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from mingjing.allinone import AllInOne
from mingjing.installation import Installation

OUTSIDE = ("MINGJING_POSTGRES_URL", "MINGJING_NATS_URL", "MINGJING_ISSUER_URL")
SERVICES = ("registry", "inspection", "funds", "console")


@pytest.fixture(scope="module")
def everything() -> Iterator[AllInOne]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="mingjing-tests-") as place:
        for name in OUTSIDE:
            patch.delenv(name, raising=False)
        installation = Installation(Path(place) / "data")
        with installation.locked():
            made = AllInOne(installation, lambda _: None)
            made.start(lambda _: None)
            try:
                yield made
            finally:
                made.stop(lambda _: None)


def secrets(everything: AllInOne) -> dict[str, str]:
    """Every password and key of the installation, by its file."""
    data = everything.installation.data
    files = [*data.rglob("*password"), *everything.installation.keys.glob("*.key")]
    return {str(path.relative_to(data)): path.read_text("utf-8").strip().splitlines()[-1] for path in files}


def test_every_service_runs_as_its_own_user_of_both_servers(everything: AllInOne) -> None:
    for name in SERVICES:
        found = httpx.get(f"{everything.urls[name]}/{name}/v1/health", timeout=10).json()
        assert found["ready"], found
        for inbox in found["inboxes"].values():
            assert inbox["broker"] == "listening", found
    with psycopg.connect(everything.postgres.url) as connection:
        rows = connection.execute(
            "SELECT usename, application_name FROM pg_stat_activity WHERE application_name LIKE 'mingjing-%'"
        ).fetchall()
    assert {user for user, _ in rows} == {f"mingjing_{name}" for name in SERVICES}
    assert all(user.removeprefix("mingjing_") == shown.removeprefix("mingjing-") for user, shown in rows)


def test_no_command_line_shows_a_secret(everything: AllInOne) -> None:
    hidden = secrets(everything)
    assert len(hidden) >= 10
    lines = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    assert len(lines) > len(SERVICES)
    assert [name for name, secret in hidden.items() if any(secret in line for line in lines)] == []


def test_no_log_shows_a_secret(everything: AllInOne) -> None:
    data = everything.installation.data
    logs = [path for path in data.rglob("*") if path.is_file() and (path.suffix == ".log" or "log" in path.parent.name)]
    said = {path: path.read_text("utf-8", errors="replace") for path in logs}
    assert any(said.values())
    found = [(name, path) for name, secret in secrets(everything).items() for path in said if secret in said[path]]
    assert found == []


def test_secrets_are_their_owners_alone(everything: AllInOne) -> None:
    data = everything.installation.data
    names = [*secrets(everything), "nats/nats.conf", "postgres/data/pg_hba.conf"]
    assert [name for name in names if stat.S_IMODE((data / name).stat().st_mode) & 0o077] == []
