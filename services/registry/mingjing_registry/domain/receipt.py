"""Import 导入: that a file was read, and what came of it.

One rule: a file is its bytes. The same bytes are one import for ever; reading them again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.kept_aside import Problem


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
class RecordImport:
    """All rows of the file were dealt with."""

    digest: str
    """SHA-256 of the bytes, hexadecimal."""
    file_name: str
    register: str
    region: str
    stated_on: date | None
    counts: Counts
    kept_aside: tuple[UUID, ...]
    remarks: tuple[Remark, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecorded:
    """A file was read to its end."""

    digest: str
    file_name: str
    register: str
    region: str
    stated_on: date | None
    counts: Counts
    kept_aside: tuple[UUID, ...]
    remarks: tuple[Remark, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Unread:
    """Not seen, or broken off before the end: reading it again completes it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Done."""

    recorded: ImportRecorded


Receipt: TypeAlias = Unread | Read


def decide(command: RecordImport, receipt: Receipt) -> list[ImportRecorded]:
    """Recorded once."""
    match receipt:
        case Read():
            return []
        case Unread():
            return [
                ImportRecorded(
                    digest=command.digest,
                    file_name=command.file_name,
                    register=command.register,
                    region=command.region,
                    stated_on=command.stated_on,
                    counts=command.counts,
                    kept_aside=command.kept_aside,
                    remarks=command.remarks,
                    on=command.on,
                )
            ]
        case _:
            assert_never(receipt)


def evolve(receipt: Receipt, event: ImportRecorded) -> Receipt:
    """Read."""
    return Read(event)


RECEIPT: Decider[RecordImport, Receipt, ImportRecorded] = Decider(initial=Unread(), decide=decide, evolve=evolve)
