"""The addresses at which an export of a hotline is taken in, and at which its columns are explained once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, KEY, UNREADABLE, fields_of, key_of, signed_in, words_of
from mingjing_console.gateway import Gateway
from mingjing_console.page_parts import ROWS, official_page
from mingjing_console.pages import complaint_files as shown
from mingjing_console.pages.deed_forms import refusal
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN: Final = "inspection"
NO_FILE: Final = ("没有选择文件。", "No file was chosen.")
FORM_BYTES_MAX: Final = 32 * 1024 * 1024 + 64 * 1024
"""As the service takes it: one export, and what stands around it."""
NAME_CHARACTERS_MAX: Final = 300
_COLUMN: Final = "column:"


def make_complaint_file_pages(kit: Kit) -> Router:
    """For whoever takes complaints in; the service says who may."""
    router = Router()

    @router.get(shown.PATH)
    async def files(request: Request) -> Response:
        gateway = signed_in(kit, request)
        return await _page(request, gateway)

    @router.post(shown.PATH)
    async def take_in(request: Request) -> Response:
        """The whole file in one request; rows that cannot be read wait."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(request, gateway, FOREIGN, 403)
        try:
            content, name, key = await _sent(request)
        except HTTPException:
            return await _page(request, gateway, UNREADABLE, 400)
        if not content:
            return await _page(request, gateway, NO_FILE, 422)
        answer = await gateway.upload(OWN, "/complaint-files", content, {"name": name}, key=key)
        if not answer.is_success:
            return await _page(request, gateway, words_of(answer), answer.status or 503)
        return await _page(request, gateway, taken=answer.body)

    _explaining(router, kit)
    return router


def _explaining(router: Router, kit: Kit) -> None:
    @router.post(shown.HEADER)
    async def explain(request: Request) -> Response:
        """Which column is which."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return await _page(request, gateway, FOREIGN, 403, said=form)
        columns = {name.removeprefix(_COLUMN): text for name, text in form.items() if name.startswith(_COLUMN)}
        body = {
            "layout": form.get("layout", ""),
            "columns": {field: title.strip() for field, title in columns.items() if title.strip()},
        }
        answer = await gateway.send(OWN, "POST", "/complaint-headers", body, key=key_of(form))
        if not answer.is_success:
            return await _page(request, gateway, words_of(answer), answer.status or 503, said=form)
        return RedirectResponse(shown.PATH, status_code=303)


async def _sent(request: Request) -> tuple[bytes, str, str]:
    """The file, its name, the form's own key. Raises ``HTTPException`` for a broken form."""
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return b"", "", ""
        key = form.get(KEY, "")
        return await file.read(), (file.filename or "")[:NAME_CHARACTERS_MAX], key if isinstance(key, str) else ""


async def _page(
    request: Request,
    gateway: Gateway,
    refused: tuple[str, str] | None = None,
    status: int = 200,
    *,
    said: Mapping[str, str] | None = None,
    taken: Mapping[str, Any] | None = None,
) -> Response:
    position = int(taken["position"]) if taken else 0
    files = await gateway.get(OWN, "/complaint-files", {"limit": ROWS}, position=position)
    headers = await gateway.get(OWN, "/complaint-headers")
    content = shown.front(files, headers, said or {}, refused=refusal(refused) if refused else None, taken=taken)
    return official_page(request, shown.TITLE, content, status)
