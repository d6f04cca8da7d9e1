"""People (人员): who is known by which name, where she works, whether she is locked. A rebuild folds them anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Select, Table, Text, Uuid, select

from mingjing_console.domain.person import PersonNamed
from mingjing_console.projections.schema import METADATA
from mingjing_kernel.access.facts import GrantGiven, PersonLocked, PersonUnlocked
from mingjing_kernel.identity import UNDIVIDED, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Who gives and takes, and who checks those who do."""

people_table = Table(
    "people",
    METADATA,
    Column("person_id", Uuid, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("is_locked", Boolean, nullable=False),
    Column("locked_until", DateTime(timezone=True)),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a person."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact. Who was never named is known by the terms of the first grant."""
    match fact.event:
        case PersonNamed() as event:
            said = {"name": event.name, "department": event.department, "region": event.region}
            return {**(row or _new(key, event.person)), **said}
        case GrantGiven() as event if row is None:
            return {**_new(key, event.person), "department": event.department, "region": event.region}
        case PersonLocked() as event:
            return {**(row or _new(key, event.person)), "is_locked": True, "locked_until": event.locked_until}
        case PersonUnlocked() if row is not None:
            return {**row, "is_locked": False, "locked_until": None}
        case _:
            return row


PEOPLE_READ = ReadModel(name="people", table=people_table, nouns=("person",), keys=keys, fold=fold, history=True)


def people_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The people whom a caller may see, as they stood after position ``at``. No category divides people."""
    rows = PEOPLE_READ.at(at).c
    return select(*(rows[name] for name in PEOPLE_READ.columns)).where(
        scope.where(roles=READERS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )


def names_of(accounts: Sequence[str]) -> Select[Any]:
    """What these accounts' people are called, who were ever named: for the pages, where colleagues are shown."""
    rows = people_table.c
    return select(rows.person, rows.name).where(rows.person.in_(accounts), rows.name != "")


def accounts_of(said: str, limit: int) -> Select[Any]:
    """The accounts of everybody of this name, and this account if it is one."""
    rows = people_table.c
    return (
        select(rows.person)
        .where((rows.name == said) | (rows.person == said))
        .order_by((rows.person == said).desc(), rows.person)
        .limit(limit)
    )


def _new(key: Key, person: str) -> Row:
    return {
        "person_id": key[0],
        "person": person,
        "name": "",
        "department": "",
        "region": "",
        "is_locked": False,
        "locked_until": None,
    }
