"""The address of the form that opens a department's annual checks, and what came of it."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.act_routes import OWN
from mingjing_console.acting import (
    FOREIGN,
    KEY,
    UNREADABLE,
    fields_of,
    key_of,
    require_signed_in,
    signed_in,
    words_of,
)
from mingjing_console.asking import Unreadable
from mingjing_console.pages import annual_checks as shown
from mingjing_console.pages.deed_forms import EMPTY, Filled, beside, refusal
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

SECONDS_MAX = 60.0
"""A thousand institutions take a few seconds; the visitor waits for what became of each."""


def make_check_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()

    @router.get(shown.PATH)
    async def asked_for(request: Request) -> Response:
        """The empty form."""
        require_signed_in(request)
        return _form(request)

    @router.post(shown.PATH)
    async def open_checks(request: Request) -> Response:
        """Send it and show each institution's answer; sent twice with its number it says the same again."""
        gateway, form = signed_in(kit, request), await fields_of(request)
        if not session.is_same_site(request):
            return _form(request, Filled(typed=form), FOREIGN, 403)
        try:
            path, body = shown.DEED.address(form), shown.DEED.body(form)
        except Unreadable as wrong:
            return _form(request, Filled(typed=form, wrong={wrong.name: (wrong.zh, wrong.en)}), UNREADABLE, 422)
        if after := form.get("after"):
            body["after"] = after
        answer = await gateway.send(OWN, "POST", path, body, key=key_of(form), seconds=SECONDS_MAX)
        if not answer.is_success:
            typed = form if answer.status == 0 else {**form, KEY: ""}
            filled = Filled(typed=typed, wrong=beside(answer, shown.DEED.asks))
            return _form(request, filled, words_of(answer), answer.status or 503)
        content = shown.outcome(answer.body, form)
        return page(shown.TITLE, content, person=session.name_of(request), is_wide=True)

    return router


def _form(request: Request, filled: Filled = EMPTY, why: tuple[str, str] = ("", ""), status: int = 200) -> Response:
    content = [refusal(why), shown.opening(filled)]
    return page(shown.TITLE, content, person=session.name_of(request), is_wide=True, status=status)
