"""The addresses of the pages that prove: the read log, receipts, case files."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import signed_in
from mingjing_console.gateway import Gateway
from mingjing_console.pages import reads as reads_page
from mingjing_console.pages import receipt as receipt_page
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import page
from mingjing_console.words import SERVICE
from mingjing_kernel.audit.check_proof import check, load
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address

ROWS_MAX = 50
FORM_BYTES_MAX = 256 * 1024
RECEIPTS_OF = ("inspection",)
"""The services that give receipts."""


def make_audit_pages(kit: Kit) -> Router:
    """For auditors, and for whoever holds a receipt."""
    router = Router()
    _reads(router, kit)
    _receipts(router, kit)
    _cases(router, kit)
    _proofs(router, kit)
    return router


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/reads")
    async def reads(
        request: Request,
        reader: str = Query(default="", max_length=200),
        thing: str = Query(default="", max_length=200),
        day: str = Query(default="", max_length=10),
        service: str = Query(default="", max_length=20),
        after: str = Query(default="", max_length=2_000),
    ) -> Response:
        gateway = signed_in(kit, request)
        asked = {name: text for name, text in (("reader", reader), ("thing", thing), ("day", day)) if text.strip()}
        services = [service] if service in SERVICE else list(SERVICE)
        wanted: dict[str, str | int] = {**asked, "limit": ROWS_MAX}
        if after:
            wanted["after"] = after
        on: dict[str, str | int] = {"day": day} if day else {}
        found = await asyncio.gather(
            *(gateway.get(name, "/reads", wanted) for name in services),
            *(gateway.get(name, "/reads/volumes", on) for name in services),
        )
        lists = dict(zip(services, found[: len(services)], strict=True))
        volumes = dict(zip(services, found[len(services) :], strict=True))
        content = reads_page.reads(asked, lists, volumes)
        return page(reads_page.TITLE, content, person=_name(request), is_wide=True)

    @router.get("/reads/file")
    async def reads_file(request: Request, service: str = Query(max_length=20)) -> Response:
        asked: dict[str, str | int] = {
            name: text for name in ("reader", "thing", "day") if (text := request.query_params.get(name, "")[:200])
        }
        if service not in SERVICE:
            return RedirectResponse("/reads", status_code=303)
        return await _passed_on(kit, request, service, "/reads", asked | {"format": "csv"}, f"{service}-reads.csv")


def _receipts(router: Router, kit: Kit) -> None:
    @router.get("/receipts")
    async def receipts(request: Request, number: str = Query(default="", max_length=60)) -> Response:
        content: list[Any] = [receipt_page.question(number)]
        if number.strip():
            asked = [_gateway(kit, request).get(name, f"/receipts/{_safe(number)}") for name in RECEIPTS_OF]
            answers = await asyncio.gather(*asked)
            content.append(receipt_page.standing(next((one for one in answers if one.is_there), answers[0])))
        content.append(receipt_page.check_form())
        return page(receipt_page.TITLE, content, person=_name(request))

    @router.post("/receipts")
    async def check_receipt(request: Request) -> Response:
        body = (await request.body())[:FORM_BYTES_MAX]
        sent = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=4))
        gateway = _gateway(kit, request)
        keys = await asyncio.gather(*(gateway.get(name, "/log/key") for name in RECEIPTS_OF))
        vkeys = [str(one.body["vkey"]) for one in keys if one.is_there]
        try:
            document = load(sent.get("receipt", ""))
        except (ValueError, RecursionError):
            document = None
        checked = check(document, vkeys, sent.get("filed", "").strip().encode() or None)
        content = [receipt_page.verdict(checked), receipt_page.check_form()]
        return page(receipt_page.TITLE, content, person=_name(request))


def _cases(router: Router, kit: Kit) -> None:
    @router.get("/cases/{service}/{kind}/{case_id}")
    async def case_file(request: Request, service: str, kind: str, case_id: UUID) -> Response:
        """The part of one log, for an auditor."""
        if service not in SERVICE or not kind.replace("-", "").isalpha():
            return RedirectResponse("/", status_code=303)
        name = f"{service}-{kind}-{case_id}.case.zip"
        return await _passed_on(kit, request, service, f"/log/cases/{_safe(kind)}/{case_id}", {}, name)


def _proofs(router: Router, kit: Kit) -> None:
    @router.get("/proofs/{service}/{position}")
    async def proof(request: Request, service: str, position: int) -> Response:
        """That the log holds one entry, for whoever checks it with ``check_proof.py``."""
        if service not in SERVICE:
            return RedirectResponse("/", status_code=303)
        name = f"{service}-{position}.proof.json"
        return await _passed_on(kit, request, service, "/log/proof/inclusion", {"position": position}, name)


async def _passed_on(
    kit: Kit, request: Request, service: str, path: str, asked: dict[str, str | int], name: str
) -> Response:
    """A file of a service, under the visitor's own rights."""
    gateway = signed_in(kit, request)
    answer = await gateway.file(service, path, asked)
    if not answer.is_there:
        return page(("没有文件", "No file"), trouble(answer), person=_name(request), status=answer.status or 503)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(answer.body, media_type="application/octet-stream", headers=headers)


def _safe(text: str) -> str:
    """For a path: letters, digits and dashes; whatever else was typed is no number."""
    return "".join(one for one in text.strip() if one.isascii() and (one.isalnum() or one == "-")) or "-"


def _gateway(kit: Kit, request: Request) -> Gateway:
    return Gateway(kit, session.token_of(request), client_address(request, kit.settings.trusted_proxies))


def _name(request: Request) -> str:
    return session.name_of(request)
