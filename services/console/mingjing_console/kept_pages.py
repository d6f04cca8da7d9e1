"""Kept pages 留存页: public look-up pages that were made before, and still say what the registry says.

One rule: a kept page is shown only after the registry has said, since the request came, that nothing which is published
has changed. That question is asked once for everybody who waits, so many visitors cost what one costs; in a rush (four
hundred a second are one) what it said a quarter of a second ago is good enough. A visitor who has signed in is never
shown a kept page, and none is kept of hers; what failed is not kept either.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing_console.gateway import Answer, Gateway
from mingjing_console.pages import lookup
from mingjing_console.pages.shell import page
from mingjing_console.session import COOKIE
from mingjing_kernel.http import Kit
from mingjing_kernel.http.rate import RateLimiter, parse_rate
from mingjing_kernel.http.throttle import address_of

LIMIT: Final = "60/minute"
"""Of one network address, at the registry's own rate: what is answered from here would never be counted there."""
BYTES_MAX: Final = 32 * 1024 * 1024
PAGE_BYTES_MAX: Final = 64 * 1024
AGE_SECONDS_MAX: Final = 600.0
"""For what no edition tells: the registry was given other words."""
ASK_SECONDS_MAX: Final = 1.0
RUSH_SECONDS: Final = 0.25
RUSH: Final = 100
"""So many within ``RUSH_SECONDS`` are a rush. Whoever comes alone is always answered for by a question of her own."""
MAKE_SECONDS_MAX: Final = 5.0
HEAD_BYTES: Final = 1024
"""What a kept page takes besides its body and its address, about."""
_ONE_OF: Final = ("/s/", "/institutions/")
_MAY_BE_KEPT: Final = "mingjing.may-be-kept"
_Key: TypeAlias = tuple[str, bytes]
"""Path and query of an address."""


def keep(scope: MutableMapping[str, Any], *answers: Answer) -> None:
    """Called by a page made for everybody: the answers that it shows, all of them by the registry and public."""
    scope[_MAY_BE_KEPT] = all(answer.status in (200, 404) for answer in answers)


@dataclass(frozen=True, slots=True)
class _Page:
    edition: str
    made_at: float
    start: Message
    body: bytes


class Edition:
    """Asks the registry for the edition of what is published; one question for all who wait."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._rush = Rush()
        self._said, self._asked_at = "", -math.inf
        self._asking: asyncio.Task[str] | None = None
        self._waiting: asyncio.Task[str] | None = None

    async def now(self) -> str:
        """As it is after this call began, in a rush as it was a moment ago; empty when the registry does not say."""
        at = time.monotonic()
        if self._rush.comes(at) and self._said and at - self._asked_at < RUSH_SECONDS:
            return self._said
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._ask(self._asking))
        return await asyncio.shield(self._waiting)

    async def _ask(self, before: asyncio.Task[str] | None) -> str:
        """What is under way may have been answered already: whoever came since needs the next answer."""
        if before is not None:
            await asyncio.wait({before})
        self._asking, self._waiting, asked_at = self._waiting, None, time.monotonic()
        answer = await self._gateway.get("registry", "/public/edition", seconds=ASK_SECONDS_MAX)
        is_said = answer.is_there and isinstance(answer.body, dict)
        self._said, self._asked_at = (str(answer.body.get("edition", "")) if is_said else ""), asked_at
        return self._said


class Rush:
    """Whether many come: now, or in the quarter of a second before."""

    def __init__(self) -> None:
        self._since, self._come, self._before = -math.inf, 0, 0

    def comes(self, at: float) -> bool:
        """Count one more, who came at ``at`` (seconds of a clock that never goes back)."""
        passed = at - self._since
        if passed >= RUSH_SECONDS:
            self._before = self._come if passed < 2 * RUSH_SECONDS else 0
            self._since, self._come = at, 0
        self._come += 1
        return max(self._come, self._before) > RUSH


class KeptPages:
    """Pure ASGI, behind the gate: answers in place of the routes where it may."""

    def __init__(self, kit: Kit, app: ASGIApp) -> None:
        self._app = app
        self._trusted: tuple[str, ...] = kit.settings.trusted_proxies
        self._edition = Edition(Gateway(kit))
        self._limiter = RateLimiter(parse_rate(LIMIT))
        self._pages: OrderedDict[_Key, _Page] = OrderedDict()
        self._making: dict[_Key, asyncio.Event] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _is_public(scope):
            await self._app(scope, receive, send)
            return
        wait = self._limiter.wait_seconds(address_of(scope, self._trusted))
        if wait > 0:
            await _too_often(wait)(scope, receive, send)
            return
        key, edition = (scope["path"], scope["query_string"]), await self._edition.now()
        if not edition:  # nothing can be kept, so nobody need wait for another
            await self._app(scope, receive, send)
            return
        kept = self._kept(key, edition)
        if kept is None and (made := self._making.get(key)) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(MAKE_SECONDS_MAX):  # whoever came first asks for all
                    await made.wait()
            kept = self._kept(key, edition)
        if kept is not None:
            await send(dict(kept.start))
            await send({"type": "http.response.body", "body": kept.body})
            return
        self._making[key] = made = asyncio.Event()
        try:
            await self._made(key, edition, scope, receive, send)
        finally:
            made.set()
            if self._making.get(key) is made:
                del self._making[key]

    def _kept(self, key: _Key, edition: str) -> _Page | None:
        kept = self._pages.get(key)
        if kept is None or kept.edition != edition or time.monotonic() - kept.made_at >= AGE_SECONDS_MAX:
            return None
        self._pages.move_to_end(key)
        return kept

    async def _made(self, key: _Key, edition: str, scope: Scope, receive: Receive, send: Send) -> None:
        """By the routes; kept if they say that it may be."""
        starts: list[Message] = []
        pieces: list[bytes] = []

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                starts.append({**message, "headers": list(message["headers"])})
            else:
                pieces.append(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, noting)
        body = b"".join(pieces)
        if edition and starts and scope.get(_MAY_BE_KEPT) and len(body) <= PAGE_BYTES_MAX:
            self._keep(key, _Page(edition, time.monotonic(), starts[0], body))

    def _keep(self, key: _Key, made: _Page) -> None:
        self._forget(key)
        self._pages[key] = made
        self._bytes += _size(key, made)
        while self._bytes > BYTES_MAX:
            self._forget(next(iter(self._pages)))

    def _forget(self, key: _Key) -> None:
        gone = self._pages.pop(key, None)
        if gone is not None:
            self._bytes -= _size(key, gone)


def _size(key: _Key, kept: _Page) -> int:
    return len(kept.body) + len(key[0]) + len(key[1]) + HEAD_BYTES


def _is_public(scope: Scope) -> bool:
    """Whether anybody may be shown this address, and whoever asks has not signed in."""
    if scope["method"] != "GET" or any(
        name == b"authorization" or (name == b"cookie" and COOKIE.encode() in value) for name, value in scope["headers"]
    ):
        return False
    path: str = scope["path"]
    if path == "/":
        return bool(scope["query_string"])
    return path == "/whitelist" or (path.startswith(_ONE_OF) and path.count("/") == 2)


def _too_often(wait: float) -> ASGIApp:
    told = page(lookup.TITLE, lookup.trouble(Answer(429)), status=429)
    told.headers["Retry-After"] = str(math.ceil(wait))
    return told
