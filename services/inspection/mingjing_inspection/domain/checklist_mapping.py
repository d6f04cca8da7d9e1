"""Checklist mapping (清单表头对照): which field each column of a sender's checklist holds, as a person confirmed it.

One rule: a mapping is for one sender and one header, word for word. The same header from the same sender is read the
same way without a question; another header is a question again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never

from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

FIELDS: Final = (
    "code",
    "title_zh",
    "title_en",
    "legal_basis",
    "severity",
    "immediate_veto",
    "photo_required",
)
NEEDED: Final = frozenset({"code", "title_zh", "legal_basis", "severity"})
COLUMNS_MAX: Final = 100
LABEL_CHARACTERS_MAX: Final = 100
MAPPINGS_MAX: Final = 500
Header: TypeAlias = tuple[str, ...]


class MappingSenderMissing(Invalid):
    """Whose tables are read so."""

    sentence = "A mapping is remembered for a sender, and none is named."
    remedy = "Name who writes such tables: a bureau, or a system."
    field = "sender"


class MappingColumnsDiffer(Invalid):
    """A field a column."""

    sentence = "The header has {columns} columns and {fields} fields were said."
    remedy = "Say for each column which field it holds, or that it is not taken."
    field = "fields"


class MappingFieldUnknown(Invalid):
    """A checklist has no such field."""

    sentence = "A checklist has no field {name}."
    remedy = "Choose among the fields that a preview names."
    field = "fields"


class MappingFieldTwice(Invalid):
    """Which of the two counts?"""

    sentence = "Two columns are said to hold {name}."
    remedy = "Leave one of them."
    field = "fields"


class MappingFieldsMissing(Invalid):
    """Nobody could ask that."""

    sentence = "No column is said to hold: {missing}."
    remedy = "A checklist needs codes, questions, legal bases and severities."
    field = "fields"


class MappingsTooMany(Refusal):
    """A table with another header every day."""

    sentence = "{maximum} mappings are remembered, and no more."
    remedy = "Withdraw those that nobody needs."
    field = "sender"


class MappingUnknown(NotFound):
    """Nothing to take back."""

    sentence = "No mapping of this header is remembered for this sender."
    remedy = "Look at the list of mappings."
    field = "header"


class MappingReasonMissing(Invalid):
    """Nobody said why."""

    sentence = "A mapping is withdrawn with a reason."
    remedy = "Say in a sentence why tables are read otherwise now."
    field = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmMapping:
    """Tables of this sender with this header are read so; an empty field is a column that is not taken."""

    sender: str
    header: Header
    fields: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMapping:
    """They are a question again."""

    sender: str
    header: Header
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistMappingConfirmed:
    """A person said how they are read."""

    sender: str
    header: Header
    fields: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistMappingWithdrawn:
    """It is a question again."""

    sender: str
    header: Header
    reason: str
    by: str
    at: datetime


Command: TypeAlias = ConfirmMapping | WithdrawMapping
Event: TypeAlias = ChecklistMappingConfirmed | ChecklistMappingWithdrawn


@dataclass(frozen=True, slots=True)
class Mappings:
    """What is remembered, by sender and header."""

    known: Mapping[tuple[str, Header], ChecklistMappingConfirmed] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, sender: str) -> dict[Header, tuple[str, ...]]:
        """Of one sender: the fields by header."""
        return {header: one.fields for (who, header), one in self.known.items() if who == sender}


def decide(command: Command, mappings: Mappings) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case ConfirmMapping():
            return _confirm(command, mappings)
        case WithdrawMapping():
            return _withdraw(command, mappings)
        case _:
            assert_never(command)


def evolve(mappings: Mappings, event: Event) -> Mappings:
    """What is remembered after a fact."""
    key = (event.sender, event.header)
    match event:
        case ChecklistMappingConfirmed():
            return Mappings(MappingProxyType({**mappings.known, key: event}))
        case ChecklistMappingWithdrawn():
            return Mappings(MappingProxyType({one: said for one, said in mappings.known.items() if one != key}))
        case _:
            assert_never(event)


MAPPINGS: Decider[Command, Mappings, Event] = Decider(initial=Mappings(), decide=decide, evolve=evolve)


def _confirm(command: ConfirmMapping, mappings: Mappings) -> list[Event]:
    if not command.sender.strip():
        raise MappingSenderMissing
    if len(command.header) != len(command.fields) or not 0 < len(command.header) <= COLUMNS_MAX:
        raise MappingColumnsDiffer(columns=len(command.header), fields=len(command.fields))
    said = [name for name in command.fields if name]
    for name in said:
        if name not in FIELDS:
            raise MappingFieldUnknown(name=name[:40])
        if said.count(name) > 1:
            raise MappingFieldTwice(name=name)
    if missing := sorted(NEEDED - set(said)):
        raise MappingFieldsMissing(missing="、".join(missing))
    before = mappings.known.get((command.sender, command.header))
    if before is not None and before.fields == command.fields:
        return []
    if before is None and len(mappings.known) >= MAPPINGS_MAX:
        raise MappingsTooMany(maximum=MAPPINGS_MAX)
    return [fact(ChecklistMappingConfirmed, command)]


def _withdraw(command: WithdrawMapping, mappings: Mappings) -> list[Event]:
    if (command.sender, command.header) not in mappings.known:
        raise MappingUnknown
    if not command.reason.strip():
        raise MappingReasonMissing
    return [fact(ChecklistMappingWithdrawn, command)]
