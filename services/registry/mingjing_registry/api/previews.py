"""Preview before commit over HTTP: send a file, look at what it would come to, confirm it by its id.

One rule: sending records nothing but the file; confirming takes exactly what was shown, or says that the register has
moved and shows it again.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field, field_validator

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Act, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry.acts import CONFIRM_MAPPING, IMPORT_REGISTER
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register
from mingjing_registry.api.preview_answers import PreviewAnswer, RowPage, preview_answer, row_page
from mingjing_registry.api.register_file import Summary, summary
from mingjing_registry.codec import IMPORT_MAPPINGS
from mingjing_registry.domain.exchange_refusals import PreviewMoved, PreviewUnknown
from mingjing_registry.domain.import_mapping import HEADER_ROWS_MAX, ConfirmMapping, Constant, Mapping
from mingjing_registry.intake.importing import import_file, was_imported
from mingjing_registry.intake.planning import Plan, What
from mingjing_registry.intake.previewing import Preview, Previewer, mappings_id
from mingjing_registry.intake.uploads import Purpose, Upload, open_uploads
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.sheet import COLUMNS_MAX
from mingjing_registry.sources.staff_rows import EVERY_FIELD

TABLES_MAX = 50
ROWS_A_PAGE_MAX = 500
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


def make_router(kit: Kit) -> Router:
    """Sending, looking, mapping, confirming, dropping."""
    router = Router(prefix="/imports/previews", tags=["import 导入"])
    desk = Desk(kit)
    _add_looking(router, desk)
    _add_deciding(router, desk)
    return router


def _add_looking(router: Router, desk: Desk) -> None:
    kit = desk.kit

    @router.post("", status_code=201, summary="预览导入 what a file would come to")
    async def send_preview(
        request: Request,
        name: str = Query(default="", max_length=300, description="The file's name, for the record"),
        sender: str = Query(default="", max_length=100, description="Who made the table, when not the department"),
        stated_on: date | None = Query(default=None, description="The list's day, when the file does not say"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PreviewAnswer:
        """The body is the file. Nothing is recorded; it waits for seven days."""
        content = await request.body()
        return preview_answer(await desk.receive(scope, written, content, name, sender.strip(), stated_on))

    @router.get("/{preview_id}", summary="预览 one waiting file")
    async def preview(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> PreviewAnswer:
        """As the register stands now."""
        return preview_answer(await desk.found(scope, preview_id))

    @router.get("/{preview_id}/rows", summary="预览明细 its rows, field by field")
    async def rows(
        preview_id: UUID,
        what: What | None = None,
        after: int = Query(default=0, ge=0),
        limit: int = Query(default=100, ge=1, le=ROWS_A_PAGE_MAX),
        scope: Scope = Depends(kit.scope),
    ) -> RowPage:
        """New, changed, unchanged, merged, kept aside."""
        _, planned = (await desk.found(scope, preview_id)).require_plan()
        return row_page([row for row in planned.rows if what in (None, row.what)], after, limit)

    @router.delete("/{preview_id}", status_code=204, summary="放弃导入 drop a waiting file")
    async def drop(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> None:
        """Nothing was recorded of it, and nothing is."""
        upload, _ = await desk.sent(scope, preview_id, desk.act)
        await desk.uploads.drop(upload)


def _add_deciding(router: Router, desk: Desk) -> None:
    kit, county = desk.kit, desk.county

    @router.post("/{preview_id}/mapping", summary="确认导入对照 say how its tables are read")
    async def map_tables(
        preview_id: UUID,
        body: MappingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PreviewAnswer:
        """Remembered for the sender: the same header is read so without a question from now on."""
        upload = (await desk.found(scope, preview_id, CONFIRM_MAPPING)).upload
        response.headers["Mingjing-Position"] = str(await desk.map(upload, body, written))
        return preview_answer(await desk.found(scope, preview_id))

    @router.post("/{preview_id}/confirmation", summary="确认导入 take it in as it was shown")
    async def confirm(
        preview_id: UUID,
        body: ConfirmBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Summary:
        """409 when the register has moved since: look again, or let each row be decided as it stands."""
        shown: Preview[ParsedFile] = await desk.found(scope, preview_id)
        parsed, planned = shown.require_plan()
        # What this very file has moved is no reason to look again: the same request twice has one answer.
        if not await was_imported(kit, parsed):
            desk.require_seen(planned, body)
        done = await import_file(
            kit,
            parsed,
            name=shown.upload.name,
            register=shown.department,
            division=county,
            envelope=written,
            on=day_of(kit, written),
            sender=shown.upload.sender,
        )
        response.headers["Mingjing-Position"] = str(done.position)
        return summary(done)


def _confirm(upload: Upload, region: str, table: TableBody, on: date) -> ConfirmMapping:
    return ConfirmMapping(
        sender=upload.sender, department=upload.department, region=region, mapping=table.mapping(), on=on
    )


def _part(written: Envelope, at: int) -> Envelope:
    """Each table's command has an id of its own, derived from the request's."""
    command_id = derived_id("mapping", written.command_id, at)
    return msgspec.structs.replace(written, command_id=command_id, digest=b"", expected_version=None)
