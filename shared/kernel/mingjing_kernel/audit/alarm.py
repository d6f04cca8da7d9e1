"""Witness alarm 见证警报: a log that a witness watches can no longer prove that it only grew.

The alarm is an event in the witness's own log, where the accused cannot reach it. The one rule: an alarm accuses
nobody; a person looks into it and settles it with a conclusion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.refusal import Invalid, Refusal


class AlarmKind(StrEnum):
    """What the watched log could not do."""

    SIGNATURE = "signature"
    """Show a checkpoint under its own signature."""
    FORKED = "forked"
    """Show one root for one size."""
    SHRUNK = "shrunk"
    """Show as many entries as it had signed before."""
    INCONSISTENT = "inconsistent"
    """Prove that what it holds now continues what it signed before."""
    UNPROVEN = "unproven"
    """Prove in time what it signed: nothing speaks against it, and nothing for it."""

    @property
    def zh(self) -> str:
        """For the screen."""
        return {
            AlarmKind.SIGNATURE: "签名不符",
            AlarmKind.FORKED: "同一大小出现两个根",
            AlarmKind.SHRUNK: "日志变短",
            AlarmKind.INCONSISTENT: "无法证明只增不改",
            AlarmKind.UNPROVEN: "逾时未能证明",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """The witness found that a checkpoint does not follow from the one it keeps."""

    origin: str
    kind: AlarmKind
    held_size: int
    held_note: str
    offered_size: int
    offered_note: str
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleAlarm:
    """A person looked into the open alarms of a log and says what it was."""

    conclusion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessAlarmed:
    """A watched log could not prove that it only grew. Both notes are kept: together they are the evidence."""

    origin: str
    kind: AlarmKind
    held_size: int
    held_note: str
    offered_size: int
    offered_note: str
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessAlarmSettled:
    """A person concluded what the open alarms of this log were."""

    conclusion: str
    at: datetime


Command: TypeAlias = RaiseAlarm | SettleAlarm
Event: TypeAlias = WitnessAlarmed | WitnessAlarmSettled


@dataclass(frozen=True, slots=True)
class Watch:
    """Alarms that nobody has settled yet, each by its kind and by the size that the witness vouches for."""

    unsettled: frozenset[tuple[AlarmKind, int]] = frozenset()


class NoAlarmOpen(Refusal):
    """There is nothing to settle."""

    sentence = "No alarm is open for this log."
    remedy = "Read the list of alarms again: somebody else may have settled it."


class ConclusionMissing(Invalid):
    """An alarm is settled with words."""

    sentence = "Say what the alarm was and what was done about it."
    remedy = "Write the conclusion of the inquiry."
    field = "conclusion"


def decide(command: Command, watch: Watch) -> list[Event]:
    """One alarm for one kind at one size, however often the witness looks."""
    match command:
        case RaiseAlarm():
            return _raise(command, watch)
        case SettleAlarm():
            return _settle(command, watch)
        case _:
            assert_never(command)


def evolve(watch: Watch, event: Event) -> Watch:
    """The open alarms after an event."""
    match event:
        case WitnessAlarmed():
            return replace(watch, unsettled=watch.unsettled | {(event.kind, event.held_size)})
        case WitnessAlarmSettled():
            return Watch()
        case _:
            assert_never(event)


def _raise(command: RaiseAlarm, watch: Watch) -> list[Event]:
    if (command.kind, command.held_size) in watch.unsettled:
        return []
    return [
        WitnessAlarmed(
            origin=command.origin,
            kind=command.kind,
            held_size=command.held_size,
            held_note=command.held_note,
            offered_size=command.offered_size,
            offered_note=command.offered_note,
            because=command.because,
            at=command.at,
        )
    ]


def _settle(command: SettleAlarm, watch: Watch) -> list[Event]:
    if not command.conclusion.strip():
        raise ConclusionMissing
    if not watch.unsettled:
        raise NoAlarmOpen
    return [WitnessAlarmSettled(conclusion=command.conclusion, at=command.at)]


CODEC: Codec[Event] = Codec(
    {
        "kernel.witness-alarmed.v1": WitnessAlarmed,
        "kernel.witness-alarm-settled.v1": WitnessAlarmSettled,
    }
)
WITNESS = Aggregate("witness", Decider(Watch(), decide, evolve), CODEC)
"""Every service includes it among its aggregates; the stream's id is ``derived_id(origin)``."""
