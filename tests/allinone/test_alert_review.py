"""The sample county played day by day: runaways are named before they collapse, harmless stories stay calm.

The answers stand beside the county's files and are opened only here, to judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest

from funds.county_weeks import truth
from mingjing.county.county import FIRST_DAY, LAST_DAY
from mingjing.review.directory import without_account
from mingjing.review.play import Review, play
from mingjing.review.report import as_json, cases, explained, lines_of
from mingjing.review.what_if import chart, numbers, what_if
from mingjing_funds.domain.alert import Severity
from mingjing_funds.intake.plan import account_id
from mingjing_funds.policy.other_numbers import NumberNotKnown, NumberOutOfBounds

HIDDEN = 2
"""So many runaways are in the files and not described."""


@pytest.fixture(scope="module")
def review() -> Iterator[Review]:
    with resources.as_file(resources.files("mingjing.county").joinpath("xihu.zip")) as sample:
        yield play(sample, follow="石泉轩")


@pytest.fixture(scope="module")
def said(review: Review) -> dict[str, dict[str, dict[str, date]]]:
    """Institution -> rule -> severity -> the first morning on which it was told."""
    whose = {account_id(number): account["inst"] for number, account in truth()["accounts"].items()}
    whose |= {without_account(one["uscc"]): one["id"] for one in truth()["institutions"] if one["no_account"]}
    found: dict[str, dict[str, dict[str, date]]] = defaultdict(lambda: defaultdict(dict))
    for one in sorted(review.told, key=lambda one: one.on):
        severity = one.event.said.severity
        assert severity is not None
        found[whose[one.account]][one.event.said.rule].setdefault(severity.value, one.on)
    return found


def stories(label: str) -> list[dict[str, Any]]:
    return [story for story in truth()["stories"] if story["label"] == label]


def test_every_described_runaway_is_named_weeks_before_it_collapses(said: Any) -> None:
    for story in stories("runaway"):
        for institution in story["institutions"]:
            named = said[institution]["F32"]["RED"]
            assert named < date.fromisoformat(story["collapse_date"])
            assert (date.fromisoformat(story["collapse_date"]) - named).days >= 21
            assert named >= date.fromisoformat(story["first_hint_date"])


def test_beside_them_exactly_the_hidden_ones_are_named_and_nobody_else(said: Any) -> None:
    described = {institution for story in stories("runaway") for institution in story["institutions"]}
    named = {institution for institution, rules in said.items() if "F32" in rules}
    assert described < named
    assert len(named - described) == HIDDEN


def test_harmless_stories_stay_calm(said: Any) -> None:
    for story in stories("harmless"):
        for institution in story["institutions"]:
            told = {rule: set(levels) for rule, levels in said[institution].items()}
            told.pop("F22", None)  # one of them has a payment that the bank credited without its number
            assert all(levels == {Severity.NOTICE.value} for levels in told.values()), (story["kind"], told)


def test_lessons_that_were_never_given_are_seen_on_the_morning_after_they_are_reported(said: Any) -> None:
    for story in stories("fake_lessons"):
        for institution in story["institutions"]:
            first = min(said[institution]["F19"].values())
            assert first <= date.fromisoformat(story["earliest_knowable_date"])
            assert "F32" not in said[institution]


def test_findings_are_those_of_the_answers_and_no_others(said: Any) -> None:
    answers = truth()

    def fired(rule: str, *levels: str) -> set[str]:
        return {who for who, rules in said.items() if any(level in rules.get(rule, {}) for level in levels)}

    assert fired("F08", "RED") == {
        broken["inst"] for broken in answers["rule_violations"] if broken["rule"] in ("P1", "P2", "P3")
    }
    assert fired("F11", "RED") == set(answers["complaint_findings"]["training_loan"])
    assert fired("F20", "NOTICE") == {answers["lesson_findings"]["mostly_auto_confirmed"]}
    assert fired("F29", "RED") == set(answers["licence"]["expired_and_charging"])
    missing = {one["inst"]: one["kind"] for one in answers["licence"]["no_custody_account"]}
    assert fired("F13", "RED") == {who for who, kind in missing.items() if kind == "charging"}
    assert fired("F13", "YELLOW") == {who for who, kind in missing.items() if kind == "notcharging"}
    assert fired("F23", "RED") == {answers["account_closing_requested"]}
    assert set(answers["complaint_findings"]["personal_qr_only_in_complaints"]) <= fired("F34", "YELLOW")
    suspects = {who for who, rules in said.items() if "F32" in rules}
    fakes = {night["inst"] for night in answers["lesson_findings"]["bulk_confirmed"]}
    out_of_hours = {found["inst"] for found in answers["lesson_findings"]["teaching_time"]}
    assert fakes | out_of_hours <= fired("F19", "YELLOW", "RED") <= fakes | out_of_hours | suspects
    assert {late["inst"] for late in answers["late_cash"]} <= fired("F07", "YELLOW")


def test_it_can_be_read_by_people_and_programs(review: Review) -> None:
    told = cases(review)
    assert [case.suspected_on is not None for case in told][:5] == [True, True, True, True, False]
    zh, en = lines_of(told[0].told[0])
    assert "，自2026年" in zh
    assert ", since " in en
    answer = as_json(review)
    assert answer["days"] == (LAST_DAY - FIRST_DAY).days + 1
    assert answer["files_not_read"] == []
    assert answer["cannot_tell"]["F14"] > 0
    assert {bank for _, bank, _ in review.watching.feeds} <= {"湖畔商业银行", "武林城市商业银行", "浙澜农村商业银行"}


def test_a_silence_is_explained_with_what_was_seen_and_the_facts_before_it(review: Review) -> None:
    lines = explained(review, "石泉轩教育", date(2026, 5, 5))
    assert any(line.startswith("F06/1 quiet") for line in lines)
    assert any("LessonConfirmed" in line for line in lines)
    assert any(line.startswith("F06/1 RED") for line in explained(review, "石泉轩教育", date(2026, 5, 6)))
    assert "names 0 institutions" in explained(review, "没有这家机构", None)[1]


def test_other_numbers_tell_another_story_and_it_is_drawn(review: Review) -> None:
    other = numbers(["alert-refunds.overdue-refunds=1"])
    outcome = what_if(review, other, FIRST_DAY, LAST_DAY)
    [refunds] = [one for one in outcome.differences if one.rule == "F15"]
    assert refunds.after > refunds.before
    assert refunds.gained
    assert chart(outcome, FIRST_DAY, LAST_DAY, "阈值推演", "What if").lstrip().startswith(b"<svg")
    same = what_if(review, numbers([]), FIRST_DAY, LAST_DAY)
    assert same.differences == ()


@pytest.mark.parametrize("written", ["nothing=1", "alert-refunds.nothing=1", "alert-refunds.refund-days=x", "a.b"])
def test_a_number_that_no_rule_has_is_refused(written: str) -> None:
    with pytest.raises((NumberNotKnown, NumberOutOfBounds)):
        numbers([written])
