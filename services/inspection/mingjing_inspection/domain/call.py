"""Call (来电) at a hotline, or a message to it: when it was offered, answered or given up; service levels count them.

One rule: a call is times and a queue. Who called, and from which number, is not taken in at all.
Source: GB/T 33358 《政府热线服务规范》.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, Refusal


class Medium(StrEnum):
    """How somebody turned to the hotline: GB/T 33358 says how soon it answers, and of calls how many."""

    VOICE = "VOICE"
    """电话"""
    TEXT = "TEXT"
    """短信、网站、移动应用等"""


class CallTimesWrong(Invalid):
    """Answered and given up, or before it was offered."""

    sentence = "A call is offered first, and then answered or given up, not both."
    remedy = "Correct the times of the call."
    field = "answered_at"


class CallInFuture(Invalid):
    """Later than now."""

    sentence = "The call was offered later than now."
    remedy = "Correct the clock of the telephone system."
    field = "offered_at"


class CallToldOtherwise(Refusal):
    """The same call with other times."""

    sentence = "The telephone system told this call before, with other times."
    remedy = "Send a call once it is over; its reference stands for one call."
    rule = "one reference, one call"
    field = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCall:
    """A call that is over. Neither ``answered_at`` nor ``abandoned_at``: the system lost it."""

    queue: str
    region: str
    department: str
    offered_at: datetime
    answered_at: datetime | None
    abandoned_at: datetime | None
    by: str
    at: datetime
    medium: Medium = Medium.VOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted:
    """A call was offered, and then answered or given up."""

    queue: str
    region: str
    department: str
    offered_at: datetime
    answered_at: datetime | None
    abandoned_at: datetime | None
    by: str
    at: datetime
    medium: Medium = Medium.VOICE


State: TypeAlias = CallNoted | None


def _decide(command: NoteCall, state: State) -> list[CallNoted]:
    times = (command.offered_at, command.answered_at, command.abandoned_at)
    if state is not None:
        known = (state.offered_at, state.answered_at, state.abandoned_at)
        if (times, command.medium) == (known, state.medium):
            return []
        raise CallToldOtherwise
    ends = [one for one in times[1:] if one is not None]
    if len(ends) > 1 or any(one < command.offered_at for one in ends):
        raise CallTimesWrong
    if command.offered_at > command.at:
        raise CallInFuture
    return [
        CallNoted(
            queue=command.queue,
            region=command.region,
            department=command.department,
            offered_at=command.offered_at,
            answered_at=command.answered_at,
            abandoned_at=command.abandoned_at,
            by=command.by,
            at=command.at,
            medium=command.medium,
        )
    ]


def _evolve(_state: State, event: CallNoted) -> State:
    return event


CALL: Decider[NoteCall, State, CallNoted] = Decider(initial=None, decide=_decide, evolve=_evolve)
