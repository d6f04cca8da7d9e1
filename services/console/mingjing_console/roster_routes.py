"""The addresses of the roster of grid posts: a file from a form into posts, and the rows that wait."""

from __future__ import annotations

import binascii
from base64 import b64decode
from uuid import UUID

from fastapi import Request
from htpy import Node
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, UNREADABLE, fields_of, key_of, signed_in, words_of
from mingjing_console.gateway import FILE_SECONDS_MAX, Gateway
from mingjing_console.pages import grid_roster as shown
from mingjing_console.pages.deed_forms import refusal
from mingjing_console.pages.shell import page
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"
FILE_BYTES_MAX = 500 * 1024
"""It comes back in a field of the next form, a third longer."""
FORM_BYTES_MAX = 4 * 1024 * 1024
"""What is larger than a file may be, the page itself says."""
ROWS = 100
NO_FILE = ("没有选择文件。", "No file was chosen.")
TOO_LARGE = ("文件超过 500 KB。请分成几份。", "The file is larger than 500 KB. Send it in parts.")


def make_roster_pages(kit: Kit) -> Router:
    """For whoever fills posts."""
    router = Router()
    _sending(router, kit)
    _taking(router, kit)
    _mending(router, kit)
    return router


def _sending(router: Router, kit: Kit) -> None:
    @router.get(shown.PATH)
    async def roster(request: Request) -> Response:
        """The form, and what waits."""
        gateway = signed_in(kit, request)
        return await _page(kit, request, gateway, position=_position(request))

    @router.post(shown.PATH)
    async def preview(request: Request) -> Response:
        """What the file would do."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        try:
            content, name, from_on = await _sent(request)
        except HTTPException:
            return await _page(kit, request, gateway, UNREADABLE, 400)
        if not content or len(content) > FILE_BYTES_MAX:
            return await _page(kit, request, gateway, TOO_LARGE if content else NO_FILE, 422)
        answer = await gateway.upload(OWN, "/grid-post-previews", content, {"from_on": from_on})
        if not answer.is_success:
            return await _page(kit, request, gateway, words_of(answer), answer.status or 503)
        sent = shown.Sent(name=name, content=content, from_on=from_on, preview=answer.body)
        return await _page(kit, request, gateway, sent=sent)


def _taking(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/taking")
    async def take(request: Request) -> Response:
        """The very file that was shown."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        try:
            content = b64decode(form.get("content", ""), validate=True)
        except (binascii.Error, ValueError):
            return await _page(kit, request, gateway, UNREADABLE, 422)
        params = {"from_on": form.get("from_on", "")[:10], "name": form.get("name", "")[:200]}
        answer = await gateway.upload(OWN, "/grid-post-files", content, params)
        if not answer.is_success:
            return await _page(kit, request, gateway, words_of(answer), answer.status or 503)
        return await _page(kit, request, gateway, done=shown.done(answer.body), position=answer.body["position"])


async def _sent(request: Request) -> tuple[bytes, str, str]:
    """The file, its name, and the day that was typed. Raises ``HTTPException`` for a broken form."""
    async with request.form(max_files=1, max_fields=5) as form:
        file, from_on = form.get("file"), str(form.get("from_on", ""))[:10]
        if not isinstance(file, UploadFile):
            return b"", "", from_on
        return await file.read(), (file.filename or "")[:200], from_on


def _mending(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/{{file_id}}/{{row}}")
    async def mend(request: Request, file_id: UUID, row: int) -> Response:
        """One row, with what was put right in it."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        cells = {name: form[name][:200] for name in shown.CELLS if name in form}
        body = {"cells": cells, "from_on": form.get("on", "")[:10]}
        path = f"/grid-post-files/{file_id}/rows/{row}/mending"
        answer = await gateway.send(OWN, "POST", path, body, key=key_of(form))
        if answer.is_success:
            return RedirectResponse(f"{shown.PATH}?at={answer.body['position']}", status_code=303)
        return await _page(kit, request, gateway, words_of(answer), answer.status or 503)


async def _page(
    kit: Kit,
    request: Request,
    gateway: Gateway,
    refused: tuple[str, str] = ("", ""),
    status: int = 200,
    *,
    sent: shown.Sent | None = None,
    done: Node = None,
    position: int = 0,
) -> Response:
    waiting = await gateway.get(OWN, "/grid-post-rows", {"limit": ROWS}, position=position, seconds=FILE_SECONDS_MAX)
    today = shanghai_date(kit.now()).isoformat()
    content = shown.roster(sent, waiting, today, [refusal(refused), done])
    return page(shown.TITLE, content, person=session.name_of(request), is_wide=True, status=status)


def _position(request: Request) -> int:
    text = request.query_params.get("at", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
