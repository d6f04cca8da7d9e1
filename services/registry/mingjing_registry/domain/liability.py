"""Unconsumed liability 未消课负债 as the funds service says it.

One rule: nobody states it by hand. The registry asks, funds answers, and an old answer is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.licence_refusals import LiabilityTooOld, LiabilityUnknown
from mingjing_registry.domain.refusals import FamiliesStillOwed

FRESH_DAYS_MAX = 1
"""An answer is good for the day after it, no longer: money moves every day. A policy may say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLiability:
    """Ask funds what families are still owed."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLiability:
    """Funds has answered."""

    unconsumed_fen: int
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityAsked:
    """Funds was asked."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityStated:
    """What funds said, and for which day."""

    unconsumed_fen: int
    stated_on: date
    on: date


Command: TypeAlias = AskLiability | NoteLiability
Event: TypeAlias = LiabilityAsked | LiabilityStated


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """The last answer; ``None`` where there is none."""

    unconsumed_fen: int | None = None
    stated_on: date | None = None


def owed(liability: Liability) -> Refusal | None:
    """Why nothing may be closed yet; ``None`` where funds says that nothing is owed."""
    if liability.unconsumed_fen is None:
        return LiabilityUnknown()
    if liability.unconsumed_fen != 0:
        return FamiliesStillOwed(unconsumed_liability_fen=liability.unconsumed_fen)
    return None


def require_fresh(liability: Liability, on: date, days_max: int) -> None:
    """Raise ``LiabilityTooOld`` when funds spoke too long before this day."""
    if not _is_fresh(liability, on, days_max):
        raise LiabilityTooOld(stated_on=liability.stated_on)


def is_settled(liability: Liability, on: date) -> bool:
    """Whether funds says, and not too long ago for what follows by itself, that nothing is owed."""
    return liability.unconsumed_fen == 0 and _is_fresh(liability, on, FRESH_DAYS_MAX)


def _is_fresh(liability: Liability, on: date, days_max: int) -> bool:
    stated_on = liability.stated_on
    return stated_on is not None and on - stated_on <= timedelta(days=days_max)


def decide_liability(command: Command, liability: Liability) -> list[Event]:
    """The facts that follow."""
    match command:
        case AskLiability(on=on):
            return [LiabilityAsked(on=on)]
        case NoteLiability(unconsumed_fen=fen, stated_on=stated_on, on=on):
            before = liability.stated_on
            stale = before is not None and stated_on < before
            if stale or (liability.unconsumed_fen, before) == (fen, stated_on):
                return []
            return [LiabilityStated(unconsumed_fen=fen, stated_on=stated_on, on=on)]
