"""The addresses of the routing table of complaints, as inspection says it: the table, a proposal, what it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console.act_routes import sent
from mingjing_console.acting import FOREIGN, KEY, fields_of, signed_in
from mingjing_console.deeds_routing import proposed
from mingjing_console.gateway import Gateway
from mingjing_console.page_parts import asked_of, official_page, page_of, position_of
from mingjing_console.pages import complaint_routing as shown
from mingjing_console.pages.deed_forms import Filled, refusal
from mingjing_console.pages.lookup import trouble
from mingjing_console.session import is_same_site
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN: Final = "inspection"
_ASKED: Final = ("on", "region", "category")


def make_routing_pages(kit: Kit) -> Router:
    """For whoever has signed in; the service says who may propose and approve."""
    router = Router()

    @router.get(shown.PATH)
    async def routing_table(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, *_ASKED)
        seen = await _table(gateway, asked)
        return page_of(request, shown.TITLE, shown.table(asked, seen), seen.found)

    @router.post(shown.PATH)
    async def propose(request: Request) -> Response:
        """On to what it would change; a refusal stands above the form, with what was typed."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not is_same_site(request):
            return official_page(request, shown.TITLE, refusal(FOREIGN), 403)
        deed, typed = proposed(form)
        answer, filled, why = await sent(gateway, "", deed, typed, OWN)
        if answer.is_success:
            at = answer.body["position"]
            return RedirectResponse(f"{shown.PATH}/versions/{form[KEY]}?at={at}", status_code=303)
        asked = dict.fromkeys(_ASKED, "")
        again = shown.table(asked, await _table(gateway, asked), Filled(typed=filled.typed, wrong=filled.wrong))
        return official_page(request, shown.TITLE, [refusal(why), again], answer.status or 503)

    @router.get(f"{shown.PATH}/versions/{{version_id}}")
    async def preview(request: Request, version_id: UUID) -> Response:
        """Before it is approved, and after."""
        gateway = signed_in(kit, request)
        row = await gateway.get(OWN, f"/complaint-routing/versions/{version_id}", position=position_of(request))
        if not row.is_there:
            return page_of(request, shown.PREVIEW, trouble(row), row)
        path = f"/policies/{row.body['rule']}/versions/{version_id}/available-actions"
        may = await gateway.get(OWN, path)
        return page_of(request, shown.PREVIEW, shown.preview(row.body, may), row)

    return router


async def _table(gateway: Gateway, asked: Mapping[str, str]) -> shown.Table:
    wanted: dict[str, str | int] = {name: text for name, text in asked.items() if text}
    found, *policies = await asyncio.gather(
        gateway.get(OWN, "/complaint-routing", wanted),
        *(gateway.get(OWN, f"/policies/{rule}") for rule in shown.RULES),
    )
    return shown.Table(found=found, policies=policies)
