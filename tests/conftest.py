"""Real servers for every test that wants them, in one of three ways, all running the same tests.

The one rule: a test gets a database and a broker that nobody used before it. URLs in the environment come first
(``MINGJING_POSTGRES_URL``, ``MINGJING_NATS_URL``), then testcontainers if a Docker engine answers, then the
embedded wheels.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import nats
import psycopg
import pytest
import structlog
from hypothesis import settings
from psycopg import sql
from structlog.testing import LogCapture
from xdist.scheduler import LoadScopeScheduling

from mingjing.servers import Nats, Postgres
from mingjing.servers.postgres import check_locale

os.environ.setdefault("MINGJING_TOKEN_GRANTS", "all")
"""Most tests mint the token of whoever they need; what a person's token may not say is tested in kernel/access."""

# No test fails because the machine is busy.
settings.register_profile("without-a-clock", deadline=None)
settings.load_profile("without-a-clock")

_POSTGRES_IMAGE = "postgres:18"
_NATS_IMAGE = "nats:2.15"
_DOCKER_SECONDS_MAX = 2
_LONGEST = (
    "tests/chaos/",
    "tests/system/test_demo.py",
    "tests/console/",
    "tests/fuzz/",
    "tests/scopes/",
    "tests/funds/test_county_over_http.py",
)
"""What a process should begin with, when tests are shared out: whatever is begun last must be short."""
_MEMORY_MIB = 1024
"""What the tests' PostgreSQL sizes its buffers for: several test runs share a machine."""


class _Shares(LoadScopeScheduling):  # type: ignore[misc]  # the library has no types
    """What is never divided between two processes: a file (its tests share servers, and some go on where the one
    before ended), and the fault drills, which share one box and must not meet a second.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/chaos" if file.startswith("tests/chaos/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Only for the whole suite (``mingjing test``); whoever asks for another division gets it."""
    return _Shares(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first, in every process alike."""
    if config.getoption("dist", "no") != "no" or os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@dataclass
class Databases:
    """Makes databases that are fresh, or copies of a prepared one: some 30 ms each."""

    admin_url: str
    strategy: str = "wal_log"
    """How PostgreSQL copies a template; ``file_copy`` is faster by half, and slower by far where files are flushed."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _templates: dict[str, str] = field(default_factory=dict)

    def fresh(self, template: str = "template0") -> str:
        """The URL of a new database; give it back with ``drop``."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        options = (
            sql.SQL(" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'") if template == "template0" else sql.SQL("")
        )
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template)))
            + options
            + sql.SQL(" STRATEGY {}").format(sql.Identifier(self.strategy))
        )
        return with_database(self.admin_url, name)

    def prepared(self, key: str, prepare: Callable[[str], None]) -> str:
        """A copy of the database that ``prepare(url)`` filled once in this session (migrations, fixed data).

        ``prepare`` must close its connections: PostgreSQL copies only a database that nobody is in.
        """
        if key not in self._templates:
            url = self.fresh()
            prepare(url)
            self._templates[key] = database_of(url)
        return self.fresh(self._templates[key])

    def drop(self, url: str) -> None:
        """Remove a database, ending what is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_of(url))))

    def drop_templates(self) -> None:
        """At the end of the session; only matters on a server that outlives it."""
        for name in self._templates.values():
            self.drop(with_database(self.admin_url, name))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)


def with_database(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def database_of(url: str) -> str:
    """The database that a URL names."""
    return urlsplit(url).path.removeprefix("/")


def with_options(url: str, **options: str) -> str:
    """The URL with more connection options, such as ``application_name``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **options})))


@pytest.fixture(scope="session")
def postgres_admin_url() -> Iterator[str]:
    """A superuser's URL on whichever PostgreSQL there is; tests want ``postgres_url`` instead."""
    if url := os.environ.get("MINGJING_POSTGRES_URL"):
        yield url
    elif docker_answers():
        yield from _postgres_container()
    else:
        # Not below pytest's own directory: every new session of pytest closes that to the account that the server
        # runs under, and a checkpoint of a running one then ends in a panic.
        with (
            tempfile.TemporaryDirectory(prefix="mingjing-tests-") as directory,
            Postgres(Path(directory), memory_mib=_MEMORY_MIB) as server,
        ):
            _need_not_last(server.url_of("postgres"))
            yield server.url_of("postgres")


@pytest.fixture(scope="session")
def databases(postgres_admin_url: str) -> Iterator[Databases]:
    """Fresh databases, as many as a test needs: ``databases.fresh()``, ``databases.prepared(key, prepare)``."""
    check_locale(postgres_admin_url)
    made = Databases(postgres_admin_url, "wal_log" if _is_flushed(postgres_admin_url) else "file_copy")
    yield made
    made.drop_templates()


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """An empty database of this test's own."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_postgres_url(databases: Databases) -> Iterator[str]:
    """An empty database that the tests of one module share."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def nats_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A URL of whichever NATS there is; tests want ``nats_url``, which is empty."""
    if url := os.environ.get("MINGJING_NATS_URL"):
        yield url
    elif docker_answers():
        yield from _nats_container()
    else:
        with Nats(tmp_path_factory.mktemp("nats")) as server:
            yield server.url


@pytest.fixture
def nats_url(nats_server_url: str) -> Iterator[str]:
    """A NATS with JetStream in which no stream exists."""
    asyncio.run(_delete_streams(nats_server_url))
    yield nats_server_url
    asyncio.run(_delete_streams(nats_server_url))


@pytest.fixture(scope="module")
def module_nats_url(nats_server_url: str) -> Iterator[str]:
    """The same for all tests of one module."""
    asyncio.run(_delete_streams(nats_server_url))
    yield nats_server_url
    asyncio.run(_delete_streams(nats_server_url))


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A running PostgreSQL of this test's own, to be killed, restarted or damaged."""
    with Postgres(tmp_path / "postgres", memory_mib=_MEMORY_MIB) as server:
        yield server


@pytest.fixture
def own_nats(tmp_path: Path) -> Iterator[Nats]:
    """A running NATS of this test's own, to be killed, restarted or emptied."""
    with Nats(tmp_path / "nats") as server:
        yield server


@pytest.fixture
def said_by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Hear what a module's logger says from now on, whatever tests before made of the process's own logging:
    ``lines = said_by("package.module", "_log")``.
    """

    def hear(module: str, logger: str = "_log") -> list[Any]:
        capture = LogCapture()
        ours = structlog.wrap_logger(None, processors=[capture], wrapper_class=structlog.BoundLogger)
        monkeypatch.setattr(f"{module}.{logger}", ours)
        return capture.entries

    return hear


def _need_not_last(url: str) -> None:
    """Nobody kills the server that tests share, and nothing on it is wanted after them; killed ones are durable."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def _is_flushed(url: str) -> bool:
    """Whether the server waits for the disk."""
    with psycopg.connect(url) as connection:
        return connection.execute("SHOW fsync").fetchone() == ("on",)


async def _delete_streams(url: str) -> None:
    client = await nats.connect(url)
    try:
        for stream in await client.jetstream().streams_info():
            await client.jetstream().delete_stream(stream.config.name or "")
    finally:
        await client.close()


@functools.cache
def docker_answers() -> bool:
    """Whether a Docker engine is there, by its own ping; asked once."""
    place = urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    family, address = (
        (socket.AF_UNIX, place.path)
        if place.scheme == "unix"
        else (socket.AF_INET, (place.hostname or "127.0.0.1", place.port or 2375))
    )
    try:
        with socket.socket(family) as engine:
            engine.settimeout(_DOCKER_SECONDS_MAX)
            engine.connect(address)
            engine.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in engine.recv(64)
    except OSError:
        return False


def _postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

    container = PostgresContainer(_POSTGRES_IMAGE, driver=None)
    container.with_env("POSTGRES_INITDB_ARGS", "--locale=C --lc-ctype=C.UTF-8 --encoding=UTF8")
    with container as server:
        yield server.get_connection_url()


def _nats_container() -> Iterator[str]:
    from testcontainers.community.nats import NatsContainer  # noqa: PLC0415

    with NatsContainer(_NATS_IMAGE, jetstream=True) as server:
        yield server.nats_uri()
