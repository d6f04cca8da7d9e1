"""A code changes by an act of law, stays known when it is over, and is one institution's at every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.change import ApproveChange, ChangeKind, ProposeChange, Wish
from mingjing_registry.domain.credit_code import CodeGiven, CodeGround, CodeLed, FormerCode, GiveCode, LeadToHolder
from mingjing_registry.domain.institution import InstitutionAmended, Known, RecordInstitution, Unknown
from mingjing_registry.domain.institution_rules import INSTITUTION
from mingjing_registry.domain.licence import Licensed
from mingjing_registry.domain.number_refusals import (
    CodeContradictsNature,
    CodeNotYetGiven,
    CodeStandsAlready,
    CodeTaken,
    ConversionNotApproved,
    NameHasCode,
)
from mingjing_registry.domain.particulars import Nature
from mingjing_registry.domain.refusals import ReasonMissing, UsccDiffers
from registry.domain.test_granting import after
from registry.domain.test_institution import LICENCE, MUDUO, ROW
from registry.domain.test_licence import ON

CONVERTED = "52330106MJ0000018E"
MISTYPED = "91330106MA0000015K"
FOR_PROFIT = ROW
PROPOSE = ProposeChange(number="转1", kind=ChangeKind.TO_NON_PROFIT, wish=Wish(), reason="营转非", on=ON)
APPROVE = ApproveChange(number="转1", decision_reference="西教变〔2026〕2号", on=ON)
NEW_CODE = GiveCode(uscc=CONVERTED, ground=CodeGround.CONVERSION, reference="登记证书1号", reason="", on=ON)
WRONG = GiveCode(uscc=MISTYPED, ground=CodeGround.CORRECTION, reference="执照1号", reason="录入有误", on=ON)
A, B = UUID(int=1), UUID(int=2)
LEAD = LeadToHolder(uscc=CONVERTED, at=B, institution_id=A, name=MUDUO.name, on=ON)


def test_a_conversion_brings_a_new_code_with_its_approval_or_later() -> None:
    at_once = after(FOR_PROFIT, PROPOSE, replace(APPROVE, uscc=CONVERTED))
    later = after(FOR_PROFIT, PROPOSE, APPROVE)
    assert (later.particulars.uscc, later.codes.due_for) == (MUDUO.uscc, "转1")
    later = after(FOR_PROFIT, PROPOSE, APPROVE, NEW_CODE)
    for state in (at_once, later):
        assert (state.particulars.uscc, state.particulars.nature) == (CONVERTED, Nature.NON_PROFIT)
        ended = FormerCode(uscc=MUDUO.uscc, ended_by=CodeGround.CONVERSION, until=ON)
        assert (state.codes.former, state.codes.due_for) == ((ended,), "")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (NEW_CODE, ConversionNotApproved),
        (replace(WRONG, reason=" "), ReasonMissing),
        (replace(WRONG, reference=""), ReasonMissing),
        (replace(WRONG, uscc=CONVERTED), CodeContradictsNature),
        (replace(WRONG, ground=CodeGround.FIRST), CodeStandsAlready),
    ],
)
def test_no_code_changes_without_its_ground(command: GiveCode, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        INSTITUTION.decide(command, after(FOR_PROFIT))


def test_a_code_of_the_old_form_is_not_that_of_a_converted_institution() -> None:
    with pytest.raises(CodeContradictsNature):
        INSTITUTION.decide(replace(NEW_CODE, uscc=MISTYPED), after(FOR_PROFIT, PROPOSE, APPROVE))


def test_between_approval_and_registration_the_old_code_is_corrected_as_the_old_form() -> None:
    due = after(FOR_PROFIT, PROPOSE, APPROVE)
    with pytest.raises(CodeContradictsNature):
        INSTITUTION.decide(replace(WRONG, uscc=CONVERTED), due)
    corrected = after(FOR_PROFIT, PROPOSE, APPROVE, WRONG)
    assert (corrected.particulars.uscc, corrected.codes.due_for) == (MISTYPED, "转1")
    assert corrected.particulars.nature is Nature.NON_PROFIT
    converted = after(FOR_PROFIT, PROPOSE, APPROVE, WRONG, NEW_CODE)
    assert (converted.particulars.uscc, converted.codes.own_former) == (CONVERTED, (MISTYPED,))


def test_the_same_code_again_changes_nothing() -> None:
    assert INSTITUTION.decide(WRONG, after(FOR_PROFIT, WRONG)) == []
    given, amended = INSTITUTION.decide(WRONG, after(FOR_PROFIT))
    assert isinstance(given, CodeGiven)
    assert isinstance(amended, InstitutionAmended)
    assert amended.changed == ("uscc",)


def test_a_list_under_the_former_code_is_taken_and_undoes_no_conversion() -> None:
    converted = after(FOR_PROFIT, PROPOSE, APPROVE, NEW_CODE)
    later = replace(FOR_PROFIT.listing, stated_on=ON + timedelta(days=1))
    stated = replace(FOR_PROFIT.particulars, phone="19900000000")
    events = INSTITUTION.decide(replace(FOR_PROFIT, particulars=stated, listing=later), converted)
    (amended,) = (one for one in events if isinstance(one, InstitutionAmended))
    assert (amended.particulars.uscc, amended.particulars.nature) == (CONVERTED, Nature.NON_PROFIT)
    assert amended.particulars.phone == "19900000000"


def test_a_list_that_calls_the_former_code_over_ends_no_licence() -> None:
    later = replace(FOR_PROFIT.listing, stated_on=ON + timedelta(days=1))
    over = replace(LICENCE, standing="cancelled", terms=replace(LICENCE.terms, number="教民133010670000001"))
    for changes in ((PROPOSE, APPROVE, NEW_CODE), (WRONG,)):
        state = after(FOR_PROFIT, *changes)
        for event in INSTITUTION.decide(replace(FOR_PROFIT, licence=over, listing=later), state):
            changed = INSTITUTION.evolve(state, event)
            assert isinstance(changed, Known)
            state = changed
        assert (type(state.licence), state.ended_numbers) == (Licensed, ())


def test_between_approval_and_registration_no_list_undoes_the_conversion() -> None:
    converted = after(FOR_PROFIT, PROPOSE, APPROVE)
    later = replace(FOR_PROFIT.listing, stated_on=ON + timedelta(days=1))
    events = INSTITUTION.decide(replace(FOR_PROFIT, listing=later), converted)
    assert not [one for one in events if isinstance(one, InstitutionAmended) and "nature" in one.changed]


def test_under_a_code_that_was_never_its_own_only_its_name_leads_to_it() -> None:
    corrected = after(FOR_PROFIT, WRONG)
    assert INSTITUTION.decide(FOR_PROFIT, corrected) == []
    other = replace(FOR_PROFIT, particulars=replace(FOR_PROFIT.particulars, name="杭州流萤坊美术培训有限公司"))
    with pytest.raises(UsccDiffers):
        INSTITUTION.decide(other, corrected)


def test_a_code_that_leads_elsewhere_registers_nobody() -> None:
    assert INSTITUTION.decide(LEAD, Unknown()) == [CodeLed(uscc=CONVERTED, institution_id=A, name=MUDUO.name, on=ON)]
    led = INSTITUTION.fold(INSTITUTION.decide(LEAD, Unknown()))
    assert INSTITUTION.decide(LEAD, led) == []
    with pytest.raises(CodeTaken):
        INSTITUTION.decide(replace(LEAD, institution_id=B), led)
    with pytest.raises(CodeTaken):
        INSTITUTION.decide(FOR_PROFIT, led)


def test_a_code_that_somebody_has_is_given_to_nobody_else() -> None:
    with pytest.raises(CodeTaken) as refused:
        INSTITUTION.decide(LEAD, after(FOR_PROFIT))
    assert MUDUO.name in str(refused.value)


def unregistered() -> RecordInstitution:
    return replace(FOR_PROFIT, particulars=replace(FOR_PROFIT.particulars, uscc=""))


def test_who_applies_first_has_no_code_and_gets_its_first_one_later() -> None:
    first = replace(NEW_CODE, uscc=MUDUO.uscc, ground=CodeGround.FIRST)
    with pytest.raises(CodeNotYetGiven):
        INSTITUTION.decide(WRONG, after(unregistered()))
    state = after(unregistered(), first)
    assert (state.particulars.uscc, state.codes.former) == (MUDUO.uscc, ())
    with pytest.raises(NameHasCode):
        INSTITUTION.decide(unregistered(), state)
