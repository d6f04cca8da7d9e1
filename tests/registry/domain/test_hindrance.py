"""What a screen says of an institution, its licence and its sites is what their deciders do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.testing.hindrance import walk
from mingjing_registry.acts import CHANGE_ACTS, CHECK_ACTS, INSTITUTION_ACTS, SITE_ACTS
from mingjing_registry.domain import annual_check, application, change, institution, liability, operation, site
from mingjing_registry.domain.credit_code import CodeGround, GiveCode
from mingjing_registry.domain.hindrance import hindrance
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ExpireLicence,
    RefuseLicence,
    ReinstateLicence,
    RenewLicence,
    ReturnApplication,
)
from mingjing_registry.domain.licence_refusals import (
    AnnualCheckFailed,
    AnnualCheckNotInThatState,
    ChangeNotPending,
    ChangePending,
    ClosingUnfinished,
    FirstSignatureMissing,
    LiabilityUnknown,
    NotLicensed,
    OperationNotInThatState,
    PauseWaits,
    RectificationOpen,
    StopNotFounded,
)
from mingjing_registry.domain.number_refusals import CodeNotYetGiven, LicenceNumberEnded
from mingjing_registry.domain.particulars import Category, Listing, Nature
from mingjing_registry.domain.profile import Profile
from mingjing_registry.domain.record_facts import RecordProfile
from mingjing_registry.domain.rectification import EndRectification
from mingjing_registry.domain.refusals import (
    FamiliesStillOwed,
    InstitutionUnknown,
    LicenceNotInThatState,
    SiteCheckMissing,
    SiteNotInThatState,
    SiteSignatureMissing,
    SiteUnknown,
)
from registry.domain.test_granting import APPROVE, CANCEL, CHECK, SIGN, WAIVE
from registry.domain.test_institution import CLOSE, MUDUO, RENAME, REPORT
from registry.domain.test_licence import APPLY, CONTENT, LATER, ON, ORDER, REVOKE, SUSPEND
from registry.domain.test_operation import PAUSE
from registry.domain.test_site import APPROVE as APPROVE_SITE
from registry.domain.test_site import PROPOSE
from registry.domain.test_site import SIGN as SIGN_SITE
from registry.domain.test_site import WAIVE as WAIVE_SITE

LISTING = Listing(register="教育局", stated_on=ON)
ART = institution.RecordInstitution(particulars=MUDUO, listing=LISTING, on=ON)
SUBJECT = replace(ART, particulars=replace(MUDUO, categories=(Category.SUBJECT,)))
CHARITY = replace(ART, particulars=replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.NON_PROFIT))
LICENSING: tuple[institution.Command, ...] = (
    application.DraftApplication(content=CONTENT, on=ON),
    APPLY,
    ReturnApplication(reason="缺材料", on=ON),
    AcceptApplication(on=ON),
    RefuseLicence(reason="场地不符", on=ON),
    CHECK,
    *WAIVE,
    SIGN,
    APPROVE,
    replace(APPROVE, officer="甲"),
    SUSPEND,
    replace(SUSPEND, decision_reference="D9"),
    ReinstateLicence(decision_reference="D1", reason="已整改", on=ON),
    REVOKE,
    CANCEL,
    application.SignRenewal(expires_on=LATER.replace(year=2030), officer="甲", on=ON),
    RenewLicence(officer="乙", on=ON),
    ExpireLicence(on=LATER),
    ORDER,
    EndRectification(passed=True, reference="F1", reason="已整改", on=ON),
)
OPERATING: tuple[institution.Command, ...] = (
    RecordProfile(profile=Profile(organizer="木铎"), on=ON),
    RENAME,
    change.ApproveChange(number="b1", decision_reference="D1", on=ON),
    change.RefuseChange(number="b1", reason="不符", on=ON),
    operation.BeginOperation(reason="开课", on=ON),
    PAUSE,
    operation.NoteSign(source="inspection", reference="v1", detail="DOOR_CLOSED", on=ON),
    operation.ConfirmStop(reference="v1", reason="人去楼空", on=ON),
    CLOSE,
    liability.AskLiability(on=ON),
    liability.NoteLiability(unconsumed_fen=0, stated_on=ON, on=ON),
    liability.NoteLiability(unconsumed_fen=9, stated_on=ON, on=ON),
    *(operation.CompleteClosingStep(step=step, reference="P", on=ON) for step in operation.ClosingStep),
    operation.CloseDown(reason="清算完毕", on=ON),
    annual_check.RecordAnnualCheck(result="pass", on=ON),
    annual_check.OpenAnnualCheck(year=2026, due_on=LATER, on=ON),
    annual_check.SubmitAnnualReport(year=2026, report=REPORT, on=ON),
    annual_check.ReviewAnnualReport(year=2026, proposed="fail", findings="账目不清", on=ON),
    annual_check.DecideAnnualCheck(year=2026, result="fail", reason="账目不清", rectify_until=LATER, on=ON),
    annual_check.RecheckAnnualCheck(year=2026, result="pass", reason="已改正", rectify_until=None, on=ON),
    annual_check.RemindOfRecheck(on=LATER),
    annual_check.NoteRecheckDue(on=LATER + timedelta(days=1)),
)
CORRECT = GiveCode(
    uscc="91330106MA0000015K", ground=CodeGround.CORRECTION, reference="执照1号", reason="录入有误", on=ON
)
STEPS = (*LICENSING, *OPERATING, CORRECT)
REASONS = frozenset({
    AnnualCheckFailed, AnnualCheckNotInThatState, ChangeNotPending, ChangePending, ClosingUnfinished, FamiliesStillOwed,
    CodeNotYetGiven, FirstSignatureMissing, InstitutionUnknown, LiabilityUnknown, LicenceNotInThatState,
    LicenceNumberEnded, NotLicensed,
    OperationNotInThatState, PauseWaits, RectificationOpen, SiteCheckMissing, StopNotFounded,
})  # fmt: skip
CLOSE_SITE = site.CloseSite(reason="搬迁", on=ON)
SITES = (PROPOSE, WAIVE_SITE, SIGN_SITE, replace(SIGN_SITE, site_check_reference=""), APPROVE_SITE, CLOSE_SITE)


GRANTED = (ART, APPLY, AcceptApplication(on=ON), CHECK, *WAIVE, SIGN, APPROVE)


@given(st.sampled_from([(), (ART,), (SUBJECT,), (CHARITY,), GRANTED]), st.lists(st.sampled_from(STEPS), max_size=20))
def test_an_institution(known: tuple[institution.Command, ...], steps: list[institution.Command]) -> None:
    walk(INSTITUTION, hindrance, (*known, *steps), REASONS)


@given(st.lists(st.sampled_from(SITES), max_size=8))
def test_a_site(steps: list[site.Command]) -> None:
    # Proposing is an act on the institution; what it meets at the site is said when it is done.
    steps = [step for step in steps if not isinstance(step, site.ProposeSite)]
    reasons = frozenset({SiteUnknown, SiteNotInThatState, SiteSignatureMissing})
    walk(site.SITE, site.hindrance, steps, reasons)
    proposed = replace(site.SITE, initial=site.SITE.fold(site.SITE.decide(PROPOSE, site.SITE.initial)))
    walk(proposed, site.hindrance, steps, reasons)


@pytest.mark.parametrize(
    ("acts", "walked"),
    [((*INSTITUTION_ACTS, *CHANGE_ACTS, *CHECK_ACTS), STEPS), (SITE_ACTS, SITES)],
    ids=["institution", "site"],
)
def test_every_act_that_gives_a_command_is_asked_about(acts: tuple, walked: tuple) -> None:
    assert {act.asks for act in acts if act.asks} <= {type(step) for step in walked}
