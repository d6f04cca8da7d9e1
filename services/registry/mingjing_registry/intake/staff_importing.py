"""Taking a staff list in: records of who works where, rows that wait, a receipt, and what the lists say of everybody.

One rule: nobody is hired by a list and nobody is refused by it; whoever it says works there is recorded, and what
speaks against it becomes a finding that a person looks into.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Mark
from mingjing_kernel.sealed.redact import redacted
from mingjing_registry.codec import IMPORTS, ROWS_ASIDE, STAFF
from mingjing_registry.domain.kept_aside import Cell, KeepPersonAside, Origin, Problem, SettleRow, Waiting
from mingjing_registry.domain.kept_aside import subject_of as row_subject_of
from mingjing_registry.domain.receipt import BeginImport, Counts, Read, RecordImport, Remark
from mingjing_registry.domain.staff import subject_of
from mingjing_registry.intake.describing import descriptions_of
from mingjing_registry.intake.importing import BATCH_MAX, Imported
from mingjing_registry.intake.planning import batches
from mingjing_registry.intake.sealing import Named, sealed_all
from mingjing_registry.intake.sealing import batches as key_batches
from mingjing_registry.intake.staff_checks import check_everybody, part_of
from mingjing_registry.intake.staff_planning import Step
from mingjing_registry.sources.staff_file import LAYOUT, ParsedStaff
from mingjing_registry.sources.staff_rows import PERSONAL

TAKEN_LATER = "重新导入时采用"


@dataclass(frozen=True, kw_only=True)
class StaffFile:
    """A staff list on its way in: as it was looked at, and by whom it was confirmed."""

    parsed: ParsedStaff
    seen: str
    """The plan that was confirmed: the same list against a register that has moved since is another import."""
    name: str
    department: str
    region: str
    sender: str
    envelope: Envelope
    on: date

    @property
    def import_id(self) -> UUID:
        """The same list, confirmed as the same plan."""
        return derived_id("staff-import", self.parsed.digest, self.parsed.reading, self.seen)

    def work(self, aggregate: Aggregate, id: UUID, command: Any) -> Work:
        """One command of this list; repeated, the same one."""
        command_id = derived_id("staff-import", self.import_id, aggregate.noun, id, type(command).__name__, self.on)
        envelope = msgspec.structs.replace(
            self.envelope, command_id=command_id, digest=b"", expected_version=None, causation=str(self.import_id)
        )
        return Work(aggregate, id, command, envelope)


async def was_taken(kit: Kit, file: StaffFile) -> Imported | None:
    """What came of this very confirmation, if it came before."""
    state, _ = await kit.log.state(IMPORTS, file.import_id)
    if not isinstance(state, Read):
        return None
    return _imported(file, state, await kit.log.head(), repeated=True)


async def take_staff(kit: Kit, keys: Keys, file: StaffFile, steps: Sequence[Step]) -> Imported:
    """Take a list as it was planned; cut off on the way, sending it again completes it."""
    begin = BeginImport(
        digest=file.parsed.digest,
        file_name=file.name,
        register=file.department,
        region=file.region,
        stated_on=file.parsed.stated_on,
        on=file.on,
        sender=file.sender,
        mapped=tuple(mapping.header for mapping in file.parsed.mappings),
    )
    await kit.log.handle(IMPORTS, file.import_id, begin, file.envelope)
    taken = [step for step in steps if step.command is not None]
    await enrol_stated(kit, keys, file, taken)
    asides = {aside_id(keys, step.line.cells): step for step in steps if step.command is None}
    await _keep_aside(kit, keys, file, asides)
    await _settle(kit, keys, file, taken)
    checked = await check_everybody(kit, part_of(file.envelope, "staff-list-check", file.import_id), file.on)
    counts = Counts(rows=len(steps), taken=len(taken), merged=0, kept_aside=len(asides), notices=0, withdrawn=0)
    remarks = tuple(
        Remark(sheet=step.line.sheet, row=step.line.number, problem=_unnamed(problem))
        for step in taken
        for problem in step.problems
    )
    record = RecordImport(counts=counts, kept_aside=tuple(asides), remarks=remarks, on=file.on)
    done = _outcomes(await kit.log.handle_many([file.work(IMPORTS, file.import_id, record)]))[0]
    state, _ = await kit.log.state(IMPORTS, file.import_id)
    assert isinstance(state, Read)
    return _imported(file, state, max(done.position, checked.position))


async def enrol_stated(kit: Kit, keys: Keys, file: StaffFile, steps: Sequence[Step]) -> int:
    """The records of those of whom a row says something new; the log's position after them."""
    position, news = 0, [step for step in steps if step.what != "unchanged"]
    for first in range(0, len(news), BATCH_MAX):
        some = news[first : first + BATCH_MAX]
        named = {step.member_id: _named(step) for step in some if step.is_new_record and step.member_id}
        async with sealed_all(keys, named) as people:
            works = []
            for step in some:
                assert step.command is not None
                assert step.member_id is not None
                person = people.get(step.member_id, step.command.person)
                works.append(file.work(STAFF, step.member_id, replace(step.command, person=person)))
            results = _outcomes(await kit.log.handle_many(works))
        position = max([position, *(one.position for one in results)])
        marks = keys.marks()
        await marks.remember([mark for person in named.values() for mark in descriptions_of(marks, person)])
    return position


def aside_id(keys: Keys, cells: Sequence[Cell]) -> UUID:
    """The same cells are the same row, in whichever list they come again; under the index key, as they name people."""
    said = "\x1f".join(f"{cell.field}\x1e{cell.text}" for cell in cells)
    return derived_id("kept-aside", LAYOUT, keys.index().of("row", said))


def is_personal(cell: Cell) -> bool:
    """Whether a cell may say who it is about: by its field, or by a number in a field where none should be."""
    return cell.field in PERSONAL or redacted(cell.text) != cell.text


async def _keep_aside(kit: Kit, keys: Keys, file: StaffFile, asides: dict[UUID, Step]) -> None:
    for ids in key_batches(list(asides)):
        ring = await keys.ring().keys_for([row_subject_of(id) for id in ids], make=True)
        works, marks = [], list[Mark]()
        for id in ids:
            step, subject = asides[id], row_subject_of(id)
            cells = step.line.cells
            hidden = json.dumps([msgspec.to_builtins(cell) for cell in cells if is_personal(cell)], ensure_ascii=False)
            command = KeepPersonAside(
                origin=_origin(file, step),
                cells=tuple(cell for cell in cells if not is_personal(cell)),
                person=ring[subject].seal(hidden, stream=ROWS_ASIDE.stream(id), field="person"),
                problems=tuple(_unnamed(problem) for problem in step.problems),
                on=file.on,
            )
            works.append(file.work(ROWS_ASIDE, id, command))
            said = {cell.field: cell.text.strip() for cell in cells}
            if name := said.get("person"):
                marks.append(Mark(subject=subject, field="name", value=name))
            if number := said.get("id_number"):
                marks.append(Mark(subject=subject, field="id_number", value=number))
        _outcomes(await kit.log.handle_many(works))
        await keys.marks().remember(marks)


async def _settle(kit: Kit, keys: Keys, file: StaffFile, taken: Sequence[Step]) -> None:
    """Rows that waited and are taken now: what kept them aside is over."""
    at = {aside_id(keys, step.line.cells): step for step in taken}
    for ids in batches(list(at)):
        states = await kit.log.states(ROWS_ASIDE, ids)
        works = []
        for id in ids:
            institution_id = at[id].institution_id
            if isinstance(states[id], Waiting) and institution_id is not None:
                command = SettleRow(
                    corrections=(), prevails=False, institution_id=institution_id, reason=TAKEN_LATER, on=file.on
                )
                works.append(file.work(ROWS_ASIDE, id, command))
        _outcomes(await kit.log.handle_many(works))


def _origin(file: StaffFile, step: Step) -> Origin:
    return Origin(
        import_id=file.import_id,
        file_name=file.name,
        sheet=step.line.sheet,
        row=step.line.number,
        layout=LAYOUT,
        register=file.department,
        stated_on=file.parsed.stated_on,
        region=file.region,
    )


def _unnamed(problem: Problem) -> Problem:
    """In case a clerk wrote a number where none belongs."""
    return replace(problem, written=redacted(problem.written))


def _named(step: Step) -> Named:
    row, id = step.line.row, step.member_id
    assert row is not None
    assert id is not None
    return Named(subject_of(id), STAFF.stream(id), row.name, row.identity.number, row.sex)


def _outcomes(results: Sequence[Outcome | Exception]) -> list[Outcome]:
    found = []
    for result in results:
        if not isinstance(result, Outcome):
            raise result
        found.append(result)
    return found


def _imported(file: StaffFile, state: Read, position: int, *, repeated: bool = False) -> Imported:
    return Imported(
        import_id=file.import_id,
        digest=file.parsed.digest,
        register=file.department,
        stated_on=file.parsed.stated_on,
        recorded=state.recorded,
        position=position,
        repeated=repeated,
    )
