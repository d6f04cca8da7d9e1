"""Refusals as pages (出错页): a browser shows in words what is wrong and where to go, and no document for programs.

One rule: the state of the answer stays what it was, and so does the document for whoever asks for no HTML; below the
service's own prefix and the officer's device, programs ask, whatever they say that they accept.
"""

from __future__ import annotations

from typing import Final

from htpy import Node, a, li, p, section, ul
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing_console import session
from mingjing_console.pages.shell import both, page
from mingjing_console.round_routes import API as ROUND_API
from mingjing_kernel.http.problem import MEDIA_TYPE, Fault, Problem

API: Final = "/console/"
HTML: Final = "text/html"
NOT_FOUND: Final = 404
_JSON: Final = ("application/json", MEDIA_TYPE)
_TITLES: Final = {
    NOT_FOUND: ("没有这一页", "No such page"),
    405: ("此地址不能这样使用", "This address is not used like this"),
    413: ("内容过大", "Too large"),
    422: ("地址或内容有误", "The address or what was typed is wrong"),
    429: ("请求过于频繁", "Too many requests"),
}
_OTHER: Final = ("未能办理", "This was not done")
_WAYS: Final = (("/", "公众查询", "Public look-up"), ("/overview", "总览（工作人员）", "Overview, for staff"))
_DOCUMENT: Final = frozenset({b"content-type", b"content-length", b"vary"})
_QUERY: Final = ("地址中的 ", "In the address, ")
_CHECK: Final = ("请核对地址；纸上的二维码可能已破损。", "Check the address; a printed code may be torn.")


class ProblemPages:
    """Pure ASGI, around the routes: a problem document that they answer goes to a browser as a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith((API, f"{ROUND_API}/")):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        wants_page = wants_html(request.headers.get("accept", ""))
        held: list[Message] = []

        async def told(message: Message) -> None:
            is_start = message["type"] == "http.response.start"
            if is_start and _is_problem(message):
                message["headers"] = [*message["headers"], (b"vary", b"Accept")]
            elif not held:
                await send(message)
                return
            if not wants_page:
                await send(message)
                return
            held.append(message)
            if not is_start and not message.get("more_body"):
                document = b"".join(one.get("body", b"") for one in held[1:])
                await _page_of(request, held[0], Problem.model_validate_json(document))(scope, receive, send)

        await self._app(scope, receive, told)


def wants_html(accept: str) -> bool:
    """Whether a page is wanted, and JSON not more."""
    wanted: dict[str, float] = {}
    for one in accept.split(","):
        kind, *details = (part.strip().lower() for part in one.split(";"))
        said = next((detail[2:] for detail in details if detail.startswith("q=")), "1")
        wanted[kind] = float(said) if said.replace(".", "", 1).isdecimal() else 0.0
    html = wanted.get(HTML, 0.0)
    return html > 0 and html >= max(wanted.get(kind, 0.0) for kind in _JSON)


def _is_problem(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(MEDIA_TYPE.encode()) for name, value in start["headers"])


def _page_of(request: Request, start: Message, problem: Problem) -> Response:
    title = _TITLES.get(problem.status, _OTHER)
    shown = page(title, _content(problem), person=session.name_of(request), status=problem.status, is_private=True)
    shown.raw_headers += [(name, value) for name, value in start["headers"] if name not in _DOCUMENT]
    shown.headers["Vary"] = "Accept"
    return shown


def _content(problem: Problem) -> Node:
    return section[
        p(role="alert")[both(problem.detail, problem.detail_en)],
        ul[map(_wrong, problem.errors)] if problem.errors else p[both(*_remedy(problem))],
        p[both("可以从这里继续：", "Go on from here:")],
        ul[(li[a(href=where)[both(zh, en)]] for where, zh, en in _WAYS)],
    ]


def _remedy(problem: Problem) -> tuple[str, str]:
    """A visitor has no documentation of the API to look an address up in."""
    return _CHECK if problem.status == NOT_FOUND else (problem.remedy, problem.remedy_en)


def _wrong(fault: Fault) -> Node:
    place, _, name = fault.field.partition(".")
    if place == "path":  # what form an id has is of no use to whoever followed a link
        return li[
            both(
                f"地址中的编号（{name}）不完整或有误，请核对链接。",
                f"The id in the address ({name}) is wrong or not whole: check the link.",
            )
        ]
    zh, en = _QUERY if place == "query" else ("", "")
    field = name or fault.field
    return li[both(f"{zh}{field}：{fault.detail}{fault.remedy}", f"{en}{field}: {fault.detail_en} {fault.remedy_en}")]
