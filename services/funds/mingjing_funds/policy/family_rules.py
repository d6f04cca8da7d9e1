"""The rules with numbers of the family's side (参数化规则): charging, teaching times, confirmation, refunds, release.

The one rule: the numbers in force on a day for a region and a category; what they lead to cites their version.
"""

from __future__ import annotations

from mingjing_funds.domain.charging_checks import DEFAULT_MODES, Check, Mode
from mingjing_funds.domain.release_policy import ReleaseKind
from mingjing_kernel.policy.rule import Number, Rule

_MODES = {
    Check.PERIOD: "超期收费", Check.LESSONS: "超课时收费", Check.AMOUNT: "超额收费", Check.SHORTER: "时长课时从短",
    Check.TOPPED_UP_LESSONS: "变相续费（课时）", Check.TOPPED_UP_AMOUNT: "变相续费（金额）",
    Check.TOPPED_UP_PERIOD: "变相续费（时长）", Check.EARLY: "提前收费", Check.RENEWAL: "提前续费",
    Check.LEASE: "超出租期收费", Check.PAYEE: "收款方", Check.LOAN: "培训贷", Check.TEXT: "合同文本",
    Check.PRICE: "高于公示价", Check.NEXT_TERM: "预收下学期费用",
    Check.GUIDE: "高于政府指导价",
}  # fmt: skip


def _mode(check: Check) -> Number:
    return Number(
        name=f"{check.value.lower()}-mode",
        zh=f"{check.value} {_MODES[check]}（0 不查，1 提示，2 禁止）",
        en=f"{check.value}: 0 is not checked, 1 is a finding, 2 forbids",
        default=DEFAULT_MODES[check].value,
        at_most=Mode.BLOCK.value,
        unit="mode",
    )


CHARGING = Rule(
    name="charging",
    zh="收费规则",
    en="What may be charged at once",
    numbers=(
        Number(
            name="months", zh="一次收费最长月数", en="Months at most", default=3, at_least=1, at_most=12, unit="months"
        ),
        Number(
            name="lessons",
            zh="一次收费最多课时",
            en="Lessons at most",
            default=60,
            at_least=1,
            at_most=1_000,
            unit="lessons",
        ),
        Number(
            name="non-subject",
            zh="非学科类一次最高金额（元）",
            en="Non-subject: yuan at most",
            default=5_000,
            at_least=1,
            unit="yuan",
        ),
        Number(
            name="early",
            zh="最早提前收费月数",
            en="Months before the start at most",
            default=1,
            at_most=12,
            unit="months",
        ),
        Number(
            name="renewal-lessons",
            zh="续费时剩余课时上限",
            en="Lessons left at most for a renewal",
            default=20,
            at_most=1_000,
            unit="lessons",
        ),
        Number(
            name="subjects-apart",
            zh="学科类按学科分别累计（0 合并，1 分别）",
            en="Subject training: each school subject counts apart (1), or all together (0)",
            default=1,
            at_most=1,
            unit="mode",
        ),
        Number(
            name="above-list",
            zh="高于公示价百分比上限",
            en="Per cent above the published price at most",
            default=0,
            at_most=100,
            unit="percent",
        ),
        Number(
            name="guide-price",
            zh="政府指导价（元/课时，0 为未公布）",
            en="The government's guide price, yuan a lesson (0: none is published)",
            default=0,
            at_most=10_000,
            unit="yuan",
        ),
        Number(
            name="above-guide",
            zh="高于指导价百分比上限",
            en="Per cent above the guide price at most",
            default=10,
            at_most=100,
            unit="percent",
        ),
        *(_mode(check) for check in Check),
    ),
    legal_basis="教监管函〔2021〕2号；13部门非学科类培训意见（2022）；发改价格〔2021〕1279号",
)
TEACHING_TIMES = Rule(
    name="teaching-times",
    zh="培训时间",
    en="When lessons may be held",
    numbers=(
        Number(
            name="on-site-until",
            zh="线下最晚结束（当日分钟）",
            en="On site: ends by this minute of the day",
            default=20 * 60 + 30,
            at_most=24 * 60,
            unit="minutes",
        ),
        Number(
            name="online-until",
            zh="线上最晚结束（当日分钟）",
            en="Online: ends by this minute of the day",
            default=21 * 60,
            at_most=24 * 60,
            unit="minutes",
        ),
        Number(
            name="online-minutes",
            zh="线上每节课最长分钟数",
            en="Online: minutes of a lesson at most",
            default=30,
            at_least=1,
            at_most=600,
            unit="minutes",
        ),
        Number(
            name="online-break",
            zh="线上课间隔最短分钟数",
            en="Online: minutes between two lessons at least",
            default=10,
            at_most=600,
            unit="minutes",
        ),
        Number(
            name="school-from",
            zh="中小学教学时间开始（当日分钟；与结束相同为未规定，寒暑假另立版本）",
            en="Schools teach from this minute of the day (as their end: not stated; another version in vacations)",
            default=0,
            at_most=24 * 60,
            unit="minutes",
        ),
        Number(
            name="school-to",
            zh="中小学教学时间结束（当日分钟）",
            en="Schools teach until this minute of the day",
            default=0,
            at_most=24 * 60,
            unit="minutes",
        ),
    ),
    legal_basis="中办发〔2021〕40号",
)
CONFIRMATION = Rule(
    name="lesson-confirmation",
    zh="课时确认",
    en="The family's word about a lesson",
    numbers=(
        Number(
            name="silence",
            zh="逾期视同确认的工作日数",
            en="Working days until silence confirms",
            default=15,
            at_least=1,
            at_most=60,
            unit="working-days",
        ),
        Number(
            name="code-days",
            zh="确认码有效天数",
            en="Days for which a code is valid",
            default=30,
            at_least=1,
            at_most=90,
            unit="days",
        ),
    ),
    legal_basis="全国校外教育培训监管与服务综合平台应用管理办法",
)
REFUNDS = Rule(
    name="refunds",
    zh="退费期限",
    en="The two clocks of a refund",
    numbers=(
        Number(
            name="answer",
            zh="逾期视同同意的工作日数",
            en="Working days until silence agrees",
            default=5,
            at_least=1,
            at_most=60,
            unit="working-days",
        ),
        Number(
            name="pay-before-start",
            zh="开课前退费到账天数",
            en="Days to pay before the lessons begin",
            default=5,
            at_least=1,
            at_most=90,
            unit="days",
        ),
        Number(
            name="pay",
            zh="开课后退费到账天数",
            en="Days to pay once they have begun",
            default=15,
            at_least=1,
            at_most=90,
            unit="days",
        ),
        Number(
            name="cooling-off",
            zh="冷静期天数（0 为无）",
            en="Days of cooling-off (0: none)",
            default=7,
            at_most=90,
            unit="days",
        ),
    ),
    legal_basis="GF—2021—2604；法释〔2025〕4号；教监管函〔2021〕2号",
)
RELEASE_KINDS = tuple(ReleaseKind)
RELEASE = Rule(
    name="release",
    zh="拨付规则",
    en="When confirmed lessons are paid out",
    numbers=(
        Number(
            name="kind",
            zh="方式（0 逐课，1 周结，2 月结，3 分阶段，4 课程结束后，5 混合）",
            en="0 per lesson, 1 weekly, 2 monthly, 3 staged, 4 after the end, 5 hybrid",
            default=0,
            at_most=len(RELEASE_KINDS) - 1,
            unit="kind",
        ),
        Number(
            name="weekday",
            zh="周结日（0 为周一）",
            en="Day of the weekly settlement (0 is Monday)",
            default=6,
            at_most=6,
            unit="weekday",
        ),
        Number(
            name="end",
            zh="课程结束后的工作日数",
            en="Working days after the end",
            default=15,
            at_most=60,
            unit="working-days",
        ),
    ),
    legal_basis="教监管函〔2021〕2号",
)
FAMILY_RULES = (CHARGING, TEACHING_TIMES, CONFIRMATION, REFUNDS, RELEASE)
