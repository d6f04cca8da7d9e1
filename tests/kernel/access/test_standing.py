"""What a person may do at a moment, from everything that was said before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from kernel.access.samples import (
    AT,
    DAY,
    SECOND,
    delegated,
    dismissed,
    given,
    locked,
    named,
    revoked,
    taken,
    unlocked,
)
from mingjing_kernel.access.facts import Fact
from mingjing_kernel.access.standing import REVOKED_DAYS_MAX, TAKEN_DAYS_MAX, Standing
from mingjing_kernel.access.terms import Terms
from mingjing_kernel.identity import ANY, Grant, Role
from mingjing_kernel.identity.grant import Dimensions, holds
from mingjing_kernel.identity.scope import Session

EARLY = timedelta(microseconds=1)


def standing(*facts: Fact) -> Standing:
    made = Standing()
    for fact in facts:
        made.apply(fact)
    return made


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "is_in_force"),
    [
        (AT, None, True),
        (AT + EARLY, None, False),
        (AT + DAY, None, False),
        (AT - DAY, AT, False),
        (AT - DAY, AT - SECOND, False),
        (AT - DAY, AT + EARLY, True),
        (AT, AT + EARLY, True),
    ],
)
def test_a_grant_is_in_force_from_its_first_moment_until_just_before_its_end(
    valid_from: datetime, valid_until: datetime | None, is_in_force: bool
) -> None:
    found = standing(given(1, valid_from=valid_from, valid_until=valid_until)).grants_of("p-1", AT)
    assert bool(found) is is_in_force
    assert [grant.until for grant in found] == ([valid_until] if is_in_force else [])


def test_a_remembered_answer_does_not_outlive_the_next_edge() -> None:
    known = standing(given(1, valid_until=AT + DAY), given(2, valid_from=AT + SECOND, role="mediator"))
    assert [grant.role for grant in known.grants_of("p-1", AT)] == ["inspector"]
    assert [grant.role for grant in known.grants_of("p-1", AT + SECOND)] == ["inspector", "mediator"]
    assert [grant.role for grant in known.grants_of("p-1", AT)] == ["inspector"]
    assert [grant.role for grant in known.grants_of("p-1", AT + DAY)] == ["mediator"]


def test_what_was_taken_back_is_gone_and_nobody_elses() -> None:
    known = standing(given(1), given(2, "p-2"), taken(1))
    assert known.grants_of("p-1", AT) == ()
    assert known.grants_of("p-2", AT) == (Grant(Role.INSPECTOR, ANY, "330106", ANY),)


def test_a_role_of_a_later_release_grants_nothing_and_spoils_nothing() -> None:
    known = standing(given(1, role="emperor"), given(2, region="33x"), given(3))
    assert [grant.role for grant in known.grants_of("p-1", AT)] == ["inspector"]


def test_a_delegation_ends_with_the_grant_that_it_is_part_of() -> None:
    source = given(1, valid_until=AT + DAY / 2)
    known = standing(source, delegated(2, source))
    assert [grant.until for grant in known.grants_of("p-2", AT)] == [AT + DAY / 2]
    assert known.grants_of("p-2", AT + DAY / 2) == ()
    known.apply(taken(1))
    assert known.grants_of("p-2", AT) == ()


def test_a_delegation_that_no_holder_could_make_grants_nothing() -> None:
    source = given(1, region="330106")
    wider = delegated(2, source, region="33")
    another = delegated(3, source, given_by="p-9")
    once = delegated(4, source)
    twice = delegated(5, once, "p-3")
    known = standing(source, wider, another, once, twice)
    assert [grant.region for grant in known.grants_of("p-2", AT)] == ["330106"]
    assert known.grants_of("p-3", AT) == ()


def test_a_substitute_acts_between_two_moments_and_for_nobody_else() -> None:
    known = standing(named(1))
    for at, since in ((AT - EARLY, None), (AT, AT), (AT + DAY - EARLY, AT), (AT + DAY, None)):
        assert known.stands_in_since("p-2", "p-1", at) == since
    assert known.stands_in_since("p-1", "p-2", AT) is None
    known.apply(dismissed(1))
    assert known.stands_in_since("p-2", "p-1", AT) is None


def test_a_substitution_begins_with_its_first_day_or_when_it_was_named_and_named_again_it_begins_again() -> None:
    known = standing(named(1, valid_from=AT - DAY, named_at=AT))
    assert known.stands_in_since("p-2", "p-1", AT + SECOND) == AT
    known.apply(named(2, valid_from=AT + DAY / 2, named_at=AT))
    assert known.stands_in_since("p-2", "p-1", AT + DAY / 2 - EARLY) == AT
    assert known.stands_in_since("p-2", "p-1", AT + DAY / 2) == AT + DAY / 2


@pytest.mark.parametrize(
    ("more", "is_kept"),
    [
        ({}, True),
        ({"valid_from": AT, "given_at": AT}, True),
        ({"valid_from": AT + EARLY}, False),
        ({"given_at": AT + EARLY}, False),
        ({"valid_until": AT + DAY / 2}, False),
        ({"valid_until": AT + DAY}, True),
    ],
)
def test_kept_is_what_was_held_when_something_began_and_is_held_still(more: dict[str, Any], is_kept: bool) -> None:
    known = standing(given(1, **more))
    assert bool(known.kept_since("p-1", AT, AT + DAY / 2)) is is_kept
    known.apply(taken(1))
    assert known.kept_since("p-1", AT, AT + DAY / 2) == ()


@pytest.mark.parametrize(
    ("what", "value", "session"),
    [
        ("session", "s-1", Session(session_id="s-1", issued_at=AT + DAY)),
        ("token", "j-1", Session(token_id="j-1", issued_at=AT + DAY)),
        ("person", "p-1", Session(issued_at=AT - SECOND)),
        ("person", "p-1", Session()),
        ("client", "bank", Session(client="bank", issued_at=AT - SECOND)),
    ],
)
def test_what_was_revoked_is_found(what: str, value: str, session: Session) -> None:
    assert standing(revoked(what, value)).revocation("p-1", session) is not None
    assert standing().revocation("p-1", session) is None


@pytest.mark.parametrize(
    ("what", "value", "session"),
    [
        ("session", "s-1", Session(session_id="s-2")),
        ("person", "p-1", Session(issued_at=AT)),
        ("client", "bank", Session(client="bank", issued_at=AT)),
        ("client", "bank", Session()),
    ],
)
def test_a_new_sign_in_is_not_met_by_an_old_revocation(what: str, value: str, session: Session) -> None:
    assert standing(revoked(what, value)).revocation("p-1", session) is None


def test_nobody_ends_the_session_of_another_by_naming_it() -> None:
    known = standing(revoked("session", "s-1", "p-2"))
    assert known.revocation("p-1", Session(session_id="s-1")) is None


def test_a_revoked_session_is_forgotten_when_none_can_live_any_more() -> None:
    later = AT + timedelta(days=REVOKED_DAYS_MAX) + SECOND
    known = standing(revoked("session", "s-1"), revoked("person", "p-1"), revoked("session", "s-2", at=later))
    assert known.revocation("p-1", Session(session_id="s-1", issued_at=later)) is None
    assert known.revocation("p-1", Session(session_id="s-2", issued_at=later)) is not None
    assert known.revocation("p-1", Session()) is not None


def test_a_session_that_is_ended_anew_is_remembered_from_then_on() -> None:
    later = AT + timedelta(days=REVOKED_DAYS_MAX)
    known = standing(revoked("session", "s-1"), revoked("session", "s-1", at=later))
    known.apply(revoked("session", "s-2", at=later + SECOND))
    assert known.revocation("p-1", Session(session_id="s-1", issued_at=AT)) is not None


def test_one_sign_out_more_looks_at_none_of_the_others() -> None:
    class Counting(dict):
        looks = 0

        def items(self):
            self.looks += len(self)
            return super().items()

    known = standing()
    known.revoked = Counting()
    for number in range(500):
        known.apply(revoked("session", f"s-{number}"))
    assert known.revoked.looks == 0
    known.apply(revoked("session", "s-last", at=AT + timedelta(days=REVOKED_DAYS_MAX) + SECOND))
    assert list(known.revoked) == [("session", "s-last", "p-1")]


def test_a_lock_holds_until_its_end_or_until_somebody_unlocks() -> None:
    known = standing(locked(), locked("p-2", until=AT + DAY))
    assert known.lock("p-1", AT + 1000 * DAY) is not None
    assert known.lock("p-2", AT + DAY - EARLY) is not None
    assert known.lock("p-2", AT + DAY) is None
    known.apply(unlocked())
    assert known.lock("p-1", AT) is None


words = st.sampled_from(["*", "education", "science"])
regions = st.sampled_from(["*", "33", "3301", "330106", "330106109", "110101"])
organisations = st.sampled_from(["", "*", "icbc", "abc"])
terms = st.builds(
    Terms,
    role=st.sampled_from(["inspector", "bank"]),
    department=words,
    region=regions,
    category=words,
    organisation=organisations,
)
rows = st.fixed_dictionaries(
    {
        "department": st.sampled_from(["education", "science", None]),
        "region": st.sampled_from(["330106", "330106109001", "3302", "110101", None]),
        "category": st.sampled_from(["education", "science", "", None]),
        "holder": st.sampled_from(["icbc", "abc", None]),
    }
).map(lambda row: Dimensions(**row))


def grant_of(one: Terms) -> Grant:
    return Grant(Role(one.role), one.department, one.region, one.category, one.organisation)


@forall(wide=terms, narrow=terms, row=rows)
def test_a_delegation_never_reaches_a_row_that_its_source_does_not(wide: Terms, narrow: Terms, row: Dimensions) -> None:
    source = given(1, **_fields(wide))
    known = standing(source, delegated(2, source, **_fields(narrow)))
    for grant in known.grants_of("p-2", AT):
        assert wide.covers(narrow)
        assert not holds(grant, row) or holds(grant_of(wide), row)


@forall(one=terms, other=terms, row=rows)
def test_terms_that_meet_no_common_row_do_not_overlap(one: Terms, other: Terms, row: Dimensions) -> None:
    """Whatever two grants both reach is found by ``overlaps``: a pair of roles cannot meet unseen."""
    if holds(grant_of(one), row) and holds(grant_of(other), row):
        assert one.overlaps(other)


def _fields(one: Terms) -> dict[str, str]:
    return {name: getattr(one, name) for name in ("role", "department", "region", "category", "organisation")}


numbers = st.integers(1, 4)
moments = st.integers(-3, 3).map(lambda days: AT + days * DAY)
people = st.sampled_from(["p-1", "p-2"])
facts = st.one_of(
    st.builds(lambda n, p, f, u: given(n, p, valid_from=f, valid_until=u), numbers, people, moments, moments),
    st.builds(taken, numbers, people),
    st.builds(named, numbers, people, people),
    st.builds(dismissed, numbers),
    st.builds(revoked, st.sampled_from(["session", "person"]), st.sampled_from(["s-1", "p-1"])),
    st.builds(locked, people),
    st.builds(unlocked, people),
)


@forall(said=st.lists(facts, max_size=20), at=moments)
def test_asking_in_between_changes_no_later_answer(said: list[Fact], at: datetime) -> None:
    asked = Standing()
    for fact in said:
        asked.apply(fact)
        asked.grants_of("p-1", AT)
        asked.grants_of("p-2", at)
    fresh = standing(*said)
    assert asked.document() == fresh.document()
    for person in ("p-1", "p-2"):
        assert asked.grants_of(person, at) == fresh.grants_of(person, at)


@forall(said=st.lists(facts, max_size=20), began=moments, later=st.integers(0, 6))
def test_kept_is_a_part_of_what_is_held_now_and_of_what_was_held_then(
    said: list[Fact], began: datetime, later: int
) -> None:
    known, at = standing(*said), began + later * DAY
    kept = known.kept_since("p-1", began, at)
    assert set(kept) <= set(known.grants_of("p-1", at))
    assert set(kept) <= set(known.grants_of("p-1", began))
    if not later:
        assert len(kept) == sum(one.given_at <= at and known.in_force(one, at) for one in known.held_by("p-1"))


def test_what_was_held_at_a_moment_is_told_after_it_was_taken_back_and_not_for_ever() -> None:
    before, after = AT - SECOND, AT + SECOND
    facts = (given(1, valid_from=AT - DAY), taken(1, at=AT))
    now = standing(*facts)
    assert (now.grants_of("p-1", before), len(now.held_then("p-1", before)), now.held_then("p-1", after)) == ((), 1, ())
    assert now.held_then("p-1", AT - 2 * DAY) == (), "it had not begun"
    late = AT + timedelta(days=TAKEN_DAYS_MAX + 1)
    later = standing(*facts, given(2, "p-2", valid_from=AT - DAY), taken(2, "p-2", at=late))
    assert later.held_then("p-1", before) == ()
    assert len(later.held_then("p-2", before)) == 1


def test_what_was_delegated_was_held_as_long_as_its_source_was() -> None:
    source = given(1, valid_from=AT - DAY)
    now = standing(source, delegated(2, source, valid_from=AT - DAY), taken(1, at=AT))
    assert (now.grants_of("p-2", AT - SECOND), len(now.held_then("p-2", AT - SECOND))) == ((), 1)
    assert now.held_then("p-2", AT + SECOND) == ()
