"""Parked message 搁置消息, on record: that it was parked, and what people made of it.

A dropped message is a fact of another service that this one decided to ignore. The table beside the log shows what
waits and keeps the bodies, but whoever can write to it could hide such a decision; here, in the log, nobody can.

The one rule: no body ever stands here, since it may name people; its SHA-256 does. A person settles what they saw, so
replaying and dropping say what that was, and are refused when it is not what came or what was mended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.refusal import Refusal

PARKED, REPLAYED, DROPPED = "parked", "replayed", "dropped"
"""What becomes of a message; the words stand in the table and in the addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a replay depends on: all that a reaction can see of a message."""

    source: str
    position: int
    type: str
    ce_time: str
    """Exactly as it came: a reaction takes from it when the fact was true."""
    sha256: str
    """Of the data, in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkMessage:
    """The inbox cannot apply the message and goes on behind it."""

    message: Likeness
    code: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MendParked:
    """A person puts better data beside the original. Why is in the envelope."""

    mended_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayParked:
    """A person lets the service react again; what follows is carried out in the same transaction."""

    seen: Likeness
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropParked:
    """A person decides that the message has no effect. Why is in the envelope."""

    seen: Likeness
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParked:
    """A message of another service could not be applied, or not wholly; the inbox went on behind it."""

    source: str
    position: int
    type: str
    ce_time: str
    original_sha256: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessageMended:
    """A person put other data in place of what came; it takes effect when the message is replayed."""

    source: str
    position: int
    type: str
    original_sha256: str
    mended_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessageReplayed:
    """A person let the message take effect after all: the data that ``used_sha256`` is of."""

    source: str
    position: int
    type: str
    original_sha256: str
    used_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessageDropped:
    """A person decided that this fact of another service has no effect here."""

    source: str
    position: int
    type: str
    original_sha256: str
    at: datetime


Command: TypeAlias = ParkMessage | MendParked | ReplayParked | DropParked
Event: TypeAlias = MessageParked | ParkedMessageMended | ParkedMessageReplayed | ParkedMessageDropped


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """The log knows of no such message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Parked, and not settled."""

    original: Likeness
    in_force: Likeness
    """What a replay uses: the original, or what was mended last."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Replayed or dropped; nothing more can become of it."""

    outcome: str


State: TypeAlias = Unrecorded | Waiting | Settled


class ParkedSettled(Refusal):
    """Replayed or dropped already."""

    sentence = "The parked message is settled already: {state}."
    remedy = "Nothing is left to do; look at who settled it and why."


class ParkedUnrecorded(Refusal):
    """A row that no inbox wrote: acting on it would give effect to what nobody sent."""

    sentence = "The log does not know that this message was parked."
    remedy = "Do nothing with it: the row was written past the log. Have the log verified (mingjing audit verify)."


class ParkedAltered(Refusal):
    """What the table shows is not what came, nor what was mended."""

    sentence = "What is shown of this message is not what the log vouches for."
    remedy = (
        "Look at it again: somebody may have mended it meanwhile. If not, the table was altered: have the log verified "
        "(mingjing audit verify), and mend the message with the right data."
    )


def decide(command: Command, state: State) -> list[Event]:
    """A message is parked once, mended as often as needed, and settled once."""
    match command:
        case ParkMessage():
            return _park(command, state)
        case MendParked():
            return _mend(command, _waiting(state))
        case ReplayParked():
            return _replay(command, _waiting(state))
        case DropParked():
            return _drop(command, _waiting(state))
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """What has become of the message after an event."""
    match event:
        case MessageParked():
            came = Likeness(
                source=event.source,
                position=event.position,
                type=event.type,
                ce_time=event.ce_time,
                sha256=event.original_sha256,
            )
            return Waiting(original=came, in_force=came)
        case ParkedMessageMended():
            before = _waiting(state)
            return replace(before, in_force=replace(before.original, sha256=event.mended_sha256))
        case ParkedMessageReplayed():
            return Settled(REPLAYED)
        case ParkedMessageDropped():
            return Settled(DROPPED)
        case _:
            assert_never(event)


def _park(command: ParkMessage, state: State) -> list[Event]:
    if not isinstance(state, Unrecorded):
        return []  # The same place in the source's log, heard again: what became of it stands.
    message = command.message
    return [
        MessageParked(
            source=message.source,
            position=message.position,
            type=message.type,
            ce_time=message.ce_time,
            original_sha256=message.sha256,
            code=command.code,
            at=command.at,
        )
    ]


def _mend(command: MendParked, before: Waiting) -> list[Event]:
    # The same data once more is a fact too: it is how a person puts back what somebody altered in the table.
    return [
        ParkedMessageMended(
            source=before.original.source,
            position=before.original.position,
            type=before.original.type,
            original_sha256=before.original.sha256,
            mended_sha256=command.mended_sha256,
            at=command.at,
        )
    ]


def _replay(command: ReplayParked, before: Waiting) -> list[Event]:
    if command.seen != before.in_force:
        raise ParkedAltered
    return [
        ParkedMessageReplayed(
            source=before.original.source,
            position=before.original.position,
            type=before.original.type,
            original_sha256=before.original.sha256,
            used_sha256=before.in_force.sha256,
            at=command.at,
        )
    ]


def _drop(command: DropParked, before: Waiting) -> list[Event]:
    if command.seen != before.in_force:
        raise ParkedAltered
    return [
        ParkedMessageDropped(
            source=before.original.source,
            position=before.original.position,
            type=before.original.type,
            original_sha256=before.original.sha256,
            at=command.at,
        )
    ]


def _waiting(state: State) -> Waiting:
    match state:
        case Waiting():
            return state
        case Settled():
            raise ParkedSettled(state=state.outcome)
        case Unrecorded():
            raise ParkedUnrecorded
        case _:
            assert_never(state)


CODEC: Codec[Event] = Codec(
    {
        "kernel.message-parked.v1": MessageParked,
        "kernel.parked-message-mended.v1": ParkedMessageMended,
        "kernel.parked-message-replayed.v1": ParkedMessageReplayed,
        "kernel.parked-message-dropped.v1": ParkedMessageDropped,
    }
)
PARKED_MESSAGE = Aggregate("parked-message", Decider(Unrecorded(), decide, evolve), CODEC)
"""Every service includes it among its aggregates; the stream's id is the id of the row (``parked.parked_id``)."""
