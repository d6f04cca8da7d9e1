"""Credit code rules: which act may change a code, and what it must show (domain of ``credit_code.py``).

One rule: a conversion's new code waits for an approved conversion, a first one for nobody's code, and a correction
says why what stood was wrong; none of them changes the nature beside it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.change import ApproveChange, ChangeApproved, ChangeKind
from mingjing_registry.domain.credit_code import CodeGiven, CodeGround, Codes, FormerCode, GiveCode, nature_in
from mingjing_registry.domain.institution import InstitutionAmended, Known
from mingjing_registry.domain.licensing import given
from mingjing_registry.domain.name import is_same_name
from mingjing_registry.domain.number_refusals import (
    CodeContradictsNature,
    CodeNotYetGiven,
    CodeStandsAlready,
    ConversionNotApproved,
)
from mingjing_registry.domain.particulars import Nature, Particulars


def decide_code(command: GiveCode, known: Known) -> list[CodeGiven | InstitutionAmended]:
    """The code and the record that shows it."""
    particulars = known.particulars
    if command.uscc == particulars.uscc:
        return []
    if (why := _hindered(command.ground, known)) is not None:
        raise why
    due, says = _due(command.ground, known), nature_in(command.uscc)
    if Nature.UNKNOWN not in (due, says) and due is not says:
        raise CodeContradictsNature(uscc=command.uscc, says=says.value, stands=due.value)
    code = CodeGiven(
        before=particulars.uscc,
        uscc=command.uscc,
        ground=command.ground,
        reference=given(command.reference),
        reason=given(command.reason) if command.ground is CodeGround.CORRECTION else command.reason,
        on=command.on,
    )
    nature = says if particulars.nature is Nature.UNKNOWN else particulars.nature
    after = replace(particulars, uscc=command.uscc, nature=nature)
    changed = ("uscc",) if nature is particulars.nature else ("uscc", "nature")
    return [code, InstitutionAmended(particulars=after, listing=known.listing, changed=changed, on=command.on)]


def code_with(command: ApproveChange, after: Known) -> list[CodeGiven | InstitutionAmended]:
    """The new code that is stated together with the approval of the conversion, where it is known by then."""
    if not command.uscc:
        return []
    given_now = GiveCode(
        uscc=command.uscc,
        ground=CodeGround.CONVERSION,
        reference=command.decision_reference,
        reason="",
        on=command.on,
    )
    return decide_code(given_now, after)


def evolve_codes(codes: Codes, event: CodeGiven | ChangeApproved) -> Codes:
    """Codes after one fact."""
    match event:
        case ChangeApproved(kind=ChangeKind.TO_NON_PROFIT, number=number):
            return replace(codes, due_for=number)
        case ChangeApproved():
            return codes
        case CodeGiven(before=before, uscc=uscc, ground=ground, on=on):
            kept = tuple(one for one in codes.former if one.uscc != uscc)
            former = (*kept, FormerCode(uscc=before, ended_by=ground, until=on)) if before else kept
            return Codes(former=former, due_for="" if ground is CodeGround.CONVERSION else codes.due_for)
        case _:
            assert_never(event)


def as_known_here(stated: Particulars, known: Known) -> Particulars:
    """What a list states under a former code, as a statement on the institution as it stands: its code and its nature
    were changed by an act, and no list undoes that. Under a code that was never its own only its name leads to it.
    """
    if known.codes.due_for and stated.uscc == known.particulars.uscc:
        return replace(stated, nature=known.particulars.nature)
    ended = known.codes.ended(stated.uscc)
    if ended is None or (ended.ended_by is CodeGround.CORRECTION and not is_named(stated.name, known)):
        return stated
    return replace(stated, uscc=known.particulars.uscc, nature=known.particulars.nature)


def is_named(name: str, known: Known) -> bool:
    """Whether the institution is or was called so."""
    return any(is_same_name(name, one) for one in known.names)


def _due(ground: CodeGround, known: Known) -> Nature:
    """The nature that the code has to show. Between a conversion and its new code the old one is still corrected as
    what it was: only who was for-profit converts.
    """
    if ground is CodeGround.CONVERSION:
        return Nature.NON_PROFIT
    return Nature.FOR_PROFIT if known.codes.due_for else known.particulars.nature


def _hindered(ground: CodeGround, known: Known) -> Refusal | None:
    match ground:
        case CodeGround.FIRST:
            stands = known.particulars.uscc
            return CodeStandsAlready(uscc=stands) if stands else None
        case CodeGround.CONVERSION:
            return None if known.codes.due_for else ConversionNotApproved()
        case CodeGround.CORRECTION:
            return None if known.particulars.uscc else CodeNotYetGiven()
        case _:
            assert_never(ground)
