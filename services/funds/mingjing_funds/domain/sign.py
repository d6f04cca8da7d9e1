"""Sign (外来信号): what registry and inspection tell of an institution, kept so that the alert rules can read it.

The one rule: it is noted as it was told, and told twice it is noted once; nothing follows from it here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_funds.domain import sign_facts as f
from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nothing was told of it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Whom it is about, what it says, and when it was said."""

    institution_id: UUID | None
    words: tuple[str, ...]
    said_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Where the person works, or worked."""

    institution_id: UUID
    has_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told last, a fact of each kind."""

    last: tuple[f.Event, ...] = ()


Sign: TypeAlias = Silent | Complaint | Member | Told


def decide(command: f.Command, sign: Sign) -> list[f.Event]:
    """Which facts follow."""
    match command:
        case f.NoteComplaint(institution_id=institution_id, words=words, on=on):
            if isinstance(sign, Complaint):
                return []
            return [f.ComplaintNoted(institution_id=institution_id, words=words, on=on)]
        case f.MoveComplaint():
            return _move(command, sign)
        case f.NoteMember(institution_id=institution_id, on=on):
            if isinstance(sign, Member) and not sign.has_left:
                return []
            return [f.MemberJoined(institution_id=institution_id, on=on)]
        case f.NoteLeaving(on=on):
            if not isinstance(sign, Member) or sign.has_left:
                return []  # nobody said that she came
            return [f.MemberLeft(institution_id=sign.institution_id, on=on)]
        case f.NoteComplainants() | f.NoteGroup() | f.NoteChange():
            told = _counted(command)
            return [] if isinstance(sign, Told) and told in sign.last else [told]
        case _:
            told = _told(command)
            return [] if isinstance(sign, Told) and told in sign.last else [told]


def evolve(sign: Sign, event: f.Event) -> Sign:
    """What is known after a fact."""
    match event:
        case f.ComplaintNoted():
            return Complaint(institution_id=event.institution_id, words=event.words, said_on=event.on)
        case f.ComplaintMoved():
            return Complaint(institution_id=event.institution_id, words=event.words, said_on=event.said_on)
        case f.MemberJoined():
            return Member(institution_id=event.institution_id)
        case f.MemberLeft():
            return replace(sign, has_left=True) if isinstance(sign, Member) else sign
        case _:
            before = sign.last if isinstance(sign, Told) else ()
            return Told(last=(*(one for one in before if type(one) is not type(event)), event))


SIGN: Decider[f.Command, Sign, f.Event] = Decider(initial=Silent(), decide=decide, evolve=evolve)


def _move(command: f.MoveComplaint, sign: Sign) -> list[f.Event]:
    """What was no complaint when it was told (a question, a matter of others) becomes none by this."""
    if not isinstance(sign, Complaint) or sign.institution_id == command.institution_id:
        return []
    return [
        f.ComplaintMoved(
            institution_id=command.institution_id,
            before=sign.institution_id,
            words=sign.words,
            said_on=sign.said_on,
            on=command.on,
        )
    ]


def _counted(command: f.NoteComplainants | f.NoteGroup | f.NoteChange) -> f.Event:
    match command:
        case f.NoteComplainants(counts=counts, on=on):
            return f.ComplainantsNoted(counts=counts, on=on)
        case f.NoteGroup(institution_id=institution_id, people=people, on=on):
            return f.GroupNoted(institution_id=institution_id, people=people, on=on)
        case f.NoteChange(what=what, is_approved=is_approved, reference=reference, on=on):
            return f.ChangeNoted(what=what, is_approved=is_approved, reference=reference, on=on)
        case _:
            assert_never(command)


def _told(
    command: f.NoteVisit
    | f.NoteHeads
    | f.NoteSite
    | f.NoteLicence
    | f.NoteAnnualCheck
    | f.NoteOperation
    | f.NoteAnnouncement,
) -> f.Event:
    match command:
        case f.NoteVisit():
            return f.VisitNoted(
                institution_id=command.institution_id,
                outcome=command.outcome,
                failed=command.failed,
                visited_at=command.visited_at,
                on=command.on,
            )
        case f.NoteHeads(institution_id=institution_id, site_id=site_id, heads=heads, on=on):
            return f.HeadsNoted(institution_id=institution_id, site_id=site_id, heads=heads, on=on)
        case f.NoteSite(institution_id=institution_id, on=on):
            return f.SiteNoted(institution_id=institution_id, on=on)
        case f.NoteLicence(granted_on=granted_on, valid_to=valid_to, on=on):
            return f.LicenceNoted(granted_on=granted_on, valid_to=valid_to, on=on)
        case f.NoteAnnualCheck(result=result, on=on):
            return f.AnnualCheckNoted(result=result, on=on)
        case f.NoteOperation(state=state, on=on):
            return f.OperationNoted(state=state, on=on)
        case f.NoteAnnouncement():
            return f.AnnouncementNoted(
                matter=command.matter,
                since=command.since,
                until=command.until,
                filed_on=command.filed_on,
                on=command.on,
            )
        case _:
            assert_never(command)
