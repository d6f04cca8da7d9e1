"""Auditing an installation: verify and replay the logs of its services, prove single facts.

The one rule: an audit needs PostgreSQL and the public keys, and none of the services: it works on what is on disk.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from mingjing.allinone import running
from mingjing.installation import Installation
from mingjing.keys import LOGS
from mingjing.outside import OutsidePostgres
from mingjing.servers import Postgres
from mingjing_kernel.audit.note import VerifierKey, parse_vkey
from mingjing_kernel.audit.verify import Verified, verify
from mingjing_kernel.log import Log
from mingjing_kernel.projection.rebuild import Replayed, replay
from mingjing_kernel.service import Service

Progress = Callable[[str, int, int], None]
"""Name of the log, events done, events in all."""


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
            "findings": [one.en for one in self.verified.findings],
            "replay_differences": self.replayed.differences if self.replayed else None,
        }


def service_of(name: str) -> Service:
    """The composition of a service, imported when it is asked for."""
    found: Service = import_module(f"mingjing_{name}.service").SERVICE
    return found


async def audit_all(url: str, keys: Path, progress: Progress | None = None) -> Mapping[str, Mapping[str, Any]]:
    """Verify and replay every log of an installation."""
    found = {}
    for name in LOGS:
        verified = await asyncio.to_thread(verify_one, url, name, keys, progress)
        found[name] = Audited(verified, await replay_one(url, name, progress)).document()
    return found


def verify_one(url: str, name: str, keys: Path, progress: Progress | None = None) -> Verified:
    """Recompute one log: leaves, tiles, root, checkpoints, signatures, and what the others witnessed of it."""
    told = (lambda done, total: progress(name, done, total)) if progress else None
    return verify(url, name, known_keys(keys), told)


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
    """The public keys of all logs, as they lie beside the private ones."""
    return tuple(
        parse_vkey(line) for path in sorted(directory.glob("*.vkey")) for line in path.read_text("utf-8").splitlines()
    )


@contextmanager
def database(installation: Installation) -> Iterator[str]:
    """The installation's PostgreSQL: the one that runs, or one that runs for as long as the audit takes."""
    if url := os.environ.get(OutsidePostgres.variable):
        yield url
        return
    server = Postgres(installation.postgres)
    if running(installation):
        server.attach()
        yield server.url
        return
    with installation.locked(), server:
        yield server.url
