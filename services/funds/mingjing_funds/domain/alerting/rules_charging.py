"""F08 to F12 and F17: what families are charged. The one rule: findings of other checks are told here, not made again.

Sources: 教监管函〔2021〕2号, 13 部门意见 2022, 北京 2023, 发改价格〔2021〕1279号.
"""

from __future__ import annotations

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding, compared, fires, money
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.domain.alerting.window import usual

RECENT_WORKING_DAYS = 20
"""A payment that went astray before the surge says nothing about it."""


def f08_v1(f: Features, _t: Thresholds) -> Finding:
    """F08: a charge above the limits P1 to P5: RED, any."""
    return fires(
        Severity.RED if f.over_limit else None,
        0,
        lambda: (
            f"近30日{f.over_limit}笔收费超限（时长、课时或金额）",
            f"{f.over_limit} charges of 30 days are above a limit (period, lessons or amount)",
        ),
        charges=f.over_limit,
    )


def f09_v1(f: Features, _t: Thresholds) -> Finding:
    """F09: charged too early (P6): YELLOW, any."""
    return fires(
        Severity.YELLOW if f.early else None,
        0,
        lambda: (f"近30日{f.early}笔提前收费或提前续费", f"{f.early} charges of 30 days came too early"),
        charges=f.early,
    )


def f10_v1(f: Features, _t: Thresholds) -> Finding:
    """F10: a charge that outlasts the lease of the site (P7): YELLOW, any."""
    return fires(
        Severity.YELLOW if f.beyond_lease else None,
        0,
        lambda: (
            f"近30日{f.beyond_lease}笔收费期限超出场地租期",
            f"{f.beyond_lease} charges of 30 days outlast the lease",
        ),
        charges=f.beyond_lease,
    )


def f11_v2(f: Features, _t: Thresholds) -> Finding:
    """F11: tuition on credit (P9): RED when found; a person who says so is YELLOW until it is verified.

    Several distinct people are RED; version 1 asked for papers that were all of people told apart.
    """
    several = f.sure_loan_60 > 1
    severity = Severity.RED if f.loans or several else Severity.YELLOW if f.saying_loan_60 else None
    return fires(
        severity,
        0,
        lambda: (
            f"查实培训贷{f.loans}起，{f.saying_loan_60}{f.voices[0]}反映培训贷",
            f"{f.loans} loans for tuition found, {f.saying_loan_60} {f.voices[1]} report one",
        ),
        loans=f.loans,
        people=f.saying_loan_60,
    )


def f12_v1(f: Features, _t: Thresholds) -> Finding:
    """F12: above the published price YELLOW, above the guide price and its margin RED."""
    severity = Severity.RED if f.above_guide else Severity.YELLOW if f.above_published else None
    return fires(
        severity,
        0,
        lambda: (
            f"近30日{f.above_published}笔高于公示价，{f.above_guide}笔高于指导价上限",
            f"{f.above_published} charges of 30 days above the published price, {f.above_guide} above the guide price",
        ),
        above_published=f.above_published,
        above_guide=f.above_guide,
    )


def f17_v3(f: Features, t: Thresholds) -> Finding:
    """F17: receipts of a week several times the usual: YELLOW when anything about them is odd, else NOTICE. Unusual
    discount packages are YELLOW by themselves; version 1 asked for a surge beside them.

    A popular summer course and a sell-out before the end look alike in the sum. They differ in what goes with it:
    payments that never reach the account, discount packages, charges above limits or too early, private accounts.
    Version 2 was silent in a new bank's first weeks and did not say so.
    """
    return _surge(f, t) if f.discount_packages else compared(f.weeks_since, lambda: _surge(f, t))


def _surge(f: Features, t: Thresholds) -> Finding:
    week, normal = f.receipts_weeks_fen[0], usual(f.receipts_weeks_fen)
    announced = week + sum(fen for _, fen in f.awaited)
    is_surge = normal > 0 and announced >= t.surge_times * normal and announced >= t.surge_fen
    late = sum(1 for waited, _ in f.awaited if t.sweep_working_days < waited <= RECENT_WORKING_DAYS)
    odd = late + f.discount_packages + f.over_limit + f.early + f.saying_private_60
    severity = (Severity.YELLOW if odd else Severity.NOTICE) if is_surge else None
    if f.discount_packages:
        severity = Severity.YELLOW
    tenths = announced * 10 // normal if normal else 0
    times = f"{tenths // 10}.{tenths % 10}"
    return fires(
        severity,
        t.surge_times * normal,
        lambda: (
            f"近7日收费{money(announced)}元，为此前8周中位数{money(normal)}元的{times}倍"
            + ("" if severity is None else f"；伴有{odd}项异常" if odd else "；均已入专户且合规"),
            f"¥{money(announced)} were charged in 7 days, {times} times the usual ¥{money(normal)}"
            + (
                "" if severity is None else f", with {odd} things odd about it" if odd else ", all of it in the account"
            ),
        ),
        week_fen=announced,
        usual_fen=normal,
        odd=odd,
    )
