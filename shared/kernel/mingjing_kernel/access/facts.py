"""What is said about access: the facts that the console records, tells, and that every service notes as it was told.

Pure, and flat on purpose: a fact has the very fields of its contract, so telling and noting lose nothing. The one rule:
no name of a person stands here; ``person`` is the token's ``sub``, stable for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from mingjing_kernel.access.terms import Terms

Manner: TypeAlias = Literal["given", "first-administrator", "delegated"]
"""By an administrator; before there was any, by one whom the settings name; by a holder, out of her own grant."""

Revoked: TypeAlias = Literal["session", "token", "person", "client"]
"""A session (``sid``), one token (``jti``), all that a person holds, all that a client was issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantGiven:
    """A grant was given (授权). In force from ``valid_from`` until just before ``valid_until``; None: open end.

    A delegated one names the grant it is part of in ``delegated_from``, and is in force only while that one is.
    """

    person: str
    grant_id: UUID
    role: str
    department: str
    region: str
    category: str
    organisation: str
    valid_from: datetime
    valid_until: datetime | None
    manner: Manner
    delegated_from: UUID | None
    given_by: str
    reason: str
    legal_basis: str
    given_at: datetime

    @property
    def terms(self) -> Terms:
        """What it reaches."""
        return Terms(
            role=self.role,
            department=self.department,
            region=self.region,
            category=self.category,
            organisation=self.organisation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTaken:
    """A grant was taken back (收回授权), with everything that was delegated out of it."""

    person: str
    grant_id: UUID
    taken_by: str
    reason: str
    legal_basis: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteNamed:
    """``substitute`` may act for ``person`` between two moments (代理); each such act names both."""

    person: str
    substitution_id: UUID
    substitute: str
    department: str
    region: str
    valid_from: datetime
    valid_until: datetime
    named_by: str
    reason: str
    legal_basis: str
    named_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteDismissed:
    """The substitution ended before its time (终止代理)."""

    person: str
    substitution_id: UUID
    substitute: str
    dismissed_by: str
    reason: str
    dismissed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRevoked:
    """Tokens are not accepted any more (撤销登录): those of ``value`` that were issued before ``before``."""

    person: str
    revocation_id: UUID
    what: Revoked
    value: str
    before: datetime
    revoked_by: str
    reason: str
    revoked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLocked:
    """Nobody is let in under this subject (锁定) until ``locked_until``; None: until somebody unlocks it."""

    person: str
    locked_until: datetime | None
    locked_by: str
    reason: str
    locked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlocked:
    """The way back (解锁)."""

    person: str
    unlocked_by: str
    reason: str
    unlocked_at: datetime


Fact: TypeAlias = (
    GrantGiven | GrantTaken | SubstituteNamed | SubstituteDismissed | AccessRevoked | PersonLocked | PersonUnlocked
)
FACTS: tuple[type[Fact], ...] = (
    GrantGiven,
    GrantTaken,
    SubstituteNamed,
    SubstituteDismissed,
    AccessRevoked,
    PersonLocked,
    PersonUnlocked,
)
