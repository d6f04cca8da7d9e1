"""What an address that answers a GET shows, in the few ways there are: a list, one thing, totals, a file, or nothing.

One rule: whose rows these are is said by the question that it puts (``question.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Role, Scope
from scopes.question import Question, Row

COUNTY = "330106"
"""Of the installation: what is not divided by region is for whoever has a grant over it."""
Lets: TypeAlias = Callable[[Scope], bool]


def everybody(_scope: Scope) -> bool:
    """Whoever has signed in is answered, with what she may see."""
    return True


def over_the_county(*roles: Role) -> Lets:
    """Whoever holds one of the roles for the whole of this installation."""
    act = Act(name="use-service", zh="", en="", roles=frozenset(roles))
    return lambda scope: scope.may(act, Dimensions(UNDIVIDED, COUNTY, UNDIVIDED))


def itself(row: Row) -> tuple[Row, ...]:
    """A row stands for itself alone."""
    return (row,)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list: its pages and its exports show exactly the rows of its question. ``key`` of an item tells its row.

    With ``of_one`` it is asked about one thing, and shows the rows of which this is one of ``belongs_to``; where
    ``hides``, whoever may not see the thing is told that there is none.
    """

    question: Question
    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    lets: Lets = everybody
    of_one: bool = False
    hides: bool = False
    belongs_to: Callable[[Row], tuple[Row, ...]] = itself
    has_past: bool = True
    is_whole: bool = False
    """In one answer, without pages and files, several times if need be."""
    is_growing: bool = False
    """Our own questions stand in it, too."""


@dataclass(frozen=True, kw_only=True)
class One:
    """One thing: there for whoever may see all that it ``belongs_to``, and for nobody else."""

    question: Question
    lets: Lets = everybody
    belongs_to: Callable[[Row], tuple[Row, ...]] = itself
    fills: Mapping[str, str] = field(default_factory=dict)
    """What stands in the other places of its address."""
    refused: Collection[int] = (404,)
    """What it says to whoever may not see it."""
    has_past: bool = False
    answers: int = 200
    """What it says to whoever may: evidence of which nothing has arrived yet has no copy."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Totals: ``counts`` gives each of an answer's, with the question whose rows it must be the number of."""

    counts: Callable[[Any], Mapping[str, int]]
    questions: Mapping[str, Question]
    params: Mapping[str, str] = field(default_factory=dict)
    lets: Lets = everybody
    has_past: bool = False


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file and nothing else: its rows are those of its question."""

    question: Question
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What is of the whole installation: for some roles over all of it, and for nobody else."""

    lets: Lets
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """Shows nothing that is somebody's; why."""

    because: str


Route: TypeAlias = Listed | One | Counted | Filed | Whole | Open
