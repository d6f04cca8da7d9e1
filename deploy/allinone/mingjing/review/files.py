"""A county's files (一县数据), in a directory or an archive. The one rule: what stands beside them is not looked at.

Only what lies in one of the folders that a county sends is read: answers and notes that stand beside them are not.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol, TypeAlias

from mingjing.county.county import Delivery, Kind, delivery_of
from mingjing_kernel.refusal import Invalid

FOLDERS = ("bank", "complaints", "lessons", "orders", "registry", "staff")
FILES_MAX = 20_000
BYTES_MAX = 256 * 1024 * 1024
"""Of one file; the largest that a county sends is an export of some megabytes."""


class CountyUnreadable(Invalid):
    """Nothing there that could be a county's files."""

    sentence = "No county's files are at {path}: {reason}."
    remedy = "Name a directory or a ZIP archive with the folders bank, complaints, lessons, orders, registry and staff."
    field = "county"


Skipped: TypeAlias = list[tuple[str, str]]
"""Files that could not be read, and why: said at the end, never dropped in silence."""


class Files(Protocol):
    """Files by their paths inside the county."""

    def paths(self) -> list[str]:
        """Every file's path, with ``/``."""

    def read(self, path: str) -> bytes:
        """One file as it was sent."""


class _Directory:
    def __init__(self, root: Path) -> None:
        self._root = root

    def paths(self) -> list[str]:
        files = (one for one in self._root.rglob("*") if one.is_file() and one.stat().st_size <= BYTES_MAX)
        return [one.relative_to(self._root).as_posix() for one in files]

    def read(self, path: str) -> bytes:
        return (self._root / path).read_bytes()


class _Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def paths(self) -> list[str]:
        return [one.filename for one in self._archive.infolist() if not one.is_dir() and one.file_size <= BYTES_MAX]

    def read(self, path: str) -> bytes:
        return self._archive.read(path)


@contextmanager
def county_files(path: Path) -> Iterator[Files]:
    """The files at ``path``; raises ``CountyUnreadable``."""
    if path.is_dir():
        yield _checked(_Directory(path), path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield _checked(_Archive(archive), path)
    except (OSError, zipfile.BadZipFile) as broken:
        raise CountyUnreadable(path=str(path), reason=str(broken)) from broken


def _checked(files: Files, path: Path) -> Files:
    sent = deliveries(files)
    if len(sent) > FILES_MAX:
        raise CountyUnreadable(path=str(path), reason=f"more than {FILES_MAX} files")
    if not any(one.kind is Kind.DAILY for one in sent):
        raise CountyUnreadable(path=str(path), reason="no bank's file of a day is there")
    return files


def period(sent: list[Delivery]) -> tuple[date, date]:
    """The first and the last day that the banks' files tell of."""
    days = [one for one in sent if one.kind is Kind.DAILY]
    return min(one.covers_from for one in days), max(one.covers_to for one in days)


def deliveries(files: Files) -> list[Delivery]:
    """What was sent, in the order in which it arrives."""
    sent = [delivery_of(path) for path in files.paths() if path.partition("/")[0] in FOLDERS]
    return sorted(sent, key=lambda one: (one.delivered_on, one.is_again, one.path))
