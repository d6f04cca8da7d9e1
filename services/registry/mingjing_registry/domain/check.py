"""What an admission rule says, and the numbers that it uses: values that events cite.

One rule: "unknown" never counts as pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a rule says."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that the rules use, with the version of the policy that they come from."""

    version: str = "default/1"
    subject_closed: int = 1
    """1: no new licences for subject training of school children and preschoolers (R1)."""
    non_profit_every_stage: int = 0
    """1: subject institutions of every stage are non-profit; 0: those that teach the compulsory stage (R2)."""
    area_per_student_dm2_min: int = 300
    """3 m² a student in the same session (R6)."""
    teaching_percent_min: int = 50
    full_time_percent_min: int = 2
    full_time_preschool_percent_min: int = 6
    guide_price_fen: int = 0
    """Government guide price of a standard lesson of 45 minutes; 0 where none is set (R12)."""
    above_guide_percent_max: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one rule says of one institution: a code and values, put into words where somebody reads them."""

    rule: str
    outcome: Outcome
    finding: str
    values: dict[str, str] = field(default_factory=dict)
