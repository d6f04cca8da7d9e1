"""Who may act on a thing of this service. One rule: the same grants that show a row allow the act on it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from mingjing_kernel.identity import OutsideScope, Role, Scope

PATROL = frozenset({Role.GRID_OFFICER, Role.INSPECTOR})
INTAKE = frozenset({Role.HOTLINE_OPERATOR, Role.MEDIATOR, Role.CASE_OFFICER})
UNSEALING = frozenset({Role.HOTLINE_OPERATOR, Role.MEDIATOR, Role.CASE_OFFICER})
"""Who calls complainants back, mediates or takes their statement; nobody else has a reason to know who they are."""
PLANNING = frozenset({Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER, Role.FUND_REGULATOR})


class Scoped(Protocol):
    """Anything with the three dimensions that a grant limits."""

    @property
    def department(self) -> str:
        """The competent department."""
        ...

    @property
    def region(self) -> str:
        """Grid or division code."""
        ...

    @property
    def category(self) -> str:
        """Training category."""
        ...


def allow(scope: Scope, roles: Collection[Role], thing: Scoped, region: str = "") -> None:
    """Raise ``OutsideScope`` unless a grant covers the thing; ``region`` narrows it, to a site's grid for example."""
    if not scope.allows(
        role=roles, department=thing.department, region=region or thing.region, category=thing.category
    ):
        raise OutsideScope
