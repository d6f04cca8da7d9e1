"""Directories and ports that an embedded server needs, made or refused with a clear sentence.

The one rule: nothing is opened further than it must be. Data is readable by its owner alone; where root starts a
server for another user, closed parent directories get the search bit and nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import random
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

from mingjing.servers.faults import DataOfAnotherUser, DirectoryNotWritable, DiskFull
from mingjing.servers.process import Account

FREE_MIB_MIN = 256
"""Below this a start would only lead to a server that stops in the middle of a write."""
_ACCOUNT_NAME = "mingjing"
_LOOPBACK = "127.0.0.1"
_PORTS = range(20_000, 32_000)
"""Below Linux' ephemeral range (32768 and up): while a server is away, no outgoing connection can take its port."""
_PORT_TRIES_MAX = 100


def server_account() -> Account | None:
    """Whom PostgreSQL runs as: None for ourselves; as root (which it refuses) a system user of its own.

    Where no user can be made (a read-only /etc), ``nobody`` has to do.
    """
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return _account(_ACCOUNT_NAME)
    with contextlib.suppress(OSError, subprocess.CalledProcessError, KeyError):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ACCOUNT_NAME],
            check=True,
            capture_output=True,
        )
        return _account(_ACCOUNT_NAME)
    return _account("nobody")


def _account(name: str) -> Account:
    entry = pwd.getpwnam(name)
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def prepare(directory: Path, account: Account | None) -> None:
    """Make ``directory`` (mode 0700, owned by whoever runs the server) and see that it can be written."""
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            os.chown(directory, account.uid, account.gid)
            _open_parents(directory)
        _check_owner(directory, account)
        probe = directory / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(directory) from None
        raise DirectoryNotWritable(directory=directory, reason=error.strerror or str(error)) from None
    check_room(directory)


def check_room(directory: Path) -> None:
    """Refuse to start on a disk that is as good as full."""
    if (fault := room_fault(directory)) is not None:
        raise fault


def room_fault(directory: Path) -> DiskFull | None:
    """Why a disk is too full to go on; ``None`` when it is not."""
    return _disk_full(directory) if free_mib(directory) < FREE_MIB_MIN else None


def _disk_full(directory: Path) -> DiskFull:
    return DiskFull(directory=directory, free_mib=free_mib(directory), needed_mib=FREE_MIB_MIN)


def free_mib(directory: Path) -> int:
    """Room left on the disk that holds ``directory`` or would."""
    existing = next(place for place in (directory, *directory.parents) if place.exists())
    return shutil.disk_usage(existing).free >> 20


def _check_owner(directory: Path, account: Account | None) -> None:
    wanted = account.uid if account else os.geteuid()
    owner = directory.stat().st_uid
    if owner != wanted:
        raise DataOfAnotherUser(directory=directory, owner=_name(owner), user=_name(os.geteuid()))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def shared_memory() -> str:
    """Which kind of shared memory a server of any user can have here."""
    usual = Path("/dev/shm")
    closed = sys.platform == "linux" and not (usual.is_dir() and usual.stat().st_mode & stat.S_IWOTH)
    return "sysv" if closed else "posix"


def reachable(path: Path) -> bool:
    """Whether every directory above ``path`` lets another user pass."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


def _open_parents(directory: Path) -> None:
    for parent in directory.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def port_for(remembered: Path, usual: int = 0) -> int:
    """The port used last time if it is free, else the ``usual`` one, else any that is.

    A server that comes back on its old port is found again by everyone who holds its URL.
    """
    with contextlib.suppress(OSError, ValueError):
        port = int(remembered.read_text(encoding="ascii"))
        if port_is_free(port):
            return port
    candidates = [usual] if usual else []
    candidates += random.sample(_PORTS, _PORT_TRIES_MAX)
    return next((port for port in candidates if port_is_free(port)), 0)


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do: without it a port whose connections linger in TIME_WAIT after a crash looks taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            return False
    return True
