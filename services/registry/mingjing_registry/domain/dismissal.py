"""Dismissal demanded 责令解聘 (X14): somebody on the staff blacklist works there, and the institution is told so.

One rule: the person is named by the id of the record and by nothing else; whoever may read that record knows who.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandDismissal:
    """Tell the institution; in the transaction in which the bar is noted on the person's own record."""

    member_id: UUID
    entry_id: UUID
    decision_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissalDemanded:
    """The institution must dismiss this person; inspection looks whether it did."""

    member_id: UUID
    entry_id: UUID
    decision_reference: str
    on: date


Command: TypeAlias = DemandDismissal
Event: TypeAlias = DismissalDemanded


def decide_dismissal(command: Command) -> list[Event]:
    """Each demand is one; its command id says which, so that the same one is not made twice."""
    demanded = DismissalDemanded(
        member_id=command.member_id,
        entry_id=command.entry_id,
        decision_reference=command.decision_reference,
        on=command.on,
    )
    return [demanded]
