"""Preview before commit over HTTP: send a register, look at what it would come to, confirm it by its id."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.api.past import day_of
from mingjing_registry.api.preview_desk import ConfirmBody, Desk
from mingjing_registry.api.preview_handlers import Named, add_looking, add_mapping, add_sending
from mingjing_registry.api.register_file import Summary, summary
from mingjing_registry.intake.importing import import_file, was_imported
from mingjing_registry.intake.previewing import Preview
from mingjing_registry.sources.register_file import ParsedFile

REGISTER = Named("register", "导入", "register")


def make_router(kit: Kit) -> Router:
    """Sending, looking, mapping, confirming, dropping."""
    router = Router(prefix="/imports/previews", tags=["import 导入"])
    desk = Desk(kit)
    add_sending(router, desk, REGISTER)
    add_looking(router, desk, REGISTER)
    add_mapping(router, desk, REGISTER)
    _add_confirming(router, desk)
    return router


def _add_confirming(router: Router, desk: Desk) -> None:
    kit, county = desk.kit, desk.county

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
