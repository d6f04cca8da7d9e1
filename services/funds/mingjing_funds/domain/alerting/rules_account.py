"""F13, F14, F21 to F24: the account, its bank and its books. The one rule: a released version is never edited."""

from __future__ import annotations

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding, fires, margined, money, unknown
from mingjing_funds.domain.alerting.thresholds import Thresholds


def f13_v1(f: Features, t: Thresholds) -> Finding:
    """F13: licensed, and no custody account after so many days: YELLOW; charging all the same, or with pupils: RED."""
    if f.is_open:
        return fires(None, t.agreement_days, lambda: ("专户已开立", "the custody account is open"))
    if f.licence_granted_on is None:
        return unknown("许可日期未知", "the day of the licence is not known")
    days = (f.day - f.licence_granted_on).days
    is_late = days > t.agreement_days
    is_charging = f.owed_fen > 0 or (is_late and bool(f.pupils))
    return fires(
        Severity.RED if is_charging else Severity.YELLOW if is_late else None,
        t.agreement_days,
        lambda: (
            f"取得许可{days}天，尚无托管专户" + (f"，已招收{f.pupils or '若干'}名学员" if is_charging else ""),
            f"{days} days since the licence and no custody account"
            + (f", and it has {f.pupils or 'some'} pupils" if is_charging else ""),
        ),
        days=days,
        owed_fen=f.owed_fen,
    )


def f14_v1(f: Features, t: Thresholds) -> Finding:
    """F14: risk deposit below its least amount: RED; below a margin above it: NOTICE."""
    deposit, least = f.deposit_fen, f.deposit_minimum_fen
    if deposit is None:
        return unknown("风险保证金未报", "no risk deposit is known")
    if least is None:
        return unknown("风险保证金应缴额尚未核定", "the least amount of the risk deposit has not been assessed")
    share = 100 * deposit // least if least else 100
    severity = None
    if share < t.deposit_notice_percent:
        severity = Severity.RED if deposit < least else Severity.NOTICE
    return fires(
        severity,
        least,
        lambda: (
            f"保证金{money(deposit)}元，应不少于{money(least)}元（{share}%）",
            f"deposit ¥{money(deposit)}, at least ¥{money(least)} is due ({share} %)",
        ),
        deposit_fen=deposit,
        share_percent=share,
    )


def f21_v3(f: Features, t: Thresholds) -> Finding:
    """F21: the bank's feed is behind by more than a business day: YELLOW, about the bank and not the institution."""
    if f.feed_silent_days is None:
        return unknown("银行尚无流水", "the bank has not spoken yet")
    if not f.bank_sends_files:
        return unknown("银行不以流水文件报送", "the bank sends no statements here")
    days = f.feed_silent_days
    return margined(lambda off: _silent(f, t, days - off), f.calendar_missing, t.calendar_margin_days)


def _silent(f: Features, t: Thresholds, days: int) -> Finding:
    return fires(
        Severity.YELLOW if days > t.feed_days else None,
        t.feed_days,
        lambda: (
            f"银行流水已{f.feed_silent_days}个工作日未到，此户此后余额不可知",
            f"the bank's feed is {f.feed_silent_days} working days behind: what the account held since is not known",
        ),
        working_days=f.feed_silent_days or 0,
    )


def f22_v1(f: Features, t: Thresholds) -> Finding:
    """F22: books and bank differ: for a day YELLOW; money that is missing, large or for two days, RED.

    More money than the books explain hurts no family: it stays yellow until somebody has found whose it is.
    """
    if f.balance_fen is None:
        return unknown("银行尚无流水", "the bank has not spoken yet")
    severity = None
    if f.gap_fen and f.gap_days >= t.gap_days:
        is_bad = f.gap_fen < 0 and (-f.gap_fen > t.gap_red_fen or f.gap_days >= t.gap_red_days)
        severity = Severity.RED if is_bad else Severity.YELLOW
    return fires(
        severity,
        t.gap_red_fen,
        lambda: (
            f"账实相差{money(f.gap_fen)}元，已{f.gap_days}天" if f.gap_fen else "账实相符",
            f"books and bank differ by ¥{money(f.gap_fen)} for {f.gap_days} days"
            if f.gap_fen
            else "books and bank agree",
        ),
        gap_fen=f.gap_fen,
        days=f.gap_days,
    )


def f23_v1(f: Features, _t: Thresholds) -> Finding:
    """F23: closing asked for while families are owed: RED; change of bank meanwhile: YELLOW."""
    severity = None
    if f.owed_fen > 0 and (f.closing_asked or f.bank_change_asked):
        severity = Severity.RED if f.closing_asked else Severity.YELLOW
    what = (
        ("申请销户", "closing is asked for") if f.closing_asked else ("申请变更银行", "a change of bank is asked for")
    )
    none = ("无销户或变更申请", "nobody asks to close or to change the bank")
    zh, en = what if f.closing_asked or f.bank_change_asked else none
    return fires(
        severity,
        0,
        lambda: (f"{zh}，未消课负债{money(f.owed_fen)}元", f"{en}; ¥{money(f.owed_fen)} of lessons are not given"),
        owed_fen=f.owed_fen,
    )


def f24_v1(f: Features, _t: Thresholds) -> Finding:
    """F24: a court, the tax office or an enforcement body reached for the account: RED."""
    return fires(
        Severity.RED if f.frozen_by else None,
        0,
        lambda: (
            f"账户被{f.frozen_by}冻结或查询扣划" if f.frozen_by else "无冻结或执行通知",
            f"frozen or claimed by {f.frozen_by}" if f.frozen_by else "no freeze and no notice",
        ),
        frozen=int(bool(f.frozen_by)),
    )
