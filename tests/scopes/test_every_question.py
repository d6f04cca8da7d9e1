"""Over every list, count, export, search and statistic of every service: no reader sees a row outside the own scope.

What is seen is what the decision about each row says, now and in the past; and both are what the grants in force say
in plain words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.engine import make_url

from architecture.source import CLONE, modules, tree
from architecture.test_scope import functions, named, scopes
from mingjing_kernel.identity import Scope
from scopes.holders import HOLDINGS, Held, reaches, scope_of
from scopes.kernel_questions import KERNEL_CONDITIONS, KERNEL_QUESTIONS
from scopes.question import POSITION, ROWS_MAX, Question, Row
from scopes.questions import CONDITIONS, QUESTIONS, READ

departments = st.sampled_from(["education", "science", "a%", ""])
regions = st.sampled_from(["330106", "330106109", "330106109001001", "330108", "3301", "44", ""])
categories = st.sampled_from(["art", "sport", ""])
ages = st.sampled_from([(1, None), (POSITION, None), (POSITION + 1, None), (1, POSITION), (1, POSITION + 1)])
EVERY = QUESTIONS | KERNEL_QUESTIONS
ASKED = [
    pytest.param(metadata, question, id=f"{name.rpartition('/')[2]}-{number}-{name.partition('/')[0]}")
    for name, (metadata, questions) in EVERY.items()
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
@given(rows=tables(), held=HOLDINGS)
def test_a_row_is_seen_exactly_where_the_decision_about_it_says_so(
    connection: Connection, metadata: MetaData, question: Question, rows: list[Row], held: list[Held]
) -> None:
    scope = scope_of(held)
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


@given(rows=tables(), held=HOLDINGS)
def test_the_decision_about_a_row_is_what_the_grants_in_force_say(rows: list[Row], held: list[Held]) -> None:
    scope = scope_of(held)
    asked = {(frozenset(one.roles), one.dimensions) for _, several in EVERY.values() for one in several if not one.act}
    for roles, dimensions in asked:
        question = Question(of=(), asks=lambda *_: (), roles=roles, dimensions=dimensions)
        for row in rows:
            assert question.shows(scope, row) == reaches(held, roles, row, dimensions)


def taking_a_scope(*folders: str) -> set[str]:
    """Functions of these folders, but for routes and what only helps in its own file."""
    return {
        named(path, function)
        for path in modules(*folders)
        if not {"tests", "testing"} & set(path.relative_to(CLONE).parts) and knows_scopes(tree(path))
        for function, _ in functions(tree(path))
        if scopes(function) and not function.name.startswith("_") and not function.decorator_list
    }


def knows_scopes(module: ast.Module) -> bool:
    """Whether ``Scope`` is a reader's there, and not a request's of ASGI."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
    return any(
        str(node.module).startswith("mingjing_kernel.identity") and any(name.name == "Scope" for name in node.names)
        for node in imports
    )


def test_every_function_that_takes_a_readers_scope_is_asked() -> None:
    found = taking_a_scope("projections")
    assert found - set(CONDITIONS) == set(QUESTIONS)
    assert set(CONDITIONS) <= found


def test_every_function_of_the_kernel_that_takes_a_readers_scope_is_asked() -> None:
    found = taking_a_scope("kernel")
    assert found - set(KERNEL_CONDITIONS) == set(KERNEL_QUESTIONS)
    assert set(KERNEL_CONDITIONS) <= found
