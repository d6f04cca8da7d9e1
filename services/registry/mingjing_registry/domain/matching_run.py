"""Matching run 夜间比对: what a night's comparison looked at and what came of it.

One rule: a day without a run is visible as a day without its event, and a run that found nothing says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMatchingRun:
    """Put on record what a run did."""

    on: date
    rule_version: str
    through: int
    looked_at: int
    proposed: int
    lapsed: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRan:
    """Every institution that changed up to position ``through`` was compared, under this rule."""

    on: date
    rule_version: str
    through: int
    looked_at: int
    proposed: int
    lapsed: int
    because: str


def decide(command: RecordMatchingRun, last: MatchingRan | None) -> list[MatchingRan]:
    """One a day and rule: the second found nothing that the first had not."""
    if last is not None and (last.on, last.rule_version) == (command.on, command.rule_version):
        return []
    return [
        MatchingRan(
            on=command.on,
            rule_version=command.rule_version,
            through=command.through,
            looked_at=command.looked_at,
            proposed=command.proposed,
            lapsed=command.lapsed,
            because=command.because,
        )
    ]


def evolve(_last: MatchingRan | None, event: MatchingRan) -> MatchingRan | None:
    """The latest."""
    return event


MATCHING_RUN: Decider[RecordMatchingRun, MatchingRan | None, MatchingRan] = Decider(None, decide, evolve)
