"""What a finding says to a person, in Chinese and English: the rule, what was found and what is allowed.

The one rule: the words are made of the finding's two numbers and nothing else, so that the log tells them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mingjing_funds.domain.charge import Measure
from mingjing_funds.domain.charging_checks import Check
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.teaching_time import TimeRule
from mingjing_funds.policy.alert_rules import Explanation

_HOUR = 60
_PLAIN: Mapping[Check, tuple[str, str]] = MappingProxyType(
    {
        Check.PERIOD: (
            "一次收费跨度{found}天，超过允许的{allowed}天（三个月）。",
            "One charge covers {found} days; at most {allowed} days (three months) are allowed.",
        ),
        Check.LESSONS: (
            "一次收取{found}课时，超过允许的{allowed}课时。",
            "One charge covers {found} lessons; at most {allowed} are allowed.",
        ),
        Check.SHORTER: (
            "按课表三个月内最多可上{allowed}课时，却收取了{found}课时（时长与课时从短）。",
            "By the timetable three months hold {allowed} lessons; {found} are charged for: the shorter limit binds.",
        ),
        Check.TOPPED_UP_LESSONS: (
            "连同未消课时，同一学员同一科目合计{found}课时，超过允许的{allowed}课时。",
            "With the lessons not yet used the pupil has {found} in this subject; at most {allowed} are allowed.",
        ),
        Check.TOPPED_UP_PERIOD: (
            "连同尚未到期的收费，收费跨度{found}天，超过允许的{allowed}天。",
            "With what was paid before, the charges cover {found} days; at most {allowed} are allowed.",
        ),
        Check.EARLY: (
            "开课前{found}天收费，早于允许的{allowed}天（一个月）。",
            "Charged {found} days before the start; at most {allowed} days (one month) are allowed.",
        ),
        Check.RENEWAL: (
            "续费时尚有{found}课时未消，超过允许的{allowed}课时。",
            "Renewed with {found} lessons left; at most {allowed} may be left.",
        ),
        Check.LEASE: (
            "收费期限超出培训场所租期{found}天。",
            "The charge lasts {found} days longer than the lease of the site.",
        ),
        Check.PAYEE: (
            "收款方不是本机构的资金托管专用账户。",
            "The payee is not the institution's own custody account.",
        ),
        Check.LOAN: ("使用了培训贷。", "The tuition is paid with a training loan."),
        Check.TEXT: (
            "未使用合同示范文本（GF-2021-2604）或主管部门认可的文本。",
            "Neither the model contract (GF-2021-2604) nor an approved text was signed.",
        ),
        Check.NEXT_TERM: (
            "提前收取下一学期节假日、双休日学科类培训费，涉及{found}天。",
            "Weekends and holidays of the next term are charged for in advance: {found} days.",
        ),
    }
)
_MONEY: Mapping[Check, tuple[str, str]] = MappingProxyType(
    {
        Check.AMOUNT: (
            "非学科类一次收取{found}元，超过允许的{allowed}元。",
            "The charge for non-subject training is ¥{found}; at most ¥{allowed} are allowed.",
        ),
        Check.TOPPED_UP_AMOUNT: (
            "连同未消金额，同一学员同一科目合计{found}元，超过允许的{allowed}元。",
            "With what is not yet used the pupil has paid ¥{found} in this subject; at most ¥{allowed} are allowed.",
        ),
        Check.PRICE: (
            "收费{found}元，高于公示价格{allowed}元。",
            "The charge is ¥{found}, above the published price of ¥{allowed}.",
        ),
        Check.GUIDE: (
            "收费{found}元，高于政府指导价及其浮动上限{allowed}元。",
            "The charge is ¥{found}, above the guide price with its margin, ¥{allowed}.",
        ),
    }
)
_TIMES: Mapping[TimeRule, tuple[Callable[[int], str], str, str]] = MappingProxyType(
    {
        TimeRule.DAY_OFF: (
            str,
            "学科类培训安排在节假日、双休日或寒暑假。",
            "Subject training on a holiday, at a weekend or in a vacation.",
        ),
        TimeRule.TOO_LATE: (
            lambda minute: f"{minute // _HOUR:02d}:{minute % _HOUR:02d}",
            "{found}结束，晚于允许的{allowed}。",
            "It ends at {found}, later than {allowed}.",
        ),
        TimeRule.TOO_LONG: (
            str,
            "线上课{found}分钟，超过允许的{allowed}分钟。",
            "The online lesson takes {found} minutes; at most {allowed} are allowed.",
        ),
        TimeRule.NO_BREAK: (
            str,
            "线上课间隔{found}分钟，少于规定的{allowed}分钟。",
            "Between two online lessons there are {found} minutes; at least {allowed} are needed.",
        ),
        TimeRule.SCHOOL_HOURS: (
            str,
            "与中小学教学时间重叠{found}分钟。",
            "{found} minutes of it lie within school hours.",
        ),
        TimeRule.PRESCHOOL_ONLINE: (
            str,
            "对学龄前儿童开展线上培训。",
            "Online training of children before school.",
        ),
    }
)


def words_of(check: Check, measure: Measure) -> Explanation:
    """Of a charge that breaks a rule."""
    if check in _MONEY:
        zh, en = _MONEY[check]
        return _said(zh, en, yuan(measure.found), yuan(measure.allowed))
    zh, en = _PLAIN[check]
    return _said(zh, en, str(measure.found), str(measure.allowed))


def words_of_time(rule: TimeRule, found: int, allowed: int) -> Explanation:
    """Of a lesson that breaks a rule."""
    written, zh, en = _TIMES[rule]
    return _said(zh, en, written(found), written(allowed))


def _said(zh: str, en: str, found: str, allowed: str) -> Explanation:
    return Explanation(zh=zh.format(found=found, allowed=allowed), en=en.format(found=found, allowed=allowed))
