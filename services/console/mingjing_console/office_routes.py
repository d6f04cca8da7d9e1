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
from htpy import Node, a, p, section
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, KEY, UNREADABLE, Form, fields_of, gateway_of, key_of, words_of
from mingjing_console.deeds import NOUNS
from mingjing_console.gateway import Gateway
from mingjing_console.pages import registry as shown
from mingjing_console.pages.deed_forms import deed_form, refusal
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

ROWS = 50
PAIRS = 10
"""Each with its own question what may be done to it."""
HAPPENINGS = 30
OWN = "registry"
_SIGN_IN = "/sign-in"


def make_office_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _lists(router, kit)
    _likenesses(router, kit)
    _listings(router, kit)
    _rows(router, kit)
    _acts(router, kit)
    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("/institutions")
    async def institutions(request: Request) -> Response:
        asked = _asked(request, "search", "licence_state", "is_white", "as_of")
        return await _list(kit, request, "/institutions", asked, shown.INSTITUTIONS, shown.institutions)

    @router.get("/applications")
    async def applications(request: Request) -> Response:
        asked = _asked(request, "application_state", "operation_state")
        return await _list(kit, request, "/dossiers", asked, shown.APPLICATIONS, shown.applications)


def _likenesses(router: Router, kit: Kit) -> None:
    @router.get("/likenesses")
    async def likenesses(request: Request, state: str = Query(default="open", max_length=20)) -> Response:
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(_SIGN_IN, status_code=303)
        asked = _asked(request) | {"state": state}
        position = _position(request)
        found = await gateway.get(OWN, "/likenesses", _wanted(request, asked, PAIRS), position=position)
        ids = [row["likeness_id"] for row in found.items]
        may = await asyncio.gather(*(gateway.get(OWN, f"/likenesses/{id}/available-actions") for id in ids))
        content = shown.likenesses(asked, found, dict(zip(ids, may, strict=True)))
        return _page(request, shown.LIKENESSES, content)


def _listings(router: Router, kit: Kit) -> None:
    @router.get("/listings")
    async def listings(request: Request) -> Response:
        return await _list(kit, request, "/blacklist/files", _asked(request, "stage"), shown.LISTINGS, shown.listings)

    @router.get("/listings/{listing_id}")
    async def listing(request: Request, listing_id: UUID) -> Response:
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(_SIGN_IN, status_code=303)
        path = f"/blacklist/files/{listing_id}"
        row = await gateway.get(OWN, path, position=_position(request))
        if not row.is_there:
            return _page(request, shown.LISTINGS, trouble(row), row.status or 503)
        may, timeline = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"), gateway.get(OWN, f"{path}/timeline", _earlier(request))
        )
        title = (row.body["name"] or shown.LISTINGS[0], "")
        return _page(request, title, shown.listing(row.body, may, timeline))


def _rows(router: Router, kit: Kit) -> None:
    @router.get("/kept-aside")
    async def kept_aside(request: Request, state: str = Query(default="waiting", max_length=20)) -> Response:
        asked = _asked(request) | {"state": state}
        return await _list(kit, request, "/kept-aside", asked, shown.KEPT_ASIDE, shown.kept_aside)

    @router.post("/kept-aside/{row_id}/{way}")
    async def settle(request: Request, row_id: UUID, way: str) -> Response:
        gateway = gateway_of(kit, request)
        if not gateway.token or way not in ("mending", "retry", "dismissal"):
            return RedirectResponse(_SIGN_IN if not gateway.token else "/kept-aside", status_code=303)
        refused, status = FOREIGN, 403
        if session.is_same_site(request):
            form = await fields_of(request)
            answer = await gateway.send(OWN, "POST", f"/kept-aside/{row_id}/{way}", _settling(form, way), _why(form))
            if answer.is_success:
                return RedirectResponse(f"/kept-aside?at={answer.body['position']}", status_code=303)
            refused, status = words_of(answer), answer.status or 503
        found = await gateway.get(OWN, "/kept-aside", {"limit": ROWS})
        content = shown.kept_aside({"state": "waiting"}, found, refusal(refused))
        return _page(request, shown.KEPT_ASIDE, content, status)


def _settling(form: Form, way: str) -> dict[str, Any]:
    if way == "dismissal":
        return {"reason": form.get("reason", "").strip()}
    prefix = "field."
    fields = {name.removeprefix(prefix): text.strip() for name, text in form.items() if name.startswith(prefix)}
    return {"fields": fields, "prevails": form.get("prevails") == "true"} if way == "mending" else {}


def _why(form: Form) -> str:
    return form.get("reason", "").strip()


def _acts(router: Router, kit: Kit) -> None:
    @router.post("/acts/{noun}/{id}/{act}")
    async def carry_out(request: Request, noun: str, id: UUID, act: str) -> Response:
        """One act on one thing, as its form says."""
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(_SIGN_IN, status_code=303)
        if noun not in NOUNS or act not in NOUNS[noun].deeds:
            return RedirectResponse("/", status_code=303)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return await _refused(request, gateway, (noun, id, act), form, FOREIGN, 403)
        deed, address = NOUNS[noun].deeds[act], NOUNS[noun].address.format(id=id)
        try:
            body = deed.body(form)
        except ValueError:
            return await _refused(request, gateway, (noun, id, act), form, UNREADABLE, 422)
        answer = await gateway.send(OWN, "POST", f"{address}{deed.path}", body, key=key_of(form))
        if answer.is_success:
            return RedirectResponse(f"{NOUNS[noun].page.format(id=id)}?at={answer.body['position']}", status_code=303)
        typed = form if answer.status == 0 else {name: text for name, text in form.items() if name != KEY}
        return await _refused(request, gateway, (noun, id, act), typed, words_of(answer), answer.status or 503)


async def _refused(
    request: Request, gateway: Gateway, about: tuple[str, UUID, str], form: Form, why: tuple[str, str], status: int
) -> Response:
    """Why not, with what was typed still there."""
    noun, id, act = about
    of = NOUNS[noun]
    said = await gateway.get(OWN, f"{of.address.format(id=id)}/available-actions")
    one = next((one for one in (said.body["actions"] if said.is_there else ()) if one["act"] == act), None)
    words = (one["zh"], str(one["en"]).capitalize()) if one else ("重新提交", "Send again")
    content = [
        refusal(why),
        section[deed_form(noun, id, act, of.deeds[act], words, form)],
        p[a(href=of.page.format(id=id))[both("返回", "Back")]],
    ]
    return _page(request, ("未能办理", "Not carried out"), content, status)


async def _list(
    kit: Kit, request: Request, path: str, asked: Mapping[str, str], title: tuple[str, str], make: Any
) -> Response:
    gateway = gateway_of(kit, request)
    if not gateway.token:
        return RedirectResponse(_SIGN_IN, status_code=303)
    found = await gateway.get(OWN, path, _wanted(request, asked, ROWS), position=_position(request))
    return _page(request, title, make(asked, found))


def _asked(request: Request, *names: str) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip()[:100] for name in names}


def _wanted(request: Request, asked: Mapping[str, str], limit: int) -> dict[str, str | int]:
    """What the service is asked: the filters that say something, and the page. An empty state means all."""
    after = request.query_params.get("after", "")[:2_000]
    wanted: dict[str, str | int] = {name: text for name, text in asked.items() if text or name == "state"}
    return wanted | {"limit": limit} | ({"after": after} if after else {})


def _earlier(request: Request) -> dict[str, str | int]:
    after = request.query_params.get("earlier", "")[:2_000]
    return {"limit": HAPPENINGS} | ({"after": after} if after else {})


def _position(request: Request) -> int:
    """Of the visitor's own last act, which the page must show."""
    text = request.query_params.get("at", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(request: Request, title: tuple[str, str], content: Node, status: int = 200) -> Response:
    return page(title, content, person=session.name_of(request), is_wide=True, status=status)
