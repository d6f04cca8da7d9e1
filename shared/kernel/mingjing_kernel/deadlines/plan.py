"""A service's deadlines together: the list that is kept of them, and the questions that are put to it.

The table is the kernel's; the service writes ``keys`` and ``fold`` in a module of its own and passes them on to the
plan, so that a change of its rules makes the list be folded anew. The one rule: a row is a clock that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadline_clock import Clock
from mingjing_kernel.deadlines.moving import DEADLINE, DeadlineMoved
from mingjing_kernel.deadlines.rule import DeadlineRule
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.projection.read_model import Fold, Keys

NAME = "deadlines"
_CLOCK = ("started_on", "due_on", "working_days", "paused_on", "fired_on", "due_at")
_COLUMNS = ("id", "rule", "thing", "kind", *_CLOCK, "moved_from")
_PLACE = ("department", "region", "category")


@dataclass(frozen=True, eq=False)
class DeadlinePlan:
    """Every rule of a service."""

    rules: tuple[DeadlineRule, ...]
    by_name: dict[str, DeadlineRule] = field(init=False)
    _by_fact: dict[type, tuple[DeadlineRule, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the rules by what they look at."""
        object.__setattr__(self, "by_name", {rule.name: rule for rule in self.rules})
        facts = {fact for rule in self.rules for fact in rule.facts}
        object.__setattr__(
            self, "_by_fact", {fact: tuple(rule for rule in self.rules if fact in rule.facts) for fact in facts}
        )
        if len(self.by_name) < len(self.rules):
            raise ValueError("two deadline rules have the same name")

    def keys(self, fact: Recorded[Any]) -> Iterable[Key]:
        """One row a stream, rule and thing."""
        if isinstance(fact.event, DeadlineMoved):
            yield (fact.event.id, fact.event.rule, fact.event.thing)
            return
        for rule in self._by_fact.get(type(fact.event), ()):
            yield (fact.id, rule.name, rule.thing(fact.event))

    def fold(self, key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
        """The clock after the fact; no row where none runs."""
        event = fact.event
        if isinstance(event, DeadlineMoved):
            if row is None or row["due_on"] != event.moved_from:
                return row
            return row | {"due_on": event.due_on, "moved_from": event.moved_from}
        rule = self.by_name[key[1]]
        before = None if row is None else Clock(**{name: row[name] for name in _CLOCK})
        after = rule.clock(before, event)
        if after is None:
            return None
        if after.hours is not None:
            after = _timed(after, fact.recorded_at)
        moved_from = row["moved_from"] if row else None
        if before is not None and before.due_on != after.due_on:
            moved_from = before.due_on
        return {
            "id": key[0],
            "rule": key[1],
            "thing": key[2],
            "kind": fact.noun,
            **{name: getattr(after, name) for name in _CLOCK},
            "moved_from": moved_from,
        }

    def model(self, metadata: MetaData, keys: Keys, fold: Fold) -> ReadModel:
        """The list, for a service's ``read_models``."""
        nouns = dict.fromkeys((*(rule.aggregate.noun for rule in self.rules), DEADLINE.noun))
        table = _table(metadata)
        return ReadModel(name=NAME, table=table, nouns=tuple(nouns), keys=keys, fold=fold, history=True)

    def deadlines_in(self, scope: Scope, model: ReadModel, at: int | None = None) -> Select[Any]:
        """The clocks that an official may see run, as they stood after position ``at``; each where its thing stands."""
        clocks = model.at(at)
        parts = [self._part(scope, clocks, listed, at) for listed in self._lists()]
        rows = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery(NAME)
        return select(*rows.c)

    def places(self, ids: Sequence[Any]) -> list[Select[Any]]:
        """Where these things stand, a query a list: for the record of what the sweeper does."""
        found = []
        for listed in self._lists():
            rows, key = listed.table.c, listed.table.c[listed.key_columns[0]]
            found.append(select(key.label("id"), rows.department, rows.region).where(key.in_(ids)))
        return found

    def _lists(self) -> list[ReadModel]:
        return list(dict.fromkeys(rule.listed for rule in self.rules))

    def _part(self, scope: Scope, clocks: FromClause, listed: ReadModel, at: int | None) -> Select[Any]:
        things = listed.at(at).alias(f"{listed.name}_place")
        mine = [rule.name for rule in self.rules if rule.listed is listed]
        stands = {name: things.c[name] if name in listed.columns else UNDIVIDED for name in _PLACE}
        shown = [things.c[name] if name in listed.columns else literal("").label(name) for name in _PLACE]
        return (
            select(*(clocks.c[name] for name in _COLUMNS), *shown)
            .join_from(clocks, things, clocks.c.id == things.c[listed.key_columns[0]])
            .where(clocks.c.rule.in_(mine), scope.where(roles=OFFICIALS, **stands))
        )


def _timed(clock: Clock, told_at: datetime) -> Clock:
    """A clock of hours, from the moment of the fact that started it."""
    assert clock.hours is not None
    due_at = told_at + timedelta(hours=clock.hours)
    return replace(clock, started_on=shanghai_date(told_at), due_on=shanghai_date(due_at), due_at=due_at, hours=None)


def is_over(rows: Any, day: date, now: datetime) -> ColumnElement[bool]:
    """What has run out by ``now``, which is on ``day``: of hours by the moment, of days on the day after the last."""
    return or_(and_(rows.due_at.is_(None), rows.due_on < day), and_(rows.due_at.is_not(None), rows.due_at <= now))


def due(model: ReadModel, rules: Sequence[str], day: date, now: datetime) -> Select[Any]:
    """The clocks of these rules that have run out, with nothing done yet: for the keeper alone."""
    rows = model.table.c
    return select(model.table).where(
        rows.due_on <= day,
        is_over(rows, day, now),
        rows.fired_on.is_(None),
        rows.paused_on.is_(None),
        rows.rule.in_(rules),
    )


def next_moment(model: ReadModel, rules: Sequence[str], now: datetime) -> Select[Any]:
    """When the next clock of hours runs out: for the keeper alone."""
    rows = model.table.c
    return select(func.min(rows.due_at)).where(
        rows.due_at > now, rows.fired_on.is_(None), rows.paused_on.is_(None), rows.rule.in_(rules)
    )


def counted(model: ReadModel) -> Select[Any]:
    """The clocks that are counted in working days and still run: for the keeper alone."""
    rows = model.table.c
    return select(model.table).where(rows.working_days.is_not(None), rows.fired_on.is_(None), rows.paused_on.is_(None))


def _table(metadata: MetaData) -> Table:
    table = Table(
        NAME,
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("rule", Text, primary_key=True),
        Column("thing", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("started_on", Date, nullable=False),
        Column("due_on", Date, nullable=False),
        Column("working_days", Integer),
        Column("paused_on", Date),
        Column("fired_on", Date),
        Column("moved_from", Date),
        Column("due_at", DateTime(timezone=True)),
    )
    Index("deadlines_moment", table.c.due_at, postgresql_where=table.c.due_at.is_not(None))
    Index("deadlines_due", table.c.due_on, table.c.id, table.c.rule, table.c.thing)
    return table
