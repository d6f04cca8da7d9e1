"""What an institution as it stands does not let anybody do, whatever they say.

One rule: the reasons are those that the deciders raise; the licence's come from ``licensing``, which asks the same
function before it decides.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain import licensing
from mingjing_registry.domain.blacklisted import NoteBlacklistEnded, NoteBlacklisting
from mingjing_registry.domain.institution import (
    ActivateCustody,
    Command,
    EndCustody,
    FileNotice,
    Institution,
    RecordAnnualCheck,
    RecordInstitution,
    Unknown,
)
from mingjing_registry.domain.licence import ApproveLicence
from mingjing_registry.domain.refusals import InstitutionUnknown


def hindrance(step: type[Command], institution: Institution) -> Refusal | None:
    """Why the institution does not take a step; ``None`` where it may."""
    if issubclass(step, RecordInstitution | ActivateCustody | EndCustody):
        return None
    if isinstance(institution, Unknown):
        return InstitutionUnknown()
    if issubclass(step, RecordAnnualCheck | FileNotice | NoteBlacklisting | NoteBlacklistEnded):
        return None
    why = licensing.hindrance(step, institution.licence)
    return why or (licensing.closed_to(institution.particulars) if step is ApproveLicence else None)
