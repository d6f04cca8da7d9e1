"""The embedded PostgreSQL: made at first start, durable always, found again after any kind of end.

The one rule: an acknowledged commit survives. No setting here trades durability for speed, and a server that still
runs from before is shut down properly before its data is touched.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from mingjing.servers import engines, places, process
from mingjing.servers.engines import PostgresEngine
from mingjing.servers.faults import (
    DataDamaged,
    DirectoryNotWritable,
    DiskFull,
    LocaleUnfit,
    PortTaken,
    ServerFault,
    StartFailed,
    WrongDataVersion,
)

DATABASE = "mingjing"
_SUPERUSER = "postgres"
_PASSWORD = "password"
"""The file with the superuser's; as old as the data."""
_SERVICE_USER = "mingjing_{}"
"""``role_of`` in the kernel; importing that would cost every command of ours a second."""
_SOCKET_PATH_BYTES_MAX = 107
"""``sun_path`` in sys/un.h holds 108 with its final zero."""
_START_SECONDS_MAX = 300
"""Crash recovery of a full 4 GiB of WAL on a slow disk ends well before this."""
_STOP_SECONDS_MAX = 30
_PORT_TRIES_MAX = 5
_MIB = 1 << 20


class Postgres:
    """One server below ``directory``; ``start`` and ``stop`` may be called again and again."""

    recovers_from_full_disk = True
    """It tries to write again."""

    def __init__(self, directory: Path, *, memory_mib: int | None = None, database: str = DATABASE) -> None:
        """``memory_mib``: what to size for, default all that this machine or container has."""
        self.directory = directory.resolve()
        self.database = database
        self._memory_mib = memory_mib or _memory_mib()
        self._account = places.server_account()
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.directory / "data"

    @property
    def url(self) -> str:
        """The superuser's URL over the socket: for migrations and audits."""
        return self.url_of(self.database)

    def service_url(self, service: str) -> str:
        """The URL of a service's own user; its password is made at the first call, and set by ``migrate``."""
        return self._over_socket(_SERVICE_USER.format(service), self._secret(f"{service}.password"), self.database)

    @property
    def loopback_url(self) -> str:
        """The same over 127.0.0.1 with a password, for tools that know no sockets."""
        return f"postgresql://{_SUPERUSER}:{self._secret(_PASSWORD)}@127.0.0.1:{self._port}/{self.database}"

    def url_of(self, database: str) -> str:
        """The superuser's socket URL of another database of this server."""
        return self._over_socket(_SUPERUSER, self._secret(_PASSWORD), database)

    def _over_socket(self, user: str, password: str, database: str) -> str:
        socket_directory = quote(str(self._socket_directory), safe="")
        return f"postgresql://{user}:{password}@/{database}?host={socket_directory}&port={self._port}"

    @property
    def pid(self) -> int | None:
        """The process of the running server; None when it does not run."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def ended(self) -> str:
        """How the last process ended by itself; empty when it did not."""
        return process.how_it_ended(self._child)

    def responds(self) -> bool:
        """Its clients notice sooner than we could whether it does."""
        return True

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        """Make the data directory if there is none, start, and return when the server answers.

        ``report`` is told what takes long. Raises a ``ServerFault`` with its remedy.
        """
        places.prepare(self.directory, self._account)
        engine = self._engine()
        self._end_leftovers()
        if not (self.data / "PG_VERSION").exists():
            report("initdb")
            self._initialise(engine)
        elif not (self.directory / _PASSWORD).exists():
            self._renew_password(engine)
        for attempt in range(1, _PORT_TRIES_MAX + 1):
            self._port = places.port_for(self.directory / "port")
            try:
                self._launch(engine)
                break
            except PortTaken:
                if attempt == _PORT_TRIES_MAX:
                    raise
        (self.directory / "port").write_text(f"{self._port}\n", encoding="ascii")
        try:
            self._make_database()
        except psycopg.OperationalError as gone:  # it ended as soon as it had begun
            reason = str(gone).strip().splitlines()[0]
            raise StartFailed(engine="PostgreSQL", reason=reason, log=self.directory / "log") from None

    def attach(self) -> None:
        """Use the server that another process runs in this directory."""
        self._port = int((self.directory / "port").read_text(encoding="ascii"))

    def stop(self) -> None:
        """End all sessions, write a checkpoint and stop; the next start needs no recovery."""
        if self._child is not None:
            process.end_child(self._child, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), _STOP_SECONDS_MAX)
            self._child = None

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _socket_directory(self) -> Path:
        near = self.directory / "run"
        if len(os.fsencode(near / ".s.PGSQL.65535.lock")) <= _SOCKET_PATH_BYTES_MAX:
            return near
        short = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"mingjing-{short}"

    def _engine(self) -> PostgresEngine:
        """The preferred engine, or the one that reads the data that is already there."""
        candidates = engines.postgres_engines()
        chosen = candidates[0]
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text(encoding="ascii").strip()
            fitting = [engine for engine in candidates if str(engine.major) == found]
            if not fitting:
                raise WrongDataVersion(directory=self.data, engine="PostgreSQL", found=found, present=chosen.version)
            chosen = fitting[0]
        elif self.data.exists() and any(self.data.iterdir()):
            raise DataDamaged(directory=self.data, engine="PostgreSQL")
        return engines.reachable_by(self._account, chosen, self.directory / "engine")

    def _end_leftovers(self) -> None:
        """Shut down a server of an earlier run, and drop lock files whose process number may be somebody else's."""
        self.stop()
        leftovers = process.running_at(self.data, "postgres")
        process.end(leftovers, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), _STOP_SECONDS_MAX)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self._socket_directory.glob(".s.PGSQL.*"):
            stale.unlink()

    def _initialise(self, engine: PostgresEngine) -> None:
        """Make the data beside its place and move it there, so that a start cut short leaves nothing half made."""
        for left in self.directory.glob("data.unfinished*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: an initdb whose starter was killed may still be writing into the last one.
        unfinished = self.directory / f"data.unfinished.{os.getpid()}"
        self._secret(_PASSWORD)
        # Order by bytes (fast, the same everywhere), classify as UTF-8 (pg_trgm finds Chinese).
        locale = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--data-checksums"]
        access = ["--auth=scram-sha-256", f"--pwfile={self.directory / _PASSWORD}"]
        self._run([engine.program("initdb"), "-D", str(unfinished), "-U", _SUPERUSER, *locale, *access])
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)

    def _renew_password(self, engine: PostgresEngine) -> None:
        """Somebody lost the superuser's password. Whoever owns the files may set another: in single-user mode, where
        nobody is asked who he is.
        """
        statement = f"ALTER ROLE {_SUPERUSER} PASSWORD '{self._secret(_PASSWORD)}'\n"
        self._run([engine.program("postgres"), "--single", "-D", str(self.data), _SUPERUSER], statement)

    def _launch(self, engine: PostgresEngine) -> None:
        for name in (self._socket_directory, self.directory / "log"):
            places.prepare(name, self._account)
        self._write(self.data / "postgresql.conf", self._settings())
        # Data of an earlier release let whoever reached the socket in; none of it stays as it was.
        self._write(self.data / "pg_hba.conf", _shipped("pg_hba.conf"))
        start_log = self.directory / "log" / "start.log"
        with start_log.open("wb") as output:
            self._child = process.launch(
                [engine.program("postgres"), "-D", str(self.data)],
                on_owner_death=signal.SIGINT,
                output=output,
                environment={**os.environ, "LC_ALL": "C.UTF-8"},
                directory=self.directory if self._account is None else Path("/"),
                account=self._account,
            )
        self._await_ready(start_log)

    def _settings(self) -> str:
        everywhere, template = _shipped("postgresql.conf"), _shipped("place.conf")
        values = {
            "port": self._port,
            "socket_directory": self._socket_directory,
            "log_directory": self.directory / "log",
            "local_settings": self.directory / "local.conf",
            "shared_buffers_mib": max(128, min(4096, self._memory_mib // 8)),
            "effective_cache_mib": max(256, self._memory_mib * 3 // 4),
            "shared_memory": places.shared_memory(),
        }
        for name, value in values.items():
            template = template.replace("{" + name + "}", str(value).replace("'", "''"))
        return everywhere + template

    def _await_ready(self, start_log: Path) -> None:
        assert self._child is not None
        deadline = time.monotonic() + _START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                self._child = None
                raise self._reason(start_log)
            if _status(self.data) == "ready":
                return
            time.sleep(0.01)
        self.stop()
        raise StartFailed(
            engine="PostgreSQL", reason=f"no answer within {_START_SECONDS_MAX} s", log=self.directory / "log"
        )

    def _reason(self, start_log: Path) -> ServerFault:
        """What the server said before it ended, as a fault with a remedy."""
        logs = [
            start_log,
            *sorted(start_log.parent.glob("postgres-*.log"), key=lambda log: log.stat().st_mtime)[-1:],
        ]
        said = "\n".join(log.read_text(encoding="utf-8", errors="replace")[-4000:] for log in logs)
        if "Address already in use" in said:
            return PortTaken(port=self._port)
        if "No space left on device" in said:
            free_mib = places.free_mib(self.directory)
            return DiskFull(directory=self.directory, free_mib=free_mib, needed_mib=places.FREE_MIB_MIN)
        if "Permission denied" in said or "Read-only file system" in said:
            return DirectoryNotWritable(directory=self.directory, reason="permission denied")
        fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line] or said.splitlines()
        return StartFailed(engine="PostgreSQL", reason=fatal[-1] if fatal else "no message", log=start_log.parent)

    def _make_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.database,)).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        check_locale(self.url)

    def _run(self, command: list[str], told: str = "") -> None:
        """Run a program of the engine to its end; ``told`` is its input, which no list of processes shows."""
        account = self._account
        try:
            subprocess.run(
                command,
                input=told,
                check=True,
                capture_output=True,
                text=True,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except subprocess.CalledProcessError as failure:
            places.check_room(self.directory)
            reason = (failure.stderr.strip().splitlines() or ["no message"])[-1]
            raise StartFailed(engine="PostgreSQL", reason=reason, log=self.directory) from None

    def _secret(self, name: str) -> str:
        """A password of this server's, made when it is first asked for."""
        path = self.directory / name
        if not path.exists():
            self._write(path, secrets.token_urlsafe(24) + "\n")
        return path.read_text(encoding="ascii").strip()

    def _write(self, path: Path, text: str) -> None:
        """Write a file that only whoever runs the server may read."""
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if self._account is not None:
            os.chown(path, self._account.uid, self._account.gid)


def _shipped(name: str) -> str:
    return resources.files("mingjing.servers").joinpath(name).read_text("utf-8")


def check_locale(url: str) -> None:
    """Refuse a database in which trigram search silently finds nothing in Chinese."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT datctype, current_database() FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row is not None
        found, place = row
        if "utf8" not in found.lower().replace("-", ""):
            raise LocaleUnfit(found=found, place=place)


def _status(data: Path) -> str:
    """Line 8 of postmaster.pid: ``starting``, ``ready``, ``stopping``; empty when not there yet."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def _memory_mib() -> int:
    """What this machine, or the container that we are in, has."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MIB
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return machine
    return machine if limit == "max" else min(machine, int(limit) // _MIB)
