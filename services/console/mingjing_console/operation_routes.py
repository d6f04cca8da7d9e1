"""The addresses of forms about joint operations: planning, sharing evidence, taking it over."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import (
    FOREIGN,
    KEY,
    UNREADABLE,
    Form,
    fields_of,
    key_of,
    require_signed_in,
    signed_in,
    words_of,
)
from mingjing_console.asking import Unreadable
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.pages import operation_forms as shown
from mingjing_console.pages.deed_forms import EMPTY, Filled, beside, refusal
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import new_id

OWN = "inspection"
HITS_MAX = 5
INSTITUTIONS_MAX = 20
"""Whose visits are looked at for files to share; of a larger operation the first ones."""
VISITS_MAX = 50
SEARCH_CHARACTERS_MIN = 2


def make_operation_forms(kit: Kit) -> Router:
    """For whoever has signed in; before the pages, for ``new`` is no operation's id."""
    router = Router()
    _planning(router, kit)
    _evidence(router, kit)
    return router


def _planning(router: Router, kit: Kit) -> None:
    @router.get(shown.NEW)
    async def plan(request: Request) -> Response:
        """The empty form."""
        require_signed_in(request)
        return _form(request, EMPTY)

    @router.post(shown.NEW)
    async def plan_it(request: Request) -> Response:
        """Look sites up, or send the plan."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return _form(request, Filled(typed=form), why=FOREIGN, status=403)
        is_search, typed = form.get("step") == "search", shown.picked(form)
        if is_search:
            found = await sites_like(gateway, typed.get(shown.SEARCH, ""))
            return _form(request, Filled(typed=typed), found, is_searched=True)
        try:
            body = shown.PLAN.body(typed)
        except Unreadable as wrong:
            filled = Filled(typed=typed, wrong={wrong.name: (wrong.zh, wrong.en)})
            return _form(request, filled, why=UNREADABLE, status=422)
        # The form's own number is the operation's: sent twice, it is one.
        id = key_of(form) or str(new_id())
        answer = await gateway.send(OWN, "PUT", f"/operations/{id}", body)
        if answer.is_success:
            return RedirectResponse(f"{shown.PATH}/{id}?at={answer.body['position']}", status_code=303)
        kept = typed if answer.status == 0 else {name: value for name, value in typed.items() if name != KEY}
        filled = Filled(typed=kept, wrong=beside(answer, shown.PLAN.asks))
        return _form(request, filled, why=words_of(answer), status=answer.status or 503)


def _evidence(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/{{operation_id}}/share")
    async def share(request: Request, operation_id: UUID) -> Response:
        """A file of a visit; sent again it is the same piece."""

        def made(form: Form) -> tuple[str, str, dict[str, Any]]:
            item = key_of(form) or str(new_id())
            body = {name: form.get(name, "")[:1_000] for name in ("visit_id", "sha256", "note")}
            return "PUT", f"/operations/{operation_id}/evidence/{item}", body

        return await _sent(kit, request, operation_id, made)

    @router.post(f"{shown.PATH}/{{operation_id}}/reference")
    async def refer(request: Request, operation_id: UUID) -> Response:
        """Another department's piece, into a visit of the own one."""

        def made(form: Form) -> tuple[str, str, dict[str, Any]]:
            department, _, visit = form.get("visit", "").partition("|")
            item = UUID(form.get("item_id", ""))
            body = {"department": department[:60], "visit_id": visit}
            return "POST", f"/operations/{operation_id}/evidence/{item}/references", body

        return await _sent(kit, request, operation_id, made)


async def _sent(kit: Kit, request: Request, operation_id: UUID, made: Any) -> Response:
    gateway = signed_in(kit, request)
    form = await fields_of(request)
    if not session.is_same_site(request):
        return _refused(request, FOREIGN, 403)
    try:
        method, path, body = made(form)
    except ValueError:
        return _refused(request, UNREADABLE, 422)
    answer = await gateway.send(OWN, method, path, body, key=key_of(form))
    if answer.is_success:
        return RedirectResponse(f"{shown.PATH}/{operation_id}?at={answer.body['position']}", status_code=303)
    return _refused(request, words_of(answer), answer.status or 503)


async def visits_of(gateway: Gateway, operation_id: UUID, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The visits of an operation that the visitor sees: those of her department."""
    tasks = await gateway.get(OWN, "/tasks", {"rule": f"operation:{operation_id}", "limit": 500})
    own = {one["task_id"] for one in tasks.items} if tasks.is_there else set()
    if not own:
        return []
    institutions = list(dict.fromkeys(one["institution_id"] for one in row["sites"]))[:INSTITUTIONS_MAX]
    found = await asyncio.gather(
        *(gateway.get(OWN, "/visits", {"institution_id": one, "limit": VISITS_MAX}) for one in institutions)
    )
    return [visit for answer in found if answer.is_there for visit in answer.items if visit["task_id"] in own]


async def sites_like(gateway: Gateway, asked: str) -> list[shown.Found]:
    """Approved sites of institutions whose name is like this."""
    if len(asked.strip()) < SEARCH_CHARACTERS_MIN:
        return []
    hits = await gateway.get("registry", "/public/institutions", {"search": asked.strip(), "limit": HITS_MAX})
    if not hits.is_there:
        return []
    sites: list[Answer] = await asyncio.gather(
        *(gateway.get("registry", "/sites", {"institution_id": one["institution_id"]}) for one in hits.items)
    )
    return [
        shown.Found(
            institution_id=str(hit["institution_id"]),
            site_id=str(site["site_id"]),
            name=hit["name"],
            address=site["address"],
        )
        for hit, answer in zip(hits.items, sites, strict=True)
        if answer.is_there
        for site in answer.items
    ]


def _form(
    request: Request,
    filled: Filled,
    found: list[shown.Found] | None = None,
    *,
    is_searched: bool = False,
    why: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    content = [refusal(why), shown.planning(filled, found or [], is_searched)]
    return page(shown.TITLE, content, person=session.name_of(request), is_wide=True, status=status)


def _refused(request: Request, why: tuple[str, str], status: int) -> Response:
    return page(
        ("未能办理", "Not carried out"), refusal(why), person=session.name_of(request), is_wide=True, status=status
    )
