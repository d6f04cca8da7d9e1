"""Floor area of a further teaching site 增设教学点面积: measured when it is signed for, judged when it is approved.

One rule: too small, or not measured, is not approved, unless somebody who may has waived the rule (R6) with a reason; a
waiver holds for the figures that it was given on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from mingjing_registry.domain.application import Waiver
from mingjing_registry.domain.check import Check, Numbers, Outcome
from mingjing_registry.domain.floor_area import DM2_OF_M2, RULE, Room, area_judged, area_unknown
from mingjing_registry.domain.licence_refusals import RuleNotOfASite, SiteAreaShort, SiteAreaUnmeasured
from mingjing_registry.domain.refusals import ReasonMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveSiteArea:
    """This site need not meet the rule, and why."""

    waiver: Waiver
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMeasured:
    """How large it was found to be, and how many pupils a session there has at most."""

    area_m2: int
    students_max: int
    site_check_reference: str
    on: date

    def has_figures_of(self, other: SiteMeasured | None) -> bool:
        """Whether both found the same."""
        return other is not None and (self.area_m2, self.students_max) == (other.area_m2, other.students_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAreaWaived:
    """The rule need not be met there."""

    waiver: Waiver
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAreaChecked:
    """What the rule said at the approval, by which version of the policy; the approval follows in the same breath."""

    check: Check
    waived: bool
    policy_version: str
    on: date


Fact: TypeAlias = SiteMeasured | SiteAreaWaived | SiteAreaChecked


def waived(command: WaiveSiteArea, before: Waiver | None) -> list[SiteAreaWaived]:
    """The waiver, once."""
    waiver = command.waiver
    if waiver.rule != RULE:
        raise RuleNotOfASite(rule_named=waiver.rule)
    if not waiver.reason.strip():
        raise ReasonMissing
    return [] if waiver == before else [SiteAreaWaived(waiver=waiver, on=command.on)]


def checked(
    measured: SiteMeasured | None, waiver: Waiver | None, numbers: Numbers, *, address: str, on: date
) -> SiteAreaChecked:
    """What the rule says. Raises ``SiteAreaShort`` or ``SiteAreaUnmeasured`` where nobody waived it."""
    needed = numbers.area_per_student_dm2_min
    check = area_unknown()
    if measured is not None:
        room = Room(address=address, area_m2=measured.area_m2, students_max=measured.students_max)
        check = area_judged([room], needed)
    if waiver is None and check.outcome is Outcome.UNKNOWN:
        raise SiteAreaUnmeasured
    if waiver is None and check.outcome is Outcome.FAIL:
        needed = int(check.values["needed_dm2"])
        needed_m2 = f"{needed // DM2_OF_M2}.{needed % DM2_OF_M2:02d}"
        raise SiteAreaShort(area_m2=check.values["area_m2"], students=check.values["students"], needed_m2=needed_m2)
    return SiteAreaChecked(check=check, waived=waiver is not None, policy_version=numbers.version, on=on)
