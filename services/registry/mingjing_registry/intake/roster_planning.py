"""What taking a platform's roster would come to, row by row: what the platform says newly, otherwise, or again.

One rule: it is decided by the same decider as the roster itself; the register is not looked at, because a roster never
changes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mingjing_registry.codec import ROSTER_ENTRIES, ROSTERS
from mingjing_registry.domain.roster import Entry, RosterEntry, decide
from mingjing_registry.domain.roster_run import Roster, require_current
from mingjing_registry.intake.identifying import led
from mingjing_registry.intake.planning import Change, Plan, PlannedRow, What, batches, in_order, planned, shown_as_text
from mingjing_registry.intake.port import Registry
from mingjing_registry.intake.roster import (
    ROSTER_ID,
    Omitted,
    entry_id,
    omitted_by,
    roster_id_of,
    state_entry,
    status_in,
)
from mingjing_registry.intake.row_commands import institution_id_of
from mingjing_registry.sources.duplicates import Line
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.rows import InstitutionRow


async def plan_roster(registry: Registry, parsed: ParsedFile, *, region: str, on: date) -> Plan:
    """Raises ``RosterUndated``, ``RosterOutdated``."""
    before, _ = await registry.log.state(ROSTERS, ROSTER_ID)
    assert isinstance(before, Roster)
    stated_on = require_current(parsed.stated_on, before)
    parsed = await led(registry, parsed)
    lines = [(line, line.row) for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    ids = list(dict.fromkeys(entry_id(institution_id_of(row)) for _, row in lines))
    states: dict[UUID, RosterEntry] = {}
    for batch in batches(ids):
        states |= await registry.log.states(ROSTER_ENTRIES, batch)
    rows = []
    for line, row in lines:
        command = state_entry(row, status_in(line.cells), stated_on, roster_id_of(parsed), on)
        entry = states[entry_id(command.institution_id)]
        rows.append(_row(line, row, entry, command.entry, is_news=bool(decide(command, entry))))
    gone = [_gone(one) for one in await omitted_by(registry, parsed, region)]
    return Plan(rows=(*in_order(parsed, rows).rows, *sorted(gone, key=lambda row: (row.name, row.uscc))))


def _gone(one: Omitted) -> PlannedRow:
    """Missing there from now on, where the roster is taken as the whole one."""
    return PlannedRow(
        sheet="",
        number=0,
        what="omitted",
        name=one.name,
        uscc=one.uscc,
        institution_id=one.institution_id,
        changes=(Change(field="uscc", before=one.uscc, after=""),),
        problems=(),
    )


def _row(line: Line, row: InstitutionRow, before: RosterEntry, after: Entry, *, is_news: bool) -> PlannedRow:
    what: What = "unchanged" if not is_news else "new" if before.entry is None else "changed"
    changes = tuple(_changes(before.entry, after)) if is_news else ()
    return planned(line, what, line.problems, institution_id=institution_id_of(row), changes=changes)


def _changes(before: Entry | None, after: Entry) -> Iterable[Change]:
    for field in type(after).__slots__:
        old = shown_as_text(getattr(before, field)) if before is not None else ""
        new = shown_as_text(getattr(after, field))
        if old != new:
            yield Change(field=field, before=old, after=new)
