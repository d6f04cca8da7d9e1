"""Policies: numbers count once another person approved them, where and when they say, the most specific ones first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.policy import DEFAULT_VERSION, POLICY, Number, Policy, ProposePolicy, Rule, Setting
from mingjing_kernel.policy.refusals import (
    PolicyBasisMissing,
    PolicyEndsBeforeItBegins,
    PolicyNumberUnknown,
    PolicyVersionApproved,
    PolicyVersionUnknown,
    PolicyVersionWithdrawn,
)
from mingjing_kernel.policy.versions import ApprovePolicy, WithdrawPolicy, hindrance

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = date(2026, 3, 10)
RULE = Rule(
    name="blacklist",
    zh="黑名单",
    en="blacklist",
    numbers=(
        Number(name="window", zh="期限", en="window", default=5, at_least=3, at_most=60, unit="working-days"),
        Number(name="term", zh="列入期限", en="term", default=36, at_most=36, unit="months"),
    ),
    legal_basis="令",
)


def propose(number: int = 1, *, basis: str = "令", day: date = date(2026, 3, 1), **more: Any) -> ProposePolicy:
    numbers = tuple(Setting(name=name, value=value) for name, value in more.pop("numbers", {"window": 6}).items())
    return ProposePolicy(
        version_id=UUID(int=number),
        rule=RULE,
        numbers=numbers,
        effective_on=day,
        legal_basis=basis,
        reason="试行",
        by="approver-1",
        at=AT,
        **more,
    )


def approve(number: int = 1, by: str = "approver-2") -> ApprovePolicy:
    return ApprovePolicy(version_id=UUID(int=number), by=by, at=AT)


def withdraw(number: int = 1) -> WithdrawPolicy:
    return WithdrawPolicy(version_id=UUID(int=number), reason="有误", by="approver-1", at=AT)


def after(*commands: Any) -> Policy:
    decider, state = POLICY.decider, POLICY.decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            state = decider.evolve(state, event)
    return state


def test_numbers_count_once_they_are_approved_and_from_their_day_to_their_last() -> None:
    proposed = propose(day=date(2026, 3, 5), effective_to=date(2026, 3, 7))
    assert after(proposed).on(RULE, date(2026, 3, 6)).version == DEFAULT_VERSION
    approved = after(proposed, approve())
    window = {day: approved.on(RULE, date(2026, 3, day))["window"] for day in (4, 5, 7, 8)}
    assert window == {4: 5, 5: 6, 7: 6, 8: 5}
    then = approved.on(RULE, date(2026, 3, 5))
    assert (then.version, then["term"]) == (str(UUID(int=1)), 36)
    assert then.sources == {"window": str(UUID(int=1)), "term": DEFAULT_VERSION}


def test_the_most_specific_version_gives_a_number() -> None:
    state = after(
        propose(1, numbers={"window": 10, "term": 30}),
        propose(2, region="3301", numbers={"window": 11}),
        propose(3, region="330106", numbers={"window": 12}),
        propose(4, region="3301", category="academic", numbers={"window": 13}),
        *(approve(number) for number in (4, 3, 2, 1)),
    )

    def window(region: str, category: str) -> int:
        return state.on(RULE, DAY, region, category)["window"]

    assert window("", "*") == window("330201", "academic") == 10
    assert window("330108", "arts") == 11
    assert window("330106003", "academic") == 12, "a longer region comes before a category"
    assert window("330108", "academic") == 13
    cited = state.on(RULE, DAY, "330106").version.split("+")
    assert cited == [str(UUID(int=3)), str(UUID(int=1))]


def test_what_counts_anywhere_counts_at_one_of_the_places_that_a_version_was_made_for() -> None:
    state = after(
        propose(1, region="3301", numbers={"window": 4}, effective_to=date(2026, 3, 9)),
        propose(2, region="330106", numbers={"window": 12}),
        propose(3, category="academic", numbers={"window": 7}),
        propose(4, region="44", numbers={"window": 3}),
        *(approve(number) for number in (1, 2, 3)),
    )
    assert state.places(DAY) == {("", "*"), ("330106", "*"), ("", "academic")}
    assert {state.on(RULE, DAY, *place)["window"] for place in state.places(DAY)} == {5, 12, 7}
    assert ("3301", "*") in state.places(date(2026, 3, 9))


def test_the_later_day_prevails_and_then_the_later_approval() -> None:
    state = after(
        propose(1, numbers={"window": 6}, day=date(2026, 3, 5)),
        propose(2, numbers={"window": 9}, day=date(2026, 3, 3)),
        propose(3, numbers={"window": 7}, day=date(2026, 3, 5)),
        *(approve(number) for number in (3, 1, 2)),
    )
    assert [state.on(RULE, date(2026, 3, day))["window"] for day in (4, 6)] == [9, 6]


def test_a_policy_says_what_it_is_about_and_why() -> None:
    for numbers in ({"students": 1}, {"window": 2}, {"window": 61}):
        with pytest.raises(PolicyNumberUnknown):
            after(propose(numbers=numbers))
    with pytest.raises(PolicyBasisMissing):
        after(propose(basis=" "))
    with pytest.raises(PolicyEndsBeforeItBegins):
        after(propose(effective_to=date(2026, 2, 28)))
    with pytest.raises(PolicyVersionUnknown):
        after(approve())


def test_what_was_withdrawn_never_counts_and_what_counts_is_not_withdrawn() -> None:
    state = after(propose(), withdraw(), withdraw())
    with pytest.raises(PolicyVersionWithdrawn):
        POLICY.decider.decide(approve(), state)
    assert state.on(RULE, DAY)["window"] == 5
    state = after(propose(), approve(), approve())
    with pytest.raises(PolicyVersionApproved):
        POLICY.decider.decide(withdraw(), state)
    assert isinstance(hindrance(ApprovePolicy, state, UUID(int=1)), PolicyVersionApproved)


def test_a_rule_that_contradicts_itself_is_not_declared() -> None:
    with pytest.raises(ValueError, match="bounds"):
        Number(name="window", zh="期", en="w", default=2, at_least=3, unit="days")
    with pytest.raises(ValueError, match="different names"):
        Rule(name="twice", zh="重", en="twice", numbers=(RULE.numbers[0], RULE.numbers[0]), legal_basis="令")


versions = st.tuples(
    st.integers(3, 60),
    st.sampled_from(["", "33", "3301", "330106"]),
    st.sampled_from(["*", "academic"]),
    st.integers(0, 20),
)


@given(st.lists(versions, max_size=6), st.sampled_from(["", "3301", "330106"]), st.sampled_from(["academic", "arts"]))
def test_no_version_that_is_less_specific_or_elsewhere_gives_a_number(
    several: list[tuple[int, str, str, int]], region: str, category: str
) -> None:
    commands: list[Any] = []
    for number, (value, where, what, days) in enumerate(several, 1):
        first = date(2026, 3, 1) + timedelta(days=days)
        commands += [
            propose(number, numbers={"window": value}, region=where, category=what, day=first),
            approve(number),
        ]
    found = after(*commands).on(RULE, DAY, region, category)
    fitting = [
        (len(where), what != "*", days, number, value)
        for number, (value, where, what, days) in enumerate(several, 1)
        if region.startswith(where) and what in ("*", category) and days <= 9
    ]
    assert found["window"] == (max(fitting)[-1] if fitting else 5)
