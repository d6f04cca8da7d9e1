"""Commands and facts of a double-random draw (双随机抽查); the rules are in ``draw``.

One rule: a fact holds everything that the public notice shows, so that no notice can say more or less than the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class ConflictKind(StrEnum):
    """Why an inspector does not go to an institution."""

    INTEREST = "INTEREST"
    """利害关系: works or worked there, holds a share, is in a dispute with it."""
    SAME_ORGANIZER = "SAME_ORGANIZER"
    """与举办者有关: the same of its organizer, or of another institution of that organizer."""
    KIN = "KIN"
    """近亲属: a relative works there, runs it, or learns there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An institution that may be drawn. ``level`` says where the weight comes from; only the weight is published."""

    institution_id: UUID
    name: str
    salt: str
    weight: int
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """An inspector who may be drawn; ``officer`` is who signs in."""

    officer: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A stated conflict of interest: this inspector does not go there."""

    officer: str
    institution_id: UUID
    kind: ConflictKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An institution that stands in no population, and why; ``why`` is a code."""

    institution_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Who may be drawn, and how many are."""

    candidates: tuple[Candidate, ...]
    inspectors: tuple[Inspector, ...]
    conflicts: tuple[Conflict, ...]
    select: int
    each: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An institution that was drawn, and who goes there."""

    institution_id: UUID
    officers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDraw:
    """Freeze who may be drawn."""

    plan: str
    title: str
    authority: str
    region: str
    department: str
    category: str
    pool: Pool
    policy_version: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitDraw:
    """Commit to a seed, and to the public value that will be mixed in."""

    commitment: str
    public_source: str
    public_value_due_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawLots:
    """Enter the public value, reveal the seed, draw. ``public_value_at`` is when the value became public."""

    seed: str
    public_value: str
    public_value_at: datetime
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDraw:
    """Publish the result."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulDraw:
    """The draw does not count; it stays to be seen, and another may be made under the same plan."""

    reason: str
    by: str
    at: datetime


Command: TypeAlias = FreezeDraw | CommitDraw | DrawLots | PublishDraw | AnnulDraw


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPopulationAdded:
    """A part of a population that is too large for one fact; ``DrawFrozen`` follows in the same transaction."""

    attempt: int
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFrozen:
    """Who may be drawn is fixed; ``attempt`` counts the draws of one plan, annulled ones too.

    ``candidates`` and ``left_out`` count those of the parts before it, whose institutions are not in its pool; 0 where
    the pool has them all.
    """

    plan: str
    attempt: int
    title: str
    authority: str
    region: str
    department: str
    category: str
    pool: Pool
    population_hash: str
    policy_version: str
    by: str
    at: datetime
    candidates: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawCommitted:
    """The seed is committed to, and which public value will be mixed in."""

    attempt: int
    commitment: str
    public_source: str
    public_value_due_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LotsDrawn:
    """The lots were drawn; ``evidence`` says where the public value can be looked up."""

    attempt: int
    seed: str
    public_value: str
    public_value_at: datetime
    evidence: str
    drawn: tuple[Drawn, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPublished:
    """The result is public."""

    attempt: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawAnnulled:
    """The draw does not count."""

    attempt: int
    reason: str
    by: str
    at: datetime


Event: TypeAlias = DrawPopulationAdded | DrawFrozen | DrawCommitted | LotsDrawn | DrawPublished | DrawAnnulled
