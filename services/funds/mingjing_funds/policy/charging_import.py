"""What a charging rule leads to when a contract comes in a file (合同台账导入): off, a finding, or a row kept aside.

The one rule: a file tells of charges that were made, so it warns where signing here forbids; what a file cannot tell is
off until a region says so. The limits are those of ``family_rules.CHARGING`` for the day, region and category.
"""

from __future__ import annotations

from mingjing_funds.domain.charging_checks import Check, Mode
from mingjing_kernel.policy.rule import Number, Rule

_OFF = frozenset({Check.TOPPED_UP_PERIOD, Check.TEXT})
"""P5's period: a renewal with too many lessons left is told by P6. P10's text: a file says which form was used, not
whether the department has approved it."""


def _mode(check: Check) -> Number:
    return Number(
        name=f"{check.value.lower()}-mode",
        zh=f"导入时{check.value}（0 不查，1 提示，2 不予采用并搁置）",
        en=f"{check.value} at import: 0 is not checked, 1 is a finding, 2 keeps the row aside",
        default=(Mode.OFF if check in _OFF else Mode.WARN).value,
        at_most=Mode.BLOCK.value,
        unit="mode",
    )


CHARGING_AT_IMPORT = Rule(
    name="charging-at-import",
    zh="导入合同的收费检查",
    en="Charging rules looked at when contracts are imported",
    numbers=(
        Number(
            name="fresh",
            zh="合并计算以往收费的时效（签约后天数）",
            en="Days after the signing within which earlier charges are counted with it",
            default=14,
            at_most=366,
            unit="days",
        ),
        *(_mode(check) for check in Check),
    ),
    legal_basis="教监管函〔2021〕2号；13部门非学科类培训意见（2022）",
)
