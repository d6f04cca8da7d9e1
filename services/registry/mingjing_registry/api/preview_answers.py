"""What a preview shows: how each table is read, and each row with what would change, field by field."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_registry.api.sentences import Told, told
from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.intake.planning import PlannedRow, What
from mingjing_registry.intake.previewing import How, Preview, TableView
from mingjing_registry.sources.guess import Why


class ColumnAnswer(BaseModel):
    """One column: its label, the field that it is taken for and why, and cells of it."""

    label: str
    field: str = Field(description="Empty: the column is not taken")
    why: Why
    samples: list[str]


class TableAnswer(BaseModel):
    """One sheet. ``to-confirm``: correct the columns and send them to ``…/mapping``."""

    sheet: str
    how: How
    kind: str
    header_rows: int
    columns: list[ColumnAnswer]
    missing: list[str] = Field(description="Fields that are needed and no column seems to hold")


class PlannedCounts(BaseModel):
    """Rows by what they would come to."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    kept_aside: int = 0
    omitted: int = Field(default=0, description="Of a roster: in no row, and named before; not counted as rows")


class PreviewAnswer(BaseModel):
    """A waiting file. ``counts`` and ``seen`` are there once every table can be read."""

    preview_id: UUID
    file_name: str
    department: str
    sender: str
    stated_on: date | None
    tables: list[TableAnswer]
    counts: PlannedCounts | None
    seen: str | None = Field(description="Send it back when you confirm: it names what you looked at")


class ChangeAnswer(BaseModel):
    """One field before and after."""

    field: str
    before: str
    after: str


class RowAnswer(BaseModel):
    """One row with what it would come to, and every problem with its remedy."""

    sheet: str
    row: int
    what: What
    name: str
    uscc: str
    institution_id: UUID | None
    changes: list[ChangeAnswer]
    problems: list[Told]


class RowPage(BaseModel):
    """Part of the rows; ``next`` is ``after`` of the following part, null at the end."""

    items: list[RowAnswer]
    next: int | None


def preview_answer(preview: Preview[Any]) -> PreviewAnswer:
    """The preview for who sent the file."""
    upload, planned = preview.upload, preview.plan
    counts = None
    if planned is not None:
        found = {what.replace("-", "_"): count for what, count in planned.counts.items()}
        counts = PlannedCounts(rows=len(planned.rows) - found.get("omitted", 0), **found)
    return PreviewAnswer(
        preview_id=upload.id,
        file_name=upload.name,
        department=preview.department,
        sender=upload.sender,
        stated_on=preview.stated_on,
        tables=[_table(table) for table in preview.tables],
        counts=counts,
        seen=planned.digest if planned else None,
    )


def row_page(rows: list[PlannedRow], after: int, limit: int) -> RowPage:
    """``limit`` rows behind the first ``after``."""
    part = rows[after : after + limit]
    end = after + len(part)
    return RowPage(items=[_row(row) for row in part], next=end if end < len(rows) else None)


def _table(table: TableView) -> TableAnswer:
    found = table.guess
    columns = found.columns if found else ()
    return TableAnswer(
        sheet=table.sheet,
        how=table.how,
        kind=found.kind if found else "",
        header_rows=table.header_rows,
        columns=[
            ColumnAnswer(label=column.label, field=column.field, why=column.why, samples=list(column.samples))
            for column in columns
        ],
        missing=list(found.missing) if found else [],
    )


def _row(row: PlannedRow) -> RowAnswer:
    return RowAnswer(
        sheet=row.sheet,
        row=row.number,
        what=row.what,
        name=row.name,
        uscc=row.uscc,
        institution_id=row.institution_id,
        changes=[ChangeAnswer(field=one.field, before=one.before, after=one.after) for one in row.changes],
        problems=[_told(problem) for problem in row.problems],
    )


def _told(problem: Problem) -> Told:
    return told(
        {
            "code": problem.code,
            "field": problem.field,
            "written": problem.written,
            "suggestion": problem.suggestion,
        }
    )
