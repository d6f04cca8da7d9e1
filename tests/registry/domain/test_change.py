"""Changes need approval: nothing moves before it, and the file follows the competent department."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.change import (
    ApproveChange,
    ChangeApproved,
    ChangeKind,
    ChangeProposed,
    ChangeRefused,
    FileTransferred,
    ProposeChange,
    RefuseChange,
    UnapprovedChangeNoticed,
    Wish,
)
from mingjing_registry.domain.institution import InstitutionAmended
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.liability import LiabilityAsked, LiabilityStated, NoteLiability
from mingjing_registry.domain.licence import LicenceCancelled, Licensed
from mingjing_registry.domain.licence_refusals import (
    ChangeIncomplete,
    ChangeNeedsApproval,
    ChangeNotPending,
    ChangePending,
    ChangeUnknown,
    ChangeWithoutEffect,
    ConversionNotPossible,
)
from mingjing_registry.domain.particulars import Category, Nature
from mingjing_registry.domain.profile import Profile
from mingjing_registry.domain.record_facts import ProfileRecorded, RecordProfile
from mingjing_registry.domain.refusals import LicenceNotInThatState, ReasonMissing, SubjectLicencesClosed
from registry.domain.test_granting import RECORD, after
from registry.domain.test_institution import MUDUO, RENAME, ROW
from registry.domain.test_licence import ON, REVOKE

APPROVE = ApproveChange(number="b1", decision_reference="西教变〔2026〕1号", on=ON)
SUBJECT = replace(ROW, particulars=replace(MUDUO, categories=(Category.SUBJECT,), departments=("education",)))
CONVERT = ProposeChange(
    number="b2",
    kind=ChangeKind.TO_NON_SUBJECT,
    wish=Wish(categories=(Category.ART,), departments=("culture-tourism-sport",), consent_reference="同意函1号"),
    reason="转型",
    on=ON,
)
PROFILE = RecordProfile(profile=Profile(organizer="木铎文化"), on=ON)
ORGANIZER = ProposeChange(
    number="b3",
    kind=ChangeKind.ORGANIZER,
    wish=Wish(organizer="新铎文化", liquidation_reference="审1号"),
    reason="转让",
    on=ON,
)


def propose(kind: ChangeKind, **wish: Any) -> ProposeChange:
    return ProposeChange(number="b9", kind=kind, wish=Wish(**wish), reason="事由", on=ON)


def test_who_merged_into_another_loses_its_licence_once_nothing_is_owed_and_not_before() -> None:
    merge = propose(ChangeKind.MERGER, others=(UUID(int=7),), liquidation_reference="审1号")
    approve = replace(APPROVE, number="b9")
    events = INSTITUTION.decide(approve, after(ROW, merge))
    assert [type(event) for event in events] == [ChangeApproved, LiabilityAsked]
    owing = after(ROW, merge, approve, NoteLiability(unconsumed_fen=1, stated_on=ON, on=ON))
    assert isinstance(owing.licence, Licensed)
    settled = NoteLiability(unconsumed_fen=0, stated_on=ON + timedelta(1), on=ON + timedelta(1))
    stated, cancelled, *_ = INSTITUTION.decide(settled, owing)
    assert isinstance(stated, LiabilityStated)
    assert cancelled == LicenceCancelled(
        application_reference="b9", public_notice_reference=approve.decision_reference,
        reason=f"merged-into {UUID(int=7)}", on=ON + timedelta(1),
    )  # fmt: skip
    # Whoever was asked about on the day itself is not asked again; an old word says nothing.
    known = after(ROW, merge, NoteLiability(unconsumed_fen=0, stated_on=ON, on=ON))
    assert [type(event) for event in INSTITUTION.decide(approve, known)][:3] == [
        ChangeApproved, LiabilityAsked, LicenceCancelled,
    ]  # fmt: skip
    old = NoteLiability(unconsumed_fen=0, stated_on=ON - timedelta(2), on=ON)
    assert not any(isinstance(event, LicenceCancelled) for event in INSTITUTION.decide(approve, after(ROW, merge, old)))
    assert INSTITUTION.decide(settled, after(ROW, merge, approve, settled)) == []


def test_a_new_name_is_in_force_when_it_is_approved_and_the_old_one_stays_findable() -> None:
    known = after(ROW)
    (proposed,) = INSTITUTION.decide(RENAME, known)
    assert isinstance(proposed, ChangeProposed)
    assert proposed.before.name == MUDUO.name
    pending = after(ROW, RENAME)
    assert pending.particulars == MUDUO
    approved, amended = INSTITUTION.decide(APPROVE, pending)
    assert isinstance(approved, ChangeApproved)
    assert isinstance(amended, InstitutionAmended)
    assert amended.particulars.former_names == (MUDUO.name,)
    done = after(ROW, RENAME, APPROVE)
    assert MUDUO.name in done.names
    assert done.particulars.name == RENAME.wish.name
    assert (INSTITUTION.decide(APPROVE, done), INSTITUTION.decide(RENAME, done)) == ([], [])


def test_a_conversion_moves_the_file_to_the_other_department() -> None:
    events = INSTITUTION.decide(replace(APPROVE, number="b2"), after(SUBJECT, CONVERT))
    assert isinstance(events[1], InstitutionAmended)
    assert events[2] == FileTransferred(
        from_department="education",
        to_department="culture-tourism-sport",
        consent_reference="同意函1号",
        on=ON,
    )
    done = after(SUBJECT, CONVERT, replace(APPROVE, number="b2"))
    assert done.particulars.departments == ("culture-tourism-sport",)


def test_for_profit_becomes_non_profit_and_never_back() -> None:
    convert = propose(ChangeKind.TO_NON_PROFIT)
    done = after(ROW, convert, replace(APPROVE, number="b9"))
    assert done.particulars.nature is Nature.NON_PROFIT
    with pytest.raises(ConversionNotPossible):
        INSTITUTION.decide(replace(convert, number="b10"), done)


def test_an_organizer_changes_by_application_only() -> None:
    known = after(ROW, PROFILE)
    with pytest.raises(ChangeNeedsApproval):
        INSTITUTION.decide(replace(PROFILE, profile=Profile(organizer="新铎文化")), known)
    events = INSTITUTION.decide(replace(APPROVE, number="b3"), after(ROW, PROFILE, ORGANIZER))
    assert events[1:] == [ProfileRecorded(profile=Profile(organizer="新铎文化"), changed=("organizer",), on=ON)]


def test_a_refused_change_changes_nothing() -> None:
    refuse = RefuseChange(number="b1", reason="名称不规范", on=ON)
    assert INSTITUTION.decide(refuse, after(ROW, RENAME)) == [ChangeRefused(number="b1", reason="名称不规范", on=ON)]
    done = after(ROW, RENAME, refuse)
    assert (done.particulars, done.changes.pending) == (MUDUO, None)


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        ((RECORD,), RENAME, LicenceNotInThatState),
        ((ROW, RENAME), ORGANIZER, ChangePending),
        ((ROW, RENAME, REVOKE), APPROVE, LicenceNotInThatState),
        ((ROW,), APPROVE, ChangeNotPending),
        ((ROW, RENAME), replace(APPROVE, number="b7"), ChangeUnknown),
        ((ROW, RENAME), replace(APPROVE, decision_reference=""), ReasonMissing),
        ((ROW,), propose(ChangeKind.NAME), ChangeIncomplete),
        ((ROW,), propose(ChangeKind.MERGER, others=(UUID(int=1),)), ChangeIncomplete),
        ((ROW,), propose(ChangeKind.NAME, name=MUDUO.name), ChangeWithoutEffect),
        ((ROW,), propose(ChangeKind.CATEGORY, categories=(Category.SUBJECT,)), SubjectLicencesClosed),
        ((ROW,), CONVERT, ConversionNotPossible),
        ((SUBJECT,), propose(ChangeKind.CATEGORY, categories=(Category.ART,)), ConversionNotPossible),
        ((SUBJECT,), replace(CONVERT, wish=replace(CONVERT.wish, consent_reference="")), ChangeIncomplete),
    ],
)
def test_what_cannot_be_changed_that_way(before: tuple[Any, ...], command: Any, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        INSTITUTION.decide(command, after(*before))


def test_a_later_list_that_says_what_nobody_approved_is_noticed_and_a_filled_gap_is_not() -> None:
    other = replace(MUDUO, legal_representative="新代表")
    later = replace(ROW.listing, stated_on=ON + timedelta(1))
    stated = replace(ROW, particulars=other, listing=later, on=ON + timedelta(1))
    events = INSTITUTION.decide(stated, after(ROW))
    noticed = UnapprovedChangeNoticed(
        kind=ChangeKind.REPRESENTATIVE, register=ROW.listing.register, on=ON + timedelta(1)
    )
    assert (MUDUO.legal_representative != "", noticed in events) == (True, True)
    gap = replace(ROW, particulars=replace(MUDUO, legal_representative=""))
    assert noticed not in INSTITUTION.decide(stated, after(gap))
    change = propose(ChangeKind.REPRESENTATIVE, legal_representative="新代表")
    approved = after(ROW, change, replace(APPROVE, number="b9"))
    assert noticed not in INSTITUTION.decide(stated, approved), "approved before the list was made"
