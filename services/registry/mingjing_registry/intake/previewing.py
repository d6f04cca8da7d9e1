"""Previewing: a waiting file, how its tables are read, and what it would come to.

One rule: known words and confirmed mappings are used without a question; a table that needs a guess is shown with the
guess, and nothing of the file is taken before a person has confirmed it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from mingjing_kernel.identifiers import derived_id
from mingjing_registry.codec import IMPORT_MAPPINGS
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.exchange_refusals import MappingUnconfirmed
from mingjing_registry.domain.import_mapping import Mapping, Mappings
from mingjing_registry.intake.importing import Registry
from mingjing_registry.intake.planning import Plan, plan
from mingjing_registry.intake.roster_planning import plan_roster
from mingjing_registry.intake.uploads import Upload
from mingjing_registry.sources.guess import Guess, guess
from mingjing_registry.sources.layout import REGISTER, Vocabulary
from mingjing_registry.sources.register_file import NO_MAPPINGS, ParsedFile, Table, parse_tables, read_tables

PLANS_REMEMBERED_MAX = 4

How: TypeAlias = Literal["known", "mapped", "left-out", "to-confirm", "empty"]
"""How a table is read: by known words, by a confirmed mapping, not at all because somebody said so, not before somebody
says how; or there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One sheet and how it is read; ``guess`` says of each column what it is taken for, or could be."""

    sheet: str
    how: How
    header_rows: int
    guess: Guess | None


Parsed = TypeVar("Parsed")
"""What a file says: of institutions, or of who works there."""


@dataclass(frozen=True, kw_only=True)  # no slots: a generic one could not be called as Preview[…](…) on 3.11
class Preview(Generic[Parsed]):
    """A waiting file; ``plan`` is ``None`` while a table waits for its mapping."""

    upload: Upload
    department: str
    tables: tuple[TableView, ...]
    stated_on: date | None
    parsed: Parsed | None
    plan: Plan | None

    def require_plan(self) -> tuple[Parsed, Plan]:
        """What may be confirmed. Raises ``MappingUnconfirmed``."""
        if self.parsed is None or self.plan is None:
            asked = [table.sheet for table in self.tables if table.how in ("to-confirm", "left-out")]
            raise MappingUnconfirmed(sheets="、".join(asked))
        return self.parsed, self.plan


@dataclass(slots=True)
class Previewer:
    """Makes previews; remembers the last ones until the register moves."""

    registry: Registry
    division: Division
    _plans: OrderedDict[tuple[UUID, int, date], Preview[ParsedFile]] = field(default_factory=OrderedDict)

    async def preview(self, upload: Upload, content: bytes, on: date) -> Preview[ParsedFile]:
        """What the file would come to on this day, as the register stands now."""
        key = (upload.id, await self.registry.log.head(), on)
        if key in self._plans:
            self._plans.move_to_end(key)
            return self._plans[key]
        found = await self._made(upload, content, on)
        self._plans[key] = found
        while len(self._plans) > PLANS_REMEMBERED_MAX:
            self._plans.popitem(last=False)
        return found

    async def _made(self, upload: Upload, content: bytes, on: date) -> Preview[ParsedFile]:
        known = await mappings_of(self.registry, self.division.code, upload.department, upload.sender)
        # In a thread: a long table must not hold up other requests.
        tables = await asyncio.to_thread(read_tables, content, known)
        views = views_of(tables, known)
        if all(view.how == "empty" for view in views):
            parse_tables(tables, upload.digest, self.division, upload.stated_on)  # refuses: no table at all
        # With every table left out there is nothing to take, but whoever left them out may think again.
        if are_unread(views):
            return unread(upload, views)
        parsed = await asyncio.to_thread(parse_tables, tables, upload.digest, self.division, upload.stated_on)
        if upload.purpose == "roster":
            department, planned = (
                upload.department,
                await plan_roster(self.registry, parsed, region=self.division.code, on=on),
            )
        else:
            department = parsed.register or upload.department
            planned = await plan(self.registry, parsed, register=department, on=on)
        return Preview(
            upload=upload, department=department, tables=views, stated_on=parsed.stated_on, parsed=parsed, plan=planned
        )


def are_unread(views: Sequence[TableView]) -> bool:
    """Whether nothing can be taken yet: a table waits for its columns, or somebody left every one out."""
    return any(view.how == "to-confirm" for view in views) or all(view.how in ("empty", "left-out") for view in views)


def unread(upload: Upload, views: tuple[TableView, ...]) -> Preview[Any]:
    """A waiting file before its columns are known."""
    return Preview(
        upload=upload, department=upload.department, tables=views, stated_on=upload.stated_on, parsed=None, plan=None
    )


async def mappings_of(
    registry: Registry, region: str, department: str, sender: str
) -> Mapped[tuple[str, ...], Mapping]:
    """What was confirmed for a sender of a department, by header."""
    state, _ = await registry.log.state(IMPORT_MAPPINGS, mappings_id(region, department, sender))
    return state.by_header if isinstance(state, Mappings) else NO_MAPPINGS


def mappings_id(region: str, department: str, sender: str) -> UUID:
    """The stream of what was confirmed for a sender of a department."""
    return derived_id("import-mapping", region, department, sender)


def views_of(
    tables: Sequence[Table], known: Mapped[tuple[str, ...], Mapping], words: Vocabulary = REGISTER
) -> tuple[TableView, ...]:
    """How each table is read; what this sender's columns were confirmed to be is the first guess of its others."""
    earlier = {
        label: name
        for mapping in known.values()
        for label, name in zip(mapping.header, mapping.fields, strict=True)
        if label and (not name or name in words.synonyms)
    }
    return tuple(_view(table, earlier, words) for table in tables)


def _view(table: Table, earlier: Mapped[str, str], words: Vocabulary) -> TableView:
    header = table.header
    if header is None or (table.layout is None and table.mapping is None and not table.is_unread):
        return TableView(sheet=table.sheet.name, how="empty", header_rows=0, guess=None)
    if table.mapping is not None:
        how: How = "left-out" if table.mapping.is_left_out else "mapped"
    else:
        how = "known" if table.layout else "to-confirm"
    said = dict(zip(header.labels, table.mapping.fields, strict=True)) if table.mapping else earlier
    found = guess(table.sheet, header, {} if how == "known" else said, words)
    rows = table.mapping.header_rows if table.mapping else header.depth
    return TableView(sheet=table.sheet.name, how=how, header_rows=rows, guess=found)
