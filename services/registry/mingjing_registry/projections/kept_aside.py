"""Kept aside 搁置: rows of imported files that wait for someone, with field, rule and remedy; and the files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.kept_aside import PersonRowKeptAside, RowDismissed, RowKeptAside, RowTaken
from mingjing_registry.domain.receipt import ImportBegun, ImportRecorded
from mingjing_registry.projections.schema import METADATA

kept_aside_table = Table(
    "kept_aside",
    METADATA,
    Column("row_id", Uuid, primary_key=True),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("import_id", Uuid, nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("layout", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("written", Text, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("institution_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("kept_on", Date, nullable=False),
    Column("settled_on", Date),
    Column("subject", Text, nullable=False),
)

imports_table = Table(
    "imports",
    METADATA,
    Column("import_id", Uuid, primary_key=True),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("stated_on", Date),
    Column("counts", JSONB, nullable=False),
    Column("kept_aside", JSONB, nullable=False),
    Column("remarks", JSONB, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_on", Date, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a kept-aside row, one row a file."""
    yield (fact.id,)


def fold_row(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row waits until it is taken or dismissed."""
    match fact.event:
        case RowKeptAside(origin=origin) | PersonRowKeptAside(origin=origin) as event:
            # The last problem is the one that kept the row aside; notes about tidied cells come before it.
            last = event.problems[-1]
            return {
                "row_id": key[0],
                "department": origin.register,
                "region": origin.region,
                "state": "waiting",
                "import_id": origin.import_id,
                "file_name": origin.file_name,
                "sheet": origin.sheet,
                "row": origin.row,
                "layout": origin.layout,
                "field": last.field,
                "rule": last.code,
                "written": last.written,
                "cells": {cell.field: cell.text for cell in event.cells},
                "problems": [dataclasses.asdict(problem) for problem in event.problems],
                "institution_id": None,
                "reason": "",
                "kept_on": event.on,
                "settled_on": None,
                "subject": event.person.subject if isinstance(event, PersonRowKeptAside) else "",
            }
        case RowTaken(institution_id=institution_id, reason=reason, on=on) if row is not None:
            return row | {"state": "taken", "institution_id": institution_id, "reason": reason, "settled_on": on}
        case RowDismissed(reason=reason, on=on) if row is not None:
            return row | {"state": "dismissed", "reason": reason, "settled_on": on}
        case _:
            return row


def fold_import(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """A file is begun, then read."""
    match fact.event:
        case ImportBegun() as event:
            return {
                "import_id": key[0],
                "department": event.register,
                "region": event.region,
                "digest": event.digest,
                "file_name": event.file_name,
                "state": "begun",
                "stated_on": event.stated_on,
                "counts": {},
                "kept_aside": [],
                "remarks": [],
                "imported_by": fact.meta.actor,
                "imported_on": event.on,
            }
        case ImportRecorded() as event if row is not None:
            return row | {
                "state": "read",
                "counts": dataclasses.asdict(event.counts),
                "kept_aside": [str(row_id) for row_id in event.kept_aside],
                "remarks": [
                    {"sheet": remark.sheet, "row": remark.row, **dataclasses.asdict(remark.problem)}
                    for remark in event.remarks
                ],
            }
        case _:
            return row


KEPT_ASIDE_READ = ReadModel(
    name="kept_aside", table=kept_aside_table, nouns=("kept-aside",), keys=keys, fold=fold_row, history=True
)
IMPORTS_READ = ReadModel(
    name="imports", table=imports_table, nouns=("import",), keys=keys, fold=fold_import, history=True
)


def kept_aside_in(scope: Scope, *, state: str = "waiting", at: int | None = None) -> Select[Any]:
    """The rows that a caller may see, as they stood after position ``at``, in this state; empty means all."""
    statement = _scoped(scope, KEPT_ASIDE_READ, at)
    return statement.where(statement.selected_columns.state == state) if state else statement


def imports_in(scope: Scope, *, import_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """The files that a caller may see, or one of them, as they stood after position ``at``."""
    statement = _scoped(scope, IMPORTS_READ, at)
    return statement if import_id is None else statement.where(statement.selected_columns.import_id == import_id)


def _scoped(scope: Scope, model: ReadModel, at: int | None) -> Select[Any]:
    rows = model.at(at).c
    return select(*(rows[name] for name in model.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )
