"""Kept-aside rows (待补正行): rows of complaint files that could not be taken, until they are mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.complaint_file import FileImported, RowKeptAside, RowMended
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

kept_aside_table = Table(
    "kept_aside",
    METADATA,
    Column("file_id", Uuid, primary_key=True),
    Column("row", Integer, primary_key=True),
    *scope_columns()[:2],
    Column("field", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)

complaint_files_table = Table(
    "complaint_files",
    METADATA,
    Column("file_id", Uuid, primary_key=True),
    *scope_columns()[:2],
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("missing_rows", Integer, nullable=False),
    Column("kept_aside", Integer, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
)


def row_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a kept-aside row of a file."""
    match fact.event:
        case RowKeptAside() as event:
            yield (fact.id, event.kept.row)
        case RowMended() as event:
            yield (fact.id, event.row)
        case _:
            return


def fold_row(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row waits, until it is mended."""
    match fact.event:
        case RowKeptAside() as event:
            kept = event.kept
            return {
                "file_id": key[0],
                "row": kept.row,
                "department": event.department,
                "region": event.region,
                "field": kept.field,
                "rule": kept.rule,
                "values": {value.field: value.text for value in kept.values},
                "cells": {cell.field: cell.text for cell in kept.cells},
                "kept_at": event.kept_at,
            }
        case RowMended():
            return None
        case _:
            return row


def file_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a file."""
    yield (fact.id,)


def fold_file(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The file, and how many of its rows still wait."""
    match fact.event:
        case FileImported() as event:
            return {
                "file_id": key[0],
                "department": event.department,
                "region": event.region,
                "name": event.name,
                "digest": event.digest,
                "layout": event.layout,
                "rows": event.rows,
                "missing_rows": event.missing_rows,
                "kept_aside": event.kept_aside,
                "imported_by": event.imported_by,
                "imported_at": event.imported_at,
            }
        case RowMended() if row is not None:
            return row | {"kept_aside": row["kept_aside"] - 1}
        case _:
            return row


KEPT_ASIDE = ReadModel(
    name="kept_aside", table=kept_aside_table, nouns=("complaint-file",), keys=row_keys, fold=fold_row, history=True
)
COMPLAINT_FILES_READ = ReadModel(
    name="complaint_files",
    table=complaint_files_table,
    nouns=("complaint-file",),
    keys=file_keys,
    fold=fold_file,
    history=True,
)


def kept_aside_in(scope: Scope, at: int | None = None) -> Select[Any]:
    """The rows that wait and that a caller may see, as they stood after position ``at``."""
    return _scoped(scope, KEPT_ASIDE, at)


def complaint_files_in(scope: Scope, at: int | None = None) -> Select[Any]:
    """The files that a caller may see, as they stood after position ``at``."""
    return _scoped(scope, COMPLAINT_FILES_READ, at)


def _scoped(scope: Scope, model: ReadModel, at: int | None) -> Select[Any]:
    rows = model.at(at).c
    return select(*(rows[name] for name in model.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )
