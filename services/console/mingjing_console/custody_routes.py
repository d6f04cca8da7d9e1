"""The addresses of custody: totals, the accounts of a group, and the files; one account has a page of its own."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.responses import Response

from mingjing_console.acting import signed_in
from mingjing_console.page_parts import XLSX, file_of, official_page
from mingjing_console.pages import custody as shown
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

FUNDS = "funds"
ROWS = 200
PLAIN = 100
_MEDIA = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
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
        gateway = signed_in(kit, request)
        asked = _asked(request, "day", "by")
        day = _said(asked, "day")
        found = await asyncio.gather(
            gateway.get(FUNDS, "/reports/custody", day),
            gateway.get(FUNDS, "/reports/custody", day | {"by": asked["by"] or "region", "limit": ROWS}),
            gateway.get(FUNDS, "/reports/alerts", {"limit": ROWS} | ({"until": asked["day"]} if asked["day"] else {})),
        )
        content = shown.custody(asked, shown.Seen(totals=found[0], groups=found[1], alerts=found[2]))
        return official_page(request, shown.TITLE, content)


def _accounts(router: Router, kit: Kit) -> None:
    @router.get(shown.ACCOUNTS)
    async def accounts(request: Request) -> Response:
        """What a total is made of."""
        gateway = signed_in(kit, request)
        asked = _asked(request, "day", "by", "key") | {"after": request.query_params.get("after", "")[:2_000]}
        found = await gateway.get(FUNDS, "/reports/custody/accounts", _said(asked, *asked) | {"limit": PLAIN})
        content = shown.accounts(asked, found)
        return official_page(request, shown.RISKS, content)


def _file(router: Router, kit: Kit) -> None:
    @router.get(f"{shown.PATH}/file")
    async def custody_file(request: Request) -> Response:
        """One of the reports, whole."""
        gateway = signed_in(kit, request)
        name = request.query_params.get("name", "")
        name = name if name in shown.FILES else "custody"
        form = "csv" if request.query_params.get("format") == "csv" else "xlsx"
        asked = _asked(request, "day", "by", "key", "until")
        found = await gateway.file(FUNDS, shown.FILES[name][0], _said(asked, *asked) | {"format": form})
        return file_of(request, found, _NO_FILE, _MEDIA[form], f"{name}.{form}")


def _asked(request: Request, *names: str) -> dict[str, str]:
    asked = {name: request.query_params.get(name, "").strip()[:PLAIN] for name in names}
    return asked | ({"by": asked["by"] if asked["by"] in shown.BY else ""} if "by" in asked else {})


def _said(asked: dict[str, str], *names: str) -> dict[str, str | int]:
    """What was filled in."""
    return {name: asked[name] for name in names if asked[name]}
