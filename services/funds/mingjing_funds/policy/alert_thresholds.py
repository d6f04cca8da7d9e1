"""The numbers of the alert rules as policies (预警阈值): by region, category and day, scaled to the size of an account.

The one rule: a number stands in one place. Its default is the field's default in ``Thresholds``; here it gets a name, a
unit, a text and the basis on which an office may change it. Amounts are for a large institution; smaller ones are held
to a share of them, read from the most that families were ever owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Final

from mingjing_funds.domain.alerting.thresholds import DEFAULTS, Thresholds
from mingjing_kernel.policy.rule import Number, Rule

THOUSAND_YUAN_FEN: Final = 1_000_00
_AMOUNT, _DAYS, _WORKING, _PERCENT, _COUNT = "thousand-yuan", "days", "working-days", "percent", "count"
_BASIS = "国办发〔2018〕80号；教监管函〔2021〕2号；浙江、江苏、北京等地预收费资金监管办法；产品默认值"

_TABLE: Final[Mapping[str, tuple[str, str, tuple[tuple[str, str, str, str], ...]]]] = {
    "alert-balance": (
        "余额与大额支出预警",
        "Balance and large outflows (F01 to F05)",
        (
            ("minimum_fen", "最低留存额度", "Minimum balance", _AMOUNT),
            ("minimum_first_year_fen", "开户未满一年的最低留存额度", "Minimum balance in the first year", _AMOUNT),
            ("minimum_red_percent", "低于最低留存多少为红色", "Red below this share of the minimum", _PERCENT),
            ("day_out_fen", "单日支出上限", "Outflow of a day", _AMOUNT),
            ("day_out_percent", "单日支出占余额上限", "Outflow of a day as a share of the balance", _PERCENT),
            ("day_out_red_percent", "单日支出占余额红线", "The same, red", _PERCENT),
            ("week_out_fen", "七日支出上限", "Outflow of seven days", _AMOUNT),
            ("week_out_percent", "七日支出占余额上限", "Outflow of seven days as a share", _PERCENT),
            ("week_out_red_percent", "七日支出占余额红线", "The same, red", _PERCENT),
            ("month_out_percent", "月度支出为最低留存的百分比", "Payments of a month, of the minimum", _PERCENT),
        ),
    ),
    "alert-missing-money": (
        "未入账资金预警",
        "Money that never arrived (F07, F33 to F37)",
        (
            ("sweep_working_days", "缴费应入专户的工作日", "Working days until a payment is credited", _WORKING),
            ("uncredited_red", "未入账笔数红线", "Payments not credited, red", _COUNT),
            ("private_people", "反映付到个人账户的人数", "People who say that they paid a person", _COUNT),
            ("private_people_red", "同上红线", "The same, red", _COUNT),
            ("unpaid_lessons", "无缴费的签到课数", "Lessons without a receipt", _COUNT),
            ("heads_percent", "清点人数超出合同", "Heads above contracts", _PERCENT),
            ("heads_red_percent", "同上红线", "The same, red", _PERCENT),
            ("heads_least", "清点至少超出人数", "Heads above contracts, at least", _COUNT),
            ("dry_percent", "近四周入账占常态", "Receipts of four weeks, of the usual", _PERCENT),
            ("dry_lessons_percent", "同期授课占常态", "Lessons of these weeks, of the usual", _PERCENT),
            ("dry_usual_fen", "常态入账至少", "Usual receipts of four weeks, at least", _AMOUNT),
            ("thin_percent", "一周授课占常态", "Lessons of a week, of the usual", _PERCENT),
            ("thin_lessons", "常态授课至少", "Usual lessons of a week, at least", _COUNT),
            ("thinning_people", "反映并班停课的人数", "People who see classes merged or cancelled", _COUNT),
        ),
    ),
    "alert-charging": (
        "收费预警",
        "Agreements, deposits and surges (F13, F14, F17)",
        (
            ("agreement_days", "取得许可后签约期限", "Days until a custody agreement", _DAYS),
            ("deposit_notice_percent", "保证金提示线", "Deposit, notice below", _PERCENT),
            ("surge_times", "收费激增倍数", "Surge of receipts, times the usual", _COUNT),
            ("surge_fen", "收费激增至少", "Surge of receipts, at least", _AMOUNT),
        ),
    ),
    "alert-refunds": (
        "退费预警",
        "Refunds (F15, F16)",
        (
            ("refund_days", "退费期限", "Days until a refund is paid", _DAYS),
            ("stalled_people", "反映退费难的人数", "People who say that refunds do not come", _COUNT),
            ("overdue_refunds", "逾期笔数", "Refunds overdue", _COUNT),
            ("overdue_refunds_red", "逾期笔数红线", "The same, red", _COUNT),
            ("overdue_red_percent", "逾期金额占负债红线", "Overdue share of what is owed, red", _PERCENT),
            ("spike_requests", "七日退费申请", "Refund requests of seven days", _COUNT),
            ("spike_times", "退费申请激增倍数", "Times the usual", _COUNT),
            ("spike_red_times", "同上红线", "The same, red", _COUNT),
            ("spike_red_requests", "红色至少申请数", "Requests at least, red", _COUNT),
        ),
    ),
    "alert-lessons": (
        "课消预警",
        "Lessons (F18 to F20)",
        (
            ("idle_days", "停课天数", "Days without a lesson", _DAYS),
            ("idle_red_days", "停课天数红线", "The same, red", _DAYS),
            ("calendar_margin_days", "放假安排未发布时的余量", "Margin while a calendar is missing", _DAYS),
            ("units_pupil_day", "单一学员单日课时", "Lessons of a pupil and day", _COUNT),
            ("night_confirmations", "单夜集中确认", "Confirmations of one night", _COUNT),
            ("automatic_percent", "自动确认占比", "Confirmed by silence", _PERCENT),
            ("automatic_lessons", "自动确认至少课数", "Lessons at least", _COUNT),
        ),
    ),
    "alert-books": (
        "对账预警",
        "Bank feed and books (F21, F22)",
        (
            ("feed_days", "银行流水延迟", "Bank feed behind", _WORKING),
            ("gap_days", "对账不平天数", "Books and bank differ", _DAYS),
            ("gap_red_days", "同上红线", "The same, red", _DAYS),
            ("gap_red_fen", "对账不平金额红线", "Difference, red", _AMOUNT),
        ),
    ),
    "alert-conduct": (
        "行为预警",
        "Complaints, staff, licence, patrols (F25 to F31)",
        (
            ("complainants_week", "七日投诉人数", "Persons who complain in seven days", _COUNT),
            ("complainants_month_red", "三十日投诉人数红线", "Persons in thirty days, red", _COUNT),
            ("notice_days", "公示停课搬迁后的宽限", "Days after an announced pause or move", _DAYS),
            ("gone_people", "称停课失联人数", "Persons who say that it is gone", _COUNT),
            ("gone_people_sure", "同上红线", "The same, red without other signs", _COUNT),
            ("staff_percent", "三十日从业人员减少", "Staff lost in thirty days", _PERCENT),
            ("staff_leavers", "至少离职人数", "Leavers at least", _COUNT),
            ("licence_days", "许可到期提示", "Days before a licence ends", _DAYS),
            ("closed_doors", "连续闭门次数", "Shut doors in a row", _COUNT),
            ("new_sites", "六个月新增教学点", "New sites of six months", _COUNT),
            ("expansion_coverage_percent", "扩张时覆盖率", "Coverage while expanding", _PERCENT),
        ),
    ),
    "alert-composite": (
        "综合评分",
        "Composite score (F32)",
        (
            ("weight_red", "红色权重", "Weight of red", _COUNT),
            ("weight_yellow", "黄色权重", "Weight of yellow", _COUNT),
            ("weight_notice", "蓝色权重", "Weight of blue", _COUNT),
            ("decay_days", "衰减天数", "Days until forgotten", _DAYS),
            ("score_red", "红线", "Red at", _COUNT),
        ),
    ),
}
_SCALED: Final = tuple(field.name for field in fields(Thresholds) if field.name.endswith("_fen"))
_DIVISOR: Final = {_AMOUNT: THOUSAND_YUAN_FEN}


def _rule(name: str, zh: str, en: str, rows: tuple[tuple[str, str, str, str], ...]) -> Rule:
    numbers = tuple(
        Number(
            name=_name(field),
            zh=row_zh,
            en=row_en,
            default=getattr(DEFAULTS, field) // _DIVISOR.get(unit, 1),
            at_most=1_000_000 if unit == _AMOUNT else 10_000,
            unit=unit,
        )
        for field, row_zh, row_en, unit in rows
    )
    return Rule(name=name, zh=zh, en=en, numbers=numbers, legal_basis=_BASIS)


def _name(field: str) -> str:
    return field.removesuffix("_fen").replace("_", "-")


SIZE: Final = Rule(
    name="alert-size",
    zh="规模分级",
    en="Size classes of the alert amounts",
    numbers=(
        Number(name="small-below", zh="小型上限", en="Small below", default=500, unit=_AMOUNT),
        Number(name="medium-below", zh="中型上限", en="Medium below", default=3_000, unit=_AMOUNT),
        Number(name="small-percent", zh="小型折算", en="Share for small", default=5, at_most=100, unit=_PERCENT),
        Number(name="medium-percent", zh="中型折算", en="Share for medium", default=25, at_most=100, unit=_PERCENT),
    ),
    legal_basis=_BASIS,
)
RULES: Final = (*(_rule(name, *told) for name, told in _TABLE.items()), SIZE)
"""For the service's list of rules with numbers."""


def field_of(rule: str, number: str) -> tuple[str, int] | None:
    """The field of ``Thresholds`` that a number stands for, and what one of its units is there; none for a size."""
    rows = _TABLE[rule][2] if rule in _TABLE else ()
    return next(((field, _DIVISOR.get(unit, 1)) for field, _, _, unit in rows if _name(field) == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Where the classes end, in fen, and which share of an amount they are held to."""

    small_below_fen: int = 500 * THOUSAND_YUAN_FEN
    medium_below_fen: int = 3_000 * THOUSAND_YUAN_FEN
    small_percent: int = 5
    medium_percent: int = 25

    def percent(self, peak_owed_fen: int) -> int:
        """The share for an account that once owed this much."""
        if peak_owed_fen < self.small_below_fen:
            return self.small_percent
        return self.medium_percent if peak_owed_fen < self.medium_below_fen else 100


def released() -> Thresholds:
    """The numbers of this release, for a large institution."""
    return DEFAULTS


RELEASED_SIZES: Final = Sizes()


def sized(thresholds: Thresholds, peak_owed_fen: int, sizes: Sizes = RELEASED_SIZES) -> Thresholds:
    """The same numbers with the amounts of the account's size class."""
    percent = sizes.percent(peak_owed_fen)
    return thresholds if percent == 100 else _scaled(thresholds, percent)


@lru_cache(maxsize=1_000)
def _scaled(thresholds: Thresholds, percent: int) -> Thresholds:
    """One set a size class and policy version: a few, asked for by every account."""
    return replace(thresholds, **{name: getattr(thresholds, name) * percent // 100 for name in _SCALED})


def in_force(numbers: Mapping[str, Mapping[str, int]], version: str) -> tuple[Thresholds, Sizes]:
    """Thresholds and size classes from the numbers in force, by rule: what the kernel's policies say of a day, region
    and category. A rule that is not named keeps its defaults; ``version`` is what findings cite.
    """
    values = {
        field: numbers[rule][_name(field)] * _DIVISOR.get(unit, 1)
        for rule, (_, _, rows) in _TABLE.items()
        if rule in numbers
        for field, _, _, unit in rows
    }
    sizes = _sizes(numbers[SIZE.name]) if SIZE.name in numbers else RELEASED_SIZES
    return replace(DEFAULTS, version=version, **values), sizes  # type: ignore[arg-type]


def _sizes(values: Mapping[str, int]) -> Sizes:
    return Sizes(
        small_below_fen=values["small-below"] * THOUSAND_YUAN_FEN,
        medium_below_fen=values["medium-below"] * THOUSAND_YUAN_FEN,
        small_percent=values["small-percent"],
        medium_percent=values["medium-percent"],
    )
