"""What is told of an institution from elsewhere, against what the rules then see of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from funds.domain.alerting.calm import CALM, T
from funds.domain.alerting.test_fold import DAY, HOLDER, KNOWN
from mingjing_funds.domain import deposit, institution, prepaid
from mingjing_funds.domain import sign_facts as f
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.catalogue import RULES
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.fold_sign import joined, unsaid
from mingjing_funds.domain.alerting.heard import Heard
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.state import UNKNOWN, State

INSTITUTION = UUID(int=7)
JOINED, LEFT = (kind(institution_id=INSTITUTION, on=DAY) for kind in (f.MemberJoined, f.MemberLeft))


def visited(hour: int, outcome: str, *failed: str, state: State = UNKNOWN, number: str = "") -> State:
    """After a patrol at an hour (UTC) of the day."""
    at = datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=UTC)
    fact = f.VisitNoted(institution_id=INSTITUTION, outcome=outcome, failed=failed, visited_at=at, on=DAY)
    return told(state, Heard(DAY, fact, number or f"visit at {hour}"))


def after(*facts: object, state: State = UNKNOWN) -> State:
    for number, fact in enumerate(facts):
        state = told(state, Heard(getattr(fact, "on", DAY), fact, f"thing {number}"))
    return state


def seen(state: State) -> Features:
    return features(state, DAY, KNOWN)


def test_doors_are_counted_in_a_row_by_day_and_a_correction_stands_in_place_of_the_report() -> None:
    twice = visited(3, "DOOR_CLOSED", state=visited(2, "DOOR_CLOSED"))
    assert seen(twice).closed_doors == 2
    assert seen(visited(15, "NO_ISSUE", state=twice)).closed_doors == 2, "at eleven in the evening"
    assert seen(visited(4, "NO_ISSUE", state=twice)).closed_doors == 0
    assert seen(visited(1, "NO_ISSUE", state=twice)).closed_doors == 2, "told late, of an earlier hour"
    put_right = visited(3, "NO_ISSUE", state=twice)
    assert seen(put_right).closed_doors == 0
    assert RULES["F30"].says(seen(twice), T).severity is Severity.RED
    assert seen(UNKNOWN).closed_doors is None


def test_what_a_patrol_found_is_read_by_the_rules_that_it_concerns() -> None:
    found = seen(visited(2, "ISSUES", "C01", "C06", "C15"))
    assert found.visit_findings == ("C01", "C06", "C15")
    for rule in ("F26", "F27", "F34"):
        assert RULES[rule].says(found, T).severity is Severity.YELLOW, rule


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=60))
def test_the_roll_is_what_came_less_what_went(comings: list[bool]) -> None:
    state, staff, most = UNKNOWN, 0, 0
    for comes in comings:
        state = after(JOINED if comes else LEFT, state=state)
        staff = max(0, staff + (1 if comes else -1))
        most = max(most, staff)
    assert seen(state).staff == (staff if comings else None)
    assert len(state.staff) <= 1


def test_an_exodus_is_seen() -> None:
    before = DAY - timedelta(days=40)
    state = after(*[f.MemberJoined(institution_id=INSTITUTION, on=before)] * 10)
    gone = seen(after(*[LEFT] * 3, state=state))
    assert (gone.staff_before, gone.staff) == (10, 7)
    assert RULES["F28"].says(gone, T).severity is Severity.YELLOW


def test_complaints_are_voices_and_no_number_of_them_alone_is_red() -> None:
    gone = [f.ComplaintNoted(institution_id=INSTITUTION, words=("gone",), on=DAY)] * 12
    state = after(*gone)
    told_of = seen(state)
    assert (told_of.complainants_week, told_of.saying_gone, told_of.people_told_apart) == (12, 12, False)
    assert RULES["F25"].says(told_of, T).severity is Severity.YELLOW
    assert "是否同一人不可知" in RULES["F25"].says(told_of, T).because.zh
    shut = seen(visited(3, "DOOR_CLOSED", state=visited(2, "DOOR_CLOSED", state=state)))
    assert RULES["F25"].says(shut, T).severity is Severity.RED
    assert seen(unsaid(state, "thing 3")).complainants_week == 11


def counts(on: date, *told: tuple[str, int, int, int]) -> f.ComplainantsNoted:
    each = tuple(f.Counted(word=word, days=days, people=people, unnamed=odd) for word, days, people, odd in told)
    return f.ComplainantsNoted(counts=each, on=on)


def test_people_whom_the_inspection_counted_go_before_papers() -> None:
    papers = [f.ComplaintNoted(institution_id=INSTITUTION, words=("gone",), on=DAY)] * 12
    one = counts(DAY, ("", 7, 1, 0), ("", 30, 1, 0), ("", 60, 1, 0), ("gone", 30, 1, 0))
    serial = seen(after(*papers, one))
    assert (serial.complainants_week, serial.saying_gone, serial.people_told_apart) == (1, 1, True)
    assert RULES["F25"].says(serial, T).severity is None, "one person, twelve letters"
    three = counts(DAY, ("", 7, 3, 1), ("", 30, 3, 1), ("", 60, 3, 1), ("gone", 30, 3, 0))
    many = seen(after(*papers, three))
    assert (many.complainants_week, many.sure_gone, many.unnamed_week, many.people_told_apart) == (4, 3, 1, False)
    found = RULES["F25"].says(many, T)
    assert found.severity is Severity.RED
    assert "近7日3人投诉" in found.because.zh
    assert "另有1件投诉无法判断是否同一人" in found.because.zh


def test_what_was_counted_ends_with_its_window_and_later_papers_come_on_top() -> None:
    week_ago = DAY - timedelta(days=7)
    told_then = counts(week_ago, ("", 7, 3, 0), ("", 30, 3, 0), ("", 60, 3, 0))
    assert (seen(after(told_then)).complainants_week, seen(after(told_then)).complainants_month) == (0, 3)
    paper = f.ComplaintNoted(institution_id=INSTITUTION, words=(), on=DAY)
    later = seen(after(told_then, paper))
    assert (later.complainants_week, later.complainants_month, later.sure_month) == (1, 4, 3)
    older = counts(week_ago - timedelta(days=1), ("", 30, 9, 0))
    assert seen(after(told_then, older)).complainants_month == 3, "told late, of an earlier day"


def test_a_group_of_people_is_a_spike_for_a_week() -> None:
    formed = f.GroupNoted(institution_id=INSTITUTION, people=3, on=DAY - timedelta(days=6))
    assert RULES["F25"].says(seen(after(formed)), T).severity is Severity.YELLOW
    assert seen(after(replace(formed, on=DAY - timedelta(days=7)))).group_people == 0


def test_sites_that_were_there_when_it_was_first_told_are_no_expansion() -> None:
    first, later = DAY - timedelta(days=90), DAY - timedelta(days=10)
    state = after(*[f.SiteNoted(institution_id=INSTITUTION, on=first)] * 4)
    assert seen(state).new_sites == 0
    assert seen(after(*[f.SiteNoted(institution_id=INSTITUTION, on=later)] * 3, state=state)).new_sites == 3


def test_licence_annual_check_lists_and_stops_are_what_was_told_last() -> None:
    granted = date(2025, 1, 1)
    state = after(
        f.LicenceNoted(granted_on=granted, valid_to=date(2026, 12, 31), on=DAY),
        f.LicenceNoted(granted_on=None, valid_to=date(2028, 12, 31), on=DAY),
        f.AnnualCheckNoted(result="fail", on=DAY),
        institution.InstitutionBlacklisted(listing_id=UUID(int=3), on=DAY),
        f.OperationNoted(state="stopped-abnormal", on=DAY),
        prepaid.PrepaidStated(
            institution_id=INSTITUTION, balance_fen=0, unconsumed_fen=0, contracts_open=9, pupils=8, on=DAY
        ),
    )
    told_of = seen(state)
    assert (told_of.licence_granted_on, told_of.licence_ends_on) == (granted, date(2028, 12, 31))
    assert (told_of.annual_check, told_of.unapproved_changes, told_of.pupils) == ("fail", ("blacklisted",), 8)
    assert told_of.stopped_on == DAY
    cleared = after(
        institution.InstitutionCleared(listing_id=UUID(int=3), on=DAY),
        f.OperationNoted(state="operating", on=DAY),
        state=state,
    )
    assert (seen(cleared).unapproved_changes, seen(cleared).stopped_on) == ((), None)


def test_the_registrys_word_that_it_stopped_is_red_while_anybody_is_owed() -> None:
    stopped = replace(CALM, stopped_on=DAY, idle_days=None)
    assert RULES["F18"].says(stopped, T).severity is Severity.RED
    assert RULES["F18"].says(replace(stopped, owed_fen=0), T).is_unknown


def test_a_deposit_is_held_to_what_was_assessed() -> None:
    filed = deposit.DepositFiled(holder=HOLDER, number="1", agreement_no="", filed_on=DAY)
    moved = deposit.DepositMoved(
        flow="1", amount_fen=90, purpose=deposit.Purpose.TOP_UP, reason="", moved_on=DAY, balance_fen=90
    )
    assessed = deposit.DepositAssessed(
        required_fen=100,
        balance_fen=90,
        floor_fen=100,
        period_fees_fen=0,
        ratio_permille=200,
        unconsumed_fen=0,
        policy_version="1",
        assessed_on=DAY,
    )
    rule = RULES["F14"]
    assert rule.says(seen(after(filed, moved)), T).is_unknown
    assert rule.says(seen(after(filed, moved, assessed)), T).severity is Severity.RED
    assert rule.says(seen(after(filed, moved, assessed, deposit.DepositReleased(released_on=DAY))), T).is_unknown


def test_an_account_is_seen_with_what_is_told_of_its_institution() -> None:
    outside = after(f.ComplaintNoted(institution_id=INSTITUTION, words=("private-payment",), on=DAY), JOINED)
    both = joined(UNKNOWN, outside)
    assert (seen(both).saying_private_60, seen(both).staff) == (1, 1)


def test_a_bank_that_sends_no_statements_is_not_behind_with_them() -> None:
    late = replace(CALM, feed_silent_days=2)
    assert RULES["F21"].says(late, T).severity is Severity.YELLOW
    assert RULES["F21"].says(replace(late, bank_sends_files=False), T).is_unknown


def test_heads_counted_at_a_patrol_are_held_against_the_contracts_as_long_as_they_say_something() -> None:
    def counted(heads: int, days_ago: int) -> f.HeadsNoted:
        on = DAY - timedelta(days=days_ago)
        return f.HeadsNoted(institution_id=INSTITUTION, site_id=INSTITUTION, heads=heads, on=on)

    stated = prepaid.PrepaidStated(
        institution_id=INSTITUTION, balance_fen=0, unconsumed_fen=0, contracts_open=20, pupils=20, on=DAY
    )
    rule = RULES["F35"]
    assert rule.says(seen(after(stated)), T).is_unknown
    assert rule.says(seen(after(stated, counted(40, 1))), T).severity is Severity.RED
    assert rule.says(seen(after(stated, counted(26, 1))), T).severity is Severity.YELLOW
    assert rule.says(seen(after(stated, counted(22, 1))), T).severity is None
    assert rule.says(seen(after(stated, counted(40, 31))), T).is_unknown, "too long ago"
    assert rule.says(seen(after(stated, counted(20, 1), counted(40, 2))), T).severity is None, "the later one counts"


def test_a_change_is_a_sign_only_as_long_as_nobody_approved_it() -> None:
    noticed = f.ChangeNoted(what="representative", is_approved=False, reference="", on=DAY - timedelta(days=3))
    approved = f.ChangeNoted(what="representative", is_approved=True, reference="西教变1号", on=DAY)
    before = seen(after(noticed))
    assert RULES["F27"].says(before, T).severity is Severity.YELLOW
    assert "法定代表人" in RULES["F27"].says(before, T).because.zh
    mended = seen(after(noticed, approved))
    found = RULES["F27"].says(mended, T)
    assert (found.severity, mended.approved_changes) == (None, ("representative",))
    assert found.because.zh.endswith("近90日已核准变更：法定代表人")
    other = f.ChangeNoted(what="address", is_approved=True, reference="西教变2号", on=DAY)
    assert RULES["F27"].says(seen(after(noticed, other)), T).severity is Severity.YELLOW, "another change"


def test_nobody_at_the_approved_address_is_a_move_that_nobody_approved() -> None:
    moved = visited(3, "NOT_FOUND")
    assert seen(moved).unapproved_changes == ("address",)
    approved = f.ChangeNoted(what="address", is_approved=True, reference="西教变2号", on=DAY)
    assert seen(after(approved, state=moved)).unapproved_changes == ()
    assert seen(visited(3, "DOOR_CLOSED")).unapproved_changes == ()
