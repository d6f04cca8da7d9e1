"""The one MetaData of this service's read models, the columns by which rows are scoped, and who may look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Text, or_

from mingjing_funds.acts import SEND_FILE
from mingjing_kernel.identity import UNDIVIDED, Act, Columns, Role, Scope

METADATA = MetaData()
READERS = (
    Role.FUND_REGULATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.CASE_OFFICER,
    Role.APPROVER,
    Role.LICENSING_OFFICER,
)
"""Officials who may read about money."""
HOLDERS = {Role.BANK: "bank", Role.INSTITUTION: "institution_id"}
"""Outsiders who read an account and its entries, and the column that says whether it is theirs."""


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


def held(scope: Scope, accounts: FromClause) -> ColumnElement[bool]:
    """``visible``, and to the bank that keeps an account and the institution whose it is, too."""
    columns: Any = accounts.c
    stand = {name: columns[name] for name in ("department", "region", "category")}
    theirs = (scope.where(roles=role, **stand, holder=columns[name]) for role, name in HOLDERS.items())
    return or_(visible(scope, accounts), *theirs)


def taught_by(scope: Scope, accounts: FromClause) -> ColumnElement[bool]:
    """The accounts of the institution that a caller acts for: her system reports lessons of their contracts."""
    columns: Any = accounts.c
    stand = {name: columns[name] for name in ("department", "region", "category")}
    return scope.where(roles=Role.INSTITUTION, **stand, holder=columns.institution_id)


def kept_by(scope: Scope, act: Act, accounts: FromClause) -> ColumnElement[bool]:
    """The accounts at the bank that a caller acts for: its system may do this to them."""
    columns: Any = accounts.c
    return scope.where_may(act, Columns(columns.department, columns.region, columns.category, columns.bank))


def doable(scope: Scope, act: Act, rows: FromClause) -> ColumnElement[bool]:
    """The condition that leaves the rows to which a caller may do this."""
    columns: Any = rows.c
    category = columns.category if "category" in columns else UNDIVIDED
    return scope.where_may(act, Columns(columns.department, columns.region, category))


def writable(scope: Scope, rows: FromClause) -> ColumnElement[bool]:
    """The rows that a caller may write for, by file or by hand."""
    return doable(scope, SEND_FILE, rows)
