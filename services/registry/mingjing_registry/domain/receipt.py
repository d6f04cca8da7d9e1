"""Import 导入: that a file was sent, read, and what came of it.

One rule: a file is its bytes. The same bytes are one import for ever; reading them again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.domain.refusals import ImportNotBegun


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A row that was taken although something about it deserves a look."""

    sheet: str
    row: int
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came of the rows."""

    rows: int
    """Data rows found; titles, headers, dividers, totals and notes are not rows."""
    taken: int
    merged: int
    """Rows that said again what another row of the file said."""
    kept_aside: int
    notices: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginImport:
    """A readable file arrived."""

    digest: str
    """SHA-256 of the bytes, hexadecimal."""
    file_name: str
    register: str
    region: str
    stated_on: date | None
    on: date
    sender: str = ""
    mapped: tuple[tuple[str, ...], ...] = ()
    """Headers of tables that are read by a mapping that a person confirmed for the sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImport:
    """All rows of the file were dealt with."""

    counts: Counts
    kept_aside: tuple[UUID, ...]
    remarks: tuple[Remark, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBegun:
    """A readable file arrived; the envelope says who sent it."""

    digest: str
    file_name: str
    register: str
    region: str
    stated_on: date | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapped:
    """Tables of the file were read by mappings that a person had confirmed for this sender: the headers."""

    sender: str
    headers: tuple[tuple[str, ...], ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecorded:
    """A file was read to its end."""

    counts: Counts
    kept_aside: tuple[UUID, ...]
    remarks: tuple[Remark, ...]
    on: date


Command: TypeAlias = BeginImport | RecordImport
Event: TypeAlias = ImportBegun | ImportMapped | ImportRecorded


@dataclass(frozen=True, slots=True)
class Unseen:
    """Never sent."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Sent; when the reading broke off, sending it again completes it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Done."""

    recorded: ImportRecorded


Receipt: TypeAlias = Unseen | Begun | Read


def decide(command: Command, receipt: Receipt) -> list[Event]:
    """Begun once, recorded once."""
    match command:
        case BeginImport():
            return [] if not isinstance(receipt, Unseen) else _begun(command)
        case RecordImport():
            if isinstance(receipt, Unseen):
                raise ImportNotBegun
            if isinstance(receipt, Read):
                return []
            return [
                ImportRecorded(
                    counts=command.counts, kept_aside=command.kept_aside, remarks=command.remarks, on=command.on
                )
            ]
        case _:
            assert_never(command)


def evolve(receipt: Receipt, event: Event) -> Receipt:
    """The import after one fact."""
    match event:
        case ImportBegun() | ImportMapped():
            return Begun()
        case ImportRecorded():
            return Read(event)
        case _:
            assert_never(event)


RECEIPT: Decider[Command, Receipt, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def _begun(command: BeginImport) -> list[Event]:
    begun = ImportBegun(
        digest=command.digest,
        file_name=command.file_name,
        register=command.register,
        region=command.region,
        stated_on=command.stated_on,
        on=command.on,
    )
    if not command.mapped:
        return [begun]
    return [begun, ImportMapped(sender=command.sender, headers=command.mapped, on=command.on)]
