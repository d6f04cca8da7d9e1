"""Facts about access as the console would tell them, with fixed ids and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from mingjing_kernel.access.facts import (
    AccessRevoked,
    GrantGiven,
    GrantTaken,
    PersonLocked,
    PersonUnlocked,
    SubstituteDismissed,
    SubstituteNamed,
)

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def given(number: int, person: str = "p-1", role: str = "inspector", **more: Any) -> GrantGiven:
    said: dict[str, Any] = {
        "department": "*",
        "region": "330106",
        "category": "*",
        "organisation": "",
        "valid_from": AT - DAY,
        "valid_until": None,
        "manner": "given",
        "delegated_from": None,
        "given_by": "admin",
        "reason": "任命",
        "legal_basis": "任字〔2026〕1号",
        "given_at": AT - DAY,
        **more,
    }
    return GrantGiven(person=person, grant_id=UUID(int=number), role=role, **said)


def delegated(number: int, source: GrantGiven, person: str = "p-2", **more: Any) -> GrantGiven:
    said = {
        "role": source.role,
        "region": source.region,
        "valid_until": AT + DAY,
        "manner": "delegated",
        "delegated_from": source.grant_id,
        "given_by": source.person,
        **more,
    }
    return given(number, person, **said)


def taken(number: int, person: str = "p-1", at: datetime = AT) -> GrantTaken:
    return GrantTaken(
        person=person, grant_id=UUID(int=number), taken_by="admin", reason="调离", legal_basis="", taken_at=at
    )


def named(number: int, person: str = "p-1", substitute: str = "p-2", **more: Any) -> SubstituteNamed:
    said: dict[str, Any] = {
        "department": "education",
        "region": "330106",
        "valid_from": AT,
        "valid_until": AT + DAY,
        "named_by": person,
        "reason": "休假",
        "legal_basis": "",
        "named_at": AT,
        **more,
    }
    return SubstituteNamed(person=person, substitution_id=UUID(int=number), substitute=substitute, **said)


def dismissed(number: int, person: str = "p-1", substitute: str = "p-2") -> SubstituteDismissed:
    return SubstituteDismissed(
        person=person,
        substitution_id=UUID(int=number),
        substitute=substitute,
        dismissed_by=person,
        reason="回岗",
        dismissed_at=AT,
    )


def revoked(what: Any, value: str, person: str = "p-1", at: datetime = AT) -> AccessRevoked:
    return AccessRevoked(
        person=person,
        revocation_id=UUID(int=900),
        what=what,
        value=value,
        before=at,
        revoked_by="admin",
        reason="手机丢失",
        revoked_at=at,
    )


def locked(person: str = "p-1", until: datetime | None = None) -> PersonLocked:
    return PersonLocked(person=person, locked_until=until, locked_by="admin", reason="多次失败", locked_at=AT)


def unlocked(person: str = "p-1") -> PersonUnlocked:
    return PersonUnlocked(person=person, unlocked_by="admin", reason="已核实", unlocked_at=AT)
