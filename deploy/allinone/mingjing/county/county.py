"""Which file of the sample county arrives when.

The one rule: the order is read from the names alone. Dates stand in them as the senders wrote them; a file sent
again follows its original on the same day.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from pathlib import PurePosixPath

FIRST_DAY = date(2025, 12, 31)
LAST_DAY = date(2026, 6, 30)
_DATE = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)")
_AGAIN = re.compile(r"重发|补发|\(\d\)|\d{8}_\d")
_ARCHIVE = "xihu.zip"
_MASTERS = ("registry/", "staff/", "orders/机构编码对照表", "bank/预收费托管账户清单")


class Kind(StrEnum):
    """How a file stands in time."""

    MASTER = "master"
    """A list that must be known before anything else: institutions, staff, codes, custody accounts."""
    DAILY = "daily"
    """What one bank booked on one day."""
    WEEKLY = "weekly"
    """The lessons of one week, with what changed in earlier ones."""
    EXPORT = "export"
    """Everything since the beginning, with a date in every line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file, the days that it tells of, and the day on which it arrives."""

    path: str
    kind: Kind
    covers_from: date
    covers_to: date
    delivered_on: date
    is_again: bool
    """A name that says that an earlier file is sent once more."""

    @property
    def folder(self) -> str:
        """``bank``, ``complaints``, ``lessons``, ``orders``, ``registry`` or ``staff``."""
        return PurePosixPath(self.path).parts[0]

    @property
    def sender(self) -> str:
        """The folder inside the folder: a bank's name; empty where there is none."""
        parts = PurePosixPath(self.path).parts
        return parts[1] if len(parts) > 2 else ""


def delivery_of(path: str) -> Delivery:
    """When ``path`` arrives: masters on the first day, everything else on the day after the last one it covers."""
    name = PurePosixPath(path).name
    dates = [date(*map(int, found)) for found in _DATE.findall(name)]
    kind = _kind(path)
    first, last = (dates[0], dates[-1]) if kind in (Kind.DAILY, Kind.WEEKLY) else (FIRST_DAY, LAST_DAY)
    return Delivery(
        path=path,
        kind=kind,
        covers_from=first,
        covers_to=last,
        delivered_on=FIRST_DAY if kind is Kind.MASTER else last + timedelta(days=1),
        is_again=bool(_AGAIN.search(name)),
    )


def _kind(path: str) -> Kind:
    if path.startswith(_MASTERS):
        return Kind.MASTER
    if path.startswith("bank/"):
        return Kind.DAILY
    return Kind.WEEKLY if path.startswith("lessons/") else Kind.EXPORT


def weeks() -> Iterator[tuple[date, date]]:
    """The 26 weeks of seven days, first and last day each."""
    first = FIRST_DAY
    while first <= LAST_DAY:
        yield first, first + timedelta(days=6)
        first += timedelta(days=7)


class County:
    """The archive, open for reading. Close it, or use it in a ``with``."""

    def __init__(self) -> None:
        self._file = resources.files("mingjing.county").joinpath(_ARCHIVE).open("rb")
        self._archive = zipfile.ZipFile(self._file)

    def read(self, path: str) -> bytes:
        """One file as it was sent."""
        return self._archive.read(path)

    def deliveries(self) -> list[Delivery]:
        """Everything that is sent, in the order in which it arrives; answers and notes are not sent."""
        sent = [delivery_of(name) for name in self._archive.namelist() if "/" in name]
        return sorted(sent, key=lambda delivery: (delivery.delivered_on, delivery.is_again, delivery.path))

    def __enter__(self) -> County:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._file.close()
