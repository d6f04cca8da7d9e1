"""Where a benchmark plays: servers of its own with the product's durable settings, a database that nobody used before.

The one rule: what is measured runs with fsync and synchronous_commit on, as in production.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from mingjing.servers import Nats, Postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What benchmarks understand; each names in ``USES`` what it looks at, and nothing else is taken."""

    seconds: float | None = None
    callers: int | None = None
    preload: int = 0
    events: int | None = None
    fsync_delay_ms: float = 0.0
    progress: Callable[[int, int], None] = lambda done, total: None
    """Told how many events of how many are done, where a benchmark knows."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Addresses of the servers of this run."""

    postgres_url: str
    nats_url: str
    options: Options

    def url_of(self, database: str) -> str:
        """The same server, another database."""
        return urlunsplit(urlsplit(self.postgres_url)._replace(path=f"/{database}"))

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[str]:
        """A fresh database, dropped at the end."""
        connection = await asyncpg.connect(self.postgres_url)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(
                f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'"
            )
            await self._delay_commits(connection, name)
            yield self.url_of(name)
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        finally:
            await connection.close()

    async def _delay_commits(self, connection: asyncpg.Connection, name: str) -> None:
        """PostgreSQL itself waits before each flush: ``commit_delay`` without needing siblings."""
        if self.options.fsync_delay_ms:
            microseconds = int(self.options.fsync_delay_ms * 1_000)
            await connection.execute(f'ALTER DATABASE "{name}" SET commit_delay = {microseconds}')
            await connection.execute(f'ALTER DATABASE "{name}" SET commit_siblings = 0')


@contextmanager
def stage(options: Options, *, nats: bool = False) -> Iterator[Stage]:
    """Servers for one run: those of the environment, or embedded ones in a directory that goes away."""
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mingjing-bench-")))
        place.chmod(0o755)
        postgres_url = os.environ.get("MINGJING_POSTGRES_URL")
        if not postgres_url:
            postgres = stack.enter_context(Postgres(place / "postgres"))
            postgres_url = postgres.url_of("postgres")
        nats_url = os.environ.get("MINGJING_NATS_URL", "")
        if nats and not nats_url:
            nats_url = stack.enter_context(Nats(place / "nats")).url
        yield Stage(postgres_url, nats_url, options)
