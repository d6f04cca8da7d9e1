"""Access of one person (人员授权): grants, substitutes, locks, and sign-ins that were ended; the rules are below.

One rule: nobody gives himself anything. Whoever's hands are on an act (the one who does it, and the one for whom he
does it as a substitute) must not be its beneficiary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_console.domain.person_commands import (
    Command,
    DismissSubstitute,
    GiveGrant,
    LockPerson,
    NameSubstitute,
    RecordRefusal,
    RevokeAccess,
    TakeGrant,
    UnlockPerson,
)
from mingjing_console.domain.person_refusals import (
    AlreadyTaken,
    GrantIdTaken,
    GrantUnknown,
    IsNotLocked,
    LocksHimself,
    RevocationIdTaken,
    SubstitutionIdTaken,
    SubstitutionUnknown,
    TooManyGrants,
)
from mingjing_console.domain.person_rules import check_given, check_lock, check_substitution, require_reason
from mingjing_kernel.access.facts import (
    AccessRevoked,
    GrantGiven,
    GrantTaken,
    PersonLocked,
    PersonUnlocked,
    SubstituteDismissed,
    SubstituteNamed,
)
from mingjing_kernel.decider import Decider

GRANTS_MAX = 200
"""Of one person at a time, those that begin later included, those that are over not."""
Home: TypeAlias = tuple[str, str]
"""Department and region where somebody works."""
NOWHERE: Home = ("", "")
"""Of whom nobody has said it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed:
    """What a person is called and where she works, for those who read the list; stays in this log."""

    person: str
    name: str
    department: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRefused:
    """Somebody wanted to change this person's access and a rule said no; ``rule`` is the refusal's code."""

    person: str
    act: str
    rule: str
    attempted_by: str
    attempted_at: datetime


Event: TypeAlias = (
    PersonNamed
    | ChangeRefused
    | GrantGiven
    | GrantTaken
    | SubstituteNamed
    | SubstituteDismissed
    | AccessRevoked
    | PersonLocked
    | PersonUnlocked
)


@dataclass(frozen=True, slots=True)
class Person:
    """What decisions about one person need."""

    named: PersonNamed | None = None
    grants: Mapping[UUID, GrantGiven] = field(default_factory=dict)
    """Not taken back; some may be over or not have begun."""
    taken: frozenset[UUID] = frozenset()
    substitutions: Mapping[UUID, SubstituteNamed] = field(default_factory=dict)
    dismissed: frozenset[UUID] = frozenset()
    revocations: Mapping[UUID, AccessRevoked] = field(default_factory=dict)
    lock: PersonLocked | None = None

    @property
    def home(self) -> Home:
        """As she was named, or by the first grant that an administrator gave her: no colleague moves her by a part of
        his own.
        """
        if self.named is not None:
            return self.named.department, self.named.region
        first = next((given for given in self.grants.values() if given.manner != "delegated"), None)
        return NOWHERE if first is None else (first.department, first.region)


def decide(command: Command, person: Person) -> list[Event]:
    """The facts that follow; none when the command was carried out before."""
    match command:
        case GiveGrant():
            return _give(command, person)
        case TakeGrant():
            return _take(command, person)
        case NameSubstitute():
            return _name_substitute(command, person)
        case DismissSubstitute():
            return _dismiss_substitute(command, person)
        case RevokeAccess():
            return _revoke(command, person)
        case LockPerson():
            return _lock(command)
        case UnlockPerson():
            return _unlock(command, person)
        case RecordRefusal():
            return [_refused(command)]
        case _:
            assert_never(command)


def evolve(person: Person, event: Event) -> Person:
    """The person after an event."""
    match event:
        case PersonNamed():
            return replace(person, named=event)
        case GrantGiven():
            return replace(person, grants={**person.grants, event.grant_id: event})
        case GrantTaken():
            kept = {key: given for key, given in person.grants.items() if key != event.grant_id}
            return replace(person, grants=kept, taken=person.taken | {event.grant_id})
        case SubstituteNamed():
            return replace(person, substitutions={**person.substitutions, event.substitution_id: event})
        case SubstituteDismissed():
            left = {key: one for key, one in person.substitutions.items() if key != event.substitution_id}
            return replace(person, substitutions=left, dismissed=person.dismissed | {event.substitution_id})
        case AccessRevoked():
            return replace(person, revocations={**person.revocations, event.revocation_id: event})
        case PersonLocked():
            return replace(person, lock=event)
        case PersonUnlocked():
            return replace(person, lock=None)
        case ChangeRefused():
            return person
        case _:
            assert_never(event)


PERSON: Decider[Command, Person, Event] = Decider(initial=Person(), decide=decide, evolve=evolve)


def _give(command: GiveGrant, person: Person) -> list[Event]:
    if command.grant_id in person.taken:
        raise AlreadyTaken
    given = _given(command)
    before = person.grants.get(command.grant_id)
    if before is not None:
        if replace(given, given_at=before.given_at, valid_from=before.valid_from) != before:
            raise GrantIdTaken
        return []
    check_given(command, person.grants.values())
    held = [given for given in person.grants.values() if given.valid_until is None or command.at < given.valid_until]
    if len(held) >= GRANTS_MAX:
        raise TooManyGrants(maximum=GRANTS_MAX)
    named = PersonNamed(
        person=command.person, name=command.name, department=command.home_department, region=command.home_region
    )
    is_news = bool(command.name) and named != person.named and command.movable_from == person.home
    return [named, given] if is_news else [given]


def _given(command: GiveGrant) -> GrantGiven:
    terms = command.terms
    return GrantGiven(
        person=command.person,
        grant_id=command.grant_id,
        role=terms.role,
        department=terms.department,
        region=terms.region,
        category=terms.category,
        organisation=terms.organisation,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        manner=command.manner,
        delegated_from=None if command.source is None else command.source.grant_id,
        given_by=command.given_by,
        reason=command.reason,
        legal_basis=command.legal_basis,
        given_at=command.at,
    )


def _take(command: TakeGrant, person: Person) -> list[Event]:
    if command.grant_id in person.taken:
        return []
    if command.grant_id not in person.grants:
        raise GrantUnknown
    require_reason(command.reason)
    return [
        GrantTaken(
            person=command.person,
            grant_id=command.grant_id,
            taken_by=command.taken_by,
            reason=command.reason,
            legal_basis=command.legal_basis,
            taken_at=command.at,
        )
    ]


def _name_substitute(command: NameSubstitute, person: Person) -> list[Event]:
    named = SubstituteNamed(
        person=command.person,
        substitution_id=command.substitution_id,
        substitute=command.substitute,
        department=command.home_department,
        region=command.home_region,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        named_by=command.named_by,
        reason=command.reason,
        legal_basis=command.legal_basis,
        named_at=command.at,
    )
    before = person.substitutions.get(command.substitution_id)
    if before is not None:
        if replace(named, named_at=before.named_at, valid_from=before.valid_from) != before:
            raise SubstitutionIdTaken
        return []
    if command.substitution_id in person.dismissed:
        raise AlreadyTaken
    check_substitution(command)
    return [named]


def _dismiss_substitute(command: DismissSubstitute, person: Person) -> list[Event]:
    if command.substitution_id in person.dismissed:
        return []
    named = person.substitutions.get(command.substitution_id)
    if named is None:
        raise SubstitutionUnknown
    require_reason(command.reason)
    return [
        SubstituteDismissed(
            person=command.person,
            substitution_id=command.substitution_id,
            substitute=named.substitute,
            dismissed_by=command.dismissed_by,
            reason=command.reason,
            dismissed_at=command.at,
        )
    ]


def _revoke(command: RevokeAccess, person: Person) -> list[Event]:
    before = person.revocations.get(command.revocation_id)
    if before is not None:
        if (before.what, before.value) != (command.what, command.value):
            raise RevocationIdTaken
        return []
    require_reason(command.reason)
    return [
        AccessRevoked(
            person=command.person,
            revocation_id=command.revocation_id,
            what=command.what,
            value=command.value,
            before=command.at,
            revoked_by=command.revoked_by,
            reason=command.reason,
            revoked_at=command.at,
        )
    ]


def _lock(command: LockPerson) -> list[Event]:
    check_lock(command)
    if command.locked_by == command.person:
        raise LocksHimself
    return [
        PersonLocked(
            person=command.person,
            locked_until=command.locked_until,
            locked_by=command.locked_by,
            reason=command.reason,
            locked_at=command.at,
        )
    ]


def _unlock(command: UnlockPerson, person: Person) -> list[Event]:
    if person.lock is None:
        raise IsNotLocked
    require_reason(command.reason)
    return [
        PersonUnlocked(
            person=command.person, unlocked_by=command.unlocked_by, reason=command.reason, unlocked_at=command.at
        )
    ]


def _refused(command: RecordRefusal) -> ChangeRefused:
    return ChangeRefused(
        person=command.person,
        act=command.act,
        rule=command.rule,
        attempted_by=command.attempted_by,
        attempted_at=command.at,
    )
