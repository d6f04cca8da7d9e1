"""What the console tells the others: who may do what, who stands in for whom, whose sign-in was ended.

The one rule: no name of a person travels here. ``person`` is what the identity provider calls somebody in its tokens
(``sub``); each service notes these facts in its own log and decides by them alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from mingjing_contracts.envelope import Contract

Manner: TypeAlias = Literal["given", "first-administrator", "delegated"]
"""By an administrator; before there was any, by one whom the settings name; by a holder, out of her own grant."""

Revoked: TypeAlias = Literal["session", "token", "person", "client"]
"""A session (``sid``), one token (``jti``), all that a person holds, all that a client was issued."""


class GrantGivenV1(Contract):
    """A grant was given (授权): role × department × region prefix × category × organisation; ``*`` says any.

    In force from ``valid_from`` until just before ``valid_until`` (null: open end). A delegated one is part of the
    grant ``delegated_from`` and ends with it.
    """

    subject: ClassVar[str] = "console.evt.person.grant-given.v1"

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


class GrantTakenV1(Contract):
    """A grant was taken back (收回授权), with everything that was delegated out of it."""

    subject: ClassVar[str] = "console.evt.person.grant-taken.v1"

    person: str
    grant_id: UUID
    taken_by: str
    reason: str
    legal_basis: str
    taken_at: datetime


class SubstituteNamedV1(Contract):
    """``substitute`` may act for ``person`` between two moments (代理); each such act names both."""

    subject: ClassVar[str] = "console.evt.person.substitute-named.v1"

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


class SubstituteDismissedV1(Contract):
    """A substitution ended before its time (终止代理)."""

    subject: ClassVar[str] = "console.evt.person.substitute-dismissed.v1"

    person: str
    substitution_id: UUID
    substitute: str
    dismissed_by: str
    reason: str
    dismissed_at: datetime


class AccessRevokedV1(Contract):
    """Tokens are not accepted any more (撤销登录): those of ``value`` that were issued before ``before``."""

    subject: ClassVar[str] = "console.evt.person.access-revoked.v1"

    person: str
    revocation_id: UUID
    what: Revoked
    value: str
    before: datetime
    revoked_by: str
    reason: str
    revoked_at: datetime


class PersonLockedV1(Contract):
    """Nobody is let in under this subject (锁定) until ``locked_until``; null: until somebody unlocks it."""

    subject: ClassVar[str] = "console.evt.person.person-locked.v1"

    person: str
    locked_until: datetime | None
    locked_by: str
    reason: str
    locked_at: datetime


class PersonUnlockedV1(Contract):
    """The way back (解锁)."""

    subject: ClassVar[str] = "console.evt.person.person-unlocked.v1"

    person: str
    unlocked_by: str
    reason: str
    unlocked_at: datetime


ACCESS: tuple[type[Contract], ...] = (
    GrantGivenV1,
    GrantTakenV1,
    SubstituteNamedV1,
    SubstituteDismissedV1,
    AccessRevokedV1,
    PersonLockedV1,
    PersonUnlockedV1,
)
"""All of them: whoever decides what somebody may do hears every one."""
