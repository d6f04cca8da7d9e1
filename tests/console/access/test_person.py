"""What an administrator, a holder and a substitute may bring about, as rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from mingjing_console.domain.person import GRANTS_MAX, NOWHERE, PERSON, Person, PersonNamed
from mingjing_console.domain.person_commands import (
    DismissSubstitute,
    GiveGrant,
    LockPerson,
    NameSubstitute,
    RevokeAccess,
    TakeGrant,
    UnlockPerson,
)
from mingjing_console.domain.person_refusals import (
    AlreadyTaken,
    DelegationEndMissing,
    GivesHimself,
    GrantIdTaken,
    GrantNotTheirs,
    GrantUnknown,
    IsNotLocked,
    LegalBasisMissing,
    LocksHimself,
    LongerThanOwn,
    NotAPersonsRole,
    PeriodEmpty,
    PeriodOver,
    ReasonMissing,
    RoleNotDelegable,
    RolesKeptApart,
    SubstitutesHimself,
    SubstitutionTooLong,
    TooManyGrants,
    WiderThanOwn,
)
from mingjing_kernel.access.facts import GrantGiven, GrantTaken, SubstituteDismissed
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.access.terms import Terms
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
INSPECTOR = Terms(role="inspector", department="market-regulation", region="330106", category="*")
person = Spec(PERSON)


def give(number: int = 1, **more: Any) -> GiveGrant:
    said: dict[str, Any] = {
        "person": "p-1",
        "name": "程立夏",
        "home_department": "market-regulation",
        "home_region": "330106",
        "movable_from": NOWHERE,
        "terms": INSPECTOR,
        "valid_from": AT,
        "valid_until": None,
        "manner": "given",
        "source": None,
        "given_by": "admin",
        "hands": frozenset({"admin"}),
        "apart": frozenset(),
        "reason": "任命",
        "legal_basis": "任字〔2026〕1号",
        "at": AT,
        **more,
    }
    return GiveGrant(grant_id=UUID(int=number), **said)


def facts(command: GiveGrant, *before: Any) -> list[Any]:
    return PERSON.decide(command, PERSON.fold(before))


def grant(number: int = 1, **more: Any) -> GrantGiven:
    return facts(give(number, **more))[-1]


SOURCE = grant(valid_until=AT + 10 * DAY)


def delegate(**more: Any) -> GiveGrant:
    said: dict[str, Any] = {
        "person": "p-2",
        "valid_until": AT + DAY,
        "manner": "delegated",
        "source": SOURCE,
        "given_by": "p-1",
        "hands": frozenset({"p-1"}),
        "legal_basis": "",
        **more,
    }
    return give(2, **said)


def person_of(*before: Any) -> Person:
    return PERSON.fold(before)


def substitute(**more: Any) -> NameSubstitute:
    said: dict[str, Any] = {
        "person": "p-1",
        "substitute": "p-2",
        "home_department": "market-regulation",
        "home_region": "330106",
        "valid_from": AT,
        "valid_until": AT + DAY,
        "named_by": "p-1",
        "hands": frozenset({"p-1"}),
        "reason": "休假",
        "legal_basis": "",
        "at": AT,
        **more,
    }
    return NameSubstitute(substitution_id=UUID(int=7), **said)


def test_a_grant_is_given_with_the_name_of_its_holder_and_once() -> None:
    named = PersonNamed(person="p-1", name="程立夏", department="market-regulation", region="330106")
    person.when(give()).then(named, grant())
    person.given(named, grant()).when(give()).then()
    person.given(named, grant()).when(give(at=AT + DAY, valid_from=AT + DAY)).then()
    person.given(named, grant()).when(give(2)).then(grant(2))


def test_nobody_is_named_or_moved_out_of_a_home_that_the_giver_may_not_move_her_from() -> None:
    named, first = facts(give())
    moved = give(2, home_department="education", movable_from=person_of(named).home)
    person.given(named, first).when(moved).then(replace(named, department="education"), grant(2))
    for other in (None, NOWHERE, ("education", "330106")):
        person.given(named, first).when(replace(moved, movable_from=other)).then(grant(2))
        person.given(first).when(replace(moved, movable_from=other)).then(grant(2))


def test_a_delegation_is_nobodys_home() -> None:
    assert person_of(facts(delegate())[-1]).home == NOWHERE
    assert person_of(grant()).home == ("market-regulation", "330106")


def test_what_is_over_leaves_room_for_another_grant() -> None:
    held = [grant(number, valid_until=AT + DAY) for number in range(GRANTS_MAX)]
    last = give(GRANTS_MAX, name="")
    person.given(*held).when(last).then_refused(TooManyGrants)
    person.given(*held).when(replace(last, at=AT + DAY)).then(*facts(replace(last, at=AT + DAY)))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (give(hands=frozenset({"p-1"})), GivesHimself),
        (give(hands=frozenset({"admin", "p-1"})), GivesHimself),
        (give(terms=replace(INSPECTOR, role="service")), NotAPersonsRole),
        (give(terms=replace(INSPECTOR, role="public")), NotAPersonsRole),
        (give(reason=" "), ReasonMissing),
        (give(legal_basis=""), LegalBasisMissing),
        (give(valid_until=AT), PeriodEmpty),
        (give(valid_from=AT - 2 * DAY, valid_until=AT), PeriodOver),
        (delegate(valid_until=None), DelegationEndMissing),
        (delegate(source=None), GrantNotTheirs),
        (delegate(given_by="p-9"), GrantNotTheirs),
        (delegate(source=replace(SOURCE, delegated_from=UUID(int=9))), RoleNotDelegable),
        (delegate(source=replace(SOURCE, role="administrator")), RoleNotDelegable),
        (delegate(terms=replace(INSPECTOR, region="3301")), WiderThanOwn),
        (delegate(terms=replace(INSPECTOR, department="*")), WiderThanOwn),
        (delegate(valid_until=AT + 11 * DAY), LongerThanOwn),
        (delegate(valid_from=AT - DAY), LongerThanOwn),
        (delegate(person="p-1"), GivesHimself),
        (substitute(substitute="p-1"), SubstitutesHimself),
        (substitute(hands=frozenset({"p-2"})), GivesHimself),
        (substitute(hands=frozenset({"admin", "p-2"})), GivesHimself),
        (substitute(valid_until=AT + 400 * DAY), SubstitutionTooLong),
        (substitute(reason=""), ReasonMissing),
        (TakeGrant(person="p-1", grant_id=UUID(int=1), taken_by="a", reason="r", legal_basis="", at=AT), GrantUnknown),
        (LockPerson(person="p-1", locked_until=None, locked_by="p-1", reason="r", at=AT), LocksHimself),
        (LockPerson(person="p-1", locked_until=AT, locked_by="a", reason="r", at=AT), PeriodOver),
        (UnlockPerson(person="p-1", unlocked_by="a", reason="r", at=AT), IsNotLocked),
        (
            RevokeAccess(
                person="p-1", revocation_id=UUID(int=3), what="person", value="p-1", revoked_by="a", reason="", at=AT
            ),
            ReasonMissing,
        ),
    ],
)
def test_what_may_not_be_done_says_why(command: Any, reason: type[Refusal]) -> None:
    person.when(command).then_refused(reason)


def test_an_id_means_one_grant_for_ever() -> None:
    before = person.given(*facts(give()))
    before.when(give(terms=replace(INSPECTOR, role="mediator"))).then_refused(GrantIdTaken)
    take = TakeGrant(person="p-1", grant_id=UUID(int=1), taken_by="admin", reason="调离", legal_basis="", at=AT)
    gone = GrantTaken(person="p-1", grant_id=UUID(int=1), taken_by="admin", reason="调离", legal_basis="", taken_at=AT)
    before.when(take).then(gone)
    person.given(*facts(give()), gone).when(take).then()
    person.given(*facts(give()), gone).when(give()).then_refused(AlreadyTaken)


def test_roles_that_check_each_other_do_not_meet_over_the_same_things_at_the_same_time() -> None:
    other = give(2, terms=replace(INSPECTOR, role="approver", region="330106109"), apart=frozenset({"inspector"}))
    held = person.given(*facts(give(valid_until=AT + DAY)))
    held.when(other).then_refused(RolesKeptApart)
    held.when(replace(other, valid_from=AT + DAY)).then(*facts(replace(other, valid_from=AT + DAY, name="")))
    elsewhere = replace(other, terms=replace(other.terms, region="330105"), name="")
    held.when(elsewhere).then(*facts(elsewhere))


def test_a_substitution_ends_once() -> None:
    named = PERSON.decide(substitute(), Person())
    end = DismissSubstitute(person="p-1", substitution_id=UUID(int=7), dismissed_by="p-1", reason="回岗", at=AT)
    gone = SubstituteDismissed(
        person="p-1",
        substitution_id=UUID(int=7),
        substitute="p-2",
        dismissed_by="p-1",
        reason="回岗",
        dismissed_at=AT,
    )
    person.given(*named).when(end).then(gone)
    person.given(*named, gone).when(end).then()
    person.given(*named).when(substitute(at=AT + DAY / 2)).then()
    person.given(*named, gone).when(substitute()).then_refused(AlreadyTaken)


words = st.sampled_from(["*", "education", "science"])
terms = st.builds(
    Terms,
    role=st.sampled_from(["inspector", "bank", "administrator"]),
    department=words,
    region=st.sampled_from(["*", "33", "330106", "330106109"]),
    category=words,
    organisation=st.sampled_from(["", "*", "icbc"]),
)
moments = st.integers(-5, 15).map(lambda days: AT + days * DAY)


@forall(wide=terms, narrow=terms, begins=moments, ends=moments, ask=moments)
def test_whatever_a_holder_delegates_is_never_wider_and_never_longer_than_the_grant(
    wide: Terms, narrow: Terms, begins: datetime, ends: datetime, ask: datetime
) -> None:
    source = grant(terms=wide, valid_until=AT + 10 * DAY)
    command = delegate(source=source, terms=narrow, valid_from=begins, valid_until=ends)
    known = Standing()
    known.apply(source)
    try:
        for fact in facts(replace(command, name="")):
            known.apply(fact)
    except Refusal:
        return
    assert wide.covers(narrow)
    for held in known.grants_of("p-2", ask):
        assert source.valid_from <= ask < AT + 10 * DAY
        assert held.until is not None
        assert held.until <= AT + 10 * DAY
