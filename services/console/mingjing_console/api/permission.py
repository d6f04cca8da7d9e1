"""Who may change access. One rule: an administrator reaches as far as his own grant, and no further."""

from __future__ import annotations

from mingjing_console.domain.person import Person
from mingjing_kernel.access.facts import GrantGiven
from mingjing_kernel.access.terms import Terms
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import UNDIVIDED, OutsideScope, Role, Scope
from mingjing_kernel.identity.grant import Value


def allow_giving(scope: Scope, terms: Terms) -> None:
    """Raise ``OutsideScope`` unless an administrator's grant of the caller covers all that these terms reach."""
    # "any" is within "any" only: '*' begins with no region and equals no department.
    if not scope.allows(
        role=Role.ADMINISTRATOR, department=terms.department, region=terms.region, category=terms.category
    ):
        raise OutsideScope


def administers(scope: Scope, department: Value, region: Value) -> bool:
    """Whether the caller administers whoever works there; nobody is divided by category."""
    return scope.allows(role=Role.ADMINISTRATOR, department=department, region=region, category=UNDIVIDED)


def allow_administering(kit: Kit, scope: Scope, person: Person) -> None:
    """Raise ``OutsideScope`` unless the caller administers the person, by where she works.

    Who was never named nor given anything (a client, somebody unknown) is the whole county's.
    """
    department, region = home_of(person)
    if not administers(scope, department or UNDIVIDED, region or kit.settings.county_code):
        raise OutsideScope


def home_of(person: Person) -> tuple[str, str]:
    """Department and region of a person: as she was named, or those of her first grant; empty for neither."""
    if person.named is not None:
        return person.named.department, person.named.region
    first: GrantGiven | None = next(iter(person.grants.values()), None)
    return ("", "") if first is None else (first.department, first.region)
