"""How long each step of an alert may take (处置时限), as it was in force when the alert was raised.

The one rule: an alert keeps the times that it was raised under; a changed policy moves nobody's deadline afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """RED: acknowledged and somebody on site, then a plan. YELLOW: acknowledged, verified, then a plan."""

    policy_version: str = "default/1"
    red_days: int = 1
    """Somebody on site."""
    red_acknowledge_hours: int = 2
    """Acknowledged, by the hour. Zero: by ``red_days``, as it was before hours were counted."""
    red_site_hours: int = 24
    """Somebody on site, by the hour, from the moment at which it was told. Zero: by ``red_days``."""
    red_plan_working_days: int = 3
    yellow_acknowledge_working_days: int = 1
    yellow_verify_working_days: int = 5
    yellow_plan_working_days: int = 10


RELEASED = Times()
