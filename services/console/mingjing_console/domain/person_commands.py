"""What may be asked for: access given, taken, lent and ended. Times and identifiers arrive inside the command.

One rule: what is decided in other streams (the grant that a delegation is part of, the roles that must stay apart from
the new one) is handed in as a fact, never looked up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_kernel.access.facts import GrantGiven, Manner, Revoked
from mingjing_kernel.access.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGrant:
    """Give a grant. ``hands`` are all whose act it is; ``source`` is the holder's own grant when it is delegated.

    ``movable_from`` is the home that the person may be said to have left (her present one, when only her name is new);
    None, or another than she has by now: the grant is given, and her name and home stay as they are.
    ``apart`` are roles that must not meet this one in one person over the same things (职责分离).
    """

    person: str
    name: str
    home_department: str
    home_region: str
    movable_from: tuple[str, str] | None
    grant_id: UUID
    terms: Terms
    valid_from: datetime
    valid_until: datetime | None
    manner: Manner
    source: GrantGiven | None
    given_by: str
    hands: frozenset[str]
    apart: frozenset[str]
    reason: str
    legal_basis: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeGrant:
    """Take a grant back; what was delegated out of it ends with it."""

    person: str
    grant_id: UUID
    taken_by: str
    reason: str
    legal_basis: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSubstitute:
    """Let ``substitute`` act for the person between two moments."""

    person: str
    substitution_id: UUID
    substitute: str
    home_department: str
    home_region: str
    valid_from: datetime
    valid_until: datetime
    named_by: str
    hands: frozenset[str]
    reason: str
    legal_basis: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissSubstitute:
    """End a substitution before its time."""

    person: str
    substitution_id: UUID
    dismissed_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAccess:
    """End a session, one token, or everything that a person or client holds by now."""

    person: str
    revocation_id: UUID
    what: Revoked
    value: str
    revoked_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LockPerson:
    """Let nobody in under this subject, until a moment or until somebody unlocks it."""

    person: str
    locked_until: datetime | None
    locked_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockPerson:
    """Let the person in again."""

    person: str
    unlocked_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefusal:
    """A change of the person's access was refused: that it was tried is a fact."""

    person: str
    act: str
    rule: str
    attempted_by: str
    at: datetime


Command: TypeAlias = (
    GiveGrant
    | TakeGrant
    | NameSubstitute
    | DismissSubstitute
    | RevokeAccess
    | LockPerson
    | UnlockPerson
    | RecordRefusal
)
