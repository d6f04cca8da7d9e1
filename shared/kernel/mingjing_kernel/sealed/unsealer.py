"""Unsealer (查看人): one person on one day, and whose sealed fields that person opened.

Pure. The one rule: the limit is decided here, in the log's own order, so that no two requests slip past it together.
What is beyond it is refused and is an alarm; opened or refused, each attempt waits for somebody else's review.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity.act import Act, roles
from mingjing_kernel.identity.role import OFFICIALS, Role
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.refusals import (
    PurposeMissing,
    UnsealingReviewedAlready,
    UnsealingUnknown,
)

ALARMS_MAX = 20
"""Of one person on one day: who goes on trying is refused all the same, and needs no twenty-first line."""
HOUR = timedelta(hours=1)
Conclusion: TypeAlias = Literal["justified", "unjustified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseal:
    """Ask to open fields of one subject; with the limits in force, and the version of the policy that sets them."""

    unsealing_id: UUID
    unsealer: str
    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: Purpose
    explanation: str
    openings_an_hour: int
    openings_a_day: int
    policy_version: str
    at: datetime
    granted_before: tuple[datetime, ...] = ()
    """Openings of the hour before that another day's stream holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewUnsealing:
    """Somebody else looked at an opening, or at a refused one, and says whether it was justified."""

    unsealing_id: UUID
    reviewer: str
    conclusion: Conclusion
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealingGranted:
    """Within the limits of ``policy_version``: the fields are opened next, which stands on the subject's record."""

    unsealing_id: UUID
    unsealer: str
    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: Purpose
    explanation: str
    policy_version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkUnsealingRefused:
    """An alarm: one opening more than ``allowed`` in the ``window`` was asked for, and nothing was opened."""

    unsealing_id: UUID
    unsealer: str
    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: Purpose
    explanation: str
    window: str
    allowed: int
    policy_version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealingReviewed:
    """Somebody other than the unsealer looked at it."""

    unsealing_id: UUID
    unsealer: str
    reviewer: str
    conclusion: Conclusion
    remark: str
    at: datetime


Command: TypeAlias = Unseal | ReviewUnsealing
Event: TypeAlias = UnsealingGranted | BulkUnsealingRefused | UnsealingReviewed


@dataclass(frozen=True, slots=True)
class Day:
    """What one person asked for on one day: when each opening was granted, how often one was refused, what waits."""

    unsealer: str = ""
    granted_at: tuple[datetime, ...] = ()
    alarms: int = 0
    reviewed: Mapping[UUID, str] = field(default_factory=dict)
    """Every attempt, with the conclusion of its review or an empty text."""


def decide(command: Command, day: Day) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case Unseal():
            return _unseal(command, day)
        case ReviewUnsealing():
            return _review(command, day)
        case _:
            assert_never(command)


def evolve(day: Day, event: Event) -> Day:
    """The day after a fact."""
    match event:
        case UnsealingGranted():
            seen = MappingProxyType({**day.reviewed, event.unsealing_id: ""})
            return Day(event.unsealer, (*day.granted_at, event.at), day.alarms, seen)
        case BulkUnsealingRefused():
            seen = MappingProxyType({**day.reviewed, event.unsealing_id: ""})
            return Day(event.unsealer, day.granted_at, day.alarms + 1, seen)
        case UnsealingReviewed():
            return replace(day, reviewed=MappingProxyType({**day.reviewed, event.unsealing_id: event.conclusion}))
        case _:
            assert_never(event)


def _unseal(command: Unseal, day: Day) -> list[Event]:
    if not command.explanation.strip():
        raise PurposeMissing
    beyond = _beyond(command, day)
    if beyond is None:
        return [fact(UnsealingGranted, command)]
    if day.alarms >= ALARMS_MAX:
        return []
    window, allowed = beyond
    return [fact(BulkUnsealingRefused, command, window=window, allowed=allowed)]


def _beyond(command: Unseal, day: Day) -> tuple[str, int] | None:
    """Which limit one more opening would break."""
    an_hour_ago = command.at - HOUR
    if sum(moment > an_hour_ago for moment in (*command.granted_before, *day.granted_at)) >= command.openings_an_hour:
        return "hour", command.openings_an_hour
    return ("day", command.openings_a_day) if len(day.granted_at) >= command.openings_a_day else None


def _review(command: ReviewUnsealing, day: Day) -> list[Event]:
    before = day.reviewed.get(command.unsealing_id)
    if before is None:
        raise UnsealingUnknown
    if before:
        raise UnsealingReviewedAlready(conclusion=before)
    return [fact(UnsealingReviewed, command, unsealer=day.unsealer)]


def unsealer_id(unsealer: str, day: date) -> UUID:
    """The stream of one person on one day (in China)."""
    return derived_id("unsealer", unsealer, day.isoformat())


def _attempt(fact: Event) -> Hashable:
    return fact.unsealing_id


OPEN_SEALED = Act(
    name="open-sealed-fields",
    zh="查看个人信息",
    en="open sealed fields",
    roles=OFFICIALS,  # which of them, and where, is asked by the service's own act before
    asks=Unseal,
    leaves=(UnsealingGranted, BulkUnsealingRefused),
    thing=_attempt,
)
REVIEW_UNSEALING = Act(
    name="review-unsealing",
    zh="复核查看记录",
    en="review an opening",
    roles=roles(Role.AUDITOR, Role.LEGAL_REVIEWER),  # neither who needs openings for work nor who runs the machines
    asks=ReviewUnsealing,
    leaves=(UnsealingReviewed,),
    thing=_attempt,
    apart_from=frozenset({"open-sealed-fields"}),
)
UNSEALER_CODEC: Codec[Event] = Codec(
    {
        "kernel.unsealing-granted.v1": UnsealingGranted,
        "kernel.bulk-unsealing-refused.v1": BulkUnsealingRefused,
        "kernel.unsealing-reviewed.v1": UnsealingReviewed,
    }
)
UNSEALER = Aggregate("unsealer", Decider(Day(), decide, evolve), UNSEALER_CODEC, (OPEN_SEALED, REVIEW_UNSEALING))
