"""A service's keys for personal data: the ring, the vault, the blind index; read from their files when first needed.

The one rule: no key is ever made here; the first start of an installation makes them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.keyfile import read_key
from mingjing_kernel.sealed.marks import Marks
from mingjing_kernel.sealed.opening import Vault
from mingjing_kernel.sealed.ring import KeyEncryptionKeys, KeyRing

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit


@dataclass(slots=True)
class Keys:
    """Make one a router factory: it holds the ring once it was needed."""

    kit: Kit
    _ring: KeyRing | None = None
    _index: BlindIndex | None = None

    def ring(self) -> KeyRing:
        """Each subject's data key, in the service's own schema. Raises ``KeyFileUnreadable``."""
        if self._ring is None:
            settings = self.kit.settings
            current = read_key(settings.key_file("sealing", settings.sealing_key_file))
            older = [read_key(path) for path in settings.sealing_key_files_old]
            self._ring = KeyRing(
                self._begin, KeyEncryptionKeys(current, older), self.kit.now, settings.sealing_algorithm
            )
        return self._ring

    def vault(self) -> Vault:
        """Opens and erases, on record."""
        return Vault(self.kit.log, self.ring(), self.kit.now)

    def index(self) -> BlindIndex:
        """For pseudonyms and for finding by equality. Raises ``KeyFileUnreadable``."""
        if self._index is None:
            settings = self.kit.settings
            key = read_key(settings.key_file("index", settings.index_key_file))
            self._index = BlindIndex(key, settings.hash_algorithm)
        return self._index

    def marks(self) -> Marks:
        """Masked text and blind indexes. Raises ``KeyFileUnreadable``."""
        return Marks(self._begin, self.index())

    def keyed(self, written: Envelope) -> Envelope:
        """The circumstances of a request that names people, with its digest under the index key: the digest is kept for
        ever, and what else the request says stands in the log, so that a plain one would let anybody try names on it.
        """
        return replace(written, digest=self.index().keyed("request", written.digest))

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        async with self.kit.connection() as connection, connection.begin():
            yield connection
