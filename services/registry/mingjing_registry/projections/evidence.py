"""Evidence (证据) of this service: its lists, and which institution is within whose scope.

The one rule: evidence is scoped as what it belongs to, by the very columns that the list of institutions is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, select

from mingjing_kernel.evidence.lists import make_lists
from mingjing_kernel.identity import Role, Scope
from mingjing_registry.projections.institutions import institutions_table
from mingjing_registry.projections.schema import METADATA

EVIDENCE_LISTS = make_lists(METADATA)


def institution_within(scope: Scope, roles: Collection[Role], institution_id: UUID) -> Select[Any]:
    """One row when the institution is known and the scope reaches it in one of the roles."""
    rows = institutions_table.c
    return select(rows.institution_id).where(
        rows.institution_id == institution_id,
        rows.name != "",
        scope.where(roles=roles, department=rows.department, region=rows.region, category=rows.category),
    )


def institution_ended(institution_id: UUID) -> Select[Any]:
    """That it may not teach, or not any more; since when, its last fact says. Nothing goes of one whose licence is in
    force, withheld or applied for.
    """
    rows = institutions_table.c
    is_over = rows.licence_state.not_in(("applied", "returned", "accepted", "licensed", "suspended"))
    return select(null()).where(rows.institution_id == institution_id, is_over)
