"""Planning: what an import would come to, row by row and field by field, before anything is recorded.

One rule: a plan is made by the same deciders over the same states as the import itself, so what it shows is what
happens unless the register moves meanwhile; and whether it moved is seen by the plan's digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

from mingjing_kernel.identity import Scope
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import INSTITUTIONS, SITES
from mingjing_registry.domain.institution import FileNotice, Institution, Known
from mingjing_registry.domain.institution_rules import decide as decide_institution
from mingjing_registry.domain.institution_rules import evolve as evolve_institution
from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.domain.licensing import terms_of
from mingjing_registry.domain.particulars import Listing
from mingjing_registry.domain.site import Site
from mingjing_registry.domain.site import decide as decide_site
from mingjing_registry.intake.identifying import identified
from mingjing_registry.intake.importing import (
    Registry,
    aside_last,
    problem_of,
    unmatched,
)
from mingjing_registry.intake.row_commands import institution_id_of, record_of, sites_of
from mingjing_registry.projections.names import best, meant_by
from mingjing_registry.sources.duplicates import Line
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.rows import InstitutionRow, NoticeRow

STATES_MAX = 1_000
"""Streams loaded by one query."""

What: TypeAlias = Literal["new", "changed", "unchanged", "merged", "kept-aside", "omitted"]
"""``omitted``: in no row of a whole roster, and named by the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one institution, before and after; empty where nothing was or will be said."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """What one row would come to."""

    sheet: str
    number: int
    what: What
    name: str
    uscc: str
    institution_id: UUID | None
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would come to."""

    rows: tuple[PlannedRow, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by what they would come to."""
        return Counter(row.what for row in self.rows)

    @property
    def digest(self) -> str:
        """The same for the same outcome of every row."""
        outcome = [(row.sheet, row.number, row.what, row.changes, row.problems) for row in self.rows]
        return sha256(repr(outcome).encode()).hexdigest()


async def plan(registry: Registry, parsed: ParsedFile, *, register: str, on: date) -> Plan:
    """What taking the file in on this day would come to."""
    parsed = await identified(registry, parsed)
    planner = _Planner(parsed, register, on)
    await planner.load(registry)
    rows = [planner.institution(line) for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    rows += await planner.notices(registry)
    return in_order(parsed, rows)


def in_order(parsed: ParsedFile, taken: Sequence[PlannedRow]) -> Plan:
    """The rows that would be taken, with those that would not, as the file has them."""
    rows = [*taken]
    rows += [aside(line, line.problems) for line in parsed.kept_aside]
    rows += [planned(line, "merged", line.problems) for line in parsed.lines if line.is_merged]
    order = {(line.sheet, line.number): at for at, line in enumerate(parsed.lines)}
    return Plan(rows=tuple(sorted(rows, key=lambda row: order[row.sheet, row.number])))


class _Planner:
    """The states that rows are decided on; each row sees what the rows before it did."""

    def __init__(self, parsed: ParsedFile, register: str, on: date) -> None:
        self._parsed = parsed
        self._register = register
        self._on = on
        self._institutions: dict[UUID, Institution] = {}
        self._sites: dict[UUID, Site] = {}

    async def load(self, registry: Registry) -> None:
        rows = [line.row for line in self._parsed.taken if isinstance(line.row, InstitutionRow)]
        ids = list(dict.fromkeys(institution_id_of(row) for row in rows))
        sites = list(dict.fromkeys(id for row in rows for id, _ in sites_of(row, self._register, self._on)))
        for batch in batches(ids):
            self._institutions |= await registry.log.states(INSTITUTIONS, batch)
        for batch in batches(sites):
            self._sites |= await registry.log.states(SITES, batch)

    def institution(self, line: Line) -> PlannedRow:
        row = line.row
        assert isinstance(row, InstitutionRow)
        listing = Listing(register=self._register, stated_on=self._parsed.stated_on, issuing=row.is_issuing)
        id = institution_id_of(row)
        before = self._institutions[id]
        try:
            events = decide_institution(record_of(row, listing, self._on), before)
        except Refusal as refused:
            return aside(line, (*line.problems, problem_of(refused)))
        after = self._institutions[id] = reduce(evolve_institution, events, before)
        changes = (*_changes(before, after), *self._new_sites(row))
        what: What = "new" if not isinstance(before, Known) else "changed" if changes else "unchanged"
        return planned(line, what, line.problems, institution_id=id, changes=changes)

    def _new_sites(self, row: InstitutionRow) -> list[Change]:
        found = []
        for site_id, command in sites_of(row, self._register, self._on):
            if decide_site(command, self._sites[site_id]):
                found.append(Change(field="sites", before="", after=command.place.address))
        return found

    async def notices(self, registry: Registry) -> list[PlannedRow]:
        lines = [line for line in self._parsed.taken if isinstance(line.row, NoticeRow)]
        if not lines:
            return []
        await registry.up_to_date()
        return [await self._notice(registry, line) for line in lines]

    async def _notice(self, registry: Registry, line: Line) -> PlannedRow:
        row = line.row
        assert isinstance(row, NoticeRow)
        async with registry.connection() as connection:
            match = await meant_by(connection, Scope.system(), row.spoken_name)
        if match.institution_id is None:
            # It may be an institution that this very file registers.
            match = best(self._names(), row.spoken_name)
        if match.institution_id is None:
            return aside(line, (*line.problems, unmatched(row.spoken_name, match.candidates)))
        id = match.institution_id
        if id not in self._institutions:
            self._institutions |= await registry.log.states(INSTITUTIONS, [id])
        before = self._institutions[id]
        command = FileNotice(notice=row.notice, spoken_name=row.spoken_name, on=self._on)
        events = decide_institution(command, before)
        self._institutions[id] = reduce(evolve_institution, events, before)
        changes = (Change(field="notices", before="", after=f"{row.notice.matter} {row.notice.filed_on}"),)
        what: What = "changed" if events else "unchanged"
        return planned(line, what, line.problems, institution_id=id, changes=changes if events else ())

    def _names(self) -> Iterable[tuple[UUID, str]]:
        for id, state in self._institutions.items():
            if isinstance(state, Known):
                yield from ((id, name) for name in sorted(state.names))


def planned(
    line: Line,
    what: What,
    problems: tuple[Problem, ...],
    *,
    institution_id: UUID | None = None,
    changes: tuple[Change, ...] = (),
) -> PlannedRow:
    """One row and what it would come to."""
    said = {cell.field: cell.text for cell in line.cells}
    name, uscc = said.get("name", ""), said.get("uscc", "")
    if isinstance(line.row, InstitutionRow):
        name, uscc = line.row.particulars.name, line.row.particulars.uscc
    return PlannedRow(
        sheet=line.sheet,
        number=line.number,
        what=what,
        name=name,
        uscc=uscc,
        institution_id=institution_id,
        changes=changes,
        problems=problems,
    )


def aside(line: Line, problems: tuple[Problem, ...]) -> PlannedRow:
    """One row that would be kept aside."""
    return planned(replace(line, row=None), "kept-aside", aside_last(problems))


def _changes(before: Institution, after: Institution) -> list[Change]:
    """Field by field what is said otherwise afterwards."""
    old, new = _facts(before), _facts(after)
    return [
        Change(field=field, before=old.get(field, ""), after=text)
        for field, text in new.items()
        if text != old.get(field, "")
    ]


def _facts(state: Institution) -> dict[str, str]:
    """What the register says of an institution, as text by field."""
    if not isinstance(state, Known):
        return {}
    said = {name: shown_as_text(getattr(state.particulars, name)) for name in type(state.particulars).__slots__}
    terms = terms_of(state.licence)
    return {
        **said,
        "licence_state": type(state.licence).__name__.lower(),
        "licence_number": terms.number,
        "issued_on": shown_as_text(terms.issued_on),
        "valid_from": shown_as_text(terms.valid_from),
        "expires_on": shown_as_text(terms.expires_on),
        "annual_check": state.annual_check or "",
        "other_names": shown_as_text(
            tuple(sorted(state.names - {state.particulars.name, *state.particulars.former_names}))
        ),
        "is_white": "yes" if state.is_white else "",
    }


def shown_as_text(value: object) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return ""
        case tuple():
            return "、".join(shown_as_text(part) for part in value)
        case _:
            return str(value)


def batches(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    """So many as one query loads."""
    for first in range(0, len(ids), STATES_MAX):
        yield ids[first : first + STATES_MAX]
