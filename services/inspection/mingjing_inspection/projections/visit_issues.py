"""Failed items of visits (巡查问题项), and whether a finding was opened from each: what the duty of findings has to do.

One rule: a row is due while the finding does not know what the visit says now; a fact of the finding ends that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Boolean, Column, Index, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.finding_facts import FindingReported, FindingSourceCorrected
from mingjing_inspection.domain.finding_terms import MATTER_OF_ITEM
from mingjing_inspection.domain.visit import Answer, Finding, VisitCorrected, VisitReported
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.visits import visits_table
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

BATCH_MAX: Final = 500

visit_issues_table = Table(
    "visit_issues",
    METADATA,
    Column("finding_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False),
    Column("item", Text, nullable=False),
    Column("checklist", Text, nullable=False),
    Column("visit_version", Integer, nullable=False),
    Column("is_failed", Boolean, nullable=False),
    Column("is_veto", Boolean, nullable=False),
    Column("remark", Text, nullable=False),
    Column("photos", JSONB, nullable=False),
    Column("told_version", Integer, nullable=False),
    Column("told_failed", Boolean, nullable=False),
    Column("is_due", Boolean, nullable=False),
)
Index(
    "visit_issues_due",
    visit_issues_table.c.finding_id,
    postgresql_where=visit_issues_table.c.is_due,
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an item that failed once; a correction may clear any of them."""
    match fact.event:
        case VisitReported() as event:
            items: Iterable[str] = event.failed
        case VisitCorrected() as event:
            items = sorted({*event.failed, *MATTER_OF_ITEM, *(answer.item for answer in event.observation.answers)})
        case FindingReported() | FindingSourceCorrected():
            yield (fact.id,)
            return
        case _:
            return
    yield from ((finding_id(fact.id, item),) for item in items)


def finding_id(visit_id: Any, item: str) -> Any:
    """One finding an item of a visit, however often its report is heard."""
    return derived_id("visit-issue", visit_id, item)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case VisitReported() | VisitCorrected() as event:
            item = row["item"] if row else next((one for one in event.failed if finding_id(fact.id, one) == key[0]), "")
            return _seen(key, row, item, fact) if item else None
        case FindingReported() as event if row is not None:
            return _due(row | {"told_version": event.source.visit_version, "told_failed": True})
        case FindingSourceCorrected() as event if row is not None:
            return _due(row | {"told_version": event.visit_version, "told_failed": event.is_still_failed})
        case _:
            return row


VISIT_ISSUES = ReadModel(
    name="visit_issues", table=visit_issues_table, nouns=("visit", "finding"), keys=keys, fold=fold
)


def issues_due() -> Select[Any]:
    """What the duty has to do next, with where the visit was."""
    rows, visits = visit_issues_table.c, visits_table.c
    place = (visits.institution_id, visits.site_id, visits.department, visits.region, visits.category, visits.officer)
    return (
        select(*rows, *place, visits.received_at)
        .join_from(visit_issues_table, visits_table, rows.visit_id == visits.visit_id)
        .where(rows.is_due)
        .order_by(rows.finding_id)
        .limit(BATCH_MAX)
    )


def _seen(key: Key, row: Row | None, item: str, fact: Recorded[Any]) -> Row:
    event = fact.event
    answer = next((one for one in event.observation.answers if one.item == item), _UNSAID)
    told = {name: row[name] for name in ("told_version", "told_failed")} if row else _UNTOLD
    return _due(
        {
            "finding_id": key[0],
            "visit_id": fact.id,
            "item": item,
            "checklist": event.observation.checklist,
            "visit_version": fact.version,
            "is_failed": item in event.failed,
            "is_veto": item in event.vetoes,
            "remark": answer.remark,
            "photos": list(answer.photos),
            **told,
        }
    )


def _due(row: Row) -> Row:
    """What was never told is due where it failed; what was told, where it is otherwise now."""
    is_due = row["is_failed"] != row["told_failed"] and row["visit_version"] > row["told_version"]
    return row | {"is_due": is_due}


_UNTOLD: Row = {"told_version": 0, "told_failed": False}
_UNSAID = Answer(item="", finding=Finding.NOT_CHECKED)
