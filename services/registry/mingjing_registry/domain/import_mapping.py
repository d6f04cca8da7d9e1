"""Import mapping 导入对照: which field each column of a sender's table holds, as a person confirmed it.

One rule: a mapping is for one header, word for word. The same header from the same sender is read the same way without
a question; another header is a question again.
"""

from __future__ import annotations

from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias, assert_never

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.exchange_refusals import (
    ColumnsDiffer,
    ColumnTwice,
    FieldsMissing,
    HeaderTooDeep,
    MappingsFull,
    MappingUnknown,
)
from mingjing_registry.domain.refusals import ReasonMissing

Kind: TypeAlias = Literal["register", "withdrawn", "notices", "roster", "staff"]

NEEDED: dict[Kind, frozenset[str]] = {
    "withdrawn": frozenset({"name", "uscc", "ended_how", "ended_on"}),
    "notices": frozenset({"name", "matter", "content", "filed_on"}),
    "register": frozenset({"name", "uscc"}),
    "staff": frozenset({"name", "person", "id_number", "post", "from_on"}),
}
"""What a table must say to be of a kind; the first kind that has all it needs is meant. A roster is a register that
somebody else keeps, so nobody recognises one by its columns."""
REPEATABLE = frozenset({"sites", "more_sites", "serial"})
"""Several columns may hold one of these."""
HEADERS_MAX = 200
"""Of one sender."""
HEADER_ROWS_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """What every row of a table says although no column does."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How one table is read."""

    header: tuple[str, ...]
    """The labels of its columns."""
    fields: tuple[str, ...]
    """The field of each column; empty for a column that is not taken."""
    kind: Kind
    header_rows: int
    constants: tuple[Constant, ...] = ()

    @property
    def is_left_out(self) -> bool:
        """True when somebody said that nothing of the table is to be taken: a sheet of instructions."""
        return not any(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmMapping:
    """A person says that tables with this header are read so from now on."""

    sender: str
    department: str
    region: str
    mapping: Mapping
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMapping:
    """Tables with this header are a question again."""

    header: tuple[str, ...]
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingConfirmed:
    """Tables with this header are read so; ``number`` counts what was confirmed for the sender."""

    sender: str
    department: str
    region: str
    mapping: Mapping
    number: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingWithdrawn:
    """Tables with this header are a question again."""

    header: tuple[str, ...]
    reason: str
    on: date


Command: TypeAlias = ConfirmMapping | WithdrawMapping
Event: TypeAlias = MappingConfirmed | MappingWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings:
    """What is confirmed for one sender, by header."""

    by_header: Mapped[tuple[str, ...], Mapping] = field(default_factory=dict)
    confirmed: int = 0


def decide(command: Command, mappings: Mappings) -> list[Event]:
    """The facts that follow."""
    match command:
        case ConfirmMapping():
            return _confirm(command, mappings)
        case WithdrawMapping():
            return _withdraw(command, mappings)
        case _:
            assert_never(command)


def evolve(mappings: Mappings, event: Event) -> Mappings:
    """The sender's mappings after one fact."""
    match event:
        case MappingConfirmed(mapping=mapping, number=number):
            return Mappings(by_header={**mappings.by_header, mapping.header: mapping}, confirmed=number)
        case MappingWithdrawn(header=header):
            rest = {other: mapping for other, mapping in mappings.by_header.items() if other != header}
            return Mappings(by_header=rest, confirmed=mappings.confirmed)
        case _:
            assert_never(event)


IMPORT_MAPPING: Decider[Command, Mappings, Event] = Decider(initial=Mappings(), decide=decide, evolve=evolve)


def _confirm(command: ConfirmMapping, mappings: Mappings) -> list[Event]:
    mapping = command.mapping
    _check(mapping)
    if mappings.by_header.get(mapping.header) == mapping:
        return []
    if mapping.header not in mappings.by_header and len(mappings.by_header) >= HEADERS_MAX:
        raise MappingsFull(limit=HEADERS_MAX)
    return [
        MappingConfirmed(
            sender=command.sender,
            department=command.department,
            region=command.region,
            mapping=mapping,
            number=mappings.confirmed + 1,
            on=command.on,
        )
    ]


def _check(mapping: Mapping) -> None:
    if len(mapping.fields) != len(mapping.header):
        raise ColumnsDiffer(columns=len(mapping.header), fields=len(mapping.fields))
    if not 1 <= mapping.header_rows <= HEADER_ROWS_MAX:
        raise HeaderTooDeep(limit=HEADER_ROWS_MAX, found=mapping.header_rows)
    if mapping.is_left_out:
        return
    said = [name for name in mapping.fields if name] + [constant.field for constant in mapping.constants]
    twice = next((name for name in said if said.count(name) > 1 and name not in REPEATABLE), "")
    if twice:
        raise ColumnTwice(name=twice)
    needed = NEEDED["register" if mapping.kind == "roster" else mapping.kind]
    if missing := sorted(needed - set(said)):
        raise FieldsMissing(missing="、".join(missing))


def _withdraw(command: WithdrawMapping, mappings: Mappings) -> list[Event]:
    if command.header not in mappings.by_header:
        raise MappingUnknown
    if not command.reason.strip():
        raise ReasonMissing
    return [MappingWithdrawn(header=command.header, reason=command.reason, on=command.on)]
