"""What the address of a list or a thing says: its filters, its page, and the visitor's own last act."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from htpy import Node
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import HEADERS, page

ROWS = 50
POSITION_DIGITS_MAX = 18
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILTER_MAX, _CURSOR_MAX = 100, 2_000


def asked_of(request: Request, *names: str) -> dict[str, str]:
    """The filters as they were typed; empty where one is not there."""
    return {name: request.query_params.get(name, "").strip()[:_FILTER_MAX] for name in names}


def wanted_of(request: Request, asked: Mapping[str, str], limit: int = ROWS) -> dict[str, str | int]:
    """What the service is asked: the filters that say something, and which page."""
    after = request.query_params.get("after", "")[:_CURSOR_MAX]
    wanted: dict[str, str | int] = {name: text for name, text in asked.items() if text}
    return wanted | {"limit": limit} | ({"after": after} if after else {})


def position_of(request: Request, name: str = "at") -> int:
    """A position of a log: of the visitor's own last act, which the page must show; 0 where none is named."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS_MAX else 0


def official_page(request: Request, title: tuple[str, str], content: Node, found: Answer) -> Response:
    """A page for whoever has signed in, with the status of what was found."""
    status = 200 if found.is_there else found.status or 503
    return page(title, content, person=session.name_of(request), is_wide=True, status=status)


def is_export(request: Request) -> bool:
    """Whether the list is asked for as a workbook."""
    return request.query_params.get("format") == "xlsx"


async def exported(
    request: Request, gateway: Gateway, source: tuple[str, str], asked: Mapping[str, str], title: tuple[str, str]
) -> Response:
    """The whole list as the service exports it; ``source`` is the service and its address."""
    service, path = source
    wanted: dict[str, str | int] = {name: text for name, text in asked.items() if text}
    found = await gateway.file(service, path, wanted | {"format": "xlsx"})
    if not found.is_there:
        return official_page(request, title, trouble(found), found)
    name = path.strip("/").replace("/", "-")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.body, media_type=XLSX, headers=HEADERS | headers)
