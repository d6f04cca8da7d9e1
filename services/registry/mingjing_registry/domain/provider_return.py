"""Whether an after-school provider is put back whose black-listing fell, or was repaired, within its term (X13).

One rule: nobody is put back by itself, for the county selects; but the question is put, and stays until a person
answers it: by proposing the provider anew, or by declining.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_registry.domain.provider_facts import (
    ProviderReturnDeclined,
    ProviderReturnDue,
    ProviderReturnOverdue,
    ReturnFact,
)
from mingjing_registry.domain.refusals import ReasonMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteListingOver:
    """The black-listing that may have taken it off the list is over, in the same transaction (X13)."""

    listing_id: UUID
    working_days: int
    """Within how many it is to be decided whether it is put back."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReturnOverdue:
    """That time is over."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReturn:
    """It is not put back."""

    reason: str
    on: date


ReturnCommand: TypeAlias = NoteListingOver | NoteReturnOverdue | DeclineReturn


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of the place on the list that it lost with its standing."""

    until_on: date | None = None
    """The last day of the term, where the standing was lost within it."""
    is_due: bool = False
    is_overdue: bool = False


def decide_return(command: ReturnCommand, lost: Place) -> list[ReturnFact]:
    """The facts that follow; whether somebody may decline now is said before."""
    match command:
        case DeclineReturn(reason=reason, on=on):
            if not reason.strip():
                raise ReasonMissing
            return [ProviderReturnDeclined(reason=reason, on=on)]
        case NoteReturnOverdue(on=on):
            return [ProviderReturnOverdue(on=on)] if lost.is_due and not lost.is_overdue else []
        case NoteListingOver(listing_id=listing_id, working_days=count, on=on):
            if lost.is_due or lost.until_on is None or lost.until_on < on:
                return []
            return [ProviderReturnDue(listing_id=listing_id, until_on=lost.until_on, working_days=count, on=on)]
        case _:
            assert_never(command)


def evolve_return(lost: Place, event: ReturnFact) -> Place:
    """What is known after one fact."""
    match event:
        case ProviderReturnDue(until_on=until_on):
            return Place(until_on=until_on, is_due=True)
        case ProviderReturnOverdue():
            return replace(lost, is_overdue=True)
        case ProviderReturnDeclined():
            return Place()
        case _:
            assert_never(event)
