"""What the rules look at (特征): one account at the end of one day, as far as it is known.

The one rule: nothing but numbers, days and small tuples, so that what a rule saw can be stored, read and seen again.
``None`` is something that nobody has told us; a rule that needs it says that it cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LICENCE_ITEM, OFF_ACCOUNT_ITEM, ARREARS_ITEM = "C01", "C06", "C15"
"""Items of the patrol's checklist: licence and registration; cash and private collection; signs of arrears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One account, one day. Amounts in fen; money out is counted positive; a week is the seven days up to ``day``."""

    day: date
    calendar_missing: int | None
    """The first year within the last two months whose official calendar nobody has released yet: holidays in it are not
    known, so that what counts working days or days without lessons can say that it is quiet, and not that it fires."""
    # -- the account
    is_open: bool
    is_closing: bool
    months_open: int
    balance_fen: int | None
    agreed_minimum_fen: int
    peak_owed_fen: int
    """The most that was ever owed to families: what the size class is read from."""
    # -- what families are owed
    owed_fen: int
    """U = Σ (P − C(k) − refunds paid)."""
    awaited: tuple[tuple[int, int], ...]
    """Payments that the platform calls paid and no bank has credited: working days waited so far, and amount. A payment
    whose amount stands in the account as an unexplained credit has arrived, and is a matter of the books (F22)."""
    credited_late: int
    """Payments of the last 90 days that were credited only after more than three working days."""
    # -- money out
    opening_fen: int | None
    """The balance at the end of the day before."""
    outflow_day_fen: int
    opening_week_fen: int | None
    """The balance seven days before."""
    outflow_week_fen: int
    outflow_month_fen: int
    unmatched_debits: int
    unmatched_debits_fen: int
    # -- money in
    receipts_weeks_fen: tuple[int, ...]
    receipts_month_fen: int
    # -- refunds
    requests_weeks: tuple[int, ...]
    refunds_open: tuple[tuple[int, int], ...]
    """Refunds asked for and neither paid nor refused: days since the request, and amount."""
    # -- lessons
    last_confirmed_on: date | None
    last_given_on: date | None
    """The latest lesson that was reported as given, whether or not the family has confirmed it yet."""
    lessons_weeks: tuple[int, ...] | None
    """Lessons given, by weeks up to the last day that lessons are known of."""
    free_days_week: int
    """Days of the latest known week of lessons that are holidays, announced pauses or days on which hardly anybody
    teaches."""
    free_days_month: int
    idle_days: int | None
    """Days without a lesson up to the last day that lessons are known of, holidays and pauses left out."""
    most_units_pupil_day: int
    night_confirmations: int
    """The most confirmations of one night among the last 30 days."""
    time_broken_lessons: int
    confirmed_month: int
    automatic_month: int
    # -- bank and books
    feed_silent_days: int | None
    """Business days that the bank's feed is behind."""
    is_bank_silent: bool
    """For so long that nothing is known of the money by now: only rules about people are asked."""
    bank_sends_files: bool
    gap_fen: int
    gap_days: int
    closing_asked: bool
    bank_change_asked: bool
    away_fen: int
    """What a change of bank took to the new account for families whose contracts are still with this one."""
    weeks_since: date | None
    """Since when the weeks here tell of the same contracts, where a change of bank took or brought some and so many
    weeks are not over yet."""
    is_emptied: bool
    frozen_by: str
    deposit_fen: int | None
    deposit_minimum_fen: int | None
    # -- charges, as other checks found them in the last 30 days
    over_limit: int
    early: int
    beyond_lease: int
    loans: int
    above_published: int
    above_guide: int
    discount_packages: int
    # -- what people say: distinct persons
    complainants_week: int | None
    complainants_month: int
    people_told_apart: bool
    """Whether all of these are persons; else some are complaints, and one person may have sent several."""
    sure_month: int
    """Of ``complainants_month``: as many persons at least, whoever sent the papers of nobody known."""
    unnamed_week: int
    unnamed_month: int
    """Of ``complainants_…``: papers of which nobody can tell who wrote them."""
    group_people: int
    """Of a group of complaints (X8) that was formed within the week; else 0."""
    saying_gone: int
    sure_gone: int
    first_gone_on: date | None
    saying_private_60: int
    sure_private_60: int
    saying_arrears_60: int
    saying_stalled: int
    saying_loan_60: int
    sure_loan_60: int
    saying_fake: int
    saying_thinning: int
    # -- registry and patrols
    staff: int | None
    staff_before: int | None
    """The most there were within the 30 days before."""
    unapproved_changes: tuple[str, ...] | None
    approved_changes: tuple[str, ...]
    """Within 90 days; shown beside the others, and none of them a sign."""
    licence_granted_on: date | None
    licence_ends_on: date | None
    annual_check: str | None
    closed_doors: int | None
    """Patrols in a row, the latest ones, that found the door shut in teaching hours."""
    visit_findings: tuple[str, ...]
    """Items of the patrol's checklist that were found wanting within 60 days: C01, C06 …"""
    stopped_on: date | None
    """Since when the registry says that it stopped without a word."""
    new_sites: int
    heads: int | None
    pupils: int | None
    unpaid_contracts: int
    unpaid_lessons: int
    """Lessons that were signed in for under contracts that no payment is known of."""
    # -- notices in force on the day
    pause_until: date | None
    noticed_days_ago: int | None
    """Days since the latest announced pause or move ended; 0 while one is in force."""
    money_use_announced: bool

    @property
    def voices(self) -> tuple[str, str]:
        """What is counted of complaints, in Chinese and English: persons, or only papers."""
        return ("人", "people") if self.people_told_apart else ("件投诉（是否同一人不可知）", "complaints")
