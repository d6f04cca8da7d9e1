"""The hours of open offices (办公时间), by which clocks in office hours run: dispatch, routing, signing.

One rule: each edge of a half day keeps within bounds that no other edge reaches, so that no decision can make an office
close before it opens; a clock keeps the hours that were in force when it was reckoned.
"""

from __future__ import annotations

from mingjing_inspection.domain.office_hours import OfficeHours
from mingjing_kernel.policy.rule import Number, Rule

_HOURS = OfficeHours()
_EDGES = (
    ("morning-from", "上午上班（零点起分钟）", "Mornings from, minutes after midnight", _HOURS.morning_from, 360, 600),
    ("morning-to", "上午下班", "Mornings to", _HOURS.morning_to, 660, 750),
    ("afternoon-from", "下午上班", "Afternoons from", _HOURS.afternoon_from, 750, 900),
    ("afternoon-to", "下午下班", "Afternoons to", _HOURS.afternoon_to, 960, 1_260),
)
_SATURDAYS = (
    (
        "saturday-morning",
        "周六上午办公（1 是，0 否；放假的周六除外）",
        "Open on Saturday mornings, 1 or 0; never on holidays",
    ),
    ("saturday-afternoon", "周六下午办公", "Open on Saturday afternoons"),
)
OFFICE_HOURS = Rule(
    name="office-hours",
    zh="办公时间（办公小时时限用）",
    en="Hours of open offices, for clocks that run in office hours",
    numbers=(
        *(
            Number(name=name, zh=zh, en=en, default=default, at_least=least, at_most=most, unit="minutes")
            for name, zh, en, default, least, most in _EDGES
        ),
        *(Number(name=name, zh=zh, en=en, default=0, at_most=1, unit="flag") for name, zh, en in _SATURDAYS),
    ),
    legal_basis="当地机关作息时间规定；产品默认值",
)
