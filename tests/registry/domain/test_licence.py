from dataclasses import replace
from datetime import date

import pytest

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ApplyForLicence,
    ApproveLicence,
    CancelLicence,
    ExpireLicence,
    Licence,
    LicenceAccepted,
    LicenceApplied,
    LicenceApproved,
    LicenceCancelled,
    LicenceCommand,
    LicenceEvent,
    LicenceExpired,
    LicenceRecorded,
    LicenceRefused,
    LicenceReinstated,
    LicenceRenewed,
    LicenceReturned,
    LicenceRevoked,
    LicenceSuspended,
    LicenceTerms,
    NoLicence,
    RecordLicence,
    RefuseLicence,
    ReinstateLicence,
    RenewLicence,
    ReturnApplication,
    RevokeLicence,
    SuspendLicence,
)
from mingjing_registry.domain.licensing import decide_licence, evolve_licence
from mingjing_registry.domain.particulars import Category, Nature, Particulars
from mingjing_registry.domain.refusals import (
    DecisionNotServed,
    FamiliesStillOwed,
    HearingNoticeMissing,
    LicenceNotInThatState,
    PublicNoticeMissing,
    ReasonMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SubjectLicencesClosed,
    SubjectTrainingForProfit,
    ValidityReversed,
)

ON = date(2026, 6, 30)
TERMS = LicenceTerms(number="330106202600000001", issued_on=ON, valid_from=ON, expires_on=date(2029, 6, 29))
ART = Particulars(name="甲", uscc="x", categories=(Category.ART,), nature=Nature.FOR_PROFIT)
APPROVE = ApproveLicence(terms=TERMS, signed_by=("甲", "乙"), site_check_reference="K1", on=ON)
REFUSED = LicenceRefused(reason="场地不符", on=ON)
APPLIED = LicenceApplied(on=ON)
ACCEPTED = LicenceAccepted(decide_by=date(2026, 9, 30), policy_version="default/1", on=ON)
APPROVED = LicenceApproved(terms=TERMS, signed_by=("甲", "乙"), site_check_reference="K1", on=ON)
SUSPEND = SuspendLicence(decision_reference="D1", served_on=ON, reason="事实", legal_basis="第62条", on=ON)
SUSPENDED = LicenceSuspended(decision_reference="D1", served_on=ON, reason="事实", legal_basis="第62条", on=ON)
REVOKE = RevokeLicence(
    decision_reference="D2", served_on=ON, hearing_notice_reference="H1", reason="事实", legal_basis="第62条", on=ON
)
REVOKED = LicenceRevoked(
    decision_reference="D2", served_on=ON, hearing_notice_reference="H1", reason="事实", legal_basis="第62条", on=ON
)
CANCEL = CancelLicence(
    application_reference="S1",
    liquidation_finished=True,
    unconsumed_liability_fen=0,
    public_notice_reference="G1",
    reason="停办",
    on=ON,
)
CANCELLED = LicenceCancelled(application_reference="S1", public_notice_reference="G1", reason="停办", on=ON)
LATER = date(2029, 6, 30)
EXPIRED = LicenceExpired(expired_on=date(2029, 6, 29), on=LATER)

Licences = Spec[LicenceCommand, Licence, LicenceEvent]


def spec_for(particulars: Particulars) -> Licences:
    return Spec(
        Decider(NoLicence(), lambda command, state: decide_licence(command, state, particulars), evolve_licence)
    )


@pytest.fixture
def licence() -> Licences:
    return spec_for(ART)


def test_from_application_to_licence(licence: Licences) -> None:
    licence.given().when(ApplyForLicence(on=ON)).then(APPLIED)
    licence.given(APPLIED).when(ReturnApplication(reason="缺材料", on=ON)).then(LicenceReturned(reason="缺材料", on=ON))
    licence.given(APPLIED, LicenceReturned(reason="缺材料", on=ON)).when(ApplyForLicence(on=ON)).then(APPLIED)
    licence.given(APPLIED).when(AcceptApplication(on=ON)).then(ACCEPTED)
    licence.given(APPLIED, ACCEPTED).when(APPROVE).then(APPROVED)
    licence.given(APPLIED, ACCEPTED).when(RefuseLicence(reason="场地不符", on=ON)).then(
        LicenceRefused(reason="场地不符", on=ON)
    )


@pytest.mark.parametrize(
    ("history", "command"),
    [
        ((APPLIED,), ApplyForLicence(on=ON)),
        ((APPLIED, ACCEPTED), AcceptApplication(on=ON)),
        ((APPLIED, ACCEPTED, REFUSED), RefuseLicence(reason="场地不符", on=ON)),
        ((APPLIED, ACCEPTED, APPROVED), APPROVE),
        ((APPLIED, ACCEPTED, APPROVED, SUSPENDED), SUSPEND),
        ((APPLIED, ACCEPTED, APPROVED), ReinstateLicence(decision_reference="D", reason="x", on=ON)),
        ((APPLIED, ACCEPTED, APPROVED, REVOKED), REVOKE),
        ((APPLIED, ACCEPTED, APPROVED, CANCELLED), CANCEL),
        ((APPLIED, ACCEPTED, APPROVED), ExpireLicence(on=date(2029, 6, 29))),
        ((APPLIED, ACCEPTED, APPROVED, EXPIRED), ExpireLicence(on=LATER)),
        ((APPLIED, ACCEPTED, APPROVED, SUSPENDED), ExpireLicence(on=LATER)),
    ],
)
def test_what_is_so_already_is_no_news(
    licence: Licences, history: tuple[LicenceEvent, ...], command: LicenceCommand
) -> None:
    licence.given(*history).when(command).then()


@pytest.mark.parametrize(
    ("history", "command", "reason"),
    [
        ((), APPROVE, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, REFUSED), APPROVE, LicenceNotInThatState),
        ((APPLIED,), APPROVE, LicenceNotInThatState),
        ((APPLIED, ACCEPTED), replace(APPROVE, signed_by=("甲", "甲")), SignaturesMissing),
        ((APPLIED, ACCEPTED), replace(APPROVE, site_check_reference=""), SiteCheckMissing),
        ((APPLIED, ACCEPTED), replace(APPROVE, terms=replace(TERMS, expires_on=date(2020, 1, 1))), ValidityReversed),
        ((APPLIED, ACCEPTED), replace(APPROVE, terms=replace(TERMS, expires_on=None)), ValidityReversed),
        ((APPLIED, ACCEPTED), RefuseLicence(reason=" ", on=ON), ReasonMissing),
        ((), AcceptApplication(on=ON), LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), ApplyForLicence(on=ON), LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, decision_reference=""), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, served_on=None), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, served_on=date(2026, 7, 1)), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, reason=""), ReasonMissing),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, legal_basis=""), ReasonMissing),
        ((APPLIED, ACCEPTED, APPROVED, REVOKED), SUSPEND, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(REVOKE, hearing_notice_reference=""), HearingNoticeMissing),
        ((APPLIED, ACCEPTED, APPROVED), replace(REVOKE, served_on=None), DecisionNotServed),
        ((), REVOKE, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(CANCEL, unconsumed_liability_fen=1), FamiliesStillOwed),
        ((APPLIED, ACCEPTED, APPROVED), replace(CANCEL, liquidation_finished=False), FamiliesStillOwed),
        ((APPLIED, ACCEPTED, APPROVED), replace(CANCEL, public_notice_reference=""), PublicNoticeMissing),
        ((APPLIED, ACCEPTED, APPROVED, SUSPENDED), CANCEL, LicenceNotInThatState),
        ((APPLIED, ACCEPTED), ReinstateLicence(decision_reference="D", reason="x", on=ON), LicenceNotInThatState),
    ],
)
def test_what_the_law_does_not_allow(
    licence: Licences, history: tuple[LicenceEvent, ...], command: LicenceCommand, reason: type[Refusal]
) -> None:
    licence.given(*history).when(command).then_refused(reason)


def test_a_licence_suspended_reinstated_revoked(licence: Licences) -> None:
    granted = licence.given(APPLIED, ACCEPTED, APPROVED)
    granted.when(SUSPEND).then(SUSPENDED)
    back = ReinstateLicence(decision_reference="D9", reason="整改合格", on=ON)
    granted.given(SUSPENDED).when(back).then(LicenceReinstated(decision_reference="D9", reason="整改合格", on=ON))
    granted.given(SUSPENDED).when(REVOKE).then(REVOKED)
    granted.when(CANCEL).then(CANCELLED)


def test_a_licence_runs_out_on_the_day_after_its_last(licence: Licences) -> None:
    licence.given(APPLIED, ACCEPTED, APPROVED).when(ExpireLicence(on=LATER)).then(EXPIRED)


def test_an_expired_licence_can_be_renewed_forwards_only(licence: Licences) -> None:
    expired = licence.given(APPLIED, ACCEPTED, APPROVED, EXPIRED)
    renew = RenewLicence(expires_on=date(2032, 6, 29), signed_by=("甲", "乙"), on=LATER)
    expired.when(renew).then(LicenceRenewed(expires_on=date(2032, 6, 29), signed_by=("甲", "乙"), on=LATER))
    expired.when(replace(renew, expires_on=date(2028, 1, 1))).then_refused(ValidityReversed)
    expired.when(replace(renew, signed_by=("甲",))).then_refused(SignaturesMissing)


def test_subject_training_gets_no_new_licence() -> None:
    subject = replace(ART, categories=(Category.SUBJECT,))
    spec_for(subject).given(APPLIED, ACCEPTED).when(APPROVE).then_refused(SubjectTrainingForProfit)
    non_profit = replace(subject, nature=Nature.NON_PROFIT)
    spec_for(non_profit).given(APPLIED, ACCEPTED).when(APPROVE).then_refused(SubjectLicencesClosed)


def test_a_register_never_lifts_a_penalty(licence: Licences) -> None:
    record = RecordLicence(terms=TERMS, standing="licensed", stated_on=ON, on=ON)
    longer = replace(record, terms=replace(TERMS, expires_on=date(2035, 1, 1)))
    for ending in (SUSPENDED, REVOKED, CANCELLED):
        licence.given(APPLIED, ACCEPTED, APPROVED, ending).when(longer).then()


def test_a_register_fills_in_what_another_lost(licence: Licences) -> None:
    bare = replace(TERMS, number="")
    recorded = LicenceRecorded(terms=bare, standing="licensed", standing_since=None, note="", on=ON)
    record = RecordLicence(terms=TERMS, standing="licensed", on=ON)
    licence.given(recorded).when(record).then(replace(recorded, terms=TERMS))
    licence.given(replace(recorded, terms=TERMS)).when(replace(record, terms=bare)).then()


def test_a_register_that_says_revoked_is_believed(licence: Licences) -> None:
    said = RecordLicence(
        terms=replace(TERMS, expires_on=None), standing="revoked", standing_since=ON, note="吊销", on=ON
    )
    licence.given(APPLIED, ACCEPTED, APPROVED).when(said).then(
        LicenceRecorded(terms=TERMS, standing="revoked", standing_since=ON, note="吊销", on=ON)
    )
