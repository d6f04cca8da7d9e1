"""Delivered files (报送文件), rows kept aside (搁置), and what the vendor's codes stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_funds.domain import delivery, kept_aside_row, vendor_code
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

deliveries_table = Table(
    "deliveries",
    METADATA,
    Column("file_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("kind", Text, nullable=False),
    Column("bank", Text, nullable=False),
    Column("booked_on", Date, nullable=True),
    Column("sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("kept_aside", Integer, nullable=False),
    Column("delivered_by", Text, nullable=False),
    Column("delivered_at", DateTime(timezone=True), nullable=False),
)

kept_aside_table = Table(
    "kept_aside",
    METADATA,
    Column("row_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("file_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("covers_to", Date, nullable=False),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("waits_for", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)

vendor_codes_table = Table(
    "vendor_codes",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("institution_name", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("account_number", Text, nullable=False),
)


def delivery_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a file."""
    yield (fact.id,)


def fold_delivery(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The file as it came."""
    match fact.event:
        case delivery.FileDelivered() as event:
            return {
                "file_id": key[0],
                "department": fact.meta.department,
                "region": fact.meta.region,
                "category": event.category,
                "kind": event.kind,
                "bank": event.bank,
                "booked_on": event.booked_on,
                "sha256": event.sha256,
                "rows": event.rows,
                "missing": event.missing,
                "kept_aside": event.kept_aside,
                "delivered_by": fact.meta.actor,
                "delivered_at": fact.occurred_at,
            }
        case _:
            return row


def row_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a kept-aside row."""
    yield (fact.id,)


def fold_row(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Waiting, taken or dismissed."""
    match fact.event:
        case kept_aside_row.RowKeptAside() as event:
            return {
                "row_id": key[0],
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "file_id": event.file_id,
                "kind": event.kind,
                "row": event.row,
                "covers_to": event.covers_to,
                "code": event.reason.code,
                "field": event.reason.field,
                "rule": event.reason.rule,
                "sentence": event.reason.sentence,
                "remedy": event.reason.remedy,
                "values": {value.column: value.text for value in event.reason.values},
                "cells": {cell.column: cell.text for cell in event.cells},
                "waits_for": event.waits_for,
                "state": "waiting",
                "kept_at": fact.occurred_at,
            }
        case kept_aside_row.RowTaken() if row is not None:
            return {**row, "state": "taken"}
        case kept_aside_row.RowDismissed() if row is not None:
            return {**row, "state": "dismissed"}
        case _:
            return row


def code_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a code."""
    yield (fact.event.code,)


def fold_code(_key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """As told last."""
    match fact.event:
        case vendor_code.CodeLearned() as event:
            return {
                "code": event.code,
                "institution_name": event.institution_name,
                "uscc": event.uscc,
                "account_number": event.account_number,
            }
        case _:
            return row


DELIVERIES_READ = ReadModel(
    name="deliveries", table=deliveries_table, nouns=("delivery",), keys=delivery_keys, fold=fold_delivery, history=True
)
KEPT_ASIDE = ReadModel(
    name="kept_aside", table=kept_aside_table, nouns=("row",), keys=row_keys, fold=fold_row, history=True
)
VENDOR_CODES_READ = ReadModel(
    name="vendor_codes", table=vendor_codes_table, nouns=("vendor-code",), keys=code_keys, fold=fold_code
)


def deliveries_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The files that a caller may see, now or as of a position of the log."""
    return _scoped(scope, DELIVERIES_READ, position)


def kept_aside_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The kept-aside rows that a caller may see, now or as they stood after a position of the log."""
    return _scoped(scope, KEPT_ASIDE, position)


def _scoped(scope: Scope, model: ReadModel, position: int | None) -> Select[Any]:
    rows = model.at(position)
    return select(*(rows.c[name] for name in model.columns)).where(visible(scope, rows))
