"""Acts: one policy decides and renders them, says which grant is missing, and gives nothing to roles that clash."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.engine import make_url

from kernel.identity.test_scope import grants, rows, stored
from mingjing_kernel.http import problem_of
from mingjing_kernel.identity import (
    ANY,
    APART,
    UNDIVIDED,
    Act,
    Columns,
    Dimensions,
    Grant,
    GrantMissing,
    OutsideScope,
    Principal,
    Role,
    RolesConflict,
    Scope,
    conflicts,
    roles,
)
from mingjing_kernel.identity.apart import overlap

CLOSE = Act(name="close-alert", zh="办结预警", en="close the alert", roles=roles(Role.FUND_REGULATOR))
GRANT_LICENCE = Act(name="approve-licence", zh="准予许可", en="grant it", roles=roles(Role.LICENSING_OFFICER))
PATROL = Act(
    name="patrol", zh="巡查", en="patrol", roles=roles(Role.INSPECTOR, Role.AUDITOR, Role.BANK, Role.INSTITUTION)
)
THING = Dimensions("education", "330106109", "art")
NOW = datetime(2026, 7, 1, tzinfo=UTC)
officials = st.builds(
    Grant,
    role=st.sampled_from(sorted({role for pair in APART for role in pair})),
    department=st.sampled_from(["education", "science", ANY]),
    region=st.sampled_from(["33", "3301", "330106", "3302", ANY]),
    category=st.sampled_from(["art", "sport", ANY]),
)
values = st.builds(
    Dimensions,
    department=st.sampled_from(["education", "science", "", None]) | st.just(UNDIVIDED),
    region=st.sampled_from(["330106", "330106109", "3302", ""]),
    category=st.sampled_from(["art", "sport"]) | st.just(UNDIVIDED),
)


def scope_of(*held: Grant) -> Scope:
    return Principal(subject="somebody", grants=held).scope


@pytest.fixture(scope="module")
def connection(module_postgres_url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(module_postgres_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as opened:
        rows.metadata.create_all(opened)
        yield opened
    engine.dispose()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(granted=st.lists(grants, max_size=5), tabled=st.lists(stored, max_size=8))
def test_an_act_is_rendered_exactly_as_it_is_decided(
    connection: Connection, granted: list[Grant], tabled: list[dict]
) -> None:
    scope = scope_of(*granted)
    columns = Columns(rows.c.department, rows.c.region, rows.c.category, rows.c.holder_id)
    numbered = [{"id": number, **row} for number, row in enumerate(tabled)]
    with connection.begin_nested() as undone:
        if numbered:
            connection.execute(rows.insert(), numbered)
        listed = set(connection.execute(select(rows.c.id).where(scope.where_may(PATROL, columns))).scalars())
        undone.rollback()
    assert listed == {
        row["id"]
        for row in numbered
        if scope.may(PATROL, Dimensions(row["department"], row["region"], row["category"], row["holder_id"]))
    }


@given(held=st.lists(officials, max_size=5), thing=values)
def test_an_act_is_allowed_where_a_grant_allows_it_and_no_roles_clash(held: list[Grant], thing: Dimensions) -> None:
    scope = scope_of(*held)
    spoilt = [grant for pair in conflicts(held) for grant in (pair.first, pair.second)]
    sound = Scope(tuple(grant for grant in held if grant not in spoilt))
    assert scope.may(CLOSE, thing) == sound.allows(role=CLOSE.roles, **thing._asdict())


@given(st.lists(officials, max_size=6), values.filter(lambda thing: UNDIVIDED not in thing[:3]))
def test_nobody_acts_on_one_thing_in_two_roles_that_are_kept_apart(held: list[Grant], thing: Dimensions) -> None:
    scope = scope_of(*held)
    for pair in APART:
        first, second = (Act(name=role, zh=role.zh, en=role.en, roles=roles(role)) for role in sorted(pair))
        assert not (scope.may(first, thing) and scope.may(second, thing))


@given(officials, officials)
def test_grants_overlap_exactly_where_one_thing_is_within_both(first: Grant, second: Grant) -> None:
    things = [
        Dimensions(department, region, category)
        for department in ("education", "science", "else")
        for region in ("33", "3301", "330106", "3302", "44")
        for category in ("art", "sport", "else")
    ]
    both = any(
        all(Scope((grant,)).allows(role=grant.role, **thing._asdict()) for grant in (first, second)) for thing in things
    )
    assert overlap(first, second) == overlap(second, first) == both


def test_every_pair_names_two_roles_and_a_reason() -> None:
    assert all(len(pair) == 2 and why for pair, why in APART.items())
    for first, second in combinations([Role.LICENSING_OFFICER, Role.APPROVER, Role.CASE_OFFICER], 2):
        assert frozenset({first, second}) in APART


def test_licensing_and_enforcement_approval_over_the_same_county_are_good_for_nothing_and_both_are_named() -> None:
    held = Grant(Role.LICENSING_OFFICER, ANY, "330106", ANY), Grant(Role.APPROVER, "education", "3301", ANY)
    (found,) = conflicts(held)
    assert (found.first, found.second) == held
    with pytest.raises(RolesConflict) as refused:
        scope_of(*held).require(GRANT_LICENCE, THING)
    problem = problem_of(refused.value)
    assert (problem.status, problem.type) == (403, "urn:mingjing:problem:roles-conflict")
    assert "许可审批员" in problem.detail
    assert "审批人" in problem.detail
    assert conflicts((held[0], Grant(Role.APPROVER, ANY, "3302", ANY))) == ()


def test_automation_is_nobody_whose_duties_are_separated() -> None:
    assert Scope.system().may(CLOSE, THING)
    assert Scope.system().may(GRANT_LICENCE, THING)


def test_a_refusal_says_which_grant_would_do() -> None:
    scope = scope_of(Grant(Role.FUND_REGULATOR, ANY, "330105", ANY))
    with pytest.raises(GrantMissing) as refused:
        scope.require(CLOSE, Dimensions("education", "330106109", UNDIVIDED))
    problem = problem_of(pickle.loads(pickle.dumps(refused.value)))
    assert (problem.status, problem.type) == (403, "urn:mingjing:problem:outside-scope")
    assert problem.missing is not None
    assert problem.missing.model_dump() == {
        "act": "close-alert",
        "roles": [{"role": "fund-regulator", "zh": "资金监管员", "en": "fund regulator"}],
        "department": "education",
        "region": "330106109",
        "category": "*",
        "organisation": "",
    }
    for word in ("办结预警", "资金监管员", "education", "330106109", "不限"):
        assert word in problem.detail
    for word in ("close the alert", "fund regulator", "education", "330106109", "category any"):
        assert word in problem.detail_en


def test_a_refusal_about_a_thing_that_the_caller_may_not_see_does_not_say_where_it_stands() -> None:
    with pytest.raises(OutsideScope) as refused:
        Scope.none().require(CLOSE, THING, seen=False)
    assert type(refused.value) is OutsideScope
    assert problem_of(refused.value).missing is None


@pytest.mark.parametrize(
    ("ends", "until"),
    [((None,), None), ((1,), 1), ((1, 5), 5), ((1, None), None), ((), None)],
)
def test_an_act_is_possible_until_the_last_of_the_grants_that_allow_it_ends(
    ends: tuple[int | None, ...], until: int | None
) -> None:
    held = [
        Grant(Role.FUND_REGULATOR, ANY, region, ANY, until=end if end is None else NOW + timedelta(days=end))
        for end, region in zip(ends, ("330106", "3301"), strict=False)
    ]
    elsewhere = Grant(Role.FUND_REGULATOR, ANY, "44", ANY, until=NOW + timedelta(days=9))
    found = scope_of(*held, elsewhere).until(CLOSE, THING)
    assert found == (None if until is None else NOW + timedelta(days=until))


def test_the_end_of_a_grant_is_part_of_it_and_has_a_zone() -> None:
    grant = Grant(Role.AUDITOR, ANY, ANY, ANY)
    assert grant != Grant(Role.AUDITOR, ANY, ANY, ANY, until=NOW)
    assert grant.limits == Grant(Role.AUDITOR, ANY, ANY, ANY, until=NOW).limits
    with pytest.raises(ValueError, match="grant: until"):
        Grant(Role.AUDITOR, ANY, ANY, ANY, until=datetime(2026, 7, 1))  # noqa: DTZ001 - the point of it
