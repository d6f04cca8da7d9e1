"""Floor area 培训场所面积 (R6): each address by itself has room for the pupils of one session.

One rule: the area is the one that was measured at the site, never the one that was stated on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mingjing_registry.domain.check import Check, Outcome

RULE = "R6"
DM2_OF_M2 = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One address as it was measured, with the most pupils of a session there."""

    address: str
    area_m2: int
    students_max: int


def area_judged(rooms: Sequence[Room], dm2_a_student: int) -> Check:
    """Whether every one of them is large enough."""
    short = [one.address for one in rooms if one.area_m2 * DM2_OF_M2 < dm2_a_student * one.students_max]
    area, students = sum(one.area_m2 for one in rooms), sum(one.students_max for one in rooms)
    values = {"area_m2": area, "students": students, "needed_dm2": dm2_a_student * students}
    return _said(Outcome.FAIL if short else Outcome.PASS, "area", **values)


def area_unknown() -> Check:
    """Nobody has measured it; that never counts as enough."""
    return _said(Outcome.UNKNOWN, "area-not-measured")


def area_not_applicable() -> Check:
    """Nobody is taught in a room."""
    return _said(Outcome.NOT_APPLICABLE, "online-only")


def _said(outcome: Outcome, finding: str, **values: int) -> Check:
    return Check(
        rule=RULE, outcome=outcome, finding=finding, values={name: str(value) for name, value in values.items()}
    )
