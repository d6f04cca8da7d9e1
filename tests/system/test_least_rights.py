"""A service's user of PostgreSQL can do what the service does, and nothing that a burglar would want besides."""

from __future__ import annotations

import asyncio
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from mingjing.auditing import service_of
from mingjing.servers import Postgres
from mingjing_kernel.log import Log
from mingjing_kernel.log.rights import CONNECTIONS_MAX
from mingjing_kernel.log.schema import role_of
from mingjing_kernel.projection import Runner
from mingjing_kernel.projection.runner import live_store
from mingjing_kernel.service.migrating import check_migrated, migrate

SERVICES = ("funds", "registry")
APPENDED = ("events", "commands", "tiles", "checkpoints", "segments")


def quiet(_: str) -> None:
    """A migration says what it does."""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """Two services beside each other, each with a user of its own."""
    # Not below pytest's own directory, which every new session closes to the account that the server runs under.
    with tempfile.TemporaryDirectory(prefix="mingjing-tests-") as place, Postgres(Path(place), memory_mib=1024) as made:
        for name in SERVICES:
            asyncio.run(migrate(service_of(name), made.url, say=quiet, login=made.service_url(name)))
        yield made


@pytest.fixture
def funds(server: Postgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.service_url("funds"), autocommit=True) as connection:
        yield connection


FORBIDDEN = [
    # Another service's facts, tables and sealed people.
    "SELECT * FROM registry.events",
    "SELECT * FROM registry_read.projection",
    "SELECT * FROM registry.subject_keys",
    "INSERT INTO registry.head DEFAULT VALUES",
    # The log that is its own.
    *(f"{act} funds.{table}" for table in APPENDED for act in ("UPDATE", "DELETE FROM", "TRUNCATE")),
    "DELETE FROM funds.head",
    "TRUNCATE funds.head",
    "ALTER TABLE funds.events DISABLE TRIGGER ALL",
    "DROP TRIGGER append_only ON funds.events",
    "ALTER TABLE funds.events DROP COLUMN leaf",
    "ALTER TABLE funds.events OWNER TO mingjing_funds",
    "SET session_replication_role = replica",
    # Structure.
    "DROP TABLE funds.events",
    "DROP SCHEMA funds CASCADE",
    "CREATE TABLE funds.mine (n int)",
    "CREATE TABLE public.mine (n int)",
    "CREATE TEMPORARY TABLE mine (n int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE EXTENSION postgres_fdw",
    "CREATE OR REPLACE FUNCTION funds.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    # The machine.
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY funds.head FROM PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_reload_conf()",
    # Other people.
    "SET ROLE postgres",
    "SET ROLE mingjing_registry",
    "SET SESSION AUTHORIZATION mingjing_registry",
    "CREATE ROLE mine SUPERUSER",
    "ALTER ROLE mingjing_funds SUPERUSER",
    "ALTER ROLE mingjing_funds CONNECTION LIMIT -1",
    "ALTER ROLE mingjing_registry PASSWORD 'mine'",
    "GRANT mingjing_registry TO mingjing_funds",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' LIMIT 1",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_services_user_is_refused(funds: psycopg.Connection, server: Postgres, statement: str) -> None:
    if statement.startswith("UPDATE"):
        column = funds.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (statement.split()[1],)
        ).fetchone()
        assert column
        statement = f"{statement} SET {column[0]} = {column[0]}"
    # Somebody else is there, to be ended.
    with psycopg.connect(server.url), pytest.raises(errors.InsufficientPrivilege):
        funds.execute(statement.encode())


def test_a_services_user_is_nobody_of_importance(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolcanlogin, rolconnlimit,"
            " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = %s",
            (role_of("funds"),),
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", (role_of("funds"),)
        ).fetchone()
    assert row == (False, False, False, False, False, True, CONNECTIONS_MAX, 0)
    assert owned == (0,)


def test_nobody_comes_in_without_a_password_by_socket_or_loopback(server: Postgres) -> None:
    socket = server.url.partition("?")[2]
    password = server.service_url("registry").partition(":")[2].partition(":")[2].partition("@")[0]
    for url in (
        f"postgresql://postgres@/{server.database}?{socket}",
        f"postgresql://mingjing_funds@/{server.database}?{socket}",
        f"postgresql://mingjing_funds:{password}@/{server.database}?{socket}",  # another service's
        server.loopback_url.replace("postgres:", "postgres:not"),
    ):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url)
    secrets = [path for path in server.directory.iterdir() if "password" in path.name]
    assert len(secrets) == 1 + len(SERVICES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


async def test_with_these_rights_a_service_writes_reads_and_folds(
    server: Postgres, said_by: Callable[..., list[Any]]
) -> None:
    service, url = service_of("funds"), server.service_url("funds")
    said = said_by("mingjing_kernel.service.migrating")
    await check_migrated(service, url)
    assert [one for one in said if one["event"] == "database.user_may_more"] == []
    await check_migrated(service, server.url)
    assert [one["may"] for one in said] == [["super", "createdb", "createrole", "replication", "bypassrls"]]
    log = Log(url, "funds", service.streams)
    await log.start()
    runner = Runner(log, live_store(log, service.read_models))
    await runner.start()
    try:
        head = await log.head()
        assert await log.pool.fetchval("SELECT current_user = session_user")
        await runner.wait_for(head)
    finally:
        await runner.stop()
        await log.stop()


def test_data_of_a_release_that_trusted_the_socket_goes_on_behind_passwords(tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres", memory_mib=1024) as old:
        with psycopg.connect(old.url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
        before = old.url
    (old.data / "pg_hba.conf").write_text("local all all trust\n")
    (old.directory / "password").unlink()
    with Postgres(tmp_path / "postgres", memory_mib=1024) as new:
        assert new.url.split("@")[0] != before.split("@")[0]
        with psycopg.connect(new.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres@/{new.database}?{new.url.partition('?')[2]}")


def test_the_names_of_users_are_the_kernels(server: Postgres) -> None:
    assert server.service_url("funds").startswith(f"postgresql://{role_of('funds')}:")
