"""What an institution as it stands does not let anybody do, whatever they say.

One rule: the reasons are those that the deciders raise: each noun's own function says them, and its decider asks the
same one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain import annual_check, application, change, licensing, operation
from mingjing_registry.domain.annual_check_rules import annual_check_hindrance
from mingjing_registry.domain.application_rules import application_hindrance
from mingjing_registry.domain.blacklisted import NoteBlacklistEnded, NoteBlacklisting
from mingjing_registry.domain.change_rules import change_hindrance
from mingjing_registry.domain.credit_code import GiveCode, LeadToHolder
from mingjing_registry.domain.granting import approval_hindrance, cancellation_hindrance, renewal_hindrance
from mingjing_registry.domain.institution import (
    ActivateCustody,
    Command,
    EndCustody,
    FileNotice,
    Institution,
    Known,
    RecordInstitution,
    Unknown,
)
from mingjing_registry.domain.liability import AskLiability, NoteLiability
from mingjing_registry.domain.licence import ApproveLicence, CancelLicence, RenewLicence
from mingjing_registry.domain.operation_rules import operation_hindrance
from mingjing_registry.domain.record_facts import NoteMaterials, NoteStaff, RecordProfile
from mingjing_registry.domain.refusals import InstitutionUnknown

_NEVER = (
    FileNotice,
    RecordProfile,
    NoteStaff,
    NoteMaterials,
    AskLiability,
    NoteLiability,
    GiveCode,
    NoteBlacklisting,
    NoteBlacklistEnded,
)
"""Steps that a known institution always takes."""
_RESTING: Mapping[type[Any], Callable[[Known], Refusal | None]] = {
    ApproveLicence: approval_hindrance,
    RenewLicence: renewal_hindrance,
    CancelLicence: cancellation_hindrance,
}
_BY_NOUN: Mapping[type[Any], Callable[[Any, Known], Refusal | None]] = {
    **dict.fromkeys(get_args(application.Command), application_hindrance),
    **dict.fromkeys(get_args(change.Command), change_hindrance),
    **dict.fromkeys(get_args(operation.Command), operation_hindrance),
    **dict.fromkeys(get_args(annual_check.Command), annual_check_hindrance),
}


def hindrance(step: type[Command], institution: Institution) -> Refusal | None:
    """Why the institution does not take a step; ``None`` where it may."""
    if issubclass(step, RecordInstitution | LeadToHolder | ActivateCustody | EndCustody):
        return None
    if isinstance(institution, Unknown):
        return InstitutionUnknown()
    if issubclass(step, _NEVER):
        return None
    if step in _RESTING:
        return _RESTING[step](institution)
    if step in _BY_NOUN:
        return _BY_NOUN[step](step, institution)
    return licensing.hindrance(step, institution.licence)  # type: ignore[arg-type]
