"""Domain fact -> contract. One rule: nothing of a person leaves the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.inspection import (
    ComplaintAttributedV1,
    ComplaintReceivedV2,
    DoorClosedTwiceV1,
    TaskClosedV1,
    TaskPlannedV2,
    TaskSubmittedV1,
    UnlicensedPremisesFoundV1,
    UnlicensedPremisesWithdrawnV1,
    VisitCorrectedV1,
    VisitHeadsCountedV1,
    VisitReportedV1,
)
from mingjing_inspection.domain.closed_door import DoorClosedTwice
from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken
from mingjing_inspection.domain.head_count import HeadsCounted
from mingjing_inspection.domain.lead_facts import UnlicensedPremisesNotified, UnlicensedPremisesWithdrawn
from mingjing_inspection.domain.money_words import words_of
from mingjing_inspection.domain.task_facts import (
    TaskClosed,
    TaskKind,
    TaskPlanned,
    TaskPlannedWithoutSite,
    TaskSubmitted,
)
from mingjing_inspection.domain.visit import VisitCorrected, VisitReported
from mingjing_inspection.messaging.outbound_findings import FINDINGS_OUTBOUND
from mingjing_inspection.messaging.outbound_tracks import TRACKS_OUTBOUND
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded


def visit_reported(fact: Recorded[VisitReported]) -> VisitReportedV1:
    """What was seen, without position and photos."""
    event = fact.event
    return VisitReportedV1(
        visit_id=fact.id,
        institution_id=event.institution_id,
        site_id=event.site_id,
        task_id=event.task_id,
        outcome=event.observation.outcome.value,
        failed=event.failed,
        vetoes=event.vetoes,
        region=event.region,
        visited_at=event.observation.visited_at,
    )


def heads_counted(fact: Recorded[HeadsCounted]) -> VisitHeadsCountedV1:
    """A number of heads; who counted stays here."""
    event = fact.event
    return VisitHeadsCountedV1(
        visit_id=fact.id,
        institution_id=event.institution_id,
        site_id=event.site_id,
        pupils=event.pupils,
        classes=event.classes,
        visited_at=event.visited_at,
    )


def visit_corrected(fact: Recorded[VisitCorrected]) -> VisitCorrectedV1:
    """What was really seen."""
    event = fact.event
    return VisitCorrectedV1(
        visit_id=fact.id,
        institution_id=event.institution_id,
        site_id=event.site_id,
        corrects_version=event.corrects_version,
        outcome=event.observation.outcome.value,
        failed=event.failed,
        vetoes=event.vetoes,
        visited_at=event.observation.visited_at,
    )


def door_closed_twice(fact: Recorded[DoorClosedTwice]) -> DoorClosedTwiceV1:
    """That a site was found shut twice running; the stream is the site's."""
    event = fact.event
    return DoorClosedTwiceV1(
        site_id=fact.id,
        institution_id=event.institution_id,
        first_visit_id=event.first_visit_id,
        second_visit_id=event.second_visit_id,
        first_at=event.first_at,
        second_at=event.second_at,
        region=event.region,
        department=event.department,
    )


def complaint_received(fact: Recorded[ComplaintTaken]) -> ComplaintReceivedV2:
    """That somebody complained, and which kinds of words bear on money; not what was said."""
    event = fact.event
    return ComplaintReceivedV2(
        complaint_id=fact.id,
        number=event.intake.number,
        channel=event.intake.channel.value,
        institution_id=event.attribution.institution_id,
        tracks=tuple(track.value for track in event.tracks),
        within_remit=event.within_remit,
        is_urgent=event.is_urgent,
        urgent_words=event.urgent_words,
        says=tuple(sorted(word.value for word in words_of(f"{event.intake.title}。{event.intake.text}"))),
        region=event.region,
        received_at=event.intake.received_at,
    )


def complaint_attributed(fact: Recorded[ComplaintAttributed]) -> ComplaintAttributedV1:
    """Whom it is about after all."""
    event = fact.event
    return ComplaintAttributedV1(
        complaint_id=fact.id,
        institution_id=event.institution_id,
        before=event.before,
        is_urgent=event.is_urgent,
        received_at=event.received_at,
    )


def task_planned(fact: Recorded[TaskPlanned]) -> TaskPlannedV2 | None:
    """That somebody will go to a site; of an unannounced visit nothing before it is made."""
    event = fact.event
    if event.kind is TaskKind.UNANNOUNCED:
        return None
    return TaskPlannedV2(
        task_id=fact.id,
        kind=event.kind.value,
        institution_id=event.institution_id,
        site_id=event.site_id,
        why_no_site="",
        region=event.region,
        department=event.department,
        due_at=event.due_at,
        alert_id=event.cause.alert_id,
        rule=event.cause.rule,
    )


def task_planned_without_site(fact: Recorded[TaskPlannedWithoutSite]) -> TaskPlannedV2 | None:
    """That somebody should go, but nobody knows where."""
    event = fact.event
    if event.kind is TaskKind.UNANNOUNCED:
        return None
    return TaskPlannedV2(
        task_id=fact.id,
        kind=event.kind.value,
        institution_id=event.institution_id,
        site_id=None,
        why_no_site=event.why_no_site,
        region=event.region,
        department=event.department,
        due_at=event.due_at,
        alert_id=event.cause.alert_id,
        rule=event.cause.rule,
    )


def task_submitted(fact: Recorded[TaskSubmitted]) -> TaskSubmittedV1:
    """That somebody went."""
    event = fact.event
    return TaskSubmittedV1(
        task_id=fact.id,
        institution_id=event.institution_id,
        visit_id=event.visit_id,
        outcome=event.outcome.value,
        submitted_at=event.submitted_at,
    )


def task_closed(fact: Recorded[TaskClosed]) -> TaskClosedV1:
    """That the report was looked at."""
    return TaskClosedV1(task_id=fact.id, institution_id=fact.event.institution_id, closed_at=fact.event.closed_at)


def unlicensed_premises_found(fact: Recorded[UnlicensedPremisesNotified]) -> UnlicensedPremisesFoundV1:
    """The place and its photos' digests; nobody who teaches there."""
    event = fact.event
    return UnlicensedPremisesFoundV1(
        lead_id=fact.id,
        address=event.address,
        region=event.region,
        department=event.department,
        venue=event.venue.value,
        cover=event.cover.value,
        photos=event.photos,
        found_at=event.found_at,
    )


def unlicensed_premises_withdrawn(fact: Recorded[UnlicensedPremisesWithdrawn]) -> UnlicensedPremisesWithdrawnV1:
    """That it was nothing."""
    return UnlicensedPremisesWithdrawnV1(lead_id=fact.id, withdrawn_on=fact.event.on)


OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        **TRACKS_OUTBOUND,
        VisitReported: visit_reported,
        HeadsCounted: heads_counted,
        VisitCorrected: visit_corrected,
        DoorClosedTwice: door_closed_twice,
        ComplaintTaken: complaint_received,
        ComplaintAttributed: complaint_attributed,
        TaskPlanned: task_planned,
        TaskPlannedWithoutSite: task_planned_without_site,
        TaskSubmitted: task_submitted,
        TaskClosed: task_closed,
        UnlicensedPremisesNotified: unlicensed_premises_found,
        UnlicensedPremisesWithdrawn: unlicensed_premises_withdrawn,
        **FINDINGS_OUTBOUND,
    }
)
