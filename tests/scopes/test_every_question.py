"""Over every list, count, export, search and statistic of every service: no reader sees a row outside the own scope.

What is seen is what the decision about each row says, now and in the past.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.engine import make_url

from architecture.source import CLONE, modules, tree
from architecture.test_scope import functions, named, scopes
from mingjing_kernel.identity import ANY, Grant, Principal, Role, Scope
from scopes.question import POSITION, Question, Row
from scopes.questions import CONDITIONS, QUESTIONS, READ, ROWS_MAX

departments = st.sampled_from(["education", "science", "a%", ""])
regions = st.sampled_from(["330106", "330106109", "330106109001001", "330108", "3301", "44", ""])
categories = st.sampled_from(["art", "sport", ""])
grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    department=st.sampled_from(["education", "science", "a%", ANY]),
    region=st.sampled_from(["33", "3301", "330106", "330106109", "330108", ANY]),
    category=st.sampled_from(["art", "sport", ANY]),
    organisation=st.sampled_from(["", ANY, "icbc", str(UUID(int=1))]),
)
ages = st.sampled_from([(1, None), (POSITION, None), (POSITION + 1, None), (1, POSITION), (1, POSITION + 1)])
ASKED = [
    pytest.param(metadata, question, id=f"{name.rpartition('/')[2]}-{number}-{name.partition('/')[0]}")
    for name, (metadata, questions) in QUESTIONS.items()
    for number, question in enumerate(questions)
]


@pytest.fixture(scope="module")
def connection(module_postgres_url: str) -> Iterator[Connection]:
    """The read tables of each service, in a schema of its own."""
    engine = create_engine(make_url(module_postgres_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as opened:
        for name, metadata in READ.items():
            opened.execute(text(f'CREATE SCHEMA "{name}"'))
            opened.execute(text(f'SET search_path TO "{name}"'))
            metadata.create_all(opened)
            opened.commit()
        yield opened
    engine.dispose()


def schema_of(metadata: MetaData) -> str:
    return next(name for name, known in READ.items() if known is metadata)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    rows = []
    for number in range(draw(st.integers(0, ROWS_MAX))):
        begins, ends = draw(ages)
        stands = {"department": draw(departments), "region": draw(regions), "category": draw(categories)}
        rows.append(Row(number=number, begins=begins, ends=ends, **stands))
    return rows


@pytest.mark.parametrize(("metadata", "question"), ASKED)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=tables(), held=st.lists(grants, max_size=5))
def test_a_row_is_seen_exactly_where_the_decision_about_it_says_so(
    connection: Connection, metadata: MetaData, question: Question, rows: list[Row], held: list[Grant]
) -> None:
    scope = Principal(subject="somebody", grants=tuple(held)).scope
    connection.execute(text(f'SET search_path TO "{schema_of(metadata)}"'))
    try:
        question.write(connection, rows)
        for at in (None, POSITION) if question.keeps_history else (None,):
            expected = {row.id for row in rows if row.is_there(at) and question.shows(scope, row)}
            seen = list(question.asks(connection, scope, at))
            assert len(seen) == len(set(seen))
            assert set(seen) == expected
            assert list(question.asks(connection, Scope.none(), at)) == []
    finally:
        connection.rollback()


def test_every_function_that_takes_a_readers_scope_is_asked() -> None:
    found = {
        named(path, function)
        for path in modules("projections")
        if "services" in path.relative_to(CLONE).parts
        for function, _ in functions(tree(path))
        if scopes(function) and not function.name.startswith("_")
    }
    assert found - set(CONDITIONS) == {name for name in QUESTIONS if not name.startswith("mingjing_kernel/")}
    assert set(CONDITIONS) <= found
