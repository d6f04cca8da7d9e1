"""Roster entry 平台名录条目: what the national platform says of one institution, on a stream of its own.

One rule: the platform's word is kept beside ours and never becomes ours; what differs is explained by a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.exchange_refusals import RosterUnknown
from mingjing_registry.domain.refusals import ReasonMissing

NoteKind: TypeAlias = Literal["known", "asked-platform", "corrected-here"]
"""What somebody says of a difference: it is known and right so, the platform was asked, our register was corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the platform says of an institution; empty where it says nothing."""

    name: str
    uscc: str
    licence_number: str = ""
    expires_on: date | None = None
    categories: tuple[str, ...] = ()
    legal_representative: str = ""
    status: str = ""
    """As the platform writes it: 正常, 注销, 吊销, 停业."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateEntry:
    """A roster of this day has this entry."""

    entry: Entry
    institution_id: UUID
    department: str
    region: str
    stated_on: date
    roster_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MissEntry:
    """A roster of this day has no entry for the institution any more."""

    stated_on: date
    roster_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDifference:
    """Say why the platform and the register differ here, or what is done about it."""

    kind: NoteKind
    text: str
    reference: str
    institution_id: UUID
    department: str
    region: str
    differences: tuple[str, ...]
    """What differed when the note was written, as ``field=ours|theirs``: another difference is not explained by it."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntryStated:
    """The platform says this."""

    entry: Entry
    institution_id: UUID
    department: str
    region: str
    stated_on: date
    roster_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntryGone:
    """The platform says nothing of it any more."""

    institution_id: UUID
    stated_on: date
    roster_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceNoted:
    """Somebody explained a difference."""

    kind: NoteKind
    text: str
    reference: str
    institution_id: UUID
    department: str
    region: str
    differences: tuple[str, ...]
    on: date


Command: TypeAlias = StateEntry | MissEntry | NoteDifference
Event: TypeAlias = RosterEntryStated | RosterEntryGone | DifferenceNoted


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """What the platform last said, and the last note; ``entry`` is ``None`` while it says nothing."""

    entry: Entry | None = None
    institution_id: UUID | None = None
    stated_on: date | None = None
    note: DifferenceNoted | None = None


def decide(command: Command, state: RosterEntry) -> list[Event]:
    """The facts that follow; an older roster changes nothing."""
    match command:
        case StateEntry():
            return _state(command, state)
        case MissEntry():
            return _miss(command, state)
        case NoteDifference():
            return _note(command, state)
        case _:
            assert_never(command)


def evolve(state: RosterEntry, event: Event) -> RosterEntry:
    """The entry after one fact."""
    match event:
        case RosterEntryStated(entry=entry, institution_id=institution_id, stated_on=stated_on):
            return replace(state, entry=entry, institution_id=institution_id, stated_on=stated_on)
        case RosterEntryGone(stated_on=stated_on):
            return replace(state, entry=None, stated_on=stated_on)
        case DifferenceNoted():
            return replace(state, note=event)
        case _:
            assert_never(event)


ROSTER_ENTRY: Decider[Command, RosterEntry, Event] = Decider(initial=RosterEntry(), decide=decide, evolve=evolve)


def _is_older(stated_on: date, state: RosterEntry) -> bool:
    return state.stated_on is not None and stated_on < state.stated_on


def _state(command: StateEntry, state: RosterEntry) -> list[Event]:
    if _is_older(command.stated_on, state) or command.entry == state.entry:
        return []
    return [
        RosterEntryStated(
            entry=command.entry,
            institution_id=command.institution_id,
            department=command.department,
            region=command.region,
            stated_on=command.stated_on,
            roster_id=command.roster_id,
            on=command.on,
        )
    ]


def _miss(command: MissEntry, state: RosterEntry) -> list[Event]:
    if state.entry is None or state.institution_id is None or _is_older(command.stated_on, state):
        return []
    return [
        RosterEntryGone(
            institution_id=state.institution_id,
            stated_on=command.stated_on,
            roster_id=command.roster_id,
            on=command.on,
        )
    ]


def _note(command: NoteDifference, state: RosterEntry) -> list[Event]:
    noted = DifferenceNoted(
        kind=command.kind,
        text=command.text.strip(),
        reference=command.reference.strip(),
        institution_id=command.institution_id,
        department=command.department,
        region=command.region,
        differences=command.differences,
        on=command.on,
    )
    if state.note == noted:
        return []
    if not command.differences:
        raise RosterUnknown
    if not noted.text:
        raise ReasonMissing
    return [noted]
