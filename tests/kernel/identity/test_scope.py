"""One policy decides an act and renders SQL: the two never disagree, on any grants and any rows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, Uuid, create_engine, func, select, text
from sqlalchemy.engine import make_url

from mingjing_kernel.identity import (
    ANONYMOUS,
    ANY,
    EVERYONE,
    OFFICIALS,
    OUTSIDERS,
    UNDIVIDED,
    Grant,
    Principal,
    Role,
    Scope,
)

INSTITUTION = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")

rows = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("department", Text),
    Column("region", Text),
    Column("category", Text),
    Column("holder", Text),
    Column("holder_id", Uuid),
)

words = st.sampled_from(["education", "science", "a%", "a_", "ab", "\\", "'"])
codes = st.sampled_from(["33", "3301", "330106", "330106109", "330106109001", "3302", "44"])
organisations = st.sampled_from(["", ANY, "icbc", str(INSTITUTION), str(OTHER).upper(), "%"])
grants = st.builds(
    Grant,
    role=st.sampled_from([Role.INSPECTOR, Role.AUDITOR, Role.BANK, Role.INSTITUTION, Role.PUBLIC]),
    department=words | st.just(ANY),
    region=codes | st.just(ANY),
    category=words | st.just(ANY),
    organisation=organisations,
)
absent = st.sampled_from([None, "", ANY])
stored = st.fixed_dictionaries(
    {
        "department": words | absent,
        "region": codes | absent,
        "category": words | absent,
        "holder": st.sampled_from(["icbc", "%", str(INSTITUTION)]) | absent,
        "holder_id": st.sampled_from([INSTITUTION, OTHER, None]),
    }
)
asked_roles = st.frozensets(st.sampled_from(list(Role)), max_size=4) | st.just(EVERYONE)


@pytest.fixture(scope="module")
def connection(module_postgres_url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(module_postgres_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as opened:
        rows.metadata.create_all(opened)
        yield opened
    engine.dispose()


@pytest.mark.parametrize("holder", ["holder", "holder_id"])
@settings(max_examples=200, deadline=None)
@given(granted=st.lists(grants, max_size=4), tabled=st.lists(stored, max_size=8), roles=asked_roles)
def test_a_row_is_selected_exactly_where_the_act_is_allowed(
    connection: Connection, holder: str, granted: list[Grant], tabled: list[dict], roles: frozenset[Role]
) -> None:
    scope = Principal(subject="somebody", grants=tuple(granted)).scope
    numbered = [{"id": number, **row} for number, row in enumerate(tabled)]
    dimensions = ("department", "region", "category")
    condition = scope.where(roles=roles, holder=rows.c[holder], **{name: rows.c[name] for name in dimensions})
    with connection.begin_nested() as undone:
        if numbered:
            connection.execute(rows.insert(), numbered)
        listed = set(connection.execute(select(rows.c.id).where(condition)).scalars())
        counted = connection.execute(select(func.count()).select_from(rows).where(condition)).scalar_one()
        undone.rollback()
    allowed = {
        row["id"]
        for row in numbered
        if scope.allows(role=roles, holder=row[holder], **{name: row[name] for name in dimensions})
    }
    assert listed == allowed
    assert counted == len(allowed)


@given(granted=st.lists(grants, max_size=4), row=stored)
def test_without_a_holder_an_outsider_reaches_nothing(granted: list[Grant], row: dict) -> None:
    scope = Scope(tuple(grant for grant in granted if grant.organisation != ANY))
    dimensions = {name: row[name] for name in ("department", "region", "category")}
    assert not scope.allows(role=OUTSIDERS, **dimensions)


@given(row=stored, roles=asked_roles)
def test_an_empty_scope_allows_nothing(row: dict, roles: frozenset[Role]) -> None:
    dimensions = {name: row[name] for name in ("department", "region", "category", "holder")}
    assert not Scope.none().allows(role=roles, **dimensions)


def test_an_empty_scope_selects_no_row(connection: Connection) -> None:
    condition = Scope.none().where(roles=EVERYONE, department=UNDIVIDED, region=UNDIVIDED, category=UNDIVIDED)
    connection.execute(text("TRUNCATE rows"))
    connection.execute(rows.insert().values(id=1, department=ANY, region=ANY, category=ANY))
    assert connection.execute(select(rows.c.id).where(condition)).all() == []


def test_no_role_asked_for_means_nothing_is_allowed() -> None:
    assert not Scope.system().allows(role=(), department="education", region="330106", category="subject")


def test_a_grant_reaches_its_region_and_what_lies_in_it_only() -> None:
    scope = Scope((Grant(Role.GRID_OFFICER, ANY, "330106", ANY),))
    reached = [
        region
        for region in ("33", "3301", "330106", "330106109001", "330108", "", None)
        if scope.allows(role=Role.GRID_OFFICER, department="education", region=region, category="")
    ]
    assert reached == ["330106", "330106109001"]


def test_a_thing_without_a_department_is_reached_by_any_grant_but_an_unknown_department_is_not() -> None:
    scope = Scope((Grant(Role.INSPECTOR, "education", ANY, ANY),))
    assert scope.allows(role=Role.INSPECTOR, department=UNDIVIDED, region="330106", category="")
    assert not scope.allows(role=Role.INSPECTOR, department="", region="330106", category="")
    assert not scope.allows(role=Role.INSPECTOR, department=None, region="330106", category="")


def test_an_institution_sees_what_it_holds_and_not_its_neighbour() -> None:
    scope = Scope((Grant(Role.INSTITUTION, ANY, ANY, ANY, organisation=str(INSTITUTION)),))
    dimensions = {"department": "education", "region": "330106", "category": "subject"}
    assert scope.allows(role=Role.INSTITUTION, **dimensions, holder=INSTITUTION)
    assert not scope.allows(role=Role.INSTITUTION, **dimensions, holder=OTHER)
    assert not scope.allows(role=Role.INSTITUTION, **dimensions)


def test_the_public_sees_published_rows_only() -> None:
    dimensions = {"department": "education", "region": "330106", "category": "subject"}
    for scope in (Scope.public(), ANONYMOUS.scope, Principal(subject="signed-in").scope):
        assert scope.allows(role=EVERYONE, **dimensions)
        assert not scope.allows(role=OFFICIALS, **dimensions)


@pytest.mark.parametrize(
    ("department", "region", "category"),
    [("", ANY, ANY), (ANY, "", ANY), (ANY, ANY, ""), (ANY, "3", ANY), (ANY, "33010", ANY), (ANY, "3301%", ANY)],
)
def test_a_grant_that_leaves_open_what_it_grants_is_refused(department: str, region: str, category: str) -> None:
    with pytest.raises(ValueError, match="grant: "):
        Grant(Role.INSPECTOR, department, region, category)


def test_every_role_has_a_chinese_name() -> None:
    assert all(role.zh for role in Role)
