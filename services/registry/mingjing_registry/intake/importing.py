"""Importing a register file: rows to commands, refusals to kept-aside rows, and a receipt.

One rule: what each row becomes depends on the file and the register alone, and every command id is derived from the
file's digest and the row, so that an import that broke off is completed by sending the file again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_registry.codec import IMPORTS, INSTITUTIONS, ROWS_ASIDE, SITES
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.institution import FileNotice, NameNoted
from mingjing_registry.domain.kept_aside import Cell, KeepAside, Origin, Problem
from mingjing_registry.domain.number_refusals import CodeTaken, LicenceNumberTaken
from mingjing_registry.domain.particulars import Listing
from mingjing_registry.domain.receipt import BeginImport, Counts, ImportRecorded, Read, RecordImport, Remark
from mingjing_registry.domain.refusals import ContradictsRegister, InstitutionUnknown, NameMissing, UsccDiffers
from mingjing_registry.intake.identifying import identified
from mingjing_registry.intake.number_watch import NumberWatch
from mingjing_registry.intake.port import Registry as Registry
from mingjing_registry.intake.row_commands import institution_id_of, record_of, sites_of
from mingjing_registry.projections.names import meant_by
from mingjing_registry.sources.duplicates import Line
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.rows import InstitutionRow, NoticeRow

BATCH_MAX = 1_000
"""Commands handed to the log at once: as many as it writes in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file. ``repeated``: it had been read before, and nothing was done."""

    import_id: UUID
    digest: str
    register: str
    stated_on: date | None
    recorded: ImportRecorded
    position: int
    repeated: bool = False


@dataclass(slots=True)
class _Progress:
    """What became of the rows so far."""

    asides: list[tuple[Line, tuple[Problem, ...]]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    taken: int = 0
    notices: int = 0
    withdrawn: int = 0
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class _File:
    """A parsed file on its way in."""

    parsed: ParsedFile
    name: str
    register: str
    region: str
    on: date
    envelope: Envelope
    sender: str = ""

    @cached_property
    def import_id(self) -> UUID:
        return import_id_of(self.parsed)

    @cached_property
    def _circumstances(self) -> Envelope:
        return msgspec.structs.replace(self.envelope, digest=b"", expected_version=None, causation=str(self.import_id))

    @cached_property
    def _reading(self) -> tuple[object, ...]:
        reading = (self.parsed.reading,) if self.parsed.reading else ()
        return "import", self.parsed.digest, *reading, self.on

    def work(self, aggregate: Aggregate, id: UUID, command: Any, *place: object) -> Work:
        """The day is part of the id: an import completed on another day makes other commands of the same rows."""
        command_id = derived_id(*self._reading, aggregate.noun, *place)
        envelope = msgspec.structs.replace(self._circumstances, command_id=command_id)
        return Work(aggregate, id, command, envelope)

    def listing(self, row: InstitutionRow) -> Listing:
        """One of two for the whole file."""
        return self._issued_here if row.is_issuing else self._issued_elsewhere

    @cached_property
    def _issued_here(self) -> Listing:
        return Listing(register=self.register, stated_on=self.parsed.stated_on, issuing=True)

    @cached_property
    def _issued_elsewhere(self) -> Listing:
        return Listing(register=self.register, stated_on=self.parsed.stated_on, issuing=False)


def import_id_of(parsed: ParsedFile) -> UUID:
    """The same bytes are one import; read by other mappings they are another one."""
    return derived_id("import", parsed.digest, *((parsed.reading,) if parsed.reading else ()))


async def was_imported(registry: Registry, parsed: ParsedFile) -> bool:
    """Whether the file was read to its end before, in the same way."""
    state, _ = await registry.log.state(IMPORTS, import_id_of(parsed))
    return isinstance(state, Read)


async def import_file(
    registry: Registry,
    parsed: ParsedFile,
    *,
    name: str,
    register: str,
    division: Division,
    envelope: Envelope,
    on: date,
    sender: str = "",
) -> Imported:
    """Take a parsed file into the register, on behalf of the department that keeps the list."""
    file = _File(
        parsed=parsed, name=name, register=register, region=division.code, on=on, envelope=envelope, sender=sender
    )
    # Under the caller's own id: the same id with another file is refused before anything is read in.
    begun = await registry.log.handle(IMPORTS, file.import_id, _begin(file), envelope)
    state, _ = await registry.log.state(IMPORTS, file.import_id)
    if isinstance(state, Read):
        return _imported(file, state.recorded, begun.position, repeated=True)
    since = await registry.log.head()
    file = replace(file, parsed=await identified(registry, parsed))
    progress = _Progress()
    progress.asides += [(line, line.problems) for line in file.parsed.kept_aside]
    await _take_institutions(registry, file, progress, since)
    await _file_notices(registry, file, progress)
    return await _settle(registry, file, progress)


def _begin(file: _File) -> BeginImport:
    return BeginImport(
        digest=file.parsed.digest,
        file_name=file.name,
        register=file.register,
        region=file.region,
        stated_on=file.parsed.stated_on,
        on=file.on,
        sender=file.sender,
        mapped=tuple(mapping.header for mapping in file.parsed.mappings),
    )


async def _take_institutions(registry: Registry, file: _File, progress: _Progress, since: int) -> None:
    """The next rows are decided while the last ones are committed, and so are the sites of those."""
    lines = [line for line in file.parsed.taken if isinstance(line.row, InstitutionRow)]
    works = (_institution_work(file, line) for line in lines)
    rows = [_institution(line) for line in lines]
    watch = NumberWatch(registry.log, since, {institution_id_of(row): row.terms.number for row in rows if row.terms})
    behind: asyncio.Task[list[Result]] | None = None
    try:
        async with aclosing(registry.log.handle_stream(works, BATCH_MAX, watch.carry)) as transactions:
            async for first, results in transactions:
                sites = _noted_all(file, lines[first : first + len(results)], results, progress)
                if behind is not None:
                    _checked(await behind)
                behind = asyncio.create_task(registry.log.handle_many(sites))
        if behind is not None:
            _checked(await behind)
    finally:
        if behind is not None:  # it is with the log: what became of it is known before anybody sends the file again
            await asyncio.gather(behind, return_exceptions=True)


def _noted_all(file: _File, lines: Sequence[Line], results: Sequence[Result], progress: _Progress) -> list[Work]:
    """Count what became of some rows; the sites of those that were taken."""
    sites: list[Work] = []
    for line, result in zip(lines, results, strict=True):
        if not isinstance(result, Outcome):
            progress.asides.append((line, (*line.problems, problem_of(result))))
            continue
        _noted(line, _other_spelling(line, result), progress)
        sites += _site_works(file, line)
    return sites


def _institution_work(file: _File, line: Line) -> Work:
    row = _institution(line)
    command = record_of(row, file.listing(row), file.on)
    return file.work(INSTITUTIONS, institution_id_of(row), command, line.sheet, line.number)


def _site_works(file: _File, line: Line) -> list[Work]:
    found = sites_of(_institution(line), file.register or "unknown", file.on)
    return [file.work(SITES, site_id, command, line.sheet, line.number, site_id) for site_id, command in found]


def _other_spelling(line: Line, result: Outcome) -> tuple[Problem, ...]:
    stated = _institution(line).particulars.name
    noted = any(isinstance(event, NameNoted) and event.name == stated for event in result.events)
    return (Problem(code="other-spelling", field="name", written=stated),) if noted else ()


async def _file_notices(registry: Registry, file: _File, progress: _Progress) -> None:
    lines = [line for line in file.parsed.taken if isinstance(line.row, NoticeRow)]
    if not lines:
        return
    # A name that was registered a moment ago must be found.
    await registry.up_to_date()
    works: list[Work] = []
    filed: list[Line] = []
    async with registry.connection() as connection:
        for line in lines:
            row = line.row
            assert isinstance(row, NoticeRow)
            match = await meant_by(connection, Scope.system(), row.spoken_name)
            if match.institution_id is None:
                progress.asides.append((line, (*line.problems, unmatched(row.spoken_name, match.candidates))))
                continue
            command = FileNotice(notice=row.notice, spoken_name=row.spoken_name, on=file.on)
            works.append(file.work(INSTITUTIONS, match.institution_id, command, line.sheet, line.number))
            filed.append(line)
    for line, result in zip(filed, await registry.log.handle_many(works), strict=True):
        if isinstance(result, Outcome):
            _noted(line, (), progress)
        else:
            progress.asides.append((line, (*line.problems, problem_of(result))))


def unmatched(spoken: str, candidates: Sequence[str]) -> Problem:
    """A notice that names nobody, or several."""
    code = "name-ambiguous" if candidates else "name-unknown"
    return Problem(code=code, field="name", written=spoken, suggestion="、".join(candidates))


def _noted(line: Line, more: Iterable[Problem], progress: _Progress) -> None:
    """A row was taken: count it, and keep what deserves a look."""
    if isinstance(line.row, NoticeRow):
        progress.notices += 1
    elif _institution(line).standing != "licensed":
        progress.withdrawn += 1
    else:
        progress.taken += 1
    progress.remarks += _remarks(line, more)


def _remarks(line: Line, more: Iterable[Problem] = ()) -> list[Remark]:
    return [Remark(sheet=line.sheet, row=line.number, problem=problem) for problem in (*line.problems, *more)]


async def _settle(registry: Registry, file: _File, progress: _Progress) -> Imported:
    merged = [line for line in file.parsed.lines if line.is_merged]
    for line in merged:
        progress.remarks += _remarks(line)
    asides = [(aside_id_of(line.kind, line.cells), line, problems) for line, problems in progress.asides]
    for batch in _batches(asides):
        kept = ((row_id, line, _keep(file, line, problems)) for row_id, line, problems in batch)
        works = [file.work(ROWS_ASIDE, row_id, command, line.sheet, line.number) for row_id, line, command in kept]
        _checked(await registry.log.handle_many(works))
    counts = Counts(
        rows=len(file.parsed.lines),
        taken=progress.taken,
        merged=len(merged),
        kept_aside=len(asides),
        notices=progress.notices,
        withdrawn=progress.withdrawn,
    )
    remarks = tuple(sorted(progress.remarks, key=lambda remark: (remark.sheet, remark.row)))
    kept_ids = tuple(row_id for row_id, _, _ in asides)
    record = RecordImport(counts=counts, kept_aside=kept_ids, remarks=remarks, on=file.on)
    work = file.work(IMPORTS, file.import_id, record)
    done = await registry.log.handle(IMPORTS, file.import_id, record, work.envelope)
    state, _ = await registry.log.state(IMPORTS, file.import_id)
    assert isinstance(state, Read)
    return _imported(file, state.recorded, done.position)


def aside_id_of(layout: str, cells: Sequence[Cell]) -> UUID:
    """The same cells are the same row, in whichever file they come again."""
    return derived_id("kept-aside", layout, *((cell.field, cell.text) for cell in cells))


def _keep(file: _File, line: Line, problems: tuple[Problem, ...]) -> KeepAside:
    origin = Origin(
        import_id=file.import_id,
        file_name=file.name,
        sheet=line.sheet,
        row=line.number,
        layout=line.kind,
        register=file.register,
        stated_on=file.parsed.stated_on,
        region=file.region,
    )
    return KeepAside(origin=origin, cells=line.cells, problems=aside_last(problems), on=file.on)


def aside_last(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """What keeps a row aside comes last, behind the notes about cells that could be read."""
    return tuple(sorted(problems, key=lambda problem: severity_of(problem) is Severity.ASIDE))


def problem_of(refused: Exception) -> Problem:
    """A row that the register contradicts waits for a person; any other trouble stops the import."""
    if isinstance(refused, LicenceNumberTaken):
        number, holder = str(refused.values["number"]), str(refused.values["holder"])
        return Problem(code="licence-number-taken", field="licence_number", written=number, suggestion=holder)
    if not isinstance(refused, ContradictsRegister | UsccDiffers | NameMissing | InstitutionUnknown | CodeTaken):
        raise refused
    values = {name: str(value) for name, value in refused.values.items()}
    return Problem(
        code="contradicts-register",
        field=values.get("field", refused.field),
        written=values.get("stated", ""),
        suggestion=values.get("known", str(refused)),
    )


def _checked(results: Iterable[Outcome | Exception]) -> None:
    for result in results:
        if not isinstance(result, Outcome):
            raise result


def _institution(line: Line) -> InstitutionRow:
    assert isinstance(line.row, InstitutionRow)
    return line.row


def _batches(items: Sequence[Any]) -> Iterator[Any]:
    for start in range(0, len(items), BATCH_MAX):
        yield items[start : start + BATCH_MAX]


def _imported(file: _File, recorded: ImportRecorded, position: int, *, repeated: bool = False) -> Imported:
    return Imported(
        import_id=file.import_id,
        digest=file.parsed.digest,
        register=file.register,
        stated_on=file.parsed.stated_on,
        recorded=recorded,
        position=position,
        repeated=repeated,
    )
