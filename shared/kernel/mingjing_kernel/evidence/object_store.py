"""The same over an object store (S3 and what speaks like it), through ``obstore``.

The one rule: nothing is acknowledged before the store has; it keeps its own promise to be durable.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import MemoryStore, S3Store

from mingjing_kernel.evidence.refusals import EvidenceStoreAway
from mingjing_kernel.evidence.store import CHUNK_BYTES, FolderStore, Store

UPLOAD_CHUNK_BYTES = 8 * 1024 * 1024
RETRIES_MAX = 3
RETRY_TIME_MAX = timedelta(seconds=15)
"""Whoever sends a part hears soon that the store is away, and sends it again."""


class ObjectStore:
    """One bucket with a prefix. ``store`` is any of obstore's."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put_new(self, key: str, content: bytes) -> bool:
        """See ``Store``: a conditional write (``If-None-Match: *``)."""
        with _as_refusals():
            try:
                await obstore.put_async(self._store, key, content, mode="create")
            except AlreadyExistsError:
                return False
        return True

    async def put_file(self, key: str, file: Path) -> None:
        """See ``Store``: in several pieces when it is large; readers see all of it or nothing."""
        with _as_refusals():
            await obstore.put_async(self._store, key, file, chunk_size=UPLOAD_CHUNK_BYTES, max_concurrency=2)

    async def link(self, key: str, file: Path) -> bool:
        """See ``Store``: what is elsewhere has to be fetched."""
        return False

    async def chunks(self, key: str) -> AsyncIterator[bytes]:
        """See ``Store``."""
        try:
            with _as_refusals():
                found = await obstore.get_async(self._store, key)
        except FileNotFoundError:
            raise KeyError(key) from None
        pieces = aiter(found.stream(min_chunk_size=CHUNK_BYTES))
        while True:
            try:
                with _as_refusals():
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            yield bytes(piece)

    async def size(self, key: str) -> int | None:
        """See ``Store``."""
        try:
            with _as_refusals():
                return int((await obstore.head_async(self._store, key))["size"])
        except FileNotFoundError:
            return None

    async def keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """See ``Store``."""
        pages = aiter(obstore.list(self._store, prefix=prefix.rstrip("/")))
        while True:
            try:
                with _as_refusals():
                    page = await anext(pages)
            except StopAsyncIteration:
                return
            for one in page:
                yield one["path"], one["size"]

    async def remove(self, key: str) -> None:
        """See ``Store``."""
        try:
            with _as_refusals():
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    async def room_bytes(self) -> int | None:
        """See ``Store``: an object store does not say."""
        return None


def open_store(url: str, folder: Path) -> Store:
    """What a setting names: nothing or ``file:///…`` a folder, ``s3://bucket/prefix`` an object store; ``memory://`` is
    for tests.

    Credentials come from the environment (``AWS_ACCESS_KEY_ID`` …), never from the address.
    """
    if not url:
        return FolderStore(folder)
    if url.startswith("file://"):
        return FolderStore(Path(url.removeprefix("file://")))
    if url.startswith("memory://"):
        return ObjectStore(MemoryStore())
    return ObjectStore(
        S3Store.from_url(
            url,
            retry_config={"max_retries": RETRIES_MAX, "retry_timeout": RETRY_TIME_MAX},
        )
    )


@contextmanager
def _as_refusals() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, AlreadyExistsError):
        raise
    except (BaseError, OSError) as trouble:
        raise EvidenceStoreAway from trouble
