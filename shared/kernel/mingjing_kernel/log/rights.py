"""What a service's own user of PostgreSQL may do, made so at every ``migrate``.

The one rule: whoever breaks into a service has what the service has and nothing more: its own schemas, no UPDATE or
DELETE on its log, no other service's tables, no file and no program of the machine. Tables grant this in their
migrations (``schema.py``); this file looks after the user itself, which is no part of any schema.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from mingjing_kernel.log.schema import read_schema_of, role_of

CONNECTIONS_MAX = 64
"""Of one service at once: three processes with their pools; what runs away does not take the others' share."""
_WANTED = {
    "rolsuper": "NOSUPERUSER",
    "rolcreatedb": "NOCREATEDB",
    "rolcreaterole": "NOCREATEROLE",
    "rolreplication": "NOREPLICATION",
    "rolbypassrls": "NOBYPASSRLS",
}
_LOCK = "mingjing.rights"


def settle_rights(connection: Connection, schema: str, login: str = "") -> None:
    """Make the service's user what it should be; ``connection`` is the owner's, and its transaction is used.

    ``login`` is the URL that the service itself is given. Where it names the service's own user, that user may log in
    with the password that stands in it; where it names somebody else, the service steps down to its user after login.
    """
    role = role_of(schema)
    # Four services settle theirs at once, and rights on the database are one row.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": _LOCK})
    if not _narrow(connection, role):
        return  # the first migration, which makes the user, is not due yet
    for statement in (
        f'ALTER ROLE "{role}" SET search_path TO "{read_schema_of(schema)}", "{schema}"',
        f'GRANT SELECT ON "{schema}".alembic_version TO "{role}"',
        *_database_rights(connection, role),
    ):
        connection.execute(text(statement))
    _let_in(connection, role, login)


def too_wide(row: Any) -> list[str]:
    """What a user (a row of ``pg_roles``) may do that no service needs."""
    return [name.removeprefix("rol") for name in _WANTED if row[name]]


def _narrow(connection: Connection, role: str) -> bool:
    """Take from the user what no service needs; whether there is such a user."""
    columns = ", ".join(_WANTED)
    found = connection.execute(
        text(f"SELECT {columns}, rolconnlimit FROM pg_roles WHERE rolname = :role"), {"role": role}
    ).mappings().one_or_none()  # fmt: skip
    if found is None:
        return False
    changes = [_WANTED[name] for name in _WANTED if found[name]]  # to take what is not there needs rights of its own
    if found["rolconnlimit"] != CONNECTIONS_MAX:
        changes.append(f"CONNECTION LIMIT {CONNECTIONS_MAX}")
    if changes:
        connection.execute(text(f'ALTER ROLE "{role}" {" ".join(changes)}'))
    return True


def _database_rights(connection: Connection, role: str) -> list[str]:
    """Who may enter the database, as far as it is ours to say: else PostgreSQL only warns."""
    database = str(connection.scalar(text("SELECT current_database()"))).replace('"', '""')
    return [
        f'REVOKE CONNECT, TEMPORARY ON DATABASE "{database}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{database}" TO "{role}"',
    ]


def _let_in(connection: Connection, role: str, login: str) -> None:
    """Login with the password of the service's URL; the server gets its SCRAM verifier, never the password."""
    url = make_url(login) if login else None
    if url is None or url.username != role:
        return
    statement = f'ALTER ROLE "{role}" LOGIN'
    if url.password:
        driver: Any = connection.connection.driver_connection
        verifier = driver.pgconn.encrypt_password(str(url.password).encode(), role.encode(), b"scram-sha-256").decode()
        statement += f" PASSWORD '{verifier}'"  # base64, $ and : only
    connection.execute(text(statement.replace(":", r"\:")))
