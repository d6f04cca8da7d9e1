"""The outermost layer of a service: a reference for each request, a digest of each body, no traceback to anyone.

The one rule: whatever happens inside, the caller gets a problem document and our log gets the reference that stands
in it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing_kernel.http.admission import WRITES, is_json, media_of, unreadable
from mingjing_kernel.http.problem import answer, reference_of
from mingjing_kernel.http.refusals import BodyTooLarge, BodyTooSlow, DatabaseAway, Unexpected
from mingjing_kernel.http.strict_json import check_json
from mingjing_kernel.http.tracebacks import traceback_of
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log.database import is_away
from mingjing_kernel.log.envelope import LogUnavailable
from mingjing_kernel.refusal import Refusal

BODY_DIGEST: Final = "mingjing.body-digest"
REFERENCE: Final = "mingjing.reference"
BODY_SILENCE_SECONDS_MAX = 20.0
"""Between two pieces of a body: whoever sends a byte a minute holds a connection, but no reader."""
JSON_SECONDS_MAX = 30.0
"""For the whole of a JSON body, which is small."""
_LOG = structlog.get_logger(__name__)


class BodyDigest:
    """The SHA-256 of the body's bytes as they came in, whoever reads them (JSON, form, file); and their limit."""

    def __init__(self, bytes_max: int) -> None:
        self._hash = hashlib.sha256()
        self._bytes_left = bytes_max
        self.is_complete = False

    def take(self, message: Message) -> None:
        """One more piece of the body. Raises the framework's 413, which it lets through while it parses."""
        if message["type"] != "http.request":
            return
        piece = message.get("body", b"")
        self._bytes_left -= len(piece)
        if self._bytes_left < 0:
            raise HTTPException(413)
        self._hash.update(piece)
        self.is_complete = self.is_complete or not message.get("more_body", False)

    def digest(self) -> bytes:
        """Of all that was read so far."""
        return self._hash.digest()


class Edge:
    """Pure ASGI, so that nothing is buffered and a bare request costs microseconds."""

    def __init__(
        self,
        app: ASGIApp,
        body_bytes_max: int,
        uploads: Mapping[str, int],
        silence_seconds_max: float = BODY_SILENCE_SECONDS_MAX,
    ) -> None:
        self._app = app
        self._silence_seconds_max = silence_seconds_max
        self._body_bytes_max = body_bytes_max
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or REFERENCE in scope:
            await self._app(scope, receive, send)
            return
        scope[REFERENCE] = str(new_id())
        reply = _Reply(scope, receive, send)
        bytes_max = self._bytes_max(scope)
        with structlog.contextvars.bound_contextvars(reference=scope[REFERENCE]):
            try:
                if (refusal := unreadable(scope, bytes_max)) is not None:
                    raise refusal
                await self._app(
                    scope, await _admitted(scope, receive, bytes_max, self._silence_seconds_max), reply.send
                )
            except Exception as failure:
                await reply.fail(failure)

    def _bytes_max(self, scope: Scope) -> int:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return max(
            (limit for start, limit in self._uploads.items() if path.startswith(start)),
            default=self._body_bytes_max,
        )


class _Reply:
    """Watches the answer: whether it has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._has_begun = False

    async def send(self, message: Message) -> None:
        self._has_begun = True
        await self._send(message)

    async def fail(self, failure: Exception) -> None:
        reference = reference_of(self._scope)
        if isinstance(failure, Refusal) and not self._has_begun:
            await self._answer(failure)
            return
        if is_away(failure) and not self._has_begun:
            _LOG.warning("database away", path=self._scope["path"], reason=f"{type(failure).__name__}: {failure}")
            await self._answer(LogUnavailable() if self._scope["method"] in WRITES else DatabaseAway())
            return
        _LOG.error(
            "request failed",
            method=self._scope["method"],
            path=self._scope["path"],
            reference=reference,
            traceback=traceback_of(failure),
        )
        if self._has_begun:
            raise failure  # Half an answer must not look like a whole one: the server cuts the connection.
        await self._answer(Unexpected(reference=reference))

    async def _answer(self, refusal: Refusal) -> None:
        self._has_begun = True
        await answer(refusal, Request(self._scope))(self._scope, self._receive, self._send)


async def _admitted(scope: Scope, receive: Receive, bytes_max: int, silence_seconds: float) -> Receive:
    """How the layers within read the body: digested piece by piece, or, if it is JSON, whole and checked."""
    if scope["method"] not in WRITES:
        return receive
    digesting = _digesting(scope, receive, bytes_max, silence_seconds)
    return await _checked(digesting) if is_json(media_of(Headers(scope=scope))) else digesting


def _digesting(scope: Scope, receive: Receive, bytes_max: int, silence_seconds: float) -> Receive:
    digest = scope[BODY_DIGEST] = BodyDigest(bytes_max)

    async def digested() -> Message:
        try:
            async with asyncio.timeout(None if digest.is_complete else silence_seconds):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        digest.take(message)
        return message

    return digested


async def _checked(receive: Receive) -> Receive:
    """Read a JSON body to its end and check it, before anybody interprets it; then hand it on as one piece.

    Raises what ``check_json`` does, ``BodyTooLarge``, ``BodyTooSlow``.
    """
    pieces, more = [], True
    try:
        async with asyncio.timeout(JSON_SECONDS_MAX):
            while more:
                message = await receive()
                if message["type"] != "http.request":  # the caller is gone, and whoever reads on is told so
                    break
                pieces.append(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        raise BodyTooSlow(seconds=int(JSON_SECONDS_MAX)) from None
    except HTTPException as limit:
        raise (BodyTooLarge() if limit.status_code == 413 else BodyTooSlow(seconds=int(JSON_SECONDS_MAX))) from None
    waiting: list[Message] = [message] if more else []
    body = b"".join(pieces)
    if not more:
        check_json(body)
    waiting.insert(0, {"type": "http.request", "body": body, "more_body": more})

    async def replayed() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return replayed
