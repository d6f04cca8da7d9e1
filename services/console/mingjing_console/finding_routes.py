"""The addresses of findings, rectifications, draws and joint operations, as inspection says them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from mingjing_console.acting import gateway_of, signed_in
from mingjing_console.called import all_called, called
from mingjing_console.gateway import Answer
from mingjing_console.operation_routes import visits_of
from mingjing_console.page_parts import (
    PDF,
    XLSX,
    asked_of,
    exported,
    file_of,
    is_export,
    page_of,
    position_of,
    wanted_of,
)
from mingjing_console.pages import (
    bulletin,
    complaint_bulletin,
    draws,
    findings,
    operations,
    overdue,
    rectifications,
)
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"
ORDERS = 20
POOLED = 200
FIGURE_DAYS = 30
_JSON, _PYTHON = "application/json", "text/x-python; charset=utf-8"


def make_finding_pages(kit: Kit) -> Router:
    """Draws for everybody; the rest for whoever has signed in."""
    router = Router()
    _findings(router, kit)
    _rectifications(router, kit)
    _overdue(router, kit)
    _draws(router, kit)
    _operations(router, kit)
    _bulletin(router, kit, bulletin, "/bulletin", "/bulletins")
    _bulletin(router, kit, complaint_bulletin, "/complaint-bulletin", "/complaint-bulletins")
    return router


def _findings(router: Router, kit: Kit) -> None:
    @router.get(findings.PATH)
    async def listed(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "stage", "is_open", "is_overdue", "visit_id")
        now = kit.now()
        period: dict[str, str | int] = {
            "since": (now - timedelta(days=FIGURE_DAYS)).isoformat(),
            "until": now.isoformat(),
        }
        found, figures = await asyncio.gather(
            gateway.get(OWN, "/findings", wanted_of(request, asked), position=position_of(request)),
            gateway.get(OWN, "/finding-figures", period),
        )
        return page_of(request, findings.TITLE, findings.listed(asked, found, figures), found)

    @router.get(f"{findings.PATH}/{{finding_id}}")
    async def one(request: Request, finding_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/findings/{finding_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, findings.TITLE, trouble(row), row)
        of: dict[str, str | int] = {"institution_id": row.body["institution_id"] or "", "limit": ORDERS}
        may, suggestion, orders = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"),
            gateway.get(OWN, f"{path}/suggestion"),
            gateway.get(OWN, "/rectifications", of) if row.body["institution_id"] else _nothing(),
        )
        row = await called(kit, row, "reported_by")
        own = [one for one in orders.items if one["finding_id"] == str(finding_id)]
        return page_of(request, findings.TITLE, findings.one(row.body, may, suggestion, own), row)


def _rectifications(router: Router, kit: Kit) -> None:
    @router.get(rectifications.PATH)
    async def listed(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "stage")
        found, ledger = await asyncio.gather(
            gateway.get(OWN, "/rectifications", wanted_of(request, asked), position=position_of(request)),
            gateway.get(OWN, "/rectification-ledger"),
        )
        return page_of(request, rectifications.TITLE, rectifications.listed(asked, found, ledger), found)

    @router.get(f"{rectifications.PATH}/{{rectification_id}}")
    async def one(request: Request, rectification_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/rectifications/{rectification_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, rectifications.TITLE, trouble(row), row)
        may = await gateway.get(OWN, f"{path}/available-actions")
        return page_of(request, (row.body["name"], ""), rectifications.one(row.body, may), row)

    @router.get(f"{rectifications.PATH}/{{rectification_id}}/notice")
    async def notice(request: Request, rectification_id: UUID) -> Response:
        """As the service prints it."""
        gateway = signed_in(kit, request)
        found = await gateway.file(OWN, f"/rectifications/{rectification_id}/notice")
        return file_of(request, found, rectifications.NOTICE, PDF, f"rectification-{rectification_id}.pdf")


def _overdue(router: Router, kit: Kit) -> None:
    @router.get(overdue.PATH)
    async def notices(request: Request) -> Response:
        """For departments, and for institutions about their own duties."""
        gateway = signed_in(kit, request)
        asked = asked_of(request, "level", "kind", "is_read", "is_mine")
        if is_export(request):
            return await exported(request, gateway, (OWN, overdue.PATH), asked, overdue.TITLE)
        found = await gateway.get(OWN, overdue.PATH, wanted_of(request, asked), position=position_of(request))
        found = await called(kit, found, "people", "waits_for")
        return page_of(request, overdue.TITLE, overdue.listed(asked, found), found)


def _draws(router: Router, kit: Kit) -> None:
    @router.get(draws.PATH)
    async def listed(request: Request) -> Response:
        """Published by law: for everybody."""
        asked = asked_of(request)
        found = await gateway_of(kit, request).get(OWN, "/public/draws", wanted_of(request, asked))
        return page_of(request, draws.TITLE, draws.listed(asked, found), found)

    @router.get(draws.ALGORITHM)
    async def algorithm(request: Request) -> Response:
        """The one file that draws, and checks."""
        found = await gateway_of(kit, request).file(OWN, "/public/draw.py")
        return file_of(request, found, draws.TITLE, _PYTHON, "draw.py")

    @router.get(f"{draws.PATH}/{{draw_id}}")
    async def one(request: Request, draw_id: UUID) -> Response:
        attempt = _attempt(request)
        found = await gateway_of(kit, request).get(OWN, f"/public/draws/{draw_id}/notice", attempt)
        if not found.is_there:
            return page_of(request, draws.TITLE, trouble(found), found)
        content = draws.one(found.body, str(draw_id), str(attempt.get("attempt", "")))
        return page_of(request, (found.body["title"], "Double-random draw"), content, found)

    @router.get(f"{draws.PATH}/{{draw_id}}/notice")
    async def notice(request: Request, draw_id: UUID) -> Response:
        """The very bytes that are to be kept and checked."""
        found = await gateway_of(kit, request).file(OWN, f"/public/draws/{draw_id}/notice", _attempt(request))
        return file_of(request, found, draws.TITLE, _JSON, f"draw-{draw_id}.json")


def _operations(router: Router, kit: Kit) -> None:
    @router.get(operations.PATH)
    async def listed(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "stage")
        found = await gateway.get(OWN, "/operations", wanted_of(request, asked), position=position_of(request))
        return page_of(request, operations.TITLE, operations.listed(asked, found), found)

    @router.get(f"{operations.PATH}/{{operation_id}}")
    async def one(request: Request, operation_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/operations/{operation_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, operations.TITLE, trouble(row), row)
        may, summary, timeline, pool = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"),
            gateway.get(OWN, f"{path}/summary"),
            gateway.get(OWN, f"{path}/timeline"),
            gateway.get(OWN, f"{path}/evidence", {"limit": POOLED}),
        )
        visits = Answer(200, {"items": await visits_of(gateway, operation_id, row.body)})
        told = await all_called(kit, [timeline, pool, visits], "by", "officer", with_account=True)
        seen = operations.Seen(may=may, summary=summary, timeline=told[0], pool=told[1], visits=told[2].items)
        return page_of(request, (row.body["title"], "Joint operation"), operations.one(row.body, seen), row)


def _bulletin(router: Router, kit: Kit, page: Any, figures_at: str, issued_at: str) -> None:
    """A bulletin's page and its files: ``page`` says how it is shown, the addresses are inspection's."""

    @router.get(page.PATH)
    async def figures(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "on")
        on: dict[str, str | int] = {"on": asked["on"]} if asked["on"] else {}
        found = await called(kit, await gateway.get(OWN, figures_at, on), "officer")
        return page_of(request, page.TITLE, page.shown(asked, found), found)

    @router.get(f"{page.PATH}/{{on}}.{{form}}")
    async def file(request: Request, on: date, form: Literal["pdf", "xlsx"]) -> Response:
        """The issued document, or the table."""
        gateway = signed_in(kit, request)
        name = f"{page.PATH.removeprefix('/')}-{on.isoformat()}.{form}"
        if form == "pdf":
            found = await gateway.file(OWN, f"{issued_at}/{on.isoformat()}")
            return file_of(request, found, page.TITLE, PDF, name)
        found = await gateway.file(OWN, figures_at, {"on": on.isoformat(), "format": "xlsx"})
        return file_of(request, found, page.TITLE, XLSX, name)


async def _nothing() -> Answer:
    return Answer(0)


def _attempt(request: Request) -> dict[str, str | int]:
    text = request.query_params.get("attempt", "")
    return {"attempt": int(text)} if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 10**6 else {}
