"""Deadlines (期限): clocks that facts start, move, pause and end, and what is done when one has run out."""

from mingjing_kernel.deadline_clock import Clock, paused, resumed, running, running_hours, running_working_days
from mingjing_kernel.deadlines.moving import DEADLINE, DeadlineMoved
from mingjing_kernel.deadlines.plan import DeadlinePlan
from mingjing_kernel.deadlines.rule import Also, DeadlineRule, Due

__all__ = [
    "DEADLINE",
    "Also",
    "Clock",
    "DeadlineMoved",
    "DeadlinePlan",
    "DeadlineRule",
    "Due",
    "paused",
    "resumed",
    "running",
    "running_hours",
    "running_working_days",
]
