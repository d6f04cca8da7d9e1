"""The outermost layer of a service: a reference for each request, a digest of each body, no traceback to anyone.

The one rule: whatever happens inside, the caller gets a problem document and our log gets the reference that stands
in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing_kernel.http.problem import answer, reference_of
from mingjing_kernel.http.refusals import (
    AddressUnreadable,
    BodyTooLarge,
    DatabaseAway,
    MediaTypeNotSupported,
    Unexpected,
)
from mingjing_kernel.http.tracebacks import traceback_of
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log.database import is_away
from mingjing_kernel.log.envelope import LogUnavailable
from mingjing_kernel.refusal import Refusal

BODY_DIGEST: Final = "mingjing.body-digest"
REFERENCE: Final = "mingjing.reference"
READABLE = (
    "application/json",
    "application/octet-stream",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "text/csv",
    "text/plain",
    "text/xml",
)
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
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

    def __init__(self, app: ASGIApp, body_bytes_max: int, uploads: Mapping[str, int]) -> None:
        self._app = app
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
            if (refusal := _unreadable(scope, bytes_max)) is not None:
                await answer(refusal, Request(scope))(scope, receive, send)
                return
            try:
                await self._app(scope, _digesting(scope, receive, bytes_max), reply.send)
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
            await self._answer(LogUnavailable() if self._scope["method"] in _WRITES else DatabaseAway())
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


def _digesting(scope: Scope, receive: Receive, bytes_max: int) -> Receive:
    if scope["method"] not in _WRITES:
        return receive
    digest = scope[BODY_DIGEST] = BodyDigest(bytes_max)

    async def digested() -> Message:
        message = await receive()
        digest.take(message)
        return message

    return digested


def _unreadable(scope: Scope, bytes_max: int) -> Refusal | None:
    """An address that no database stores; a body announced as too large, or in a format that nothing here reads."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return AddressUnreadable()
    if scope["method"] not in _WRITES:
        return None
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in headers:
        return None
    if length.isdigit() and int(length[:20]) > bytes_max:
        return BodyTooLarge()
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media in READABLE or (media.startswith("application/") and media.endswith("+json")):
        return None
    return MediaTypeNotSupported(content_type=media[:80] or "(none)")
