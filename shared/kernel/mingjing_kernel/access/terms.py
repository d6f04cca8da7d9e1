"""The terms of a grant as plain values: what it reaches, and whether it reaches as far as another.

Pure, so that domains may import it. The one rule: ``covers`` is never true where the wider grant would refuse a row
that the narrower one lets through; ``mingjing_kernel.identity.grant`` says which rows those are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANY: Final = "*"
"""Whatever the row says; the same word as in ``Grant``."""
NOT_PASSED_ON: Final = frozenset({"administrator", "auditor", "service", "public"})
"""Roles that are neither delegated nor lent: who gives grants, who checks those who do, and what is no person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Role × department × region prefix × category × organisation (角色、部门、区划、类别、单位)."""

    role: str
    department: str
    region: str
    category: str
    organisation: str = ""

    def covers(self, other: Terms) -> bool:
        """Whether everything that ``other`` reaches is within these terms."""
        return (
            self.role == other.role
            and _is_within(other.department, self.department)
            and _region_is_within(other.region, self.region)
            and _is_within(other.category, self.category)
            and _is_within(other.organisation, self.organisation)
        )

    def overlaps(self, other: Terms) -> bool:
        """Whether there may be a thing that both reach, whatever the roles."""
        return (
            _meet(self.department, other.department)
            and (_region_is_within(self.region, other.region) or _region_is_within(other.region, self.region))
            and _meet(self.category, other.category)
        )


def _is_within(narrow: str, wide: str) -> bool:
    return wide in (ANY, narrow)


def _region_is_within(narrow: str, wide: str) -> bool:
    return wide == ANY or (narrow != ANY and narrow.startswith(wide))


def _meet(one: str, other: str) -> bool:
    return ANY in (one, other) or one == other
