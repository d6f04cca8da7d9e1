"""F25 to F31: what people say and what patrols and the registry see. The one rule: persons are counted, not papers."""

from __future__ import annotations

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.features import ARREARS_ITEM, Features
from mingjing_funds.domain.alerting.finding import Finding, fires, margined, unknown
from mingjing_funds.domain.alerting.rules_custody import free_fen
from mingjing_funds.domain.alerting.rules_lessons import overdue
from mingjing_funds.domain.alerting.thresholds import Thresholds

_NO_CALLS = "投诉数据尚未接入", "no complaints have been heard yet"


def _other_signs(f: Features, t: Thresholds) -> int:
    """Kinds of sign that go with a runaway and do not come from people who say that it is one."""
    return sum(
        (
            f.balance_fen is not None and free_fen(f, t) < f.owed_fen,
            f.idle_days is not None and f.idle_days > t.idle_days,
            overdue(f, t)[0] > 0,
            f.saying_arrears_60 > 0 or ARREARS_ITEM in f.visit_findings,
            f.closed_doors is not None and f.closed_doors >= t.closed_doors,
            f.stopped_on is not None,
            f.saying_private_60 > 0,
            staff_drop(f) >= t.staff_percent,
            any(waited > t.sweep_working_days for waited, _ in f.awaited),
        )
    )


def f25_v2(f: Features, t: Thresholds) -> Finding:
    """F25: several persons complain within a week YELLOW; many in a month, or some who say that it has gone, RED.

    Two angry callers after one cancelled lesson are no runaway. As long as families go on confirming lessons there and
    nothing else points to it, two are shown in yellow with the lessons beside them; the third one makes it red.
    Around an announced pause or move people ask and grumble: without any other sign that is a notice. Papers of which
    nobody can tell who wrote them may all be one person's: they make it yellow, and red only with another sign. People
    whom the inspection handles as a group (X8) are a spike by its count. Version 1 counted papers where it had them.
    """
    if f.complainants_week is None:
        return unknown(*_NO_CALLS)
    signs = _other_signs(f, t)
    is_many = f.saying_gone >= t.gone_people_sure or f.complainants_month >= t.complainants_month_red
    is_sure = f.sure_gone >= t.gone_people_sure or f.sure_month >= t.complainants_month_red
    is_spike = f.complainants_week >= t.complainants_week or f.group_people >= t.complainants_week
    severity = None
    if is_sure or (signs and (is_many or f.saying_gone >= t.gone_people)):
        severity = Severity.RED
    elif is_many or f.saying_gone >= t.gone_people or is_spike:
        is_explained = f.noticed_days_ago is not None and f.noticed_days_ago <= t.notice_days and not signs
        severity = Severity.NOTICE if is_explained else Severity.YELLOW
    return fires(
        severity,
        t.complainants_week,
        lambda: _spike(f),
        week=f.complainants_week,
        month=f.complainants_month,
        gone=f.saying_gone,
        unnamed=f.unnamed_month,
        group=f.group_people,
    )


def _spike(f: Features) -> tuple[str, str]:
    """Persons first; papers that may be anybody's apart, and that nobody can tell said."""
    week, month = (f.complainants_week or 0) - f.unnamed_week, f.complainants_month - f.unnamed_month
    last = f.last_confirmed_on.isoformat() if f.last_confirmed_on else "—"
    zh, en = f"近7日{week}人投诉、近30日{month}人投诉", f"{week} people complained in 7 days, {month} in 30"
    if f.unnamed_month:
        zh += f"，另有{f.unnamed_month}件投诉无法判断是否同一人（近7日{f.unnamed_week}件）"
        en += f", beside {f.unnamed_month} complaints of which nobody can tell whose they are ({f.unnamed_week} in 7)"
    if f.group_people:
        zh += f"，{f.group_people}人已并为群体件"
        en += f"; {f.group_people} are handled as a group"
    return (
        f"{zh}，其中{f.saying_gone}{f.voices[0]}称停课、失联或关门；最近一次家长确认课消{last}",
        f"{en}; {f.saying_gone} {f.voices[1]} say that it stopped or is gone; families confirmed a lesson of {last}",
    )


def f26_v2(f: Features, t: Thresholds) -> Finding:
    """F26: rent, wages or utilities are owed: one person YELLOW; with no lessons given (F18), RED.

    Several persons who say so while the roll shows that the staff leaves say one thing from two sides: RED as well.
    """
    if f.complainants_week is None and f.closed_doors is None:
        return unknown("投诉和巡查数据尚未接入", "neither complaints nor patrols have been heard yet")
    if not _is_idle(f, t, 0):
        return _arrears(f, t, 0)  # no days are counted: nothing depends on the calendar
    return margined(lambda off: _arrears(f, t, off), f.calendar_missing, t.calendar_margin_days)


def _arrears(f: Features, t: Thresholds, off: int) -> Finding:
    is_found = ARREARS_ITEM in f.visit_findings
    sources = f.saying_arrears_60 + is_found
    is_idle = _is_idle(f, t, off)
    is_leaving = sources > 1 and staff_drop(f) >= t.staff_percent
    severity = (Severity.RED if is_idle or is_leaving else Severity.YELLOW) if sources else None
    zh, en = f.voices
    return fires(
        severity,
        1,
        lambda: (
            f"近60日{f.saying_arrears_60}{zh}反映拖欠工资、房租或水电"
            + ("，巡查亦发现欠薪欠租迹象" if is_found else "")
            + ("，且已停课" if is_idle and sources else ""),
            f"{f.saying_arrears_60} {en} report wages, rent or utilities owed in 60 days"
            + (", a patrol saw signs of it" if is_found else "")
            + (", and no lessons are given" if is_idle and sources else ""),
        ),
        people=f.saying_arrears_60,
        found=int(is_found),
    )


def _is_idle(f: Features, t: Thresholds, off: int) -> bool:
    return f.idle_days is not None and f.idle_days - off > t.idle_days and f.owed_fen > 0


def f27_v2(f: Features, _t: Thresholds) -> Finding:
    """F27: organizer, representative or address changed without approval, or listed as operating abnormally: YELLOW.

    So are a place on the education blacklist, a patrol that finds licence or registration not in order, and one that
    finds nobody of that name at the approved address. A change that was approved, before or afterwards, is named and
    is none. Version 1 knew of no approvals.
    """
    changes = f.unapproved_changes
    if changes is None:
        return unknown("登记信息尚未接入", "the registry has not spoken yet")
    named, approved = _named(changes), _named(f.approved_changes)
    return fires(
        Severity.YELLOW if changes else None,
        0,
        lambda: (
            (f"未经核准的变更或名单记录：{named[0]}" if changes else "无未经核准的变更，未列入名单")
            + (f"；近90日已核准变更：{approved[0]}" if f.approved_changes else ""),
            (f"changed without approval, or listed: {named[1]}" if changes else "nothing changed, on no list")
            + (f"; approved within 90 days: {approved[1]}" if f.approved_changes else ""),
        ),
        changes=len(changes),
        approved=len(f.approved_changes),
    )


def _named(changes: tuple[str, ...]) -> tuple[str, str]:
    return "、".join(_CHANGES.get(one, one) for one in changes), ", ".join(changes)


_CHANGES = {
    "organizer": "举办者",
    "name": "名称",
    "representative": "法定代表人",
    "category": "类别",
    "address": "地址",
    "merger": "合并",
    "split": "分立",
    "to-non-subject": "学科转非学科",
    "to-non-profit": "营利性转非营利性",
    "abnormal-operation": "列入经营异常名录",
    "blacklisted": "列入教育黑名单",
    "licence-finding": "巡查发现许可或登记不符",
}


def staff_drop(f: Features) -> int:
    """By how many percent the staff shrank within 30 days."""
    if f.staff is None or not f.staff_before:
        return 0
    return 100 * max(0, f.staff_before - f.staff) // f.staff_before


def f28_v1(f: Features, t: Thresholds) -> Finding:
    """F28: a good part of the staff left within a month: YELLOW. One of three leaving is no exodus."""
    if f.staff is None or f.staff_before is None:
        return unknown("从业人员名册尚未接入", "no staff roll has been heard yet")
    drop, left = staff_drop(f), f.staff_before - f.staff
    return fires(
        Severity.YELLOW if drop >= t.staff_percent and left >= t.staff_leavers else None,
        t.staff_percent,
        lambda: (
            f"30日内从业人员由{f.staff_before}人减至{f.staff}人（-{drop}%）",
            f"staff went from {f.staff_before} to {f.staff} within 30 days (-{drop} %)",
        ),
        staff=f.staff,
        drop_percent=drop,
    )


def f29_v1(f: Features, t: Thresholds) -> Finding:
    """F29: licence about to end or annual check failed NOTICE; ended, and families are owed, RED."""
    ends = f.licence_ends_on
    if ends is None:
        return unknown("许可证有效期未知", "the end of the licence is not known")
    days = (ends - f.day).days
    severity = None
    if days < 0 and f.owed_fen > 0:
        severity = Severity.RED
    elif days <= t.licence_days or f.annual_check == "fail":
        severity = Severity.NOTICE
    failed_zh, failed_en = ("，年检不合格", "; failed the annual check") if f.annual_check == "fail" else ("", "")
    return fires(
        severity,
        t.licence_days,
        lambda: (
            f"许可证{'已于' if days < 0 else '将于'}{ends.isoformat()}到期{failed_zh}",
            f"the licence {'ended' if days < 0 else 'ends'} on {ends.isoformat()}{failed_en}",
        ),
        days=days,
    )


def f30_v1(f: Features, t: Thresholds) -> Finding:
    """F30: the door was shut in teaching hours at patrols in a row: RED."""
    if f.closed_doors is None:
        return unknown("尚无巡查记录", "no patrol has been there yet")
    paused = f.pause_until is not None
    return fires(
        Severity.RED if f.closed_doors >= t.closed_doors and not paused else None,
        t.closed_doors,
        lambda: (
            f"最近连续{f.closed_doors}次巡查教学时段闭门" + ("（公示停课期内）" if paused else ""),
            f"the door was shut at the latest {f.closed_doors} patrols in a row"
            + (" (announced pause)" if paused else ""),
        ),
        patrols=f.closed_doors,
    )


def f31_v1(f: Features, t: Thresholds) -> Finding:
    """F31: many new sites while what is owed is barely covered: YELLOW."""
    if f.balance_fen is None:
        return unknown("银行尚无流水", "the bank has not spoken yet")
    coverage = 100 * f.balance_fen // f.owed_fen if f.owed_fen > 0 else 100
    is_thin = f.owed_fen > 0 and coverage < t.expansion_coverage_percent
    return fires(
        Severity.YELLOW if f.new_sites >= t.new_sites and is_thin else None,
        t.new_sites,
        lambda: (
            f"6个月内新增{f.new_sites}个教学点，覆盖率{coverage}%",
            f"{f.new_sites} new sites within six months at a coverage of {coverage} %",
        ),
        sites=f.new_sites,
        coverage_percent=coverage,
    )
