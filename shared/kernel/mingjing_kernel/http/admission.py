"""What a request may look like at all, judged by its address and its headers, before any of its body is read.

The one rule: whatever is refused here costs microseconds, so that refusing is never what overloads a service.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from mingjing_kernel.http.refusals import (
    AddressTooLong,
    AddressUnreadable,
    BodyTooLarge,
    EncodingNotSupported,
    HeadersTooLarge,
    MediaTypeNotSupported,
)
from mingjing_kernel.refusal import Refusal

ADDRESS_BYTES_MAX = 8_192
"""Path and query. A page's cursor takes some hundred, a search with every filter some thousand."""
PARAMETERS_MAX = 100
HEADERS_MAX = 64
HEADER_BYTES_MAX = 32_768
"""Of all headers; a token with all its grants takes some thousand."""
READABLE: Final = (
    "application/json",
    "application/octet-stream",
    "application/offset+octet-stream",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "text/csv",
    "text/plain",
    "text/xml",
)
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def unreadable(scope: Scope, bytes_max: int) -> Refusal | None:
    """Why a request cannot be served whatever it means; ``None`` when it may come in."""
    query = scope["query_string"]
    if (
        len(scope.get("raw_path") or scope["path"]) + len(query) > ADDRESS_BYTES_MAX
        or query.count(b"&") >= PARAMETERS_MAX
    ):
        return AddressTooLong(bytes_max=ADDRESS_BYTES_MAX, parameters_max=PARAMETERS_MAX)
    if "\0" in scope["path"] or b"%00" in query:
        return AddressUnreadable()
    raw = scope["headers"]
    if len(raw) > HEADERS_MAX or sum(len(name) + len(value) for name, value in raw) > HEADER_BYTES_MAX:
        return HeadersTooLarge(headers_max=HEADERS_MAX, bytes_max=HEADER_BYTES_MAX)
    return _unreadable_body(Headers(scope=scope), bytes_max) if scope["method"] in WRITES else None


def media_of(headers: Headers) -> str:
    """The media type of a body, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(media: str) -> bool:
    """Whether the framework will read such a body as JSON."""
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _unreadable_body(headers: Headers, bytes_max: int) -> Refusal | None:
    length = headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in headers:
        return None
    if length.isdigit() and int(length[:20]) > bytes_max:
        return BodyTooLarge()
    if (encoding := headers.get("content-encoding", "identity").strip().lower()) != "identity":
        return EncodingNotSupported(encoding=encoding[:40])
    media = media_of(headers)
    return None if media in READABLE or is_json(media) else MediaTypeNotSupported(content_type=media[:80] or "(none)")
