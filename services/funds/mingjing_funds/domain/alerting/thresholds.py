"""The numbers that the rules hold an account to (阈值), as they are in force for its region, category, size and day.

The one rule: a rule has no number of its own. The defaults here equal the policy's (``policy/alert_thresholds.py``);
amounts are already scaled to the size class of the account, and ``version`` is what a finding cites.
"""

from __future__ import annotations

from dataclasses import dataclass

RELEASED = "default/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """One set of numbers. Amounts in fen, shares in percent."""

    version: str = RELEASED
    set_by_zh: str = "本地区"
    set_by_en: str = "the region"
    # F01 to F06
    minimum_fen: int = 300_000_00
    minimum_first_year_fen: int = 100_000_00
    minimum_red_percent: int = 50
    day_out_fen: int = 1_000_000_00
    day_out_percent: int = 30
    day_out_red_percent: int = 50
    week_out_fen: int = 2_000_000_00
    week_out_percent: int = 60
    week_out_red_percent: int = 100
    month_out_percent: int = 200
    # F07, F33 to F36: money that never arrived
    sweep_working_days: int = 3
    uncredited_red: int = 3
    private_people: int = 2
    private_people_red: int = 4
    unpaid_lessons: int = 10
    heads_percent: int = 20
    heads_red_percent: int = 50
    heads_least: int = 5
    dry_percent: int = 5
    dry_lessons_percent: int = 60
    dry_usual_fen: int = 100_000_00
    thin_percent: int = 50
    thin_lessons: int = 10
    thinning_people: int = 2
    # F12 to F14
    agreement_days: int = 15
    deposit_notice_percent: int = 110
    # F15 to F17
    refund_days: int = 15
    stalled_people: int = 2
    overdue_refunds: int = 3
    overdue_refunds_red: int = 10
    overdue_red_percent: int = 20
    spike_requests: int = 5
    spike_times: int = 3
    spike_red_times: int = 5
    spike_red_requests: int = 10
    surge_times: int = 3
    surge_fen: int = 200_000_00
    # F18 to F20
    idle_days: int = 7
    idle_red_days: int = 14
    calendar_margin_days: int = 9
    """The longest holiday of a year: so many days may be off that are not known yet."""
    units_pupil_day: int = 8
    night_confirmations: int = 10
    automatic_percent: int = 80
    automatic_lessons: int = 50
    # F21, F22
    feed_days: int = 1
    gap_days: int = 1
    gap_red_days: int = 2
    gap_red_fen: int = 10_000_00
    # F25 to F31
    complainants_week: int = 3
    complainants_month_red: int = 10
    notice_days: int = 14
    gone_people: int = 2
    gone_people_sure: int = 3
    staff_percent: int = 30
    staff_leavers: int = 2
    licence_days: int = 30
    closed_doors: int = 2
    new_sites: int = 3
    expansion_coverage_percent: int = 110
    # F32
    weight_red: int = 40
    weight_yellow: int = 15
    weight_notice: int = 5
    decay_days: int = 30
    score_red: int = 60


DEFAULTS = Thresholds()
