"""F15, F16, F18 to F20: refunds and lessons. The one rule: silence of a sender is no silence of the institution."""

from __future__ import annotations

from datetime import date

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding, compared, fires, margined, money, unknown
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.domain.alerting.window import usual


def overdue(f: Features, t: Thresholds) -> tuple[int, int]:
    """Refunds that families have waited for too long, and their sum."""
    late = [fen for days, fen in f.refunds_open if days > t.refund_days]
    return len(late), sum(late)


def f15_v1(f: Features, t: Thresholds) -> Finding:
    """F15: refunds overdue: some YELLOW; many, or a large share of U, RED.

    Several people who say that theirs does not come are YELLOW, whatever the books say: a request that the institution
    never entered is in nobody's books.
    """
    count, fen = overdue(f, t)
    share = 100 * fen // f.owed_fen if f.owed_fen > 0 else 0
    severity = Severity.YELLOW if f.saying_stalled >= t.stalled_people else None
    if count >= t.overdue_refunds:
        is_bad = count >= t.overdue_refunds_red or share >= t.overdue_red_percent
        severity = Severity.RED if is_bad else Severity.YELLOW
    return fires(
        severity,
        t.overdue_refunds,
        lambda: (
            f"{count}笔退费超过{t.refund_days}天未付，共{money(fen)}元，占未消课负债的{share}%；"
            f"近30日{f.saying_stalled}{f.voices[0]}反映退费难",
            f"{count} refunds of ¥{money(fen)} wait for more than {t.refund_days} days, {share} % of what is owed; "
            f"{f.saying_stalled} {f.voices[1]} say that theirs does not come",
        ),
        refunds=count,
        refunds_fen=fen,
        share_percent=share,
        people=f.saying_stalled,
    )


def f16_v2(f: Features, t: Thresholds) -> Finding:
    """F16: refund requests of a week far above the usual. Version 1 took a new bank's first weeks for a spike."""
    return compared(f.weeks_since, lambda: _spike(f, t))


def _spike(f: Features, t: Thresholds) -> Finding:
    week, normal = f.requests_weeks[0], max(1, usual(f.requests_weeks))
    severity = None
    if week >= t.spike_requests and week >= t.spike_times * normal:
        severity = (
            Severity.RED if week >= t.spike_red_times * normal and week >= t.spike_red_requests else Severity.YELLOW
        )
    return fires(
        severity,
        t.spike_requests,
        lambda: (
            f"近7日{week}笔退费申请，此前8周中位数{normal}笔",
            f"{week} refund requests in 7 days against a usual {normal}",
        ),
        requests=week,
        usual=normal,
    )


def f18_v3(f: Features, t: Thresholds) -> Finding:
    """F18: families are owed and no lesson was given for days, holidays, vacations and announced pauses left out.

    A lesson that was reported and waits for its family's word counts as given: where families are slow, the fifteen
    working days until silence confirms it would look like a stop (F20 tells of those). Where the registry says that it
    has stopped without a word (异常停业), no lesson sheet is waited for. While a calendar is missing, so many more days
    may have been off.
    """
    if f.stopped_on is not None and f.owed_fen > 0:
        return _stopped(f, f.stopped_on, t)
    if f.idle_days is None:
        return unknown("课消数据尚未报送", "lessons have not been reported yet")
    days = f.idle_days
    return margined(lambda off: _idle(f, t, days - off), f.calendar_missing, t.calendar_margin_days)


def _idle(f: Features, t: Thresholds, days: int) -> Finding:
    """``days`` without a lesson, as far as they are sure."""
    severity = None
    if f.owed_fen > 0 and days > t.idle_days:
        severity = Severity.RED if days > t.idle_red_days else Severity.YELLOW
    last = f.last_given_on.isoformat() if f.last_given_on else "—"
    pause_zh = f"，已公示停课至{f.pause_until.isoformat()}" if f.pause_until else ""
    pause_en = f"; a pause until {f.pause_until.isoformat()} is public" if f.pause_until else ""
    return fires(
        severity,
        t.idle_days,
        lambda: (
            f"最近一次上课{last}，除节假日和已公示停课外已{f.idle_days}天无课，未消课负债{money(f.owed_fen)}元{pause_zh}",
            f"last lesson {last}: {f.idle_days} days without one, holidays and announced pauses left out, "
            f"while ¥{money(f.owed_fen)} are owed{pause_en}",
        ),
        idle_days=f.idle_days or 0,
        owed_fen=f.owed_fen,
    )


def _stopped(f: Features, since: date, t: Thresholds) -> Finding:
    return fires(
        Severity.RED,
        t.idle_days,
        lambda: (
            f"登记机关已认定自{since.isoformat()}起异常停业，未消课负债{money(f.owed_fen)}元",
            f"the registry says that it stopped without a word on {since.isoformat()}; ¥{money(f.owed_fen)} are owed",
        ),
        idle_days=(f.day - since).days,
        owed_fen=f.owed_fen,
    )


def f19_v1(f: Features, t: Thresholds) -> Finding:
    """F19: lessons that cannot have been given so: too many a day, confirmed at night in bulk, out of hours: YELLOW.

    Where families say on their own that these lessons were never given, money is being drawn for nothing: RED.
    """
    signs = (
        f.most_units_pupil_day > t.units_pupil_day,
        f.night_confirmations >= t.night_confirmations,
        f.time_broken_lessons > 0,
        f.saying_fake > 1,
    )
    severity = Severity.YELLOW if any(signs) else None
    if (signs[0] or signs[1]) and signs[3]:
        severity = Severity.RED
    return fires(
        severity,
        t.units_pupil_day,
        lambda: (
            f"30日内单一学员单日最多{f.most_units_pupil_day}课时，单夜最多集中确认{f.night_confirmations}次，"
            f"违规时段{f.time_broken_lessons}课，{f.saying_fake}{f.voices[0]}反映虚假消课",
            f"within 30 days up to {f.most_units_pupil_day} lessons a pupil and day, {f.night_confirmations} "
            f"confirmations in one night, {f.time_broken_lessons} lessons out of hours, {f.saying_fake} {f.voices[1]} "
            "deny lessons",
        ),
        units=f.most_units_pupil_day,
        night=f.night_confirmations,
        out_of_hours=f.time_broken_lessons,
        people=f.saying_fake,
    )


def f20_v1(f: Features, t: Thresholds) -> Finding:
    """F20: most lessons count as confirmed by silence: NOTICE."""
    share = 100 * f.automatic_month // f.confirmed_month if f.confirmed_month else 0
    fires_now = share > t.automatic_percent and f.confirmed_month >= t.automatic_lessons
    return fires(
        Severity.NOTICE if fires_now else None,
        t.automatic_percent,
        lambda: (
            f"近30日{f.confirmed_month}课中{share}%为系统自动确认",
            f"{share} % of {f.confirmed_month} lessons in 30 days were confirmed by silence alone",
        ),
        share_percent=share,
        lessons=f.confirmed_month,
    )
