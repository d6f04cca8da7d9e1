"""The numbers of visits (巡查参数): when clock and place are doubtful, how many officers, who signs, which hours.

One rule: the domain's own defaults equal these; a command carries the numbers in force, and its fact cites the version.
"""

from __future__ import annotations

from mingjing_inspection.domain.closed_door import TeachingHours
from mingjing_inspection.domain.visit_facts import Limits
from mingjing_kernel.policy.rule import Number, Rule

KINDS = {
    "routine": ("日常巡查", "routine patrol", 1),
    "urgent": ("紧急检查", "urgent inspection", 1),
    "special": ("专项检查", "special inspection", 1),
    "recheck": ("复查", "re-check", 1),
    "double-random": ("双随机检查", "double-random check", 2),
    "joint": ("联合检查", "joint inspection", 2),
}
"""Kinds of tasks with the officers that a visit for one takes; any other kind takes as many as a routine one."""

_LIMITS = Limits()
_HOURS = TeachingHours()

VISIT_RULE = Rule(
    name="visits",
    zh="巡查上报",
    en="Reports of visits",
    numbers=(
        Number(
            name="clock-skew",
            zh="设备时钟偏差上限",
            en="Difference of a device's clock beyond which its times are in doubt",
            default=_LIMITS.clock_skew_seconds_max,
            at_least=1,
            at_most=86_400,
            unit="seconds",
        ),
        Number(
            name="accuracy",
            zh="定位精度下限",
            en="Accuracy of a position beyond which it is in doubt",
            default=_LIMITS.accuracy_metres_max,
            at_least=1,
            at_most=10_000,
            unit="metres",
        ),
        Number(
            name="signatures",
            zh="须双方签名（1 是，0 否）",
            en="Officer and institution sign (1 yes, 0 no)",
            default=int(_LIMITS.signatures_required),
            at_most=1,
            unit="flag",
        ),
        *(
            Number(
                name=f"officers-{kind}",
                zh=f"{zh}最少人数",
                en=f"Least officers of a {en}",
                default=least,
                at_least=1,
                at_most=10,
                unit="officers",
            )
            for kind, (zh, en, least) in KINDS.items()
        ),
    ),
    legal_basis="行政处罚法第四十二条；国办发〔2015〕58号",
)
TEACHING_HOURS = Rule(
    name="teaching-hours",
    zh="教学时段（用于关门判断）",
    en="Teaching hours, for judging closed doors",
    numbers=tuple(
        Number(name=name, zh=zh, en=en, default=default, at_most=24 * 60, unit="minutes")
        for name, zh, en, default in (
            ("weekday-begins", "工作日起（分钟）", "Working days from, minutes after midnight", _HOURS.weekday_begins),
            ("weekday-ends", "工作日止（分钟）", "Working days to", _HOURS.weekday_ends),
            ("weekend-begins", "周末、节假日起（分钟）", "Weekends and holidays from", _HOURS.weekend_begins),
            ("weekend-ends", "周末、节假日止（分钟）", "Weekends and holidays to", _HOURS.weekend_ends),
            ("apart", "两次查看至少相隔（分钟）", "Least time between two looks", _HOURS.apart_minutes),
        )
    ),
    legal_basis="中办发〔2021〕40号；十三部门非学科类培训意见（2022年12月）",
)
VISIT_RULES = (VISIT_RULE, TEACHING_HOURS)
