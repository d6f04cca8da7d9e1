"""Roster of grid posts (网格岗位名册): a file by which posts were filled, and its rows that could not be.

One rule: no row disappears. It filled its posts, changed nothing, or is kept aside with the reason until it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from mingjing_inspection.domain.complaint_file import KeptRow, RowAlreadyMended, RowNotKept
from mingjing_kernel.decider import Decider, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePostFile:
    """Record what became of a file. ``digest`` is its SHA-256; ``filled`` counts rows that changed something."""

    name: str
    digest: str
    rows: int
    filled: int
    kept_aside: tuple[KeptRow, ...]
    region: str
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MendPostRow:
    """The row was put right, and its posts are filled."""

    row: int
    code: str
    mended_by: str
    mended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFileTaken:
    """Posts were filled by a file."""

    name: str
    digest: str
    rows: int
    filled: int
    kept_aside: int
    region: str
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRowKeptAside:
    """A row waits to be mended."""

    kept: KeptRow
    region: str
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRowMended:
    """A kept-aside row filled posts of the grid ``code``."""

    row: int
    code: str
    mended_by: str
    mended_at: datetime


Command: TypeAlias = TakePostFile | MendPostRow
Event: TypeAlias = PostFileTaken | PostRowKeptAside | PostRowMended


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFile:
    """``taken`` is ``None`` as long as nothing was; ``mended`` maps a row to the code by which it was mended."""

    taken: PostFileTaken | None = None
    kept: tuple[KeptRow, ...] = ()
    mended: tuple[tuple[int, str], ...] = ()

    def row(self, number: int) -> KeptRow:
        """A row that was kept aside, mended or not. Raises ``RowNotKept``."""
        found = next((one for one in self.kept if one.row == number), None)
        if found is None:
            raise RowNotKept(row=number)
        return found


def decide(command: Command, file: PostFile) -> list[Event]:
    """The facts that follow; a file that was taken before changes nothing."""
    match command:
        case TakePostFile():
            return [] if file.taken else _take(command)
        case MendPostRow():
            return _mend(command, file)
        case _:
            assert_never(command)


def evolve(file: PostFile, event: Event) -> PostFile:
    """The file after a fact."""
    match event:
        case PostFileTaken():
            return replace(file, taken=event)
        case PostRowKeptAside():
            return replace(file, kept=(*file.kept, event.kept))
        case PostRowMended():
            return replace(file, mended=(*file.mended, (event.row, event.code)))
        case _:
            assert_never(event)


POST_FILE: Decider[Command, PostFile, Event] = Decider(initial=PostFile(), decide=decide, evolve=evolve)


def _take(command: TakePostFile) -> list[Event]:
    taken = fact(PostFileTaken, command, kept_aside=len(command.kept_aside))
    kept = [PostRowKeptAside(kept=row, region=command.region, kept_at=command.taken_at) for row in command.kept_aside]
    return [taken, *kept]


def _mend(command: MendPostRow, file: PostFile) -> list[Event]:
    file.row(command.row)
    before = dict(file.mended).get(command.row)
    if before is not None and before != command.code:
        raise RowAlreadyMended(row=command.row)
    return [] if before else [fact(PostRowMended, command)]
