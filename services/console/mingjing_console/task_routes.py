"""The addresses of inspection tasks, as inspection says them; one is planned for a site that the registry approved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, KEY, UNREADABLE, Form, fields_of, key_of, signed_in, words_of
from mingjing_console.called import all_called, meant
from mingjing_console.deeds_tasks import PLAN
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.operation_routes import sites_like
from mingjing_console.page_parts import (
    asked_of,
    exported,
    is_export,
    official_page,
    page_of,
    position_of,
    wanted_of,
)
from mingjing_console.pages import tasks
from mingjing_console.pages.deed_forms import EMPTY, Filled, beside, refusal
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import new_id

OWN = "inspection"
NAMED_MAX = 100
_END_OF_DAY = time(23, 59, 59)


def make_task_pages(kit: Kit) -> Router:
    """For whoever has signed in; the form before the pages, for ``new`` is no task's id."""
    router = Router()
    _planning(router, kit)
    _looking(router, kit)
    return router


def _looking(router: Router, kit: Kit) -> None:
    @router.get(tasks.PATH)
    async def listed(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "state", "is_overdue", "officer", "institution_id")
        officers = await _officers(kit, gateway, asked["officer"])
        if len(officers) > 1:
            said = Answer(200, {"items": [{"officer": one} for one in officers]})
            (which,) = await all_called(kit, [said], "officer", with_account=True)
            return page_of(request, tasks.TITLE, tasks.namesakes(asked, zip(officers, which.items, strict=True)), which)
        of = asked | {"officer": "".join(officers)}
        if is_export(request):
            return await exported(request, gateway, (OWN, tasks.PATH), of, tasks.TITLE)
        found = await gateway.get(OWN, "/tasks", wanted_of(request, of), position=position_of(request))
        names = await _names(gateway, [one["institution_id"] for one in found.items] if found.is_there else [])
        (found,) = await all_called(kit, [found], *tasks.PEOPLE, with_account=True)
        return page_of(request, tasks.TITLE, tasks.listed(asked, found, names), found)

    @router.get(f"{tasks.PATH}/{{task_id}}")
    async def one(request: Request, task_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/tasks/{task_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, tasks.TITLE, trouble(row), row)
        today = shanghai_date(kit.now()).isoformat()
        of, site = row.body["institution_id"], row.body["site_id"]
        may, names, sites, posts = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"),
            _names(gateway, [of]),
            gateway.get("registry", "/sites", {"site_id": site}) if site else _nothing(),
            gateway.get(OWN, "/grid-posts", {"code": row.body["region"], "on": today}),
        )
        row, posts = await all_called(kit, [row, posts], *tasks.PEOPLE, with_account=True)
        address = next((one["address"] for one in sites.items), "") if sites.is_there else ""
        seen = tasks.Seen(may=may, name=names.get(of or "", ""), address=address, posts=posts)
        return page_of(request, tasks.TITLE, tasks.one(row.body, seen), row)


def _planning(router: Router, kit: Kit) -> None:
    @router.get(tasks.NEW)
    async def plan(request: Request, q: str = Query(default="", max_length=100)) -> Response:
        """The empty form, once an institution was found."""
        gateway = signed_in(kit, request)
        content = tasks.planning(EMPTY, await _sites(gateway, q), q)
        return official_page(request, tasks.NEW_TITLE, content)

    @router.post(tasks.NEW)
    async def plan_it(request: Request) -> Response:
        """The form's own number is the task's: sent twice, it is one."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return await _again(request, gateway, form, FOREIGN, Answer(403))
        try:
            body = _body(form)
        except ValueError:
            return await _again(request, gateway, form, UNREADABLE, Answer(422))
        id = key_of(form) or str(new_id())
        answer = await gateway.send(OWN, "PUT", f"/tasks/{id}", body, key=key_of(form))
        if answer.is_success:
            return RedirectResponse(f"{tasks.PATH}/{id}?at={answer.body['position']}", status_code=303)
        return await _again(request, gateway, form, words_of(answer), answer)


async def _officers(kit: Kit, gateway: Gateway, said: str) -> list[str]:
    """Whose tasks are asked for; of namesakes, whose the visitor sees: nobody else's account is told."""
    accounts = await meant(kit, said)
    if len(accounts) < 2:
        return accounts
    found = await asyncio.gather(*(gateway.get(OWN, "/tasks", {"officer": one, "limit": 1}) for one in accounts))
    seen = [account for account, answer in zip(accounts, found, strict=True) if answer.is_there and answer.items]
    return seen or [said]


async def _again(request: Request, gateway: Gateway, form: Form, why: tuple[str, str], answer: Answer) -> Response:
    """Why not, with what was typed still there; the same institution's sites are offered once more."""
    kept = form if answer.status == 0 else {name: value for name, value in form.items() if name != KEY}
    filled = Filled(typed=kept, wrong=beside(answer, PLAN.asks))
    names = await _names(gateway, [tasks.named(form.get("target", ""))[0]])
    search = next(iter(names.values()), "")
    content = [refusal(why), tasks.planning(filled, await _sites(gateway, search), search)]
    return official_page(request, tasks.NEW_TITLE, content, answer.status or 503)


def _body(form: Form) -> dict[str, Any]:
    """As inspection reads it. Raises ``ValueError`` for a date that cannot be read."""
    institution, site = tasks.named(form.get("target", ""))
    due = datetime.combine(date.fromisoformat(form.get("due_on", "")), _END_OF_DAY, SHANGHAI)
    return {
        "institution_id": institution,
        "site_id": site,
        "kind": form.get("kind", ""),
        "due_at": due.isoformat(),
        "reason": form.get("reason", "").strip(),
    }


async def _sites(gateway: Gateway, search: str) -> dict[str, str]:
    found = await sites_like(gateway, search)
    return {tasks.target(one.institution_id, one.site_id): f"{one.name} {one.address}" for one in found}


async def _names(gateway: Gateway, ids: Sequence[str | None]) -> dict[str, str]:
    """What institutions are called, as the registry tells this visitor."""
    wanted = list(dict.fromkeys(id for id in ids if id))[:NAMED_MAX]
    if not wanted:
        return {}
    found = await gateway.get("registry", "/institutions", {"ids": ",".join(wanted), "limit": NAMED_MAX})
    return {one["institution_id"]: one["name"] for one in found.items} if found.is_there else {}


async def _nothing() -> Answer:
    return Answer(0)
