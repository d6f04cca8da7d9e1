from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from mingjing_funds.domain import alert
from mingjing_funds.domain.alert import WATCH, Severity
from mingjing_funds.policy.alert_rules import explanation, f01_v1, f02_v1
from mingjing_kernel.testing.spec import Spec

DAY = date(2026, 3, 3)
SUBJECT = alert.Subject(
    account_id=UUID(int=1), institution_id=UUID(int=2), institution_name="木铎轩", department="教育局", region="330106"
)
FEATURES = alert.Features(
    day=DAY,
    balance_fen=7_000_00,
    in_transit_fen=0,
    unconsumed_fen=5_000_00,
    agreed_minimum_fen=8_000_00,
    months_open=30,
)
EVALUATE = alert.Evaluate(
    alert_id=UUID(int=9),
    subject=SUBJECT,
    rule="F01",
    rule_version="F01/1",
    features=FEATURES,
    severity=Severity.YELLOW,
    threshold_fen=8_000_00,
    hysteresis_days=3,
)


def evaluate(days: int, severity: Severity | None, number: int = 9) -> alert.Evaluate:
    features = replace(FEATURES, day=DAY + timedelta(days=days))
    return replace(EVALUATE, alert_id=UUID(int=number), features=features, severity=severity)


def happened(*commands: alert.Command) -> list[alert.Event]:
    state, facts = WATCH.initial, list[alert.Event]()
    for command in commands:
        decided = WATCH.decide(command, state)
        state = WATCH.fold(decided, state)
        facts += decided
    return [fact for fact in facts if not isinstance(fact, alert.Evaluated)]


@pytest.fixture
def watch() -> Spec:
    return Spec(WATCH)


def test_every_evaluation_is_kept_the_quiet_ones_too(watch: Spec) -> None:
    quiet = evaluate(0, None)
    kept = alert.Evaluated(
        subject=SUBJECT, rule="F01", rule_version="F01/1", features=FEATURES, severity=None, threshold_fen=8_000_00
    )
    watch.when(quiet).then(kept)
    watch.given(kept).when(quiet).then()


def test_an_alert_is_raised_once_while_its_condition_lasts() -> None:
    facts = happened(*(evaluate(day, Severity.YELLOW) for day in range(5)))
    assert [type(fact) for fact in facts] == [alert.AlertRaised]


def test_an_alert_clears_only_after_the_condition_was_false_for_three_days() -> None:
    quiet = [evaluate(day, None) for day in (1, 2, 3)]
    assert len(happened(evaluate(0, Severity.RED), *quiet)) == 1
    facts = happened(evaluate(0, Severity.RED), *quiet, evaluate(4, None))
    assert [type(fact) for fact in facts] == [alert.AlertRaised, alert.AlertCleared]
    flicker = happened(evaluate(0, Severity.RED), *quiet, evaluate(3, Severity.RED), evaluate(4, None))
    assert [type(fact) for fact in flicker] == [alert.AlertRaised]


def test_a_standing_alert_worsens_under_its_own_number() -> None:
    facts = happened(evaluate(0, Severity.YELLOW), evaluate(1, Severity.RED, 10), evaluate(2, Severity.YELLOW, 11))
    assert [type(fact) for fact in facts] == [alert.AlertRaised, alert.AlertWorsened]
    assert facts[1].alert_id == UUID(int=9)


def test_a_closed_alert_stays_silent_until_it_clears_or_worsens() -> None:
    close = alert.Close(alert_id=UUID(int=9), by="丙", disposal="topped-up", evidence="补足凭证", on=DAY)
    base = (evaluate(0, Severity.YELLOW), alert.Acknowledge(alert_id=UUID(int=9), by="丙", on=DAY), close)
    assert len(happened(*base, evaluate(1, Severity.YELLOW, 10))) == 3
    assert isinstance(happened(*base, evaluate(1, Severity.RED, 10))[-1], alert.AlertRaised)
    again = happened(*base, evaluate(1, None), evaluate(5, None), evaluate(9, Severity.YELLOW, 12))
    assert [type(fact) for fact in again[-2:]] == [alert.AlertCleared, alert.AlertRaised]


def test_looking_back_at_an_earlier_day_raises_and_clears_nothing() -> None:
    back = WATCH.decide(evaluate(-2, Severity.RED), WATCH.fold(WATCH.decide(evaluate(0, None), WATCH.initial)))
    assert [type(fact) for fact in back] == [alert.Evaluated]
    standing = (evaluate(9, Severity.YELLOW), evaluate(10, None))
    looked_back = happened(*standing, *(evaluate(day, None) for day in (1, 8)), evaluate(11, None))
    assert [type(fact) for fact in looked_back] == [alert.AlertRaised]
    cleared = happened(*standing, evaluate(3, Severity.RED), evaluate(13, None))
    assert [type(fact) for fact in cleared] == [alert.AlertRaised, alert.AlertCleared]
    assert cleared[1] == alert.AlertCleared(alert_id=UUID(int=9), on=DAY + timedelta(days=13))


def test_closing_needs_a_standing_alert_and_evidence(watch: Spec) -> None:
    close = alert.Close(alert_id=UUID(int=9), by="丙", disposal="other", evidence=" ", on=DAY)
    watch.when(close).then_refused(alert.AlertUnknown)
    watch.given(*WATCH.decide(EVALUATE, WATCH.initial)).when(close).then_refused(alert.EvidenceMissing)


def test_f01_takes_the_agreed_minimum_before_the_regional_one() -> None:
    assert f01_v1(FEATURES).severity is Severity.YELLOW
    assert f01_v1(replace(FEATURES, balance_fen=3_999_99)).severity is Severity.RED
    assert f01_v1(replace(FEATURES, balance_fen=8_000_00)).severity is None
    regional = replace(FEATURES, agreed_minimum_fen=0, balance_fen=150_000_00)
    assert f01_v1(regional).threshold_fen == 300_000_00
    assert f01_v1(replace(regional, months_open=3)).threshold_fen == 100_000_00


def test_f02_is_any_shortfall_after_what_is_on_its_way() -> None:
    short = replace(FEATURES, balance_fen=4_000_00, unconsumed_fen=5_000_01, in_transit_fen=1_000_00)
    assert f02_v1(short).severity is Severity.RED
    assert f02_v1(replace(short, in_transit_fen=1_000_01)).severity is None
    words = explanation("F02/1", short, 5_000_01)
    assert "0.01" in words.zh
    assert "¥0.01 are missing" in words.en
