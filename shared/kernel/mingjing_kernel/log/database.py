"""Connections: one way to reach PostgreSQL, under the service's role and its search path.

The one rule: what runs a service never holds more rights than the role that the migrations made for it.
"""

from __future__ import annotations

import traceback
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mingjing_kernel.log.schema import read_schema_of, role_of

POOL_CONNECTIONS_MAX = 8
CONNECT_SECONDS_MAX = 10.0
COMMAND_SECONDS_MAX = 60.0
STATEMENT_BYTES_MAX = 65_536
"""Longer statements are prepared anew each time; what a page of facts writes to many lists is one statement."""

_AWAY = (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
         asyncpg.CannotConnectNowError, asyncpg.InsufficientResourcesError,
         asyncpg.ReadOnlySQLTransactionError, asyncpg.InternalClientError)  # fmt: skip
"""What PostgreSQL or the driver says when the server goes, comes, is full, or hands over to another."""


def is_away(error: BaseException) -> bool:
    """Whether an error says that PostgreSQL is not to be had at the moment, rather than that something is wrong."""
    if isinstance(error, DBAPIError):
        cause = error.orig and error.orig.__cause__
        return error.connection_invalidated or bool(cause and is_away(cause))
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error)  # the others are mistakes in how the driver is used
    if isinstance(error, OSError):  # a socket that is gone, a time limit: only where the driver met it
        frames = traceback.walk_tb(error.__traceback__)
        return any("asyncpg" in frame.f_code.co_filename for frame, _ in frames)
    return isinstance(error, _AWAY)


def asyncpg_url(url: str) -> str:
    """The plain form of a PostgreSQL URL (``postgresql://``), whatever driver it names."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def server_settings(schema: str) -> dict[str, str]:
    """What every connection of a service is told when it opens."""
    return {
        "search_path": f'"{read_schema_of(schema)}","{schema}"',
        "application_name": f"mingjing-{schema}",
        "role": role_of(schema),
        "timezone": "UTC",
        # A forgotten transaction must not stop the log: the head row is held for milliseconds only.
        "idle_in_transaction_session_timeout": "60s",
        "jit": "off",
        "plan_cache_mode": "force_generic_plan",
    }


async def connect(url: str, schema: str, **settings: str) -> Any:
    """One connection of its own: for the scribe, a runner, a listener. ``settings`` prevail over the usual ones."""
    return await asyncpg.connect(
        asyncpg_url(url),
        server_settings={**server_settings(schema), **settings},
        timeout=CONNECT_SECONDS_MAX,
        command_timeout=COMMAND_SECONDS_MAX,
        max_cacheable_statement_size=STATEMENT_BYTES_MAX,
    )


class _Pooled(asyncpg.Connection):
    """Goes back to the pool as it is: nobody locks, listens or sets anything on it beyond a transaction, which is ended
    all the same. The statement that would undo such things costs a round trip for each read.
    """

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""


async def make_pool(url: str, schema: str) -> Any:
    """A pool for short reads and the broker's bookkeeping. Whoever needs a session of her own asks ``connect``."""
    return await asyncpg.create_pool(
        asyncpg_url(url),
        min_size=1,
        max_size=POOL_CONNECTIONS_MAX,
        connection_class=_Pooled,
        server_settings=server_settings(schema),
        timeout=CONNECT_SECONDS_MAX,
        command_timeout=COMMAND_SECONDS_MAX,
    )


def make_engine(url: str, schema: str) -> AsyncEngine:
    """SQLAlchemy over the same database: queries over read models.

    Planned for the values at hand: what is wanted of a list, and how far the reader's scope reaches, decides which
    index is the right one, and a plan for any value is the wrong one for most.
    """
    engine = create_async_engine(
        "postgresql+asyncpg://",
        # One way to connect for all of us: SQLAlchemy's own knows neither sslmode nor sslrootcert in a URL.
        async_creator=partial(connect, url, schema, plan_cache_mode="force_custom_plan"),
        # Kept once they are open: one beyond the pool's size is thrown away after each use, and to open another costs a
        # process of the server and a look into its types: under a rush more than what was asked.
        pool_size=2 * POOL_CONNECTIONS_MAX,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error in our log must not carry somebody's name
    )
    engine.sync_engine.dialect.do_ping = _is_open  # type: ignore[method-assign]
    return engine


def _is_open(dbapi_connection: Any) -> bool:
    """Whether a pooled connection is good for another question, as the log's own pool sees it: a server that went away
    has closed its socket. To ask the server takes three round trips, and the question itself asks it anyway.
    """
    return not dbapi_connection.driver_connection.is_closed()


def in_short(trouble: BaseException) -> str:
    """A database error in one line for our own log, without the row that PostgreSQL quotes: it may hold a name."""
    words = str(trouble.args[0]) if trouble.args else ""
    return f"{type(trouble).__name__}: {words.partition(chr(10))[0][:200]}"
