"""A question to a read model, as a test puts it: rows to choose from, the call, and what a reader may see of them.

One rule: what ought to be seen is decided row by row, from what is written here; no condition in SQL has a part in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Connection, Date, DateTime, Integer, Table, Uuid, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Role, Scope
from mingjing_kernel.projection import ReadModel

DIVIDED = ("department", "region", "category")
FILED = ("department", "region")
"""What came in a file, or concerns a person, has every category."""
NOW = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
ROWS_MAX = 10
POSITION = 5
"""Where the past is asked about: rows that ended before, or came later, are not there."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """Where a row stands, and between which positions."""

    number: int
    department: str
    region: str
    category: str
    begins: int = 1
    ends: int | None = None

    @property
    def id(self) -> UUID:
        """The UUID in every key of the row."""
        return UUID(int=self.number + 1)

    def is_there(self, at: int | None) -> bool:
        """Now, or after a position."""
        return self.ends is None if at is None else self.begins <= at and (self.ends is None or self.ends > at)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One function that answers somebody: ``asks(connection, scope, at)`` gives the ids of the rows that it shows.

    ``of`` are the models that a row is written to, ``values`` what their columns hold beside the defaults, or how that
    follows from the row. ``roles`` see the row, as far as its ``dimensions`` go; where the question is what somebody
    may do ``act`` to, those who may do it. ``holders`` are outsiders who see it, each with the organisation that holds
    the row. ``keeps_history``: whether it answers for the past.
    """

    of: tuple[ReadModel, ...]
    asks: Callable[[Connection, Scope, int | None], Iterable[UUID]]
    roles: Collection[Role] = ()
    act: Act | None = None
    dimensions: tuple[str, ...] = DIVIDED
    values: Mapping[str, Any] = field(default_factory=dict)
    holders: Mapping[Role, Callable[[Row], str | UUID]] = field(default_factory=dict)
    across: Collection[Role] = ()
    """Who sees it in her region, whatever its department and category."""
    keeps_history: bool = True
    region: str = ""
    """Where all of them stand, whatever the rows say: a register is its county's."""

    def shows(self, scope: Scope, row: Row) -> bool:
        """Whether the reader ought to see the row: the decision about it alone."""
        stands = Dimensions(*(getattr(row, name) if name in self.dimensions else UNDIVIDED for name in DIVIDED))
        if self.act:
            return scope.may(self.act, stands)
        theirs = (
            scope.allows(role=role, **stands._replace(holder=of(row))._asdict()) for role, of in self.holders.items()
        )
        beside = stands._replace(department=UNDIVIDED, category=UNDIVIDED)
        is_across = scope.allows(role=self.across, **beside._asdict())
        return scope.allows(role=self.roles, **stands._asdict()) or is_across or any(theirs)

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Put the rows where the question looks."""
        for model in self.of:
            write(connection, model, rows, self.values)


def write(connection: Connection, model: ReadModel, rows: Sequence[Row], values: Mapping[str, Any]) -> None:
    """Put rows into a model's tables: those that ended into its past."""
    if live := [_columns(model.table, row, values) for row in rows if row.ends is None]:
        connection.execute(insert(model.table), live)
    gone = [(row, row.ends) for row in rows if row.ends is not None]
    if gone and model.past is not None:
        past = [_columns(model.past, row, values) | {"to_position": ends} for row, ends in gone]
        connection.execute(insert(model.past), past)


def _columns(table: Table, row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    stands = {name: getattr(row, name) for name in DIVIDED}
    given = {**stands, **values, "from_position": row.begins}
    return {
        column.name: _value(given[column.name], row) if column.name in given else _default(column, row)
        for column in table.columns
    }


def _value(given: Any, row: Row) -> Any:
    return given(row) if callable(given) else given


def _default(column: Any, row: Row) -> Any:
    match column.type:
        case Uuid():
            return row.id
        case Boolean():
            return False
        case Integer() | BigInteger():
            return 0
        case DateTime():
            return NOW
        case Date():
            return NOW.date()
        case JSONB():
            return {}
        case _:
            return f"text-{row.number}"


def of_each(build: Callable[[Scope, UUID, int | None], Any], key: str) -> Callable[..., list[UUID]]:
    """A question about one thing, asked about each."""

    def asks(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
        ids = [UUID(int=number + 1) for number in range(ROWS_MAX)]
        return [found for id in ids for found in listed(partial(_about, build, id), key)(connection, scope, at)]

    return asks


def _about(build: Callable[[Scope, UUID, int | None], Any], id: UUID, scope: Scope, at: int | None) -> Any:
    return build(scope, id, at)


def listed(build: Callable[[Scope, int | None], Any], key: str) -> Callable[..., list[UUID]]:
    """A statement that a list, its pages and its exports share; its count must be that of its rows."""

    def asks(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
        statement = build(scope, at)
        found = [UUID(str(row[key])) for row in connection.execute(statement).mappings()]
        counted = connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
        assert counted == len(found)
        return found

    return asks


def whole(build: Callable[[Scope, int | None], Any], key: str, **more: Any) -> Question:
    """A list that takes scope and position."""
    return Question(asks=listed(build, key), **more)


def within(
    build: Callable[[Scope, Collection[Role], UUID], Any], key: str, roles: Collection[Role], **more: Any
) -> Question:
    """Whose evidence somebody may reach in one of these roles: asked about the thing that it belongs to."""
    asks = of_each(lambda scope, id, _at: build(scope, roles, id), key)
    return Question(asks=asks, roles=roles, keeps_history=False, **more)


class Driven:
    """What an asynchronous query asks of its connection, answered at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, statement: Any) -> Any:
        """The same, synchronously."""
        return self._connection.execute(statement)


def driven(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("the query waits for something else than its connection")
