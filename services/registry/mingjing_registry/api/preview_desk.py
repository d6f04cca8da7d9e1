"""Where files that wait to be confirmed are looked at and decided, of whatever kind they are.

One rule: sending records nothing but the file; confirming takes exactly what was shown, or says that the register has
moved and shows it again.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field, field_validator

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Act, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry.acts import IMPORT_REGISTER
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register
from mingjing_registry.codec import IMPORT_MAPPINGS
from mingjing_registry.domain.exchange_refusals import PreviewMoved, PreviewUnknown
from mingjing_registry.domain.import_mapping import HEADER_ROWS_MAX, ConfirmMapping, Constant, Mapping
from mingjing_registry.intake.planning import Plan
from mingjing_registry.intake.previewing import Preview, Previewer, mappings_id
from mingjing_registry.intake.uploads import Purpose, Upload, open_uploads
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.sheet import COLUMNS_MAX
from mingjing_registry.sources.staff_rows import EVERY_FIELD

TABLES_MAX = 50
LABEL_LENGTH_MAX = 200
CELL_LENGTH_MAX = 500

Label = Annotated[str, Field(max_length=LABEL_LENGTH_MAX)]


class TableBody(BaseModel):
    """How one table is read: the labels as they were shown, and a field for each, empty for none."""

    header: list[Label] = Field(min_length=1, max_length=COLUMNS_MAX)
    fields: list[str] = Field(max_length=COLUMNS_MAX, description="All empty: nothing of this table is taken")
    kind: str = Field(default="register", pattern=r"^(register|withdrawn|notices|staff)$")
    header_rows: int = Field(default=1, ge=1, le=HEADER_ROWS_MAX)
    constants: dict[str, str] = Field(default_factory=dict, max_length=len(EVERY_FIELD))

    @field_validator("fields", "constants")
    @classmethod
    def _known(cls, said: list[str] | dict[str, str]) -> list[str] | dict[str, str]:
        if set(said) - EVERY_FIELD - {""}:
            raise ValueError("Unknown field.")
        return said

    def mapping(self) -> Mapping:
        """For the log."""
        constants = tuple(Constant(field=name, text=text[:CELL_LENGTH_MAX]) for name, text in self.constants.items())
        return Mapping(
            header=tuple(self.header),
            fields=tuple(self.fields),
            kind=self.kind,  # type: ignore[arg-type]  # the pattern allows nothing else
            header_rows=self.header_rows,
            constants=constants,
        )


class MappingBody(BaseModel):
    """The tables that somebody looked at."""

    tables: list[TableBody] = Field(min_length=1, max_length=TABLES_MAX)


class ConfirmBody(BaseModel):
    """What was looked at, and what to do when the register has moved since."""

    seen: str = Field(max_length=100)
    as_it_stands: bool = Field(default=False, description="Decide each row as the register stands now")


class Desk:
    """Where waiting files are looked at and decided."""

    def __init__(self, kit: Kit, purpose: Purpose = "register", act: Act = IMPORT_REGISTER) -> None:
        self.kit = kit
        self.purpose: Purpose = purpose
        self.act = act
        self.county = division(kit.settings.county_code)
        self.uploads = open_uploads(kit.settings)
        self.previewer = Previewer(kit, self.county)

    @property
    def today(self) -> date:
        """In China."""
        return shanghai_date(self.kit.now())

    async def receive(
        self, scope: Scope, written: Envelope, content: bytes, name: str, sender: str, stated_on: date | None
    ) -> Preview[Any]:
        """Keep a file for who may take it in. Nothing is kept of one that cannot be read."""
        allow_register(scope, self.act, written.department, self.county.code)
        upload = Upload(
            digest=sha256(content).hexdigest(),
            name=name,
            department=written.department,
            sender=sender,
            stated_on=stated_on,
            sent_by=written.actor,
            sent_on=day_of(self.kit, written),
            purpose=self.purpose,
        )
        preview = await self.look(scope, upload, content, upload.sent_on)
        allow_register(scope, self.act, preview.department, self.county.code)
        await self.uploads.put(upload, content)
        return preview

    async def found(self, scope: Scope, preview_id: UUID, act: Act | None = None) -> Preview[Any]:
        """A waiting file, for who keeps the register that it belongs to. Raises ``PreviewUnknown``."""
        act = act or self.act
        upload, content = await self.sent(scope, preview_id, act)
        preview = await self.look(scope, upload, content, self.today)
        allow_register(scope, act, preview.department, self.county.code)
        return preview

    async def look(self, scope: Scope, upload: Upload, content: bytes, on: date) -> Preview[Any]:
        """What the file would come to; of a register the same for whoever may look."""
        return await self.previewer.preview(upload, content, on)

    async def sent(self, scope: Scope, preview_id: UUID, act: Act) -> tuple[Upload, bytes]:
        """The same, unread. Of another department's files nobody is told. Raises ``PreviewUnknown``."""
        upload, content = await self.uploads.get(preview_id, self.today)
        if upload.purpose != self.purpose:
            raise PreviewUnknown
        if not scope.allows(role=OFFICIALS, department=upload.department, region=self.county.code, category=UNDIVIDED):
            raise PreviewUnknown
        allow_register(scope, act, upload.department, self.county.code)
        return upload, content

    async def map(self, upload: Upload, body: MappingBody, written: Envelope) -> int:
        """Remember for the sender how the tables are read; the log's position after it."""
        on, position = day_of(self.kit, written), 0
        id = mappings_id(self.county.code, upload.department, upload.sender)
        works = [
            Work(IMPORT_MAPPINGS, id, _confirm(upload, self.county.code, table, on), _part(written, at))
            for at, table in enumerate(body.tables)
        ]
        for result in await self.kit.log.handle_many(works):
            if not isinstance(result, Outcome):
                raise result
            position = result.position
        return position

    @staticmethod
    def require_seen(planned: Plan, body: ConfirmBody) -> None:
        """Raises ``PreviewMoved`` for whoever looked at something else."""
        if planned.digest != body.seen and not body.as_it_stands:
            raise PreviewMoved(rows=planned.counts["new"] + planned.counts["changed"] + planned.counts["kept-aside"])


def _confirm(upload: Upload, region: str, table: TableBody, on: date) -> ConfirmMapping:
    return ConfirmMapping(
        sender=upload.sender, department=upload.department, region=region, mapping=table.mapping(), on=on
    )


def _part(written: Envelope, at: int) -> Envelope:
    """Each table's command has an id of its own, derived from the request's."""
    command_id = derived_id("mapping", written.command_id, at)
    return msgspec.structs.replace(written, command_id=command_id, digest=b"", expected_version=None)
