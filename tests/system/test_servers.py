"""The embedded servers start after any kind of end, and say what is wrong when they cannot."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

import nats
import psutil
import psycopg
import pytest

from mingjing.servers import Nats, Postgres, places, process
from mingjing.servers.faults import DataDamaged, DirectoryNotWritable, DiskFull, LocaleUnfit, WrongDataVersion
from mingjing.servers.postgres import check_locale


def test_a_server_is_durable(own_postgres: Postgres) -> None:
    with psycopg.connect(own_postgres.url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


def test_a_fresh_database_is_empty_and_classifies_chinese(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables == (0,)
        connection.execute("CREATE EXTENSION pg_trgm")
        trigrams = connection.execute("SELECT cardinality(show_trgm('明镜高悬'))").fetchone()
        assert trigrams is not None
        assert trigrams[0] > 0


async def test_the_broker_is_empty_and_takes_a_stream(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    streams = client.jetstream()
    assert await streams.streams_info() == []
    await streams.add_stream(name="LEFT_BEHIND", subjects=["left.>"])
    await client.close()


async def test_the_next_test_does_not_see_that_stream(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    assert await client.jetstream().streams_info() == []
    await client.close()


def test_postgres_keeps_commits_over_kill_and_returns_on_its_port(own_postgres: Postgres) -> None:
    before = own_postgres.url
    with psycopg.connect(before) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    assert own_postgres.pid is not None
    os.kill(own_postgres.pid, signal.SIGKILL)
    own_postgres.start()
    assert own_postgres.url == before
    with psycopg.connect(before) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_a_second_supervisor_ends_the_orphan_of_the_first(own_postgres: Postgres, own_nats: Nats) -> None:
    orphans = [own_postgres.pid, own_nats.pid]
    heir = Postgres(own_postgres.directory, memory_mib=1024)
    broker = Nats(own_nats.directory)
    with heir, broker:
        assert own_postgres.pid is None
        assert own_nats.pid is None
        assert not {heir.pid, broker.pid} & set(orphans)


def test_a_lock_file_whose_number_went_to_another_program_stops_nothing(own_postgres: Postgres) -> None:
    own_postgres.stop()
    lock = own_postgres.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{own_postgres.data}\n1\n5432\n\n*\n0 0\nready\n")
    own_postgres.start()
    assert own_postgres.pid is not None


def test_a_taken_port_is_left_for_a_free_one(own_postgres: Postgres, own_nats: Nats) -> None:
    for server in (own_postgres, own_nats):
        server.stop()
        port = int((server.directory / "port").read_text())
        with socket.socket() as intruder:
            intruder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            intruder.bind(("127.0.0.1", port))
            intruder.listen()
            server.start()
            assert int((server.directory / "port").read_text()) != port


def test_the_loopback_asks_for_the_password(own_postgres: Postgres) -> None:
    with psycopg.connect(own_postgres.loopback_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    password = (own_postgres.directory / "password").read_text().strip()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(own_postgres.loopback_url.replace(password, "guessed"))


def test_data_of_another_version_is_named_and_untouched(own_postgres: Postgres) -> None:
    own_postgres.stop()
    version = own_postgres.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("9\n")
    with pytest.raises(WrongDataVersion) as caught:
        own_postgres.start()
    assert caught.value.values["found"] == "9"
    version.write_text(ours)


def test_a_directory_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("not a database")
    with pytest.raises(DataDamaged):
        Postgres(tmp_path).start()


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    for server in (Postgres(tmp_path / "taken" / "postgres"), Nats(tmp_path / "taken" / "nats")):
        with pytest.raises(DirectoryNotWritable):
            server.start()


def test_a_full_disk_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FREE_MIB_MIN", shutil.disk_usage(tmp_path).total)
    with pytest.raises(DiskFull):
        Postgres(tmp_path / "postgres").start()
    assert not (tmp_path / "postgres" / "data").exists()


def test_a_database_that_cannot_classify_chinese_is_refused(postgres_admin_url: str) -> None:
    with psycopg.connect(postgres_admin_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE unfit TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try:
            with pytest.raises(LocaleUnfit):
                check_locale(postgres_admin_url.replace("/postgres?", "/unfit?"))
        finally:
            connection.execute("DROP DATABASE unfit WITH (FORCE)")


def test_a_process_number_that_went_to_another_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "identity"
    process.write_identity(path, os.getpid())
    assert process.read_identity(path) == psutil.Process(os.getpid())
    path.write_text(f"{os.getpid()} 1.0\n")
    assert process.read_identity(path) is None
