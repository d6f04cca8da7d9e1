"""Annulment rules: what an annulled decision leaves to be done with a listing (B1), and what it rules out.

One rule: once the ground is gone the file ends one way or the other; no step strengthens it or brings it to the public.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain import blacklist_refusals as no
from mingjing_registry.domain.annulment import (
    Annulment,
    BlacklistAnnulmentRetracted,
    BlacklistGroundAnnulled,
    BlacklistRemovalOverdue,
    BlacklistRemovalReminded,
    Command,
    Fact,
    NoteRemovalOverdue,
    RecordAnnulment,
    RemindOfRemoval,
    RetractAnnulment,
)
from mingjing_registry.domain.blacklist import (
    DropProposal,
    ExpireListing,
    File,
    RejectListing,
    WithdrawListing,
)
from mingjing_registry.domain.refusals import ReasonMissing

NOTED: tuple[type, ...] = (RemindOfRemoval, NoteRemovalOverdue)
"""What the keeper of deadlines says; nothing follows where there is nothing to say."""
_ENDINGS: tuple[type, ...] = (WithdrawListing, RejectListing, DropProposal, ExpireListing, RetractAnnulment)


def annulment_hindrance(step: type, annulment: Annulment | None) -> Refusal | None:
    """Why a file with or without an annulment on record does not take a step."""
    if annulment is None:
        return no.NothingAnnulled() if step is RetractAnnulment else None
    if step in _ENDINGS or step in NOTED:
        return None
    return no.ListingGroundAnnulled(reference=annulment.reference, remove_by=annulment.remove_by)


def decide_annulment(command: Command, file: File) -> list[Fact]:
    """The facts that follow, where the stage allows the step."""
    match command:
        case RecordAnnulment():
            return [_recorded(command)]
        case RetractAnnulment(reference=reference, reason=reason, on=on):
            if not reference.strip():
                raise no.ReferenceMissing(document="judgment or note 裁判或更正文书")
            if not reason.strip():
                raise ReasonMissing
            return [BlacklistAnnulmentRetracted(reference=reference, reason=reason, on=on)]
        case RemindOfRemoval(on=on):
            is_news = file.annulment is not None and not file.annulment.is_reminded
            return [BlacklistRemovalReminded(on=on)] if is_news else []
        case NoteRemovalOverdue(due_on=due_on, on=on):
            is_news = file.annulment is not None and not file.annulment.is_overdue and on > due_on
            return [BlacklistRemovalOverdue(due_on=due_on, on=on)] if is_news else []
        case _:
            assert_never(command)


def evolve_annulment(annulment: Annulment | None, event: Fact) -> Annulment | None:
    """What is known of it after one fact."""
    match event:
        case BlacklistGroundAnnulled(reference=reference, remove_by=remove_by):
            return Annulment(reference=reference, remove_by=remove_by)
        case BlacklistAnnulmentRetracted():
            return None
        case BlacklistRemovalReminded():
            return None if annulment is None else replace(annulment, is_reminded=True)
        case BlacklistRemovalOverdue():
            return None if annulment is None else replace(annulment, is_overdue=True)
        case _:
            assert_never(event)


def _recorded(command: RecordAnnulment) -> BlacklistGroundAnnulled:
    if not command.reference.strip():
        raise no.ReferenceMissing(document="annulment 撤销文书")
    if not command.annulled_on <= command.known_on <= command.on:
        raise no.AnnulmentDatesWrong(annulled_on=command.annulled_on, known_on=command.known_on)
    return BlacklistGroundAnnulled(
        body=command.body,
        reference=command.reference,
        annulled_on=command.annulled_on,
        known_on=command.known_on,
        working_days=command.working_days,
        remove_by=command.remove_by,
        rule=command.rule,
        on=command.on,
    )
