from dataclasses import replace
from datetime import date

import pytest

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ApplyForLicence,
    DecisionOverdue,
    ExpireLicence,
    Licence,
    LicenceAccepted,
    LicenceApplied,
    LicenceApproved,
    LicenceCancelled,
    LicenceEvent,
    LicenceExpired,
    LicenceRecorded,
    LicenceRefused,
    LicenceReinstated,
    LicenceReturned,
    LicenceRevoked,
    LicenceSuspended,
    LicenceTerms,
    NoLicence,
    RecordLicence,
    RefuseLicence,
    ReinstateLicence,
    ReturnApplication,
    RevokeLicence,
    SuspendLicence,
)
from mingjing_registry.domain.licence_refusals import ApplicationIncomplete, DeadlineNotAhead, ReinstatementNotDecided
from mingjing_registry.domain.licensing import LicenceOnly, decide_licence, evolve_licence
from mingjing_registry.domain.profile import Content, Mode, Premises, Profile, Stage
from mingjing_registry.domain.rectification import Command as Rectification
from mingjing_registry.domain.rectification import (
    EndRectification,
    LapseRectification,
    OrderRectification,
    RectificationEnded,
    RectificationLapsed,
    RectificationOrdered,
)
from mingjing_registry.domain.rectification_rules import decide_rectification
from mingjing_registry.domain.refusals import (
    DecisionNotServed,
    HearingNoticeMissing,
    LicenceNotInThatState,
    ReasonMissing,
)

ON = date(2026, 6, 30)
TERMS = LicenceTerms(number="330106202600000001", issued_on=ON, valid_from=ON, expires_on=date(2029, 6, 29))
CONTENT = Content(
    profile=Profile(modes=(Mode.OFFLINE,), stages=(Stage.PRIMARY,), organizer="木铎文化有限公司"),
    premises=(Premises(address="西湖区留下街道文三路1号", area_m2=90, students_max=30),),
)
APPLY = ApplyForLicence(content=CONTENT, on=ON)
REFUSED = LicenceRefused(reason="场地不符", on=ON)
APPLIED = LicenceApplied(content=CONTENT, on=ON)
ACCEPTED = LicenceAccepted(decide_by=date(2026, 9, 30), policy_version="default/1", on=ON)
APPROVED = LicenceApproved(
    terms=TERMS,
    signed_by=("甲", "乙"),
    site_check_reference="K1",
    checks=(),
    waived=(),
    policy_version="default/1",
    on=ON,
)
SUSPEND = SuspendLicence(decision_reference="D1", served_on=ON, reason="事实", legal_basis="第62条", on=ON)
SUSPENDED = LicenceSuspended(decision_reference="D1", served_on=ON, reason="事实", legal_basis="第62条", on=ON)
REVOKE = RevokeLicence(
    decision_reference="D2", served_on=ON, hearing_notice_reference="H1", reason="事实", legal_basis="第62条", on=ON
)
REVOKED = LicenceRevoked(
    decision_reference="D2", served_on=ON, hearing_notice_reference="H1", reason="事实", legal_basis="第62条", on=ON
)
CANCELLED = LicenceCancelled(application_reference="S1", public_notice_reference="G1", reason="停办", on=ON)
ORDER = OrderRectification(
    reference="Z1", served_on=ON, deadline=date(2026, 7, 30), matter="超范围培训", legal_basis="第62条", on=ON
)
ORDERED = RectificationOrdered(
    reference="Z1", served_on=ON, deadline=date(2026, 7, 30), matter="超范围培训", legal_basis="第62条", on=ON
)
LATER = date(2029, 6, 30)
EXPIRED = LicenceExpired(expired_on=date(2029, 6, 29), on=LATER)

Licences = Spec[LicenceOnly | Rectification, Licence, LicenceEvent]


@pytest.fixture
def licence() -> Licences:
    return Spec(Decider(NoLicence(), decide, evolve_licence))


def decide(command: LicenceOnly | Rectification, state: Licence) -> list[LicenceEvent]:
    if isinstance(command, Rectification):
        return decide_rectification(command, state)
    return decide_licence(command, state)


def test_from_application_to_licence(licence: Licences) -> None:
    licence.given().when(APPLY).then(APPLIED)
    licence.given(APPLIED).when(ReturnApplication(reason="缺材料", on=ON)).then(LicenceReturned(reason="缺材料", on=ON))
    licence.given(APPLIED, LicenceReturned(reason="缺材料", on=ON)).when(APPLY).then(APPLIED)
    licence.given(APPLIED).when(AcceptApplication(on=ON)).then(ACCEPTED)
    licence.given(APPLIED, ACCEPTED).when(RefuseLicence(reason="场地不符", on=ON)).then(
        LicenceRefused(reason="场地不符", on=ON)
    )


@pytest.mark.parametrize(
    ("history", "command"),
    [
        ((APPLIED,), APPLY),
        ((APPLIED, ACCEPTED), AcceptApplication(on=ON)),
        ((APPLIED, ACCEPTED, REFUSED), RefuseLicence(reason="场地不符", on=ON)),
        ((APPLIED, ACCEPTED, APPROVED, SUSPENDED), SUSPEND),
        ((APPLIED, ACCEPTED, APPROVED), ReinstateLicence(decision_reference="D", reason="x", on=ON)),
        ((APPLIED, ACCEPTED, APPROVED, REVOKED), REVOKE),
        ((APPLIED, ACCEPTED, APPROVED), ExpireLicence(on=date(2029, 6, 29))),
        ((APPLIED, ACCEPTED, APPROVED, EXPIRED), ExpireLicence(on=LATER)),
        ((APPLIED, ACCEPTED, APPROVED, SUSPENDED), ExpireLicence(on=LATER)),
    ],
)
def test_what_is_so_already_is_no_news(
    licence: Licences, history: tuple[LicenceEvent, ...], command: LicenceOnly | Rectification
) -> None:
    licence.given(*history).when(command).then()


@pytest.mark.parametrize(
    ("history", "command", "reason"),
    [
        ((APPLIED, ACCEPTED), RefuseLicence(reason=" ", on=ON), ReasonMissing),
        ((), AcceptApplication(on=ON), LicenceNotInThatState),
        ((), ApplyForLicence(content=Content(profile=Profile()), on=ON), ApplicationIncomplete),
        ((), ApplyForLicence(content=replace(CONTENT, premises=()), on=ON), ApplicationIncomplete),
        ((), ORDER, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(ORDER, served_on=None), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(ORDER, deadline=ON), DeadlineNotAhead),
        ((APPLIED, ACCEPTED, APPROVED), replace(ORDER, matter=""), ReasonMissing),
        ((APPLIED, ACCEPTED, APPROVED), APPLY, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, decision_reference=""), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, served_on=None), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, served_on=date(2026, 7, 1)), DecisionNotServed),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, reason=""), ReasonMissing),
        ((APPLIED, ACCEPTED, APPROVED), replace(SUSPEND, legal_basis=""), ReasonMissing),
        ((APPLIED, ACCEPTED, APPROVED, REVOKED), SUSPEND, LicenceNotInThatState),
        ((APPLIED, ACCEPTED, APPROVED), replace(REVOKE, hearing_notice_reference=""), HearingNoticeMissing),
        ((APPLIED, ACCEPTED, APPROVED), replace(REVOKE, served_on=None), DecisionNotServed),
        ((), REVOKE, LicenceNotInThatState),
        (
            (APPLIED, ACCEPTED, APPROVED, SUSPENDED),
            ReinstateLicence(decision_reference=" ", reason="x", on=ON),
            ReinstatementNotDecided,
        ),
        ((APPLIED, ACCEPTED), ReinstateLicence(decision_reference="D", reason="x", on=ON), LicenceNotInThatState),
    ],
)
def test_what_the_law_does_not_allow(
    licence: Licences, history: tuple[LicenceEvent, ...], command: LicenceOnly | Rectification, reason: type[Refusal]
) -> None:
    licence.given(*history).when(command).then_refused(reason)


def test_a_licence_suspended_reinstated_revoked(licence: Licences) -> None:
    granted = licence.given(APPLIED, ACCEPTED, APPROVED)
    granted.when(SUSPEND).then(SUSPENDED)
    back = ReinstateLicence(decision_reference="D9", reason="整改合格", on=ON)
    granted.given(SUSPENDED).when(back).then(LicenceReinstated(decision_reference="D9", reason="整改合格", on=ON))
    granted.given(SUSPENDED).when(REVOKE).then(REVOKED)


def test_a_licence_runs_out_on_the_day_after_its_last(licence: Licences) -> None:
    licence.given(APPLIED, ACCEPTED, APPROVED).when(ExpireLicence(on=LATER)).then(EXPIRED)


def test_a_rectification_is_ordered_lapses_and_ends(licence: Licences) -> None:
    granted = licence.given(APPLIED, ACCEPTED, APPROVED)
    granted.when(ORDER).then(ORDERED)
    going_on = granted.given(ORDERED)
    going_on.when(ORDER).then()
    failed = EndRectification(passed=False, reference="F1", reason="仍未整改", on=ON)
    still = RectificationEnded(passed=False, reference="F1", reason="仍未整改", on=ON)
    going_on.when(failed).then(still)
    going_on.given(still).when(failed).then()
    day = date(2026, 7, 31)
    going_on.when(LapseRectification(on=date(2026, 7, 30))).then()
    lapsed = RectificationLapsed(reference="Z1", deadline=date(2026, 7, 30), on=day)
    going_on.when(LapseRectification(on=day)).then(lapsed)
    going_on.given(lapsed).when(LapseRectification(on=day)).then()
    going_on.when(SUSPEND).then(SUSPENDED)
    passed = EndRectification(passed=True, reference="F2", reason="已整改", on=day)
    ended = RectificationEnded(passed=True, reference="F2", reason="已整改", on=day)
    going_on.given(lapsed).when(passed).then(ended)
    going_on.given(ended).when(passed).then_refused(LicenceNotInThatState)


def test_a_licence_that_ran_out_while_it_was_suspended_comes_back_as_expired(licence: Licences) -> None:
    back = ReinstateLicence(decision_reference="D9", reason="整改合格", on=LATER)
    reinstated = LicenceReinstated(decision_reference="D9", reason="整改合格", on=LATER)
    licence.given(APPLIED, ACCEPTED, APPROVED, SUSPENDED).when(back).then(reinstated, EXPIRED)


def test_an_order_outlives_the_term_of_the_licence(licence: Licences) -> None:
    rectifying = licence.given(APPLIED, ACCEPTED, APPROVED, ORDERED)
    rectifying.when(ExpireLicence(on=LATER)).then(EXPIRED)
    expired = rectifying.given(EXPIRED)
    longer = replace(TERMS, expires_on=date(2035, 1, 1))
    expired.when(RecordLicence(terms=longer, standing="licensed", stated_on=ON, on=LATER)).then()
    lapsed = RectificationLapsed(reference="Z1", deadline=date(2026, 7, 30), on=LATER)
    expired.when(LapseRectification(on=LATER)).then(lapsed)
    expired.given(lapsed).when(LapseRectification(on=LATER)).then()
    failed = EndRectification(passed=False, reference="F1", reason="仍未整改", on=LATER)
    still = RectificationEnded(passed=False, reference="F1", reason="仍未整改", on=LATER)
    expired.when(failed).then(still)
    expired.given(still).when(failed).then()
    passed = EndRectification(passed=True, reference="F2", reason="已整改", on=LATER)
    ended = RectificationEnded(passed=True, reference="F2", reason="已整改", on=LATER)
    expired.when(passed).then(ended, EXPIRED)
    expired.given(ended, EXPIRED).when(passed).then_refused(LicenceNotInThatState)


def test_what_ran_out_during_a_rectification_ends_as_expired(licence: Licences) -> None:
    passed = EndRectification(passed=True, reference="F2", reason="已整改", on=LATER)
    ended = RectificationEnded(passed=True, reference="F2", reason="已整改", on=LATER)
    licence.given(APPLIED, ACCEPTED, APPROVED, ORDERED).when(passed).then(ended, EXPIRED)


def test_a_register_never_lifts_a_penalty(licence: Licences) -> None:
    record = RecordLicence(terms=TERMS, standing="licensed", stated_on=ON, on=ON)
    longer = replace(record, terms=replace(TERMS, expires_on=date(2035, 1, 1)))
    for ending in (SUSPENDED, REVOKED, CANCELLED):
        licence.given(APPLIED, ACCEPTED, APPROVED, ending).when(longer).then()
    returned, refused = LicenceReturned(reason="缺材料", on=ON), LicenceRefused(reason="场地不符", on=ON)
    overdue = DecisionOverdue(accepted_on=ON, decide_by=date(2026, 9, 30), on=date(2026, 10, 1))
    for ending in (REVOKED, CANCELLED):
        ended = licence.given(APPLIED, ACCEPTED, APPROVED, ending)
        for anew in (
            (),
            (returned,),
            (ACCEPTED,),
            (ACCEPTED, overdue),
            (ACCEPTED, refused),
            (ACCEPTED, refused, APPLIED),
        ):
            again = ended.given(APPLIED, *anew)
            again.when(longer).then()
            again.when(replace(record, terms=replace(TERMS, number="330106202600000009"))).then()
            again.when(replace(record, standing="revoked")).then()


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
