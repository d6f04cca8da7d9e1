"""The one MetaData of this service's read models, and the three columns by which every row is scoped."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Text

METADATA = MetaData()


def scope_columns() -> tuple[Column[str], Column[str], Column[str]]:
    """``department``, ``region``, ``category``: what a grant limits."""
    return (
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False, index=True),
        Column("category", Text, nullable=False),
    )
