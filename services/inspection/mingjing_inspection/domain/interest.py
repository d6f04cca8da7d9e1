"""Stated interests (利害关系申报) of one inspector: to which institutions she is not sent, and why in one word.

One rule: only the kind is kept, never the story: who is whose relative stands nowhere. What is stated counts for draws
that are frozen later; a draw that is frozen has its own copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.draw_facts import ConflictKind
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class StateInterest:
    """An inspector, or somebody who knows, states a conflict of interest."""

    officer: str
    institution_id: UUID
    kind: ConflictKind
    department: str
    region: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInterest:
    """It is over, or was stated by mistake."""

    institution_id: UUID
    reason: str
    by: str
    at: datetime


Command: TypeAlias = StateInterest | WithdrawInterest


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestStated:
    """This inspector is not sent to that institution."""

    officer: str
    institution_id: UUID
    kind: ConflictKind
    department: str
    region: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestWithdrawn:
    """She may be sent there again."""

    institution_id: UUID
    reason: str
    by: str
    at: datetime


Event: TypeAlias = InterestStated | InterestWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """Of one inspector."""

    kinds: Mapping[UUID, ConflictKind] = field(default_factory=dict)


class InterestNotStated(NotFound):
    """Nothing to withdraw."""

    sentence = "No interest of this inspector in this institution is stated."
    remedy = "Look at the list of stated interests."
    field = "institution_id"


class WithdrawalWithoutReason(Invalid):
    """Withdrawn without a word."""

    sentence = "Withdrawing a stated interest needs a reason."
    remedy = "Say since when and why there is none any more."
    field = "reason"


def decide(command: Command, interests: Interests) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case StateInterest():
            if interests.kinds.get(command.institution_id) is command.kind:
                return []
            return [
                InterestStated(
                    officer=command.officer,
                    institution_id=command.institution_id,
                    kind=command.kind,
                    department=command.department,
                    region=command.region,
                    by=command.by,
                    at=command.at,
                )
            ]
        case WithdrawInterest():
            if command.institution_id not in interests.kinds:
                raise InterestNotStated
            if not command.reason.strip():
                raise WithdrawalWithoutReason
            return [
                InterestWithdrawn(
                    institution_id=command.institution_id, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case _:
            assert_never(command)


def evolve(interests: Interests, event: Event) -> Interests:
    """What is stated after a fact."""
    match event:
        case InterestStated():
            return Interests(kinds=MappingProxyType({**interests.kinds, event.institution_id: event.kind}))
        case InterestWithdrawn():
            left = {id: kind for id, kind in interests.kinds.items() if id != event.institution_id}
            return Interests(kinds=MappingProxyType(left))
        case _:
            assert_never(event)


INTEREST: Decider[Command, Interests, Event] = Decider(initial=Interests(), decide=decide, evolve=evolve)
