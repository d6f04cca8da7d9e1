"""What this service knows of an institution from the registry: who it is, whether it may charge (X11), and which
blacklistings of it are in force (X12, X13).

The one rule: a licence that is suspended, revoked or cancelled blocks charges at once; refunds are never blocked.
Source: 民办教育促进法 art 62; domain reaction X11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider


class BlockCause(StrEnum):
    """Why an institution may not charge."""

    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return {"suspended": "暂扣许可证", "revoked": "吊销许可证", "cancelled": "注销许可证"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Name, credit code and who supervises it."""

    name: str
    names: tuple[str, ...]
    """Every name that it goes or went by, this one included."""
    uscc: str
    department: str
    region: str
    category: str
    is_subject: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInstitution:
    """The registry has said who this is."""

    particulars: Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCharging:
    """The registry has said that a licence is no longer in force."""

    cause: BlockCause
    decision: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowCharging:
    """The licence is in force again."""

    decision: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLiability:
    """The registry has asked what families are still owed; the caller has counted it."""

    unconsumed_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlacklisting:
    """The registry has said that a listing was published (X12)."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlacklistEnded:
    """The registry has said that this listing is over (X13)."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionNoted:
    """Who this is."""

    particulars: Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingBlocked:
    """No new contract and no new payment from this day."""

    cause: BlockCause
    decision: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingAllowed:
    """Charges may be taken again."""

    decision: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityStated:
    """What families are still owed, on this day."""

    unconsumed_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionBlacklisted:
    """This listing is in force: a ground for proposing a release hold."""

    listing_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionCleared:
    """This listing is a ground for nothing any more."""

    listing_id: UUID
    on: date


Command: TypeAlias = (
    NoteInstitution | BlockCharging | AllowCharging | StateLiability | NoteBlacklisting | NoteBlacklistEnded
)
Event: TypeAlias = (
    InstitutionNoted | ChargingBlocked | ChargingAllowed | LiabilityStated | InstitutionBlacklisted | InstitutionCleared
)


@dataclass(frozen=True, slots=True)
class MayCharge:
    """Nothing forbids charging; ``particulars`` is empty until the registry has spoken."""

    particulars: Particulars | None = None
    listings: frozenset[UUID] = frozenset()
    """Published blacklistings in force."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """May not charge. A revoked or cancelled licence never comes back."""

    particulars: Particulars | None
    cause: BlockCause
    listings: frozenset[UUID] = frozenset()
    since: date = date.min
    """What was paid before is custody money, and has to be on record so that it can be paid back."""


Institution: TypeAlias = MayCharge | Blocked
_FINAL = frozenset({BlockCause.REVOKED, BlockCause.CANCELLED})


def decide(command: Command, institution: Institution) -> list[Event]:
    """Which facts follow. A weaker cause never replaces a final one."""
    match command:
        case NoteInstitution():
            same = institution.particulars == command.particulars
            return [] if same else [InstitutionNoted(particulars=command.particulars)]
        case BlockCharging():
            if isinstance(institution, Blocked) and (institution.cause == command.cause or institution.cause in _FINAL):
                return []
            return [ChargingBlocked(cause=command.cause, decision=command.decision, since=command.since)]
        case AllowCharging():
            if isinstance(institution, MayCharge) or institution.cause in _FINAL:
                return []
            return [ChargingAllowed(decision=command.decision, since=command.since)]
        case StateLiability(unconsumed_fen=fen, on=on):
            return [LiabilityStated(unconsumed_fen=fen, on=on)]
        case NoteBlacklisting(listing_id=listing_id, on=on):
            is_noted = listing_id in institution.listings
            return [] if is_noted else [InstitutionBlacklisted(listing_id=listing_id, on=on)]
        case NoteBlacklistEnded(listing_id=listing_id, on=on):
            is_noted = listing_id in institution.listings
            return [InstitutionCleared(listing_id=listing_id, on=on)] if is_noted else []
        case _:
            assert_never(command)


def evolve(institution: Institution, event: Event) -> Institution:
    """The institution after a fact."""
    match event:
        case InstitutionNoted():
            return replace(institution, particulars=event.particulars)
        case ChargingBlocked():
            since = min(event.since, institution.since) if isinstance(institution, Blocked) else event.since
            return Blocked(institution.particulars, event.cause, institution.listings, since)
        case ChargingAllowed():
            return MayCharge(institution.particulars, institution.listings)
        case InstitutionBlacklisted(listing_id=listing_id):
            return replace(institution, listings=institution.listings | {listing_id})
        case InstitutionCleared(listing_id=listing_id):
            return replace(institution, listings=institution.listings - {listing_id})
        case LiabilityStated():
            return institution  # an answer, not a rule: the next question is counted anew
        case _:
            assert_never(event)


INSTITUTION: Decider[Command, Institution, Event] = Decider(initial=MayCharge(), decide=decide, evolve=evolve)


def why_blocked(institution: Institution, on: date = date.max) -> str:
    """Why charges of that day are blocked, for the command that asks; empty when they are not."""
    if isinstance(institution, Blocked) and on >= institution.since:
        return f"{institution.cause.zh} ({institution.cause.value})"
    return ""
