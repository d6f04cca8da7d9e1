"""The addresses at which a family confirms lessons. The service answers; nothing is decided or kept here."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from mingjing_console.complain_routes import new_secret
from mingjing_console.gateway import Gateway
from mingjing_console.pages import code_wish, confirmation, rating
from mingjing_console.pages.complain import said_again
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address
from mingjing_kernel.identifiers import new_id

FORM_BYTES_MAX = 64 * 1024
FIELDS_MAX = 60
_LESSON = "lesson "
_STARS = ("institution_stars", "lesson_stars")


def make_confirm_pages(kit: Kit) -> Router:
    """Asking for the code, showing the lessons, taking the answer."""
    router = Router()

    @router.get("/confirm")
    async def ask(code: str = Query(default="", max_length=40)) -> Response:
        """The link brings the code; nothing is looked up before it is sent off."""
        return page(confirmation.TITLE, confirmation.question(code), is_private=True)

    @router.post("/confirm")
    async def show(request: Request) -> Response:
        code = (await _sent(request)).get("code", "").strip()
        answer = await _gateway(kit, request).send("funds", "POST", "/confirmations/look", {"code": code})
        is_asked = answer.is_there and bool(answer.body["lessons"])
        rated = rating.question(code, is_open=not is_asked) if answer.is_there else None
        content = [confirmation.lessons(code, answer), rated]
        return page(confirmation.TITLE, content, is_private=True)

    @router.post("/confirm/answer")
    async def answer(request: Request) -> Response:
        sent = await _sent(request)
        said = {name.removeprefix(_LESSON): word for name, word in sent.items() if name.startswith(_LESSON)}
        body: dict[str, Any] = {
            "code": sent.get("code", ""),
            "held": [no for no, word in said.items() if word == confirmation.HELD],
            "disputed": [no for no, word in said.items() if word == confirmation.DISPUTED],
            "reason": sent.get("reason", "")[: confirmation.REASON_CHARACTERS_MAX],
        }
        found = await _gateway(kit, request).send("funds", "POST", "/confirmations", body)
        return page(confirmation.TITLE, confirmation.done(found), is_private=True)

    @router.post("/confirm/rating")
    async def rate(request: Request) -> Response:
        sent = await _sent(request)
        stars = {name: _number(sent.get(name, "")) for name in _STARS}
        body: dict[str, Any] = {"code": sent.get("code", ""), "text": sent.get("text", ""), **stars}
        found = await _gateway(kit, request).send("funds", "POST", "/ratings", body)
        return page(rating.TITLE, rating.done(found), is_private=True)

    @router.get("/ratings/{institution_id}")
    async def ratings(request: Request, institution_id: UUID) -> Response:
        """What many ratings come to, for everybody."""
        gateway = _gateway(kit, request)
        told, summed = await asyncio.gather(
            gateway.get("registry", f"/public/institutions/{institution_id}"),
            gateway.get("funds", f"/public/ratings/{institution_id}"),
        )
        if not told.is_there:
            return page(rating.TITLE, trouble(told), status=told.status or 503)
        return page(rating.TITLE, rating.summed(str(institution_id), str(told.body["name"]), summed))

    _wishing(router, kit)
    return router


def _wishing(router: Router, kit: Kit) -> None:
    @router.get(code_wish.PATH)
    async def ask_for_code() -> Response:
        return page(
            code_wish.TITLE, code_wish.question({"form_id": str(new_id()), "secret": new_secret()}), is_private=True
        )

    @router.post(code_wish.PATH)
    async def wish(request: Request) -> Response:
        """A work order like a caller's: somebody calls back, and it has a clock."""
        sent = await _sent(request)
        form_id, secret = _id(sent.get("form_id", "")), sent.get("secret", "")
        if not form_id or not secret:
            # Sent without a form of ours: nothing would tell a second press from a second wish.
            form_id, secret = str(new_id()), new_secret()
        sent |= {"form_id": form_id, "secret": secret}
        number = code_wish.number_of(sent.get("contract_no", ""))
        if not number:
            content = code_wish.question(sent, code_wish.no_number())
            return page(code_wish.TITLE, content, is_private=True, status=422)
        body: dict[str, Any] = {
            "form_id": form_id,
            "secret": secret,
            "identity": "CONFIDENTIAL",
            "tracks": ["WORK_ORDER"],
            "text": code_wish.text_of(number),
            "phone": sent.get("phone", "")[: code_wish.PHONE_CHARACTERS_MAX],
        }
        found = await _gateway(kit, request).send("inspection", "POST", "/public/complaints", body, key=form_id)
        if not found.is_success:
            content = code_wish.question(sent, said_again(found))
            return page(code_wish.TITLE, content, is_private=True, status=422)
        return page(code_wish.TITLE, code_wish.done(found.body), is_private=True)


async def _sent(request: Request) -> dict[str, str]:
    body = (await request.body())[:FORM_BYTES_MAX]
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=FIELDS_MAX))
    except ValueError:
        return {}


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _number(text: str) -> int:
    """Of one digit; 0, which is no number of stars, for anything else."""
    return int(text) if len(text) == 1 and text in "0123456789" else 0


def _gateway(kit: Kit, request: Request) -> Gateway:
    """Without a token: whoever has signed in answers here as a family, too."""
    return Gateway(kit, address=client_address(request, kit.settings.trusted_proxies))
