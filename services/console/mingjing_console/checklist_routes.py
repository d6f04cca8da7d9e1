"""The addresses of checklists: a file from a form into a proposal, its columns confirmed on the way; the decision."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from urllib.parse import quote

from fastapi import Request
from htpy import Node
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, UNREADABLE, Form, fields_of, key_of, signed_in, words_of
from mingjing_console.called import called
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.page_parts import official_page
from mingjing_console.pages import checklists as shown
from mingjing_console.pages.deed_forms import refusal
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"
FILE_BYTES_MAX = 500 * 1024
"""It comes back in a field of the next form, a third longer."""
FORM_BYTES_MAX = 4 * 1024 * 1024
"""What is larger than a file may be, the page itself says."""
COLUMNS_MAX = 100
NO_FILE = ("没有选择文件。", "No file was chosen.")
TOO_LARGE = ("文件超过 500 KB。", "The file is larger than 500 KB.")
TEXT_MAX = 100
PROPOSED = ("name", "sender", "reason", "effective_from")
"""What is said beside a file that is proposed."""


class _Broken(Exception):
    """A form that no page of ours made."""


def make_checklist_pages(kit: Kit) -> Router:
    """For whoever proposes checklists, and whoever approves them."""
    router = Router()
    _looking(router, kit)
    _proposing(router, kit)
    _confirming(router, kit)
    _deciding(router, kit)
    return router


def _looking(router: Router, kit: Kit) -> None:
    @router.get(shown.PATH)
    async def checklists(request: Request) -> Response:
        """The form, the versions, and what is remembered."""
        gateway = signed_in(kit, request)
        return await _page(kit, request, gateway)

    @router.post(shown.PATH)
    async def preview(request: Request) -> Response:
        """What the file says."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        try:
            content, name, sender = await _sent(request)
        except HTTPException:
            return await _page(kit, request, gateway, UNREADABLE, 400)
        if not content or len(content) > FILE_BYTES_MAX:
            return await _page(kit, request, gateway, TOO_LARGE if content else NO_FILE, 422)
        return await _previewed(kit, request, gateway, (content, name, sender))


def _proposing(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/proposal")
    async def propose(request: Request) -> Response:
        """The very file that was shown."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        try:
            content = _carried(form)
        except _Broken:
            return await _page(kit, request, gateway, UNREADABLE, 422)
        version = form.get("version", "").strip()[:TEXT_MAX]
        params = {name: form.get(name, "").strip()[:TEXT_MAX] for name in PROPOSED}
        path = f"/checklist-proposals/{quote(version, safe='')}"
        answer = await gateway.upload(OWN, path, content, params, method="PUT", key=key_of(form))
        if answer.is_success:
            return await _page(kit, request, gateway, above=shown.proposed(version))
        return await _previewed(
            kit, request, gateway, (content, params["name"], params["sender"]), words_of(answer), answer.status or 503
        )


def _confirming(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/mapping")
    async def confirm(request: Request) -> Response:
        """What each column holds, and then the file read so."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        try:
            content, header = _carried(form), _header(form)
        except _Broken:
            return await _page(kit, request, gateway, UNREADABLE, 422)
        sender, name = (form.get(one, "").strip()[:TEXT_MAX] for one in ("sender", "name"))
        fields = [form.get(f"{shown.COLUMN}{at}", "")[:TEXT_MAX] for at in range(len(header))]
        body = {"sender": sender, "header": header, "fields": fields}
        answer = await gateway.send(OWN, "POST", "/checklist-mappings", body)
        refused = ("", "") if answer.is_success else words_of(answer)
        status = 200 if answer.is_success else answer.status or 503
        return await _previewed(kit, request, gateway, (content, name, sender), refused, status)

    @router.post(f"{shown.PATH}/mapping/withdrawal")
    async def withdraw_mapping(request: Request) -> Response:
        """It is a question again."""
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        try:
            header = _header(form)
        except _Broken:
            return await _page(kit, request, gateway, UNREADABLE, 422)
        body = {"sender": form.get("sender", ""), "header": header, "reason": form.get("reason", "").strip()}
        answer = await gateway.send(OWN, "POST", "/checklist-mappings/withdrawal", body, key=key_of(form))
        return await _after(kit, request, gateway, answer)


def _deciding(router: Router, kit: Kit) -> None:
    @router.post(f"{shown.PATH}/{{version}}/approval")
    async def approve(request: Request, version: str) -> Response:
        """Not by its proposer; the service says so."""
        return await _decide(request, version, "approval", with_reason=False)

    @router.post(f"{shown.PATH}/{{version}}/withdrawal")
    async def withdraw(request: Request, version: str) -> Response:
        """Before anybody approved it."""
        return await _decide(request, version, "withdrawal", with_reason=True)

    async def _decide(request: Request, version: str, step: str, *, with_reason: bool) -> Response:
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _page(kit, request, gateway, FOREIGN, 403)
        form = await fields_of(request)
        body = {"reason": form.get("reason", "").strip()} if with_reason else {}
        path = f"/checklist-proposals/{quote(version[:TEXT_MAX], safe='')}/{step}"
        return await _after(kit, request, gateway, await gateway.send(OWN, "POST", path, body, key=key_of(form)))


async def _sent(request: Request) -> tuple[bytes, str, str]:
    """The file, its name, and who wrote it. Raises ``HTTPException`` for a broken form."""
    async with request.form(max_files=1, max_fields=5) as form:
        file, sender = form.get("file"), str(form.get("sender", "")).strip()[:TEXT_MAX]
        if not isinstance(file, UploadFile):
            return b"", "", sender
        return await file.read(FILE_BYTES_MAX + 1), (file.filename or "")[:TEXT_MAX], sender


def _carried(form: Form) -> bytes:
    """The file that came with the page. Raises ``_Broken``."""
    try:
        return b64decode(form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise _Broken from wrong


def _header(form: Form) -> list[str]:
    """Raises ``_Broken``."""
    try:
        found = json.loads(form.get("header", ""))
    except (ValueError, RecursionError) as wrong:
        raise _Broken from wrong
    is_list = isinstance(found, list) and 0 < len(found) <= COLUMNS_MAX
    if not is_list or not all(isinstance(one, str) for one in found):
        raise _Broken
    return [str(one) for one in found]


async def _previewed(
    kit: Kit,
    request: Request,
    gateway: Gateway,
    file: tuple[bytes, str, str],
    refused: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    content, name, sender = file
    answer = await gateway.upload(OWN, "/checklist-previews", content, {"sender": sender})
    if not answer.is_success:
        return await _page(kit, request, gateway, words_of(answer), answer.status or 503)
    sent = shown.Sent(name=name, sender=sender, content=content, preview=answer.body)
    return await _page(kit, request, gateway, refused, status, sent=sent)


async def _after(kit: Kit, request: Request, gateway: Gateway, answer: Answer) -> Response:
    if answer.is_success:
        return RedirectResponse(shown.PATH, status_code=303)
    return await _page(kit, request, gateway, words_of(answer), answer.status or 503)


async def _page(
    kit: Kit,
    request: Request,
    gateway: Gateway,
    refused: tuple[str, str] = ("", ""),
    status: int = 200,
    *,
    above: Node = None,
    sent: shown.Sent | None = None,
) -> Response:
    known = await gateway.get(OWN, "/checklists")
    proposals = await called(kit, await gateway.get(OWN, "/checklist-proposals"), "proposed_by")
    mappings = await gateway.get(OWN, "/checklist-mappings")
    today = shanghai_date(kit.now()).isoformat()
    content = shown.shown(known, proposals, mappings, today, [refusal(refused), above], sent)
    return official_page(request, shown.TITLE, content, status)
