"""Licensing: which licence command is allowed in which state, and what follows (domain of ``licence.py``).

One rule: a licence is withheld or taken away only by a decision that was served on the institution, with a reason
and a legal basis; REVOKED and CANCELLED are final for their number (L07, L08). What grants, renews and gives up rests
on more than the licence: ``granting.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias, assert_never

from mingjing_kernel.months import months_after
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.licence import (
    AcceptApplication,
    Accepted,
    Applied,
    ApplyForLicence,
    ApproveLicence,
    Cancelled,
    CancelLicence,
    DecisionOverdue,
    Expired,
    ExpireLicence,
    Licence,
    LicenceAccepted,
    LicenceApplied,
    LicenceApproved,
    LicenceCancelled,
    LicenceCommand,
    LicenceEvent,
    LicenceExpired,
    LicenceRecorded,
    LicenceRefused,
    LicenceReinstated,
    LicenceRenewed,
    LicenceReturned,
    LicenceRevoked,
    LicenceSuspended,
    LicenceTerms,
    Licensed,
    NoLicence,
    NoteDecisionOverdue,
    RecordLicence,
    Rectifying,
    Refused,
    RefuseLicence,
    ReinstateLicence,
    RenewLicence,
    ReturnApplication,
    Revoked,
    RevokeLicence,
    Suspended,
    SuspendLicence,
)
from mingjing_registry.domain.licence_refusals import ApplicationIncomplete, ReinstatementNotDecided
from mingjing_registry.domain.profile import Content, Mode
from mingjing_registry.domain.rectification import (
    EndRectification,
    OrderRectification,
    RectificationEnded,
    RectificationLapsed,
    RectificationOrdered,
)
from mingjing_registry.domain.refusals import (
    DecisionNotServed,
    HearingNoticeMissing,
    LicenceNotInThatState,
    ReasonMissing,
)

SIGNATURES_MIN = 2
"""Two officers sign a grant (product default): the one who proposes is not the one who approves."""

LicenceOnly: TypeAlias = (
    RecordLicence
    | ApplyForLicence
    | ReturnApplication
    | AcceptApplication
    | RefuseLicence
    | SuspendLicence
    | ReinstateLicence
    | RevokeLicence
    | ExpireLicence
    | NoteDecisionOverdue
)
"""What is decided by the licence as it stands, and by what the command says."""


def decide_licence(command: LicenceOnly, licence: Licence) -> list[LicenceEvent]:
    """What follows from a licence command."""
    match command:
        case RecordLicence():
            return _record(command, licence)
        case ExpireLicence() | NoteDecisionOverdue():
            return _passed(command, licence)
        case SuspendLicence():
            return _suspend(command, licence)
        case RevokeLicence():
            return _revoke(command, licence)
        case ReinstateLicence():
            return _reinstate(command, licence)
        case ApplyForLicence() | ReturnApplication() | AcceptApplication() | RefuseLicence():
            return _process(command, licence)
        case _:
            assert_never(command)


def evolve_licence(licence: Licence, event: LicenceEvent) -> Licence:  # noqa: C901 - one flat case a fact
    """The licence after one fact."""
    match event:
        case LicenceRecorded(terms=terms, standing="licensed") | LicenceApproved(terms=terms):
            return Licensed(terms)
        case LicenceRecorded(terms=terms, standing="cancelled"):
            return Cancelled(terms)
        case LicenceRecorded(terms=terms):
            return Revoked(terms)
        case LicenceApplied():
            return Applied(ended=ended_of(licence))
        case LicenceReturned():
            return Applied(returned=True, ended=ended_of(licence))
        case LicenceAccepted(on=on, decide_by=decide_by):
            return Accepted(on, decide_by, ended=ended_of(licence))
        case DecisionOverdue(accepted_on=on, decide_by=decide_by):
            return Accepted(on, decide_by, is_overdue=True, ended=ended_of(licence))
        case LicenceRefused(reason=reason):
            return Refused(reason, ended=ended_of(licence))
        case LicenceSuspended(decision_reference=reference):
            return Suspended(terms_of(licence), reference)
        case LicenceReinstated():
            return Licensed(terms_of(licence))
        case LicenceRevoked():
            return Revoked(terms_of(licence))
        case LicenceCancelled():
            return Cancelled(terms_of(licence))
        case LicenceExpired():
            return Expired(terms_of(licence), order_of(licence))
        case LicenceRenewed(expires_on=expires_on):
            return Licensed(replace(terms_of(licence), expires_on=expires_on))
        case RectificationOrdered(reference=reference, deadline=deadline):
            return Rectifying(terms_of(licence), reference, deadline)
        case RectificationEnded(passed=True):
            return Licensed(terms_of(licence))
        case RectificationEnded(reference=reference):
            return _ordered(licence, looked_at=reference)
        case RectificationLapsed():
            return _ordered(licence, lapsed=True)
        case _:
            assert_never(event)


def terms_of(licence: Licence) -> LicenceTerms:
    """Number and validity, empty when there never was a licence."""
    match licence:
        case NoLicence() | Refused() | Applied() | Accepted():
            return LicenceTerms(number="")
        case _:
            return licence.terms


def ended_of(licence: Licence) -> LicenceTerms | None:
    """The licence that was revoked or cancelled, also while another is applied for."""
    match licence:
        case Revoked() | Cancelled():
            return licence.terms
        case Applied() | Accepted() | Refused():
            return licence.ended
        case _:
            return None


def order_of(licence: Licence) -> Rectifying | None:
    """What is to be put right; it outlives the licence's term."""
    match licence:
        case Rectifying():
            return licence
        case Expired():
            return licence.under
        case _:
            return None


def name_of(licence: Licence) -> str:
    """The state's name in answers and read models: ``licensed``, ``no-licence``."""
    return "no-licence" if isinstance(licence, NoLicence) else type(licence).__name__.lower()


def hindrance(step: type[LicenceCommand], licence: Licence) -> Refusal | None:
    """Why the licence as it stands does not take a step, whatever it says; ``None`` where it may."""
    needed = _NEEDED.get(step)
    if step is EndRectification and order_of(licence) is not None:
        return None
    if needed is None or (isinstance(licence, needed) and _is_at_hand(step, licence)):
        return None
    # Whoever applies needs to have none: what else would do is a matter of history.
    names = "no-licence" if step is ApplyForLicence else " or ".join(kind.__name__.lower() for kind in needed)
    sent_back = isinstance(licence, Applied) and licence.returned
    return LicenceNotInThatState(state="returned" if sent_back else name_of(licence), needed=names)


_NEEDED: Mapping[type[LicenceCommand], tuple[type[Licence], ...]] = {
    ApplyForLicence: (NoLicence, Refused, Applied, Cancelled, Revoked),
    ReturnApplication: (Applied,),
    AcceptApplication: (Applied,),
    RefuseLicence: (Accepted,),
    ApproveLicence: (Accepted,),
    SuspendLicence: (Licensed, Rectifying),
    ReinstateLicence: (Suspended,),
    RevokeLicence: (Licensed, Rectifying, Suspended, Expired),
    CancelLicence: (Licensed, Expired),
    RenewLicence: (Licensed, Expired),
    OrderRectification: (Licensed,),
    EndRectification: (Rectifying,),
}


def _is_at_hand(step: type[LicenceCommand], licence: Licence) -> bool:
    """An application that was sent back is with the applicant: only he can go on with it."""
    return not isinstance(licence, Applied) or licence.returned is (step is ApplyForLicence)


def unhindered(step: type[LicenceCommand], licence: Licence) -> None:
    """Raise what ``hindrance`` says."""
    if (why := hindrance(step, licence)) is not None:
        raise why


def _record(command: RecordLicence, licence: Licence) -> list[LicenceEvent]:
    recorded = LicenceRecorded(
        terms=command.terms,
        standing=command.standing,
        standing_since=command.standing_since,
        note=command.note,
        on=command.on,
    )
    if isinstance(licence, NoLicence | Refused | Applied | Accepted):
        ended = ended_of(licence)
        # What had ended is licensed again by a grant; and that it ended is no news while another is applied for.
        if ended is not None and (command.standing == "licensed" or command.terms.number in ("", ended.number)):
            return []
        return [recorded, *_run_out(command)]
    known = terms_of(licence)
    if command.standing == "licensed":
        filled = _filled(known, command.terms)
        # A list that is older than a penalty still shows the licence as good: it never lifts one.
        is_held = order_of(licence) is not None or not isinstance(licence, Licensed | Expired)
        if filled == known or is_held:
            return []
        return [replace(recorded, terms=filled), *_run_out(replace(command, terms=filled))]
    if isinstance(licence, Cancelled | Revoked):
        return []
    return [replace(recorded, terms=_filled(known, command.terms))]


def _filled(known: LicenceTerms, stated: LicenceTerms) -> LicenceTerms:
    return LicenceTerms(
        number=stated.number or known.number,
        issued_on=stated.issued_on or known.issued_on,
        valid_from=stated.valid_from or known.valid_from,
        expires_on=max(filter(None, (stated.expires_on, known.expires_on)), default=None),
    )


def _run_out(command: RecordLicence) -> list[LicenceEvent]:
    expires_on, stated_on = command.terms.expires_on, command.stated_on
    if command.standing != "licensed" or expires_on is None or stated_on is None or stated_on <= expires_on:
        return []
    return [LicenceExpired(expired_on=expires_on, on=command.on)]


def _process(
    command: ApplyForLicence | ReturnApplication | AcceptApplication | RefuseLicence, licence: Licence
) -> list[LicenceEvent]:
    match command, licence:
        case ApplyForLicence(), NoLicence() | Refused() | Applied(returned=True) | Cancelled() | Revoked():
            _complete(command.content)
            return [LicenceApplied(content=command.content, on=command.on)]
        case ApplyForLicence(), Applied() | Accepted():
            return []
        case ReturnApplication(reason=reason, on=on), Applied():
            return [LicenceReturned(reason=given(reason), on=on)] if not licence.returned else []
        case AcceptApplication(on=on, decision_months=months, policy_version=version), Applied(returned=False):
            return [LicenceAccepted(decide_by=months_after(on, months), policy_version=version, on=on)]
        case AcceptApplication(), Accepted():
            return []
        case RefuseLicence(reason=reason, on=on), Accepted():
            return [LicenceRefused(reason=given(reason), on=on)]
        case RefuseLicence(reason=reason), Refused() if licence.reason == reason:
            return []
        case _:
            unhindered(type(command), licence)
            raise AssertionError("a step that nothing hinders has its case above")


def _passed(command: ExpireLicence | NoteDecisionOverdue, licence: Licence) -> list[LicenceEvent]:
    return expire(command, licence) if isinstance(command, ExpireLicence) else _overdue(command, licence)


def _overdue(command: NoteDecisionOverdue, licence: Licence) -> list[LicenceEvent]:
    if not isinstance(licence, Accepted) or licence.is_overdue or licence.decide_by is None:
        return []
    if command.on <= licence.decide_by:
        return []
    return [DecisionOverdue(accepted_on=licence.on, decide_by=licence.decide_by, on=command.on)]


def _suspend(command: SuspendLicence, licence: Licence) -> list[LicenceEvent]:
    if isinstance(licence, Suspended) and licence.decision_reference == command.decision_reference:
        return []
    unhindered(SuspendLicence, licence)
    if not command.decision_reference or command.served_on is None or command.served_on > command.on:
        raise DecisionNotServed
    return [
        LicenceSuspended(
            decision_reference=command.decision_reference,
            served_on=command.served_on,
            reason=given(command.reason),
            legal_basis=given(command.legal_basis),
            on=command.on,
        )
    ]


def _reinstate(command: ReinstateLicence, licence: Licence) -> list[LicenceEvent]:
    if isinstance(licence, Licensed):
        return []
    unhindered(ReinstateLicence, licence)
    reference = command.decision_reference.strip()
    if not reference:
        raise ReinstatementNotDecided
    reinstated = LicenceReinstated(decision_reference=reference, reason=given(command.reason), on=command.on)
    # While it was withheld its last day may have come: then it ends as expired.
    return [reinstated, *expire(ExpireLicence(on=command.on), evolve_licence(licence, reinstated))]


def _revoke(command: RevokeLicence, licence: Licence) -> list[LicenceEvent]:
    if isinstance(licence, Revoked):
        return []
    unhindered(RevokeLicence, licence)
    if not command.decision_reference or command.served_on is None or command.served_on > command.on:
        raise DecisionNotServed
    if not command.hearing_notice_reference:
        raise HearingNoticeMissing
    return [
        LicenceRevoked(
            decision_reference=command.decision_reference,
            served_on=command.served_on,
            hearing_notice_reference=command.hearing_notice_reference,
            reason=given(command.reason),
            legal_basis=given(command.legal_basis),
            on=command.on,
        )
    ]


def expire(command: ExpireLicence, licence: Licence) -> list[LicenceEvent]:
    """What follows when a licence in force has run out; nothing while it has not."""
    # A suspended licence keeps its stronger state; everything else has nothing that could run out.
    if not isinstance(licence, Licensed | Rectifying):
        return []
    last = licence.terms.expires_on
    return [LicenceExpired(expired_on=last, on=command.on)] if last is not None and command.on > last else []


def _ordered(licence: Licence, *, lapsed: bool | None = None, looked_at: str | None = None) -> Licence:
    order = order_of(licence)
    if order is None:
        return licence
    changed = replace(
        order,
        lapsed=order.lapsed if lapsed is None else lapsed,
        looked_at=order.looked_at if looked_at is None else looked_at,
    )
    return replace(licence, under=changed) if isinstance(licence, Expired) else changed


def _complete(content: Content) -> None:
    profile = content.profile
    offline = Mode.OFFLINE in profile.modes
    needed = {
        "organizer": profile.organizer,
        "modes": profile.modes,
        "stages": profile.stages,
        "premises": content.premises or not offline,
        "icp_filing": profile.icp_filing or offline,
    }
    missing = [name for name, stated in needed.items() if not stated]
    if missing:
        raise ApplicationIncomplete(missing=", ".join(missing))


def given(text: str) -> str:
    """A reason that says something. Raises ``ReasonMissing``."""
    if not text.strip():
        raise ReasonMissing
    return text
