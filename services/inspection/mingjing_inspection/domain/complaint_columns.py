"""Remembered columns (投诉导出表头对照): which column of a hotline's own export holds which field, said once.

One rule: a header is compared word for word. What was remembered for the same columns before is replaced; a file that
was taken in keeps what it was read by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, Refusal

NEEDED: Final = frozenset({"number", "received_at", "text"})
"""Without them a row is no complaint: which one, when, and what was said."""
TITLE_CHARACTERS_MAX: Final = 60
REMEMBERED_MAX: Final = 50
FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "12345": frozenset(
            [
                "number",
                "received_at",
                "name",
                "phone",
                "declared",
                "title",
                "text",
                "place",
                "respondent",
                "department",
                "due_on",
                "status",
                "result",
            ]
        ),
        "12315": frozenset(
            [
                "number",
                "received_at",
                "name",
                "phone",
                "declared",
                "respondent",
                "uscc",
                "place",
                "goods",
                "text",
                "request",
                "claimed",
                "department",
                "status",
            ]
        ),
    }
)
"""What an export of each kind may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNamed:
    """One column: our field, and the title that stands over it."""

    field: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberColumns:
    """Read such a header so from now on. ``layout``: whose export it is, 12345 or 12315."""

    layout: str
    columns: tuple[ColumnNamed, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintColumnsRemembered:
    """Such a header is read so from now on."""

    layout: str
    columns: tuple[ColumnNamed, ...]
    by: str
    at: datetime


Command: TypeAlias = RememberColumns
Event: TypeAlias = ComplaintColumnsRemembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Everything that is remembered, the latest first."""

    known: tuple[ComplaintColumnsRemembered, ...] = ()


class ColumnsOfNobody(Invalid):
    """Whose export."""

    sentence = "“{layout}” is no kind of export that is known."
    remedy = "Say 12345 or 12315."
    field = "layout"


class ColumnFieldUnknown(Invalid):
    """No such field."""

    sentence = "An export of {layout} has no field {name}."
    remedy = "Choose among: {known}."
    field = "columns"


class ColumnFieldMissing(Invalid):
    """No complaint without it."""

    sentence = "No column is named for {name}."
    remedy = "Name the columns of number, time of receipt and text at least."
    field = "columns"


class ColumnTitleUnfit(Invalid):
    """Empty, too long, or said of two fields."""

    sentence = "“{title}” is empty, longer than {maximum} characters, or named for two fields."
    remedy = "Write each title as it stands in the header row, for one field."
    field = "columns"


class ColumnsTooMany(Refusal):
    """A limit on what is tried with each file."""

    sentence = "{maximum} headers are remembered already."
    remedy = "Ask the hotline for one of the formats that are known."
    field = "columns"


def decide(command: Command, state: Remembered) -> list[Event]:
    """The fact that follows, or a refusal; what is known already is no news."""
    fields = FIELDS.get(command.layout)
    if fields is None:
        raise ColumnsOfNobody(layout=command.layout)
    _require_fields(command, fields)
    titles = [one.title for one in command.columns]
    for title in titles:
        if not 0 < len(title.strip()) <= TITLE_CHARACTERS_MAX or titles.count(title) > 1:
            raise ColumnTitleUnfit(title=title, maximum=TITLE_CHARACTERS_MAX)
    said = ComplaintColumnsRemembered(layout=command.layout, columns=command.columns, by=command.by, at=command.at)
    before = next((one for one in state.known if _header(one) == _header(said)), None)
    if before is not None and (before.layout, set(before.columns)) == (said.layout, set(said.columns)):
        return []
    if before is None and len(state.known) >= REMEMBERED_MAX:
        raise ColumnsTooMany(maximum=REMEMBERED_MAX)
    return [said]


def evolve(state: Remembered, event: Event) -> Remembered:
    """What is remembered after a fact."""
    others = (one for one in state.known if _header(one) != _header(event))
    return Remembered(known=(event, *others))


COLUMNS: Decider[Command, Remembered, Event] = Decider(initial=Remembered(), decide=decide, evolve=evolve)


def _require_fields(command: Command, fields: frozenset[str]) -> None:
    named = [one.field for one in command.columns]
    for name in named:
        if name not in fields or named.count(name) > 1:
            raise ColumnFieldUnknown(layout=command.layout, name=name, known=", ".join(sorted(fields)))
    for name in sorted(NEEDED - set(named)):
        raise ColumnFieldMissing(name=name)


def _header(event: Event) -> frozenset[str]:
    return frozenset(one.title for one in event.columns)
