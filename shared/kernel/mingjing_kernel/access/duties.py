"""Roles that one person must not hold over the same things (职责分离): who is checked and who checks.

The one rule: a pair stands here once, and is asked before a grant is given, delegated, or lent by a substitution.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Final

from mingjing_kernel.access.terms import Terms
from mingjing_kernel.identity.grant import Grant
from mingjing_kernel.identity.role import Role

APART: Final[frozenset[frozenset[Role]]] = frozenset(
    {
        frozenset({Role.LICENSING_OFFICER, Role.APPROVER}),
        frozenset({Role.CASE_OFFICER, Role.APPROVER}),
        frozenset({Role.CASE_OFFICER, Role.LEGAL_REVIEWER}),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    }
)
"""Licensing and approving in enforcement; handling a case and reviewing or approving it (L07 arts 57–58); administering
the system and auditing it (GB/T 22239: 三员分立).
"""


def conflicts(grants: Iterable[Grant]) -> tuple[tuple[Role, Role], ...]:
    """The pairs of roles among these grants that must not meet over the same things; empty when all is well."""
    return tuple(
        (one.role, other.role)
        for one, other in combinations(grants, 2)
        if frozenset({one.role, other.role}) in APART and terms_of(one).overlaps(terms_of(other))
    )


def terms_of(grant: Grant) -> Terms:
    """The same as plain values."""
    return Terms(
        role=grant.role.value,
        department=grant.department,
        region=grant.region,
        category=grant.category,
        organisation=grant.organisation,
    )
