"""Auditing an installation: verify and replay the logs of its services, prove single facts.

The one rule: an audit needs PostgreSQL and the public keys, and none of the services: it works on what is on disk.
"""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from mingjing.allinone import running
from mingjing.installation import Installation
from mingjing.keys import LOGS, missing_public
from mingjing.outside import OutsidePostgres
from mingjing.servers import Postgres
from mingjing_kernel import loop
from mingjing_kernel.audit.check_proof import Checked, check, check_case
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.compare import Compared, compare, dropped_files
from mingjing_kernel.audit.findings import Finding
from mingjing_kernel.audit.keys import load_signer
from mingjing_kernel.audit.note import VerifierKey
from mingjing_kernel.audit.proof import prove
from mingjing_kernel.audit.verify import Verified, verify
from mingjing_kernel.audit.witness import witness_notes
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.logging import configure_logging
from mingjing_kernel.projection.rebuild import Replayed, replay
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service import Service
from mingjing_kernel.service.witnessing import origin_of, read_vkeys
from mingjing_kernel.text import render
from mingjing_kernel.workers import workers

Progress = Callable[[str, int, int], None]
"""Name of the log, events done, events in all."""
KEY_MISSING = "The public key {file} is missing from {directory}: signatures of {log} were not checked."


class NothingToAudit(Refusal):
    """The data directory holds no installation."""

    sentence = "There is no installation in {directory}."
    remedy = "Name the data directory of an installation with --data DIR; a new one is made by: mingjing up"
    status = 503


class LogMissing(Refusal):
    """The database is there, the log is not."""

    sentence = "The database has no log {log}."
    remedy = "Start the services once with: mingjing up. If they ran before, check the name of the database."
    status = 503


class PublicKeyUnreadable(Refusal):
    """A ``.vkey`` file holds something else than public keys."""

    sentence = "The public key file {path} cannot be used: {reason}."
    remedy = "Put the file back from your backup; where the private keys are, delete it: the next start makes it anew."
    status = 503


@dataclass(frozen=True, slots=True)
class Audited:
    """One log: what verifying and replaying it found."""

    verified: Verified
    replayed: Replayed | None

    def document(self) -> dict[str, Any]:
        """For a program."""
        return {
            "size": self.verified.size,
            "root": self.verified.root.hex(),
            "verified": self.verified.is_clean,
            "signatures_checked": self.verified.signatures_checked,
            "findings": [one.en for one in self.verified.findings],
            "replay_differences": self.replayed.differences if self.replayed else None,
        }


def service_of(name: str) -> Service:
    """The composition of a service, imported when it is asked for."""
    found: Service = import_module(f"mingjing_{name}.service").SERVICE
    return found


async def audit_all(url: str, keys: Path) -> Mapping[str, Mapping[str, Any]]:
    """Verify and replay every log of an installation."""
    verified = [await asyncio.to_thread(verify_one, url, name, keys) for name in LOGS]
    return _documents(verified, [await replay_one(url, name) for name in LOGS])


async def audit_side_by_side(url: str, keys: Path) -> Mapping[str, Mapping[str, Any]]:
    """The same on two cores: worth the start of a process where a log is long and the caller is busy too."""
    with workers(1, "spawn") as pool:
        replays = [asyncio.wrap_future(pool.submit(_replay_alone, url, name)) for name in LOGS]
        verified = [await asyncio.to_thread(verify_one, url, name, keys) for name in LOGS]
        replayed = await asyncio.gather(*replays)
    return _documents(verified, replayed)


def _documents(verified: Sequence[Verified], replayed: Sequence[Replayed]) -> Mapping[str, Mapping[str, Any]]:
    audited = map(Audited, verified, replayed)
    return {name: found.document() for name, found in zip(LOGS, audited, strict=True)}


def verify_one(url: str, name: str, keys: Path, progress: Progress | None = None) -> Verified:
    """Recompute one log: leaves, tiles, root, checkpoints, signatures, and what the others witnessed of it.

    A public key that is missing is a finding: a signature that nobody checked proves nothing.
    """
    told = (lambda done, total: progress(name, done, total)) if progress else None
    others = [other for other in LOGS if other != name]
    seen = witness_notes(url, others, origin_of(name))  # before the log itself: they must not be newer than it
    missing = tuple(_key_missing(file, keys) for file in missing_public(keys))
    # With a part of the keys, what the missing one signed would be called forged.
    found = verify(url, name, () if missing else known_keys(keys), told, witnessed=seen)
    if not missing:
        return found
    return replace(found, signatures_checked=False, findings=(*found.findings, *missing))


def _key_missing(file: str, directory: Path) -> Finding:
    values = {"file": file, "directory": directory, "log": file.removesuffix(".vkey")}
    said = render(KEY_MISSING, values, __package__ or "")
    return Finding("key-missing", None, said.zh, said.en)


def _replay_alone(url: str, name: str) -> Replayed:
    """In a process of its own: a replay keeps one core busy."""
    configure_logging("mingjing", "warning")
    return loop.run(replay_one(url, name))


async def replay_one(url: str, name: str, progress: Progress | None = None) -> Replayed:
    """Fold one log anew and compare with the live read models."""
    told = (lambda done, total: progress(name, done, total)) if progress else None
    service = service_of(name)
    async with reading(url, service) as log:
        return await replay(log, service.read_models, told)


@asynccontextmanager
async def reading(url: str, service: Service) -> AsyncIterator[Log]:
    """The service's log, for reading."""
    log = Log(url, service.name, service.streams)
    await log.start(writing=False)
    try:
        yield log
    finally:
        await log.stop()


def known_keys(directory: Path) -> tuple[VerifierKey, ...]:
    """The public keys of all logs, as they lie beside the private ones. Raises ``PublicKeyUnreadable``."""
    found: list[VerifierKey] = []
    for path in sorted(directory.glob("*.vkey")):
        try:
            found += read_vkeys(path)
        except (OSError, ValueError) as unreadable:
            raise PublicKeyUnreadable(path=path, reason=str(unreadable)) from unreadable
    return tuple(found)


@contextmanager
def database(installation: Installation) -> Iterator[str]:
    """The installation's PostgreSQL: the one that runs, or one that runs for as long as the audit takes.

    Raises ``NothingToAudit`` where none was made, and makes none: keys belong to the first start. Raises
    ``LogMissing`` when a log is not in it.
    """
    with _server(installation) as url:
        with psycopg.connect(asyncpg_url(url), autocommit=True) as connection:
            for log in LOGS:
                row = connection.execute("SELECT to_regclass(%s)", (f"{log}.events",)).fetchone()
                if row is None or row[0] is None:
                    raise LogMissing(log=log)
        yield url


@contextmanager
def _server(installation: Installation) -> Iterator[str]:
    if (outside := OutsidePostgres.from_environment()) is not None:
        outside.start()
        yield outside.url
        return
    server = Postgres(installation.postgres)
    if not (server.data / "PG_VERSION").exists():
        raise NothingToAudit(directory=installation.data)
    if running(installation):
        server.attach()
        yield server.url
        return
    with installation.locked(), server:
        yield server.url


class EventUnknown(Refusal):
    """There is no such event in this log."""

    sentence = "The log {log} has no event {position}; it ends at {size}."
    remedy = "Name it as LOG/POSITION, for example funds/1234; the answer to every write names its position."
    status = 404


class ProofFileUnreadable(Refusal):
    """The proof file cannot be read as JSON."""

    sentence = "The proof file {path} cannot be read: {reason}"
    remedy = "Ask whoever gave it to you for the file again, unchanged."
    status = 422


async def prove_one(url: str, name: str, position: int, keys: Path) -> dict[str, Any]:
    """The proof document of one event. Raises ``EventUnknown``."""
    seen = witness_notes(url, [other for other in LOGS if other != name], origin_of(name))
    signer = load_signer(keys / f"{name}-signing.key", origin_of(name))
    async with reading(url, service_of(name)) as log:
        size = await log.head()
        if not 1 <= position <= size:
            raise EventUnknown(log=name, position=position, size=size)
        return await prove(log, position, Checkpointer(log, signer), seen)


async def compare_one(url: str, name: str, keys: Path, folder: Path) -> Compared:
    """Whether one log still extends every checkpoint of it in a folder. Raises ``PublicKeyUnreadable``."""
    async with reading(url, service_of(name)) as log:
        return await compare(log, origin_of(name), dropped_files(folder, origin_of(name)), known_keys(keys))


def case_kinds() -> tuple[str, ...]:
    """The nouns that a case may be about."""
    return tuple(sorted({aggregate.noun for name in LOGS for aggregate in service_of(name).streams}))


def check_file(path: Path, vkeys: Sequence[str], filed: Path | None = None) -> Checked:
    """Check a proof, a receipt or a case file with nothing but public keys. Raises ``ProofFileUnreadable``."""
    try:
        if zipfile.is_zipfile(path):
            return check_case(path, vkeys)
        document = json.loads(path.read_text(encoding="utf-8"))
        said = filed.read_bytes() if filed else None
    except (OSError, ValueError, RecursionError) as unreadable:
        raise ProofFileUnreadable(path=path, reason=str(unreadable)) from unreadable
    return check(document, vkeys, said)
