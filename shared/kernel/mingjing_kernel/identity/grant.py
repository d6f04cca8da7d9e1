"""Grants (授权): one role for one department, region and category.

The one rule: silence grants nothing. ``"*"`` says "any" and must be written; an empty field is refused when the
grant is made, and a row whose own field is empty or NULL is reached only by ``"*"``. A grant is turned into limits
on a row's dimensions once, here; deciding an act and rendering SQL both read those limits and cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, false, true

from mingjing_kernel.identity.role import OUTSIDERS, Role

ANY: Final = "*"
"""In a grant: whatever the row says."""

_REGION = re.compile(r"\*|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")
_TEXT_LENGTH_MAX = 200


class Undivided(Enum):
    """Type of ``UNDIVIDED``."""

    UNDIVIDED = "undivided"


UNDIVIDED: Final = Undivided.UNDIVIDED
"""Said of a thing that has no such dimension at all (a calendar has no category): every grant passes on it."""

Dimension: TypeAlias = Literal["department", "region", "category", "holder"]
Value: TypeAlias = str | UUID | Undivided | None
Column: TypeAlias = ColumnElement[Any] | Undivided
"""A text column; for the holder a UUID column too."""


class Dimensions(NamedTuple):
    """Where a thing stands in everything that a grant limits: in memory, ready to be decided on.

    A thing without such a dimension says ``UNDIVIDED``. ``holder`` is the organisation that holds the thing.
    """

    department: Value
    region: Value
    category: Value
    holder: Value = UNDIVIDED


class Columns(NamedTuple):
    """The same for the rows of a table."""

    department: Column
    region: Column
    category: Column
    holder: Column = UNDIVIDED


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within limits.

    ``region`` is a prefix of a division code (行政区划代码): 2 digits a province, 4 a city, 6 a county, 9 a town,
    12 a village. ``organisation`` is the bank, institution or school that an outsider acts for; an outsider's grant
    without one reaches nothing. ``until`` is the moment at which it ends, ``None`` when no end is set; a scope only
    holds grants that are in force, so it says how long an answer stands and decides nothing.
    """

    role: Role
    department: str
    region: str
    category: str
    organisation: str = ""
    until: datetime | None = None
    """When it ends (aware, UTC); None: not foreseen. Whoever hands out a grant has looked that it is in force now."""
    limits: tuple[Limit, ...] = field(init=False, repr=False, compare=False)
    """What a row must satisfy on top of the role; worked out once."""

    def __post_init__(self) -> None:
        """Refuse a grant that leaves open what it grants."""
        for name in ("department", "region", "category"):
            value = getattr(self, name)
            if not isinstance(value, str) or not 0 < len(value) <= _TEXT_LENGTH_MAX or "\0" in value:
                raise ValueError(f'grant: {name} must be written out; "*" says any')
        if not _REGION.fullmatch(self.region):
            raise ValueError('grant: region must be "*" or the first 2, 4, 6, 9 or 12 digits of a division code')
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("grant: until must be a moment with its zone")
        object.__setattr__(self, "limits", self._limits())

    def _limits(self) -> tuple[Limit, ...]:
        limits = [
            Limit("department", self.department),
            Limit("region", self.region, by_prefix=True),
            Limit("category", self.category),
        ]
        if self.role in OUTSIDERS:
            limits.append(Limit("holder", self.organisation, must_be_divided=True))
        return tuple(limit for limit in limits if limit.wanted != ANY)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a grant, asked of a value in memory or of a column in SQL: the same answer."""

    dimension: Dimension
    wanted: str
    by_prefix: bool = False
    must_be_divided: bool = False
    at: int = field(init=False, repr=False, compare=False)
    """Which of ``Dimensions`` it limits."""

    def __post_init__(self) -> None:
        """Find the dimension once: decisions are made by the hundred thousand."""
        object.__setattr__(self, "at", Dimensions._fields.index(self.dimension))

    def holds(self, value: Value) -> bool:
        """Whether a row with this value is within the limit."""
        wanted = self.wanted
        if value.__class__ is str and wanted:  # nearly always; the rest is what else a row may say
            return value.startswith(wanted) if self.by_prefix else value == wanted
        if value is UNDIVIDED:
            return not self.must_be_divided
        if value is None or not self.wanted:
            return False
        if isinstance(value, UUID):
            return value == _uuid(self.wanted)
        return value.startswith(self.wanted) if self.by_prefix else value == self.wanted

    def condition(self, column: Column) -> ColumnElement[bool]:
        """The same as SQL. NULL is never within a limit: the comparison is NULL, which selects nothing."""
        if isinstance(column, Undivided):
            return false() if self.must_be_divided else true()
        if not self.wanted:
            return false()
        if isinstance(column.type, Uuid):
            return false() if _uuid(self.wanted) is None else column == _uuid(self.wanted)
        if not self.by_prefix:
            return column == self.wanted
        # A prefix as a range in byte order, whatever the column's collation: an index (``scope_index``) answers it by
        # itself, where LIKE is asked once more of every row that the index finds.
        return and_(column.bool_op("~>=~")(self.wanted), column.bool_op("~<~")(_after(self.wanted)))

    def is_within(self, wide: Limit) -> bool:
        """Whether every value within this limit is within the other."""
        if self.dimension != wide.dimension or self.must_be_divided != wide.must_be_divided:
            return False
        return self.wanted == wide.wanted or (self.by_prefix and self.wanted.startswith(wide.wanted))


def holds(grant: Grant, values: Dimensions) -> bool:
    """Whether a row with these values is within every limit of the grant."""
    for limit in grant.limits:  # noqa: SIM110 - a generator costs as much as the limits themselves
        if not limit.holds(values[limit.at]):
            return False
    return True


def condition(grant: Grant, columns: Columns) -> ColumnElement[bool]:
    """The same as SQL."""
    return and_(true(), *(limit.condition(columns[limit.at]) for limit in grant.limits))


def widest(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants without those that another contains, whatever their roles: fewer conditions, the same rows."""
    found: list[Grant] = []
    for grant in sorted(grants, key=lambda grant: len(grant.limits)):
        if not any(_is_within(grant, wide) for wide in found):
            found = [*(narrow for narrow in found if not _is_within(narrow, grant)), grant]
    return tuple(found)


def _is_within(narrow: Grant, wide: Grant) -> bool:
    return all(any(mine.is_within(limit) for mine in narrow.limits) for limit in wide.limits)


def _after(prefix: str) -> str:
    """The first text in byte order that comes after everything with this prefix; digits end below ``:``."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
