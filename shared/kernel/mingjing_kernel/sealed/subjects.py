"""Data subjects (个人信息主体) of a service: where each one's data stands, since when its time runs, what holds it.

The table is the kernel's; which facts begin or prolong a subject's time is for the service to say in its own fold,
which ends with ``fold_subject``. Where that takes more than one row, the service names a selection with the same
columns (``Service.subjects``). The one rule: a subject is an id, here as everywhere; no name and no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, FromClause, Index, MetaData, Select, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identity import UNDIVIDED, Scope
from mingjing_kernel.months import months_after
from mingjing_kernel.policy import Numbers
from mingjing_kernel.projection import Row
from mingjing_kernel.sealed.opening import Retained
from mingjing_kernel.sealed.subject import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from mingjing_kernel.sealed.unsealings import RIGHTS_OFFICERS

STREAMS_MAX = 500
"""Of one subject: a family has a dozen contracts with an institution."""


def subjects_table(metadata: MetaData) -> Table:
    """The table of the read model ``subjects``."""
    table = Table(
        "subjects",
        metadata,
        Column("subject", Text, primary_key=True),
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("stream", Text, nullable=False),
        Column("streams", JSONB, nullable=False),
        Column("record", Text, nullable=False),
        Column("begins_at", DateTime(timezone=True), nullable=False),
        Column("holds", JSONB, nullable=False),
        Column("erased_at", DateTime(timezone=True)),
    )
    Index("subjects_due", table.c.record, table.c.begins_at)
    return table


def new_subject(subject: str, *, stream: str, record: str, begins_at: datetime, department: str, region: str) -> Row:
    """The row of a subject whose data was sealed. ``record`` is the retention policy's name for its kind of record.

    ``stream`` is where it was sealed first; ``streams`` are all that have facts about the subject (``named_in``).
    """
    return {
        "subject": subject,
        "department": department,
        "region": region,
        "stream": stream,
        "streams": [stream],
        "record": record,
        "begins_at": begins_at,
        "holds": {},
        "erased_at": None,
    }


def named_in(row: Row, stream: str) -> Row:
    """The row with another stream in which the subject's data stands; of more than ``STREAMS_MAX`` none is noted."""
    if stream in row["streams"] or len(row["streams"]) >= STREAMS_MAX:
        return row
    return row | {"streams": [*row["streams"], stream]}


def fold_subject(row: Row | None, event: object) -> Row | None:
    """What the kernel's own facts make of the row."""
    if row is None:
        return None
    match event:
        case LegalHoldPlaced():
            return row | {"holds": row["holds"] | {str(event.hold_id): event.case}}
        case LegalHoldLifted():
            return row | {"holds": {id: case for id, case in row["holds"].items() if id != str(event.hold_id)}}
        case SubjectErased():
            return row | {"erased_at": event.at}
        case _:
            return row


def subjects_in(scope: Scope, rows: FromClause) -> Select[Any]:
    """The subjects that an official who answers for rights may see."""
    seen = scope.where(roles=RIGHTS_OFFICERS, department=rows.c.department, region=rows.c.region, category=UNDIVIDED)
    return select(*rows.c).where(seen)


def retained(row: Mapping[str, Any] | None, numbers: Numbers) -> Retained | None:
    """Until when the retention policy keeps a subject's data; ``None`` where no rule is known for it."""
    if row is None or row["record"] not in numbers.values:
        return None
    months = numbers.values[row["record"]]
    until = months_after(shanghai_date(row["begins_at"]), months)
    return Retained(until=until, rule=f"{row['record']}: {months} months ({numbers.version})")
