"""The alert rules in force (预警规则目录), F01 to F37. The one rule: a version is for ever; a change is the next one.

``evaluate`` answers for every rule on every account and day, the quiet and the unable included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from mingjing_funds.domain.alerting import rules_account as account
from mingjing_funds.domain.alerting import rules_charging as charging
from mingjing_funds.domain.alerting import rules_conduct as conduct
from mingjing_funds.domain.alerting import rules_custody as custody
from mingjing_funds.domain.alerting import rules_lessons as lessons
from mingjing_funds.domain.alerting import rules_missing_money as missing
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.domain.alerting.rules_composite import Fired, f32_v1
from mingjing_funds.domain.alerting.thresholds import Thresholds

Says: TypeAlias = Callable[[Features, Thresholds], Finding]


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule in one version."""

    version: str
    zh: str
    en: str
    says: Says

    @property
    def name(self) -> str:
        """``F03`` of ``F03/1``."""
        return self.version.partition("/")[0]


_ALL = (
    AlertRule("F01/2", "余额低于最低留存", "Balance below the minimum", custody.f01_v2),
    AlertRule("F02/3", "余额低于未消课负债", "Balance below what families are owed", custody.f02_v3),
    AlertRule("F03/1", "单日大额支出", "Large outflow in a day", custody.f03_v1),
    AlertRule("F04/1", "七日大额支出", "Large outflow in seven days", custody.f04_v1),
    AlertRule("F05/1", "月度支出过大", "Large payments in a month", custody.f05_v1),
    AlertRule("F06/1", "无指令支出", "Debit without an instruction", custody.f06_v1),
    AlertRule("F07/3", "缴费未入专户", "Paid and never credited", missing.f07_v3),
    AlertRule("F08/1", "超限收费", "Charge above a limit", charging.f08_v1),
    AlertRule("F09/1", "提前收费", "Charged too early", charging.f09_v1),
    AlertRule("F10/1", "收费超出租期", "Charge beyond the lease", charging.f10_v1),
    AlertRule("F11/2", "培训贷", "Tuition on credit", charging.f11_v2),
    AlertRule("F12/1", "价格超标", "Price too high", charging.f12_v1),
    AlertRule("F13/1", "未签托管协议", "No custody account", account.f13_v1),
    AlertRule("F14/1", "保证金不足", "Risk deposit too low", account.f14_v1),
    AlertRule("F15/1", "退费逾期", "Refunds overdue", lessons.f15_v1),
    AlertRule("F16/2", "退费申请激增", "Spike of refund requests", lessons.f16_v2),
    AlertRule("F17/3", "收费激增", "Surge of receipts", charging.f17_v3),
    AlertRule("F18/3", "停课", "No lessons while families are owed", lessons.f18_v3),
    AlertRule("F19/1", "课消异常", "Implausible lessons", lessons.f19_v1),
    AlertRule("F20/1", "自动确认占比高", "Confirmed by silence", lessons.f20_v1),
    AlertRule("F21/3", "银行流水中断", "Bank feed silent", account.f21_v3),
    AlertRule("F22/1", "对账不平", "Reconciliation break", account.f22_v1),
    AlertRule("F23/1", "销户或变更银行", "Closing or change of bank", account.f23_v1),
    AlertRule("F24/1", "冻结或执行", "Freeze or enforcement", account.f24_v1),
    AlertRule("F25/2", "投诉激增", "Spike of complaints", conduct.f25_v2),
    AlertRule("F26/2", "拖欠工资房租", "Wages or rent owed", conduct.f26_v2),
    AlertRule("F27/2", "未批准的变更", "Change without approval", conduct.f27_v2),
    AlertRule("F28/1", "教师流失", "Staff leaves", conduct.f28_v1),
    AlertRule("F29/1", "许可证到期或年检不合格", "Licence ends or annual check failed", conduct.f29_v1),
    AlertRule("F30/1", "巡查闭门", "Door shut at patrols", conduct.f30_v1),
    AlertRule("F31/1", "快速扩张", "Rapid expansion", conduct.f31_v1),
    AlertRule("F33/1", "无缴费却有课消", "Lessons without a receipt", missing.f33_v1),
    AlertRule("F34/2", "付到个人账户", "Paid to a person", missing.f34_v2),
    AlertRule("F35/1", "清点人数超出合同", "More heads than contracts", missing.f35_v1),
    AlertRule("F36/3", "授课如常而收费骤停", "Receipts dried up, lessons go on", missing.f36_v3),
    AlertRule("F37/3", "课时骤减", "Lessons thin out", missing.f37_v3),
)
IN_FEN = frozenset({"F01", "F02", "F03", "F04", "F05"})
"""Rules whose threshold is an amount."""
COMPOSITE = "F32"
COMPOSITE_VERSION = "F32/1"
RULES: Mapping[str, AlertRule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""Every rule that looks at an account, by name; ``F32`` looks at what these said."""
NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {rule.name: (rule.zh, rule.en) for rule in _ALL} | {COMPOSITE: ("综合评分", "Composite score")}
)


def version_of(rule: str) -> str:
    """The version in force."""
    return COMPOSITE_VERSION if rule == COMPOSITE else RULES[rule].version


def evaluate(features: Features, thresholds: Thresholds, before: tuple[Fired, ...] = ()) -> dict[str, Finding]:
    """What every rule says of a day; ``before`` is what fired on earlier days and is not forgotten yet."""
    found = {name: rule.says(features, thresholds) for name, rule in RULES.items()}
    found[COMPOSITE] = f32_v1(fired_by(found, before), thresholds)
    return found


def fired_by(found: Mapping[str, Finding], before: tuple[Fired, ...] = ()) -> tuple[Fired, ...]:
    """What fired today, and what fired before and not today: each rule once, by the latest."""
    today = tuple(Fired(name, one.severity, 0) for name, one in found.items() if one.severity is not None)
    names = {one.rule for one in today}
    return (*today, *(one for one in before if one.rule not in names))


def a_day_later(fired: tuple[Fired, ...], days: int, forgotten_after: int) -> tuple[Fired, ...]:
    """What fired, so many days later."""
    later = (one._replace(days_ago=one.days_ago + days) for one in fired)
    return tuple(one for one in later if one.days_ago < forgotten_after)
