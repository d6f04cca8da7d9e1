"""The state machine of a listing (B1): told, heard, decided by another, shown as long as the law allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.months import months_after
from mingjing_kernel.testing.hindrance import walk
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain import annulment
from mingjing_registry.domain import blacklist as b
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain import blacklist_refusals as no
from mingjing_registry.domain.blacklisting import BLACKLIST, EFFECTIVE, hindrance
from mingjing_registry.domain.listing_terms import Grade, ListingNumbers
from mingjing_registry.domain.refusals import ReasonMissing

DAY = date(2026, 7, 1)
WINDOW = date(2026, 7, 8)
DECIDED_ON = date(2026, 7, 9)
PARTY = b.Party(kind="organisation", name="某某培训")
WITHIN = b.Jurisdiction(department="education", region="330106")
PROPOSE = b.ProposeListing(
    party=PARTY,
    within=WITHIN,
    grade=Grade.SERIOUS,
    facts="无证办学并卷款",
    evidence=("E1",),
    legal_basis_reference="国办发〔2018〕80号第十六条",
    on=DAY,
)
REVIEW = b.ReviewListing(agrees=True, opinion="事实清楚", on=DAY)
NOTICE = b.ServeListingNotice(
    notice_reference="告1号", served_on=DAY, reasons="卷款", rights="可陈述、申辩、申请听证", respond_by=WINDOW, on=DAY
)
STATEMENT = b.RecordStatement(statement="已退费", received_on=DAY, on=DAY)
HEARING = b.RequestHearing(received_on=DAY, on=DAY)
HEARD_ON = date(2026, 7, 3)
HELD = b.HoldHearing(record_reference="听1号", held_on=HEARD_ON, on=HEARD_ON)
DECIDE = b.DecideListing(
    document_number="列1号", grade=Grade.SERIOUS, months=36, reason="情节严重", answer="不予采纳", on=DECIDED_ON
)
CONSENT = b.ConsentToListing(consents=True, reference="批1号", on=DECIDED_ON)
PUBLISH = b.PublishListing(summary="无证办学", is_public=True, on=DECIDED_ON)
APPLY = b.ApplyForRepair(application_reference="修1号", received_on=DECIDED_ON, accept_by=DAY, on=DECIDED_ON)
YEAR_ON = date(2027, 7, 9)
ACCEPT = b.AcceptRepair(
    correction_reference="改1", duties_reference="缴1", commitment_reference="诺1", decide_by=YEAR_ON, on=YEAR_ON
)
GRANT = b.GrantRepair(reason="已纠正", on=YEAR_ON)
REFUSE = b.RefuseRepair(reason="未履行", on=YEAR_ON)
EXPIRE = b.ExpireListing(on=date(2029, 7, 9))
WITHDRAW = b.WithdrawListing(
    cause="annulled",
    reference="撤1号",
    known_on=DECIDED_ON,
    withdraw_by=date(2026, 7, 14),
    reason="撤销",
    on=DECIDED_ON,
)
ANNUL = annulment.RecordAnnulment(
    body="court",
    reference="（2026）浙01行终1号",
    annulled_on=DAY,
    known_on=DECIDED_ON,
    working_days=3,
    remove_by=date(2026, 7, 14),
    rule="default/1",
    on=DECIDED_ON,
)
RETRACT = annulment.RetractAnnulment(reference="再审1号", reason="再审改判", on=DECIDED_ON)
REMIND = annulment.RemindOfRemoval(on=date(2026, 7, 14))
OVERDUE = annulment.NoteRemovalOverdue(due_on=date(2026, 7, 14), on=date(2026, 7, 15))
DROP = b.DropProposal(reason="证据不足", on=DAY)
REJECT = b.RejectListing(reason="情节轻微", on=DAY)
TO_NOTICE = (PROPOSE, REVIEW, NOTICE)
TO_PUBLISHED = (*TO_NOTICE, DECIDE, CONSENT, PUBLISH)

Files = Spec[b.Command, b.Listing, f.Event]


def after(*commands: b.Command) -> Files:
    """What these lead to."""
    state, facts = BLACKLIST.initial, list[f.Event]()
    for command in commands:
        new = BLACKLIST.decide(command, state)
        state, facts = BLACKLIST.fold(new, state), [*facts, *new]
    return Spec(BLACKLIST).given(*facts)


def stage(*commands: b.Command) -> b.Stage:
    """Where these lead to."""
    state = BLACKLIST.fold(after(*commands).history)
    assert isinstance(state, b.File)
    return state.stage


def test_the_whole_way_to_publication_and_its_end_by_time() -> None:
    assert stage(*TO_PUBLISHED) is b.Stage.PUBLISHED
    listed = next(fact for fact in after(*TO_PUBLISHED).history if isinstance(fact, f.BlacklistListed))
    assert (listed.minimum_until, listed.ends_on, listed.rule) == (YEAR_ON, date(2029, 7, 9), "default/1")
    after(*TO_PUBLISHED).when(replace(EXPIRE, on=date(2029, 7, 8))).then()
    (removed,) = BLACKLIST.decide(EXPIRE, BLACKLIST.fold(after(*TO_PUBLISHED).history))
    assert isinstance(removed, f.BlacklistRemoved)
    assert (removed.cause, removed.was_public, removed.due_on) == ("expired", True, date(2029, 7, 9))
    after(*TO_PUBLISHED, EXPIRE).when(EXPIRE).then()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (replace(PROPOSE, legal_basis_reference=" "), no.ListingBasisMissing),
        (replace(PROPOSE, facts=""), no.ListingFactsMissing),
        (replace(PROPOSE, evidence=()), no.ListingFactsMissing),
        (replace(PROPOSE, party=b.Party(kind="organisation")), no.ListingPartyMissing),
        (replace(PROPOSE, party=b.Party(kind="person", name="张三")), no.ListingPartyMissing),
        (REVIEW, no.ListingUnknown),
        (DECIDE, no.ListingUnknown),
    ],
)
def test_a_proposal_says_what_the_law_asks_for(broken: b.Command, reason: type) -> None:
    after().when(broken).then_refused(reason)


def test_the_legal_review_sends_back_and_the_proposal_comes_again() -> None:
    back = replace(REVIEW, agrees=False)
    assert stage(PROPOSE, back) is b.Stage.RETURNED
    assert stage(PROPOSE, back, PROPOSE) is b.Stage.PROPOSED
    after(PROPOSE, back).when(NOTICE).then_refused(no.ListingNotInThatState)
    after(PROPOSE, REVIEW).when(PROPOSE).then_refused(no.ListingNotInThatState)
    after(PROPOSE).when(replace(REVIEW, opinion="")).then_refused(ReasonMissing)


def test_nobody_is_listed_before_the_party_could_answer() -> None:
    after(PROPOSE, REVIEW).when(DECIDE).then_refused(no.ListingNotInThatState)
    after(*TO_NOTICE).when(replace(DECIDE, on=WINDOW)).then_refused(no.WindowStillOpen)
    after(*TO_NOTICE, HEARING).when(DECIDE).then_refused(no.HearingOutstanding)
    assert stage(*TO_NOTICE, HEARING, HELD, replace(DECIDE, on=HEARD_ON)) is b.Stage.LISTED
    after(*TO_NOTICE, STATEMENT).when(replace(DECIDE, answer=" ")).then_refused(no.StatementsUnanswered)
    late = replace(STATEMENT, received_on=DECIDED_ON, on=DECIDED_ON)
    after(*TO_NOTICE).when(late).then_refused(no.WindowOver)
    after(*TO_NOTICE).when(replace(HEARING, received_on=DECIDED_ON)).then_refused(no.KnownLater)
    after(PROPOSE, REVIEW).when(replace(NOTICE, respond_by=DAY)).then_refused(no.NoticeDatesWrong)
    assert stage(*TO_NOTICE, REJECT) is b.Stage.REJECTED


def test_only_a_hearing_that_the_party_asked_for_ends_its_window() -> None:
    after(*TO_NOTICE).when(HELD).then_refused(no.HearingNotRequested)
    after(*TO_NOTICE, HEARING, HELD).when(HELD).then_refused(no.HearingNotRequested)
    for day in (DAY, date(2026, 6, 30)):
        after(*TO_NOTICE, HEARING).when(replace(HELD, held_on=day)).then_refused(no.HearingTooEarly)
    unasked = f.BlacklistHearingHeld(record_reference="听1号", held_on=DAY, on=DAY)
    older = Spec(BLACKLIST).given(*after(*TO_NOTICE).history, unasked)
    older.when(replace(DECIDE, on=WINDOW)).then_refused(no.WindowStillOpen)
    older.when(HEARING).then(f.BlacklistHearingRequested(received_on=DAY, on=DAY))


def test_a_defence_never_makes_it_worse_and_each_grade_has_its_term() -> None:
    general = (replace(PROPOSE, grade=Grade.GENERAL), REVIEW, NOTICE)
    after(*general).when(DECIDE).then_refused(no.GradeRaised)
    milder = replace(DECIDE, grade=Grade.GENERAL, months=12)
    assert stage(*TO_NOTICE, milder) is b.Stage.LISTED
    for months in (2, 13):
        after(*TO_NOTICE).when(replace(milder, months=months)).then_refused(no.TermOutsideGrade)
    after(*TO_NOTICE).when(replace(DECIDE, months=11)).then_refused(no.TermOutsideGrade)


def test_the_superior_consents_where_the_policy_demands_it() -> None:
    after(*TO_NOTICE, DECIDE).when(PUBLISH).then_refused(no.ListingNotInThatState)
    refused = replace(CONSENT, consents=False, reason="程序违法")
    assert stage(*TO_NOTICE, DECIDE, refused) is b.Stage.REJECTED
    alone = replace(DECIDE, numbers=ListingNumbers(version="free", superior_consent=0))
    assert stage(*TO_NOTICE, alone, PUBLISH) is b.Stage.PUBLISHED
    after(*TO_NOTICE, alone).when(CONSENT).then_refused(no.ListingNotInThatState)
    after(*TO_NOTICE, DECIDE, CONSENT).when(replace(PUBLISH, on=EXPIRE.on)).then_refused(no.TermOver)


def test_only_a_minor_one_may_stay_unpublished() -> None:
    minor = replace(DECIDE, grade=Grade.MINOR, months=3)
    hidden = replace(PUBLISH, is_public=False)
    for decided, is_public in ((minor, False), (DECIDE, True)):
        published = after(*TO_NOTICE, decided, CONSENT, hidden).history[-1]
        assert isinstance(published, f.BlacklistPublished)
        assert published.is_public is is_public


def test_repair_needs_time_and_proof_and_ends_publication() -> None:
    early = replace(ACCEPT, on=date(2027, 7, 8))
    applied = after(*TO_PUBLISHED, APPLY)
    applied.when(early).then_refused(no.MinimumNotElapsed)
    applied.when(replace(ACCEPT, commitment_reference="")).then_refused(no.RepairProofMissing)
    applied.when(GRANT).then_refused(no.ListingNotInThatState)
    assert stage(*TO_PUBLISHED, APPLY, REFUSE) is b.Stage.PUBLISHED
    assert stage(*TO_PUBLISHED, APPLY, ACCEPT, REFUSE, APPLY, ACCEPT, GRANT) is b.Stage.REMOVED
    repaired, removed = BLACKLIST.decide(GRANT, BLACKLIST.fold(after(*TO_PUBLISHED, APPLY, ACCEPT).history))
    assert isinstance(repaired, f.BlacklistRepaired)
    assert isinstance(removed, f.BlacklistRemoved)
    assert removed.cause == "repaired"


def test_an_annulled_penalty_ends_the_listing_in_whatever_stage() -> None:
    removed = after(*TO_PUBLISHED, WITHDRAW).history[-1]
    assert isinstance(removed, f.BlacklistRemoved)
    assert (removed.cause, removed.reference, removed.due_on) == ("annulled", "撤1号", date(2026, 7, 14))
    assert stage(*TO_PUBLISHED, APPLY, WITHDRAW) is b.Stage.REMOVED
    assert stage(*TO_NOTICE, WITHDRAW) is b.Stage.DROPPED
    after(*TO_PUBLISHED, WITHDRAW).when(WITHDRAW).then_refused(no.ListingNotInThatState)
    assert stage(PROPOSE, DROP) is b.Stage.DROPPED


def test_an_annulled_decision_leaves_nothing_but_the_end() -> None:
    annulled = after(*TO_PUBLISHED, ANNUL)
    for step in (APPLY, ANNUL):
        annulled.when(step).then_refused(no.ListingGroundAnnulled)
    after(*TO_NOTICE, ANNUL).when(DECIDE).then_refused(no.ListingGroundAnnulled)
    after(*TO_NOTICE, DECIDE, CONSENT, ANNUL).when(PUBLISH).then_refused(no.ListingGroundAnnulled)
    after(*TO_PUBLISHED, APPLY, ACCEPT, ANNUL).when(GRANT).then_refused(no.ListingGroundAnnulled)
    removed = after(*TO_PUBLISHED, ANNUL, replace(WITHDRAW, withdraw_by=date(2026, 8, 1))).history[-1]
    assert isinstance(removed, f.BlacklistRemoved)
    assert removed.due_on == ANNUL.remove_by, "the clock that ran, not one that is counted anew"
    assert stage(PROPOSE, ANNUL, DROP) is b.Stage.DROPPED
    assert stage(*TO_PUBLISHED, ANNUL, EXPIRE) is b.Stage.REMOVED
    assert stage(*TO_NOTICE, ANNUL, RETRACT, DECIDE) is b.Stage.LISTED
    after(*TO_PUBLISHED).when(RETRACT).then_refused(no.NothingAnnulled)
    after(*TO_PUBLISHED, ANNUL).when(replace(RETRACT, reason=" ")).then_refused(ReasonMissing)
    after(*TO_PUBLISHED).when(replace(ANNUL, reference="")).then_refused(no.ReferenceMissing)
    after(*TO_PUBLISHED).when(replace(ANNUL, annulled_on=date(2026, 7, 10))).then_refused(no.AnnulmentDatesWrong)


def test_a_removal_is_reminded_of_once_and_noted_overdue_once_and_only_where_it_waits() -> None:
    after(*TO_PUBLISHED).when(OVERDUE).then()
    after(*TO_PUBLISHED, ANNUL, WITHDRAW).when(OVERDUE).then()
    after(*TO_PUBLISHED, ANNUL, WITHDRAW).when(REMIND).then()
    after(*TO_PUBLISHED, ANNUL).when(REMIND).then(annulment.BlacklistRemovalReminded(on=REMIND.on))
    after(*TO_PUBLISHED, ANNUL, REMIND).when(REMIND).then()
    after(*TO_PUBLISHED, ANNUL).when(replace(OVERDUE, on=OVERDUE.due_on)).then()
    overdue = annulment.BlacklistRemovalOverdue(due_on=OVERDUE.due_on, on=OVERDUE.on)
    after(*TO_PUBLISHED, ANNUL).when(OVERDUE).then(overdue)
    after(*TO_PUBLISHED, ANNUL, OVERDUE).when(OVERDUE).then()


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 31), 12) == date(2027, 1, 31)


STEPS = (
    *TO_PUBLISHED, STATEMENT, HEARING, HELD, APPLY, ACCEPT, GRANT, REFUSE, EXPIRE, WITHDRAW, DROP, REJECT,
    ANNUL, RETRACT, REMIND, OVERDUE,
    replace(REVIEW, agrees=False), replace(CONSENT, consents=False, reason="不同意"),
    replace(DECIDE, numbers=ListingNumbers(superior_consent=0)),
    replace(DECIDE, grade=Grade.MINOR, months=1), replace(PUBLISH, is_public=False),
)  # fmt: skip
REASONS = frozenset(
    {
        no.ListingUnknown, no.ListingNotInThatState, no.HearingNotRequested, no.ListingGroundAnnulled,
        no.NothingAnnulled,
    }
)  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=25), st.integers(0, len(TO_PUBLISHED)))
def test_no_order_of_steps_publishes_what_was_not_noticed_decided_and_consented(
    steps: list[b.Command], begun: int
) -> None:
    state = walk(BLACKLIST, hindrance, [*TO_PUBLISHED[:begun], *steps], REASONS)
    if isinstance(state, b.File) and state.stage in EFFECTIVE:
        assert state.respond_by is not None
        assert state.document_number
        assert state.ends_on is not None
        shortest, longest = ListingNumbers().months(state.grade)
        assert state.minimum_until == months_after(DECIDED_ON, shortest)
        assert state.ends_on <= months_after(DECIDED_ON, longest)
