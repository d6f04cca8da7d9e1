"""The addresses of custody: totals, the accounts of a group, one account down to the bank's lines, and the files."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.act_routes import SIGN_IN
from mingjing_console.acting import gateway_of
from mingjing_console.pages import custody as shown
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import HEADERS, page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

FUNDS = "funds"
ROWS = 200
PLAIN = 100
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_NO_FILE = ("没有文件", "No file")


def make_custody_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _totals(router, kit)
    _accounts(router, kit)
    _file(router, kit)
    return router


def _totals(router: Router, kit: Kit) -> None:
    @router.get(shown.PATH)
    async def custody(request: Request) -> Response:
        """All, one kind of group, and the alerts."""
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        asked = _asked(request, "day", "by")
        day = _said(asked, "day")
        found = await asyncio.gather(
            gateway.get(FUNDS, "/reports/custody", day),
            gateway.get(FUNDS, "/reports/custody", day | {"by": asked["by"] or "region", "limit": ROWS}),
            gateway.get(FUNDS, "/reports/alerts", {"limit": ROWS} | ({"until": asked["day"]} if asked["day"] else {})),
        )
        content = shown.custody(asked, shown.Seen(totals=found[0], groups=found[1], alerts=found[2]))
        return page(shown.TITLE, content, person=session.name_of(request), is_wide=True)


def _accounts(router: Router, kit: Kit) -> None:
    @router.get(shown.ACCOUNTS)
    async def accounts(request: Request) -> Response:
        """What a total is made of."""
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        asked = _asked(request, "day", "by", "key") | {"after": request.query_params.get("after", "")[:2_000]}
        found = await gateway.get(FUNDS, "/reports/custody/accounts", _said(asked, *asked) | {"limit": PLAIN})
        content = shown.accounts(asked, found)
        return page(shown.RISKS, content, person=session.name_of(request), is_wide=True)

    @router.get(f"{shown.ACCOUNTS}/{{account_id}}")
    async def account(request: Request, account_id: UUID, after: int = Query(default=0, ge=0)) -> Response:
        """Its books, its postings and the bank's lines."""
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        found, postings, entries = await asyncio.gather(
            gateway.get(FUNDS, f"/accounts/{account_id}"),
            gateway.get(FUNDS, f"/accounts/{account_id}/postings", {"limit": ROWS, "after": after}),
            gateway.get(FUNDS, "/accounts/entries", {"account_id": str(account_id), "limit": ROWS}),
        )
        content = shown.account(str(account_id), found, postings, entries)
        status = 200 if found.is_there else found.status or 503
        return page(shown.ACCOUNT, content, person=session.name_of(request), is_wide=True, status=status)


def _file(router: Router, kit: Kit) -> None:
    @router.get(f"{shown.PATH}/file")
    async def custody_file(request: Request) -> Response:
        """One of the reports, whole."""
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        name = request.query_params.get("name", "")
        name = name if name in shown.FILES else "custody"
        form = "csv" if request.query_params.get("format") == "csv" else "xlsx"
        asked = _asked(request, "day", "by", "key", "until")
        found = await gateway.file(FUNDS, shown.FILES[name][0], _said(asked, *asked) | {"format": form})
        if not found.is_there:
            return page(_NO_FILE, trouble(found), person=session.name_of(request), status=found.status or 503)
        headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"}
        return Response(found.body, media_type=_MEDIA[form], headers=HEADERS | headers)


def _asked(request: Request, *names: str) -> dict[str, str]:
    asked = {name: request.query_params.get(name, "").strip()[:PLAIN] for name in names}
    return asked | ({"by": asked["by"] if asked["by"] in shown.BY else ""} if "by" in asked else {})


def _said(asked: dict[str, str], *names: str) -> dict[str, str | int]:
    """What was filled in."""
    return {name: asked[name] for name in names if asked[name]}
