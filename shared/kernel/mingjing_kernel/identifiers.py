"""Identifiers: time-ordered where we make them, derived where something must be the same twice."""

from __future__ import annotations

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

NAMESPACE = UUID("6d696e67-6a69-4e67-8000-000000000000")
"""Of every derived id: never change it."""


def new_id() -> UUID:
    """A fresh UUIDv7: time-ordered, so that indexes stay dense."""
    return uuid7()


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for ever: what makes a repeated reaction or import harmless."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))
