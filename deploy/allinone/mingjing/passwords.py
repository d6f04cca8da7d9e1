"""Passwords for services that run on machines of their own: a file each, made once, for its owner alone.

The one rule: nobody writes a password by hand, into a command or into an environment that others inherit. Services
read ``MINGJING_…_FILE``; PostgreSQL its own; NATS an environment of its own.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from mingjing.servers.nats_users import CALLER, OPERATOR, SERVICES

POSTGRES, NATS = "postgres:5432", "nats:4222"
"""As ``deploy/compose.yaml`` calls them."""
DATABASE = "mingjing"
NATS_ENVIRONMENT = "nats.env"


def make_passwords(directory: Path, postgres: str = POSTGRES, nats: str = NATS) -> list[str]:
    """The files that are not there, with passwords of their own; returns their names.

    Files that share a password (a service's URL and the server's list) are made together or not at all.
    """
    made: list[str] = []
    if not (directory / "postgres_password").exists():
        made += _write(directory, _postgres(postgres))
    if not (directory / NATS_ENVIRONMENT).exists():
        made += _write(directory, _nats(nats))
    return made


def _postgres(address: str) -> Mapping[str, str]:
    owner = _password()
    return {
        **{
            f"{service}_postgres_url": f"postgresql://mingjing_{service}:{_password()}@{address}/{DATABASE}"
            for service in SERVICES
        },
        "postgres_admin_url": f"postgresql://postgres:{owner}@{address}/{DATABASE}",
        "postgres_password": owner,
    }


def _nats(address: str) -> Mapping[str, str]:
    known = {user: _password() for user in (OPERATOR, *SERVICES, CALLER)}
    variables = "".join(
        f"NATS{'' if user == OPERATOR else '_' + user.upper()}_PASSWORD={password}\n"
        for user, password in known.items()
    )  # fmt: skip
    return {
        **{f"{service}_nats_url": f"nats://{service}:{known[service]}@{address}" for service in SERVICES},
        "nats_admin_url": f"nats://{OPERATOR}:{known[OPERATOR]}@{address}",
        NATS_ENVIRONMENT: variables,
    }


def _password() -> str:
    """A letter first: what looks like a number, the configuration of NATS takes for one."""
    return "p" + secrets.token_hex(20)


def _write(directory: Path, files: Mapping[str, str]) -> list[str]:
    for name, text in files.items():
        handle = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(text if text.endswith("\n") else text + "\n")
    return list(files)
