"""What is remembered of an account against a plain recount of the same facts, in whatever order they arrive."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson as lesson_facts
from mingjing_funds.domain import order, refund
from mingjing_funds.domain.alerting import fold_contract
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.heard import (
    Announced,
    Announcement,
    Complained,
    Heard,
    Known,
    StaffCounted,
    Word,
)
from mingjing_funds.domain.alerting.heard import Charge as FoundCharge
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.state import AWAITED_MAX, UNKNOWN, State
from mingjing_funds.domain.settlement import EntryMoved
from mingjing_funds.domain.teaching_time import TimeBreach, TimeRule
from mingjing_kernel.working_days import RELEASED

DAY = date(2026, 3, 31)
AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
ACCOUNT = UUID(int=1)
HOLDER = a.Holder(
    institution_id=None,
    institution_name="木铎轩",
    uscc="",
    bank="湖畔商业银行",
    account_name="木铎轩",
    department="",
    region="330106",
    category="",
)
OPENED = a.AccountActivated(
    holder=HOLDER,
    number="62",
    number_written="",
    minimum_fen=8_000_00,
    opened_on=date(2020, 1, 1),
    opening_fen=50_000_00,
    opening_on=date(2025, 12, 30),
)
REPORTED = c.LessonReported(
    account_id=ACCOUNT,
    lesson_no="KX1",
    held_on=DAY,
    units=1,
    is_gift=False,
    standing=c.LessonStanding.PENDING,
    content="",
    reported_on=DAY,
)
KNOWN = Known(bank_to=DAY, lessons_to=DAY, complaints_to=DAY, registry_to=DAY)


def entry(flow: str, amount: int, day: date, column: a.Column, number: str = "", reverses: str = "") -> a.EntryBooked:
    return a.EntryBooked(
        bank="湖畔商业银行",
        flow=flow,
        booked_at=AT,
        booked_on=day,
        amount_fen=amount,
        balance_fen=0,
        summary="",
        reference=number,
        tail="",
        column=column,
        number=number,
        expected_fen=amount if number else 0,
        expected_on=day if number else None,
        reverses=reverses,
        digest=flow,
    )


def announced(number: str, amount: int, day: date) -> a.MoneyExpected:
    return a.MoneyExpected(direction=a.Direction.PAYMENT, number=number, amount_fen=amount, due_on=day)


def lesson(number: int, day: date, *, units: int = 1, at: datetime | None = None) -> c.LessonConfirmed:
    return c.LessonConfirmed(
        account_id=ACCOUNT,
        lesson_no=f"KX{number}",
        held_on=day,
        units=units,
        is_gift=False,
        is_automatic=at is None,
        how="",
        confirmed_at=at,
        content="",
        reported_on=DAY,
        used=1,
        earned_fen=100_00,
        earned_on=day,
    )


def heard(*facts: object, on: date = DAY, about: str = "HT1", state: State = UNKNOWN) -> State:
    for fact in facts:
        state = told(state, Heard(on, fact, about))
    return state


days = st.integers(0, 60).map(lambda back: DAY - timedelta(days=back))
bookings = st.lists(st.tuples(days, st.integers(1, 10_000_00), st.sampled_from(("in", "out", "odd"))), max_size=40)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bookings)
def test_balance_and_flows_are_those_of_a_recount(bookings: list[tuple[date, int, str]]) -> None:
    state = heard(OPENED)
    for number, (day, amount, what) in enumerate(bookings):
        column = {"in": a.Column.PAYMENT, "out": a.Column.RELEASE, "odd": a.Column.SUSPENSE}[what]
        signed = amount if what == "in" else -amount
        state = heard(entry(f"F{number}", signed, day, column), state=state)
    seen = features(state, DAY, KNOWN)
    flows = [(day, amount if what == "in" else -amount) for day, amount, what in bookings]
    balance = OPENED.opening_fen + sum(amount for _, amount in flows)
    assert seen.balance_fen == balance
    assert seen.opening_fen == balance - sum(amount for day, amount in flows if day == DAY)
    week = DAY - timedelta(days=7)
    assert seen.opening_week_fen == balance - sum(amount for day, amount in flows if day > week)
    assert seen.outflow_week_fen == -sum(amount for day, amount in flows if amount < 0 and day > week)
    assert seen.unmatched_debits == sum(what == "odd" for _, _, what in bookings)
    assert sum(seen.receipts_weeks_fen) == sum(amount for _, amount in flows if amount > 0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(days, st.booleans()), max_size=30))
def test_what_is_awaited_is_what_was_announced_and_not_credited(payments: list[tuple[date, bool]]) -> None:
    state = heard(OPENED)
    for number, (day, is_credited) in enumerate(payments):
        state = heard(announced(f"JF{number}", 100_00 + number, day), state=state)
        if is_credited:
            state = heard(entry(f"F{number}", 100_00 + number, DAY, a.Column.PAYMENT, f"JF{number}"), state=state)
    seen = features(state, DAY, KNOWN)
    open_ = sorted(100_00 + number for number, (_, is_credited) in enumerate(payments) if not is_credited)
    assert sorted(fen for _, fen in seen.awaited) == open_
    late = sum(is_credited and RELEASED.after(day, 3) < DAY for day, is_credited in payments)
    assert seen.credited_late == late


def test_a_payment_before_the_opening_is_in_its_balance_whichever_is_heard_first() -> None:
    before = a.MoneyExpected(direction=a.Direction.PAYMENT, number="JF1", amount_fen=1, due_on=date(2025, 12, 20))
    for facts in ((OPENED, before), (before, OPENED)):
        assert heard(*facts).awaited == ()


def test_a_reversal_leaves_nothing_behind_and_the_payment_is_awaited_again() -> None:
    state = heard(OPENED, announced("JF1", 500_00, DAY), entry("F1", 500_00, DAY, a.Column.PAYMENT, "JF1"))
    undone = entry("F2", -500_00, DAY, a.Column.PAYMENT, "JF1", reverses="F1")
    seen = features(heard(undone, state=state), DAY, KNOWN)
    assert seen.balance_fen == OPENED.opening_fen
    assert seen.awaited == ((0, 500_00),)
    assert seen.outflow_day_fen == 0
    wrong = heard(entry("F3", -70_00, DAY, a.Column.SUSPENSE), state=state)
    back = heard(entry("F4", 70_00, DAY, a.Column.SUSPENSE, reverses="F3"), state=wrong)
    assert features(wrong, DAY, KNOWN).unmatched_debits == 1
    assert features(back, DAY, KNOWN).unmatched_debits == 0


def test_a_change_of_bank_is_no_outflow_of_the_old_account_and_no_excess_of_the_new_one() -> None:
    old = heard(OPENED, entry("F1", -9_000_00, DAY, a.Column.SUSPENSE), entry("F2", -5_00, DAY, a.Column.RELEASE))
    new = heard(OPENED, entry("F3", 9_000_00, DAY - timedelta(days=3), a.Column.SUSPENSE))
    seen, other = features(old, DAY, KNOWN), features(new, DAY, KNOWN)
    assert (seen.unmatched_debits_fen, seen.outflow_day_fen) == (9_000_00, 9_005_00)
    assert (other.gap_fen, other.gap_days) == (9_000_00, 3)
    old = heard(EntryMoved(flow="F1", amount_fen=-9_000_00, booked_on=DAY), state=old)
    new = heard(EntryMoved(flow="F3", amount_fen=9_000_00, booked_on=DAY - timedelta(days=3)), state=new)
    seen, other = features(old, DAY, KNOWN), features(new, DAY, KNOWN)
    assert (seen.unmatched_debits, seen.outflow_day_fen, seen.outflow_month_fen) == (0, 5_00, 5_00)
    assert seen.balance_fen == OPENED.opening_fen - 9_005_00
    assert (other.gap_fen, other.gap_days, other.outflow_month_fen) == (0, 0, 0)
    assert other.balance_fen == OPENED.opening_fen + 9_000_00


def test_a_payment_whose_amount_came_in_unexplained_has_arrived() -> None:
    state = heard(OPENED, announced("JF1", 3_762_00, DAY - timedelta(days=10)))
    assert len(features(state, DAY, KNOWN).awaited) == 1
    arrived = heard(entry("F1", 3_762_00, DAY - timedelta(days=9), a.Column.SUSPENSE), state=state)
    seen = features(arrived, DAY, KNOWN)
    assert seen.awaited == ()
    assert seen.gap_fen == 3_762_00
    assert seen.gap_days == 9


def test_what_is_remembered_is_bounded() -> None:
    state = heard(OPENED)
    for number in range(AWAITED_MAX + 50):
        state = heard(announced(f"JF{number}", 1_00, DAY), state=state)
        state = heard(Complained(person=f"P{number}", words=frozenset()), state=state)
    assert len(state.awaited) == AWAITED_MAX
    assert len(state.said) <= 400


def test_a_lesson_counts_once_whether_it_is_first_seen_pending_or_confirmed() -> None:
    pending = REPORTED
    both = heard(pending, lesson(1, DAY), lesson(2, DAY))
    assert features(both, DAY, KNOWN).lessons_weeks == (2, 0, 0, 0, 0, 0, 0, 0, 0)
    cancelled = replace(REPORTED, standing=c.LessonStanding.CANCELLED)
    assert features(heard(pending, cancelled), DAY, KNOWN).lessons_weeks == (0,) * 9


def test_many_lessons_of_a_child_on_a_day_and_confirmations_at_night_are_seen() -> None:
    night = datetime(2026, 3, 30, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai: the night of the 30th
    state = UNKNOWN
    for number in range(12):
        state = heard(lesson(number, date(2026, 3, 20), at=night), state=state)
    seen = features(state, DAY, KNOWN)
    assert seen.most_units_pupil_day == 12
    assert seen.night_confirmations == 12


def test_idle_days_leave_out_holidays_and_announced_pauses_and_wait_for_the_next_delivery() -> None:
    state = heard(OPENED, lesson(1, date(2026, 3, 1)))
    week_old = Known(lessons_to=date(2026, 3, 10), bank_to=DAY)
    assert features(state, DAY, week_old).idle_days == 9
    free = Known(lessons_to=date(2026, 3, 10), bank_to=DAY, free_days=frozenset({date(2026, 3, 5)}))
    assert features(state, DAY, free).idle_days == 8
    pause = Announced(
        what=Announcement.PAUSE, since=date(2026, 3, 4), until=date(2026, 3, 20), filed_on=date(2026, 2, 1)
    )
    assert features(heard(pause, state=state), DAY, free).idle_days == 2
    assert features(state, DAY, Known(bank_to=DAY)).idle_days is None


def test_persons_are_counted_and_not_papers() -> None:
    words = frozenset({Word.GONE})
    state = heard(*(Complained(person="P1", words=words) for _ in range(9)), Complained(person="P2"))
    seen = features(state, DAY, KNOWN)
    assert (seen.complainants_week, seen.saying_gone, seen.first_gone_on) == (2, 1, DAY)


def test_staff_is_compared_with_the_month_before() -> None:
    state = heard(StaffCounted(staff=10), on=DAY - timedelta(days=80))
    seen = features(heard(StaffCounted(staff=7), state=state), DAY, KNOWN)
    assert (seen.staff_before, seen.staff) == (10, 7)


def test_nobody_has_spoken_yet() -> None:
    seen = features(UNKNOWN, DAY, Known())
    assert (seen.balance_fen, seen.idle_days, seen.staff, seen.closed_doors, seen.complainants_week) == (None,) * 5


def test_the_familys_side_changes_what_is_owed_and_what_is_waited_for() -> None:
    paid = c.ContractPaid(
        account_id=ACCOUNT,
        payment_no="JF1",
        amount_fen=1_000_00,
        paid_at=AT,
        paid_on=DAY,
        counts_on=DAY,
        method="",
        earned_fen=0,
    )
    taken = taken_back(100_00)
    moved = order.TransferredOut(
        account_id=ACCOUNT,
        to_contract_id=UUID(int=7),
        to_contract_no="HT2",
        kind=order.TransferKind.COURSE,
        amount_fen=1_000_00,
        reason="换课",
        transferred_on=DAY,
    )
    came = order.TransferredIn(
        account_id=ACCOUNT,
        from_contract_id=UUID(int=6),
        from_contract_no="HT1",
        amount_fen=1_000_00,
        earned_fen=0,
        transferred_on=DAY,
    )
    assert heard(OPENED, paid, lesson(1, DAY), taken).owed_fen == 1_000_00
    assert heard(OPENED, paid, moved).owed_fen == 0
    assert heard(OPENED, paid, moved, came).owed_fen == 1_000_00
    granted = refund.RefundGranted(
        account_id=ACCOUNT,
        refund_no="TF1",
        list_id=UUID(int=8),
        owed_fen=900_00,
        amount_fen=500_00,
        granted_on=DAY - timedelta(days=20),
    )
    closed = refund.RefundClosed(
        account_id=ACCOUNT, refund_no="TF1", end=refund.RefundEnd.WITHDRAWN, reason="", closed_on=DAY
    )
    assert features(heard(OPENED, paid, granted), DAY, KNOWN).refunds_open == ((20, 500_00),)
    assert features(heard(OPENED, paid, granted, closed), DAY, KNOWN).refunds_open == ()


def taken_back(returned_fen: int) -> lesson_facts.LessonTakenBack:
    return lesson_facts.LessonTakenBack(
        account_id=ACCOUNT,
        lesson_no="KX1",
        units=1,
        is_gift=False,
        why=lesson_facts.WhyTakenBack.DISPUTED,
        used=0,
        returned_fen=returned_fen,
        taken_back_on=DAY,
    )


def test_what_a_broken_charging_rule_means_to_the_alert_rules() -> None:
    for rule, what in (
        ("P2", FoundCharge.OVER_LIMIT),
        ("P5-lessons", FoundCharge.OVER_LIMIT),
        ("P6-early", FoundCharge.EARLY),
        ("P6-renewal", FoundCharge.EARLY),
        ("P10-price", FoundCharge.ABOVE_PUBLISHED),
        ("P10-guide", FoundCharge.ABOVE_GUIDE),
    ):
        assert fold_contract._what(rule) is what, rule


def test_a_lesson_out_of_hours_counts_once_and_no_more_when_it_is_put_right_or_called_off() -> None:
    breach = TimeBreach(rule=TimeRule.TOO_LATE, found=1260, allowed=1230)

    def timed(number: int, day: date, *breaches: TimeBreach) -> lesson_facts.LessonTimed:
        return lesson_facts.LessonTimed(
            account_id=ACCOUNT,
            institution_id=None,
            lesson_no=f"KX{number}",
            held_on=day,
            begins_at=None,
            ends_at=None,
            is_online=False,
            breaches=breaches,
            policy_version="teaching-times/1",
        )

    def counted(*facts: object) -> int:
        return features(heard(*facts), DAY, KNOWN).time_broken_lessons

    first, again, other = timed(1, DAY, breach), timed(1, DAY - timedelta(1), breach), timed(2, DAY, breach)
    assert counted(first, other) == 2
    assert counted(first, again) == 1, "other hours of the same lesson"
    assert counted(first, again, timed(1, DAY)) == 0
    for standing in (c.LessonStanding.CANCELLED, c.LessonStanding.LEAVE):
        assert counted(first, other, replace(REPORTED, standing=standing)) == 1
    assert counted(first, replace(REPORTED, standing=c.LessonStanding.DISPUTED)) == 1
    settled = lesson_facts.LessonSettled(
        account_id=ACCOUNT, lesson_no="KX1", was_held=False, reason="未上课", settled_by="shi", settled_on=DAY
    )
    assert counted(first, settled) == 0
