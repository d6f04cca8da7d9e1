"""Bringing a database to what this release needs: Alembic for the log, a rebuild for the read models.

Migrations come in two phases (``pre`` before the new code runs, ``post`` after the old is gone); read models are
never altered, they are folded anew. The one rule: migrating twice changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from mingjing_kernel.log import Log
from mingjing_kernel.projection.rebuild import is_current, rebuild
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.definition import Service

LOCK_SECONDS_MAX = 10
PHASES = ("pre", "post")
PROGRESS_SECONDS = 5.0
_aloud = partial(print, flush=True)
"""At once, also into a file."""


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


async def migrate(service: Service, url: str, phase: str | None = None, say: Callable[[str], None] = _aloud) -> None:
    """Bring log and read models up to date. Raises ``DataNewerThanCode``, ``DatabaseUnreachable``."""
    await asyncio.to_thread(_migrate_log, service, url, phase)
    log = Log(url, service.name, service.streams)
    await log.start(writing=False)
    try:
        async with log.pool.acquire() as connection:
            current = await is_current(connection, service.name, service.read_models)
        if current:
            say(f"{service.name}: 读模型已是最新 read models are up to date")
        else:
            events = await rebuild(log, service.read_models, _progress(service, say))
            say(f"{service.name}: 由 {events} 条事件重建读模型 read models rebuilt from {events} events")
    finally:
        await log.stop()


def _progress(service: Service, say: Callable[[str], None]) -> Callable[[int, int], None]:
    """Says now and then how far a long rebuild is: whoever waits for the service must not take it for dead."""
    last = time.monotonic()

    def told(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            say(f"{service.name}: 正在重建读模型 rebuilding read models: {done} / {total}")

    return told


def alembic_config(service: Service, connection: Any = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(service.migrations))
    config.attributes["connection"] = connection
    config.attributes["schema"] = service.name
    return config


def _migrate_log(service: Service, url: str, phase: str | None) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:key))"), {"key": f"{service.name}.migrate"})
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service.name}"'))
            connection.commit()
            config = alembic_config(service, connection)
            _refuse_newer(service, connection, config)
            command.upgrade(config, _target(config, phase))
            connection.commit()
    except Exception as trouble:
        cause = trouble.__cause__ or trouble
        if isinstance(cause, psycopg.OperationalError):
            raise DatabaseUnreachable(service=service.name, reason=str(cause).strip().splitlines()[0]) from trouble
        raise
    finally:
        engine.dispose()


def _refuse_newer(service: Service, connection: Any, config: Config) -> None:
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{service.name}".alembic_version'}) is None:
        return
    for (revision,) in connection.execute(text(f'SELECT version_num FROM "{service.name}".alembic_version')):
        if revision not in known:
            raise DataNewerThanCode(service=service.name, revision=revision)


def _target(config: Config, phase: str | None) -> str:
    """``pre`` stops before the first pending ``post`` migration; anything else goes all the way."""
    if phase != "pre":
        return "head"
    target = "base"
    for script in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
        if "_post_" in script.path.rsplit("/", 1)[-1]:
            break
        target = script.revision
    return target
