"""F07, F33 to F37: money that never arrived (未入账资金). The one rule: enrolment is seen elsewhere than in the bank.

Money that a family paid to a person leaves no trace in the account. What it leaves traces in is everything else: the
platform's own record of a payment, lessons signed in for without one, heads in the room, what families say, and the
want of receipts while teaching goes on. Each of these is a rule of its own, so that each can be right by itself:
F07 paid and never credited, F33 lessons without a receipt, F34 people who say so, F35 heads against contracts,
F36 receipts that dried up while lessons go on, F37 lessons that thin out while families are still owed.
"""

from __future__ import annotations

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import OFF_ACCOUNT_ITEM, Features
from mingjing_funds.domain.alerting.finding import Finding, compared, dated, fires, margined, money, unknown
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.domain.alerting.window import middle, usual

RECENT_WEEKS = 4
HOLIDAY_DAYS_MAX = 6
"""Around a festival or a vacation nobody pays and few come: nothing can be read from the want of receipts."""


def f07_v3(f: Features, t: Thresholds) -> Finding:
    """F07: paid by the platform's word and not credited after some working days: YELLOW; again and again, RED.

    While a calendar is missing, a payment counts as late when it would be with so many more days off.
    """
    if f.feed_silent_days is None:
        return unknown("银行尚无流水", "the bank has not spoken yet")
    return margined(lambda off: _uncredited(f, t, off), f.calendar_missing, t.calendar_margin_days)


def _uncredited(f: Features, t: Thresholds, off: int) -> Finding:
    late = [fen for waited, fen in f.awaited if waited - off > t.sweep_working_days]
    ever = len(late) + f.credited_late
    severity = None
    if late:
        severity = Severity.RED if ever >= t.uncredited_red else Severity.YELLOW
    return fires(
        severity,
        t.sweep_working_days,
        lambda: (
            f"{len(late)}笔缴费共{money(sum(late))}元，平台登记已缴超过{t.sweep_working_days}个工作日而专户无入账；"
            f"另有{f.credited_late}笔迟到",
            f"{len(late)} payments of ¥{money(sum(late))} were paid by the platform's word more than "
            f"{t.sweep_working_days} working days ago and never credited; {f.credited_late} more came late",
        ),
        payments=len(late),
        payments_fen=sum(late),
        late=f.credited_late,
    )


def f33_v1(f: Features, t: Thresholds) -> Finding:
    """F33: lessons are signed in for under contracts that no payment is known of: YELLOW.

    Teaching first and being paid later is allowed and encouraged (P12); it is the number that is worth a question.
    """
    return fires(
        Severity.YELLOW if f.unpaid_lessons >= t.unpaid_lessons else None,
        t.unpaid_lessons,
        lambda: (
            f"{f.unpaid_contracts}份合同无缴费记录却已签到{f.unpaid_lessons}课",
            f"{f.unpaid_lessons} lessons were signed in for under {f.unpaid_contracts} contracts that nobody paid for",
        ),
        contracts=f.unpaid_contracts,
        lessons=f.unpaid_lessons,
    )


def f34_v2(f: Features, t: Thresholds) -> Finding:
    """F34: people say that they paid, or were to pay, to a person: one NOTICE, two YELLOW, several RED.

    With a payment that never reached the account (F07), or receipts that dried up (F36), two are enough for red. So
    are they with a patrol that found cash or a private code at the desk; alone that is YELLOW. Several are distinct
    people; version 1 counted papers where all of them were of people told apart.
    """
    is_found = OFF_ACCOUNT_ITEM in f.visit_findings
    if f.complainants_week is None and not is_found:
        return unknown("投诉数据尚未接入", "no complaints have been heard yet")
    people = f.saying_private_60
    missing = any(waited > t.sweep_working_days for waited, _ in f.awaited) or _is_dry(f, t)
    severity = Severity.NOTICE if people else None
    if people >= t.private_people or (people and missing) or is_found:
        severity = Severity.YELLOW
    is_many = f.sure_private_60 >= t.private_people_red
    if is_many or (people >= t.private_people and (missing or is_found)):
        severity = Severity.RED
    zh, en = f.voices
    return fires(
        severity,
        t.private_people,
        lambda: (
            f"近60日{people}{zh}反映学费付到个人账户或私人收款码"
            + ("，巡查发现场外收款" if is_found else "")
            + ("，且有缴费未入专户或收费骤停" if missing else ""),
            f"{people} {en} within 60 days say that the fee went to a person"
            + (", a patrol found money taken beside the account" if is_found else "")
            + (", and payments are missing from the account" if missing else ""),
        ),
        people=people,
        missing=int(missing),
        found=int(is_found),
    )


def f35_v1(f: Features, t: Thresholds) -> Finding:
    """F35: more pupils in the room than have a contract: YELLOW, far more RED."""
    if f.heads is None or f.pupils is None:
        if f.heads is None:
            return unknown("巡查不报送清点人数", "patrols do not report how many pupils they counted")
        return unknown("尚无在册人数", "no number of pupils is known")
    over = f.heads - f.pupils
    share = 100 * over // f.pupils if f.pupils else 100
    severity = None
    if over >= t.heads_least and share > t.heads_percent:
        severity = Severity.RED if share > t.heads_red_percent else Severity.YELLOW
    return fires(
        severity,
        t.heads_percent,
        lambda: (
            f"巡查清点{f.heads}人，有余课合同{f.pupils}人",
            f"{f.heads} pupils were counted at a patrol, {f.pupils} have a contract with lessons left",
        ),
        heads=f.heads,
        pupils=f.pupils,
    )


def _dry(f: Features) -> tuple[int, int]:
    """Receipts of the recent weeks, and what as many weeks usually bring."""
    recent = sum(f.receipts_weeks_fen[:RECENT_WEEKS])
    return recent, middle(f.receipts_weeks_fen[RECENT_WEEKS:]) * RECENT_WEEKS


def _is_dry(f: Features, t: Thresholds) -> bool:
    recent, normal = _dry(f)
    return normal >= t.dry_usual_fen and 100 * recent < t.dry_percent * normal and f.free_days_month < HOLIDAY_DAYS_MAX


def f36_v3(f: Features, t: Thresholds) -> Finding:
    """F36: receipts dried up while lessons go on: NOTICE; with anybody who says where the money goes, YELLOW.

    Courses are paid for by the quarter, and a small institution has months without a renewal: alone it is a question.
    Version 2 was silent in a new bank's first weeks and did not say so.
    """
    if f.lessons_weeks is None:
        return unknown("课消数据尚未报送", "lessons have not been reported yet")
    weeks = f.lessons_weeks
    return compared(f.weeks_since, lambda: _dried_up(f, t, weeks))


def _dried_up(f: Features, t: Thresholds, weeks: tuple[int, ...]) -> Finding:
    recent, normal = _dry(f)
    given, before = sum(weeks[:RECENT_WEEKS]), middle(weeks[RECENT_WEEKS:]) * RECENT_WEEKS
    go_on = before > 0 and 100 * given >= t.dry_lessons_percent * before
    severity = None
    if _is_dry(f, t) and go_on:
        severity = Severity.YELLOW if f.saying_private_60 else Severity.NOTICE
    found = fires(
        severity,
        normal * t.dry_percent // 100,
        lambda: (
            f"近4周入账{money(recent)}元，此前同等时长{money(normal)}元；同期授课{given}课（此前{before}课）",
            f"¥{money(recent)} came in within four weeks against a usual ¥{money(normal)}, while {given} lessons were "
            f"given (usually {before})",
        ),
        receipts_fen=recent,
        usual_fen=normal,
        lessons=given,
    )
    return dated(found, f.calendar_missing)


def f37_v3(f: Features, t: Thresholds) -> Finding:
    """F37: lessons of a week fell far below the usual while families are owed (not in holidays and pauses): YELLOW.

    So are several people who see teachers leave and classes merged or cancelled: they see it before the sheet does.
    Version 2 compared the first weeks at a new bank with nothing.
    """
    if f.lessons_weeks is None:
        return unknown("课消数据尚未报送", "lessons have not been reported yet")
    weeks, is_seen = f.lessons_weeks, f.saying_thinning >= t.thinning_people
    return _thin(f, t, weeks) if is_seen else compared(f.weeks_since, lambda: _thin(f, t, weeks))


def _thin(f: Features, t: Thresholds, weeks: tuple[int, ...]) -> Finding:
    week, normal = weeks[0], usual(weeks)
    is_thin = normal >= t.thin_lessons and 100 * week < t.thin_percent * normal
    is_free = f.free_days_week > 0
    is_seen = f.saying_thinning >= t.thinning_people
    severity = Severity.YELLOW if f.owed_fen > 0 and (is_seen or (is_thin and not is_free)) else None
    found = fires(
        severity,
        normal * t.thin_percent // 100,
        lambda: (
            f"最近一周授课{week}课，此前8周中位数{normal}课"
            + ("（节假日或公示停课）" if is_free else "")
            + f"；近30日{f.saying_thinning}{f.voices[0]}反映教师离开、并班或频繁停课",
            f"{week} lessons in the latest week against a usual {normal}"
            + (" (holiday or announced pause)" if is_free else "")
            + f"; {f.saying_thinning} {f.voices[1]} see teachers leave or classes merged and cancelled",
        ),
        lessons=week,
        usual=normal,
        people=f.saying_thinning,
    )
    return found if is_seen else dated(found, f.calendar_missing)
