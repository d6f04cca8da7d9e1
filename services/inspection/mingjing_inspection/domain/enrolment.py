"""Enrolled pupils 合同学员 of an institution, as funds states them: what complaints per 1,000 pupils are measured by.

One rule: nobody states them here, nothing is decided on them, and a statement that is no news leaves no fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePupils:
    """Funds has stated how many different pupils the open contracts of an institution name, of a day."""

    institution_id: UUID
    pupils: int
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilsNoted:
    """What funds said, and for which day. Contracts without a name count nobody."""

    institution_id: UUID
    pupils: int
    stated_on: date


def _decide(command: NotePupils, last: PupilsNoted | None) -> list[PupilsNoted]:
    if last is not None and (command.stated_on < last.stated_on or command.pupils == last.pupils):
        return []
    return [PupilsNoted(institution_id=command.institution_id, pupils=command.pupils, stated_on=command.stated_on)]


def _evolve(_last: PupilsNoted | None, event: PupilsNoted) -> PupilsNoted:
    return event


ENROLMENT: Decider[NotePupils, PupilsNoted | None, PupilsNoted] = Decider(None, _decide, _evolve)
