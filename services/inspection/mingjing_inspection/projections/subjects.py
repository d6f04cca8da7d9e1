"""Complainants (投诉人) and persons of leads (线索人员) as data subjects: where each one's data stands, and since when
the retention of it runs.

The time begins anew with each fact about the complaint or the lead: nobody's data goes while the matter may be open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken, HandlingNoted
from mingjing_inspection.domain.complaint_voice import (
    CallBackAnswered,
    DisputeWithdrawn,
    PhotoAdded,
    ReopeningAsked,
    VoiceOpened,
    WordsAdded,
)
from mingjing_inspection.domain.lead_facts import (
    LeadConcluded,
    LeadReported,
    LeadSeenAgain,
    LeadVerificationStarted,
    TriageConfirmed,
    UnlicensedPremisesFound,
)
from mingjing_inspection.domain.lead_terms import PEOPLE_MAX, person_of
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.sealed.subject import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from mingjing_kernel.sealed.subjects import fold_subject, named_in, new_subject, subjects_table

RECORD = "complaint"
"""The retention policy's name for this kind of record."""
LEAD_RECORD = "inspection"
"""The same of a lead: it is what an inspection saw or was told."""

_PROLONGING = (LeadSeenAgain, LeadVerificationStarted, UnlicensedPremisesFound, TriageConfirmed, LeadConcluded)
"""Facts of a lead after which the time of its persons begins anew."""
_BEGINS_ANEW: Mapping[type[Any], str] = {
    HandlingNoted: "noted_at",
    WordsAdded: "added_at",
    PhotoAdded: "added_at",
    CallBackAnswered: "answered_at",
    ReopeningAsked: "asked_at",
    DisputeWithdrawn: "withdrawn_at",
}
"""Facts of a complaint after which hers begins anew, and where each says when."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a complainant."""
    match fact.event:
        case ComplaintTaken() | HandlingNoted() | ComplaintAttributed() | VoiceOpened():
            yield (subject_of(fact.id),)
        case WordsAdded() | PhotoAdded() | CallBackAnswered() | ReopeningAsked() | DisputeWithdrawn():
            yield (subject_of(fact.id),)
        case LeadReported() as event:
            yield from ((person_of(fact.id, number),) for number in range(len(event.told.people)))
        case _ if isinstance(fact.event, _PROLONGING):
            yield from ((person_of(fact.id, number),) for number in range(PEOPLE_MAX))
        case SubjectErased() | LegalHoldPlaced() | LegalHoldLifted() as event:
            yield (event.subject,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; none for a complaint without a person."""
    match fact.event:
        case ComplaintTaken() as event if event.complainant is not None:
            return new_subject(
                key[0],
                stream=fact.stream,
                record=RECORD,
                begins_at=event.taken_at,
                department=event.department,
                region=event.region,
            )
        case LeadReported() as event:
            return new_subject(
                key[0],
                stream=fact.stream,
                record=LEAD_RECORD,
                begins_at=event.at,
                department=event.department,
                region=event.region,
            )
        case _ if isinstance(fact.event, _PROLONGING):
            return row | {"begins_at": fact.recorded_at} if row is not None else None
        case ComplaintAttributed() as event if row is not None:
            return row | {"begins_at": event.attributed_at, "department": event.department}
        case VoiceOpened() as event:
            return _followed(key, row, fact, event)
        case event if row is not None and (when := _BEGINS_ANEW.get(type(event))):
            return row | {"begins_at": getattr(event, when)}
        case event:
            return fold_subject(row, event)


SUBJECTS_READ = ReadModel(
    name="subjects",
    table=subjects_table(METADATA),
    nouns=("complaint", "complaint-voice", "lead", "subject"),
    keys=keys,
    fold=fold,
    history=True,
)


def _followed(key: Key, row: Row | None, fact: Recorded[Any], event: VoiceOpened) -> Row:
    """From now on something of her may be sealed there, whoever she is: an anonymous citizen writes numbers, too."""
    if row is not None:
        return named_in(row, fact.stream)
    return new_subject(
        key[0],
        stream=fact.stream,
        record=RECORD,
        begins_at=event.opened_at,
        department=event.department,
        region=event.region,
    )
