"""When whoever has a step is reminded (催办): of findings, rectifications, and tracks of complaints; tasks have theirs.

One rule: a clock that runs keeps the percentage with which it began.
"""

from __future__ import annotations

from mingjing_inspection.domain.reminding import PERCENT, PERCENT_MAX, PERCENT_MIN
from mingjing_kernel.policy.rule import Number, Rule

REMINDERS = Rule(
    name="overdue-reminders",
    zh="催办：期限已过百分比",
    en="Reminded when so much of the time is over",
    numbers=(
        Number(
            name="percent",
            zh="期限已过百分比",
            en="Part of the time, in percent",
            default=PERCENT,
            at_least=PERCENT_MIN,
            at_most=PERCENT_MAX,
            unit="percent",
        ),
    ),
    legal_basis="中办发〔2021〕40号；GB/T 30428《数字化城市管理信息系统》；产品默认值",
)
