"""Bringing a database to what this release needs: Alembic for the log, a rebuild for the read models.

Migrations come in two phases (``pre`` before the new code runs, ``post`` after the old is gone); read models are
never altered, they are folded anew. The one rule: migrating twice changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import Any

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from mingjing_kernel.log import Log
from mingjing_kernel.log.merkle import HashName
from mingjing_kernel.log.rights import settle_rights, too_wide
from mingjing_kernel.projection.rebuild import is_current, rebuild
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.definition import Service

LOCK_SECONDS_MAX = 10
PROGRESS_SECONDS = 5.0
_log = structlog.get_logger("mingjing.migrating")
_aloud = partial(print, flush=True)
"""At once, also into a file."""


class Phase(StrEnum):
    """When a migration runs: ``pre`` before the new code, ``post`` after the old code is gone."""

    PRE = "pre"
    POST = "post"


class NotMigrated(Refusal):
    """The database lacks a migration that this release needs."""

    sentence = "The database is not ready for this release of {service}: the migrations {missing} are missing."
    remedy = "Run migrate: mingjing-{service} migrate. Then start again."
    status = 503


class DataNewerThanCode(Refusal):
    """The database was migrated by a later release."""

    sentence = "The data of {service} belongs to a later release (migration {revision}), which this one does not know."
    remedy = "Install the release that wrote it, or restore the backup that was made before the upgrade."
    status = 503


class DatabaseUnreachable(Refusal):
    """PostgreSQL does not answer or refuses us."""

    sentence = "PostgreSQL cannot be reached for {service}: {reason}"
    remedy = "Check MINGJING_POSTGRES_URL, that the server runs, and that this user may connect and create schemas."
    status = 503


def execute(op: Operations, statements: Sequence[str]) -> None:
    """Run a migration's statements, giving up rather than queueing behind a long transaction."""
    op.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS_MAX}s'")
    for statement in statements:
        op.execute(text(statement.replace(":", r"\:")))


async def migrate(
    service: Service,
    url: str,
    phase: Phase | None = None,
    say: Callable[[str], None] = _aloud,
    *,
    hash_name: HashName = "sha256",
    login: str = "",
) -> None:
    """Bring log, rights and read models up to date. Raises ``DataNewerThanCode``, ``DatabaseUnreachable``.

    ``url`` names the owner of the schemas, ``login`` is the URL that the service itself works with. ``hash_name`` is
    for a log that begins now; one that exists keeps the hash it began with.
    """
    await asyncio.to_thread(_migrate_log, service, url, phase, hash_name, login)
    log = Log(url, service.name, service.streams)
    await log.start(writing=False)
    try:
        async with log.pool.acquire() as connection:
            current = await is_current(connection, service.name, service.read_models)
        if current:
            say(f"{service.name}: 读模型已是最新 read models are up to date")
        else:
            done = await rebuild(log, service.read_models, _progress(service, say))
            events = f"由 {done.events} 条事件重建读模型 read models rebuilt from {done.events} events"
            say(f"{service.name}: {events}; {done.sentence()}")
    finally:
        await log.stop()


async def check_migrated(service: Service, url: str) -> None:
    """Whether this release may work on the database, asked at every start.

    Raises ``NotMigrated``, ``DataNewerThanCode``, ``DatabaseUnreachable``. A ``post`` migration may still be due:
    it waits until the old code is gone, and the new code works without it.
    """
    await asyncio.to_thread(_check_log, service, url)


def _progress(service: Service, say: Callable[[str], None]) -> Callable[[int, int], None]:
    """Says now and then how far a long rebuild is: whoever waits for the service must not take it for dead."""
    last = time.monotonic()

    def told(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            say(f"{service.name}: 正在重建读模型 rebuilding read models: {done} / {total}")

    return told


def alembic_config(service: Service, connection: Any = None, hash_name: HashName = "sha256") -> Config:
    """Alembic's configuration, without a file. Migrations read ``schema`` and ``hash`` from its attributes."""
    config = Config()
    config.set_main_option("script_location", str(service.migrations))
    config.attributes["connection"] = connection
    config.attributes["schema"] = service.name
    config.attributes["hash"] = hash_name
    return config


def _migrate_log(service: Service, url: str, phase: Phase | None, hash_name: HashName, login: str) -> None:
    with _connected(service, url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:key))"), {"key": f"{service.name}.migrate"})
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service.name}"'))
        connection.commit()
        config = alembic_config(service, connection, hash_name)
        target = _target(_pending(service, connection, config), phase)
        if target is not None:
            command.upgrade(config, target)
        settle_rights(connection, service.name, login)
        connection.commit()


def _check_log(service: Service, url: str) -> None:
    with _connected(service, url) as connection:
        pending = _pending(service, connection, alembic_config(service))
        user = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = session_user")).mappings().one()
    if more := too_wide(user):
        because = "MINGJING_POSTGRES_URL names a user that is meant for migrate; give it the service's own"
        _log.warning("database.user_may_more", service=service.name, user=user["rolname"], may=more, because=because)
    if missing := [script.revision for script in pending if not _is_post(script)]:
        raise NotMigrated(service=service.name, missing=", ".join(missing))


@contextmanager
def _connected(service: Service, url: str) -> Iterator[Any]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            yield connection
    except Exception as trouble:
        cause = trouble.__cause__ or trouble
        if isinstance(cause, psycopg.OperationalError):
            raise DatabaseUnreachable(service=service.name, reason=str(cause).strip().splitlines()[0]) from trouble
        raise
    finally:
        engine.dispose()


def _pending(service: Service, connection: Any, config: Config) -> list[Script]:
    """The migrations that the database lacks, in the order in which they run. Raises ``DataNewerThanCode``."""
    scripts = list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{service.name}".alembic_version'}) is None:
        return scripts
    numbers = {script.revision: number for number, script in enumerate(scripts)}
    done = -1
    for (revision,) in connection.execute(text(f'SELECT version_num FROM "{service.name}".alembic_version')):
        if revision not in numbers:
            raise DataNewerThanCode(service=service.name, revision=revision)
        done = max(done, numbers[revision])
    return scripts[done + 1 :]


def _target(pending: Sequence[Script], phase: Phase | None) -> str | None:
    """``pre`` stops before the first pending ``post`` migration; anything else goes all the way."""
    target = None
    for script in pending:
        if phase == Phase.PRE and _is_post(script):
            break
        target = script.revision
    return target


def _is_post(script: Script) -> bool:
    """Whether a migration waits for the old code to be gone; its file's name says so."""
    return "_post_" in script.path.rsplit("/", 1)[-1]
