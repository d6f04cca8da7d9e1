"""The addresses at which the telephone book is kept, as inspection says it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.act_routes import sent
from mingjing_console.acting import FOREIGN, fields_of, key_of, signed_in
from mingjing_console.page_parts import page_of, position_of
from mingjing_console.pages import phone_book
from mingjing_console.pages.deed_forms import Filled, refusal
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id, new_id

OWN: Final = "inspection"
PHONES_MAX: Final = 500


def make_phone_pages(kit: Kit) -> Router:
    """For whoever has signed in; the service says who may publish."""
    router = Router()

    @router.get(phone_book.PATH)
    async def book(request: Request) -> Response:
        gateway = signed_in(kit, request)
        wanted = {"limit": PHONES_MAX}
        found = await gateway.get(OWN, "/public/supervision-phones", wanted, position=position_of(request))
        return page_of(request, phone_book.TITLE, phone_book.book(found), found)

    @router.post(phone_book.PATH)
    async def add(request: Request) -> Response:
        """Of the form's own number: sent twice it is one number."""
        key = key_of(await fields_of(request))
        return await _published(kit, request, derived_id("phone-of-form", key or str(new_id())), "")

    @router.post(f"{phone_book.PATH}/{{phone_id}}")
    async def change(request: Request, phone_id: UUID) -> Response:
        return await _published(kit, request, phone_id, str(phone_id))

    return router


async def _published(kit: Kit, request: Request, phone_id: UUID, about: str) -> Response:
    gateway, form = signed_in(kit, request), await fields_of(request)
    if not session.is_same_site(request):
        return page(phone_book.TITLE, refusal(FOREIGN), person=session.name_of(request), is_wide=True, status=403)
    address = f"/supervision-phones/{phone_id}"
    answer, filled, why = await sent(gateway, address, phone_book.PUBLISHING, form, OWN)
    if answer.is_success:
        return RedirectResponse(f"{phone_book.PATH}?at={answer.body['position']}", status_code=303)
    found = await gateway.get(OWN, "/public/supervision-phones", {"limit": PHONES_MAX})
    again = phone_book.book(found, Filled(typed=filled.typed, wrong=filled.wrong), about)
    name = session.name_of(request)
    return page(phone_book.TITLE, [refusal(why), again], person=name, is_wide=True, status=answer.status or 503)
