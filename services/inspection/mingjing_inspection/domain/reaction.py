"""Reactions on record (联动记录): what a message or a fact led to, or that it led to nothing and why.

One rule: a reaction that may do nothing leaves a fact either way, and what was done stays noted; ``why`` is a code, put
into words where it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReaction:
    """A reaction looked at ``occasion``: an alert, a listing, or stream and version of a fact of this service.

    ``did`` names what it did; ``why`` says why it did less or nothing, and is empty where it did what it is there for.
    """

    reaction: str
    occasion: str
    did: tuple[str, ...]
    institution_id: UUID | None
    why: str
    department: str
    region: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionNoted:
    """What became of an occasion: done, or nothing and why."""

    reaction: str
    occasion: str
    did: tuple[str, ...]
    institution_id: UUID | None
    why: str
    department: str
    region: str
    category: str
    at: datetime


def _decide(command: NoteReaction, noted: ReactionNoted | None) -> list[ReactionNoted]:
    if noted is not None and (noted.did or (noted.why, noted.institution_id) == (command.why, command.institution_id)):
        return []
    return [
        ReactionNoted(
            reaction=command.reaction,
            occasion=command.occasion,
            did=command.did,
            institution_id=command.institution_id,
            why=command.why,
            department=command.department,
            region=command.region,
            category=command.category,
            at=command.at,
        )
    ]


def _evolve(_noted: ReactionNoted | None, event: ReactionNoted) -> ReactionNoted:
    return event


REACTION: Decider[NoteReaction, ReactionNoted | None, ReactionNoted] = Decider(None, _decide, _evolve)
