"""Domain fact -> contract. One rule: what is told has the very fields of the fact, and a name is never among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from mingjing_contracts.console import (
    AccessRevokedV1,
    GrantGivenV1,
    GrantTakenV1,
    PersonLockedV1,
    PersonUnlockedV1,
    SubstituteDismissedV1,
    SubstituteNamedV1,
)
from mingjing_kernel.access import facts
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded


def grant_given(fact: Recorded[facts.GrantGiven]) -> GrantGivenV1:
    """Somebody may do more."""
    return GrantGivenV1(**_fields(fact.event))


def grant_taken(fact: Recorded[facts.GrantTaken]) -> GrantTakenV1:
    """Somebody may do less."""
    return GrantTakenV1(**_fields(fact.event))


def substitute_named(fact: Recorded[facts.SubstituteNamed]) -> SubstituteNamedV1:
    """Somebody stands in for another."""
    return SubstituteNamedV1(**_fields(fact.event))


def substitute_dismissed(fact: Recorded[facts.SubstituteDismissed]) -> SubstituteDismissedV1:
    """Not any more."""
    return SubstituteDismissedV1(**_fields(fact.event))


def access_revoked(fact: Recorded[facts.AccessRevoked]) -> AccessRevokedV1:
    """These tokens are not accepted any more."""
    return AccessRevokedV1(**_fields(fact.event))


def person_locked(fact: Recorded[facts.PersonLocked]) -> PersonLockedV1:
    """Nobody is let in under this subject."""
    return PersonLockedV1(**_fields(fact.event))


def person_unlocked(fact: Recorded[facts.PersonUnlocked]) -> PersonUnlockedV1:
    """Let in again."""
    return PersonUnlockedV1(**_fields(fact.event))


def _fields(event: Any) -> dict[str, Any]:
    return {one.name: getattr(event, one.name) for one in fields(event)}


OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        facts.GrantGiven: grant_given,
        facts.GrantTaken: grant_taken,
        facts.SubstituteNamed: substitute_named,
        facts.SubstituteDismissed: substitute_dismissed,
        facts.AccessRevoked: access_revoked,
        facts.PersonLocked: person_locked,
        facts.PersonUnlocked: person_unlocked,
    }
)
