"""What pages of lists have alike: which part was asked for, which write must be seen, files as services make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from htpy import Node
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import HEADERS, page

ROWS: Final = 50
POSITION_DIGITS_MAX: Final = 18
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILTER_MAX, _CURSOR_MAX = 100, 2_000


def asked_of(request: Request, *names: str) -> dict[str, str]:
    """What the address asks for, by these names; empty where it does not."""
    return {name: request.query_params.get(name, "").strip()[:_FILTER_MAX] for name in names}


def wanted_of(
    request: Request, asked: Mapping[str, str], limit: int = ROWS, said: frozenset[str] = frozenset()
) -> dict[str, str | int]:
    """The same as a service is asked it, page by page. ``said``: filters that say something even when empty."""
    after = request.query_params.get("after", "")[:_CURSOR_MAX]
    wanted: dict[str, str | int] = {name: text for name, text in asked.items() if text or name in said}
    return wanted | {"limit": limit} | ({"after": after} if after else {})


def earlier_of(request: Request, limit: int) -> dict[str, str | int]:
    """Which part of a timeline is asked for."""
    after = request.query_params.get("earlier", "")[:_CURSOR_MAX]
    return {"limit": limit} | ({"after": after} if after else {})


def position_of(request: Request, name: str = "at") -> int:
    """A position of a log: of the visitor's own last act, which the page must show; 0 where none is named."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS_MAX else 0


def official_page(request: Request, title: tuple[str, str], content: Node, status: int = 200) -> Response:
    """A page for whoever has signed in."""
    return page(title, content, person=session.name_of(request), is_wide=True, status=status)


def page_of(request: Request, title: tuple[str, str], content: Node, answer: Answer) -> Response:
    """A page whose state is that of the answer it is made of."""
    return official_page(request, title, content, 200 if answer.is_there else answer.status or 503)


def file_of(request: Request, found: Answer, title: tuple[str, str], media: str, name: str) -> Response:
    """A file of a service, shown or saved; or why there is none."""
    if not found.is_there:
        return page_of(request, title, trouble(found), found)
    shown = "inline" if media == PDF else "attachment"
    headers: dict[str, Any] = {
        "Content-Disposition": f'{shown}; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.body, media_type=media, headers=HEADERS | headers)


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
    return file_of(request, found, title, XLSX, f"{path.strip('/').replace('/', '-')}.xlsx")
