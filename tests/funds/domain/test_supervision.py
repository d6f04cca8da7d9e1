from mingjing_funds.domain.deposit import PERMILLE
from mingjing_funds.domain.reconciliation import IN_TRANSIT_DAYS
from mingjing_funds.policy.alert_rules import IN_TRANSIT_DAYS_MAX
from mingjing_funds.policy.supervision import BANK_PAYMENTS, RISK_DEPOSIT, RULES, SUPERVISION


def test_the_domains_own_numbers_are_the_policys_defaults() -> None:
    assert BANK_PAYMENTS.by_name["in-transit"].default == IN_TRANSIT_DAYS == IN_TRANSIT_DAYS_MAX
    assert RISK_DEPOSIT.by_name["ratio"].default * 10 == 200 * PERMILLE // 1_000


def test_a_region_has_custody_unless_it_decides_otherwise() -> None:
    assert (SUPERVISION.by_name["bank-custody"].default, SUPERVISION.by_name["risk-deposit"].default) == (1, 0)
    assert len({rule.name for rule in RULES}) == len(RULES)
