"""The addresses of the officer's page: the shell, its scripts, and the way to the inspection service.

One rule: the way is for the officer's device only: his round, his bundles, his evidence and the hot-spots he is to look
at, with his own token; what the service answers comes back as it is.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.resources import files
from urllib.parse import urlencode

import httpx
from fastapi import Request
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.acting import require_signed_in
from mingjing_console.gateway import FILE_SECONDS_MAX, Gateway
from mingjing_console.pages.round import HEADERS, SCRIPTS, document
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address

API = "/round/api"
PART_BYTES_MAX = 8 * 1024 * 1024
"""Of one request: what the service takes as a part of a file."""
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
HOTSPOTS = "hotspot-visits"
HOTSPOTS_MAX = 50
HOTSPOT_SHOWN_FOR = timedelta(days=2)
"""After its time: who was there at night reports in the morning."""
_ALLOWED = {
    "GET": re.compile(f"round|{HOTSPOTS}|bundles/{_ID}"),
    "POST": re.compile(f"{HOTSPOTS}/{_ID}/report"),
    "PUT": re.compile(f"leads/{_ID}|bundles/{_ID}(/parts/{_ID})?|evidence/{_ID}(/receipt)?|visits/{_ID}/heads"),
    "PATCH": re.compile(f"evidence-uploads/{_ID}"),
}
_SENT = ("content-type", "upload-offset", "upload-checksum", "if-none-match", "idempotency-key")
_BACK = ("content-type", "etag", "upload-offset", "mingjing-position", "retry-after")


def make_round_pages(kit: Kit) -> Router:
    """For officers who go out."""
    router = Router()

    @router.get("/round")
    async def own_round_page(request: Request) -> Response:
        require_signed_in(request)
        return document()

    for path in SCRIPTS:
        router.get(path)(_script(path))

    @router.get(API + "/{path:path}")
    async def device_reads(request: Request, path: str) -> Response:
        return await _passed(kit, request, path)

    @router.put(API + "/{path:path}")
    async def device_sends(request: Request, path: str) -> Response:
        return await _passed(kit, request, path)

    @router.post(API + "/{path:path}")
    async def device_reports(request: Request, path: str) -> Response:
        return await _passed(kit, request, path)

    @router.patch(API + "/{path:path}")
    async def device_sends_a_slice(request: Request, path: str) -> Response:
        return await _passed(kit, request, path)

    return router


def _script(path: str) -> Callable[[], Awaitable[Response]]:
    async def script() -> Response:
        content = files("mingjing_console").joinpath("static", path.removeprefix("/")).read_bytes()
        return Response(content, media_type="text/javascript; charset=utf-8", headers=HEADERS)

    return script


async def _passed(kit: Kit, request: Request, path: str) -> Response:
    """The same request to the service, as the officer; nothing but what a device needs."""
    token = session.token_of(request)
    if not token:
        return Response(status_code=401)
    is_ours = request.method == "GET" or session.is_same_site(request)
    if not is_ours or not _ALLOWED[request.method].fullmatch(path):
        return Response(status_code=403 if not is_ours else 404)
    gateway = Gateway(kit, token, client_address(request, kit.settings.trusted_proxies))
    headers = {name: request.headers[name] for name in _SENT if name in request.headers}
    content = await request.body() if request.method != "GET" else b""
    try:
        asked = _asked(kit, f"/{path}")
        answer = await gateway.passed("inspection", request.method, asked, content, headers, FILE_SECONDS_MAX)
    except httpx.HTTPError:
        return Response(status_code=503)
    back = {name: answer.headers[name] for name in _BACK if name in answer.headers}
    return Response(answer.content, status_code=answer.status_code, headers=back | {"Cache-Control": "no-store"})


def _asked(kit: Kit, path: str) -> str:
    """Of the hot-spots, those that somebody has to look at still, or has just looked at."""
    if path != f"/{HOTSPOTS}":
        return path
    due_after = (kit.now() - HOTSPOT_SHOWN_FOR).isoformat()
    return f"{path}?{urlencode({'state': 'PLANNED', 'due_after': due_after, 'limit': HOTSPOTS_MAX})}"
