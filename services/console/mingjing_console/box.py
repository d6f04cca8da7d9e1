"""What the console keeps secret about a session: sealed with a key that follows from the installation's sealing key.

The one rule: a copy of the database lets nobody act as somebody who was signed in; the key is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingjing_kernel.sealed.cipher import KEY_BYTES, Algorithm, decrypt, encrypt
from mingjing_kernel.sealed.keyfile import KEY_BYTES as FILE_KEY_BYTES

_PURPOSE = b"mingjing console sessions"


class Boxes:
    """Seals and opens small documents for one purpose and owner."""

    def __init__(self, read: Callable[[], bytes], algorithm: Algorithm) -> None:
        """``read`` gives the sealing key; it is asked when something is sealed for the first time."""
        self._read = read
        self.algorithm = algorithm

    def seal(self, content: dict[str, Any], *belongs_to: str) -> bytes:
        """Raises ``KeyFileUnreadable`` where there is no key."""
        key = self._key[: KEY_BYTES[self.algorithm]]
        return encrypt(self.algorithm, key, json.dumps(content).encode(), *belongs_to)

    def open(self, box: bytes, *belongs_to: str, algorithm: str = "") -> dict[str, Any]:
        """Raises ``SealBroken`` when anything does not fit."""
        algorithm = algorithm or self.algorithm
        key = self._key[: KEY_BYTES.get(algorithm, 0)]
        return dict(json.loads(decrypt(algorithm, key, box, *belongs_to)))

    @cached_property
    def _key(self) -> bytes:
        return HKDF(SHA256(), length=FILE_KEY_BYTES, salt=None, info=_PURPOSE).derive(self._read())
