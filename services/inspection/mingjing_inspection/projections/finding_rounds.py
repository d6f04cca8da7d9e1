"""Rounds of handling (处置轮次), and the figures of digital city management (数字城管考核) that are counted from them.

One rule: what is overdue and still open stands in the denominator of "in time"; a round that was sent back is nobody's
delay. Every figure is a count of rows that the facts alone made, so it can be asked of any period, place and past day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Boolean, Column, ColumnElement, DateTime, Integer, Table, Text, Uuid, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.clock import end_of
from mingjing_kernel.deadlines import DeadlineMoved
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

By: TypeAlias = Literal["all", "department", "matter", "town"]
TOWN_DIGITS: Final = 9
HANDLING: Final = "finding-handle"
FIGURES: Final = (
    "accepted", "filed", "written_off", "dispatched", "returned", "due", "on_time", "overdue_open", "closed", "rework",
    "extended", "reinspected", "not_fixed",
)  # fmt: skip

finding_rounds_table = Table(
    "finding_rounds",
    METADATA,
    Column("finding_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True),
    *scope_columns(),
    Column("handler_department", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("is_rework", Boolean, nullable=False),
    Column("is_in_hours", Boolean, nullable=False),
    Column("dispatched_at", DateTime(timezone=True), nullable=False, index=True),
    Column("due_at", DateTime(timezone=True), nullable=False, index=True),
    Column("returned_at", DateTime(timezone=True)),
    Column("extended_at", DateTime(timezone=True)),
    Column("fed_back_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("reinspected_at", DateTime(timezone=True)),
    Column("is_fixed", Boolean),
)
scope_index(finding_rounds_table)
_TIMES: Mapping[type, str] = {
    f.FindingReturned: "returned_at",
    f.FindingFedBack: "fed_back_at",
    f.FindingClosed: "closed_at",
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a dispatch."""
    match fact.event:
        case DeadlineMoved(rule=rule, id=id, thing=thing):
            if rule == HANDLING:
                yield (id, int(thing))
        case (
            f.FindingDispatched()
            | f.FindingAllotted()
            | f.FindingReturned()
            | f.FindingExtended()
            | f.FindingFedBack()
            | f.FindingClosed()
            | f.FindingReinspected()
        ):
            yield (fact.id, fact.event.round)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, f.FindingDispatched | f.FindingAllotted):
        return _dispatched(key, event)
    if row is None:
        return None
    match event:
        case DeadlineMoved():
            return row if row["is_in_hours"] else row | {"due_at": end_of(event.due_on)}
        case f.FindingExtended():
            return row | {"extended_at": event.at, "due_at": event.limit.due_at}
        case f.FindingReinspected():
            return row | {"reinspected_at": event.at, "is_fixed": event.is_fixed}
        case _:
            return row | {_TIMES[type(event)]: event.at}


FINDING_ROUNDS = ReadModel(
    name="finding_rounds",
    table=finding_rounds_table,
    nouns=("finding", "deadline"),
    keys=keys,
    fold=fold,
    history=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From one moment until before another; what is due later than ``now`` is not due yet."""

    since: datetime
    until: datetime
    now: datetime
    region: str = ""

    def has(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether it happened then."""
        return (moment >= self.since) & (moment < self.until)

    def due(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether it was to be done by then."""
        return (moment >= self.since) & (moment < min(self.until, self.now))


async def finding_figures(
    connection: AsyncConnection, scope: Scope, period: Period, *, by: By = "all", at: int | None = None
) -> list[dict[str, Any]]:
    """The counts of what a caller may see, one row a department, matter or town; as it stood after position ``at``."""
    found: dict[str, dict[str, Any]] = {}
    for statement in (_of_findings(scope, period, by, at), _of_rounds(scope, period, by, at)):
        for row in (await connection.execute(statement)).mappings():
            line = found.setdefault(row["key"], {"key": row["key"], **dict.fromkeys(FIGURES, 0)})
            line.update({name: int(row[name]) for name in FIGURES if name in row})
    return [found[key] for key in sorted(found)]


def _of_findings(scope: Scope, period: Period, by: By, at: int | None) -> Any:
    rows = FINDINGS_READ.at(at).c
    counts = {
        "accepted": period.has(rows.reported_at),
        "filed": period.has(rows.verified_at),
        "written_off": period.has(rows.written_off_at),
    }
    return _counted(rows, rows.department, counts, scope, period, by)


def _of_rounds(scope: Scope, period: Period, by: By, at: int | None) -> Any:
    rows = FINDING_ROUNDS.at(at).c
    # A return in time passes the work on; one after the time is over does not undo that it was late.
    is_due = period.due(rows.due_at) & (rows.returned_at.is_(None) | (rows.returned_at > rows.due_at))
    dispatched, reinspected = period.has(rows.dispatched_at), period.has(rows.reinspected_at)
    counts = {
        "dispatched": dispatched,
        "returned": period.has(rows.returned_at),
        "due": is_due,
        "on_time": is_due & (rows.fed_back_at <= rows.due_at),
        "overdue_open": is_due & rows.fed_back_at.is_(None) & rows.returned_at.is_(None),
        "closed": period.has(rows.closed_at),
        "rework": dispatched & rows.is_rework,
        "extended": period.has(rows.extended_at),
        "reinspected": reinspected,
        "not_fixed": reinspected & rows.is_fixed.is_(False),
    }
    return _counted(rows, rows.handler_department, counts, scope, period, by)


def _counted(rows: Any, owner: Any, counts: Mapping[str, Any], scope: Scope, period: Period, by: By) -> Any:
    keyed = {
        "all": literal(""),
        "department": owner,
        "matter": rows.matter,
        "town": func.left(rows.region, TOWN_DIGITS),
    }
    key = keyed[by].label("key")
    place = {"region": rows.region, "category": rows.category}
    return (
        select(key, *(func.count().filter(condition).label(name) for name, condition in counts.items()))
        .where(
            or_(
                scope.where(roles=OFFICIALS, department=rows.department, **place),
                scope.where(roles=OFFICIALS, department=rows.handler_department, **place),
            ),
            rows.region.startswith(period.region, autoescape=True),
        )
        .group_by(key)
    )


def _dispatched(key: Key, event: f.FindingDispatched | f.FindingAllotted) -> Row:
    return {
        "finding_id": key[0],
        "round": key[1],
        "department": event.owner,
        "region": event.region,
        "category": event.category,
        "handler_department": event.department,
        "matter": event.matter.value,
        "urgency": event.urgency.value,
        "is_rework": event.is_rework,
        "is_in_hours": event.limit.hours is not None,
        "dispatched_at": event.at,
        "due_at": event.limit.due_at,
        "returned_at": None,
        "extended_at": None,
        "fed_back_at": None,
        "closed_at": None,
        "reinspected_at": None,
        "is_fixed": None,
    }
