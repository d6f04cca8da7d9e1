"""A staff list before it is taken: how its columns are read, who it says works where, and what would be new.

One rule: it waits apart from lists of institutions, and shows masks only; whoever confirms takes what was shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry.acts import CONFIRM_MAPPING
from mingjing_registry.acts_staff import IMPORT_STAFF
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.preview_answers import PreviewAnswer, RowPage, preview_answer, row_page
from mingjing_registry.api.previews import ROWS_A_PAGE_MAX, ConfirmBody, Desk, MappingBody
from mingjing_registry.api.register_file import Summary, summary
from mingjing_registry.intake.planning import What
from mingjing_registry.intake.previewing import Preview
from mingjing_registry.intake.staff_importing import StaffFile, take_staff, was_taken
from mingjing_registry.intake.staff_previewing import PlannedList, preview_staff
from mingjing_registry.intake.uploads import Upload


class StaffDesk(Desk):
    """Where waiting staff lists are looked at and decided."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, purpose="staff", act=IMPORT_STAFF)
        self.keys = Keys(kit)

    async def look(self, scope: Scope, upload: Upload, content: bytes, on: date) -> Preview[Any]:
        """Rows of institutions that are not the caller's to keep would be kept aside."""
        return await preview_staff(self.kit, self.keys, scope, upload, content, on)


def make_router(kit: Kit) -> Router:
    """Sending, looking, mapping, confirming, dropping."""
    router = Router(prefix="/imports/staff/previews", tags=["import 导入"])
    desk = StaffDesk(kit)
    _add_looking(router, desk)
    _add_deciding(router, desk)
    return router


def _add_looking(router: Router, desk: StaffDesk) -> None:
    kit = desk.kit

    @router.post("", status_code=201, summary="预览从业人员花名册 what a staff list would come to")
    async def send_staff_preview(
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

    @router.get("/{preview_id}", summary="花名册预览 one waiting staff list")
    async def staff_preview(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> PreviewAnswer:
        """As the records stand now."""
        return preview_answer(await desk.found(scope, preview_id))

    @router.get("/{preview_id}/rows", summary="花名册预览明细 its rows, field by field")
    async def staff_preview_rows(
        preview_id: UUID,
        what: What | None = None,
        after: int = Query(default=0, ge=0),
        limit: int = Query(default=100, ge=1, le=ROWS_A_PAGE_MAX),
        scope: Scope = Depends(kit.scope),
    ) -> RowPage:
        """New, changed, unchanged, kept aside; the name is the institution's, people are masked."""
        _, planned = (await desk.found(scope, preview_id)).require_plan()
        return row_page([row for row in planned.rows if what in (None, row.what)], after, limit)

    @router.delete("/{preview_id}", status_code=204, summary="放弃导入 drop a waiting staff list")
    async def drop_staff_preview(preview_id: UUID, scope: Scope = Depends(kit.scope)) -> None:
        """Nothing was recorded of it, and nothing is."""
        upload, _ = await desk.sent(scope, preview_id, desk.act)
        await desk.uploads.drop(upload)


def _add_deciding(router: Router, desk: StaffDesk) -> None:
    kit = desk.kit

    @router.post("/{preview_id}/mapping", summary="确认花名册对照 say how its tables are read")
    async def map_staff(
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

    @router.post("/{preview_id}/confirmation", summary="确认花名册 take it in as it was shown")
    async def confirm_staff(
        preview_id: UUID,
        body: ConfirmBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Summary:
        """409 when the records have moved since: look again, or let each row be decided as it stands.

        Everybody is then compared with the staff blacklist and the schools' rosters.
        """
        shown: Preview[PlannedList] = await desk.found(scope, preview_id)
        planned, plan = shown.require_plan()
        upload, on = shown.upload, day_of(kit, written)
        file = StaffFile(
            parsed=planned.parsed,
            seen=body.seen,
            name=upload.name,
            department=upload.department,
            region=desk.county.code,
            sender=upload.sender,
            envelope=grounded(written, governed_by=EMPLOYING),
            on=on,
        )
        # What this very confirmation has moved is no reason to look again: the same request twice has one answer.
        done = await was_taken(kit, file)
        if done is None:
            desk.require_seen(plan, body)
            done = await take_staff(kit, desk.keys, file, planned.steps)
        response.headers["Mingjing-Position"] = str(done.position)
        return summary(done)
