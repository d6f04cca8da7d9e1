"""Mending a row of a staff list that waits: what it says of a person is opened, on record, read again and taken.

One rule: the corrected row goes through the same reading and the same plan as a row of a list; what was corrected of a
person stands on her own record, sealed, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_registry.codec import ROWS_ASIDE
from mingjing_registry.domain.kept_aside import Cell, Origin, SettleRow, Waiting
from mingjing_registry.intake.mending import still_wrong
from mingjing_registry.intake.staff_checks import check_everybody, part_of
from mingjing_registry.intake.staff_importing import StaffFile, enrol_stated, is_personal
from mingjing_registry.intake.staff_planning import planned_staff
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.rows import corrected
from mingjing_registry.sources.staff_file import ParsedStaff, StaffLine
from mingjing_registry.sources.staff_rows import examine_staff

MENDING = "更正搁置行"


async def opened_cells(keys: Keys, row_id: UUID, waiting: Waiting, why: Why, envelope: Envelope) -> tuple[Cell, ...]:
    """What the row says of the person. Raises ``SealedValueErased``, ``BulkUnsealing``, ``PurposeMissing``."""
    assert waiting.person is not None
    found = await keys.vault().open(
        {"person": waiting.person}, stream=ROWS_ASIDE.stream(row_id), why=why, envelope=envelope
    )
    return tuple(msgspec.convert(cell, Cell) for cell in json.loads(found["person"]))


async def mend_person(
    kit: Kit,
    keys: Keys,
    scope: Scope,
    row_id: UUID,
    waiting: Waiting,
    corrections: Sequence[Cell],
    envelope: Envelope,
    on: date,
) -> Outcome:
    """Take the row with its corrections. Raises ``RowStillWrong``."""
    line = await _read_again(keys, row_id, waiting, corrections, envelope)
    (step,) = await planned_staff(kit, keys, scope, [line], on)
    if step.command is None or step.institution_id is None:
        raise still_wrong(next(one for one in step.problems if severity_of(one) is Severity.ASIDE))
    await enrol_stated(kit, keys, _file_of(row_id, waiting.origin, line, envelope, on), [step])
    await check_everybody(kit, part_of(envelope, "mended-row-check", row_id), on)
    settle = SettleRow(
        corrections=tuple(replace(cell, text="") if is_personal(cell) else cell for cell in corrections),
        prevails=False,
        institution_id=step.institution_id,
        reason=envelope.reason,
        on=on,
    )
    return await kit.log.handle(ROWS_ASIDE, row_id, settle, envelope)


async def _read_again(
    keys: Keys, row_id: UUID, waiting: Waiting, corrections: Sequence[Cell], envelope: Envelope
) -> StaffLine:
    opening = msgspec.structs.replace(
        envelope, command_id=derived_id("mend-opening", envelope.command_id), digest=b"", expected_version=None
    )
    why = Why(purpose=Purpose.CALL_BACK, explanation=f"{MENDING} {envelope.reason}".strip())
    hidden = await opened_cells(keys, row_id, waiting, why, opening)
    cells = corrected((*waiting.cells, *hidden), corrections)
    row, problems = examine_staff(cells)
    origin = waiting.origin
    return StaffLine(sheet=origin.sheet, number=origin.row, cells=cells, row=row, problems=problems)


def _file_of(row_id: UUID, origin: Origin, line: StaffLine, envelope: Envelope, on: date) -> StaffFile:
    """One row as a list of its own."""
    return StaffFile(
        parsed=ParsedStaff(digest=str(row_id), stated_on=origin.stated_on, lines=(line,)),
        seen=str(envelope.command_id),
        name=origin.file_name,
        department=origin.register,
        region=origin.region,
        sender="",
        envelope=envelope,
        on=on,
    )
