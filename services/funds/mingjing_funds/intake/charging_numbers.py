"""From the numbers in force to what the charging checks take. The one rule: they cite the version they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mingjing_funds.domain.charging_checks import ChargingNumbers, Check, Mode
from mingjing_funds.policy.school_subjects import LOOKALIKES, SCHOOL_SUBJECTS
from mingjing_kernel.policy import Numbers


def charging_numbers(found: Numbers) -> ChargingNumbers:
    """P1 to P12 as they are in force."""
    return ChargingNumbers(
        version=f"charging/{found.version}",
        months_max=found["months"],
        lessons_max=found["lessons"],
        non_subject_fen_max=found["non-subject"] * 100,
        early_months_max=found["early"],
        renewal_lessons_max=found["renewal-lessons"],
        above_list_percent_max=found["above-list"],
        guide_fen_a_lesson=found["guide-price"] * 100,
        above_guide_percent_max=found["above-guide"],
        subjects=SCHOOL_SUBJECTS if found["subjects-apart"] else {},
        lookalikes=LOOKALIKES,
        modes=MappingProxyType({check: Mode(found[f"{check.value.lower()}-mode"]) for check in Check}),
    )


def at_import(limits: ChargingNumbers, found: Numbers) -> ChargingNumbers:
    """The limits in force with what they lead to at import; what is not checked here at all is not checked there."""
    modes: Mapping[Check, Mode] = {
        check: Mode(found[f"{check.value.lower()}-mode"]) if limits.modes.get(check, Mode.OFF) else Mode.OFF
        for check in Check
    }
    return replace(limits, modes=MappingProxyType(modes))
