"""What previews of every kind of file answer alike: sent, looked at, its columns confirmed, dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import CONFIRM_MAPPING
from mingjing_registry.api.preview_answers import PreviewAnswer, RowPage, preview_answer, row_page
from mingjing_registry.api.preview_desk import Desk, MappingBody
from mingjing_registry.intake.planning import What

ROWS_A_PAGE_MAX = 500


@dataclass(frozen=True)
class Named:
    """What a kind of file is called: ``id`` in names of operations, the rest in what they are for."""

    id: str
    zh: str
    en: str


def add_looking(router: Router, desk: Desk, named: Named) -> None:
    """A waiting file and its rows."""
    kit = desk.kit

    @router.get("/{preview_id}", name=f"{named.id}_preview", summary=f"{named.zh}预览 one waiting {named.en}")
    async def preview(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> PreviewAnswer:
        """As the records stand now."""
        return preview_answer(await desk.found(scope, preview_id))

    @router.get("/{preview_id}/rows", name=f"{named.id}_rows", summary=f"{named.zh}预览明细 its rows, field by field")
    async def rows(
        preview_id: UUID,
        what: What | None = None,
        after: int = Query(default=0, ge=0),
        limit: int = Query(default=100, ge=1, le=ROWS_A_PAGE_MAX),
        scope: Scope = Depends(kit.scope),
    ) -> RowPage:
        """New, changed, unchanged, merged, kept aside; of a roster at last whom it omits, should it be the whole."""
        _, planned = (await desk.found(scope, preview_id)).require_plan()
        return row_page([row for row in planned.rows if what in (None, row.what)], after, limit)

    @router.delete(
        "/{preview_id}",
        status_code=204,
        name=f"drop_{named.id}_preview",
        summary=f"放弃{named.zh} drop a waiting {named.en}",
    )
    async def drop(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> None:
        """Nothing was recorded of it, and nothing is."""
        upload, _ = await desk.sent(scope, preview_id, desk.act)
        await desk.uploads.drop(upload)


def add_sending(router: Router, desk: Desk, named: Named) -> None:
    """A file of a department, or of whoever made the table for it."""
    kit = desk.kit

    @router.post(
        "", status_code=201, name=f"send_{named.id}_preview", summary=f"预览{named.zh} what a {named.en} would come to"
    )
    async def send(
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


def add_mapping(router: Router, desk: Desk, named: Named) -> None:
    """Its columns, said once."""
    kit = desk.kit

    @router.post(
        "/{preview_id}/mapping", name=f"map_{named.id}", summary=f"确认{named.zh}对照 say how its tables are read"
    )
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
