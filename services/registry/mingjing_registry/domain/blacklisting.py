"""Blacklisting: which step a listing (B1) allows, and what follows from it (states and commands in ``blacklist.py``).

One rule: what a state does not allow is said by ``hindrance`` and by nothing else; deciders ask it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias, assert_never

from mingjing_kernel.decider import Decider
from mingjing_kernel.months import months_after
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain import blacklist_refusals as no
from mingjing_registry.domain.annulment import Fact as AnnulmentFact
from mingjing_registry.domain.annulment import NoteRemovalOverdue, RecordAnnulment, RemindOfRemoval, RetractAnnulment
from mingjing_registry.domain.annulment_rules import NOTED, annulment_hindrance, decide_annulment, evolve_annulment
from mingjing_registry.domain.blacklist import (
    AcceptRepair,
    ApplyForRepair,
    Cause,
    Command,
    ConsentToListing,
    DecideListing,
    DropProposal,
    ExpireListing,
    File,
    GrantRepair,
    HoldHearing,
    Listing,
    ProposeListing,
    PublishListing,
    RecordStatement,
    RefuseRepair,
    RejectListing,
    RequestHearing,
    ReviewListing,
    ServeListingNotice,
    Stage,
    Unproposed,
    WithdrawListing,
)
from mingjing_registry.domain.listing_terms import Grade
from mingjing_registry.domain.refusals import ReasonMissing

OPEN = (Stage.PROPOSED, Stage.RETURNED, Stage.REVIEWED, Stage.NOTICED)
DECIDED = (Stage.LISTED, Stage.CONSENTED)
EFFECTIVE = (Stage.PUBLISHED, Stage.REPAIR_APPLIED, Stage.REPAIR_ACCEPTED)
LIVE = (*OPEN, *DECIDED, *EFFECTIVE)
"""Not over yet."""
_InForce: TypeAlias = (
    f.BlacklistPublished
    | f.BlacklistRepairApplied
    | f.BlacklistRepairAccepted
    | f.BlacklistRepairRefused
    | f.BlacklistRepaired
    | f.BlacklistRemoved
    | f.BlacklistDropped
    | AnnulmentFact
)
_GRADES = (Grade.MINOR, Grade.GENERAL, Grade.SERIOUS)
_NEEDED: Mapping[type[Command], tuple[Stage, ...]] = {
    ReviewListing: (Stage.PROPOSED,),
    ServeListingNotice: (Stage.REVIEWED,),
    RecordStatement: (Stage.NOTICED,),
    RequestHearing: (Stage.NOTICED,),
    HoldHearing: (Stage.NOTICED,),
    DecideListing: (Stage.NOTICED,),
    RejectListing: (Stage.REVIEWED, Stage.NOTICED),
    ConsentToListing: (Stage.LISTED,),
    PublishListing: DECIDED,
    ApplyForRepair: (Stage.PUBLISHED,),
    AcceptRepair: (Stage.REPAIR_APPLIED,),
    RefuseRepair: (Stage.REPAIR_APPLIED, Stage.REPAIR_ACCEPTED),
    GrantRepair: (Stage.REPAIR_ACCEPTED,),
    ExpireListing: EFFECTIVE,
    WithdrawListing: LIVE,
    DropProposal: OPEN,
    RecordAnnulment: LIVE,
    RetractAnnulment: LIVE,
    RemindOfRemoval: LIVE,
    NoteRemovalOverdue: LIVE,
}


def hindrance(step: type[Command], listing: Listing) -> Refusal | None:
    """Why the file as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(listing, Unproposed):
        return None if step is ProposeListing else no.ListingUnknown()
    needed = (Stage.RETURNED,) if step is ProposeListing else _NEEDED[step]
    if step is PublishListing and listing.needs_consent:
        needed = (Stage.CONSENTED,)
    if step is ConsentToListing and not listing.needs_consent:
        needed = ()
    if listing.stage not in needed:
        return no.ListingNotInThatState(state=listing.stage.value, needed=" or ".join(needed) or "one that needs it")
    if step is HoldHearing and listing.hearing != "requested":
        return no.HearingNotRequested()
    return annulment_hindrance(step, listing.annulment)


def decide(command: Command, listing: Listing) -> list[f.Event]:
    """The facts that follow."""
    if isinstance(command, ProposeListing):
        return _propose(command, listing)
    if isinstance(command, ExpireListing) and not _is_due(command, listing):
        return []
    if isinstance(command, NOTED) and hindrance(type(command), listing) is not None:
        return []  # ended since: the keeper of deadlines asks again for nobody
    if (why := hindrance(type(command), listing)) is not None:
        raise why
    assert isinstance(listing, File)
    return _step(command, listing)


def evolve(listing: Listing, event: f.Event) -> Listing:
    """The file after one fact."""
    if isinstance(event, f.BlacklistProposed):
        return File(stage=Stage.PROPOSED, party=event.party, within=event.within, grade=event.grade)
    assert isinstance(listing, File), "a listing begins with its proposal"
    return _evolve(listing, event)


BLACKLIST: Decider[Command, Listing, f.Event] = Decider(initial=Unproposed(), decide=decide, evolve=evolve)


def _step(command: Command, file: File) -> list[f.Event]:  # noqa: C901 - one flat case a step
    match command:
        case ReviewListing(agrees=agrees, opinion=opinion, on=on):
            return [f.BlacklistReviewed(agrees=agrees, opinion=_given(opinion), on=on)]
        case ServeListingNotice():
            return _serve(command)
        case RecordStatement(statement=statement, received_on=received_on, on=on):
            _in_time(received_on, on, file)
            return [f.BlacklistStatementMade(statement=_given(statement), received_on=received_on, on=on)]
        case RequestHearing(received_on=received_on, on=on):
            _in_time(received_on, on, file)
            return [] if file.hearing else [f.BlacklistHearingRequested(received_on=received_on, on=on)]
        case HoldHearing(record_reference=reference, held_on=held_on, on=on):
            _not_later(held_on, on)
            if file.served_on is not None and held_on <= file.served_on:
                raise no.HearingTooEarly(held_on=held_on, served_on=file.served_on)
            cited = _cited(reference, "hearing record 听证笔录")
            return [f.BlacklistHearingHeld(record_reference=cited, held_on=held_on, on=on)]
        case DecideListing():
            return [_decided(command, file)]
        case RejectListing(reason=reason, on=on):
            return [f.BlacklistRejected(reason=_given(reason), by_superior=False, reference="", on=on)]
        case ConsentToListing():
            return [_consent(command)]
        case PublishListing():
            return [_published(command, file)]
        case ExpireListing(on=on):
            return [_removed(file, "expired", on)]
        case WithdrawListing():
            return [_withdrawn(command, file)]
        case DropProposal(reason=reason, on=on):
            return [f.BlacklistDropped(reason=_given(reason), on=on)]
        case ApplyForRepair() | AcceptRepair() | RefuseRepair() | GrantRepair():
            return _repair(command, file)
        case RecordAnnulment() | RetractAnnulment() | RemindOfRemoval() | NoteRemovalOverdue():
            return [*decide_annulment(command, file)]
        case ProposeListing():
            raise AssertionError("decide() handles a proposal before there is a file")
        case _:
            assert_never(command)


def _propose(command: ProposeListing, listing: Listing) -> list[f.Event]:
    if (why := hindrance(ProposeListing, listing)) is not None:
        raise why
    party = command.party
    if not (party.person if party.kind == "person" else party.name.strip()):
        raise no.ListingPartyMissing
    if not command.legal_basis_reference.strip():
        raise no.ListingBasisMissing
    if not command.facts.strip() or not any(one.strip() for one in command.evidence):
        raise no.ListingFactsMissing
    proposed = f.BlacklistProposed(
        party=party,
        within=command.within,
        grade=command.grade,
        facts=command.facts,
        evidence=command.evidence,
        legal_basis_reference=command.legal_basis_reference,
        penalty_reference=command.penalty_reference,
        on=command.on,
    )
    return [proposed]


def _serve(command: ServeListingNotice) -> list[f.Event]:
    served, until = command.served_on, command.respond_by
    if served > command.on or until <= served:
        raise no.NoticeDatesWrong(served_on=served, respond_by=until)
    notice = f.BlacklistNoticeServed(
        notice_reference=_cited(command.notice_reference, "notice 告知书"),
        served_on=served,
        reasons=_given(command.reasons),
        rights=_given(command.rights),
        respond_by=until,
        on=command.on,
    )
    return [notice]


def _decided(command: DecideListing, file: File) -> f.BlacklistListed:
    if file.hearing == "requested":
        raise no.HearingOutstanding
    if file.hearing != "held" and file.respond_by is not None and command.on <= file.respond_by:
        raise no.WindowStillOpen(respond_by=file.respond_by)
    if file.statements and not command.answer.strip():
        raise no.StatementsUnanswered
    grade = command.grade
    if _GRADES.index(grade) > _GRADES.index(file.grade):
        raise no.GradeRaised(told=file.grade.value, decided=grade.value)
    shortest, longest = command.numbers.months(grade)
    if not max(shortest, 1) <= command.months <= longest:
        raise no.TermOutsideGrade(grade=grade.value, shortest=shortest, longest=longest, months=command.months)
    return f.BlacklistListed(
        document_number=_cited(command.document_number, "decision 决定书"),
        grade=grade,
        reason=_given(command.reason),
        answer=command.answer,
        minimum_until=months_after(command.on, shortest),
        ends_on=months_after(command.on, command.months),
        needs_consent=bool(command.numbers.superior_consent),
        rule=command.numbers.version,
        on=command.on,
    )


def _consent(command: ConsentToListing) -> f.BlacklistConsented | f.BlacklistRejected:
    reference = _cited(command.reference, "reply of the superior 上级批复")
    if command.consents:
        return f.BlacklistConsented(reference=reference, on=command.on)
    reason = _given(command.reason)
    return f.BlacklistRejected(reason=reason, by_superior=True, reference=reference, on=command.on)


def _published(command: PublishListing, file: File) -> f.BlacklistPublished:
    if file.ends_on is None or command.on >= file.ends_on:
        raise no.TermOver(ends_on=file.ends_on)
    return f.BlacklistPublished(
        institution_id=file.party.institution_id,
        name=file.party.name,
        code=file.party.code,
        grade=file.grade,
        document_number=file.document_number,
        summary=_given(command.summary),
        is_public=command.is_public or file.grade is not Grade.MINOR,
        ends_on=file.ends_on,
        on=command.on,
    )


def _repair(command: ApplyForRepair | AcceptRepair | RefuseRepair | GrantRepair, file: File) -> list[f.Event]:
    match command:
        case ApplyForRepair(received_on=received_on, accept_by=accept_by, on=on):
            _not_later(received_on, on)
            reference = _cited(command.application_reference, "application 修复申请")
            applied = f.BlacklistRepairApplied(
                application_reference=reference, received_on=received_on, accept_by=accept_by, on=on
            )
            return [applied]
        case AcceptRepair(on=on):
            _minimum_over(file, on)
            proofs = (command.correction_reference, command.duties_reference, command.commitment_reference)
            if not all(one.strip() for one in proofs):
                raise no.RepairProofMissing
            accepted = f.BlacklistRepairAccepted(
                correction_reference=command.correction_reference,
                duties_reference=command.duties_reference,
                commitment_reference=command.commitment_reference,
                decide_by=command.decide_by,
                on=on,
            )
            return [accepted]
        case RefuseRepair(reason=reason, on=on):
            return [f.BlacklistRepairRefused(reason=_given(reason), on=on)]
        case GrantRepair(reason=reason, on=on):
            _minimum_over(file, on)
            return [f.BlacklistRepaired(reason=_given(reason), on=on), _removed(file, "repaired", on, reason=reason)]


def _withdrawn(command: WithdrawListing, file: File) -> f.BlacklistRemoved | f.BlacklistDropped:
    _not_later(command.known_on, command.on)
    reference, reason = _cited(command.reference, "annulment or correction 撤销或更正文书"), _given(command.reason)
    if file.stage not in EFFECTIVE:
        return f.BlacklistDropped(reason=f"{command.cause}: {reference}; {reason}", on=command.on)
    due_on = command.withdraw_by
    if command.cause == "annulled" and file.annulment is not None:
        due_on = file.annulment.remove_by  # counted when it was recorded, whatever day is stated now
    return _removed(file, command.cause, command.on, reason=reason, reference=reference, due_on=due_on)


def _removed(
    file: File, cause: Cause, on: date, *, reason: str = "", reference: str = "", due_on: date | None = None
) -> f.BlacklistRemoved:
    return f.BlacklistRemoved(
        institution_id=file.party.institution_id,
        cause=cause,
        reference=reference,
        reason=reason,
        due_on=file.ends_on if cause == "expired" else due_on,
        was_public=file.is_public,
        on=on,
    )


def _evolve(file: File, event: f.Event) -> File:
    match event:
        case f.BlacklistReviewed(agrees=agrees):
            return replace(file, stage=Stage.REVIEWED if agrees else Stage.RETURNED)
        case f.BlacklistNoticeServed(served_on=served_on, respond_by=respond_by):
            return replace(file, stage=Stage.NOTICED, served_on=served_on, respond_by=respond_by)
        case f.BlacklistStatementMade():
            return replace(file, statements=file.statements + 1)
        case f.BlacklistHearingRequested():
            return replace(file, hearing="requested")
        case f.BlacklistHearingHeld():
            # One that nobody asked for, as older records may have it, does not cut the window short.
            return replace(file, hearing="held") if file.hearing else file
        case f.BlacklistListed():
            return replace(
                file,
                stage=Stage.LISTED,
                grade=event.grade,
                document_number=event.document_number,
                needs_consent=event.needs_consent,
                minimum_until=event.minimum_until,
                ends_on=event.ends_on,
            )
        case f.BlacklistConsented():
            return replace(file, stage=Stage.CONSENTED)
        case f.BlacklistRejected():
            return replace(file, stage=Stage.REJECTED)
        case f.BlacklistProposed():
            raise AssertionError("evolve() handles a proposal before there is a file")
        case _:
            return _evolve_in_force(file, event)


def _evolve_in_force(file: File, event: _InForce) -> File:
    match event:
        case f.BlacklistPublished(is_public=is_public):
            return replace(file, stage=Stage.PUBLISHED, is_public=is_public)
        case f.BlacklistRepairApplied():
            return replace(file, stage=Stage.REPAIR_APPLIED)
        case f.BlacklistRepairAccepted():
            return replace(file, stage=Stage.REPAIR_ACCEPTED)
        case f.BlacklistRepairRefused():
            return replace(file, stage=Stage.PUBLISHED)
        case f.BlacklistRepaired():
            return file
        case f.BlacklistRemoved():
            return replace(file, stage=Stage.REMOVED)
        case f.BlacklistDropped():
            return replace(file, stage=Stage.DROPPED)
        case _:
            return replace(file, annulment=evolve_annulment(file.annulment, event))


def _is_due(command: ExpireListing, listing: Listing) -> bool:
    if not isinstance(listing, File) or listing.stage not in EFFECTIVE or listing.ends_on is None:
        return False
    return command.on >= listing.ends_on


def _in_time(received_on: date, on: date, file: File) -> None:
    _not_later(received_on, on)
    if file.respond_by is not None and received_on > file.respond_by:
        raise no.WindowOver(respond_by=file.respond_by)


def _minimum_over(file: File, on: date) -> None:
    if file.minimum_until is not None and on < file.minimum_until:
        raise no.MinimumNotElapsed(minimum_until=file.minimum_until)


def _not_later(day: date, on: date) -> None:
    if day > on:
        raise no.KnownLater(day=day)


def _given(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text


def _cited(reference: str, document: str) -> str:
    if not reference.strip():
        raise no.ReferenceMissing(document=document)
    return reference
