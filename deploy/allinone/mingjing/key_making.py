"""Makes the keys of a first start: sealing, blind index, and a signer a log with its public half beside it.

The one rule: a file is there whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from mingjing.keys import LOGS, SEALING
from mingjing_kernel.audit.keys import load_signer, make_signing_key
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service.witnessing import origin_of

_WRITTEN_WITH_KEYS = ("checkpoints", "subject_keys")
"""Rows in one of these tables need the keys that were there when they were written."""


def make_keys(directory: Path, names: Iterable[str]) -> None:
    """Make the key files of these names: ``sealing.key``, ``funds-signing.key``, …"""
    for name in names:
        if name.removesuffix(".key") in SEALING:
            make_key_file(directory / name)
        else:
            make_signing_key(directory / name)


def make_public(directory: Path, names: Iterable[str]) -> None:
    """Write ``<log>.vkey``, the public half of each log's key, from the private one."""
    for name in names:
        log = name.removesuffix(".vkey")
        signer = load_signer(directory / f"{log}-signing.key", origin_of(log))
        draft = directory / f".{name}.{os.getpid()}"
        draft.write_text(f"{signer.vkey.encode()}\n{signer.cosigner_vkey.encode()}\n", encoding="utf-8")
        draft.replace(directory / name)


def was_written(url: str) -> bool:
    """Whether a service has written to this database with keys."""
    with psycopg.connect(url, autocommit=True) as connection:
        return any(_has_rows(connection, log, table) for log in LOGS for table in _WRITTEN_WITH_KEYS)


def _has_rows(connection: psycopg.Connection, schema: str, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", (f"{schema}.{table}",)).fetchone()
    if found is None or found[0] is None:
        return False
    query = sql.SQL("SELECT EXISTS (SELECT FROM {}.{})").format(sql.Identifier(schema), sql.Identifier(table))
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
