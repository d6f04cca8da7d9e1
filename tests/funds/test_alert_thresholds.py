"""The numbers of the alert rules as policies."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from uuid import UUID

from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.policy.alert_thresholds import RULES, Sizes, in_force, released, sized
from mingjing_kernel.policy import Policy, ProposePolicy, Setting
from mingjing_kernel.policy import versions as v

DAY = date(2026, 5, 1)


def test_every_number_of_the_rules_is_a_policy_and_its_default_is_the_released_one() -> None:
    defaults = {rule.name: {number.name: number.default for number in rule.numbers} for rule in RULES}
    assert in_force(defaults, "default/1") == (released(), Sizes())
    assert in_force({}, "default/1") == (released(), Sizes())
    numbers = sum(len(rule.numbers) for rule in RULES if rule.name != "alert-size")
    others = {"version", "set_by_zh", "set_by_en"}
    assert numbers == len([field for field in fields(Thresholds) if field.name not in others])


def test_amounts_scale_by_size_and_shares_do_not() -> None:
    small = sized(released(), 400_000_00)
    assert (small.minimum_fen, small.day_out_fen) == (15_000_00, 50_000_00)
    assert small.day_out_percent == released().day_out_percent
    assert sized(released(), 5_000_000_00) is released()


def test_a_region_has_its_own_numbers_and_they_are_cited() -> None:
    rule = next(rule for rule in RULES if rule.name == "alert-refunds")
    proposal = ProposePolicy(
        version_id=UUID(int=7),
        rule=rule,
        numbers=(Setting(name="overdue-refunds", value=5),),
        region="330106",
        effective_on=DAY,
        legal_basis="杭教",
        reason="样例",
        by="a",
        at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    policy = Policy()
    for command in (proposal, v.ApprovePolicy(version_id=UUID(int=7), by="b", at=datetime(2026, 4, 2, tzinfo=UTC))):
        for event in v.decide(command, policy):
            policy = v.evolve(policy, event)
    near, far = policy.on(rule, DAY, "330106009"), policy.on(rule, DAY, "330102")
    here, _ = in_force({rule.name: near.values}, near.version)
    elsewhere, _ = in_force({rule.name: far.values}, far.version)
    assert (here.overdue_refunds, here.version) == (5, str(UUID(int=7)))
    assert elsewhere == released()
