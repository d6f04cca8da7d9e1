"""The addresses of suggestions about stored complaints, and of a complaint by its own id, as inspection says them."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console.acting import signed_in
from mingjing_console.gateway import Answer
from mingjing_console.page_parts import page_of, position_of
from mingjing_console.pages import track_suggestions as shown
from mingjing_console.pages import tracks
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN: Final = "inspection"
FIRST: Final = 1


def make_suggestion_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()

    @router.get(f"{tracks.PATH}/{{track_id}}/suggestions")
    async def suggested(request: Request, track_id: UUID) -> Response:
        """By which words, and by which line of the table."""
        gateway = signed_in(kit, request)
        path = f"/complaint-tracks/{track_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, shown.TITLE, trouble(row), row)
        complaint = f"/complaints/{row.body['complaint_id']}"
        owner, message, told, may = await asyncio.gather(
            *(gateway.get(OWN, f"{path}/{what}") for what in ("suggestion", "message")),
            *(gateway.get(OWN, f"{complaint}/{what}") for what in ("suggestions", "available-actions")),
        )
        seen = shown.Seen(owner=owner, told=told, message=message, may=may)
        return page_of(request, shown.TITLE, shown.shown(row.body, seen), row)

    @router.get("/complaints/{complaint_id}")
    async def first_track(request: Request, complaint_id: UUID) -> Response:
        """A complaint has no page of its own: the first of its tracks has it."""
        gateway = signed_in(kit, request)
        at = position_of(request)
        wanted: dict[str, str | int] = {"complaint_id": str(complaint_id), "limit": FIRST}
        found = await gateway.get(OWN, "/complaint-tracks", wanted, position=at)
        if not found.items:
            missing = Answer(404) if found.is_there else found
            return page_of(request, tracks.TITLE, trouble(missing), missing)
        return RedirectResponse(f"{tracks.PATH}/{found.items[0]['track_id']}?at={at}", status_code=303)

    return router
