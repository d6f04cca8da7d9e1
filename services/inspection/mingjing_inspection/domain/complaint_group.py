"""Group of complaints (群体投诉): several people, one institution, handled together without becoming one.

One rule: each track keeps its own life and clocks; a group has one mediator and at most two representatives of the
people, and whoever leaves it goes on alone. Joint complaints: Order 20, art. 13; kept by Order 121.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

MEMBERS_MAX = 2_000
REPRESENTATIVES_MAX = 2
WORDS_MAX = 2_000


class GroupUnknown(NotFound):
    """There is no such group."""

    sentence = "There is no such group of complaints."
    remedy = "Open the list of groups and choose one."
    field = "group_id"


class GroupOver(Refusal):
    """Dissolved."""

    sentence = "This group was dissolved."
    remedy = "Form a new one."
    field = "group_id"


class GroupFormedOtherwise(Refusal):
    """The id stands for another group."""

    sentence = "A group of other complaints was formed under this id."
    remedy = "Take a new id."
    field = "group_id"


class GroupWordsMissing(Invalid):
    """Without a reason."""

    sentence = "Say why."
    remedy = "Write a sentence."
    field = "reason"


class GroupTooLarge(Refusal):
    """More than one group holds."""

    sentence = "A group holds at most {maximum} complaints."
    remedy = "Form a second one."
    field = "track_id"


class NotInGroup(Refusal):
    """Somebody else's."""

    sentence = "This complaint is not in the group."
    remedy = "Choose one that is in it."
    field = "track_id"


class OtherInstitution(Refusal):
    """Not about the same one, or about nobody known."""

    sentence = "A group is of complaints about one known institution."
    remedy = "Say first whom each of them is about."
    field = "members"


class RepresentativesWrong(Invalid):
    """None, or more than two."""

    sentence = "The people of a group are represented by one or two of them."
    remedy = "Name one or two complaints of the group."
    rule = "two representatives at most (Order 20, art. 13)"
    field = "representatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    """Handle these together. ``people`` is how many distinct persons they come from, as far as that is known."""

    institution_id: UUID
    department: str
    region: str
    category: str
    members: tuple[UUID, ...]
    people: int
    reaction: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinGroup:
    """One more; ``people`` with it."""

    track_id: UUID
    people: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveGroup:
    """One goes on alone; ``people`` without it."""

    track_id: UUID
    reason: str
    by: str
    at: datetime
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRepresentatives:
    """Who speaks for the people: by their complaints, never by name."""

    representatives: tuple[UUID, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointMediator:
    """One mediator for all of them: an official, by sign-in name."""

    mediator: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveGroup:
    """They go on alone."""

    reason: str
    by: str
    at: datetime


Command: TypeAlias = FormGroup | JoinGroup | LeaveGroup | NameRepresentatives | AppointMediator | DissolveGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFormed:
    """There is a group. ``reaction`` is X8 where it formed by itself, else empty."""

    institution_id: UUID
    department: str
    region: str
    category: str
    members: tuple[UUID, ...]
    people: int
    reaction: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined:
    """One more is in it."""

    track_id: UUID
    people: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeft:
    """One is out of it. ``people``: how many persons are left; nothing where that was not counted then."""

    track_id: UUID
    reason: str
    by: str
    at: datetime
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativesNamed:
    """They speak for the people from now on."""

    representatives: tuple[UUID, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorAppointed:
    """The same person mediates all of them."""

    mediator: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDissolved:
    """It is none any more."""

    reason: str
    by: str
    at: datetime


Event: TypeAlias = GroupFormed | GroupJoined | GroupLeft | RepresentativesNamed | MediatorAppointed | GroupDissolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as it stands."""

    members: frozenset[UUID]
    formed_of: frozenset[UUID]
    left: frozenset[UUID] = field(default_factory=frozenset)
    is_over: bool = False


State: TypeAlias = Group | None


def hindrance(step: type[Any], state: State) -> Refusal | None:
    """Why the group as it stands does not take a step; ``None`` where it may."""
    if step is FormGroup:
        return None
    if state is None:
        return GroupUnknown()
    return GroupOver() if state.is_over else None


def _decide(command: Command, state: State) -> list[Event]:
    if (why := hindrance(type(command), state)) is not None:
        raise why
    if isinstance(command, FormGroup):
        return [_formed(command)] if state is None else _formed_again(command, state)
    assert state is not None, "the hindrance asks for it"
    reason = _said(command.reason)
    by, at = command.by, command.at
    match command:
        case JoinGroup():
            return _joined(command, state, reason)
        case LeaveGroup():
            _member(command.track_id, state)
            return [GroupLeft(track_id=command.track_id, reason=reason, by=by, at=at, people=command.people)]
        case NameRepresentatives():
            return [_represented(command, state, reason)]
        case AppointMediator():
            return [MediatorAppointed(mediator=_said(command.mediator), reason=reason, by=by, at=at)]
        case DissolveGroup():
            return [GroupDissolved(reason=reason, by=by, at=at)]
        case _:
            assert_never(command)


def _formed(command: FormGroup) -> GroupFormed:
    members = tuple(dict.fromkeys(command.members))
    if len(members) > MEMBERS_MAX:
        raise GroupTooLarge(maximum=MEMBERS_MAX)
    return GroupFormed(
        institution_id=command.institution_id,
        department=command.department,
        region=command.region,
        category=command.category,
        members=members,
        people=command.people,
        reaction=command.reaction,
        reason=_said(command.reason),
        by=command.by,
        at=command.at,
    )


def _formed_again(command: FormGroup, state: Group) -> list[Event]:
    """The network made somebody send it again, or two processes formed it by themselves."""
    if not command.reaction and frozenset(command.members) != state.formed_of:
        raise GroupFormedOtherwise
    return []


def _joined(command: JoinGroup, state: Group, reason: str) -> list[Event]:
    if command.track_id in state.members:
        return []
    if len(state.members) >= MEMBERS_MAX:
        raise GroupTooLarge(maximum=MEMBERS_MAX)
    return [GroupJoined(track_id=command.track_id, people=command.people, reason=reason, by=command.by, at=command.at)]


def _represented(command: NameRepresentatives, state: Group, reason: str) -> RepresentativesNamed:
    several = tuple(dict.fromkeys(command.representatives))
    if not 0 < len(several) <= REPRESENTATIVES_MAX:
        raise RepresentativesWrong
    for one in several:
        _member(one, state)
    return RepresentativesNamed(representatives=several, reason=reason, by=command.by, at=command.at)


def _member(track_id: UUID, state: Group) -> None:
    if track_id not in state.members:
        raise NotInGroup


def _said(words: str) -> str:
    if not words.strip():
        raise GroupWordsMissing
    return words.strip()


def _evolve(state: State, event: Event) -> State:
    if isinstance(event, GroupFormed):
        return Group(members=frozenset(event.members), formed_of=frozenset(event.members))
    assert state is not None
    match event:
        case GroupJoined():
            return replace(state, members=state.members | {event.track_id}, left=state.left - {event.track_id})
        case GroupLeft():
            return replace(state, members=state.members - {event.track_id}, left=state.left | {event.track_id})
        case GroupDissolved():
            return replace(state, is_over=True)
        case RepresentativesNamed() | MediatorAppointed():
            return state
        case _:
            assert_never(event)


GROUP: Decider[Command, State, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
