"""The numbers of the seven steps (案卷时限): how long each may take, and how many closed files are looked at once more.

One rule: a step's limit is reckoned here from the numbers in force when it begins; what counts hours of an office and
what counts hours of an emergency is said by the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mingjing_inspection.domain.finding_terms import Limit, Step, Urgency
from mingjing_inspection.domain.office_hours import OFFICE, OfficeHours, in_hours, in_office_hours, in_working_days
from mingjing_inspection.domain.reminding import FOUR_FIFTHS, Reminder, reminder_of
from mingjing_kernel.policy.rule import Number, Rule
from mingjing_kernel.working_days import WorkingDays

_BASIS = "GB/T 30428《数字化城市管理信息系统》；产品默认值"


def _days(name: str, zh: str, en: str, default: int) -> Number:
    return Number(name=name, zh=zh, en=en, default=default, at_least=1, at_most=90, unit="working-days")


def _hours(name: str, zh: str, en: str, default: int) -> Number:
    return Number(name=name, zh=zh, en=en, default=default, at_least=1, at_most=240, unit="hours")


FINDING_LIMITS = Rule(
    name="finding-limits",
    zh="问题案卷时限",
    en="How long the steps of a finding may take",
    numbers=(
        _days("verify", "核实立案", "Verify", 1),
        _hours("dispatch", "派遣（办公小时）", "Dispatch, in office hours", 4),
        _hours("urgent", "紧急处置（自然小时）", "Handle what is urgent, in hours", 24),
        _days("normal", "一般处置", "Handle what is normal", 5),
        _days("complex", "复杂处置", "Handle what is complex", 15),
        _days("recheck", "核查结案", "Re-check and close", 2),
        _days("extension", "延期", "Extension", 5),
        _hours("urgent-extension", "紧急处置延期（自然小时）", "Extension of what is urgent, in hours", 24),
    ),
    legal_basis=_BASIS,
)
FINDING_SAMPLE = Rule(
    name="finding-sample",
    zh="结案抽查",
    en="Share of closed findings that are inspected once more",
    numbers=(Number(name="share", zh="抽查比例", en="Share", default=5, at_least=1, at_most=100, unit="percent"),),
    legal_basis=_BASIS,
)
RULES = (FINDING_LIMITS, FINDING_SAMPLE)


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers in force, with the calendar as it is known and the hours in which offices are open."""

    numbers: Mapping[str, int]
    version: str
    calendar: WorkingDays
    office: OfficeHours = OFFICE
    reminder: Reminder = FOUR_FIFTHS

    def verify(self, at: datetime) -> Limit:
        """From the report."""
        return in_working_days(Step.VERIFY, at, self.numbers["verify"], self.version, self.calendar, self.reminder)

    def dispatch(self, at: datetime) -> Limit:
        """From the moment when it is to be given to somebody."""
        hours = self.numbers["dispatch"]
        return in_office_hours(Step.DISPATCH, at, hours, self.version, self.calendar, self.office, self.reminder)

    def handle(self, urgency: Urgency, at: datetime) -> Limit:
        """From the dispatch."""
        if urgency is Urgency.URGENT:
            return in_hours(Step.HANDLE, at, self.numbers["urgent"], self.version, self.reminder)
        count = self.numbers[urgency.value.lower()]
        return in_working_days(Step.HANDLE, at, count, self.version, self.calendar, self.reminder)

    def recheck(self, at: datetime) -> Limit:
        """From the feedback."""
        return in_working_days(Step.RECHECK, at, self.numbers["recheck"], self.version, self.calendar, self.reminder)

    def extended(self, limit: Limit) -> Limit:
        """The same clock, from the same beginning, with more on it; it reminds as it would have."""
        reminder = reminder_of(limit.policy)
        if limit.hours is not None:
            more = limit.hours + self.numbers["urgent-extension"]
            return in_hours(limit.step, limit.started_at, more, self.version, reminder)
        more = (limit.working_days or 0) + self.numbers["extension"]
        return in_working_days(limit.step, limit.started_at, more, self.version, self.calendar, reminder)
