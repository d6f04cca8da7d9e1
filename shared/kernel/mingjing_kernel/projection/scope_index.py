"""The index by which a list is counted and searched within a reader's scope.

The one rule: it holds everything that a grant limits, with the region in byte order, so that a count is answered from
it alone, and a prefix is a range in it.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

_DIMENSIONS = ("region", "department", "category")


def scope_index(table: Table) -> Index:
    """Add it to a table that has the columns; for lists that grow with every case, not for short ones."""
    columns = [table.c[name] for name in _DIMENSIONS if name in table.c]
    return Index(f"{table.name}_scope", *columns, postgresql_ops={"region": "text_pattern_ops"})
