"""What an institution knows of its own blacklistings (B1): the whitelist depends on it, so it stands on its stream.

One rule: each of these commands is carried out in the transaction of the listing's own fact that causes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlacklisting:
    """A listing (B1) of this institution was published, in the same transaction (X12)."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlacklistEnded:
    """That listing is over, in the same transaction (X13)."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionBlacklisted:
    """The whitelist's condition "no effective blacklist" is not met; the file is the listing's own stream."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionCleared:
    """This listing keeps it off no more."""

    listing_id: UUID
    on: date


Command: TypeAlias = NoteBlacklisting | NoteBlacklistEnded
Fact: TypeAlias = InstitutionBlacklisted | InstitutionCleared


def decide(command: Command, listings: frozenset[UUID]) -> list[Fact]:
    """The same again is no news."""
    is_noted = command.listing_id in listings
    match command:
        case NoteBlacklisting(listing_id=listing_id, on=on):
            return [] if is_noted else [InstitutionBlacklisted(listing_id=listing_id, on=on)]
        case NoteBlacklistEnded(listing_id=listing_id, on=on):
            return [InstitutionCleared(listing_id=listing_id, on=on)] if is_noted else []
        case _:
            assert_never(command)


def evolve(listings: frozenset[UUID], event: Fact) -> frozenset[UUID]:
    """The published listings in force after one fact."""
    match event:
        case InstitutionBlacklisted(listing_id=listing_id):
            return listings | {listing_id}
        case InstitutionCleared(listing_id=listing_id):
            return listings - {listing_id}
        case _:
            assert_never(event)
