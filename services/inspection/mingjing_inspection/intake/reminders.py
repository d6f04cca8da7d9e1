"""After how much of its time a clock reminds (催办): as a policy in force says it, for a clock that begins."""

from __future__ import annotations

from mingjing_inspection.domain.reminding import Reminder
from mingjing_kernel.policy import Numbers


def reminder_of(numbers: Numbers) -> Reminder:
    """The same for a clock."""
    return Reminder(percent=numbers["percent"], version=numbers.version)
