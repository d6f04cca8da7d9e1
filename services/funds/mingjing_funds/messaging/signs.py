"""What the registry and the inspection tell of an institution, noted so that the alert rules can read it.

The one rule: it is noted and nothing else follows; what it means is asked by the rules, with everything beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from mingjing_contracts.inspection import (
    ComplainantsCountedV1,
    ComplaintAttributedV1,
    ComplaintGroupFormedV1,
    ComplaintReceivedV2,
    VisitCorrectedV1,
    VisitHeadsCountedV1,
    VisitReportedV1,
)
from mingjing_contracts.registry import (
    AnnualCheckRecordedV1,
    LicenceApprovedV1,
    LicenceChangeApprovedV1,
    LicenceExpiredV1,
    LicenceRenewedV1,
    NoticeFiledV1,
    OperationStateChangedV1,
    SiteApprovedV1,
    StaffEnrolledV1,
    StaffLeftV1,
    UnapprovedChangeNoticedV1,
)
from mingjing_funds.codec import SIGNS
from mingjing_funds.domain import sign_facts as f
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Work

TOLD = "told-elsewhere"
"""Why it is noted; a code, put into words where somebody reads it."""
WATCHING: Final = "国办发〔2018〕80号"
"""Prepaid money is watched for risk."""
WORK_ORDER = "WORK_ORDER"


def complaint_received(message: Message[ComplaintReceivedV2], _services: Any) -> list[Work]:
    """A complaint or report within remit; a question or a thank-you is none."""
    told = message.contract
    if not told.within_remit or set(told.tracks) <= {WORK_ORDER}:
        return []
    on = shanghai_date(told.received_at)
    return _noted(
        message, told.complaint_id, f.NoteComplaint(institution_id=told.institution_id, words=told.says, on=on)
    )


def complaint_attributed(message: Message[ComplaintAttributedV1], _services: Any) -> list[Work]:
    """Whom it is about after all."""
    told = message.contract
    on = shanghai_date(message.occurred_at)
    return _noted(message, told.complaint_id, f.MoveComplaint(institution_id=told.institution_id, on=on))


def complainants_counted(message: Message[ComplainantsCountedV1], _services: Any) -> list[Work]:
    """How many people: what no number of papers says (F25)."""
    told = message.contract
    counts = tuple(
        f.Counted(word=one.word, days=one.days, people=one.people, unnamed=one.unnamed) for one in told.counts
    )
    return _noted(message, told.institution_id, f.NoteComplainants(counts=counts, on=told.counted_on))


def group_formed(message: Message[ComplaintGroupFormedV1], _services: Any) -> list[Work]:
    """Several people together (X8)."""
    told = message.contract
    command = f.NoteGroup(institution_id=told.institution_id, people=told.people, on=shanghai_date(told.formed_at))
    return _noted(message, told.group_id, command)


def visit_told(message: Message[VisitReportedV1 | VisitCorrectedV1], _services: Any) -> list[Work]:
    """What a patrol saw, and what it saw really."""
    told = message.contract
    command = f.NoteVisit(
        institution_id=told.institution_id,
        outcome=told.outcome,
        failed=told.failed,
        visited_at=told.visited_at,
        on=shanghai_date(told.visited_at),
    )
    return _noted(message, told.visit_id, command)


def heads_told(message: Message[VisitHeadsCountedV1], _services: Any) -> list[Work]:
    """How many pupils a patrol saw."""
    told = message.contract
    on = shanghai_date(told.visited_at)
    command = f.NoteHeads(institution_id=told.institution_id, site_id=told.site_id, heads=told.pupils, on=on)
    return _noted(message, told.visit_id, command)


def staff_enrolled(message: Message[StaffEnrolledV1], _services: Any) -> list[Work]:
    """One more on the roll."""
    told = message.contract
    return _noted(message, told.member_id, f.NoteMember(institution_id=told.institution_id, on=told.on))


def staff_left(message: Message[StaffLeftV1], _services: Any) -> list[Work]:
    """One fewer, from the day on which it is known."""
    told = message.contract
    return _noted(message, told.member_id, f.NoteLeaving(on=told.on))


def site_approved(message: Message[SiteApprovedV1], _services: Any) -> list[Work]:
    """One more place."""
    told = message.contract
    return _noted(message, told.site_id, f.NoteSite(institution_id=told.institution_id, on=told.approved_on))


def licence_approved(message: Message[LicenceApprovedV1], _services: Any) -> list[Work]:
    """Since when and until when it may teach."""
    told = message.contract
    command = f.NoteLicence(granted_on=told.issued_on, valid_to=told.expires_on, on=told.on)
    return _noted(message, told.institution_id, command)


def licence_renewed(message: Message[LicenceRenewedV1], _services: Any) -> list[Work]:
    """Until a later day."""
    told = message.contract
    return _noted(message, told.institution_id, f.NoteLicence(granted_on=None, valid_to=told.expires_on, on=told.on))


def licence_expired(message: Message[LicenceExpiredV1], _services: Any) -> list[Work]:
    """The last day has passed."""
    told = message.contract
    return _noted(message, told.institution_id, f.NoteLicence(granted_on=None, valid_to=told.expired_on, on=told.on))


def change_approved(message: Message[LicenceChangeApprovedV1], _services: Any) -> list[Work]:
    """What is otherwise now, rightly (F27)."""
    told = message.contract
    command = f.NoteChange(what=told.kind, is_approved=True, reference=told.decision_reference, on=told.on)
    return _noted(message, told.institution_id, command)


def change_unapproved(message: Message[UnapprovedChangeNoticedV1], _services: Any) -> list[Work]:
    """What is otherwise now, and nobody approved (F27)."""
    told = message.contract
    command = f.NoteChange(what=told.kind, is_approved=False, reference="", on=told.on)
    return _noted(message, told.institution_id, command)


def annual_check_recorded(message: Message[AnnualCheckRecordedV1], _services: Any) -> list[Work]:
    """How the annual check went."""
    told = message.contract
    return _noted(message, told.institution_id, f.NoteAnnualCheck(result=told.result, on=told.on))


def operation_changed(message: Message[OperationStateChangedV1], _services: Any) -> list[Work]:
    """Whether teaching goes on."""
    told = message.contract
    return _noted(message, told.institution_id, f.NoteOperation(state=told.state, on=told.on))


def notice_filed(message: Message[NoticeFiledV1], _services: Any) -> list[Work]:
    """A pause or move that families could read of explains silence; one that was not published explains nothing."""
    told = message.contract
    if not told.published or told.begins_on is None:
        return []
    command = f.NoteAnnouncement(
        matter=told.matter,
        since=told.begins_on,
        until=told.ends_on or told.begins_on,
        filed_on=told.filed_on,
        on=max(told.filed_on, shanghai_date(message.occurred_at)),
    )
    return _noted(message, told.institution_id, command)


def _noted(message: Message[Any], id: UUID, command: f.Command) -> list[Work]:
    return [Work(SIGNS, id, command, message.envelope("funds-note-sign", reason=TOLD, legal_basis=WATCHING))]


SIGNS_INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        ComplaintReceivedV2: complaint_received,
        ComplaintAttributedV1: complaint_attributed,
        ComplainantsCountedV1: complainants_counted,
        ComplaintGroupFormedV1: group_formed,
        VisitReportedV1: visit_told,
        VisitCorrectedV1: visit_told,
        VisitHeadsCountedV1: heads_told,
        StaffEnrolledV1: staff_enrolled,
        StaffLeftV1: staff_left,
        SiteApprovedV1: site_approved,
        LicenceApprovedV1: licence_approved,
        LicenceRenewedV1: licence_renewed,
        LicenceExpiredV1: licence_expired,
        LicenceChangeApprovedV1: change_approved,
        UnapprovedChangeNoticedV1: change_unapproved,
        AnnualCheckRecordedV1: annual_check_recorded,
        OperationStateChangedV1: operation_changed,
        NoticeFiledV1: notice_filed,
    }
)
