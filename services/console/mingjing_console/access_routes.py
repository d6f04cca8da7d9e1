"""The addresses of the access page: what a form says becomes one request to the console's own service.

One rule: the page has no rights of its own. The visitor's token goes with every request; a refusal comes back onto the
page in its own words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from urllib.parse import quote

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, UNREADABLE, Form, fields_of, signed_in, words_of
from mingjing_console.gateway import Gateway
from mingjing_console.pages import access
from mingjing_console.pages.shell import page
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

PATH = "/access"
OWN = "console"
Asked: TypeAlias = tuple[str, str, dict[str, Any]]
"""Method, path and body of the request that a form becomes."""


def make_access_pages(kit: Kit) -> Router:
    """For everybody who has signed in."""
    router = Router()

    @router.get(PATH)
    async def shown(
        request: Request, at: int = Query(default=0, ge=0), who: str = Query(default="", max_length=100)
    ) -> Response:
        gateway = signed_in(kit, request)
        return await _page(kit, request, gateway, at, who=who.strip())

    for name, make in FORMS.items():
        router.add_api_route(f"{PATH}/{name}", _taker(kit, make), methods=["POST"], name=f"access-{name}")
    return router


def _taker(kit: Kit, make: Callable[[Form, datetime], Asked]) -> Callable[[Request], Any]:
    async def take(request: Request) -> Response:
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, refused=FOREIGN, status=403)
        try:
            asked = make(await fields_of(request), kit.now())
        except (ValueError, KeyError):
            return await _page(kit, request, gateway, refused=UNREADABLE, status=422)
        answer = await gateway.send(OWN, *asked)
        if answer.is_success:
            return RedirectResponse(f"{PATH}?at={answer.body['position']}", status_code=303)
        return await _page(kit, request, gateway, refused=words_of(answer), status=answer.status or 503)

    return take


async def _page(
    kit: Kit,
    request: Request,
    gateway: Gateway,
    at: int = 0,
    *,
    refused: tuple[str, str] = ("", ""),
    status: int = 200,
    who: str = "",
) -> Response:
    found = await asyncio.gather(
        gateway.get(OWN, "/me"),
        gateway.every(OWN, "/people", position=at),
        gateway.every(OWN, "/grants", position=at),
        gateway.every(OWN, "/substitutions", position=at),
    )
    seen = access.Seen(me=found[0], people=found[1], grants=found[2], substitutions=found[3])
    content = access.access(seen, kit.now(), refused, who)
    name = session.name_of(request)
    return page(access.TITLE, content, person=name, status=status, is_wide=True)


def _give(form: Form, now: datetime) -> Asked:
    return "PUT", f"/grants/{quote(form['grant_id'], safe='')}", {
        **_of(form, "person", "name", "role", "department", "region", "category", "organisation", "reason"),
        **_of(form, "legal_basis"),
        **_days(form, now),
    }  # fmt: skip


def _delegate(form: Form, now: datetime) -> Asked:
    ids = [quote(form[name], safe="") for name in ("grant_id", "delegation_id")]
    return "PUT", f"/grants/{ids[0]}/delegations/{ids[1]}", {
        **_of(form, "person", "name", "role", "department", "region", "category", "organisation", "reason"),
        **_days(form, now),
    }  # fmt: skip


def _substitute(form: Form, now: datetime) -> Asked:
    said = {**_of(form, "person", "substitute", "reason"), **_days(form, now)}
    return "PUT", f"/substitutions/{quote(form['substitution_id'], safe='')}", said


def _take(form: Form, _now: datetime) -> Asked:
    return "POST", f"/grants/{quote(form['grant_id'], safe='')}/taking", _of(form, "reason")


def _dismiss(form: Form, _now: datetime) -> Asked:
    return "POST", f"/substitutions/{quote(form['substitution_id'], safe='')}/ending", _of(form, "reason")


def _end_sign_ins(form: Form, _now: datetime) -> Asked:
    return "PUT", f"/revocations/{quote(form['id'], safe='')}", {**_of(form, "person", "reason"), "what": "person"}


def _lock(form: Form, _now: datetime) -> Asked:
    return "POST", f"/locks/{quote(form['person'], safe='')}", _of(form, "reason")


def _unlock(form: Form, _now: datetime) -> Asked:
    return "POST", f"/locks/{quote(form['person'], safe='')}/unlocking", _of(form, "reason")


FORMS: Mapping[str, Callable[[Form, datetime], Asked]] = {
    "give": _give,
    "delegate": _delegate,
    "substitute": _substitute,
    "take": _take,
    "dismiss": _dismiss,
    "end-sign-ins": _end_sign_ins,
    "lock": _lock,
    "unlock": _unlock,
}


def _of(form: Form, *names: str) -> dict[str, Any]:
    return {name: form.get(name, "").strip() for name in names}


def _days(form: Form, now: datetime) -> dict[str, Any]:
    """A first and a last day in China, as the moments that they mean: from today on means from now on, and the last day
    counts to its end.
    """
    found: dict[str, Any] = {}
    if (first := form.get("valid_from", "")) and (begins := _midnight(date.fromisoformat(first))) > now:
        found["valid_from"] = begins.isoformat()
    if last := form.get("valid_until", ""):
        found["valid_until"] = _midnight(date.fromisoformat(last) + timedelta(days=1)).isoformat()
    return found


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), SHANGHAI)
