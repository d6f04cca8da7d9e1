"""A reaction (联动) inside this service: what followed from a fact, or that nothing did and why.

One rule: a reaction to a fact is noted once, whatever came of it; what it did is written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReaction:
    """What came of it."""

    reaction: str
    trigger: str
    department: str
    region: str
    did: tuple[str, ...]
    nothing_because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionNoted:
    """``trigger`` is the stream and version of the fact; ``did`` names what was done, ``nothing_because`` why not."""

    reaction: str
    trigger: str
    department: str
    region: str
    did: tuple[str, ...]
    nothing_because: str
    at: datetime


Event: TypeAlias = ReactionNoted


def _decide(command: NoteReaction, is_noted: bool) -> list[Event]:
    if is_noted:
        return []
    return [
        ReactionNoted(
            reaction=command.reaction,
            trigger=command.trigger,
            department=command.department,
            region=command.region,
            did=command.did,
            nothing_because=command.nothing_because,
            at=command.at,
        )
    ]


def _evolve(_is_noted: bool, _event: Event) -> bool:
    return True


REACTION: Decider[NoteReaction, bool, Event] = Decider(initial=False, decide=_decide, evolve=_evolve)
