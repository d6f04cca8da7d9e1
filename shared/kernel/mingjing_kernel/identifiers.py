"""Identifiers: time-ordered where we make them, derived where something must be the same twice."""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID

from uuid_utils.compat import uuid7

NAMESPACE = UUID("6d696e67-6a69-4e67-8000-000000000000")
"""Of every derived id: never change it."""
_VERSION_AND_VARIANT = 0xF000_C000_0000_0000_0000
_FIVE = 0x5000_8000_0000_0000_0000


def new_id() -> UUID:
    """A fresh UUIDv7: time-ordered, so that indexes stay dense."""
    return uuid7()


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for ever: what makes a repeated reaction or import harmless."""
    # RFC 9562 §5.5, as uuid.uuid5 has it, which takes twice as long: bulk imports derive several for each row.
    name = "\x1f".join(map(str, parts)).encode()
    hashed = sha1(NAMESPACE.bytes + name, usedforsecurity=False).digest()
    return UUID(int=int.from_bytes(hashed[:16]) & ~_VERSION_AND_VARIANT | _FIVE)
