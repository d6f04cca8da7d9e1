"""Filling grid posts by a file: what each row would do, doing it, and keeping aside what cannot be done.

One rule: a preview and a run read rows by the same steps, so nothing that a preview called good is kept aside because
of how it was read. A run that was cut off is repeated with the same file: rows that filled their posts change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.acts import ACCEPT_TASK
from mingjing_inspection.codec import GRID_POSTS
from mingjing_inspection.codec_files import POST_FILES
from mingjing_inspection.domain import grid_post, grid_problems
from mingjing_inspection.domain.complaint_file import KeptRow, RowAlreadyMended
from mingjing_inspection.domain.grid_code import code_problem
from mingjing_inspection.domain.grid_post import GRID_POST, FillPosts, Post, Posts
from mingjing_inspection.domain.post_file import MendPostRow, PostFile, TakePostFile
from mingjing_inspection.sources import post_file
from mingjing_inspection.sources.post_file import (
    GridTwiceInFile,
    PersonWithoutGrant,
    PostRow,
    kept_aside,
    read_row,
)
from mingjing_kernel.divisions import town_names
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

_PATROLLING: Final = frozenset({Post.OFFICER, Post.DEPUTY})
_RULES: Final[tuple[type[Refusal], ...]] = (
    *post_file.KEPT_FOR,
    grid_post.PostOfCommunity,
    grid_post.PersonMissing,
    grid_post.TenureBeforeLast,
    grid_post.OfficerIsDeputy,
    grid_problems.CodeMalformed,
    grid_problems.CountyForeign,
    grid_problems.TownNotInCounty,
    grid_problems.CommunityNumberZero,
    grid_problems.SequenceZero,
)
KEPT_FOR: Final[Mapping[str, type[Refusal]]] = MappingProxyType({one.code(): one for one in _RULES})
"""Every rule that can keep a row aside, by the name that is stored with the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A row and its command, or why it cannot be one; ``facts`` are what it would change."""

    row: PostRow
    command: FillPosts | None = None
    facts: tuple[grid_post.Event, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of a file."""

    file_id: UUID
    rows: int
    filled: int
    kept: tuple[KeptRow, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Filing:
    """Make one a router factory."""

    kit: Kit

    async def plan(self, rows: Sequence[PostRow], day: date, at: datetime) -> tuple[Planned, ...]:
        """What each row would do, one after the other, without doing it."""
        planned = [await self._planned(row, day, at) for row in rows]
        codes = sorted({one.command.code for one in planned if one.command})
        ids = {code: _id(code) for code in codes}
        known = await self.kit.log.states(GRID_POSTS, list(ids.values()))
        states: dict[str, Posts] = {code: known.get(id) or GRID_POST.initial for code, id in ids.items()}
        seen: dict[tuple[str, Post], int] = {}
        return tuple([_tried(one, states, seen) for one in planned])

    async def take(self, content: bytes, name: str, day: date, written: Envelope) -> Filed:
        """Fill the posts, keep the rest aside, record the file."""
        digest = post_file.digest_of(content)
        file_id, now = derived_id("post-file", digest, day.isoformat()), self.kit.now()
        before: PostFile = (await self.kit.log.state(POST_FILES, file_id))[0]
        rows = post_file.read_roster(content)
        if before.taken is not None:
            return await self._again(file_id, before)
        planned = await self.plan(rows, day, now)
        works = [
            Work(GRID_POSTS, _id(one.command.code), one.command, _part(written, file_id, one.row))
            for one in planned
            if one.command and one.refusal is None
        ]
        results = iter(await self.kit.log.handle_many(works))
        kept, filled = list[KeptRow](), 0
        for one in planned:
            result = next(results) if one.command and one.refusal is None else one.refusal
            match result:
                case Outcome():
                    filled += bool(result.events)
                case Refusal():
                    kept.append(kept_aside(one.row, result))
                case Exception():
                    raise result
                case None:
                    raise AssertionError(one.row.number)
        command = TakePostFile(
            name=name,
            digest=digest,
            rows=len(rows),
            filled=filled,
            kept_aside=tuple(kept),
            region=self.kit.settings.county_code,
            taken_by=written.actor,
            taken_at=now,
        )
        outcome = await self.kit.log.handle(POST_FILES, file_id, command, written)
        return Filed(file_id=file_id, rows=len(rows), filled=filled, kept=tuple(kept), position=outcome.position)

    async def mend(self, file_id: UUID, row: PostRow, day: date, written: Envelope) -> Outcome:
        """Fill the posts of a mended row, then end its waiting. Raises what would keep it aside again."""
        file: PostFile = (await self.kit.log.state(POST_FILES, file_id))[0]
        kept, now = file.row(row.number), self.kit.now()
        if dict(file.mended).get(row.number) is not None:
            raise RowAlreadyMended(row=row.number)
        cells = {cell.field: cell.text for cell in kept.cells} | dict(row.cells)
        (planned,) = await self.plan((PostRow(number=row.number, cells=cells),), day, now)
        if planned.refusal is not None or planned.command is None:
            raise planned.refusal or post_file.NobodyNamed()
        code = planned.command.code
        await self.kit.log.handle(GRID_POSTS, _id(code), planned.command, _part(written, file_id, row))
        done = MendPostRow(row=row.number, code=code, mended_by=written.actor, mended_at=now)
        return await self.kit.log.handle(POST_FILES, file_id, done, written)

    async def _planned(self, row: PostRow, day: date, at: datetime) -> Planned:
        county = self.kit.settings.county_code
        try:
            read = read_row(row.cells)
            if (problem := code_problem(read.code, county, town_names(county).keys())) is not None:
                raise problem
            for one in read.named:
                await self._require_grant(one.person, one.post, read.code, at)
        except Refusal as refusal:
            return Planned(row=row, refusal=refusal)
        command = FillPosts(code=read.code, named=read.named, from_on=read.from_on or day, filled_at=at)
        return Planned(row=row, command=command)

    async def _require_grant(self, person: str, post: Post, code: str, at: datetime) -> None:
        """Raises ``PersonWithoutGrant``: a task would reach nobody."""
        scope = Scope((await self.kit.directory.current()).grants_of(person, at))
        here = Dimensions(UNDIVIDED, code, UNDIVIDED)
        if post in _PATROLLING:
            holds = scope.may(ACCEPT_TASK, here)
        else:
            holds = scope.allows(role=OFFICIALS, department=UNDIVIDED, region=code, category=UNDIVIDED)
        if not holds:
            raise PersonWithoutGrant(person=person, code=code)

    async def _again(self, file_id: UUID, before: PostFile) -> Filed:
        """The same file for the same day was taken: what became of it then, and what of it waits still."""
        assert before.taken is not None
        return Filed(
            file_id=file_id,
            rows=before.taken.rows,
            filled=before.taken.filled,
            kept=tuple(one for one in before.kept if one.row not in dict(before.mended)),
            position=await self.kit.log.head(),
        )


def _tried(one: Planned, states: dict[str, Posts], seen: dict[tuple[str, Post], int]) -> Planned:
    """The row after all before it: what it changes, or why it cannot."""
    command = one.command
    if command is None:
        return one
    twice = next((seen[key] for named in command.named if (key := (command.code, named.post)) in seen), None)
    if twice is not None:
        return Planned(row=one.row, refusal=GridTwiceInFile(row=twice, code=command.code))
    try:
        facts = tuple(GRID_POST.decide(command, states[command.code]))
    except Refusal as refusal:
        return Planned(row=one.row, refusal=refusal)
    seen.update({(command.code, named.post): one.row.number for named in command.named})
    for fact in facts:
        states[command.code] = GRID_POST.evolve(states[command.code], fact)
    return Planned(row=one.row, command=command, facts=facts)


def _id(code: str) -> UUID:
    return derived_id("grid-post", code)


def _part(written: Envelope, file_id: UUID, row: PostRow) -> Envelope:
    """Of the caller's request, a command of its own for each row."""
    return replace(written, command_id=derived_id("post-row", written.command_id, file_id, row.number))
