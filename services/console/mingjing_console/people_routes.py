"""The addresses of staff, filings, findings, sites and providers: a list of each, and one of them with its forms.

One rule: a page has no rights of its own. Whoever may not see a thing finds none.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from mingjing_console.act_routes import OWN
from mingjing_console.acting import signed_in
from mingjing_console.gateway import Answer
from mingjing_console.page_parts import earlier_of, official_page, position_of
from mingjing_console.pages import people as shown
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

ROWS = 50
HAPPENINGS = 30
NOT_FOUND = 404


def make_people_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    for name, kept in shown.KEPT.items():
        _pages(router, kit, name, kept)
    return router


def _pages(router: Router, kit: Kit, name: str, kept: shown.Kept) -> None:
    @router.get(kept.path, name=f"{name}_listed")
    async def listed(request: Request) -> Response:
        """As far as the visitor may see them; an empty filter means all."""
        gateway = signed_in(kit, request)
        names = ("institution_id", *kept.filters, "as_of", "after")
        asked = {one: request.query_params.get(one, "").strip()[:2_000] for one in names}
        wanted: dict[str, str | int] = {one: text for one, text in asked.items() if text}
        found = await gateway.get(OWN, kept.path, wanted | {"limit": ROWS}, position=position_of(request))
        del asked["after"]
        return official_page(request, kept.title, shown.listed(kept, asked, found))

    @router.get(f"{kept.path}/{{id}}", name=f"{name}_one")
    async def one(request: Request, id: UUID) -> Response:
        """What is on record about one, and what the visitor may do."""
        gateway = signed_in(kit, request)
        found = await gateway.get(OWN, kept.path, {kept.id: str(id)}, position=position_of(request))
        if not found.items:
            gone = found if not found.is_there else Answer(NOT_FOUND)
            return official_page(request, kept.title, trouble(gone), gone.status or 503)
        path = f"{kept.path}/{id}"
        told = [gateway.get(OWN, f"{path}/available-actions")]
        if kept.has_timeline:
            told.append(gateway.get(OWN, f"{path}/timeline", earlier_of(request, HAPPENINGS)))
        may, *timeline = await asyncio.gather(*told)
        content = shown.one(kept, found.items[0], may, timeline[0] if timeline else None)
        return official_page(request, kept.title, content)
