"""F01 to F06: what the custody account holds and what leaves it. The one rule: a released version is never edited.

Sources: 国办发〔2018〕80号 (minimum balance, large flows), Jiangsu 2021 (balance below liability), 浙江 2020.
"""

from __future__ import annotations

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding, fires, money, unknown
from mingjing_funds.domain.alerting.thresholds import Thresholds

_FIRST_YEAR_MONTHS = 12
_NO_BANK = "银行尚无流水", "the bank has not spoken yet"


def minimum_of(f: Features, t: Thresholds) -> tuple[int, str, str]:
    """The minimum of the account, and who set it: its own agreement goes before the region."""
    if f.agreed_minimum_fen > 0:
        return f.agreed_minimum_fen, "托管协议", "the custody agreement"
    young = f.months_open < _FIRST_YEAR_MONTHS
    return (t.minimum_first_year_fen if young else t.minimum_fen), t.set_by_zh, t.set_by_en


def in_transit_fen(f: Features, t: Thresholds) -> int:
    """Payments that may still be on their way."""
    return sum(fen for waited, fen in f.awaited if waited <= t.sweep_working_days)


def free_fen(f: Features, t: Thresholds) -> int:
    """What is there, or on its way, for families: the institution's own minimum is not theirs."""
    return (f.balance_fen or 0) - f.agreed_minimum_fen + in_transit_fen(f, t)


def f01_v2(f: Features, t: Thresholds) -> Finding:
    """F01: balance below the minimum YELLOW, below half of it RED."""
    balance = f.balance_fen
    if balance is None:
        return unknown(*_NO_BANK)
    minimum, zh, en = minimum_of(f, t)
    share = 100 * balance // minimum if minimum else 100
    severity = None
    if balance < minimum:
        severity = Severity.RED if share < t.minimum_red_percent else Severity.YELLOW
    return fires(
        severity,
        minimum,
        lambda: (
            f"余额{money(balance)}元，为{zh}所定最低留存{money(minimum)}元的{share}%",
            f"balance ¥{money(balance)} is {share} % of the minimum ¥{money(minimum)} set by {en}",
        ),
        balance_fen=balance,
        share_percent=share,
    )


def f02_v3(f: Features, t: Thresholds) -> Finding:
    """F02: what is there is less than families are owed (U): RED, any; enough only with the own minimum: YELLOW.

    Version 1 was silent as long as the institution's own minimum made up for what was missing. The agreement keeps
    that money apart (自有资金分账): where it has to stand in, families' money is gone already, and that is told.
    Version 2 called an account short whose balance a change of bank had taken to the new one before its contracts.
    """
    balance = f.balance_fen
    if balance is None:
        return unknown(*_NO_BANK)
    transit, free = in_transit_fen(f, t), free_fen(f, t)
    is_handed_over = f.is_emptied and f.owed_fen <= 0  # its own minimum went with the balance, too
    short = 0 if is_handed_over else f.owed_fen - free - f.away_fen
    away_zh = f"，另有{money(f.away_fen)}元已转入新托管银行" if f.away_fen else ""
    away_en = f", and ¥{money(f.away_fen)} are at the new bank" if f.away_fen else ""
    severity = Severity.RED if short > f.agreed_minimum_fen else Severity.YELLOW if short > 0 else None
    return fires(
        severity,
        f.owed_fen,
        lambda: (
            f"余额{money(balance)}元减自有留存{money(f.agreed_minimum_fen)}元加在途{money(transit)}元，"
            f"未消课负债{money(f.owed_fen)}元{away_zh}，"
            + (f"差额{money(short)}元" if short > 0 else f"余{money(-short)}元"),
            f"balance ¥{money(balance)} less own money ¥{money(f.agreed_minimum_fen)} plus ¥{money(transit)} on "
            f"its way against ¥{money(f.owed_fen)} of lessons not given{away_en}: "
            + (f"¥{money(short)} are missing" if short > 0 else f"¥{money(-short)} to spare"),
        ),
        balance_fen=balance,
        owed_fen=f.owed_fen,
        in_transit_fen=transit,
        short_fen=short,
    )


def _flow(
    f: Features, t: Thresholds, out: int, before: int, limits: tuple[int, int, int], span: tuple[str, str]
) -> Finding:
    """A large flow out of the account. Severity by amount or by share of what was there.

    Money that leaves by instruction, announced beforehand, with every family still covered, is no alarm: it is what
    lessons have earned. Where nobody announced it, it is shown in yellow at most as long as the families are covered.
    """
    amount, percent, red_percent = limits
    share = 100 * out // before if before > 0 else 0
    is_large = out > amount or share > percent
    is_covered = f.unmatched_debits == 0 and free_fen(f, t) >= f.owed_fen
    severity = None
    if is_large and not (is_covered and (f.money_use_announced or out <= amount)):
        severity = Severity.YELLOW if is_covered or share <= red_percent else Severity.RED
    why_zh = why_en = ""
    if is_large and severity is None:
        reason = (
            ("事先已报备", "announced beforehand") if f.money_use_announced else ("均为应拨款项", "all of it earned")
        )
        why_zh, why_en = f"；{reason[0]}，拨付后仍足额", f"; {reason[1]}, and families are covered after it"
    return fires(
        severity,
        amount,
        lambda: (
            f"{span[0]}支出{money(out)}元，占期初{money(before)}元的{share}%{why_zh}",
            f"¥{money(out)} left {span[1]}, {share} % of ¥{money(before)} before{why_en}",
        ),
        outflow_fen=out,
        share_percent=share,
    )


def f03_v1(f: Features, t: Thresholds) -> Finding:
    """F03: outflow of one day above an amount or a share of the opening balance."""
    if f.opening_fen is None:
        return unknown(*_NO_BANK)
    limits = (t.day_out_fen, t.day_out_percent, t.day_out_red_percent)
    return _flow(f, t, f.outflow_day_fen, f.opening_fen, limits, ("当日", "in a day"))


def f04_v1(f: Features, t: Thresholds) -> Finding:
    """F04: outflow of seven days above an amount or a share of the balance before them."""
    if f.opening_week_fen is None:
        return unknown(*_NO_BANK)
    limits = (t.week_out_fen, t.week_out_percent, t.week_out_red_percent)
    return _flow(f, t, f.outflow_week_fen, f.opening_week_fen, limits, ("近7日", "in seven days"))


def f05_v1(f: Features, t: Thresholds) -> Finding:
    """F05: payments of a month above a multiple of the *regional* minimum (Rongcheng), unless all of it was earned.

    The account's agreed minimum is own money that stays, smaller by far than a month's earned lessons: held to it,
    every account would fire every month, and an alert that always fires says nothing.
    """
    if f.balance_fen is None:
        return unknown(*_NO_BANK)
    limit = t.minimum_fen * t.month_out_percent // 100
    is_covered = f.unmatched_debits == 0 and free_fen(f, t) >= f.owed_fen
    is_over = f.outflow_month_fen > limit and not is_covered
    return fires(
        Severity.YELLOW if is_over else None,
        limit,
        lambda: (
            f"近30日支出{money(f.outflow_month_fen)}元，限额{money(limit)}元"
            + ("，均为应拨款项" if is_covered else ""),
            f"¥{money(f.outflow_month_fen)} left in 30 days against a limit of ¥{money(limit)}"
            + (", all of it earned and families covered" if is_covered else ""),
        ),
        outflow_fen=f.outflow_month_fen,
    )


def f06_v1(f: Features, _t: Thresholds) -> Finding:
    """F06: money out that no release instruction and no refund explains: RED, any."""
    if f.balance_fen is None:
        return unknown(*_NO_BANK)
    return fires(
        Severity.RED if f.unmatched_debits else None,
        0,
        lambda: (
            f"{f.unmatched_debits}笔支出共{money(f.unmatched_debits_fen)}元无对应拨付或退费指令",
            f"{f.unmatched_debits} debits of ¥{money(f.unmatched_debits_fen)} in all carry out no instruction",
        ),
        debits=f.unmatched_debits,
        debits_fen=f.unmatched_debits_fen,
    )
