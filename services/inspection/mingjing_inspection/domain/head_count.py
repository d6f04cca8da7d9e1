"""Heads counted at a visit (清点人数): how many pupils an officer saw in the rooms, and how many classes were held.

One rule: a number of heads and nothing of anybody; a count that was wrong is replaced by the next one, and both stay
readable. Funds compares it with the pupils who have a contract (F35).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid

HEADS_MAX = 10_000
CLASSES_MAX = 500


class CountImpossible(Invalid):
    """A count below zero, beyond what any site holds, or pupils in no class."""

    sentence = "{pupils} pupils in {classes} classes cannot have been counted at one site."
    remedy = "Check both numbers; where nobody is taught both are zero."
    rule = "head count at a visit"
    field = "pupils"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHeads:
    """What was counted at the visit whose id the stream has."""

    institution_id: UUID
    site_id: UUID
    pupils: int
    classes: int
    visited_at: datetime
    counted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsCounted:
    """So many pupils were seen, in so many classes."""

    institution_id: UUID
    site_id: UUID
    pupils: int
    classes: int
    visited_at: datetime
    counted_by: str


def _decide(command: CountHeads, counted: HeadsCounted | None) -> list[HeadsCounted]:
    if not 0 <= command.pupils <= HEADS_MAX or not 0 <= command.classes <= CLASSES_MAX:
        raise CountImpossible(pupils=command.pupils, classes=command.classes)
    if command.pupils and not command.classes:
        raise CountImpossible(pupils=command.pupils, classes=command.classes)
    if counted is not None and (counted.pupils, counted.classes) == (command.pupils, command.classes):
        return []
    fact = HeadsCounted(
        institution_id=command.institution_id,
        site_id=command.site_id,
        pupils=command.pupils,
        classes=command.classes,
        visited_at=command.visited_at,
        counted_by=command.counted_by,
    )
    return [fact]


def _evolve(_counted: HeadsCounted | None, event: HeadsCounted) -> HeadsCounted:
    return event


HEAD_COUNT: Decider[CountHeads, HeadsCounted | None, HeadsCounted] = Decider(None, _decide, _evolve)
