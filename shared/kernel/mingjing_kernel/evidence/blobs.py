"""Blobs by content and parts by offset, over any store.

The one rule: an address is the SHA-256 of what lies there, and whoever reads finds out whether that is true before
the first byte is shown.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from mingjing_kernel.evidence.digests import Digesting, Digests
from mingjing_kernel.evidence.refusals import EvidenceStoreFull
from mingjing_kernel.evidence.store import CHUNK_BYTES, DIRECTORY_MODE, Store, as_refusals

ROOM_BYTES_MIN = 256 * 1024 * 1024
"""Kept free for PostgreSQL, which may live on the same disk: its facts come before our files."""
OFFSET_DIGITS = 13


class BlobDamaged(Exception):
    """What lies at an address is something else, or nothing (``found`` is empty)."""

    def __init__(self, found: str) -> None:
        super().__init__(found or "nothing")
        self.found = found


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an upload."""

    key: str
    offset: int
    size_bytes: int


class Blobs:
    """One service's evidence. ``work`` is a local directory for what is put together or checked."""

    def __init__(self, store: Store, work: Path) -> None:
        self._store = store
        self.work = work

    async def require_room(self, size_bytes: int) -> None:
        """Raise ``EvidenceStoreFull`` when so much more would not fit."""
        room = await self._store.room_bytes()
        if room is not None and room - ROOM_BYTES_MIN < size_bytes:
            raise EvidenceStoreFull

    async def parts(self, upload: UUID) -> list[Part]:
        """The pieces of an upload from its first byte on, without a gap."""
        found = [(int(key.rpartition("/")[2]), key, size) async for key, size in self._store.keys(_parts(upload))]
        pieces, offset = list[Part](), 0
        for begins, key, size in sorted(found):
            if begins != offset:
                break
            pieces.append(Part(key, begins, size))
            offset += size
        return pieces

    async def put_part(self, upload: UUID, offset: int, content: bytes) -> bool:
        """Whether it was written; false when some part begins there already."""
        return await self._store.put_new(f"{_parts(upload)}{offset:0{OFFSET_DIGITS}d}", content)

    async def part(self, part: Part) -> bytes:
        """Its bytes."""
        return b"".join([chunk async for chunk in self._store.chunks(part.key)])

    async def drop_parts(self, upload: UUID) -> None:
        """Whatever came of an upload."""
        for key in [key async for key, _ in self._store.keys(_parts(upload))]:
            await self._store.remove(key)

    async def uploads(self) -> set[UUID]:
        """Every upload of which anything lies there."""
        return {UUID(key.split("/")[1]) async for key, _ in self._store.keys("parts/")}

    @asynccontextmanager
    async def assembled(self, parts: list[Part]) -> AsyncIterator[tuple[Path, Digests]]:
        """All parts in one local file, which is gone afterwards unless it was kept. A single part is not copied."""
        async with self._local() as path:
            if len(parts) == 1 and await self._store.link(parts[0].key, path):
                with as_refusals():
                    digests = await _digested(pieces(path))
            else:
                digests = await self._copied(path, [part.key for part in parts])
            yield path, digests

    async def keep(self, file: Path, digests: Digests) -> None:
        """Store a blob for good. One that is there is left alone if it is what it should be, else written anew."""
        key = _blob(digests.sha256)
        if await self._store.size(key) is not None and (await self.look(digests.sha256)) == digests:
            return
        await self._store.put_file(key, file)

    async def is_there(self, sha256: str) -> bool:
        """Whether anything lies at an address."""
        return await self._store.size(_blob(sha256)) is not None

    async def look(self, sha256: str) -> Digests | None:
        """What really lies at an address; ``None`` for nothing."""
        try:
            return await _digested(self._store.chunks(_blob(sha256)))
        except KeyError:
            return None

    @asynccontextmanager
    async def opened(self, sha256: str) -> AsyncIterator[Path]:
        """A verified local copy for as long as the ``async with`` lasts. Raises ``BlobDamaged``."""
        async with self._local() as path:
            try:
                found = await self._copied(path, [_blob(sha256)])
            except KeyError:
                raise BlobDamaged("") from None
            if found.sha256 != sha256:
                raise BlobDamaged(found.sha256)
            yield path

    async def originals(self, digests: Sequence[str]) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """Of these digests the files that are here and whole, with their bytes: for a case that leaves the house."""
        for digest in digests:
            try:
                async with self.opened(digest) as file:
                    yield digest, pieces(file)
            except BlobDamaged:
                continue  # not ours, destroyed by rule, or altered: whoever binds the case names what is missing

    async def destroy(self, sha256: str) -> None:
        """For good."""
        await self._store.remove(_blob(sha256))

    async def stored(self) -> AsyncIterator[tuple[str, int]]:
        """Every blob's address and size."""
        async for key, size in self._store.keys("blobs/"):
            yield key.rpartition("/")[2], size

    @asynccontextmanager
    async def _local(self) -> AsyncIterator[Path]:
        def make() -> Path:
            with as_refusals():
                self.work.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
                descriptor, name = tempfile.mkstemp(dir=self.work)
                os.close(descriptor)
                return Path(name)

        path = await asyncio.to_thread(make)
        try:
            yield path
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _copied(self, path: Path, keys: list[str]) -> Digests:
        digesting = Digesting()
        with as_refusals(), path.open("wb", buffering=CHUNK_BYTES) as file:  # closing writes, too
            for key in keys:
                async for chunk in self._store.chunks(key):
                    await asyncio.to_thread(_take, chunk, digesting, file.write)
        return digesting.digests()


async def pieces(file: Path) -> AsyncIterator[bytes]:
    """A local file's bytes, from the first to the last."""
    with file.open("rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
            yield chunk


async def _digested(chunks: AsyncIterator[bytes]) -> Digests:
    digesting = Digesting()
    async for chunk in chunks:
        await asyncio.to_thread(digesting.take, chunk)
    return digesting.digests()


def _take(chunk: bytes, digesting: Digesting, write: Callable[[bytes], object]) -> None:
    write(chunk)
    digesting.take(chunk)


def _parts(upload: UUID) -> str:
    return f"parts/{upload}/"


def _blob(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
