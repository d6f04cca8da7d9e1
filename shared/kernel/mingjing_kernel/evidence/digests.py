"""SHA-256 and SM3 (GB/T 32905) of the same bytes, taken together while they pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes


@dataclass(frozen=True, slots=True)
class Digests:
    """Both, as lower-case hexadecimal, and how many bytes they are of."""

    sha256: str
    sm3: str
    size_bytes: int


class Digesting:
    """Takes bytes piece by piece."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sm3 = hashes.Hash(hashes.SM3())
        self._size_bytes = 0

    def take(self, piece: bytes) -> None:
        """One more piece."""
        self._sha256.update(piece)
        self._sm3.update(piece)
        self._size_bytes += len(piece)

    def digests(self) -> Digests:
        """Of all that was taken; asked once, at the end."""
        return Digests(self._sha256.hexdigest(), self._sm3.finalize().hex(), self._size_bytes)
