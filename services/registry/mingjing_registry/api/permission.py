"""Who may act on an institution. One rule: licensing and punishing are different people's work (L07)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.identity import UNDIVIDED, OutsideScope, Role, Scope
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.refusals import InstitutionUnknown

LICENSING = frozenset({Role.LICENSING_OFFICER})
PUNISHING = frozenset({Role.APPROVER, Role.CASE_OFFICER})
"""Suspend, reinstate, revoke: after a penalty case, whose decision they cite."""


async def acted_on(kit: Kit, scope: Scope, roles: Collection[Role], institution_id: UUID) -> Known:
    """The institution, if the caller may act on it. Raises ``InstitutionUnknown``, ``OutsideScope``."""
    state, _ = await kit.log.state(INSTITUTIONS, institution_id)
    if not isinstance(state, Known):
        raise InstitutionUnknown
    particulars = state.particulars
    department = particulars.departments[0] if particulars.departments else state.listing.register
    category = particulars.categories[0].value if particulars.categories else ""
    if not scope.allows(role=roles, department=department, region=particulars.region, category=category):
        raise OutsideScope
    return state


def allow_register(scope: Scope, department: str, region: str) -> None:
    """Raise ``OutsideScope`` unless the caller keeps this department's register: its list has every category."""
    if not scope.allows(role=LICENSING, department=department, region=region, category=UNDIVIDED):
        raise OutsideScope
