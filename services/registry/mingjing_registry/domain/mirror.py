"""Mirrored lists 名单镜像: the market regulator's dishonesty list (B2) and the national staff blacklist (B3), as others
keep them.

One rule: a mirror is never edited here. An entry is what its source says of it, and it ends when the source drops it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.domain.blacklist_refusals import EntryUnknown, FeedOlder, ListShrunken

MirroredList: TypeAlias = Literal["dishonesty", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestParty:
    """An entry of the serious-dishonesty list 严重违法失信名单."""

    source: str
    source_id: str
    name: str
    code: str
    authority: str
    document_number: str
    reason: str
    listed_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredPerson:
    """An entry of the staff blacklist 从业人员黑名单: sealed, and findable by a keyed digest of the identity number."""

    source: str
    source_id: str
    person: SealedPerson
    identity_digest: str
    reason: str
    decision_reference: str
    barred_on: date
    until: date | None
    """The last day; empty: for good."""


Entry: TypeAlias = DishonestParty | BarredPerson


def subject_of(entry_id: UUID) -> str:
    """Whose key seals a barred person: of this one entry."""
    return f"barred-{entry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorEntry:
    """The source's list of a day has this entry."""

    entry: Entry
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEntry:
    """The source's list of a day has it no more."""

    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestyMirrored:
    """On the source's list, new or changed."""

    entry: DishonestParty
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestyEnded:
    """The source dropped it."""

    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarred:
    """On the source's list, new or changed: may not be hired."""

    entry: BarredPerson
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarEnded:
    """The source dropped it."""

    stated_on: date
    on: date


Command: TypeAlias = MirrorEntry | EndEntry
Event: TypeAlias = DishonestyMirrored | DishonestyEnded | StaffBarred | StaffBarEnded


@dataclass(frozen=True, slots=True)
class Unseen:
    """The source never told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the source last said."""

    entry: Entry
    stated_on: date
    is_live: bool


State: TypeAlias = Unseen | Held


def _decide(mirrored: Callable[..., Event], ended: Callable[..., Event]) -> Callable[[Command, State], list[Event]]:
    def decide(command: Command, state: State) -> list[Event]:
        if isinstance(state, Held) and command.stated_on < state.stated_on:
            return []  # an older list says nothing that is not known better
        match command:
            case MirrorEntry(entry=entry, stated_on=stated_on, on=on):
                if isinstance(state, Held) and state.is_live and _is_same(state.entry, entry):
                    return []
                return [mirrored(entry=entry, stated_on=stated_on, on=on)]
            case EndEntry(stated_on=stated_on, on=on):
                if isinstance(state, Unseen):
                    raise EntryUnknown
                return [ended(stated_on=stated_on, on=on)] if state.is_live else []
            case _:
                assert_never(command)

    return decide


def evolve(state: State, event: Event) -> State:
    """The entry after one fact."""
    match event:
        case DishonestyMirrored(stated_on=stated_on) | StaffBarred(stated_on=stated_on):
            return Held(entry=event.entry, stated_on=stated_on, is_live=True)
        case DishonestyEnded(stated_on=stated_on) | StaffBarEnded(stated_on=stated_on):
            assert isinstance(state, Held)
            return replace(state, stated_on=stated_on, is_live=False)
        case _:
            assert_never(event)


def _is_same(one: Entry, other: Entry) -> bool:
    """Sealing the same name twice gives two boxes: the digest says whether it is the same person."""
    if isinstance(one, BarredPerson) and isinstance(other, BarredPerson):
        return replace(one, person=other.person) == other
    return one == other


DISHONESTY: Decider[Command, State, Event] = Decider(
    initial=Unseen(), decide=_decide(DishonestyMirrored, DishonestyEnded), evolve=evolve
)
STAFF_BARS: Decider[Command, State, Event] = Decider(
    initial=Unseen(), decide=_decide(StaffBarred, StaffBarEnded), evolve=evolve
)


# The source itself ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSource:
    """Take over what a source says on a day; in one transaction with the entries."""

    mirrored_list: MirroredList
    source: str
    stated_on: date
    is_complete: bool
    """The whole list: what is not in it has ended."""
    entries: int
    known: int
    """How many of this source's were in force until now."""
    ended: int
    is_confirmed: bool = False
    """Somebody looked: the list really is that much shorter."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTaken:
    """A source's list of a day was taken over."""

    mirrored_list: MirroredList
    source: str
    stated_on: date
    is_complete: bool
    entries: int
    ended: int
    on: date


def take(command: TakeSource, stated_on: date | None) -> list[SourceTaken]:
    """The list of this day, unless a newer one is here already, or it would end too many to be believed unseen."""
    if stated_on is not None and command.stated_on < stated_on:
        raise FeedOlder(stated_on=command.stated_on, known=stated_on)
    if command.ended * 2 > command.known and not command.is_confirmed:
        raise ListShrunken(known=command.known, ended=command.ended)
    taken = SourceTaken(
        mirrored_list=command.mirrored_list,
        source=command.source,
        stated_on=command.stated_on,
        is_complete=command.is_complete,
        entries=command.entries,
        ended=command.ended,
        on=command.on,
    )
    return [taken]


def taken_until(_stated_on: date | None, event: SourceTaken) -> date | None:
    """The day of the last list."""
    return event.stated_on


MIRROR_SOURCE: Decider[TakeSource, Any, SourceTaken] = Decider(initial=None, decide=take, evolve=taken_until)
