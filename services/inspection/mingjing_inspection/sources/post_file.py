"""Roster of grid posts as a table, XLSX or CSV, recognised by its header: a row a grid, or a row a post.

One rule: names and telephones in a roster are not read; a person is the subject by which she signs in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from mingjing_inspection.domain.complaint_file import Cell, KeptRow
from mingjing_inspection.domain.grid_post import Named, Post
from mingjing_inspection.sources.layout import HEADER_ROWS_MAX
from mingjing_inspection.sources.table import FileTooLarge, read_tables
from mingjing_kernel.refusal import Invalid, Refusal
from mingjing_kernel.unreadable import InBoth, megabytes

BYTES_MAX = 1024 * 1024
ROWS_MAX = 5_000
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])")
CELL_CHARACTERS_MAX = 200
"""Of a cell that is kept aside."""
HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "code": ("网格编码", "网格代码", "网格编号", "Grid"),
        "post": ("岗位", "岗位名称", "Post"),
        "person": ("人员", "人员账号", "账号", "登录账号", "Person"),
        "officer": ("网格员", "网格员账号", "Officer"),
        "deputy": ("副网格员", "副网格员账号", "Deputy"),
        "inspector": ("责任督学", "责任督学账号", "Linked inspector"),
        "from_on": ("起始日期", "任职日期", "上岗日期", "From"),
    }
)
_FIELD_OF = MappingProxyType({word.lower(): field for field, words in HEADERS.items() for word in words})
_WIDE: Mapping[str, Post] = MappingProxyType(
    {"officer": Post.OFFICER, "deputy": Post.DEPUTY, "inspector": Post.LINKED_INSPECTOR}
)
_POSTS: Mapping[str, Post] = MappingProxyType(
    {
        **{post.value.lower(): post for post in Post},
        "网格员": Post.OFFICER,
        "副网格员": Post.DEPUTY,
        "社区网格长": Post.COMMUNITY_LEADER,
        "网格长": Post.COMMUNITY_LEADER,
        "责任督学": Post.LINKED_INSPECTOR,
    }
)


class PostHeaderUnknown(Invalid):
    """No sheet has the header row of a roster."""

    sentence = "No sheet of the file has the header row of a roster of grid posts."
    remedy = "Name the columns 网格编码, 网格员, 副网格员, 起始日期, or 网格编码, 岗位, 人员, 起始日期."
    field = "file"


class PostUnknown(Invalid):
    """No post is called so."""

    sentence = "{post} is no post of a grid."
    remedy = "Write 网格员, 副网格员, 社区网格长 or 责任督学."
    field = "post"


class PostDayUnreadable(Invalid):
    """A day that is none."""

    sentence = "{text} is no day from which somebody holds a post."
    remedy = "Write the day as 2026-07-01."
    field = "from_on"


class NobodyNamed(Invalid):
    """A row that fills no post."""

    sentence = "The row names nobody for any post."
    remedy = "Name by their sign-in accounts who holds the post, or take the row out of the file."
    field = "person"


class GridTwiceInFile(Invalid):
    """The same post of the same grid stands in two rows."""

    sentence = "Row {row} of the file fills the same post of {code}."
    remedy = "A grid has one officer and one deputy: leave one of the two rows."
    field = "code"


class PersonWithoutGrant(Refusal):
    """Who cannot be reached by a task there is no officer of the grid."""

    sentence = "{person} holds no grant by which the post in {code} can be carried out."
    remedy = "Correct the account, or give the grant first and mend the row then."
    field = "person"


KEPT_FOR: tuple[type[Refusal], ...] = (
    PostUnknown,
    PostDayUnreadable,
    NobodyNamed,
    GridTwiceInFile,
    PersonWithoutGrant,
)
"""Of this reader; who fills posts adds the rules of posts and codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A row as it stands: its number as a person counts it, and the text of each known field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """What a row says; ``from_on`` is ``None`` where the file leaves the day to whoever sends it."""

    code: str
    named: tuple[Named, ...]
    from_on: date | None


def read_roster(content: bytes) -> tuple[PostRow, ...]:
    """The rows. Raises ``FileTooLarge``, ``FileUnreadable``, ``PostHeaderUnknown``."""
    if len(content) > BYTES_MAX:
        raise FileTooLarge(maximum=megabytes(BYTES_MAX))
    for table in read_tables(content):
        for at, header in enumerate(table.rows[:HEADER_ROWS_MAX]):
            places = {field: n for n, word in enumerate(header) if (field := _FIELD_OF.get(word.strip().lower()))}
            if "code" in places and ({"post", "person"} <= places.keys() or places.keys() & _WIDE.keys()):
                rows = tuple(_rows(table.rows[at + 1 :], table.first_line + at + 1, places))
                if len(rows) > ROWS_MAX:
                    raise FileTooLarge(maximum=InBoth(f"{ROWS_MAX:,} rows", f"{ROWS_MAX:,} 行"))
                return rows
    raise PostHeaderUnknown


def digest_of(content: bytes) -> str:
    """SHA-256 (hex) of the file: the same bytes are one file."""
    return hashlib.sha256(content).hexdigest()


def read_row(cells: Mapping[str, str]) -> ReadRow:
    """Raises ``PostUnknown``, ``PostDayUnreadable``, ``NobodyNamed``."""
    named = tuple(Named(post=post, person=cells[field]) for field, post in _WIDE.items() if cells.get(field))
    if cells.get("post") or cells.get("person"):
        post = _POSTS.get(cells.get("post", "").lower())
        if post is None:
            raise PostUnknown(post=cells.get("post", "")[:40])
        named = (Named(post=post, person=cells.get("person", "")),)
    if not named or not all(one.person for one in named):
        raise NobodyNamed
    return ReadRow(code=cells.get("code", ""), named=named, from_on=_day(cells.get("from_on", "")))


def kept_aside(row: PostRow, refusal: Refusal) -> KeptRow:
    """The row as it waits to be mended."""
    return KeptRow(
        row=row.number,
        field=refusal.field,
        rule=refusal.code(),
        values=tuple(Cell(field=name, text=str(value)) for name, value in sorted(refusal.values.items())),
        cells=tuple(Cell(field=field, text=text[:CELL_CHARACTERS_MAX]) for field, text in sorted(row.cells.items())),
    )


def _rows(rows: tuple[tuple[str, ...], ...], first: int, places: Mapping[str, int]) -> Iterator[PostRow]:
    for number, row in enumerate(rows, start=first):
        cells = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
        if any(cells.values()):
            yield PostRow(number=number, cells=MappingProxyType(cells))


def _day(text: str) -> date | None:
    if not text:
        return None
    found = _DAY.match(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise PostDayUnreadable(text=text[:40]) from None
