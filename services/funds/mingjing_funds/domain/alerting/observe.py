"""The features of a day, told from what is remembered. The one rule: nothing is looked up and nothing is remembered.

``day`` is the last day that counts. How far the senders have spoken (``Known``) decides what silence means: lessons are
delivered by the week, and a week that has not been delivered is no week without lessons.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import takewhile
from typing import Any

from mingjing_funds.domain.alerting.features import LICENCE_ITEM, Features
from mingjing_funds.domain.alerting.heard import Announcement, Change, Charge, Known, Word
from mingjing_funds.domain.alerting.state import (
    CHANGES_DAYS,
    FINDING_DAYS,
    HEADS_DAYS,
    LATE_DAYS,
    MONTH_DAYS,
    SITES_DAYS,
    WEEKS,
    WINDOW_DAYS,
    Awaited,
    State,
    Visit,
)
from mingjing_funds.domain.alerting.voices import ANY, Voices, voices
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.working_days import RELEASED, WorkingDays

OPEN_FROM, OPEN_TO = time(8), time(20, 30)
"""When somebody may teach: a door that is shut outside these hours is shut rightly."""
WAIT_DAYS_MAX = 120
"""Nobody counts working days further back than this."""
WEEK_DAYS = 7
PEOPLE_DAYS = 60
CALENDAR_DAYS = 60
"""As far back as working days and holidays are counted for what is told today."""


def features(state: State, day: date, known: Known, calendar: WorkingDays = RELEASED) -> Features:
    """What the rules look at, at the end of ``day``."""
    return Features(
        day=day,
        calendar_missing=next((year for year in _years(day) if calendar.is_provisional(year)), None),
        is_open=state.is_open,
        is_closing=state.is_closing,
        months_open=_months(state.opened_on, day),
        agreed_minimum_fen=state.minimum_fen,
        peak_owed_fen=state.peak_owed_fen,
        owed_fen=state.owed_fen,
        closing_asked=state.closing_asked,
        bank_change_asked=state.bank_change_asked,
        away_fen=state.away_fen,
        weeks_since=_weeks_since(state, day),
        is_emptied=state.is_emptied,
        frozen_by=state.frozen_by,
        deposit_fen=state.deposit_fen,
        deposit_minimum_fen=state.deposit_minimum_fen,
        stopped_on=state.stopped_on if state.stopped_on and state.stopped_on <= day else None,
        new_sites=sum(on > day - timedelta(days=SITES_DAYS) for on in state.sites),
        heads=state.heads if state.heads_on and day - timedelta(days=HEADS_DAYS) < state.heads_on <= day else None,
        pupils=state.pupils,
        unpaid_contracts=sum(one.lessons > 0 for one in state.unpaid),
        unpaid_lessons=sum(one.lessons for one in state.unpaid),
        **_money(state, day, known, calendar),
        **_teaching(state, day, known),
        **_people(state, day, known),
        **_conduct(state, day, known),
    )


def _weeks_since(state: State, day: date) -> date | None:
    since = state.carried_on
    return since if since is not None and (day - since).days < WINDOW_DAYS else None


def _years(day: date) -> range:
    return range((day - timedelta(days=CALENDAR_DAYS)).year, day.year + 1)


def _money(state: State, day: date, known: Known, calendar: WorkingDays) -> dict[str, Any]:
    told = state.opening_on is not None and known.bank_to is not None
    debits = [one.amount_fen for one in state.suspense if one.amount_fen < 0]
    broken = state.gap_fen + sum(one.amount_fen for one in state.suspense if one.amount_fen > 0)
    since = [one.booked_on for one in state.suspense if one.amount_fen > 0]
    since += [state.gap_since] if state.gap_since else []
    reach = min(day, known.bank_to) if known.bank_to else day
    return {
        "balance_fen": state.balance_fen if told else None,
        "opening_fen": state.balance_fen - state.net.over(day, 1) if told else None,
        "opening_week_fen": state.balance_fen - state.net.over(day, 7) if told else None,
        "outflow_day_fen": state.outflow.over(day, 1),
        "outflow_week_fen": state.outflow.over(day, 7),
        "outflow_month_fen": state.outflow.over(day, MONTH_DAYS),
        "unmatched_debits": len(debits),
        "unmatched_debits_fen": -sum(debits),
        # Of a bank that is long silent the last weeks are not empty, they are unknown: its own last ones count.
        "receipts_weeks_fen": state.receipts.weeks(reach if known.is_bank_silent else day, WEEKS),
        "receipts_month_fen": state.receipts.over(day, MONTH_DAYS),
        "awaited": tuple(
            (_working_days(one.due_on, reach, calendar), one.amount_fen) for one in _missing(state) if one.due_on <= day
        ),
        "credited_late": state.late.over(day, LATE_DAYS),
        "bank_sends_files": known.bank_sends_files,
        "is_bank_silent": known.is_bank_silent,
        "feed_silent_days": None if known.bank_to is None else _working_days(known.bank_to, day, calendar),
        "gap_fen": broken,
        "gap_days": (day - min(since)).days if since and broken else 0,
    }


def _missing(state: State) -> list[Awaited]:
    """Payments that are awaited, less those whose amount came in and nothing explains."""
    credits = [one for one in state.suspense if one.amount_fen > 0]
    found = []
    for one in state.awaited:
        arrived = next(
            (each for each in credits if each.amount_fen == one.amount_fen and each.booked_on >= one.due_on), None
        )
        if arrived is None:
            found.append(one)
        else:
            credits.remove(arrived)
    return found


def _teaching(state: State, day: date, known: Known) -> dict[str, Any]:
    reach = min(day, known.lessons_to) if known.lessons_to else None
    return {
        "requests_weeks": state.requests.weeks(day, WEEKS),
        "refunds_open": tuple(((day - one.asked_on).days, one.amount_fen) for one in state.refunds),
        "last_confirmed_on": state.last_confirmed_on,
        "last_given_on": state.last_given_on,
        "lessons_weeks": state.lessons.weeks(reach, WEEKS) if reach else None,
        "free_days_week": _free_days(state, reach, known, 7) if reach else 0,
        "free_days_month": _free_days(state, reach, known, 5 * 7) if reach else 0,
        "idle_days": _idle(state, reach, known) if reach else None,
        "most_units_pupil_day": state.heavy.most_on_a_day(day, MONTH_DAYS),
        "night_confirmations": state.nights.most_on_a_day(day, MONTH_DAYS),
        "time_broken_lessons": state.time_broken.over(day, MONTH_DAYS),
        "confirmed_month": state.confirmed.over(day, MONTH_DAYS),
        "automatic_month": state.automatic.over(day, MONTH_DAYS),
        **{
            name: state.charges[charge.value].over(day, MONTH_DAYS) if charge.value in state.charges else 0
            for name, charge in _CHARGES.items()
        },
    }


_CHARGES = {
    "over_limit": Charge.OVER_LIMIT,
    "early": Charge.EARLY,
    "beyond_lease": Charge.BEYOND_LEASE,
    "loans": Charge.LOAN,
    "above_published": Charge.ABOVE_PUBLISHED,
    "above_guide": Charge.ABOVE_GUIDE,
    "discount_packages": Charge.DISCOUNT_PACKAGE,
}


def _people(state: State, day: date, known: Known) -> dict[str, Any]:
    def who(word: str, days: int) -> Voices:
        return voices(state.said, state.counted, word, days, day)

    week, month, gone = who(ANY, WEEK_DAYS), who(ANY, MONTH_DAYS), who(Word.GONE, MONTH_DAYS)
    private, loan = who(Word.PRIVATE_PAYMENT, PEOPLE_DAYS), who(Word.LOAN, PEOPLE_DAYS)
    since = day - timedelta(days=MONTH_DAYS)
    formed_on, people = state.grouped or (date.min, 0)
    return {
        "complainants_week": None if known.complaints_to is None else week.heard,
        "complainants_month": month.heard,
        "people_told_apart": not who(ANY, PEOPLE_DAYS).unnamed,
        "sure_month": month.sure,
        "unnamed_week": week.unnamed,
        "unnamed_month": month.unnamed,
        "group_people": people if day - timedelta(days=WEEK_DAYS) < formed_on <= day else 0,
        "saying_gone": gone.heard,
        "sure_gone": gone.sure,
        "first_gone_on": min(
            (one.on for one in state.said if since < one.on <= day and Word.GONE in one.words), default=None
        ),
        "saying_private_60": private.heard,
        "sure_private_60": private.sure,
        "saying_arrears_60": who(Word.ARREARS, PEOPLE_DAYS).heard,
        "saying_stalled": who(Word.REFUND_STALLED, MONTH_DAYS).heard,
        "saying_loan_60": loan.heard,
        "sure_loan_60": loan.sure,
        "saying_fake": who(Word.FAKE_LESSON, MONTH_DAYS).heard,
        "saying_thinning": who(Word.THINNING, MONTH_DAYS).heard,
    }


def _conduct(state: State, day: date, known: Known) -> dict[str, Any]:
    counts = [(on, staff) for on, staff in state.staff if on <= day]
    month_ago = day - timedelta(days=MONTH_DAYS)
    within = [staff for on, staff in counts if on > month_ago]
    standing = [staff for on, staff in counts if on <= month_ago][-1:]
    licence = state.licence
    pauses = [one for one in state.notices if one.since <= day and one.what in _PAUSES]
    moneys = [one for one in state.notices if one.what is Announcement.USE_OF_MONEY]
    return {
        "staff": counts[-1][1] if counts else None,
        "staff_before": max([*standing, *within], default=None),
        "unapproved_changes": _changes(state, day) if known.registry_to else None,
        "approved_changes": _approved(state, day),
        "licence_granted_on": licence.granted_on if licence else None,
        "licence_ends_on": licence.valid_to if licence else None,
        "annual_check": licence.annual_check if licence else None,
        "closed_doors": _closed_doors(state, day),
        "visit_findings": _found(state, day),
        "noticed_days_ago": min((max(0, (day - one.until).days) for one in pauses), default=None),
        "pause_until": max((one.until for one in pauses if one.until >= day), default=None),
        "money_use_announced": any(one.since - _NOTICE <= day <= one.until + _NOTICE for one in moneys),
    }


def _changes(state: State, day: date) -> tuple[str, ...]:
    since = day - timedelta(days=CHANGES_DAYS)
    changes = {what for on, what in state.changes if on > since}
    if any(one.is_elsewhere for one in _lately(state, day)) and Change.ADDRESS.value not in _approved(state, day):
        changes |= {Change.ADDRESS.value}
    changes |= {Change.BLACKLISTED.value} if state.listings else set()
    changes |= {Change.LICENCE_FINDING.value} if LICENCE_ITEM in _found(state, day) else set()
    return tuple(sorted(changes))


def _approved(state: State, day: date) -> tuple[str, ...]:
    since = day - timedelta(days=CHANGES_DAYS)
    return tuple(sorted({what for on, what in state.approvals if since < on <= day}))


def _closed_doors(state: State, day: date) -> int | None:
    """Patrols in a row that found the door shut, the latest ones; those by night say nothing."""
    seen = [one for one in state.visits if shanghai_date(one.at) <= day and _is_by_day(one)]
    return sum(1 for _ in takewhile(lambda one: one.was_closed, reversed(seen))) if seen else None


def _is_by_day(visit: Visit) -> bool:
    return OPEN_FROM <= visit.at.astimezone(SHANGHAI).time() < OPEN_TO


def _found(state: State, day: date) -> tuple[str, ...]:
    return tuple(sorted({item for one in _lately(state, day) for item in one.failed}))


def _lately(state: State, day: date) -> list[Visit]:
    since = day - timedelta(days=FINDING_DAYS)
    return [one for one in state.visits if since < shanghai_date(one.at) <= day]


_PAUSES = (Announcement.PAUSE, Announcement.MOVE)
_NOTICE = timedelta(days=7)
"""A payment that was announced for a day is made within a week of it."""


def _idle(state: State, reach: date, known: Known) -> int:
    """Days since the last lesson, up to the last day that lessons are known of, less those that are free."""
    since = state.last_given_on or state.opening_on
    if since is None or since >= reach:
        return 0
    days = min((reach - since).days, WAIT_DAYS_MAX)
    return days - _free_days(state, reach, known, days)


def _free_days(state: State, reach: date, known: Known, days: int) -> int:
    """How many of the last so many days are no days on which lessons are to be expected."""
    before = reach - timedelta(days=days)
    free = {day for day in known.free_days if before < day <= reach}
    for one in state.notices:
        if one.what in _PAUSES and one.until > before:
            since, until = max(one.since, before + timedelta(days=1)), min(one.until, reach)
            free |= {since + timedelta(days=count) for count in range((until - since).days + 1)}
    return len(free)


def _working_days(since: date, until: date, calendar: WorkingDays) -> int:
    """Working days after ``since`` up to ``until``."""
    if until <= since:
        return 0
    count = min((until - since).days, WAIT_DAYS_MAX)
    return sum(calendar.is_working(until - timedelta(days=back)) for back in range(count))


def _months(opened_on: date | None, day: date) -> int:
    if opened_on is None:
        return 0
    return (day.year - opened_on.year) * 12 + day.month - opened_on.month - (day.day < opened_on.day)
