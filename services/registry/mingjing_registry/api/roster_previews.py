"""A roster of the platform before it is taken: how its columns are read, and what it says newly or otherwise.

One rule: it waits apart from the lists of departments: a roster that was looked at can only be confirmed as one.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import TAKE_ROSTER
from mingjing_registry.api.past import day_of
from mingjing_registry.api.preview_answers import PreviewAnswer, preview_answer
from mingjing_registry.api.preview_desk import ConfirmBody, Desk
from mingjing_registry.api.preview_handlers import Named, add_looking, add_mapping
from mingjing_registry.api.roster import RosterSummary, roster_summary
from mingjing_registry.intake.roster import PLATFORM, take_roster, was_taken

ROSTER = Named("roster", "平台名录", "roster")


class RosterConfirmBody(ConfirmBody):
    """What was looked at, and whether it is all that the platform has."""

    is_whole: bool = Field(default=True, description="false: part of the roster; whom it omits is not missing")


def make_router(kit: Kit) -> Router:
    """Sending, looking, mapping, confirming, dropping."""
    router = Router(prefix="/roster/previews", tags=["import 导入"])
    desk = Desk(kit, purpose="roster", act=TAKE_ROSTER)
    _add_sending(router, desk)
    add_looking(router, desk, ROSTER)
    add_mapping(router, desk, ROSTER)
    _add_confirming(router, desk)
    return router


def _add_sending(router: Router, desk: Desk) -> None:
    kit = desk.kit

    @router.post("", status_code=201, summary="预览平台名录 what a roster would come to")
    async def send_roster_preview(
        request: Request,
        name: str = Query(default="", max_length=300, description="The file's name, for the record"),
        stated_on: date | None = Query(default=None, description="The roster's day, when the file does not say"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PreviewAnswer:
        """The body is the file. Nothing is recorded; it waits for seven days."""
        content = await request.body()
        return preview_answer(await desk.receive(scope, written, content, name, PLATFORM, stated_on))


def _add_confirming(router: Router, desk: Desk) -> None:
    kit = desk.kit

    @router.post("/{preview_id}/confirmation", summary="确认平台名录 take it as it was shown")
    async def confirm_roster(
        preview_id: UUID,
        body: RosterConfirmBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> RosterSummary:
        """409 when another roster came since: look again, or take it as it stands. The register stays as it is."""
        shown = await desk.found(scope, preview_id)
        parsed, planned = shown.require_plan()
        if not await was_taken(kit, parsed):
            desk.require_seen(planned, body)
        done = await take_roster(
            kit,
            parsed,
            name=shown.upload.name,
            is_whole=body.is_whole,
            division=desk.county,
            envelope=written,
            on=day_of(kit, written),
        )
        response.headers["Mingjing-Position"] = str(done.position)
        return roster_summary(done)
