"""Blind indexes: find a person's records by phone or id number without keeping either.

The one rule: equality and nothing else, within one field. The key makes guessing useless to whoever has only the
database; who has the key too can try every phone number there is, so it lies apart from the data.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

INDEX_BYTES = 16


class BlindIndex:
    """Keyed digests of normalised values; HMAC-SHA-256, or HMAC-SM3 where national algorithms are required."""

    def __init__(self, key: bytes, hash_algorithm: Literal["sha256", "sm3"] = "sha256") -> None:
        self._key = key
        self._hash_algorithm = hash_algorithm
        # A copy of one that has the key: ``hmac.digest`` lets the interpreter go for every value, and a thread that
        # plans a file then waits for its turn 100,000 times.
        self._keyed = hmac.new(key, digestmod="sha256")

    def phone(self, number: str) -> str:
        """Of a phone number, with or without +86, spaces and dashes."""
        digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", number))
        return self.of("phone", digits[2:] if len(digits) == 13 and digits.startswith("86") else digits)

    def id_number(self, number: str) -> str:
        """Of an identity number; x and X are the same."""
        return self.of("id-number", re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper())

    def name(self, name: str) -> str:
        """Of a person's name, without spaces."""
        return self.of("name", re.sub(r"[\s·•]", "", unicodedata.normalize("NFKC", name)).upper())

    def of(self, field: str, value: str) -> str:
        """Of any other value, already normalised; 32 hexadecimal digits."""
        return self.keyed(field, value.encode())[:INDEX_BYTES].hex()

    def keyed(self, field: str, value: bytes) -> bytes:
        """The whole digest, 32 bytes: for what must be told apart and not guessed, such as the bytes of a request."""
        message = field.encode() + b"\0" + value
        if self._hash_algorithm == "sha256":
            known = self._keyed.copy()
            known.update(message)
            return known.digest()
        worker = HMAC(self._key, hashes.SM3())
        worker.update(message)
        return worker.finalize()
