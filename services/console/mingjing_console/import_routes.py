"""The addresses of the import pages: a file on its way from a form into the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from htpy import Node
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mingjing_console import import_words, session
from mingjing_console.acting import FOREIGN, UNREADABLE, Form, fields_of, key_of, signed_in, words_of
from mingjing_console.gateway import FILE_SECONDS_MAX, Answer, Gateway
from mingjing_console.pages import importing as shown
from mingjing_console.pages import platform_roster
from mingjing_console.pages.deed_forms import refusal
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "registry"
PATHS = {"": "/imports/previews", "staff": "/imports/staff/previews", "roster": "/roster/previews"}
"""Where a file of each sort waits."""
ROWS = 50
FILE_BYTES_MAX = 20_100_000
"""What the registry takes, and the form around it."""
NAME_LENGTH_MAX = 300
NO_FILE = ("没有选择文件。", "No file was chosen.")
NO_COLUMN = (
    "没有为任何一列选择含义；不导入此表的，请选“不导入此表”。",
    "No column was said to mean anything. To leave the table out, choose so.",
)


def make_import_pages(kit: Kit) -> Router:
    """For whoever keeps a register."""
    router = Router()
    _front(router, kit)
    _looking(router, kit)
    _deciding(router, kit)
    return router


def _front(router: Router, kit: Kit) -> None:
    @router.get("/imports")
    async def imports(request: Request) -> Response:
        gateway = signed_in(kit, request)
        return await _front_page(request, gateway)

    @router.post("/imports")
    async def send(request: Request) -> Response:
        gateway = signed_in(kit, request)
        if not session.is_same_site(request):
            return await _front_page(request, gateway, FOREIGN, 403)
        try:
            content, params = await _sent(request)
            path = PATHS.get(params.pop("sort", ""), PATHS[""])
        except HTTPException:
            return await _front_page(request, gateway, UNREADABLE, 400)
        if not content:
            return await _front_page(request, gateway, NO_FILE, 422)
        answer = await gateway.upload(OWN, path, content, params)
        if answer.is_success:
            return RedirectResponse(f"/imports/{answer.body['preview_id']}", status_code=303)
        return await _front_page(request, gateway, words_of(answer), answer.status or 503)


async def _sent(request: Request) -> tuple[bytes, dict[str, str]]:
    """The file, and what was typed beside it. Raises ``HTTPException`` for a broken form."""
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return b"", {}
        said = {key: str(form.get(key, "")).strip()[:100] for key in ("sender", "stated_on", "sort")}
        name = (file.filename or "")[:NAME_LENGTH_MAX]
        return await file.read(), {"name": name, **{key: text for key, text in said.items() if text}}


async def _front_page(
    request: Request, gateway: Gateway, refused: tuple[str, str] | None = None, status: int = 200
) -> Response:
    after = request.query_params.get("after", "")[:2_000]
    found = await gateway.get(OWN, "/imports", {"limit": ROWS} | ({"after": after} if after else {}))
    return _page(request, shown.IMPORTS, shown.front(found, refusal(refused) if refused else None), status)


def _looking(router: Router, kit: Kit) -> None:
    @router.get(platform_roster.PATH)
    async def taken_roster(request: Request) -> Response:
        """The platform's roster as it was taken last, and where it differs."""
        gateway = signed_in(kit, request)
        kind = request.query_params.get("kind", "")
        kind = kind if kind in platform_roster.KIND else ""
        after, at = request.query_params.get("after", "")[:2_000], _position(request)
        asked = {name: text for name, text in (("kind", kind), ("after", after)) if text}
        state = await gateway.get(OWN, "/roster", position=at)
        differences = await gateway.get(OWN, "/roster/differences", {"limit": ROWS, **asked}, position=at)
        return _page(request, platform_roster.TITLE, platform_roster.roster(state, differences, kind))

    @router.get("/imports/{preview_id}")
    async def preview(
        request: Request,
        preview_id: UUID,
        what: str = Query(default="", max_length=20),
        after: int = Query(default=0, ge=0, le=1_000_000),
    ) -> Response:
        gateway = signed_in(kit, request)
        return await _preview_page(request, gateway, preview_id, what, after)

    @router.get("/imports/done/{import_id}")
    async def done(request: Request, import_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        found = await gateway.get(OWN, f"/imports/{import_id}", position=_position(request), seconds=FILE_SECONDS_MAX)
        if not found.is_there:
            return _page(request, shown.DONE, trouble(found), found.status or 503)
        return _page(request, shown.DONE, shown.done(found.body))


async def _preview_page(
    request: Request,
    gateway: Gateway,
    preview_id: UUID,
    what: str = "",
    after: int = 0,
    refused: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    path, found = await _waiting(gateway, preview_id)
    if not found.is_there:
        return _page(request, shown.PREVIEW, trouble(found), found.status or 503)
    what, listed = what if what in (*import_words.WHAT, "omitted") else "", None
    if found.body["seen"]:
        asked: dict[str, str | int] = {"limit": ROWS, "after": after} | ({"what": what} if what else {})
        listed = await gateway.get(OWN, f"{path}/rows", asked, seconds=FILE_SECONDS_MAX)
    is_roster = path.startswith(PATHS["roster"])
    content = shown.preview(found.body, listed, what, refusal(refused) if refused else None, is_roster=is_roster)
    return _page(request, shown.PREVIEW, content, status)


async def _waiting(gateway: Gateway, preview_id: UUID) -> tuple[str, Answer]:
    """Where the registry has this waiting file, and what it says of it: institutions and staff wait apart."""
    path, *others = (f"{prefix}/{preview_id}" for prefix in PATHS.values())
    found = await gateway.get(OWN, path, seconds=FILE_SECONDS_MAX)
    for other in others:
        if found.status == 404:
            path, found = other, await gateway.get(OWN, other, seconds=FILE_SECONDS_MAX)
    return path, found


def _deciding(router: Router, kit: Kit) -> None:
    @router.post("/imports/{preview_id}/{way}")
    async def decide(request: Request, preview_id: UUID, way: str) -> Response:
        """Confirm the columns, confirm the import, or drop the file."""
        gateway = signed_in(kit, request)
        if way not in ("mapping", "confirmation", "dropping"):
            return RedirectResponse(f"/imports/{preview_id}", status_code=303)
        if not session.is_same_site(request):
            return await _preview_page(request, gateway, preview_id, refused=FOREIGN, status=403)
        form, (path, _) = await fields_of(request), await _waiting(gateway, preview_id)
        try:
            answer = await _decided(gateway, path, way, form)
        except ValueError:
            return await _preview_page(request, gateway, preview_id, refused=NO_COLUMN, status=422)
        if not answer.is_success:
            status = answer.status or 503
            return await _preview_page(request, gateway, preview_id, refused=words_of(answer), status=status)
        if way == "confirmation":
            at = urlencode({"at": answer.body["position"]})
            if path.startswith(PATHS["roster"]):
                return RedirectResponse(f"{platform_roster.PATH}?{at}", status_code=303)
            return RedirectResponse(f"/imports/done/{answer.body['import_id']}?{at}", status_code=303)
        return RedirectResponse("/imports" if way == "dropping" else f"/imports/{preview_id}", status_code=303)


async def _decided(gateway: Gateway, path: str, way: str, form: Form) -> Answer:
    """What the registry says to it. Raises ``ValueError`` for a table that is to be taken by none of its columns."""
    if way == "dropping":
        return await gateway.send(OWN, "DELETE", path, {})
    body: dict[str, Any] = {"seen": form.get("seen", "")[:100], "as_it_stands": "as_it_stands" in form}
    if path.startswith(PATHS["roster"]):
        body["is_whole"] = "is_part" not in form
    if way == "mapping":
        before = await gateway.get(OWN, path, seconds=FILE_SECONDS_MAX)
        if not before.is_there:
            return before
        body = {"tables": _tables(before.body["tables"], form)}
    return await gateway.send(OWN, "POST", f"{path}/{way}", body, key=key_of(form), seconds=FILE_SECONDS_MAX)


def _tables(tables: list[dict[str, Any]], form: Form) -> list[dict[str, Any]]:
    """The tables that the form asked about, with the labels as the file has them."""
    return [
        _table(table, {name.removeprefix(f"t{at}."): text for name, text in form.items() if name.startswith(f"t{at}.")})
        for at, table in enumerate(tables)
        if table["columns"] and f"t{at}.kind" in form
    ]


def _table(table: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    kind, rows = said["kind"], said.get("rows", "1")
    constant, text = said.get("constant", ""), said.get("text", "").strip()
    columns = table["columns"]
    fields = [said.get(str(number), "") if kind else "" for number in range(len(columns))]
    if kind and not any(fields):
        raise ValueError(table["sheet"])  # the registry would hear: leave the table out
    return {
        "header": [column["label"] for column in columns],
        "fields": fields,
        "kind": kind or "register",
        "header_rows": int(rows) if rows in shown.HEADER_ROWS else 1,
        "constants": {constant: text} if kind and constant and text else {},
    }


def _page(request: Request, title: tuple[str, str], content: Node, status: int = 200) -> Response:
    return page(title, content, person=session.name_of(request), is_wide=True, status=status)


def _position(request: Request) -> int:
    text = request.query_params.get("at", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
