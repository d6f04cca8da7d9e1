"""The platform's roster on its way in, and its comparison with the register.

One rule: a roster only ever writes what the platform says, on streams of its own; rows that cannot be read are kept
aside like those of any file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.policy import in_force
from mingjing_registry.codec import ROSTER_ENTRIES, ROSTERS, ROWS_ASIDE
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.kept_aside import KeepAside, Origin
from mingjing_registry.domain.roster import Entry, MissEntry, StateEntry
from mingjing_registry.domain.roster_run import (
    Found,
    ReconcileRoster,
    Roster,
    RosterReconciled,
    Taken,
    TakeRoster,
    require_current,
)
from mingjing_registry.intake.identifying import led
from mingjing_registry.intake.importing import BATCH_MAX, Registry, aside_id_of, aside_last
from mingjing_registry.intake.row_commands import institution_id_of
from mingjing_registry.policy.rules import ROSTER
from mingjing_registry.projections.roster import counted, stated_in
from mingjing_registry.sources.cells import tight
from mingjing_registry.sources.duplicates import Line
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.rows import InstitutionRow

PLATFORM = "national"
"""全国校外教育培训监管与服务综合平台."""
ROSTER_ID = derived_id("roster", PLATFORM)
LAYOUT = "roster"
"""Of kept-aside rows: mended, they become what the platform says, not what we say."""
RECONCILER = "system:roster-reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRead:
    """What came of a roster."""

    roster_id: UUID
    stated_on: date
    taken: Taken
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A parsed roster on its way in."""

    parsed: ParsedFile
    name: str
    region: str
    stated_on: date
    roster_id: UUID
    on: date
    envelope: Envelope

    def work(self, aggregate: Aggregate, id: UUID, command: Any, *place: object) -> Work:
        reading = (self.parsed.reading,) if self.parsed.reading else ()
        command_id = derived_id("roster", self.parsed.digest, *reading, self.on, aggregate.noun, id, *place)
        envelope = msgspec.structs.replace(
            self.envelope, command_id=command_id, digest=b"", expected_version=None, causation=str(self.roster_id)
        )
        return Work(aggregate, id, command, envelope)


async def take_roster(
    registry: Registry,
    parsed: ParsedFile,
    *,
    name: str,
    is_whole: bool,
    division: Division,
    envelope: Envelope,
    on: date,
) -> RosterRead:
    """Take what the platform says; with ``is_whole`` also what it says no more. Raises ``RosterOutdated``."""
    before, _ = await registry.log.state(ROSTERS, ROSTER_ID)
    assert isinstance(before, Roster)
    stated_on = require_current(parsed.stated_on, before)
    parsed = await led(registry, parsed)
    file = _File(
        parsed=parsed, name=name, region=division.code, stated_on=stated_on,
        roster_id=roster_id_of(parsed), on=on, envelope=envelope,
    )  # fmt: skip
    lines = [line for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    stated = await _carried_out(registry, [_entry(file, line) for line in lines])
    gone = await _carried_out(registry, await _vanished(registry, file)) if is_whole else 0
    await _carried_out(registry, [_aside(file, line) for line in parsed.kept_aside])
    taken = Taken(
        rows=len(parsed.lines),
        stated=stated,
        unchanged=len(lines) - stated,
        gone=gone,
        kept_aside=len(parsed.kept_aside),
    )
    record = TakeRoster(
        roster_id=file.roster_id, digest=parsed.digest, file_name=name, stated_on=stated_on, is_whole=is_whole,
        taken=taken, on=on,
    )  # fmt: skip
    # Under the caller's own id: the same id with another roster is refused.
    outcome = await registry.log.handle(ROSTERS, ROSTER_ID, record, envelope)
    repeated = file.roster_id in before.taken
    return RosterRead(
        roster_id=file.roster_id, stated_on=stated_on, taken=taken, position=outcome.position, repeated=repeated
    )


def roster_id_of(parsed: ParsedFile) -> UUID:
    """The same bytes are one roster; read by other mappings they are another one."""
    return derived_id("roster", parsed.digest, *((parsed.reading,) if parsed.reading else ()))


async def was_taken(registry: Registry, parsed: ParsedFile) -> bool:
    """Whether the roster was taken before, read in the same way."""
    roster, _ = await registry.log.state(ROSTERS, ROSTER_ID)
    assert isinstance(roster, Roster)
    return roster_id_of(parsed) in roster.taken


async def reconcile(registry: Registry, envelope: Envelope, on: date) -> tuple[RosterReconciled, int]:
    """The day's comparison, made once for each roster and day; and the log's position after it."""
    await registry.up_to_date()
    position = await registry.log.head()
    # The platform's roster is the whole country's: no region's version counts.
    days_max = (await in_force(registry.log, ROSTER, on))["fresh-days"]
    command = ReconcileRoster(position=position, found=await found_now(registry), days_max=days_max, on=on)
    outcome = await registry.log.handle(ROSTERS, ROSTER_ID, command, envelope)
    roster, _ = await registry.log.state(ROSTERS, ROSTER_ID)
    assert isinstance(roster, Roster)
    assert roster.reconciled is not None
    return roster.reconciled, outcome.position


async def reconcile_daily(registry: Registry, on: date) -> str:
    """The comparison that nobody asked for, and what it came to. Two processes on one day make one."""
    roster, _ = await registry.log.state(ROSTERS, ROSTER_ID)
    assert isinstance(roster, Roster)
    id = derived_id("roster-reconciliation", on, roster.stated_on or "", len(roster.taken))
    done, _ = await reconcile(registry, Envelope(command_id=id, actor=RECONCILER, digest=id.bytes * 2), on)
    found = done.found
    said = f"{found.missing_here} missing here, {found.missing_there} missing there, {found.differing} differ"
    return f"{said}; {done.because}" if done.because else said


async def found_now(registry: Registry) -> Found:
    """What the comparison comes to as the lists stand."""
    async with registry.connection() as connection:
        rows = (await connection.execute(counted(Scope.system()))).all()
    by_kind = {kind: count for kind, count, _ in rows}
    return Found(
        agreeing=by_kind.get("agrees", 0),
        missing_here=by_kind.get("missing-here", 0),
        missing_there=by_kind.get("missing-there", 0),
        differing=by_kind.get("differs", 0),
        noted=sum(noted for _, _, noted in rows),
    )


def entry_of(row: InstitutionRow, status: str) -> Entry:
    """What one row of a roster says."""
    particulars, terms = row.particulars, row.terms
    return Entry(
        name=particulars.name,
        uscc=particulars.uscc,
        licence_number=terms.number if terms else "",
        expires_on=terms.expires_on if terms else None,
        categories=tuple(category.value for category in particulars.categories),
        legal_representative=particulars.legal_representative,
        status=status,
    )


def state_entry(row: InstitutionRow, status: str, stated_on: date, roster_id: UUID, on: date) -> StateEntry:
    """The command that writes down what the platform says of one institution."""
    departments = row.particulars.departments
    return StateEntry(
        entry=entry_of(row, status),
        institution_id=institution_id_of(row),
        department=departments[0] if departments else "education",
        region=row.particulars.region,
        stated_on=stated_on,
        roster_id=roster_id,
        on=on,
    )


def entry_id(institution_id: UUID) -> UUID:
    """The stream of what the platform says of an institution."""
    return derived_id("roster-entry", PLATFORM, institution_id)


def status_in(cells: Sequence[Any]) -> str:
    """The platform's word for how the institution stands."""
    return next((tight(cell.text) for cell in cells if cell.field == "status"), "")


def _entry(file: _File, line: Line) -> Work:
    row = line.row
    assert isinstance(row, InstitutionRow)
    command = state_entry(row, status_in(line.cells), file.stated_on, file.roster_id, file.on)
    return file.work(ROSTER_ENTRIES, entry_id(command.institution_id), command, line.sheet, line.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """Whom the platform named before, and a whole roster does not."""

    institution_id: UUID
    uscc: str
    name: str


async def omitted_by(registry: Registry, parsed: ParsedFile, region: str) -> list[Omitted]:
    """A row that is kept aside names somebody, too: only who is in no row is gone. ``parsed`` leads to holders."""
    present = {cell.text.strip() for line in parsed.lines for cell in line.cells if cell.field == "uscc"}
    named = [line.row for line in parsed.lines if isinstance(line.row, InstitutionRow)]
    present |= {row.particulars.uscc for row in named}
    leads = {row.particulars.uscc: institution_id_of(row) for row in named}
    await registry.up_to_date()
    async with registry.connection() as connection:
        rows = (await connection.execute(stated_in(Scope.system(), region))).all()
    # The driver's UUID is a subclass that no event may carry.
    stated = [
        Omitted(institution_id=UUID(bytes=row.institution_id.bytes), uscc=row.uscc, name=row.name) for row in rows
    ]
    # Where a code leads elsewhere by now, what was said of whom it led to before is over, too.
    return [one for one in stated if one.uscc not in present or _leads_elsewhere(one, leads)]


def _leads_elsewhere(one: Omitted, leads: Mapping[str, UUID]) -> bool:
    return leads.get(one.uscc, one.institution_id) != one.institution_id


async def _vanished(registry: Registry, file: _File) -> list[Work]:
    command = MissEntry(stated_on=file.stated_on, roster_id=file.roster_id, on=file.on)
    gone = await omitted_by(registry, file.parsed, file.region)
    return [file.work(ROSTER_ENTRIES, entry_id(one.institution_id), command, "gone") for one in gone]


def _aside(file: _File, line: Line) -> Work:
    origin = Origin(
        import_id=file.roster_id, file_name=file.name, sheet=line.sheet, row=line.number, layout=LAYOUT,
        register=file.envelope.department, stated_on=file.stated_on, region=file.region,
    )  # fmt: skip
    command = KeepAside(origin=origin, cells=line.cells, problems=aside_last(line.problems), on=file.on)
    return file.work(ROWS_ASIDE, aside_id_of(LAYOUT, line.cells), command, line.sheet, line.number)


async def _carried_out(registry: Registry, works: Sequence[Work]) -> int:
    """How many of them were news."""
    news = 0
    for batch in _batches(works):
        for result in await registry.log.handle_many(batch):
            if not isinstance(result, Outcome):
                raise result
            news += bool(result.events)
    return news


def _batches(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    for first in range(0, len(works), BATCH_MAX):
        yield works[first : first + BATCH_MAX]
