"""Cells as clerks, banks and Excel write them. The one rule: read what is certain, never guess the rest."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from mingjing_funds.sources.kept_aside import (
    AccountNumberUnreadable,
    AmountUnreadable,
    CellMissing,
    CountUnreadable,
    MomentUnreadable,
    NumberDamaged,
)
from mingjing_kernel.clock import SHANGHAI

_PLAIN = re.compile(r"-?\d+(\.\d{1,2})?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d{2}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ACCOUNT_NUMBER = re.compile(r"\d{15,20}")
_SERIAL = re.compile(r"\d{5}")
_EXCEL_EPOCH = date(1899, 12, 30)
_WRITTEN_REMEMBERED_MAX = 4_096
_FLOAT_DIGITS_MAX = 15
"""A number cell keeps 15 decimal digits; longer account numbers have lost their end."""


def text(cell: object) -> str:
    """A cell as text: trimmed, without the tab that keeps Excel from eating digits."""
    if type(cell) is str:
        return cell.replace("\u3000", " ").strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\u3000", " ").strip()


def masked(name: str) -> str:
    """A child's name as it may be shown: 武玲帆 is 武*帆."""
    if len(name) <= 1:
        return name
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


def required(cell: object, column: str) -> str:
    """A cell that must not be empty."""
    found = text(cell)
    if not found:
        raise CellMissing(column=column)
    return found


def fen(cell: object, column: str) -> int:
    """An amount in yuan as fen: ``"1,060.00"`` is 106000.

    A comma before exactly two last digits, with no other mark, can only be a decimal comma: groups have three.
    """
    written = text(cell) if not isinstance(cell, float | int) else repr(cell)
    if _PLAIN.fullmatch(written):
        return _plain_fen(written)
    if _GROUPED.fullmatch(written):
        return int(Decimal(written.replace(",", "")) * 100)
    if _DECIMAL_COMMA.fullmatch(written):
        return int(Decimal(written.replace(",", ".")) * 100)
    raise AmountUnreadable(written=written, column=column)


def _plain_fen(written: str) -> int:
    """Spelt out: ``Decimal`` takes three times as long, and a statement has two amounts a line."""
    whole, _, part = written.partition(".")
    return int(whole + part.ljust(2, "0"))


def has_decimal_comma(cell: object) -> bool:
    """Whether an amount was written with a decimal comma, which is worth a remark."""
    return isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(cell.strip()) is not None


def optional_fen(cell: object, column: str) -> int | None:
    """An amount, or ``None`` for an empty cell."""
    return fen(cell, column) if text(cell) else None


def count(cell: object, column: str) -> int:
    """A whole number, zero or more."""
    written = text(cell)
    if not re.fullmatch(r"\d{1,9}", written):
        raise CountUnreadable(written=written, column=column)
    return int(written)


def day(cell: object, column: str) -> date:
    """A date in any of the notations seen: a date cell, ``2022.9.4``, ``20260127``, a serial typed as text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _written_day(text(cell), column)


@lru_cache(_WRITTEN_REMEMBERED_MAX)
def _written_day(written: str, column: str) -> date:
    """Remembered: a day's statement has the same day in every line."""
    parts = _DATE.fullmatch(written) or _COMPACT_DATE.fullmatch(written)
    if parts is None and _SERIAL.fullmatch(written):
        return _EXCEL_EPOCH + timedelta(days=int(written))
    if parts is None:
        raise MomentUnreadable(written=written, column=column)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError as impossible:
        raise MomentUnreadable(written=written, column=column) from impossible


def optional_day(cell: object, column: str) -> date | None:
    """A date, or ``None`` for an empty cell."""
    return day(cell, column) if text(cell) else None


def moment(cell: object, column: str) -> datetime:
    """An aware time in China: ``2026-01-05 06:05:12``, or ISO with an offset."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=SHANGHAI)
    written = text(cell)
    try:
        found = datetime.fromisoformat(written)
    except ValueError as impossible:
        raise MomentUnreadable(written=written, column=column) from impossible
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def clock(cell: object, column: str) -> time:
    """A time of day: ``17:00`` or ``09:21:47``."""
    written = text(cell)
    try:
        return time.fromisoformat(written)
    except ValueError as impossible:
        raise MomentUnreadable(written=written, column=column) from impossible


def account_number(cell: object) -> str:
    """A bank account number of 15 to 20 digits. Raises ``NumberDamaged`` when it was a number."""
    if isinstance(cell, float | int):
        whole = f"{Decimal(repr(cell)):f}"
        raise NumberDamaged(written=whole, prefix=whole[:_FLOAT_DIGITS_MAX].rstrip("0"))
    written = text(cell).lstrip("'")
    if _ACCOUNT_NUMBER.fullmatch(written):
        return written
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", written):
        whole = f"{Decimal(written):f}"
        raise NumberDamaged(written=written, prefix=whole.rstrip("0"))
    raise AccountNumberUnreadable(written=written)
