"""Terms of a listing 列入期限: the grades of dishonesty, how long each is shown, and the numbers of the procedure.

One rule: the clock runs from the date of the decision document (信用修复管理办法, in force 2026-04-01), not from
the day of publication; the first day on which nothing is shown any more is the same day of a later month.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How grave the dishonesty is 失信信息分级."""

    MINOR = "minor"
    """轻微: not public as a rule."""
    GENERAL = "general"
    """一般."""
    SERIOUS = "serious"
    """严重."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingNumbers:
    """The numbers of one version of the policy; what a decision was made by is cited with it."""

    version: str = "default/1"
    minor_months_max: int = 3
    general_months_min: int = 3
    general_months_max: int = 12
    serious_months_min: int = 12
    serious_months_max: int = 36
    notice_working_days: int = 5
    repair_accept_working_days: int = 3
    repair_decide_working_days: int = 10
    withdrawal_working_days: int = 3
    superior_consent: int = 1
    """1: a decision takes effect only with the consent of the authority above (Order 44); 0: without."""

    def months(self, grade: Grade) -> tuple[int, int]:
        """The shortest and the longest time that a listing of this grade is shown."""
        match grade:
            case Grade.MINOR:
                return 0, self.minor_months_max
            case Grade.GENERAL:
                return self.general_months_min, self.general_months_max
            case Grade.SERIOUS:
                return self.serious_months_min, self.serious_months_max


DEFAULT_NUMBERS = ListingNumbers()
