"""The addresses of the base ledger: the page, and the files that the registry makes of it."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.act_routes import OWN
from mingjing_console.acting import signed_in
from mingjing_console.pages import ledger as shown
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import HEADERS, page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

ROWS = 100
TOWN_DIGITS = 9
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_NO_FILE = ("没有文件", "No file")


def make_ledger_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _page(router, kit)
    _files(router, kit)
    return router


def _page(router: Router, kit: Kit) -> None:
    @router.get(shown.PATH)
    async def ledger(request: Request) -> Response:
        """The figures of the day that is asked about, or of now."""
        gateway = signed_in(kit, request)
        asked = {name: _param(request, name) for name in ("as_of", "kind", "region", "base_on")}
        place = _said(asked, "as_of", "kind", "region")
        since = _said(asked, "as_of", "kind", "region", "base_on")
        found = await asyncio.gather(
            gateway.get(OWN, "/ledger/totals", place),
            gateway.get(OWN, "/ledger/reduction/totals", {"kind": "all"} | since),
            gateway.get(OWN, "/export-profiles"),
            *(gateway.get(OWN, "/ledger", place | _by(name) | {"limit": ROWS}) for name in shown.BY),
        )
        groups = dict(zip(shown.BY, found[3:], strict=True))
        seen = shown.Seen(totals=found[0], reduction=found[1], profiles=found[2], groups=groups)
        content = shown.ledger(asked, seen)
        return page(shown.TITLE, content, person=session.name_of(request), is_wide=True)


def _files(router: Router, kit: Kit) -> None:
    @router.get(f"{shown.PATH}/file")
    async def ledger_file(request: Request) -> Response:
        """One of the page's tables, whole."""
        form = "csv" if _param(request, "format") == "csv" else "xlsx"
        by = _param(request, "by") if _param(request, "by") in shown.BY else "category"
        asked = {name: _param(request, name) for name in ("as_of", "kind", "region")}
        wanted = _said(asked, "as_of", "kind", "region") | _by(by) | {"format": form}
        return await _file(kit, request, "/ledger", wanted, f"ledger-{by}.{form}")

    @router.get(f"{shown.PATH}/exports/{{name}}")
    async def ledger_export(request: Request, name: str) -> Response:
        """The ledger as a platform wants it."""
        safe = "".join(one for one in name if one.isascii() and (one.isalnum() or one == "-"))[:60] or "-"
        wanted = _said({"as_of": _param(request, "as_of")}, "as_of") | {"format": "xlsx"}
        return await _file(kit, request, f"/ledger/exports/{safe}", wanted, f"{safe}.xlsx")


async def _file(kit: Kit, request: Request, path: str, wanted: dict[str, str | int], name: str) -> Response:
    """Under the visitor's own rights."""
    gateway = signed_in(kit, request)
    found = await gateway.file(OWN, path, wanted)
    if not found.is_there:
        return page(_NO_FILE, trouble(found), person=session.name_of(request), status=found.status or 503)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(found.body, media_type=_MEDIA[name.rpartition(".")[2]], headers=HEADERS | headers)


def _param(request: Request, name: str) -> str:
    return request.query_params.get(name, "").strip()[:40]


def _said(asked: dict[str, str], *names: str) -> dict[str, str | int]:
    """What was filled in."""
    return {name: asked[name] for name in names if asked[name]}


def _by(name: str) -> dict[str, str | int]:
    return {"by": name} | ({"area_digits": TOWN_DIGITS} if name == "area" else {})
