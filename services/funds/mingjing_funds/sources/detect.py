"""What kind of file this is, from what is in it. The one rule: the name of a file is never looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from mingjing_funds.sources import account_list, hupan, lessons, statement, vendor, wulin, zhelan
from mingjing_funds.sources.account_list import AccountList
from mingjing_funds.sources.kept_aside import (
    FileEmpty,
    KeptAside,
    LayoutUnknown,
    RowBroken,
    RowsMissing,
    SheetUnknown,
)
from mingjing_funds.sources.reading import (
    Record,
    csv_rows,
    decoded,
    header_at,
    read_each,
    records,
    sheets,
    table,
)
from mingjing_funds.sources.statement import Statement


class Kind(StrEnum):
    """The kinds of file that this service reads."""

    STATEMENT = "statements"
    ACCOUNT_LIST = "account-lists"
    VENDOR_CODES = "vendor-codes"
    CONTRACTS = "contracts"
    PAYMENTS = "payments"
    REFUNDS = "refunds"
    INSTRUCTIONS = "release-instructions"
    LESSONS = "lessons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that was read: its kind, its rows (of the row type of that kind) and the rows kept aside."""

    kind: Kind
    rows: tuple[Any, ...]
    kept_aside: tuple[KeptAside, ...]
    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Row number to what is written there, so that a row that is refused later can be shown and mended."""
    bank: str = ""
    booked_on: date | None = None
    missing: int = 0
    """Rows that the sender announced and that cannot be read from the file."""


class _Row(Protocol):
    @property
    def row(self) -> int: ...

    def written(self) -> dict[str, str]: ...


class Cells(Mapping[int, Mapping[str, str]]):
    """What is written in each row, made into text only for the few rows that somebody asks for."""

    def __init__(self, found: Iterable[_Row]) -> None:
        self._records = {record.row: record for record in found}

    def __getitem__(self, row: int) -> Mapping[str, str]:
        return self._records[row].written()

    def __iter__(self) -> Iterator[int]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


_CSV_TABLES: tuple[tuple[Kind, frozenset[str], Callable[[Record], Any]], ...] = (
    (Kind.LESSONS, lessons.MARKS, lessons.line),
    (Kind.CONTRACTS, vendor.CONTRACT_MARKS, vendor.contract),
    (Kind.PAYMENTS, vendor.PAYMENT_MARKS, vendor.payment),
    (Kind.REFUNDS, vendor.REFUND_MARKS, vendor.refund),
    (Kind.INSTRUCTIONS, vendor.INSTRUCTION_MARKS, vendor.instruction),
    (Kind.VENDOR_CODES, vendor.CODE_MARKS, vendor.code),
)


def read(data: bytes, known_numbers: Iterable[str] = ()) -> Source:
    """Read any known file. Raises ``FileUnreadable`` (which byte, line or sheet, and why) when it is none."""
    if not data.strip():
        raise FileEmpty
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _workbook(data, known_numbers)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _message(data)
    return _csv(decoded(data))


def reread(kind: Kind, cells: Mapping[str, str], known_numbers: Iterable[str] = ()) -> Any:
    """One row again, from its cells with a person's corrections. Raises ``RowUnusable`` as the file did."""
    record = Record(0, dict(cells))
    columns = cells.keys()
    if kind is Kind.STATEMENT:
        for marks, read_line in ((hupan.MARKS, hupan.line), (wulin.MARKS, wulin.line)):
            if marks <= columns:
                return read_line(record)
        return statement.line_of(cells)
    if kind is Kind.ACCOUNT_LIST:
        return account_list.line_of(cells, known_numbers)
    for candidate, _marks, read_row in _CSV_TABLES:
        if candidate is kind:
            return read_row(record)
    raise LayoutUnknown(format=kind.value, header=",".join(columns))


def _workbook(data: bytes, known_numbers: Iterable[str]) -> Source:
    found = sheets(data)
    for rows in found.values():
        if header_at(rows, account_list.MARKS) is not None:
            return _accounts(account_list.read(rows, known_numbers))
        if header_at(rows, wulin.MARKS) is not None:
            return _statement(wulin.read(rows))
    raise SheetUnknown(sheets="、".join(found))


def _message(data: bytes) -> Source:
    message = zhelan.parsed(data)
    if message.tag != f"{{{zhelan.NAMESPACE}}}Document":
        raise LayoutUnknown(format="XML", header=message.tag)
    return _statement(zhelan.read(message))


def _csv(content: str) -> Source:
    rows: list[list[object]] = [list(row) for row in csv_rows(content)]
    if header_at(rows, hupan.MARKS) is not None:
        return _statement(hupan.read(content))
    for kind, marks, read_row in _CSV_TABLES:
        header = header_at(rows, marks, search_max=3)
        if header is not None:
            written = list(records(table(rows, header)))
            found, kept = read_each(written, read_row, len(rows[header]))
            return Source(kind=kind, rows=found, kept_aside=kept, cells=Cells(written))
    raise LayoutUnknown(format="CSV", header=",".join(str(cell) for cell in rows[0])[:120] if rows else "")


def _statement(found: Statement) -> Source:
    reasons = [kept.reason for kept in found.kept_aside]
    absent = [
        int(str(reason.values["announced"])) - int(str(reason.values["found"]))
        for reason in reasons
        if isinstance(reason, RowsMissing)
    ]
    broken = sum(isinstance(reason, RowBroken) for reason in reasons)
    return Source(
        kind=Kind.STATEMENT,
        rows=found.lines,
        kept_aside=found.kept_aside,
        cells=Cells(found.lines),
        bank=found.bank,
        booked_on=found.booked_on,
        missing=sum(absent) + broken,
    )


def _accounts(found: AccountList) -> Source:
    cells = {line.row: line.written() for line in found.lines}
    return Source(kind=Kind.ACCOUNT_LIST, rows=found.lines, kept_aside=found.kept_aside, cells=cells)
