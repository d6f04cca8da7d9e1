"""What keeps the command from starting is said in both languages, with what to do, and never as a traceback."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chaos.box import Box
from chaos.drill import Drill
from mingjing.keys import complete
from mingjing.servers import Postgres

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(200)]
UNAVAILABLE = 69
REFUSED = 2
SECONDS_MAX = 90
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")


def up(data: Path) -> tuple[int, str]:
    """``mingjing up`` to its end: exit code and everything that it said."""
    return said([sys.executable, "-m", "mingjing", "up", "--data", str(data)], {})


def said(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """A command to its end."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MINGJING_")}
    ended = subprocess.run(
        command, env={**ours, **environment}, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


def assert_helpful(text: str, *words: str) -> None:
    """A person can act on it."""
    assert "Traceback" not in text
    assert CHINESE.search(text), text
    assert ENGLISH.search(text), text
    for word in words:
        assert word in text, text


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with keys and nothing else yet."""
    complete(tmp_path / "data" / "keys")
    return tmp_path / "data"


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    code, text = up(tmp_path / "file")
    assert code == UNAVAILABLE
    assert_helpful(text, str(tmp_path / "file"), "--data")


def test_data_of_another_version_of_postgresql(data: Path) -> None:
    (data / "postgres" / "data").mkdir(parents=True)
    (data / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    code, text = up(data)
    assert code == UNAVAILABLE
    assert_helpful(text, "PostgreSQL 9", "pg_upgrade")


def test_a_damaged_key(data: Path) -> None:
    (data / "keys" / "sealing.key").write_text("garbage")
    code, text = up(data)
    assert code == UNAVAILABLE
    assert_helpful(text, "sealing.key")


def test_lost_keys(data: Path) -> None:
    (data / "postgres" / "data").mkdir(parents=True)
    (data / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    (data / "keys" / "index.key").unlink()
    code, text = up(data)
    assert code == UNAVAILABLE
    assert_helpful(text, "index.key")
    assert not (data / "keys" / "index.key").exists()


@contextmanager
def mounted(directory: Path, size: str) -> Iterator[Path]:
    """A file system in memory, where we may mount one; elsewhere the test is skipped."""
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as refused:
        pytest.skip(f"only who may mount can make a full disk: {refused}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def test_a_full_disk(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "64m") as disk:
        code, text = up(disk / "data")
        assert code == UNAVAILABLE
        assert_helpful(text, "MiB", "--data")
        assert not (disk / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("command", "url", "word"),
    [
        ("serve", "", "MINGJING_POSTGRES_URL"),
        ("migrate", "mysql://x:hidden@127.0.0.1/d", "postgresql://"),
        *((command, "postgresql://x:hidden@127.0.0.1:1/d", "registry") for command in ("serve", "migrate", "relay")),
    ],
)
def test_a_service_alone_without_its_database(command: str, url: str, word: str) -> None:
    code, text = said([sys.executable, "-m", "mingjing_registry", command], {"MINGJING_POSTGRES_URL": url})
    assert code == REFUSED
    assert_helpful(text, word)
    assert "hidden" not in text


async def test_a_second_command_in_the_same_directory(drill: Drill) -> None:
    code, text = await asyncio.to_thread(up, drill.box.data)
    assert code == UNAVAILABLE
    assert drill.box.child is not None
    assert_helpful(text, str(drill.box.child.pid), f"kill {drill.box.child.pid}")


async def test_what_a_service_refuses_is_repeated(drill: Drill) -> None:
    """Data of a later release, and a signing key that cannot be read: the service knows, the command says it."""
    box = drill.box
    assert await asyncio.to_thread(box.stop) == 0
    key = box.installation.keys / "inspection-signing.key"
    whole = key.read_bytes()
    known = ""
    try:
        known = await asyncio.to_thread(set_revision, box, "9999")
        code, text = await asyncio.to_thread(up, box.data)
        assert code == UNAVAILABLE
        assert_helpful(text, "funds", "9999")
        await asyncio.to_thread(set_revision, box, known)
        key.write_bytes(b"garbage")
        code, text = await asyncio.to_thread(up, box.data)
        assert code == UNAVAILABLE
        assert_helpful(text, str(key))
    finally:
        key.write_bytes(whole)
        if known:
            await asyncio.to_thread(set_revision, box, known)
        await asyncio.to_thread(box.start)
    await drill.assert_all_is_well()


def set_revision(box: Box, revision: str) -> str:
    """What a later release would have written; returns what stood there."""
    with Postgres(box.installation.postgres) as server, psycopg.connect(server.url) as connection:
        known = connection.execute("SELECT version_num FROM funds.alembic_version").fetchone()
        connection.execute("UPDATE funds.alembic_version SET version_num = %s", (revision,))
    assert known is not None
    return str(known[0])
