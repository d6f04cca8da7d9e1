"""A licence is granted when every admission rule passes or is waived with a reason, by two officers in two acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_registry.api.admission_texts import FINDINGS, RULE_TEXTS, told
from mingjing_registry.domain.admission import Facts, facts_of
from mingjing_registry.domain.admission_rules import RULES, checks, non_profit, unmet
from mingjing_registry.domain.annual_check import RecordAnnualCheck
from mingjing_registry.domain.application import (
    RecordSiteCheck,
    SignLicence,
    SignRenewal,
    SiteCheck,
    Waiver,
    WaiveRule,
)
from mingjing_registry.domain.change import ChangeKind, ChangeProposed, Wish
from mingjing_registry.domain.check import Numbers, Outcome
from mingjing_registry.domain.institution import Known, RecordInstitution
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ApproveLicence,
    CancelLicence,
    ExpireLicence,
    LicenceApproved,
    LicenceRenewed,
    RenewLicence,
)
from mingjing_registry.domain.licence_refusals import (
    AdmissionUnmet,
    AnnualCheckFailed,
    ChangePending,
    DayNotYetCome,
    FirstSignatureMissing,
    RectificationOpen,
    RuleNeverWaived,
    RuleUnknown,
)
from mingjing_registry.domain.operation import OperationState
from mingjing_registry.domain.particulars import Category, Listing, Nature
from mingjing_registry.domain.profile import Capital, MaterialsSummary, Mode, Price, Profile, StaffSummary, Stage
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.rectification import EndRectification
from mingjing_registry.domain.refusals import (
    LicenceNotInThatState,
    ReasonMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SubjectLicencesClosed,
    SubjectTrainingForProfit,
    ValidityReversed,
)
from registry.domain.test_institution import MUDUO, RENAME
from registry.domain.test_licence import APPLY, CONTENT, LATER, ON, ORDER, TERMS

RECORD = RecordInstitution(particulars=MUDUO, listing=Listing(register="education", stated_on=ON), on=ON)
SEEN = SiteCheck(
    reference="K1",
    address=CONTENT.premises[0].address,
    officer="丙",
    checked_on=ON,
    passed=True,
    area_m2=95,
    findings="消防合格",
)
CHECK = RecordSiteCheck(check=SEEN, on=ON)
SIGN = SignLicence(terms=TERMS, officer="甲", on=ON)
APPROVE = ApproveLicence(officer="乙", numbers=Numbers(), on=ON)
CANCEL = CancelLicence(application_reference="S1", public_notice_reference="G1", reason="停办", on=ON)
STAFF = StaffSummary(
    total=8, teaching=5, full_time_teachers=2, unqualified=0, in_service=0, blacklisted=0,
    foreigners_abroad=0, foreigners_unlawful=0,
)  # fmt: skip
MATERIALS = MaterialsSummary(filed=4, unreviewed=0, overseas=0, ahead_of_syllabus=0)
PRICE = Price(item="书法", total_fen=200_000, lessons=20, minutes_per_lesson=90)
FULL = replace(
    CONTENT,
    profile=replace(CONTENT.profile, prices=(PRICE,), prices_published_at="门厅"),
    staff=STAFF,
    materials=MATERIALS,
    capital=Capital(is_listed=False, is_capitalized=False, is_foreign_controlled=False),
    custody_agreement="X1",
)


def waive(rule: str, reason: str = "试点") -> WaiveRule:
    return WaiveRule(waiver=Waiver(rule=rule, reason=reason, legal_basis="", by="丁", on=ON), on=ON)


WAIVE = tuple(waive(rule) for rule in ("R7", "R8", "R9", "R10", "R11", "R12", "R14"))
"""What the sparse application does not state."""


def after(*commands: Any) -> Known:
    state = INSTITUTION.initial
    for command in commands:
        state = INSTITUTION.fold(INSTITUTION.decide(command, state), state)
    assert isinstance(state, Known)
    return state


ACCEPTED = (RECORD, replace(APPLY, content=FULL), AcceptApplication(on=ON))


def test_a_full_application_is_granted_and_cites_every_check() -> None:
    known = after(*ACCEPTED, CHECK, SIGN)
    granted, profile = INSTITUTION.decide(APPROVE, known)
    assert isinstance(granted, LicenceApproved)
    assert granted.signed_by == ("甲", "乙")
    assert [check.rule for check in granted.checks] == list(RULES)
    outcomes = {check.rule: check.outcome for check in granted.checks}
    assert not {Outcome.FAIL, Outcome.UNKNOWN} & set(outcomes.values())
    assert (outcomes["R1"], outcomes["R6"]) == (Outcome.NOT_APPLICABLE, Outcome.PASS)
    assert granted.policy_version == Numbers().version
    assert isinstance(profile, ProfileRecorded)
    assert profile.profile == FULL.profile


def test_what_is_not_known_does_not_pass_and_may_be_waived_with_a_reason() -> None:
    sparse = (RECORD, APPLY, AcceptApplication(on=ON), CHECK, SIGN)
    with pytest.raises(AdmissionUnmet) as refused:
        INSTITUTION.decide(APPROVE, after(*sparse))
    assert refused.value.values["rules"] == "R7, R8, R9, R10, R11, R12, R14"
    granted = INSTITUTION.decide(APPROVE, after(*sparse, *WAIVE))[0]
    assert isinstance(granted, LicenceApproved)
    assert granted.waived == ("R7", "R8", "R9", "R10", "R11", "R12", "R14")


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        ((RECORD,), CHECK, LicenceNotInThatState),
        (ACCEPTED, SIGN, SiteCheckMissing),
        ((*ACCEPTED, CHECK), APPROVE, FirstSignatureMissing),
        ((*ACCEPTED, CHECK, SIGN), replace(APPROVE, officer="甲"), SignaturesMissing),
        ((*ACCEPTED, CHECK), replace(SIGN, terms=replace(TERMS, expires_on=None)), ValidityReversed),
        (ACCEPTED, replace(CHECK, check=replace(SEEN, checked_on=date(2026, 7, 1))), DayNotYetCome),
        (ACCEPTED, waive("R1"), RuleNeverWaived),
        (ACCEPTED, waive("R2"), RuleNeverWaived),
        (ACCEPTED, waive("R18"), RuleUnknown),
        (ACCEPTED, waive("R6", " "), ReasonMissing),
        ((*ACCEPTED, replace(CHECK, check=replace(SEEN, passed=False)), SIGN), APPROVE, AdmissionUnmet),
        ((*ACCEPTED, replace(CHECK, check=replace(SEEN, area_m2=89)), SIGN), APPROVE, AdmissionUnmet),
    ],
)
def test_what_stops_a_grant(before: tuple[Any, ...], command: Any, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        INSTITUTION.decide(command, after(*before))


def test_the_last_check_of_an_address_counts_and_applying_again_begins_anew() -> None:
    again = replace(CHECK, check=replace(SEEN, reference="K2", area_m2=120))
    known = after(*ACCEPTED, replace(CHECK, check=replace(SEEN, passed=False)), again, SIGN)
    assert isinstance(INSTITUTION.decide(APPROVE, known)[0], LicenceApproved)


def test_subject_training_gets_no_new_licence() -> None:
    for nature, reason in ((Nature.FOR_PROFIT, SubjectTrainingForProfit), (Nature.NON_PROFIT, SubjectLicencesClosed)):
        record = replace(RECORD, particulars=replace(MUDUO, categories=(Category.SUBJECT,), nature=nature))
        known = after(record, *ACCEPTED[1:], CHECK, SIGN)
        with pytest.raises(reason):
            INSTITUTION.decide(APPROVE, known)


def test_a_policy_may_open_subject_licences_to_who_is_non_profit() -> None:
    record = replace(RECORD, particulars=replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.NON_PROFIT))
    opened = replace(APPROVE, numbers=Numbers(subject_closed=0, guide_price_fen=6_000))
    known = after(record, *ACCEPTED[1:], CHECK, SIGN)
    assert isinstance(INSTITUTION.decide(opened, known)[0], LicenceApproved)
    closed = after(record, *ACCEPTED[1:], CHECK, *WAIVE, SIGN)
    with pytest.raises(SubjectLicencesClosed):
        INSTITUTION.decide(replace(opened, numbers=Numbers()), closed)
    for_profit = replace(record, particulars=replace(record.particulars, nature=Nature.FOR_PROFIT))
    with pytest.raises(SubjectTrainingForProfit):
        INSTITUTION.decide(opened, after(for_profit, *ACCEPTED[1:], CHECK, SIGN))


def test_whom_else_than_the_compulsory_stage_a_policy_wants_non_profit() -> None:
    company = replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.FOR_PROFIT)
    unknown, every = replace(company, nature=Nature.UNKNOWN), Numbers(non_profit_every_stage=1)
    for particulars, stages, numbers, outcome in (
        (company, (Stage.SENIOR,), Numbers(), Outcome.PASS),
        (company, (Stage.SENIOR,), every, Outcome.FAIL),
        (company, (Stage.SENIOR, Stage.JUNIOR), Numbers(), Outcome.FAIL),
        (company, (), Numbers(), Outcome.UNKNOWN),
        (company, (), every, Outcome.FAIL),
        (unknown, (Stage.SENIOR,), Numbers(), Outcome.PASS),
        (unknown, (Stage.SENIOR,), every, Outcome.UNKNOWN),
        (replace(company, nature=Nature.NON_PROFIT), (), every, Outcome.PASS),
    ):
        assert non_profit(particulars, stages, numbers).outcome is outcome, (particulars.nature, stages, numbers)


def test_a_renewal_takes_two_officers() -> None:
    known = after(*ACCEPTED, CHECK, SIGN, APPROVE)
    with pytest.raises(FirstSignatureMissing):
        INSTITUTION.decide(RenewLicence(officer="乙", on=ON), known)
    with pytest.raises(ValidityReversed):
        INSTITUTION.decide(SignRenewal(expires_on=TERMS.expires_on or ON, officer="甲", on=ON), known)
    later = date(2032, 6, 29)
    signed = after(*ACCEPTED, CHECK, SIGN, APPROVE, SignRenewal(expires_on=later, officer="甲", on=ON))
    with pytest.raises(SignaturesMissing):
        INSTITUTION.decide(RenewLicence(officer="甲", on=ON), signed)
    renewed = INSTITUTION.decide(RenewLicence(officer="乙", on=ON), signed)
    assert renewed == [LicenceRenewed(expires_on=later, signed_by=("甲", "乙"), on=ON)]


def test_a_renewal_looks_at_more_than_the_signature() -> None:
    signed = (*ACCEPTED, CHECK, SIGN, APPROVE, SignRenewal(expires_on=date(2032, 6, 29), officer="甲", on=ON))
    renew, failed = RenewLicence(officer="乙", on=ON), RecordAnnualCheck(result="fail", on=ON)
    for_profit = replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.FOR_PROFIT)
    turned = replace(RECORD, particulars=for_profit, listing=Listing(register="education", stated_on=LATER))
    for last, reason in ((failed, AnnualCheckFailed), (RENAME, ChangePending), (turned, SubjectTrainingForProfit)):
        with pytest.raises(reason):
            INSTITUTION.decide(renew, after(*signed, last))


def test_a_renewal_waits_for_what_is_to_be_put_right() -> None:
    signed = (*ACCEPTED, CHECK, SIGN, APPROVE, SignRenewal(expires_on=date(2032, 6, 29), officer="甲", on=ON))
    renew = RenewLicence(officer="乙", on=LATER)
    for order in ((ORDER,), (ORDER, ExpireLicence(on=LATER))):
        with pytest.raises(RectificationOpen):
            INSTITUTION.decide(renew, after(*signed, *order))
    ended = EndRectification(passed=True, reference="F1", reason="已整改", on=LATER)
    assert INSTITUTION.decide(renew, after(*signed, ORDER, ExpireLicence(on=LATER), ended))


FACTS = facts_of(after(*ACCEPTED, CHECK), ON)
SUBJECT = replace(FACTS, particulars=replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.NON_PROFIT))
ONLINE = replace(FACTS, profile=replace(FACTS.profile, modes=(Mode.ONLINE,)))
PENDING = ChangeProposed(
    number="b1", kind=ChangeKind.NAME, wish=Wish(name="新"), before=Wish(name="旧"), reason="更名", on=ON
)
GUIDED = Numbers(guide_price_fen=5_000)


LISTED = Capital(is_listed=True, is_capitalized=False, is_foreign_controlled=False)


def staff(**changed: int) -> Facts:
    return replace(FACTS, staff=replace(STAFF, **changed))


@pytest.mark.parametrize(
    ("rule", "facts", "outcome"),
    [
        ("R1", SUBJECT, Outcome.FAIL),
        ("R1", replace(SUBJECT, is_new=False), Outcome.PASS),
        ("R2", SUBJECT, Outcome.PASS),
        ("R2", replace(SUBJECT, particulars=replace(SUBJECT.particulars, nature=Nature.UNKNOWN)), Outcome.UNKNOWN),
        ("R2", replace(SUBJECT, particulars=replace(SUBJECT.particulars, nature=Nature.FOR_PROFIT)), Outcome.FAIL),
        ("R3", replace(FACTS, operation=OperationState.OPERATING), Outcome.FAIL),
        ("R3", replace(FACTS, is_new=False), Outcome.NOT_APPLICABLE),
        ("R4", replace(FACTS, profile=replace(FACTS.profile, modes=(Mode.ONLINE, Mode.OFFLINE))), Outcome.FAIL),
        ("R4", replace(FACTS, profile=Profile()), Outcome.UNKNOWN),
        ("R5", ONLINE, Outcome.NOT_APPLICABLE),
        ("R5", replace(FACTS, premises=()), Outcome.UNKNOWN),
        ("R6", ONLINE, Outcome.NOT_APPLICABLE),
        ("R6", replace(FACTS, premises=(replace(FACTS.premises[0], address="别处"),)), Outcome.UNKNOWN),
        ("R6", replace(FACTS, premises=(replace(FACTS.premises[0], students_max=32),)), Outcome.FAIL),
        ("R7", staff(in_service=1), Outcome.FAIL),
        ("R7", staff(unqualified=1), Outcome.FAIL),
        ("R7", staff(blacklisted=1), Outcome.FAIL),
        ("R7", replace(FACTS, staff=None), Outcome.UNKNOWN),
        ("R8", staff(teaching=3), Outcome.FAIL),
        ("R8", staff(full_time_teachers=0), Outcome.FAIL),
        ("R8", staff(full_time_teachers=1), Outcome.PASS),
        (
            "R8",
            replace(staff(full_time_teachers=1), profile=replace(FACTS.profile, stages=(Stage.PRESCHOOL,))),
            Outcome.FAIL,
        ),
        ("R7", staff(total=0, teaching=0, full_time_teachers=0), Outcome.UNKNOWN),
        ("R8", staff(total=0, teaching=0, full_time_teachers=0), Outcome.UNKNOWN),
        ("R8", replace(staff(full_time_teachers=0), premises=()), Outcome.UNKNOWN),
        ("R8", replace(staff(full_time_teachers=0), premises=(), profile=Profile()), Outcome.UNKNOWN),
        ("R8", replace(staff(teaching=3), premises=()), Outcome.FAIL),
        ("R8", replace(ONLINE, staff=replace(STAFF, full_time_teachers=0)), Outcome.PASS),
        ("R9", staff(foreigners_abroad=1), Outcome.FAIL),
        ("R10", replace(FACTS, custody_agreement=""), Outcome.FAIL),
        ("R10", replace(FACTS, custody_agreement="", custody_active=True), Outcome.PASS),
        ("R11", replace(FACTS, materials=replace(MATERIALS, overseas=1)), Outcome.FAIL),
        ("R11", replace(FACTS, materials=None), Outcome.UNKNOWN),
        ("R12", replace(FACTS, profile=replace(FACTS.profile, prices=())), Outcome.FAIL),
        ("R12", SUBJECT, Outcome.UNKNOWN),
        ("R13", SUBJECT, Outcome.PASS),
        ("R13", replace(SUBJECT, materials=replace(MATERIALS, adverts_in_breach=2)), Outcome.FAIL),
        ("R14", replace(FACTS, capital=None), Outcome.UNKNOWN),
        ("R14", replace(FACTS, capital=LISTED), Outcome.FAIL),
        ("R15", replace(FACTS, pending=PENDING), Outcome.FAIL),
        ("R16", replace(FACTS, annual_check="fail"), Outcome.FAIL),
        ("R16", replace(FACTS, is_new=False), Outcome.UNKNOWN),
        ("R17", replace(FACTS, on=date(2026, 9, 30)), Outcome.PASS),
        ("R17", replace(FACTS, on=date(2026, 10, 1)), Outcome.FAIL),
    ],
)  # fmt: skip
def test_each_rule_says_what_it_saw(rule: str, facts: Facts, outcome: Outcome) -> None:
    check = RULES[rule](facts, Numbers())
    assert (check.rule, check.outcome) == (rule, outcome)
    words = told(check, None)
    assert words.seen
    assert "{" not in words.seen_zh + words.seen
    assert words.basis


def test_the_guide_price_is_compared_by_the_standard_lesson() -> None:
    # ¥2 000 for 20 lessons of 90 minutes: ¥50 for 45 minutes.
    assert RULES["R12"](SUBJECT, GUIDED).outcome is Outcome.PASS
    assert RULES["R12"](SUBJECT, replace(GUIDED, guide_price_fen=4_500)).outcome is Outcome.FAIL
    assert RULES["R12"](SUBJECT, replace(GUIDED, guide_price_fen=4_546)).outcome is Outcome.PASS


def test_a_late_decision_is_shown_and_stops_nothing() -> None:
    found = checks(replace(FACTS, on=date(2027, 1, 1)), Numbers())
    assert unmet(found, ()) == ()


def test_every_rule_and_finding_has_its_words() -> None:
    assert set(RULE_TEXTS) == set(RULES)
    assert all(text.zh and text.en for text in FINDINGS.values())
