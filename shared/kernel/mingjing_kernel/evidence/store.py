"""Where bytes lie: a folder of this machine by default, an object store by setting.

The one rule: what a ``put`` returned from is on disk for good, whole, under its name; a name is written once. Keys are
made by us (hexadecimal and slashes), never by a caller.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from mingjing_kernel.evidence.refusals import EvidenceStoreAway, EvidenceStoreFull
from mingjing_kernel.identifiers import new_id

CHUNK_BYTES = 1024 * 1024
DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Store(Protocol):
    """Bytes by key. Raises ``EvidenceStoreFull``, ``EvidenceStoreAway``."""

    async def put_new(self, key: str, content: bytes) -> bool:
        """Write small content under a new key; false, and nothing written, when the key is taken."""
        ...

    async def put_file(self, key: str, file: Path) -> None:
        """Write a file's bytes, over whatever is there. The file may be taken away by it."""
        ...

    async def link(self, key: str, file: Path) -> bool:
        """Put what lies at a key in the place of a local file, if that takes no copying; whether it did. Raises
        ``KeyError``.
        """
        ...

    def chunks(self, key: str) -> AsyncIterator[bytes]:
        """The bytes, piece by piece. Raises ``KeyError``."""
        ...

    async def size(self, key: str) -> int | None:
        """How many bytes are there; ``None`` for no such key."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """Every key below a prefix that ends with a slash, with its size, in no order."""
        ...

    async def remove(self, key: str) -> None:
        """Take it away; nothing happens when it is not there."""
        ...

    async def room_bytes(self) -> int | None:
        """How many more bytes fit; ``None`` where nobody knows."""
        ...


class FolderStore:
    """Files below one directory. Each is written aside, synced, and only then named; its directory is synced after."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put_new(self, key: str, content: bytes) -> bool:
        """See ``Store``."""
        return await asyncio.to_thread(self._put_new, key, content)

    async def put_file(self, key: str, file: Path) -> None:
        """See ``Store``. A file of the same file system is moved."""
        await asyncio.to_thread(self._put_file, key, file)

    async def link(self, key: str, file: Path) -> bool:
        """See ``Store``. A second name: nothing that lies here is ever written to again."""
        return await asyncio.to_thread(self._link, key, file)

    async def chunks(self, key: str) -> AsyncIterator[bytes]:
        """See ``Store``. One open file: what is removed meanwhile is read to its end."""
        with as_refusals():
            try:
                file = await asyncio.to_thread((self.root / key).open, "rb")
            except FileNotFoundError:
                raise KeyError(key) from None
        with file:
            while chunk := await asyncio.to_thread(_read, file):
                yield chunk

    async def size(self, key: str) -> int | None:
        """See ``Store``."""
        with as_refusals():
            try:
                return (await asyncio.to_thread((self.root / key).stat)).st_size
            except FileNotFoundError:
                return None

    async def keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """See ``Store``."""
        for found in await asyncio.to_thread(lambda: list(self._walk(self.root / prefix))):
            yield found

    async def remove(self, key: str) -> None:
        """See ``Store``."""
        await asyncio.to_thread(self._remove, key)

    async def room_bytes(self) -> int | None:
        """See ``Store``."""
        return await asyncio.to_thread(self._room)

    def _put_new(self, key: str, content: bytes) -> bool:
        with as_refusals():
            target, aside = self._ready(key)
            try:
                _write(aside, content)
                os.link(aside, target)  # unlike a rename, it refuses a name that is taken
            except FileExistsError:
                return False
            finally:
                aside.unlink(missing_ok=True)
            _sync_directory(target.parent)
            return True

    def _put_file(self, key: str, file: Path) -> None:
        with as_refusals():
            target, aside = self._ready(key)
            try:
                try:
                    file.rename(aside)
                except OSError as trouble:
                    if trouble.errno != errno.EXDEV:
                        raise
                    shutil.copyfile(file, aside)
                aside.chmod(FILE_MODE)
                _sync_file(aside)
                aside.replace(target)
            finally:
                aside.unlink(missing_ok=True)
            _sync_directory(target.parent)

    def _link(self, key: str, file: Path) -> bool:
        second = file.with_name(new_id().hex)
        try:
            os.link(self.root / key, second)
        except FileNotFoundError:
            raise KeyError(key) from None
        except OSError:
            return False  # another file system, or one without hard links
        with as_refusals():
            try:
                second.replace(file)
            finally:
                second.unlink(missing_ok=True)
        return True

    def _ready(self, key: str) -> tuple[Path, Path]:
        """Where it goes, and where it is written first; every directory above it is made and synced."""
        target = self.root / key
        aside = self.root / "aside" / new_id().hex
        for directory in (target.parent, aside.parent):
            _make_directory(directory, self.root)
        return target, aside

    def _walk(self, directory: Path) -> Iterator[tuple[str, int]]:
        for folder, _, names in os.walk(directory):
            for name in names:
                path = Path(folder) / name
                with suppress(FileNotFoundError):  # removed meanwhile
                    yield str(path.relative_to(self.root)), path.stat().st_size

    def _remove(self, key: str) -> None:
        path = self.root / key
        with as_refusals():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # another file may lie beside it
            path.parent.rmdir()

    def _room(self) -> int:
        _make_directory(self.root, self.root)
        return shutil.disk_usage(self.root).free


@contextmanager
def as_refusals() -> Iterator[None]:
    """What the operating system says, in our words."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno in _FULL:
            raise EvidenceStoreFull from trouble
        raise EvidenceStoreAway from trouble


def _read(file: IO[bytes]) -> bytes:
    with as_refusals():
        return file.read(CHUNK_BYTES)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_directory(path: Path, root: Path) -> None:
    """With what is missing above it, down from the root; each new name is synced into its parent."""
    if path.is_dir():
        return
    if path != root:
        _make_directory(path.parent, root)
    path.mkdir(mode=DIRECTORY_MODE, exist_ok=True, parents=path == root)
    _sync_directory(path.parent)
