"""Rosters of grid posts (网格岗位名册): which files were taken, and their rows that wait to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.post_file import PostFileTaken, PostRowKeptAside, PostRowMended
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

post_files_table = Table(
    "post_files",
    METADATA,
    Column("file_id", Uuid, primary_key=True),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("kept_aside", Integer, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
)

post_rows_table = Table(
    "post_rows",
    METADATA,
    Column("file_id", Uuid, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("region", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)


def file_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a file."""
    if isinstance(fact.event, PostFileTaken | PostRowMended):
        yield (fact.id,)


def fold_file(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The file, and how many of its rows still wait."""
    match fact.event:
        case PostFileTaken() as event:
            return {
                "file_id": key[0],
                "region": event.region,
                "name": event.name,
                "digest": event.digest,
                "rows": event.rows,
                "filled": event.filled,
                "kept_aside": event.kept_aside,
                "taken_by": event.taken_by,
                "taken_at": event.taken_at,
            }
        case PostRowMended() if row is not None:
            return row | {"filled": row["filled"] + 1, "kept_aside": row["kept_aside"] - 1}
        case _:
            return row


def row_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a kept-aside row."""
    match fact.event:
        case PostRowKeptAside() as event:
            yield (fact.id, event.kept.row)
        case PostRowMended() as event:
            yield (fact.id, event.row)
        case _:
            return


def fold_row(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row waits, until it is mended."""
    match fact.event:
        case PostRowKeptAside() as event:
            kept = event.kept
            return {
                "file_id": key[0],
                "row": kept.row,
                "region": event.region,
                "field": kept.field,
                "rule": kept.rule,
                "values": {value.field: value.text for value in kept.values},
                "cells": {cell.field: cell.text for cell in kept.cells},
                "kept_at": event.kept_at,
            }
        case PostRowMended():
            return None
        case _:
            return row


POST_FILES_READ = ReadModel(
    name="post_files", table=post_files_table, nouns=("post-file",), keys=file_keys, fold=fold_file, history=True
)
POST_ROWS_READ = ReadModel(
    name="post_rows", table=post_rows_table, nouns=("post-file",), keys=row_keys, fold=fold_row, history=True
)


def post_files_in(scope: Scope, at: int | None = None) -> Select[Any]:
    """The rosters that a caller may see, as they stood after position ``at``."""
    return _scoped(scope, POST_FILES_READ, at)


def post_rows_in(scope: Scope, at: int | None = None) -> Select[Any]:
    """Their rows that wait and that a caller may see, as they stood after position ``at``."""
    return _scoped(scope, POST_ROWS_READ, at)


def _scoped(scope: Scope, model: ReadModel, at: int | None) -> Select[Any]:
    rows = model.at(at).c
    return select(*(rows[name] for name in model.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
