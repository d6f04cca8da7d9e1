"""The time to decide on an application: it follows from the numbers in force, and passing it is noted once."""

from __future__ import annotations

from datetime import date

import pytest

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
from mingjing_registry.domain.particulars import Particulars
from mingjing_registry.policy.rules import LICENCE_DECISION, RULES

ON = date(2026, 7, 1)
NOBODY = Particulars(name="某", uscc="")


def test_the_last_day_follows_from_the_policy_and_cites_it() -> None:
    command = AcceptApplication(decision_months=2, policy_version="v", on=ON)
    assert decide_licence(command, Applied(), NOBODY) == [
        LicenceAccepted(decide_by=date(2026, 9, 1), policy_version="v", on=ON)
    ]


def test_it_is_noted_once_and_only_after_the_last_day() -> None:
    accepted = Accepted(ON, date(2026, 10, 1))
    assert decide_licence(NoteDecisionOverdue(on=date(2026, 10, 1)), accepted, NOBODY) == []
    (fact,) = decide_licence(NoteDecisionOverdue(on=date(2026, 10, 2)), accepted, NOBODY)
    assert fact == DecisionOverdue(accepted_on=ON, decide_by=date(2026, 10, 1), on=date(2026, 10, 2))
    late = evolve_licence(accepted, fact)
    assert late == Accepted(ON, date(2026, 10, 1), is_overdue=True)
    for state in (late, Licensed(LicenceTerms(number="1")), Accepted(ON)):
        assert decide_licence(NoteDecisionOverdue(on=date(2027, 1, 1)), state, NOBODY) == []


DEFAULTS = {("licence-decision", "months"): AcceptApplication(on=ON).decision_months}
"""What the domain holds where no policy is handed in, by rule and number."""


@pytest.mark.parametrize(("rule", "number"), DEFAULTS)
def test_the_domains_own_defaults_are_those_of_the_rules(rule: str, number: str) -> None:
    declared = {one.name: one.by_name for one in RULES}
    assert DEFAULTS[rule, number] == declared[rule][number].default


def test_the_law_allows_no_longer_than_three_months() -> None:
    assert LICENCE_DECISION.by_name["months"].at_most == 3
