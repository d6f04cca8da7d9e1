"""Every rule at its edges: the last value that is quiet, and the first that fires."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from funds.domain.alerting.calm import CALM, DAY, T
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, NAMES, RULES, evaluate
from mingjing_funds.domain.alerting.rules_composite import KINDS, Fired, f32_v1

NOTICE, YELLOW, RED = Severity.NOTICE, Severity.YELLOW, Severity.RED
LATE = ((5, 1_000_00),)


def says(rule: str, **seen: Any) -> Severity | None:
    return RULES[rule].says(replace(CALM, **seen), T).severity


def test_a_calm_account_is_calm_and_every_rule_can_tell() -> None:
    found = evaluate(CALM, T)
    assert set(found) == set(NAMES) == {f"F{number:02}" for number in range(1, 38)}
    assert [name for name, one in found.items() if one.severity or one.is_unknown] == []
    assert all(one.because.zh and one.because.en for one in found.values())


def test_a_rule_that_lacks_an_input_cannot_tell_and_says_why() -> None:
    blind = {
        field.name: None
        for field in fields(CALM)
        if "None" in str(field.type) and field.name not in ("first_gone_on", "pause_until", "noticed_days_ago")
    }
    found = evaluate(replace(CALM, is_open=False, **blind), T)
    unknown = {name for name, one in found.items() if one.is_unknown}
    blind_rules = "F01 F02 F03 F04 F05 F06 F07 F13 F14 F18 F21 F22 F25 F26 F27 F28 F29 F30 F31 F34 F35 F36 F37"
    assert " ".join(sorted(unknown)) == blind_rules
    assert all(one.because.en.startswith("Cannot tell: ") for one in found.values() if one.is_unknown)


@pytest.mark.parametrize(
    ("rule", "seen", "severity"),
    [
        ("F01", {"balance_fen": 300_000_00}, None),
        ("F01", {"balance_fen": 299_999_99}, YELLOW),
        ("F01", {"balance_fen": 149_999_99}, RED),
        ("F01", {"balance_fen": 100_000_00, "months_open": 11}, None),
        ("F01", {"balance_fen": 8_000_00, "agreed_minimum_fen": 8_000_00}, None),
        ("F01", {"balance_fen": 7_999_99, "agreed_minimum_fen": 8_000_00}, YELLOW),
        ("F02", {"balance_fen": 400_000_00}, None),
        ("F02", {"balance_fen": 399_999_99}, RED),
        ("F02", {"balance_fen": 399_000_00, "awaited": ((3, 1_000_00),)}, None),
        ("F02", {"balance_fen": 399_000_00, "awaited": ((4, 1_000_00),)}, RED),
        ("F02", {"balance_fen": 405_000_00, "agreed_minimum_fen": 8_000_00}, YELLOW),
        ("F02", {"balance_fen": 399_999_99, "agreed_minimum_fen": 8_000_00}, RED),
        ("F03", {"outflow_day_fen": 150_000_00, "unmatched_debits": 1}, None),
        ("F03", {"outflow_day_fen": 160_000_00, "unmatched_debits": 1}, YELLOW),
        ("F03", {"outflow_day_fen": 260_000_00, "unmatched_debits": 1}, RED),
        ("F03", {"outflow_day_fen": 260_000_00}, None),
        ("F03", {"outflow_day_fen": 1_000_000_01, "opening_fen": 9_000_000_00}, YELLOW),
        (
            "F03",
            {"outflow_day_fen": 1_000_000_01, "opening_fen": 9_000_000_00, "money_use_announced": True},
            None,
        ),
        ("F04", {"outflow_week_fen": 310_000_00, "balance_fen": 100_000_00}, YELLOW),
        ("F04", {"outflow_week_fen": 290_000_00, "balance_fen": 100_000_00}, None),
        ("F05", {"outflow_month_fen": 600_000_01, "unmatched_debits": 1}, YELLOW),
        ("F05", {"outflow_month_fen": 600_000_01}, None),
        ("F06", {"unmatched_debits": 1, "unmatched_debits_fen": 1}, RED),
        ("F07", {"awaited": ((3, 1_000_00),)}, None),
        ("F07", {"awaited": LATE}, YELLOW),
        ("F07", {"awaited": LATE, "credited_late": 2}, RED),
        ("F07", {"credited_late": 5}, None),
        ("F08", {"over_limit": 1}, RED),
        ("F09", {"early": 1}, YELLOW),
        ("F10", {"beyond_lease": 1}, YELLOW),
        ("F11", {"saying_loan_60": 1}, YELLOW),
        ("F11", {"loans": 1}, RED),
        ("F12", {"above_published": 1}, YELLOW),
        ("F12", {"above_guide": 1}, RED),
        ("F13", {"is_open": False, "licence_granted_on": DAY - timedelta(days=15), "owed_fen": 0}, None),
        ("F13", {"is_open": False, "licence_granted_on": DAY - timedelta(days=16), "owed_fen": 0}, RED),
        ("F13", {"is_open": False, "licence_granted_on": DAY - timedelta(16), "owed_fen": 0, "pupils": 0}, YELLOW),
        ("F13", {"is_open": False, "licence_granted_on": DAY}, RED),
        ("F14", {"deposit_fen": 110_000_00}, None),
        ("F14", {"deposit_fen": 109_000_00}, NOTICE),
        ("F14", {"deposit_fen": 99_999_99}, RED),
        ("F15", {"refunds_open": ((16, 1_00),) * 2}, None),
        ("F15", {"refunds_open": ((15, 1_00),) * 9}, None),
        ("F15", {"refunds_open": ((16, 1_00),) * 3}, YELLOW),
        ("F15", {"saying_stalled": 1}, None),
        ("F15", {"saying_stalled": 2}, YELLOW),
        ("F15", {"refunds_open": ((16, 1_00),) * 10}, RED),
        ("F15", {"refunds_open": ((16, 30_000_00),) * 3}, RED),
        ("F16", {"requests_weeks": (4, 1, 1, 1, 1, 1, 1, 1, 1)}, None),
        ("F16", {"requests_weeks": (5, 1, 1, 1, 1, 1, 1, 1, 1)}, YELLOW),
        ("F16", {"requests_weeks": (5, 2, 2, 2, 2, 2, 2, 2, 2)}, None),
        ("F16", {"requests_weeks": (10, 1, 1, 1, 1, 1, 1, 1, 1)}, RED),
        ("F17", {"receipts_weeks_fen": (240_000_00, *(50_000_00,) * 8)}, NOTICE),
        ("F17", {"receipts_weeks_fen": (240_000_00, *(50_000_00,) * 8), "awaited": LATE}, YELLOW),
        ("F17", {"receipts_weeks_fen": (140_000_00, *(50_000_00,) * 8)}, None),
        ("F17", {"discount_packages": 1}, YELLOW),
        ("F18", {"idle_days": 7}, None),
        ("F18", {"idle_days": 8}, YELLOW),
        ("F18", {"idle_days": 15}, RED),
        ("F18", {"idle_days": 90, "owed_fen": 0}, None),
        ("F19", {"most_units_pupil_day": 8}, None),
        ("F19", {"most_units_pupil_day": 9}, YELLOW),
        ("F19", {"night_confirmations": 10}, YELLOW),
        ("F19", {"night_confirmations": 10, "saying_fake": 2}, RED),
        ("F20", {"automatic_month": 320}, None),
        ("F20", {"automatic_month": 324}, NOTICE),
        ("F20", {"automatic_month": 49, "confirmed_month": 49}, None),
        ("F21", {"feed_silent_days": 1}, None),
        ("F21", {"feed_silent_days": 2}, YELLOW),
        ("F22", {"gap_fen": -1, "gap_days": 0}, None),
        ("F22", {"gap_fen": -1, "gap_days": 1}, YELLOW),
        ("F22", {"gap_fen": -1, "gap_days": 2}, RED),
        ("F22", {"gap_fen": 20_000_00, "gap_days": 9}, YELLOW),
        ("F23", {"bank_change_asked": True}, YELLOW),
        ("F23", {"closing_asked": True}, RED),
        ("F23", {"closing_asked": True, "owed_fen": 0}, None),
        ("F24", {"frozen_by": "西湖区人民法院"}, RED),
        ("F25", {"complainants_week": 2, "complainants_month": 9}, None),
        ("F25", {"complainants_week": 3, "complainants_month": 3}, YELLOW),
        ("F25", {"complainants_month": 10, "sure_month": 10}, RED),
        ("F25", {"complainants_month": 10, "sure_month": 9}, YELLOW),
        ("F25", {"group_people": 3}, YELLOW),
        ("F25", {"saying_gone": 2}, YELLOW),
        ("F25", {"saying_gone": 2, "saying_arrears_60": 1}, RED),
        ("F25", {"saying_gone": 3, "sure_gone": 3}, RED),
        ("F25", {"saying_gone": 3, "sure_gone": 2}, YELLOW),
        ("F25", {"complainants_week": 3, "noticed_days_ago": 3}, NOTICE),
        ("F25", {"complainants_week": 3, "noticed_days_ago": 3, "idle_days": 30}, YELLOW),
        ("F26", {"saying_arrears_60": 1}, YELLOW),
        ("F26", {"saying_arrears_60": 1, "idle_days": 8}, RED),
        ("F26", {"saying_arrears_60": 2, "staff": 14}, RED),
        ("F27", {"unapproved_changes": ("address",)}, YELLOW),
        ("F28", {"staff": 15}, None),
        ("F28", {"staff": 14}, YELLOW),
        ("F28", {"staff": 2, "staff_before": 3}, None),
        ("F29", {"licence_ends_on": DAY + timedelta(days=31)}, None),
        ("F29", {"licence_ends_on": DAY + timedelta(days=30)}, NOTICE),
        ("F29", {"licence_ends_on": DAY - timedelta(days=1)}, RED),
        ("F29", {"annual_check": "fail"}, NOTICE),
        ("F30", {"closed_doors": 1}, None),
        ("F30", {"closed_doors": 2}, RED),
        ("F30", {"closed_doors": 2, "pause_until": DAY}, None),
        ("F31", {"new_sites": 3}, None),
        ("F31", {"new_sites": 3, "owed_fen": 460_000_00}, YELLOW),
        ("F33", {"unpaid_lessons": 9}, None),
        ("F33", {"unpaid_lessons": 10, "unpaid_contracts": 2}, YELLOW),
        ("F34", {"saying_private_60": 1}, NOTICE),
        ("F34", {"saying_private_60": 2}, YELLOW),
        ("F34", {"saying_private_60": 1, "awaited": LATE}, YELLOW),
        ("F34", {"saying_private_60": 2, "awaited": LATE}, RED),
        ("F35", {"heads": 36}, None),
        ("F35", {"heads": 37}, YELLOW),
        ("F35", {"heads": 46}, RED),
        ("F35", {"heads": 4, "pupils": 1}, None),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5}, NOTICE),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5, "saying_private_60": 1}, YELLOW),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5, "free_days_month": 6}, None),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5, "lessons_weeks": (0,) * 9}, None),
        ("F37", {"lessons_weeks": (50, *(100,) * 8)}, None),
        ("F37", {"lessons_weeks": (49, *(100,) * 8)}, YELLOW),
        ("F37", {"lessons_weeks": (0, *(100,) * 8), "free_days_week": 1}, None),
        ("F37", {"saying_thinning": 1}, None),
        ("F37", {"saying_thinning": 2}, YELLOW),
        ("F37", {"saying_thinning": 2, "owed_fen": 0}, None),
    ],
)
def test_edge(rule: str, seen: dict[str, Any], severity: Severity | None) -> None:
    assert says(rule, **seen) is severity


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        ("F07", {"awaited": LATE}),
        ("F18", {"idle_days": 15}),
        ("F21", {"feed_silent_days": 2}),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5}),
        ("F37", {"lessons_weeks": (49, *(100,) * 8)}),
    ],
)
def test_without_a_calendar_a_rule_of_days_fires_on_no_guess(rule: str, seen: dict[str, Any]) -> None:
    assert says(rule, **seen) is not None
    found = RULES[rule].says(replace(CALM, calendar_missing=2027, **seen), T)
    assert (found.severity, found.is_unknown) == (None, True)
    assert found.because.en == "Cannot tell: calendar of 2027 not released."
    assert found.because.zh == "无法判断：2027年放假调休安排尚未发布。"
    quiet = RULES[rule].says(replace(CALM, calendar_missing=2027), T)
    assert (quiet.severity, quiet.is_unknown) == (None, False), "fewer days off are known than there are"


def test_what_people_say_and_the_registry_has_found_needs_no_calendar() -> None:
    assert says("F37", calendar_missing=2027, saying_thinning=2) is YELLOW
    assert says("F18", calendar_missing=2027, stopped_on=DAY) is RED
    told = replace(CALM, calendar_missing=2027, saying_arrears_60=1)
    assert "余量" not in RULES["F26"].says(told, T).because.zh, "no days are counted"
    assert "余量" in RULES["F26"].says(replace(told, idle_days=40), T).because.zh


def test_the_sentence_of_the_minimum_names_amounts_share_and_who_set_it() -> None:
    found = RULES["F01"].says(replace(CALM, balance_fen=83_200_00), T)
    assert found.because.en == "balance ¥83,200 is 27 % of the minimum ¥300,000 set by the region"
    assert found.because.zh == "余额83,200元，为本地区所定最低留存300,000元的27%"
    own = RULES["F01"].says(replace(CALM, balance_fen=1_00, agreed_minimum_fen=8_000_00), T)
    assert "set by the custody agreement" in own.because.en


def test_one_kind_of_sign_counts_once_in_the_score() -> None:
    books = (Fired("F02", YELLOW, 0), Fired("F03", YELLOW, 0), Fired("F22", YELLOW, 0), Fired("F07", YELLOW, 0))
    assert f32_v1(books, T).measures == (("score", 45), ("kinds", 3))
    assert f32_v1((*books, Fired("F26", YELLOW, 0)), T).severity is RED


def test_what_was_said_fades_and_is_forgotten() -> None:
    assert f32_v1((Fired("F06", RED, 15),), T).measures == (("score", 20), ("kinds", 1))
    assert f32_v1((Fired("F06", RED, 30),), T).measures == (("score", 0), ("kinds", 0))
    assert f32_v1((Fired("F21", YELLOW, 0), Fired(COMPOSITE, RED, 0)), T).measures == (("score", 0), ("kinds", 0))


def test_every_rule_is_a_kind_of_sign_but_the_one_about_the_bank() -> None:
    assert set(RULES) - set(KINDS) == {"F21"}


@pytest.mark.parametrize(
    ("rule", "seen", "severity"),
    [
        ("F07", {"awaited": ((12, 1_000_00),)}, None),
        ("F07", {"awaited": ((13, 1_000_00),)}, YELLOW),
        ("F18", {"idle_days": 16}, None),
        ("F18", {"idle_days": 17}, YELLOW),
        ("F18", {"idle_days": 24}, RED),
        ("F21", {"feed_silent_days": 10}, None),
        ("F21", {"feed_silent_days": 11}, YELLOW),
        ("F26", {"saying_arrears_60": 1, "idle_days": 16}, YELLOW),
        ("F26", {"saying_arrears_60": 1, "idle_days": 17}, RED),
    ],
)
def test_without_a_calendar_a_rule_of_days_fires_beyond_its_margin(
    rule: str, seen: dict[str, Any], severity: Severity | None
) -> None:
    found = RULES[rule].says(replace(CALM, calendar_missing=2027, **seen), T)
    assert (found.severity, found.is_unknown) == (severity, severity is None)
    if severity is not None:
        assert "2027年放假调休安排尚未发布，已留9天余量" in found.because.zh
        assert "no calendar of 2027 yet" in found.because.en
    stricter = replace(T, calendar_margin_days=0)
    assert RULES[rule].says(replace(CALM, calendar_missing=2027, **seen), stricter).severity is not None
