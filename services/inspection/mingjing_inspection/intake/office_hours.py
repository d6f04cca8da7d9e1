"""The hours of open offices (办公时间) as a policy in force says them, for a clock that is being reckoned."""

from __future__ import annotations

from mingjing_inspection.domain.office_hours import OfficeHours
from mingjing_kernel.policy import Numbers


def office_hours_of(numbers: Numbers) -> OfficeHours:
    """The same for a clock."""
    return OfficeHours(
        morning_from=numbers["morning-from"],
        morning_to=numbers["morning-to"],
        afternoon_from=numbers["afternoon-from"],
        afternoon_to=numbers["afternoon-to"],
        saturday_morning=bool(numbers["saturday-morning"]),
        saturday_afternoon=bool(numbers["saturday-afternoon"]),
        version=numbers.version,
    )
