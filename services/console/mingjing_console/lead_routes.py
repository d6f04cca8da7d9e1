"""The addresses of leads about teaching without a licence: the list, one of them, and what may be done to it.

One rule: a page has no rights of its own. Inspection says what the visitor may see and do, and why not.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import (
    FOREIGN,
    KEY,
    UNREADABLE,
    fields_of,
    gateway_of,
    key_of,
    require_signed_in,
    signed_in,
    words_of,
)
from mingjing_console.asking import Unreadable
from mingjing_console.called import all_called
from mingjing_console.gateway import Answer
from mingjing_console.page_parts import position_of
from mingjing_console.pages import leads as shown
from mingjing_console.pages.deed_forms import EMPTY, Filled, beside
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"
ROWS = 50
_FILTERS = ("stage", "origin", "cover", "region", "as_of", "after")
_LENGTH_MAX = 400


def make_lead_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _looking(router, kit)
    _acting(router, kit)
    return router


def _looking(router: Router, kit: Kit) -> None:

    @router.get(shown.PATH)
    async def leads(request: Request) -> Response:
        """Latest first, and what hangs together."""
        gateway = signed_in(kit, request)
        asked = {name: request.query_params.get(name, "").strip()[:_LENGTH_MAX] for name in _FILTERS}
        wanted: dict[str, str | int] = {name: value for name, value in asked.items() if value}
        near: dict[str, str | int] = {name: wanted[name] for name in ("region", "as_of") if name in wanted}
        found, clusters = await asyncio.gather(
            gateway.get(OWN, "/leads", wanted | {"limit": ROWS}, position=position_of(request)),
            gateway.get(OWN, "/lead-clusters", near),
        )
        content = shown.leads(asked, found, clusters)
        return page(shown.TITLE, content, person=session.name_of(request), is_wide=True)

    @router.get(shown.PATH + "/{lead_id}")
    async def lead(request: Request, lead_id: UUID) -> Response:
        """One of them."""
        require_signed_in(request)
        return await _shown(kit, request, lead_id)


def _acting(router: Router, kit: Kit) -> None:
    @router.post(shown.PATH + "/{lead_id}/{deed}")
    async def carry_out(request: Request, lead_id: UUID, deed: str) -> Response:
        """One act, as its form says."""
        gateway = signed_in(kit, request)
        if deed not in shown.DEEDS:
            return RedirectResponse(f"{shown.PATH}/{lead_id}", status_code=303)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return await _shown(kit, request, lead_id, FOREIGN, (deed, Filled(typed=form)), 403)
        _, method, asked = shown.DEEDS[deed]
        try:
            path, body = asked.address({**form, "id": str(lead_id)}), asked.body(form)
        except Unreadable as wrong:
            filled = Filled(typed=form, wrong={wrong.name: (wrong.zh, wrong.en)})
            return await _shown(kit, request, lead_id, UNREADABLE, (deed, filled), 422)
        answer = await gateway.send(OWN, method, path, body, key=key_of(form))
        if answer.is_success:
            return RedirectResponse(f"{shown.PATH}/{lead_id}?at={answer.body['position']}", status_code=303)
        # Without an answer it may have been done: the form keeps its number. What follows a refusal is new.
        kept = form if answer.status == 0 else {name: value for name, value in form.items() if name != KEY}
        filled = Filled(typed=kept, wrong=beside(answer, asked.asks))
        return await _shown(kit, request, lead_id, words_of(answer), (deed, filled), answer.status or 503)


async def _shown(
    kit: Kit,
    request: Request,
    lead_id: UUID,
    why: tuple[str, str] = ("", ""),
    form: tuple[str, Filled] = ("", EMPTY),
    status: int = 200,
) -> Response:
    gateway, path = gateway_of(kit, request), f"/leads/{lead_id}"
    first = await gateway.get(OWN, path, position=position_of(request))
    parts: list[Answer] = [Answer(404)] * 4
    if first.is_there:
        names = ("triage", "cluster", "timeline", "available-actions")
        parts = await asyncio.gather(*(gateway.get(OWN, f"{path}/{name}") for name in names))
        parts = await all_called(kit, parts, "by")
    seen = shown.Seen(lead=first, triage=parts[0], cluster=parts[1], timeline=parts[2], actions=parts[3])
    content = shown.one_lead(str(lead_id), seen, why, form)
    status = status if first.is_there else first.status or 503
    return page(shown.TITLE, content, person=session.name_of(request), is_wide=True, status=status)
