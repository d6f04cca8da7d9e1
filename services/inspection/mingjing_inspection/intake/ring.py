"""The service's key ring: each complainant's data key, in the service's own schema.

One rule: the key-encryption key is read when it is first needed and never made here; the first start of an
installation makes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.http import Kit
from mingjing_kernel.sealed.keyfile import read_key
from mingjing_kernel.sealed.opening import Vault
from mingjing_kernel.sealed.ring import KeyEncryptionKeys, KeyRing


@dataclass(slots=True)
class Keys:
    """Make one a router factory: it holds the ring once it was needed."""

    kit: Kit
    _ring: KeyRing | None = None

    def ring(self) -> KeyRing:
        """The ring. Raises ``KeyFileUnreadable``."""
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

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        async with self.kit.connection() as connection, connection.begin():
            yield connection
