"""Granting, renewing and giving up a licence: the three acts that rest on more than the licence itself.

One rule: the second signature is another officer's, and an approval cites what each admission rule said and under
which version of the policy.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.admission import facts_of
from mingjing_registry.domain.admission_rules import checks, non_profit, unmet
from mingjing_registry.domain.check import Outcome
from mingjing_registry.domain.ended_number import ended_refusal
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.liability import owed, require_fresh
from mingjing_registry.domain.licence import (
    ApproveLicence,
    Cancelled,
    CancelLicence,
    LicenceApproved,
    LicenceCancelled,
    LicenceRenewed,
    RenewLicence,
)
from mingjing_registry.domain.licence_refusals import (
    AdmissionUnmet,
    AnnualCheckFailed,
    ChangePending,
    ClosingUnfinished,
    FirstSignatureMissing,
    RectificationOpen,
)
from mingjing_registry.domain.licensing import given, hindrance, order_of
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.domain.operation_rules import require_notice_over
from mingjing_registry.domain.profile import changed_fields
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.refusals import (
    PublicNoticeMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SubjectLicencesClosed,
    SubjectTrainingForProfit,
)


def approve(command: ApproveLicence, known: Known) -> list[LicenceApproved | ProfileRecorded | OperationStateChanged]:
    """Grant what the first officer signed."""
    file = known.application
    if (why := approval_hindrance(known)) is not None:
        raise why
    found = checks(facts_of(known, command.on), command.numbers)
    if rules := unmet(found, file.waivers):
        if "R2" in rules:
            raise SubjectTrainingForProfit
        if "R1" in rules:
            raise SubjectLicencesClosed
        raise AdmissionUnmet(rules=", ".join(rules))
    assert file.signature is not None, "the hindrance asks for it"
    granted = LicenceApproved(
        terms=file.signature.terms,
        signed_by=_both(file.signature.officer, command.officer),
        site_check_reference=file.site_checks[-1].reference,
        checks=found,
        waived=tuple(file.waivers),
        policy_version=command.numbers.version,
        on=command.on,
    )
    assert file.content is not None, "an accepted application has content"
    profile, changed = file.content.profile, changed_fields(known.profile, file.content.profile)
    recorded = [ProfileRecorded(profile=profile, changed=changed, on=command.on)] if changed else []
    return [granted, *recorded, *_anew(known, command)]


def _anew(known: Known, command: ApproveLicence) -> list[OperationStateChanged]:
    """Who had closed down and is licensed again prepares anew."""
    before = known.operation.state
    if before is not OperationState.CLOSED:
        return []
    anew = OperationState.PREPARING
    return [OperationStateChanged(before=before, state=anew, reason="licensed-anew", reference="", on=command.on)]


def approval_hindrance(known: Known) -> Refusal | None:
    """Why no grant is possible now, whatever the second officer says; ``None`` where it is."""
    file = known.application
    if (why := hindrance(ApproveLicence, known.licence)) is not None:
        return why
    if not file.site_checks:
        return SiteCheckMissing()
    if file.signature is None:
        return FirstSignatureMissing()
    return ended_refusal(known.ended_numbers, file.signature.terms.number)


def renew(command: RenewLicence, known: Known) -> list[LicenceRenewed]:
    """Extend as the first officer signed it."""
    if (why := renewal_hindrance(known)) is not None:
        raise why
    if non_profit(known.particulars, known.profile.stages, command.numbers).outcome in (Outcome.FAIL, Outcome.UNKNOWN):
        raise SubjectTrainingForProfit
    signed = known.application.renewal
    assert signed is not None, "the hindrance asks for it"
    both = _both(signed.officer, command.officer)
    return [LicenceRenewed(expires_on=signed.expires_on, signed_by=both, on=command.on)]


def renewal_hindrance(known: Known) -> Refusal | None:
    """Why nothing can be renewed now; ``None`` where it can."""
    if (order := order_of(known.licence)) is not None:
        return RectificationOpen(reference=order.reference)
    if (why := hindrance(RenewLicence, known.licence)) is not None:
        return why
    if known.annual_check == "fail":
        return AnnualCheckFailed()
    if (pending := known.changes.pending) is not None:
        return ChangePending(number=pending.number)
    return FirstSignatureMissing() if known.application.renewal is None else None


def cancel(command: CancelLicence, known: Known) -> list[LicenceCancelled]:
    """Take the licence back from who gives it up: liquidated, and nobody owed anything as funds says."""
    if isinstance(known.licence, Cancelled):
        return []
    if (why := cancellation_hindrance(known)) is not None:
        raise why
    if not command.application_reference or not command.public_notice_reference:
        raise PublicNoticeMissing
    require_notice_over(known.operation, command.on)
    require_fresh(known.liability, command.on, command.fresh_days_max)
    return [
        LicenceCancelled(
            application_reference=command.application_reference,
            public_notice_reference=command.public_notice_reference,
            reason=given(command.reason),
            on=command.on,
        )
    ]


def cancellation_hindrance(known: Known) -> Refusal | None:
    """Why the licence cannot be given up now; ``None`` where it can."""
    why = hindrance(CancelLicence, known.licence) or owed(known.liability)
    return why or (None if known.operation.is_liquidated else ClosingUnfinished())


def _both(first: str, second: str) -> tuple[str, str]:
    count = len({officer for officer in (first, second) if officer})
    if count < 2:
        raise SignaturesMissing(count=count)
    return (first, second)
