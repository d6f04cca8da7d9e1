"""Previewing a staff list: how its tables are read, and what each row would come to.

One rule: a preview shows masks, also of the cells by which a column is judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.mask import Masked, mask_id_number, mask_name, mask_phone
from mingjing_kernel.sealed.redact import redacted
from mingjing_registry.intake.previewing import Preview, TableView, are_unread, mappings_of, unread, views_of
from mingjing_registry.intake.staff_planning import Step, plan_of, planned_staff
from mingjing_registry.intake.uploads import Upload
from mingjing_registry.sources.guess import GuessedColumn
from mingjing_registry.sources.register_file import read_tables
from mingjing_registry.sources.staff_file import ParsedStaff, parse_staff_tables
from mingjing_registry.sources.staff_rows import STAFF

_MASKS: Final[Mapping[str, Callable[[str], Masked]]] = {
    "person": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "certificate": mask_id_number,
}


@dataclass(frozen=True, kw_only=True)
class PlannedList:
    """A staff list and what each of its rows would come to."""

    parsed: ParsedStaff
    steps: tuple[Step, ...]


async def preview_staff(
    kit: Kit, keys: Keys, scope: Scope, upload: Upload, content: bytes, on: date
) -> Preview[PlannedList]:
    """As the register stands now, for whoever asks. Raises ``TableMissing``."""
    known = await mappings_of(kit, kit.settings.county_code, upload.department, upload.sender)
    # In a thread: a long table must not hold up other requests.
    tables = await asyncio.to_thread(read_tables, content, known, STAFF)
    views = tuple(_masked(view) for view in views_of(tables, known, STAFF))
    if any(view.how != "empty" for view in views) and are_unread(views):
        return unread(upload, views)
    parsed = await asyncio.to_thread(parse_staff_tables, tables, upload.digest, upload.stated_on)
    steps = tuple(await planned_staff(kit, keys, scope, parsed.lines, on))
    return Preview(
        upload=upload,
        department=upload.department,
        tables=views,
        stated_on=parsed.stated_on,
        parsed=PlannedList(parsed=parsed, steps=steps),
        plan=plan_of(steps),
    )


def _masked(view: TableView) -> TableView:
    if view.guess is None:
        return view
    columns = tuple(_column(column) for column in view.guess.columns)
    return replace(view, guess=replace(view.guess, columns=columns))


def _column(column: GuessedColumn) -> GuessedColumn:
    mask = _MASKS.get(column.field)
    shown = (str(mask(text)) if mask else redacted(text) for text in column.samples)
    return replace(column, samples=tuple(dict.fromkeys(shown)))
