"""What is told of an institution from elsewhere (外来信号), as commands and facts. No decision is taken here.

Each thing that is told of has a stream of its own: a complaint, a visit, a member of staff, a site; what is told of the
institution as such is on one under its own id. The one rule: no fact names a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

# -- commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteComplaint:
    """Somebody complained; ``institution_id`` is empty as long as nobody knows about whom."""

    institution_id: UUID | None
    words: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveComplaint:
    """Whom the complaint is about after all."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Within so many days so many people said so (an empty word: complained at all), and so many papers more of which
    nobody can tell who wrote them.
    """

    word: str
    days: int
    people: int
    unnamed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteComplainants:
    """How many people complain of the institution: numbers, from who alone can tell them apart."""

    counts: tuple[Counted, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGroup:
    """So many people complain of the institution together (X8)."""

    institution_id: UUID
    people: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVisit:
    """What a patrol saw; told again with other words where it was put right."""

    institution_id: UUID
    outcome: str
    failed: tuple[str, ...]
    visited_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHeads:
    """How many pupils a patrol saw in the rooms of one site."""

    institution_id: UUID
    site_id: UUID
    heads: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMember:
    """Somebody works there."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLeaving:
    """The same person works there no more."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSite:
    """It teaches at one more place."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLicence:
    """The licence is in force; a renewal does not say since when."""

    granted_on: date | None
    valid_to: date | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChange:
    """Something that needs approval is otherwise now: ``reference`` is of the decision, empty where nobody decided."""

    what: str
    is_approved: bool
    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnnualCheck:
    """How the annual check went."""

    result: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOperation:
    """Whether teaching goes on."""

    state: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnnouncement:
    """What the institution gave notice of, in public."""

    matter: str
    since: date
    until: date
    filed_on: date
    on: date


Command: TypeAlias = (
    NoteComplaint
    | MoveComplaint
    | NoteComplainants
    | NoteGroup
    | NoteVisit
    | NoteHeads
    | NoteMember
    | NoteLeaving
    | NoteSite
    | NoteLicence
    | NoteChange
    | NoteAnnualCheck
    | NoteOperation
    | NoteAnnouncement
)

# -- facts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintNoted:
    """Somebody complained on this day."""

    institution_id: UUID | None
    words: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintMoved:
    """The complaint is about this institution; ``before`` is whom it was held to be about, ``said_on`` its day."""

    institution_id: UUID
    before: UUID | None
    words: tuple[str, ...]
    said_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantsNoted:
    """So many people complain of it; what is not named is nobody."""

    counts: tuple[Counted, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNoted:
    """So many people complain of it together."""

    institution_id: UUID
    people: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNoted:
    """A patrol came by; a later one of the same visit stands in place of the earlier."""

    institution_id: UUID
    outcome: str
    failed: tuple[str, ...]
    visited_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsNoted:
    """So many pupils were seen at one site on this day; a later count of the same visit stands in place of it."""

    institution_id: UUID
    site_id: UUID
    heads: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """One more works there."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """One fewer works there."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNoted:
    """One more place."""

    institution_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceNoted:
    """Since when and until when."""

    granted_on: date | None
    valid_to: date | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNoted:
    """A change, approved or not."""

    what: str
    is_approved: bool
    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCheckNoted:
    """How it went."""

    result: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationNoted:
    """Whether teaching goes on."""

    state: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementNoted:
    """What was announced."""

    matter: str
    since: date
    until: date
    filed_on: date
    on: date


Event: TypeAlias = (
    ComplaintNoted
    | ComplaintMoved
    | ComplainantsNoted
    | GroupNoted
    | VisitNoted
    | HeadsNoted
    | MemberJoined
    | MemberLeft
    | SiteNoted
    | LicenceNoted
    | ChangeNoted
    | AnnualCheckNoted
    | OperationNoted
    | AnnouncementNoted
)
