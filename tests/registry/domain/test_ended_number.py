"""A licence number that ended stays known; one that was revoked or cancelled is never given again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingjing_registry.domain.application import SignLicence
from mingjing_registry.domain.ended_number import EndedNumber, ended_after, finally_ended
from mingjing_registry.domain.institution import Known, Unknown
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.licence import (
    AcceptApplication,
    LicenceExpired,
    LicenceRecorded,
    LicenceRenewed,
    Licensed,
)
from mingjing_registry.domain.number_refusals import LicenceNumberEnded
from mingjing_registry.domain.particulars import Listing
from registry.domain.test_granting import CHECK, FULL, after
from registry.domain.test_institution import LICENCE, ROW
from registry.domain.test_licence import APPLY, ON, REVOKE, TERMS

EXPIRED = LicenceExpired(expired_on=ON, on=ON)
RENEWED = LicenceRenewed(expires_on=date(2030, 1, 1), signed_by=("a", "b"), on=ON)
REPLACED = LicenceRecorded(
    terms=replace(TERMS, number="教民133010670000099"), standing="licensed", standing_since=None, note="", on=ON
)


def test_a_number_that_ran_out_comes_back_with_its_renewal() -> None:
    ended = ended_after((), TERMS.number, EXPIRED)
    assert ended == (EndedNumber(number=TERMS.number, how="expired", on=ON),)
    assert finally_ended(ended, TERMS.number) is None
    assert ended_after(ended, TERMS.number, RENEWED) == ()


def test_a_number_that_was_replaced_is_known_and_comes_back_when_it_is_stated_again() -> None:
    ended = ended_after((), TERMS.number, REPLACED)
    assert ended == (EndedNumber(number=TERMS.number, how="replaced", on=ON),)
    assert finally_ended(ended, TERMS.number) is None
    again = ended_after(ended, REPLACED.terms.number, replace(REPLACED, terms=TERMS))
    assert again == (EndedNumber(number=REPLACED.terms.number, how="replaced", on=ON),)
    lost = replace(REPLACED, terms=replace(TERMS, number=""))
    assert ended_after((), TERMS.number, lost) == (), "a list that lost the digits replaces nothing"


def test_what_is_no_number_never_ends() -> None:
    revoked = replace(REPLACED, standing="revoked", terms=replace(TERMS, number="办理中"))
    assert ended_after((), "办理中", revoked) == ()
    assert ended_after((), "办理中", REPLACED) == ()


def stated(days: int) -> Listing:
    return replace(ROW.listing, stated_on=ON + timedelta(days=days))


def test_a_later_list_corrects_a_number_that_another_one_mistyped() -> None:
    anew = replace(ROW, licence=replace(LICENCE, terms=REPLACED.terms), listing=stated(1))
    before = after(ROW, anew)
    again = replace(ROW, listing=stated(2))
    state: Unknown | Known = before
    for event in INSTITUTION.decide(again, before):
        state = INSTITUTION.evolve(state, event)
    assert isinstance(state, Known)
    assert isinstance(before.licence, Licensed)
    assert isinstance(state.licence, Licensed)
    assert state.licence.terms.number == LICENCE.terms.number
    assert [(one.number, one.how) for one in state.ended_numbers] == [(REPLACED.terms.number, "replaced")]


def test_a_revoked_number_is_not_signed_for_again() -> None:
    revoked = after(ROW, REVOKE, replace(APPLY, content=FULL), AcceptApplication(on=ON), CHECK)
    assert [(one.number, one.how) for one in revoked.ended_numbers] == [(LICENCE.terms.number, "revoked")]
    with pytest.raises(LicenceNumberEnded):
        INSTITUTION.decide(SignLicence(terms=LICENCE.terms, officer="甲", on=ON), revoked)
