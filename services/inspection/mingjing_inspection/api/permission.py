"""Who may act on a thing of this service. One rule: the same grants that show a row allow the act on it."""

from __future__ import annotations

from typing import Protocol

from mingjing_kernel.identity import OFFICIALS, Act, Dimensions, Scope


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


def dimensions_of(thing: Scoped, region: str = "") -> Dimensions:
    """Where a thing stands; ``region`` narrows it, to a site's grid for example."""
    return Dimensions(thing.department, region or thing.region, thing.category)


def allow(scope: Scope, act: Act, thing: Scoped, region: str = "") -> None:
    """Raise ``OutsideScope`` unless a grant covers the act; what the caller may not see, it does not tell of."""
    here = dimensions_of(thing, region)
    scope.require(act, here, seen=scope.allows(role=OFFICIALS, **here._asdict()))
