"""The time to decide on an application: it follows from the numbers in force, and passing it is noted once."""

from __future__ import annotations

from datetime import date

import pytest

from mingjing_registry.domain.check import Numbers
from mingjing_registry.domain.licence import (
    AcceptApplication,
    Accepted,
    Applied,
    DecisionOverdue,
    LicenceAccepted,
    LicenceTerms,
    Licensed,
    NoteDecisionOverdue,
)
from mingjing_registry.domain.licensing import decide_licence, evolve_licence
from mingjing_registry.domain.operation import NOTICE_DAYS_MIN
from mingjing_registry.policy.rules import LICENCE_DECISION, RULES

ON = date(2026, 7, 1)


def test_the_last_day_follows_from_the_policy_and_cites_it() -> None:
    command = AcceptApplication(decision_months=2, policy_version="v", on=ON)
    assert decide_licence(command, Applied()) == [
        LicenceAccepted(decide_by=date(2026, 9, 1), policy_version="v", on=ON)
    ]


def test_it_is_noted_once_and_only_after_the_last_day() -> None:
    accepted = Accepted(ON, date(2026, 10, 1))
    assert decide_licence(NoteDecisionOverdue(on=date(2026, 10, 1)), accepted) == []
    (fact,) = decide_licence(NoteDecisionOverdue(on=date(2026, 10, 2)), accepted)
    assert fact == DecisionOverdue(accepted_on=ON, decide_by=date(2026, 10, 1), on=date(2026, 10, 2))
    late = evolve_licence(accepted, fact)
    assert late == Accepted(ON, date(2026, 10, 1), is_overdue=True)
    for state in (late, Licensed(LicenceTerms(number="1")), Accepted(ON)):
        assert decide_licence(NoteDecisionOverdue(on=date(2027, 1, 1)), state) == []


NUMBERS = Numbers()
DEFAULTS = {
    ("licence-decision", "months"): AcceptApplication(on=ON).decision_months,
    ("admission", "subject-licences-closed"): NUMBERS.subject_closed,
    ("admission", "non-profit-every-stage"): NUMBERS.non_profit_every_stage,
    ("admission", "area-a-pupil"): NUMBERS.area_per_student_dm2_min,
    ("staffing", "teaching-research"): NUMBERS.teaching_percent_min,
    ("staffing", "full-time"): NUMBERS.full_time_percent_min,
    ("staffing", "full-time-ages-3-6"): NUMBERS.full_time_preschool_percent_min,
    ("pricing", "ceiling"): NUMBERS.above_guide_percent_max,
    ("pricing", "guide-price"): NUMBERS.guide_price_fen,
    ("notices", "closing-days"): NOTICE_DAYS_MIN,
}
"""What the domain holds where no policy is handed in, by rule and number."""


@pytest.mark.parametrize(("rule", "number"), DEFAULTS)
def test_the_domains_own_defaults_are_those_of_the_rules(rule: str, number: str) -> None:
    declared = {one.name: one.by_name for one in RULES}
    assert DEFAULTS[rule, number] == declared[rule][number].default


def test_the_law_allows_no_longer_than_three_months() -> None:
    assert LICENCE_DECISION.by_name["months"].at_most == 3
