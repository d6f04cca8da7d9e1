"""Notices of overdue steps (催办督办告知): who was told what, and who has read it.

One rule: a department sees what is for it; an institution sees what is about its own duty, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.overdue_notice import Addressee, OverdueAcknowledged, OverdueTold, still_waiting
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

overdue_notices_table = Table(
    "overdue_notices",
    METADATA,
    Column("notice_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("thing_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("institution_id", Uuid),
    *scope_columns(),
    Column("due_on", Date),
    Column("told_at", DateTime(timezone=True), nullable=False, index=True),
    Column("read_by", JSONB, nullable=False),
    Column("waits_for", JSONB, nullable=False),
    Column("is_read", Boolean, nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("note", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("people", JSONB, nullable=False),
)
scope_index(overdue_notices_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a notice."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case OverdueTold() as event:
            return {
                "notice_id": key[0],
                "kind": event.kind.value,
                "thing_id": event.thing_id,
                "step": event.step,
                "level": event.level.value,
                "addressee": event.addressee.value,
                "institution_id": event.institution_id,
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "due_on": event.due_on,
                "told_at": event.at,
                "read_by": [],
                "waits_for": list(event.people),
                "is_read": False,
                "read_at": None,
                "note": "",
                "version": fact.version,
                "people": list(event.people),
            }
        case OverdueAcknowledged() as event if row is not None:
            return row | _read(row, event) | {"version": fact.version}
        case _:
            return row


OVERDUE_NOTICES_READ = ReadModel(
    name="overdue_notices",
    table=overdue_notices_table,
    nouns=("overdue-notice",),
    keys=keys,
    fold=fold,
    history=True,
)


def overdue_notices_in(
    scope: Scope,
    *,
    level: str | None = None,
    kind: str | None = None,
    is_read: bool | None = None,
    person: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The notices that a caller may see, as they stood after position ``at``; ``person``: that name her, and
    ``is_read`` by her then.
    """
    rows = OVERDUE_NOTICES_READ.at(at).c
    place = {"department": rows.department, "region": rows.region, "category": rows.category}
    own = (rows.addressee == Addressee.INSTITUTION.value) & scope.where(
        roles=Role.INSTITUTION, **place, holder=rows.institution_id
    )
    statement = select(*(rows[name] for name in OVERDUE_NOTICES_READ.columns)).where(
        or_(scope.where(roles=OFFICIALS, **place), own)
    )
    equal = {"level": level, "kind": kind}
    statement = statement.where(*(rows[name] == wanted for name, wanted in equal.items() if wanted is not None))
    waits = ~rows.is_read
    if person:
        statement = statement.where(rows.people.contains([person]))
        waits = rows.waits_for.contains([person])
    return statement if is_read is None else statement.where(~waits if is_read else waits)


def _read(row: Row, event: OverdueAcknowledged) -> Row:
    """What each said stands behind what was said before."""
    read_by = [*row["read_by"], event.by]
    waits_for = list(still_waiting(row["people"], read_by))
    note = "；".join(filter(None, (row["note"], event.note)))
    return {"read_by": read_by, "waits_for": waits_for, "is_read": not waits_for, "read_at": event.at, "note": note}
