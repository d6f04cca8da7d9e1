"""A staff list before it is taken: how its columns are read, who it says works where, and what would be new.

One rule: it waits apart from lists of institutions, and shows masks only; whoever confirms takes what was shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Response

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry.acts_staff import IMPORT_STAFF
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.preview_desk import ConfirmBody, Desk
from mingjing_registry.api.preview_handlers import Named, add_looking, add_mapping, add_sending
from mingjing_registry.api.register_file import Summary, summary
from mingjing_registry.intake.previewing import Preview
from mingjing_registry.intake.staff_importing import StaffFile, take_staff, was_taken
from mingjing_registry.intake.staff_previewing import PlannedList, preview_staff
from mingjing_registry.intake.uploads import Upload

STAFF = Named("staff", "从业人员花名册", "staff list")


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
    add_sending(router, desk, STAFF)
    add_looking(router, desk, STAFF)
    add_mapping(router, desk, STAFF)
    _add_confirming(router, desk)
    return router


def _add_confirming(router: Router, desk: StaffDesk) -> None:
    kit = desk.kit

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
