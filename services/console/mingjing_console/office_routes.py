"""The addresses of the registry's pages for officers, and of their forms.

One rule: a page has no rights of its own. The visitor's token goes with every question and every act; a refusal comes
back in its own words, with what was typed still in the form.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.act_routes import OWN, make_act_pages
from mingjing_console.acting import FOREIGN, Form, fields_of, signed_in, words_of
from mingjing_console.check_routes import make_check_pages
from mingjing_console.ledger_routes import make_ledger_pages
from mingjing_console.nouns import NOUNS
from mingjing_console.page_parts import asked_of, earlier_of, official_page, position_of, wanted_of
from mingjing_console.pages import registry as shown
from mingjing_console.pages.deed_forms import refusal
from mingjing_console.pages.lookup import trouble
from mingjing_console.people_routes import make_people_pages
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

ROWS = 50
PAIRS = 10
"""Each with its own question what may be done to it."""
HAPPENINGS = 30
DOCUMENTS = ("公文", "Documents")
_STATES = frozenset({"state"})
"""An empty state means all of them."""


def make_office_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _lists(router, kit)
    _likenesses(router, kit)
    _listings(router, kit)
    _rows(router, kit)
    _documents(router, kit)
    router.include_router(make_act_pages(kit))
    router.include_router(make_check_pages(kit))
    router.include_router(make_ledger_pages(kit))
    router.include_router(make_people_pages(kit))
    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("/institutions")
    async def institutions(request: Request) -> Response:
        asked = asked_of(request, "search", "licence_state", "is_white", "as_of")
        return await _list(kit, request, "/institutions", asked, shown.INSTITUTIONS, shown.institutions)

    @router.get("/applications")
    async def applications(request: Request) -> Response:
        asked = asked_of(request, "application_state", "operation_state", "check_state")
        # Of an institution about which nothing waits and nothing was applied for, there is nothing to show here.
        return await _list(kit, request, "/dossiers", asked, shown.APPLICATIONS, shown.applications, is_business="true")


def _likenesses(router: Router, kit: Kit) -> None:
    @router.get("/likenesses")
    async def likenesses(request: Request, state: str = Query(default="open", max_length=20)) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request) | {"state": state}
        position = position_of(request)
        found = await gateway.get(OWN, "/likenesses", wanted_of(request, asked, PAIRS, _STATES), position=position)
        ids = [row["likeness_id"] for row in found.items]
        may = await asyncio.gather(*(gateway.get(OWN, f"/likenesses/{id}/available-actions") for id in ids))
        content = shown.likenesses(asked, found, dict(zip(ids, may, strict=True)))
        return official_page(request, shown.LIKENESSES, content)


def _listings(router: Router, kit: Kit) -> None:
    @router.get("/listings")
    async def listings(request: Request) -> Response:
        return await _list(kit, request, "/blacklist/files", asked_of(request, "stage"), shown.LISTINGS, shown.listings)

    @router.get("/listings/{listing_id}")
    async def listing(request: Request, listing_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/blacklist/files/{listing_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return official_page(request, shown.LISTINGS, trouble(row), row.status or 503)
        may, timeline, papers = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"),
            gateway.get(OWN, f"{path}/timeline", earlier_of(request, HAPPENINGS)),
            gateway.get(OWN, f"{path}/documents"),
        )
        title = (row.body["name"] or shown.LISTINGS[0], "")
        return official_page(request, title, shown.listing(row.body, may, timeline, papers))


def _rows(router: Router, kit: Kit) -> None:
    @router.get("/kept-aside")
    async def kept_aside(request: Request, state: str = Query(default="waiting", max_length=20)) -> Response:
        asked = asked_of(request) | {"state": state}
        return await _list(kit, request, "/kept-aside", asked, shown.KEPT_ASIDE, shown.kept_aside)

    @router.post("/kept-aside/{row_id}/{way}")
    async def settle(request: Request, row_id: UUID, way: str) -> Response:
        gateway = signed_in(kit, request)
        if way not in ("mending", "retry", "dismissal"):
            return RedirectResponse("/kept-aside", status_code=303)
        refused, status = FOREIGN, 403
        if session.is_same_site(request):
            form = await fields_of(request)
            answer = await gateway.send(OWN, "POST", f"/kept-aside/{row_id}/{way}", _settling(form, way), _why(form))
            if answer.is_success:
                return RedirectResponse(f"/kept-aside?at={answer.body['position']}", status_code=303)
            refused, status = words_of(answer), answer.status or 503
        found = await gateway.get(OWN, "/kept-aside", {"limit": ROWS})
        content = shown.kept_aside({"state": "waiting"}, found, refusal(refused))
        return official_page(request, shown.KEPT_ASIDE, content, status)


def _documents(router: Router, kit: Kit) -> None:
    @router.get("/documents/{noun}/{id}/{version}")
    async def document(request: Request, noun: str, id: UUID, version: int) -> Response:
        """A document as the service prints it, for whoever may read it."""
        gateway = signed_in(kit, request)
        if noun not in NOUNS or NOUNS[noun].service != OWN:
            return RedirectResponse("/", status_code=303)
        found = await gateway.file(OWN, f"{NOUNS[noun].address.format(id=id)}/documents/{version}")
        if not found.is_there:
            return official_page(request, DOCUMENTS, trouble(found), found.status or 503)
        headers = {
            "Content-Disposition": f'inline; filename="{noun}-{version}.pdf"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(found.body, media_type="application/pdf", headers=headers)


def _settling(form: Form, way: str) -> dict[str, Any]:
    if way == "dismissal":
        return {"reason": form.get("reason", "").strip()}
    prefix = "field."
    fields = {name.removeprefix(prefix): text.strip() for name, text in form.items() if name.startswith(prefix)}
    return {"fields": fields, "prevails": form.get("prevails") == "true"} if way == "mending" else {}


def _why(form: Form) -> str:
    return form.get("reason", "").strip()


async def _list(
    kit: Kit, request: Request, path: str, asked: Mapping[str, str], title: tuple[str, str], make: Any, **always: str
) -> Response:
    gateway = signed_in(kit, request)
    found = await gateway.get(
        OWN, path, wanted_of(request, asked, ROWS, _STATES) | always, position=position_of(request)
    )
    return official_page(request, title, make(asked, found))
