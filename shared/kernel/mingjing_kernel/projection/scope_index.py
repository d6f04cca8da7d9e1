"""The indexes by which a list is counted, searched and paged within a reader's scope.

The one rule: they hold everything that a grant limits, with the region in byte order, so that a count is answered from
the index alone, a prefix is a range in it, and a page is gathered without a look at rows of other scopes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Column, Index, Table, event

_OPS = {"region": "text_pattern_ops"}
STATISTICS = 500
"""Steps of the planner's picture of regions: with its usual 100 a county looks like thirty, and a page of it is looked
for among all rows in their order."""
_DIMENSIONS = ("region", "department", "category")


def scope_index(table: Table) -> Index:
    """Add it to a table that has the columns; for lists that grow with every case, not for short ones."""
    if "region" in table.c:
        finer = DDL(f"ALTER TABLE %(fullname)s ALTER COLUMN region SET STATISTICS {STATISTICS}")  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", finer)
    return Index(f"{table.name}_scope", *_limited(table), postgresql_ops=_OPS)


def page_index(table: Table, *keys: str) -> Index:
    """Of a list in the order of ``keys``, for tables whose readers see a small part each: what a grant limits stands in
    the index behind the keys, so whoever pages along it passes over the others' entries within the index.
    """
    return Index(f"{table.name}_by_{keys[0]}", *(table.c[key] for key in keys), *_limited(table), postgresql_ops=_OPS)


def _limited(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in _DIMENSIONS if name in table.c]
