"""Watching the answers of a service: whatever is declared as restricted is noted before its first byte goes out.

Handlers know nothing of it. A request carries a slip; the check of the token writes on it who asks, ``answer_list``
what is shown, and this layer hands it to the recorder. The one rule: no note, no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from mingjing_kernel.identity import ANONYMOUS, Principal
from mingjing_kernel.reads.declared import Reading, Restricted

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = ("csv", "xlsx", "json-file")
PURPOSE_HEADER = b"mingjing-reason"
Note = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Slip:
    """What is known so far of one answer."""

    principal: Principal = ANONYMOUS
    ids: tuple[str, ...] | None = None
    count: int = 1


_SLIP: ContextVar[Slip | None] = ContextVar("mingjing-reading", default=None)


def asked_by(principal: Principal) -> Principal:
    """Write down who asks; the same principal again."""
    slip = _SLIP.get()
    if slip is not None:
        slip.principal = principal
    return principal


def showing(count: int, ids: Sequence[str] = ()) -> None:
    """Write down what is about to be shown."""
    slip = _SLIP.get()
    if slip is not None:
        slip.count, slip.ids = count, tuple(ids)


class Watch:
    """The layer around a service's application. ``declared``: by path below ``prefix``, as the routes have it."""

    def __init__(self, app: ASGIApp, prefix: str, declared: Mapping[str, Reading], note: Note) -> None:
        self._app = app
        self._prefix = prefix
        self._declared = declared
        self._note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        slip, is_noted, refused = Slip(), False, list[Exception]()
        token = _SLIP.set(slip)

        async def noting(message: Message) -> None:
            nonlocal is_noted
            if message["type"] == "http.response.start" and message["status"] < 300 and not is_noted:
                is_noted = True
                try:
                    await self._take(scope, slip)
                except Exception as unrecorded:  # raised below: the framework believes that its answer has begun
                    refused.append(unrecorded)
            if not refused:
                await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            _SLIP.reset(token)
        if refused:
            raise refused[0]

    async def _take(self, scope: Scope, slip: Slip) -> None:
        path = getattr(scope.get("route"), "path", "").removeprefix(self._prefix)
        declared = self._declared.get(path)
        restricted = declared if isinstance(declared, Restricted) and not _is_due(declared, slip.principal) else None
        query: bytes = scope["query_string"]
        # Only a list that was shown can be a file, and most answers are none: their question need not be read.
        format = parse_qs(query.decode("latin-1")).get("format", ["json"])[-1] if slip.ids is not None else "json"
        is_file = format in FILES
        if restricted is None and not is_file:
            return
        is_item = slip.ids is None
        await self._note(
            slip.principal,
            restricted.kind if restricted else path.strip("/"),
            form="item" if is_item else format if is_file else "list",
            ids=[str(value) for value in scope.get("path_params", {}).values()] if is_item else slip.ids,
            query="" if is_item else hashlib.sha256(scope["path"].encode() + b"?" + query).hexdigest(),
            count=slip.count,
            purpose=_purpose(scope),
            fields=restricted.fields if restricted else (),
        )


def _is_due(declared: Restricted, reader: Principal) -> bool:
    """Whether this is a service reading what is there for services."""
    return declared.is_for_services and reader.kind == "service"


def _purpose(scope: Mapping[str, Any]) -> str:
    """What the reader gave as a reason, as it was sent (percent-encoded); a read needs none."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == PURPOSE_HEADER), "")
