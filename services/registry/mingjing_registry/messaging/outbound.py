"""Domain fact -> contract. One rule: what a register said counts as much as what was decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.registry import (
    AnnualCheckRecordedV1,
    BlacklistEndedV1,
    BlacklistPublishedV1,
    DismissalDemandedV1,
    InstitutionAmendedV1,
    InstitutionNameNotedV1,
    InstitutionRegisteredV1,
    LiabilityAskedV1,
    LicenceApprovedV1,
    LicenceCancelledV1,
    LicenceChangeApprovedV1,
    LicenceExpiredV1,
    LicenceReinstatedV1,
    LicenceRenewedV1,
    LicenceRevokedV1,
    LicenceSuspendedV1,
    NoticeFiledV1,
    OperationStateChangedV1,
    SiteApprovedV1,
    SiteClosedV1,
    StaffEnrolledV1,
    StaffLeftV1,
    UnapprovedChangeNoticedV1,
    WhitelistEnteredV1,
    WhitelistLeftV1,
)
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded
from mingjing_registry.domain import (
    annual_check,
    change,
    dismissal,
    liability,
    licence,
    operation,
    site,
    staff_facts,
    whitelist,
)
from mingjing_registry.domain import blacklist_facts as lists
from mingjing_registry.domain import institution as facts
from mingjing_registry.domain.name import brand_of
from mingjing_registry.domain.particulars import Particulars


def institution_registered(fact: Recorded[facts.InstitutionRegistered]) -> InstitutionRegisteredV1:
    """Who it is."""
    event = fact.event
    return InstitutionRegisteredV1(institution_id=fact.id, on=event.on, **_who(event.particulars))


def institution_amended(fact: Recorded[facts.InstitutionAmended]) -> InstitutionAmendedV1:
    """Who it is now."""
    event = fact.event
    return InstitutionAmendedV1(institution_id=fact.id, changed=event.changed, on=event.on, **_who(event.particulars))


def name_noted(fact: Recorded[facts.NameNoted]) -> InstitutionNameNotedV1:
    """How else it is spelt."""
    return InstitutionNameNotedV1(institution_id=fact.id, name=fact.event.name, on=fact.event.on)


def notice_filed(fact: Recorded[facts.NoticeFiled]) -> NoticeFiledV1:
    """What it announced."""
    notice = fact.event.notice
    return NoticeFiledV1(
        institution_id=fact.id,
        matter=notice.matter,
        begins_on=notice.begins_on,
        ends_on=notice.ends_on,
        content=notice.content,
        published=notice.published,
        filed_on=notice.filed_on,
    )


def licence_recorded(
    fact: Recorded[licence.LicenceRecorded],
) -> LicenceApprovedV1 | LicenceCancelledV1 | LicenceRevokedV1:
    """A register's word: in force, given up, or taken away."""
    event = fact.event
    since = event.standing_since or event.on
    match event.standing:
        case "licensed":
            return _approved(fact, event.terms)
        case "cancelled":
            return LicenceCancelledV1(institution_id=fact.id, reason=event.note, on=since)
        case "revoked":
            return LicenceRevokedV1(institution_id=fact.id, decision_reference="", reason=event.note, on=since)


def licence_approved(fact: Recorded[licence.LicenceApproved]) -> LicenceApprovedV1:
    """Granted here."""
    return _approved(fact, fact.event.terms)


def licence_renewed(fact: Recorded[licence.LicenceRenewed]) -> LicenceRenewedV1:
    """In force for longer."""
    return LicenceRenewedV1(institution_id=fact.id, expires_on=fact.event.expires_on, on=fact.event.on)


def change_approved(fact: Recorded[change.ChangeApproved]) -> LicenceChangeApprovedV1:
    """Which kind of change, and by which decision."""
    event = fact.event
    return LicenceChangeApprovedV1(
        institution_id=fact.id, kind=event.kind.value, decision_reference=event.decision_reference, on=event.on
    )


def change_unapproved(fact: Recorded[change.UnapprovedChangeNoticed]) -> UnapprovedChangeNoticedV1:
    """Which kind of change, and in whose register it stands."""
    event = fact.event
    return UnapprovedChangeNoticedV1(
        institution_id=fact.id, kind=event.kind.value, register_of=event.register, on=event.on
    )


def licence_suspended(fact: Recorded[licence.LicenceSuspended]) -> LicenceSuspendedV1:
    """Withheld."""
    event = fact.event
    return LicenceSuspendedV1(
        institution_id=fact.id, decision_reference=event.decision_reference, reason=event.reason, on=event.on
    )


def licence_reinstated(fact: Recorded[licence.LicenceReinstated]) -> LicenceReinstatedV1:
    """In force again."""
    event = fact.event
    return LicenceReinstatedV1(institution_id=fact.id, decision_reference=event.decision_reference, on=event.on)


def licence_revoked(fact: Recorded[licence.LicenceRevoked]) -> LicenceRevokedV1:
    """Taken away."""
    event = fact.event
    return LicenceRevokedV1(
        institution_id=fact.id, decision_reference=event.decision_reference, reason=event.reason, on=event.on
    )


def licence_cancelled(fact: Recorded[licence.LicenceCancelled]) -> LicenceCancelledV1:
    """Given up."""
    return LicenceCancelledV1(institution_id=fact.id, reason=fact.event.reason, on=fact.event.on)


def licence_expired(fact: Recorded[licence.LicenceExpired]) -> LicenceExpiredV1:
    """Run out."""
    return LicenceExpiredV1(institution_id=fact.id, expired_on=fact.event.expired_on, on=fact.event.on)


def whitelist_entered(fact: Recorded[whitelist.WhitelistEntered]) -> WhitelistEnteredV1:
    """On the list."""
    return WhitelistEnteredV1(institution_id=fact.id, reason=fact.event.reason.value, on=fact.event.on)


def whitelist_left(fact: Recorded[whitelist.WhitelistLeft]) -> WhitelistLeftV1:
    """Off the list."""
    reason = fact.event.reason
    # The contract has no word for closing down: there is no licence under which anybody may teach there any more.
    told = "licence-absent" if reason is whitelist.Standing.CLOSED_DOWN else reason.value
    return WhitelistLeftV1(institution_id=fact.id, reason=told, on=fact.event.on)


def site_approved(fact: Recorded[site.SiteApproved]) -> SiteApprovedV1:
    """Where teaching is allowed."""
    event = fact.event
    return SiteApprovedV1(
        site_id=fact.id,
        institution_id=event.institution_id,
        address=event.place.address,
        town_code=event.place.town_code,
        grid_code=event.place.grid_code,
        area_m2=event.area_m2,
        approved_on=event.on,
    )


def site_closed(fact: Recorded[site.SiteClosed]) -> SiteClosedV1:
    """Where it ended."""
    event = fact.event
    return SiteClosedV1(site_id=fact.id, institution_id=event.institution_id, reason=event.reason, closed_on=event.on)


def operation_state_changed(fact: Recorded[operation.OperationStateChanged]) -> OperationStateChangedV1:
    """Whether teaching goes on."""
    event = fact.event
    return OperationStateChangedV1(
        institution_id=fact.id, before=event.before.value, state=event.state.value, reason=event.reason, on=event.on
    )


def annual_check_recorded(fact: Recorded[annual_check.AnnualCheckRecorded]) -> AnnualCheckRecordedV1:
    """How the annual check went."""
    event = fact.event
    return AnnualCheckRecordedV1(institution_id=fact.id, year=event.year, result=event.result, on=event.on)


def staff_enrolled(fact: Recorded[staff_facts.StaffEnrolled]) -> StaffEnrolledV1:
    """That somebody works there; who it is stays here."""
    event = fact.event
    is_teacher = event.post.work is staff_facts.Work.TEACHER
    return StaffEnrolledV1(member_id=fact.id, institution_id=event.institution_id, is_teacher=is_teacher, on=event.on)


def staff_left(fact: Recorded[staff_facts.StaffLeft]) -> StaffLeftV1:
    """That somebody works there no more."""
    return StaffLeftV1(member_id=fact.id, left_on=fact.event.left_on, on=fact.event.on)


def liability_asked(fact: Recorded[liability.LiabilityAsked]) -> LiabilityAskedV1:
    """A question to funds."""
    return LiabilityAskedV1(institution_id=fact.id, on=fact.event.on)


def dismissal_demanded(fact: Recorded[dismissal.DismissalDemanded]) -> DismissalDemandedV1:
    """Somebody barred works there (X14); who it is stays here."""
    event = fact.event
    return DismissalDemandedV1(
        institution_id=fact.id, member_id=event.member_id, decision_reference=event.decision_reference, on=event.on
    )


def blacklist_published(fact: Recorded[lists.BlacklistPublished]) -> BlacklistPublishedV1 | None:
    """Listed; a minor one that is not published concerns nobody else."""
    event = fact.event
    if not event.is_public:
        return None
    return BlacklistPublishedV1(
        listing_id=fact.id,
        institution_id=event.institution_id,
        name=event.name,
        code=event.code,
        grade=event.grade.value,
        document_number=event.document_number,
        ends_on=event.ends_on,
        on=event.on,
    )


def blacklist_ended(fact: Recorded[lists.BlacklistRemoved]) -> BlacklistEndedV1 | None:
    """Over, for whatever cause."""
    event = fact.event
    if not event.was_public:
        return None
    return BlacklistEndedV1(listing_id=fact.id, institution_id=event.institution_id, cause=event.cause, on=event.on)


OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        facts.InstitutionRegistered: institution_registered,
        facts.InstitutionAmended: institution_amended,
        facts.NameNoted: name_noted,
        facts.NoticeFiled: notice_filed,
        whitelist.WhitelistEntered: whitelist_entered,
        whitelist.WhitelistLeft: whitelist_left,
        licence.LicenceRecorded: licence_recorded,
        licence.LicenceApproved: licence_approved,
        licence.LicenceRenewed: licence_renewed,
        licence.LicenceSuspended: licence_suspended,
        licence.LicenceReinstated: licence_reinstated,
        licence.LicenceRevoked: licence_revoked,
        licence.LicenceCancelled: licence_cancelled,
        licence.LicenceExpired: licence_expired,
        change.ChangeApproved: change_approved,
        change.UnapprovedChangeNoticed: change_unapproved,
        operation.OperationStateChanged: operation_state_changed,
        annual_check.AnnualCheckRecorded: annual_check_recorded,
        staff_facts.StaffEnrolled: staff_enrolled,
        staff_facts.StaffLeft: staff_left,
        liability.LiabilityAsked: liability_asked,
        dismissal.DismissalDemanded: dismissal_demanded,
        site.SiteApproved: site_approved,
        site.SiteClosed: site_closed,
        lists.BlacklistPublished: blacklist_published,
        lists.BlacklistRemoved: blacklist_ended,
    }
)


def _approved(fact: Recorded[Any], terms: licence.LicenceTerms) -> LicenceApprovedV1:
    return LicenceApprovedV1(
        institution_id=fact.id,
        number=terms.number,
        issued_on=terms.issued_on,
        expires_on=terms.expires_on,
        on=fact.event.on,
    )


def _who(particulars: Particulars) -> dict[str, Any]:
    return {
        "name": particulars.name,
        "short_name": brand_of(particulars.name),
        "former_names": particulars.former_names,
        "uscc": particulars.uscc,
        "nature": particulars.nature.value,
        "categories": tuple(category.value for category in particulars.categories),
        "departments": particulars.departments,
        "region": particulars.region,
        "phone": particulars.phone,
    }
