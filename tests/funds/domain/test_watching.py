"""Which accounts the rules watch, on which days, and under which numbers their alerts stand."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from mingjing_funds.domain import alert
from mingjing_funds.domain.alert import WATCH, Severity
from mingjing_funds.domain.calendar import DayNotYetCome
from mingjing_funds.intake.watching import evaluations
from mingjing_funds.projections.balances import Balance
from mingjing_kernel.log import Envelope

DAY = date(2026, 3, 3)
WRITTEN = Envelope(command_id=UUID(int=3), actor="甲")
MONEY = {name: 0 for name, kind in Balance.__annotations__.items() if kind == "int"}
ACCOUNT = Balance(
    **MONEY | {"minimum_fen": 8_000_00, "closing_fen": 7_000_00},
    account_id=UUID(int=1),
    institution_id=None,
    institution_name="木铎轩",
    department="education",
    region="330106",
    number="6299000000009999999",
    bank="湖畔商业银行",
    state="active",
    opened_on=date(2025, 1, 1),
    is_balanced=True,
)


def rules(account: Balance) -> list[str]:
    return [work.command.rule for work in evaluations([account], DAY, WRITTEN, DAY)]


def test_an_account_that_is_closed_on_purpose_is_not_below_its_minimum() -> None:
    assert rules(ACCOUNT) == ["F01", "F02"]
    assert rules(replace(ACCOUNT, state="release-hold")) == ["F01", "F02"]
    assert rules(replace(ACCOUNT, state="closing", closing_fen=0)) == ["F02"]
    assert rules(replace(ACCOUNT, state="closed", closing_fen=0)) == []


def test_a_day_that_has_not_come_is_not_evaluated() -> None:
    with pytest.raises(DayNotYetCome):
        evaluations([ACCOUNT], DAY + timedelta(days=1), WRITTEN, DAY)


def test_a_graver_alert_on_the_day_on_which_the_first_was_closed_has_a_number_of_its_own() -> None:
    yellow = evaluations([ACCOUNT], DAY, WRITTEN, DAY)[0].command
    red = evaluations([replace(ACCOUNT, closing_fen=1)], DAY, WRITTEN, DAY)[0].command
    assert (yellow.severity, red.severity) == (Severity.YELLOW, Severity.RED)
    close = alert.Close(alert_id=yellow.alert_id, by="丙", disposal="topped-up", evidence="凭证", on=DAY)
    state, raised = WATCH.initial, []
    for command in (yellow, close, red):
        facts = WATCH.decide(command, state)
        state = WATCH.fold(facts, state)
        raised += [fact.alert_id for fact in facts if isinstance(fact, alert.AlertRaised)]
    assert raised == [yellow.alert_id, red.alert_id]
    assert len(set(raised)) == 2
