"""Facts of complaints being handled -> contracts: which order a dispute is about, and what funds is asked.

One rule: as of all that leaves the service: nothing of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from mingjing_contracts.inspection import (
    ComplainantCount,
    ComplainantsCountedV1,
    ComplaintGroupFormedV1,
    LedgerExtractAskedV1,
    RefundDisputeAcceptedV1,
    RefundDisputeEndedV1,
)
from mingjing_inspection.domain.complainant_count import ComplainantsCounted
from mingjing_inspection.domain.complaint_group import GroupFormed
from mingjing_inspection.domain.track_facts import TrackClosed
from mingjing_inspection.domain.track_handling_facts import (
    ContractNamed,
    DisputeAccepted,
    DisputeWithdrawn,
    LedgerExtractAsked,
)
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded

Ended: TypeAlias = Literal["AGREED", "TERMINATED", "NOT_ACCEPTED", "WITHDRAWN", ""]
_ENDED: Mapping[str, Ended] = MappingProxyType(
    {"AGREED": "AGREED", "TERMINATED": "TERMINATED", "NOT_ACCEPTED": "NOT_ACCEPTED", "WITHDRAWN": "WITHDRAWN"}
)


def dispute_accepted(fact: Recorded[DisputeAccepted]) -> RefundDisputeAcceptedV1 | None:
    """X9, where the order is known."""
    event = fact.event
    if event.contract_id is None:
        return None
    return RefundDisputeAcceptedV1(
        track_id=fact.id,
        contract_id=event.contract_id,
        instead_of=None,
        institution_id=event.institution_id,
        accepted_at=event.at,
    )


def contract_named(fact: Recorded[ContractNamed]) -> RefundDisputeAcceptedV1:
    """X9, once the order is known, or another one is."""
    event = fact.event
    return RefundDisputeAcceptedV1(
        track_id=fact.id,
        contract_id=event.contract_id,
        instead_of=event.before,
        institution_id=event.institution_id,
        accepted_at=event.at,
    )


def dispute_ended(fact: Recorded[TrackClosed | DisputeWithdrawn]) -> RefundDisputeEndedV1 | None:
    """The order is free again."""
    event = fact.event
    if event.contract_id is None:
        return None
    outcome = _ENDED.get(event.outcome.value, "") if isinstance(event, TrackClosed) else "WITHDRAWN"
    return RefundDisputeEndedV1(track_id=fact.id, contract_id=event.contract_id, outcome=outcome, ended_at=event.at)


def extract_asked(fact: Recorded[LedgerExtractAsked]) -> LedgerExtractAskedV1:
    """X21, with its purpose."""
    event = fact.event
    return LedgerExtractAskedV1(
        request_id=event.request_id,
        track_id=fact.id,
        contract_id=event.contract_id,
        institution_id=event.institution_id,
        purpose=event.purpose,
        by=event.by,
        asked_at=event.at,
    )


def group_formed(fact: Recorded[GroupFormed]) -> ComplaintGroupFormedV1:
    """X8: how many people, and not who."""
    event = fact.event
    return ComplaintGroupFormedV1(
        group_id=fact.id,
        institution_id=event.institution_id,
        people=event.people,
        disputes=len(event.members),
        region=event.region,
        department=event.department,
        formed_at=event.at,
    )


def complainants_counted(fact: Recorded[ComplainantsCounted]) -> ComplainantsCountedV1:
    """How many people, and of whom nobody knows it; never by what they are told apart."""
    event = fact.event
    return ComplainantsCountedV1(
        institution_id=event.institution_id,
        counts=tuple(
            ComplainantCount(word=one.word, days=one.days, people=one.people, unnamed=one.unnamed)
            for one in event.voices
        ),
        counted_on=event.on,
    )


TRACKS_OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        DisputeAccepted: dispute_accepted,
        ContractNamed: contract_named,
        TrackClosed: dispute_ended,
        DisputeWithdrawn: dispute_ended,
        LedgerExtractAsked: extract_asked,
        GroupFormed: group_formed,
        ComplainantsCounted: complainants_counted,
    }
)
