"""The addresses of forms: an act on a thing, and the beginning of a thing.

One rule: a form has no rights of its own. It is sent with the visitor's token; a refusal comes back in the service's
words, beside the field that it is about, with what was typed still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from fastapi import Request
from htpy import a, p, section
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
from mingjing_console.deeds import Deed
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.nouns import BEGINNINGS, NOUNS
from mingjing_console.pages.deed_forms import Filled, beside, deed_form, refusal, sent_to
from mingjing_console.pages.shell import both, page
from mingjing_console.track_contracts import NOUN as TRACK
from mingjing_console.track_contracts import by_id
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "registry"
_REFUSED = ("未能办理", "Not carried out")
_HAND_IN = ("提交", "Send")


def make_act_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _acts(router, kit)
    _beginnings(router, kit)
    return router


def _acts(router: Router, kit: Kit) -> None:
    @router.post("/acts/{noun}/{id}/{act}")
    async def carry_out(request: Request, noun: str, id: UUID, act: str) -> Response:
        """One act on one thing, as its form says."""
        gateway = signed_in(kit, request)
        if noun not in NOUNS or act not in NOUNS[noun].deeds:
            return RedirectResponse("/", status_code=303)
        form, of = await fields_of(request), NOUNS[noun]
        if not session.is_same_site(request):
            return await _refused(request, gateway, (noun, id, act), Filled(typed=form), FOREIGN, 403)
        try:
            meant = await by_id(gateway, id, form) if noun == TRACK else form
        except Unreadable as wrong:
            filled = Filled(typed=form, wrong={wrong.name: (wrong.zh, wrong.en)})
            return await _refused(request, gateway, (noun, id, act), filled, (wrong.zh, wrong.en), 422)
        answer, filled, why = await sent(gateway, of.address.format(id=id), of.deeds[act], meant, of.service)
        if answer.is_success:
            return RedirectResponse(f"{of.page.format(id=id)}?at={answer.body['position']}", status_code=303)
        filled = replace(filled, typed={**filled.typed, **{name: form[name] for name in meant if name in filled.typed}})
        return await _refused(request, gateway, (noun, id, act), filled, why, answer.status or 503)


def _beginnings(router: Router, kit: Kit) -> None:
    @router.get("/begin/{what}")
    async def asked_for(request: Request, what: str) -> Response:
        """The empty form; what the address says stands in it already."""
        require_signed_in(request)
        if what not in BEGINNINGS:
            return RedirectResponse("/", status_code=303)
        names = {one.name for one in BEGINNINGS[what].deed.asks}
        typed = {name: value[:200] for name, value in request.query_params.items() if name in names}
        return _beginning(request, what, Filled(typed=typed))

    @router.post("/begin/{what}")
    async def begin(request: Request, what: str) -> Response:
        """Send it, and go to what came of it."""
        gateway = signed_in(kit, request)
        if what not in BEGINNINGS:
            return RedirectResponse("/", status_code=303)
        form, of = await fields_of(request), BEGINNINGS[what]
        if not session.is_same_site(request):
            return _beginning(request, what, Filled(typed=form), FOREIGN, 403)
        answer, filled, why = await sent(gateway, of.address, of.deed, form)
        if answer.is_success:
            there = of.page.format(**{**of.deed.named(form), **answer.body})
            return RedirectResponse(f"{there}?at={answer.body['position']}", status_code=303)
        return _beginning(request, what, filled, why, answer.status or 503)


async def sent(
    gateway: Gateway, address: str, deed: Deed, form: Form, service: str = OWN, *, method: str = "POST"
) -> tuple[Answer, Filled, tuple[str, str]]:
    """The service's answer; the form as it is shown again where that is a refusal, and why it was refused."""
    try:
        path, body = deed.address(form), deed.body(form)
    except Unreadable as wrong:
        return Answer(422), Filled(typed=form, wrong={wrong.name: (wrong.zh, wrong.en)}), UNREADABLE
    reason, basis = deed.head(form)
    answer = await gateway.send(
        service, deed.method, f"{address}{path}", body, reason, legal_basis=basis, key=key_of(form)
    )
    # Without an answer it may have been done: the form keeps its number. A refusal is an answer; what follows is new.
    typed: Mapping[str, str] = form if answer.status == 0 else {k: text for k, text in form.items() if k != KEY}
    return answer, Filled(typed=typed, wrong=beside(answer, deed.asks)), words_of(answer)


async def _refused(
    request: Request, gateway: Gateway, about: tuple[str, UUID, str], filled: Filled, why: tuple[str, str], status: int
) -> Response:
    """Why not, with what was typed still there."""
    noun, id, act = about
    of = NOUNS[noun]
    said = await gateway.get(of.service, f"{of.address.format(id=id)}/available-actions")
    one = next((one for one in (said.body["actions"] if said.is_there else ()) if one["act"] == act), None)
    words = (one["zh"], str(one["en"]).capitalize()) if one else ("重新提交", "Send again")
    content = [
        refusal(why),
        section[deed_form(noun, id, act, of.deeds[act], words, filled)],
        p[a(href=of.page.format(id=id))[both("返回", "Back")]],
    ]
    return page(_REFUSED, content, person=session.name_of(request), is_wide=True, status=status)


def _beginning(
    request: Request, what: str, filled: Filled, why: tuple[str, str] = ("", ""), status: int = 200
) -> Response:
    of = BEGINNINGS[what]
    content = [
        refusal(why),
        section[sent_to(f"/begin/{what}", of.deed, _HAND_IN, filled)],
        p[a(href=of.back)[both("返回", "Back")]],
    ]
    return page(of.title, content, person=session.name_of(request), is_wide=True, status=status)
