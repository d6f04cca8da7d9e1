"""Consumer of the lists 名单使用单位: a school, platform, bank or department that acts on the white and black lists.

One rule: a consumer is done with a removal when it has acknowledged its position, and is reminded until it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.blacklist_refusals import ConsumerRetired, ConsumerUnknown, NothingToAcknowledge
from mingjing_registry.domain.refusals import NameMissing, ReasonMissing

ConsumerKind: TypeAlias = Literal["school", "platform", "bank", "department"]
ListName: TypeAlias = Literal["white", "black"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Who it is, how it is reached, and which lists it takes. ``organisation`` is what its grant says it acts for."""

    kind: ConsumerKind
    name: str
    contact: str
    """Of an office, not of a person: 信息中心, a mailbox, a telephone extension."""
    organisation: str
    lists: tuple[ListName, ...]
    department: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterConsumer:
    """Take it on; ``from_position`` is the log's end: what came before is not owed."""

    consumer: Consumer
    from_position: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeLists:
    """It has acted on everything up to a position. ``head`` is how far it can have read."""

    position: int
    head: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindConsumer:
    """Chase it for the removals that it has not acknowledged; once a day is enough."""

    position: int
    """Of the oldest removal that it owes."""
    owed: int
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireConsumer:
    """It does not take the lists any more."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerRegistered:
    """It takes the lists from this position on."""

    consumer: Consumer
    from_position: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsAcknowledged:
    """Done with everything up to this position."""

    position: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerReminded:
    """It was behind with a removal on this day."""

    position: int
    owed: int
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerRetiredFromLists:
    """It owes nothing more."""

    reason: str
    on: date


Command: TypeAlias = RegisterConsumer | AcknowledgeLists | RemindConsumer | RetireConsumer
Event: TypeAlias = ConsumerRegistered | ListsAcknowledged | ConsumerReminded | ConsumerRetiredFromLists


@dataclass(frozen=True, slots=True)
class Unregistered:
    """Nobody of that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """It takes the lists."""

    consumer: Consumer
    acknowledged: int
    reminded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """Not any more."""


State: TypeAlias = Unregistered | Taking | Retired
_STEPS: Mapping[type[Command], tuple[type[State], ...]] = {
    RegisterConsumer: (Unregistered, Taking, Retired),
    AcknowledgeLists: (Taking,),
    RemindConsumer: (Taking,),
    RetireConsumer: (Taking,),
}


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why it does not take a step as it stands; ``None`` where it does."""
    if isinstance(state, _STEPS[step]):
        return None
    return ConsumerUnknown() if isinstance(state, Unregistered) else ConsumerRetired()


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    if isinstance(command, RegisterConsumer):
        return _register(command, state)
    if (why := hindrance(type(command), state)) is not None:
        raise why
    assert isinstance(state, Taking)
    match command:
        case AcknowledgeLists(position=position, head=head, on=on):
            if position > head:
                raise NothingToAcknowledge(position=position, head=head)
            return [ListsAcknowledged(position=position, on=on)] if position > state.acknowledged else []
        case RemindConsumer(position=position, owed=owed, due_on=due_on, on=on):
            is_settled = position <= state.acknowledged or on <= due_on or state.reminded_on == on
            return [] if is_settled else [ConsumerReminded(position=position, owed=owed, due_on=due_on, on=on)]
        case RetireConsumer(reason=reason, on=on):
            if not reason.strip():
                raise ReasonMissing
            return [ConsumerRetiredFromLists(reason=reason, on=on)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The consumer after one fact."""
    match event:
        case ConsumerRegistered(consumer=consumer, from_position=position):
            before = state.acknowledged if isinstance(state, Taking) else position
            return Taking(consumer=consumer, acknowledged=before)
        case ConsumerRetiredFromLists():
            return Retired()
        case ListsAcknowledged(position=position):
            assert isinstance(state, Taking)
            return replace(state, acknowledged=position)
        case ConsumerReminded(on=on):
            assert isinstance(state, Taking)
            return replace(state, reminded_on=on)
        case _:
            assert_never(event)


LIST_CONSUMER: Decider[Command, State, Event] = Decider(initial=Unregistered(), decide=decide, evolve=evolve)


def _register(command: RegisterConsumer, state: State) -> list[Event]:
    if not command.consumer.name.strip() or not command.consumer.lists:
        raise NameMissing
    if isinstance(state, Taking) and state.consumer == command.consumer:
        return []
    registered = ConsumerRegistered(consumer=command.consumer, from_position=command.from_position, on=command.on)
    return [registered]
