"""Whom a contract names, and what may change about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from funds.domain.test_contract import AT, PAID, SIGNED, TERMS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.contract_refusals import ContractDiffers, CorrectionUnexplained, FamilyUnknown
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.family import CorrectFamily, Family, FamilyCorrected, FamilyNamed, Member, Person
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.testing.spec import Spec


def person(subject: str, box: str = "AAAA") -> Person:
    name = Sealed[str](subject=subject, algorithm="aes-256-gcm", key_id="1", box=box)
    return Person(name=name, phone=None, id_number=None)


PUPIL, OTHER_PUPIL = person("pupil-1"), person("pupil-2")
GUARDIAN, OTHER_GUARDIAN = person("guardian-1"), person("guardian-2")
FAMILY = Family(pupil=PUPIL, guardian=GUARDIAN)
CORRECT = CorrectFamily(
    member=Member.PUPIL, person=person("pupil-1", "BBBB"), reason="本人来电", corrected_by="li", corrected_at=AT
)
NAMED = replace(SIGNED, family=FAMILY)
SIGN = c.SignContract(terms=TERMS, limits=LIMITS_V1)
RECORD = c.RecordContract(terms=TERMS, limits=LIMITS_V1)


@pytest.fixture
def contract() -> Spec:
    return Spec(CONTRACT)


def named(family: Family, *replaced: str) -> FamilyNamed:
    return FamilyNamed(family=family, replaced=replaced)


def test_a_contract_names_its_people_from_the_beginning(contract: Spec) -> None:
    contract.given().when(replace(SIGN, family=FAMILY)).then(replace(NAMED, policy_version=LIMITS_V1.version))


def test_the_same_people_again_are_no_news_and_neither_are_fewer(contract: Spec) -> None:
    for again in (FAMILY, Family(pupil=PUPIL, guardian=None), Family(pupil=None, guardian=GUARDIAN)):
        contract.given(NAMED, PAID).when(replace(RECORD, family=again)).then()
    contract.given(NAMED).when(RECORD).then()
    contract.given(NAMED).when(replace(RECORD, family=Family(pupil=OTHER_PUPIL, guardian=None))).then()


def test_the_next_export_names_whom_the_first_left_out(contract: Spec) -> None:
    contract.given(SIGNED, PAID).when(replace(RECORD, family=FAMILY)).then(named(FAMILY))
    alone = replace(SIGNED, family=Family(pupil=PUPIL, guardian=None))
    contract.given(alone).when(replace(RECORD, family=FAMILY)).then(named(FAMILY))


def test_another_guardian_is_a_family_that_changed_its_telephone(contract: Spec) -> None:
    moved = Family(pupil=OTHER_PUPIL, guardian=OTHER_GUARDIAN)
    fact = named(moved, "pupil-1", "guardian-1")
    contract.given(NAMED, PAID).when(replace(RECORD, family=moved)).then(fact)
    contract.given(NAMED, PAID, fact).when(replace(RECORD, family=moved)).then()


def test_another_pupil_of_the_same_guardian_is_another_contract(contract: Spec) -> None:
    sibling = Family(pupil=OTHER_PUPIL, guardian=GUARDIAN)
    contract.given(NAMED).when(replace(RECORD, family=sibling)).then_refused(ContractDiffers)
    alone = replace(SIGNED, family=Family(pupil=PUPIL, guardian=None))
    contract.given(alone).when(replace(RECORD, family=Family(pupil=OTHER_PUPIL, guardian=None))).then_refused(
        ContractDiffers
    )


def test_who_signs_here_again_with_another_family_is_refused(contract: Spec) -> None:
    other = Family(pupil=OTHER_PUPIL, guardian=OTHER_GUARDIAN)
    contract.given(NAMED).when(replace(SIGN, family=other)).then_refused(ContractDiffers)
    contract.given(NAMED).when(replace(SIGN, family=FAMILY)).then()


def test_a_person_is_put_right_and_nobody_else(contract: Spec) -> None:
    right = FamilyCorrected(
        member=Member.PUPIL,
        family=Family(pupil=CORRECT.person, guardian=GUARDIAN),
        reason="本人来电",
        corrected_by="li",
        corrected_at=AT,
    )
    contract.given(NAMED, PAID).when(CORRECT).then(right)
    contract.given(NAMED, PAID).when(replace(CORRECT, reason=" ")).then_refused(CorrectionUnexplained)
    contract.given(NAMED).when(replace(CORRECT, member=Member.GUARDIAN)).then_refused(FamilyUnknown)
    contract.given(SIGNED).when(CORRECT).then_refused(FamilyUnknown)


def test_payments_lessons_and_refunds_keep_the_family(contract: Spec) -> None:
    state = CONTRACT.fold([NAMED, PAID])
    assert isinstance(state, c.Paid)
    assert state.family == FAMILY
