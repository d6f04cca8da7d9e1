"""Who may change access. One rule: an administrator reaches as far as his own grant, and no further."""

from __future__ import annotations

from datetime import datetime

from mingjing_console.acts import GIVE_GRANT, NAME_PERSON, NAME_SUBSTITUTE
from mingjing_console.domain.person import NOWHERE, Home, Person
from mingjing_kernel.access.terms import ANY, NOT_PASSED_ON, Terms
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Scope


def allow_giving(scope: Scope, terms: Terms) -> None:
    """Raise ``GrantMissing`` unless an administrator's grant of the caller covers all that these terms reach."""
    scope.require(GIVE_GRANT, reach_of(terms))


def reach_of(terms: Terms) -> Dimensions:
    """All that the terms reach, as one thing: "any" is within "any" only, for ``*`` begins with no region and equals no
    department.
    """
    return Dimensions(terms.department, terms.region, terms.category)


def allow_administering(kit: Kit, scope: Scope, act: Act, person: Person) -> None:
    """Raise ``OutsideScope`` unless the caller may do this to the person, by where she works.

    Who was never named nor given anything (a client, somebody unknown) is the whole county's, with all departments.
    """
    department, region = person.home
    here = Dimensions(department or ANY, region or kit.settings.county_code, UNDIVIDED)
    scope.require(act, here, seen=False)


def allow_lending(scope: Scope, person: Person, at: datetime) -> None:
    """Raise ``OutsideScope`` unless the caller could give all that a substitute of this person would use."""
    for given in person.grants.values():
        if given.role not in NOT_PASSED_ON and (given.valid_until is None or at < given.valid_until):
            scope.require(NAME_SUBSTITUTE, reach_of(given.terms), seen=False)


def movable_from(scope: Scope, person: Person, home: Home) -> Home | None:
    """Where the person works, if the caller may say that it is ``home`` now: he administers both; else None."""
    places = {person.home, home} - {NOWHERE}
    may = all(scope.may(NAME_PERSON, Dimensions(*place, UNDIVIDED)) for place in places)
    return person.home if may else None
