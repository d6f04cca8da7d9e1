"""The hand-written policy beside Cedar, an authorization language with proved semantics: the same grants, written as
Cedar policies, decide every act on every row the same way.

One rule: the translation knows nothing of our code but what a grant says in words; overlapping grants are found by
looking for a thing that both reach.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import cedarpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingjing_kernel.identity import ANY, APART, OUTSIDERS, UNDIVIDED, Act, Dimensions, Grant, Principal, Role, roles

DEPARTMENTS = ["education", "science", "文旅局", "a%", "a_", 'x"y', "\\", "'"]
REGIONS = ["33", "3301", "330106", "330106109", "330106109001", "3302", "44"]
CATEGORIES = ["art", "sport", "*art"]
ORGANISATIONS = ["icbc", "hupan", "%"]
ROLES = [
    Role.LICENSING_OFFICER,
    Role.APPROVER,
    Role.FUND_REGULATOR,
    Role.AUDITOR,
    Role.INSPECTOR,
    Role.BANK,
    Role.SCHOOL,
]
ACTS = [
    Act(name="grant-licence", zh="准予许可", en="grant", roles=roles(Role.LICENSING_OFFICER)),
    Act(name="suspend", zh="暂扣", en="suspend", roles=roles(Role.APPROVER, Role.CASE_OFFICER)),
    Act(name="close-alert", zh="办结预警", en="close", roles=roles(Role.FUND_REGULATOR)),
    Act(name="look", zh="查阅", en="look", roles=roles(Role.AUDITOR, Role.INSPECTOR, Role.BANK, Role.SCHOOL)),
    Act(name="impossible", zh="无", en="nothing", roles=roles()),
]

grants = st.builds(
    Grant,
    role=st.sampled_from(ROLES),
    department=st.sampled_from([*DEPARTMENTS, ANY]),
    region=st.sampled_from([*REGIONS, ANY]),
    category=st.sampled_from([*CATEGORIES, ANY]),
    organisation=st.sampled_from(["", ANY, *ORGANISATIONS]),
)
nothing = st.sampled_from([None, "", UNDIVIDED])
things = st.builds(
    Dimensions,
    department=st.sampled_from(DEPARTMENTS) | nothing,
    region=st.sampled_from(REGIONS) | nothing,
    category=st.sampled_from(CATEGORIES) | nothing,
    holder=st.sampled_from(ORGANISATIONS) | nothing,
)


def within(dimension: str, test: str) -> str:
    """A condition on one dimension of the resource, which may be without it altogether."""
    return f'(resource.undivided.contains("{dimension}") || (resource has {dimension} && resource.{dimension} {test}))'


def quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def policy(grant: Grant) -> str:
    """One grant in Cedar."""
    conditions = ["true"]
    if grant.department != ANY:
        conditions.append(within("department", f"== {quoted(grant.department)}"))
    if grant.region != ANY:
        conditions.append(within("region", f'like "{grant.region}*"'))
    if grant.category != ANY:
        conditions.append(within("category", f"== {quoted(grant.category)}"))
    if grant.role in OUTSIDERS and grant.organisation != ANY:
        held = f'resource has holder && resource.holder == {quoted(grant.organisation)} && resource.holder != ""'
        conditions.append(f"({held})")
    return (
        f'permit(principal == User::"somebody", action in Action::"{grant.role.value}", resource) '
        f"when {{ {' && '.join(conditions)} }};"
    )


def clash(first: Grant, second: Grant) -> bool:
    """Whether two grants of one person are of roles that are kept apart, and some thing is within both."""
    if frozenset({first.role, second.role}) not in APART:
        return False
    universe = product([*DEPARTMENTS, "other"], [*REGIONS, "99"], [*CATEGORIES, "other"])
    return any(
        all(
            grant.department in (ANY, department)
            and (grant.region == ANY or region[: len(grant.region)] == grant.region)
            and grant.category in (ANY, category)
            for grant in (first, second)
        )
        for department, region, category in universe
    )


def resource(number: int, thing: Dimensions) -> dict[str, Any]:
    undivided = [name for name, value in thing._asdict().items() if value is UNDIVIDED]
    attributes = {name: value for name, value in thing._asdict().items() if isinstance(value, str)}
    return {
        "uid": {"type": "Thing", "id": str(number)},
        "attrs": {**attributes, "undivided": undivided},
        "parents": [],
    }


def entities(things: list[Dimensions]) -> list[dict[str, Any]]:
    """The things; the acts, each in the roles that may; the roles."""
    acts = [
        {
            "uid": {"type": "Action", "id": act.name},
            "attrs": {},
            "parents": [{"type": "Action", "id": role.value} for role in act.roles],
        }
        for act in ACTS
    ]
    groups = [{"uid": {"type": "Action", "id": role.value}, "attrs": {}, "parents": []} for role in Role]
    return [*(resource(number, thing) for number, thing in enumerate(things)), *acts, *groups]


def cedar_allows(held: list[Grant], things: list[Dimensions]) -> list[bool]:
    """Every act on every thing, in Cedar's judgement."""
    sound = [grant for grant in held if not any(clash(grant, other) for other in held)]
    requests = [
        {
            "principal": 'User::"somebody"',
            "action": f'Action::"{act.name}"',
            "resource": f'Thing::"{number}"',
            "context": {},
        }
        for act in ACTS
        for number in range(len(things))
    ]
    results = cedarpy.is_authorized_batch(requests, "\n".join(map(policy, sound)), entities(things))
    assert all(result.diagnostics.errors == [] for result in results), results[0].diagnostics.errors
    return [result.allowed for result in results]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(held=st.lists(grants, max_size=5), seen=st.lists(things, min_size=1, max_size=6))
def test_cedar_and_the_scope_decide_alike(held: list[Grant], seen: list[Dimensions]) -> None:
    scope = Principal(subject="somebody", grants=tuple(held)).scope
    ours = [scope.may(act, thing) for act in ACTS for thing in seen]
    assert ours == cedar_allows(held, seen)


@pytest.mark.parametrize(
    ("held", "thing", "allowed"),
    [
        ([], Dimensions("education", "330106", "art"), [False] * 5),
        (
            [Grant(Role.FUND_REGULATOR, ANY, "3301", ANY)],
            Dimensions("education", "330106", UNDIVIDED),
            [False, False, True, False, False],
        ),
        (
            [Grant(Role.BANK, ANY, ANY, ANY, organisation="icbc")],
            Dimensions("education", "330106", "art", "icbc"),
            [False, False, False, True, False],
        ),
    ],
)
def test_the_translation_says_yes_and_no_where_it_should(
    held: list[Grant], thing: Dimensions, allowed: list[bool]
) -> None:
    assert cedar_allows(held, [thing]) == allowed
