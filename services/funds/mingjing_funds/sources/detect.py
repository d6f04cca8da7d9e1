"""What kind of file this is, from what is in it. The one rule: the name of a file is never looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mingjing_funds.sources import account_list, hupan, lessons, vendor, wulin, zhelan
from mingjing_funds.sources.account_list import AccountList
from mingjing_funds.sources.kept_aside import FileEmpty, KeptAside, LayoutUnknown, SheetUnknown
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
    bank: str = ""


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
            width = len(rows[header])
            found, kept = read_each(records(table(rows, header)), read_row, width)
            return Source(kind=kind, rows=found, kept_aside=kept)
    raise LayoutUnknown(format="CSV", header=",".join(str(cell) for cell in rows[0])[:120] if rows else "")


def _statement(statement: Statement) -> Source:
    return Source(kind=Kind.STATEMENT, rows=statement.lines, kept_aside=statement.kept_aside, bank=statement.bank)


def _accounts(found: AccountList) -> Source:
    return Source(kind=Kind.ACCOUNT_LIST, rows=found.lines, kept_aside=found.kept_aside)
