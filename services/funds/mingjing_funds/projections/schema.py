"""The one MetaData of this service's read models, the columns by which rows are scoped, and who may look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Text

from mingjing_kernel.identity import UNDIVIDED, Role, Scope

METADATA = MetaData()
READERS = (
    Role.FUND_REGULATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.CASE_OFFICER,
    Role.APPROVER,
    Role.LICENSING_OFFICER,
)
"""Officials who may read about money; a bank or an institution reads what it holds, when it asks for its own."""
WRITERS = (Role.FUND_REGULATOR, Role.ADMINISTRATOR)


def scope_columns() -> tuple[Column[str], Column[str], Column[str]]:
    """``department``, ``region``, ``category``: what a grant limits."""
    return (
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("category", Text, nullable=False),
    )


def visible(scope: Scope, rows: FromClause, roles: Collection[Role] = READERS) -> ColumnElement[bool]:
    """The condition that leaves the rows of this table, which has the scope columns, that a caller may see."""
    columns: Any = rows.c
    category = columns.category if "category" in columns else UNDIVIDED
    return scope.where(roles=roles, department=columns.department, region=columns.region, category=category)


def writable(scope: Scope, rows: FromClause) -> ColumnElement[bool]:
    """The same for the rows that a caller may write for."""
    return visible(scope, rows, WRITERS)
