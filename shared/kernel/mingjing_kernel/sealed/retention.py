"""Retention sweep (到期清理): once a day, whose time is over goes by itself, and what stays says why.

Pure, but for the names of streams. The one rule: a day without a sweep is visible as a day without its event; a sweep
that erased nobody says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSweep:
    """Put on record what the sweep of a day did."""

    on: date
    policy_version: str
    erased: int
    held: int
    left: int
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSwept:
    """The day's sweep: how many subjects were erased, how many a legal hold kept, how many wait for the next one."""

    on: date
    policy_version: str
    erased: int
    held: int
    left: int
    because: str
    at: datetime


def decide(command: RecordSweep, last: RetentionSwept | None) -> list[RetentionSwept]:
    """One a day: the second one that ends on the same day found nothing that the first had not."""
    return [] if last is not None else [fact(RetentionSwept, command)]


def evolve(_last: RetentionSwept | None, event: RetentionSwept) -> RetentionSwept | None:
    """The day's sweep."""
    return event


def sweep_id(day: date) -> UUID:
    """The stream of one day's sweep."""
    return derived_id("retention-sweep", day.isoformat())


RETENTION_CODEC: Codec[RetentionSwept] = Codec({"kernel.retention-swept.v1": RetentionSwept})
RETENTION = Aggregate("retention-sweep", Decider(None, decide, evolve), RETENTION_CODEC)
