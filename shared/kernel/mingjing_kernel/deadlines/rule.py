"""Deadlines (期限) as a service declares them: which facts start, move, pause and end a clock, and what is done then.

Pure, but for naming streams and lists. The one rule: ``due_on`` is the last day; the command is handled on the day
after, or once the moment of a clock of hours is over, and its decider decides whether anything follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mingjing_kernel.deadline_clock import Clock
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.policy.rule import NAME
from mingjing_kernel.projection.read_model import ReadModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline that has run out, as its command is made of it: ``on`` is the day on which that is noticed."""

    id: UUID
    thing: str
    started_on: date
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """What another stream has to do with it, in the same transaction."""

    aggregate: Aggregate
    id: UUID
    command: Any


def _nothing(_due: Due) -> tuple[Also, ...]:
    return ()


def _the_whole(_fact: Any) -> str:
    return ""


@dataclass(frozen=True, kw_only=True, eq=False)
class DeadlineRule:
    """One kind of deadline.

    ``facts`` are the classes that ``clock`` looks at: it gets the clock as it stands (``None``: none runs) and the
    fact, and answers with the clock after it (``None``: over). ``thing`` tells several clocks of one stream apart.
    ``listed`` is the read model, with history, whose row of the same id has the scope columns. ``command`` makes what
    is handled when it has run out; without one it is only shown. ``also`` are commands for other streams, written in
    the same transaction: each must be one that nothing refuses, and harmless where nothing follows from ``command``.
    """

    name: str
    zh: str
    en: str
    aggregate: Aggregate
    listed: ReadModel
    facts: tuple[type, ...]
    clock: Callable[[Clock | None, Any], Clock | None]
    command: Callable[[Due], Any] | None = None
    also: Callable[[Due], tuple[Also, ...]] = _nothing
    thing: Callable[[Any], str] = _the_whole
    legal_basis: str

    def __post_init__(self) -> None:
        """Refuse a declaration that could not be listed or told apart."""
        if not NAME.fullmatch(self.name) or not self.facts or not self.listed.history:
            raise ValueError(f"deadline rule {self.name!r}: kebab-case, some facts, and a list that keeps history")
