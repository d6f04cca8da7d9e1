"""From exceptions to problem documents: the only place where HTTP meets them; handlers contain no ``try``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mingjing_kernel.http.edge import BODY_SILENCE_SECONDS_MAX
from mingjing_kernel.http.problem import answer
from mingjing_kernel.http.refusals import (
    BadRequest,
    BodyNotJson,
    BodyTooLarge,
    BodyTooSlow,
    BodyUnreadable,
    MediaTypeNotSupported,
    MethodNotAllowed,
    PathUnknown,
    RequestInvalid,
    TooManyRequests,
    Unexpected,
)
from mingjing_kernel.http.validation import faults
from mingjing_kernel.identity.refusals import NotSignedIn, OutsideScope
from mingjing_kernel.log.envelope import VersionConflict
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import KERNEL

_NOT_JSON_OBJECT = frozenset({"model_attributes_type", "dict_type", "list_type", "missing"})


def install_problems(app: FastAPI, package: str = KERNEL) -> None:
    """Make every refusal of ``app`` a problem document; ``package`` translates its own validators' sentences."""

    async def invalid(request: Request, error: Exception) -> Response:
        return _invalid(request, error, package)

    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    # 412 answers a condition; without If-Match nobody stated one.
    is_unconditional = isinstance(refusal, VersionConflict) and "if-match" not in request.headers
    return answer(refusal, request, status=409 if is_unconditional else None)


def _invalid(request: Request, error: Exception, package: str) -> Response:
    assert isinstance(error, RequestValidationError)
    found: list[Mapping[str, Any]] = list(error.errors())
    first = found[0]
    if first["type"] == "json_invalid":
        return answer(BodyNotJson(character=first["loc"][-1]), request)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if first["loc"] == ("body",) and first["type"] in _NOT_JSON_OBJECT and media and not media.endswith("json"):
        return answer(MediaTypeNotSupported(content_type=media[:80]), request)
    entries = faults(found, package)
    return answer(RequestInvalid(count=len(found), field=entries[0].field), request, errors=entries)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework itself says: unknown path, wrong method, body limit. A page may lead elsewhere."""
    assert isinstance(error, HTTPException)
    if error.status_code == 303 and error.headers:
        return RedirectResponse(error.headers["Location"], status_code=303)
    refusal = _from_status(request, error)
    return answer(refusal, request, headers=error.headers)


def _from_status(request: Request, error: HTTPException) -> Refusal:
    match error.status_code:
        case 401 | 403:
            return NotSignedIn() if error.status_code == 401 else OutsideScope()
        case 404:
            return PathUnknown()
        case 405:
            allowed = (error.headers or {}).get("Allow", "")
            return MethodNotAllowed(method=request.method, allowed=allowed)
        case 408:
            return BodyTooSlow(seconds=int(BODY_SILENCE_SECONDS_MAX))
        case 413:
            return BodyTooLarge()
        case 415:
            media = request.headers.get("content-type", "")
            return MediaTypeNotSupported(content_type=media[:80])
        case 429:
            return TooManyRequests(limit="?", retry_after_seconds=60)
        case status if status >= 500:
            return Unexpected(reference=request.scope.get("mingjing.reference", ""))
        case 400:
            return BodyUnreadable()  # the framework says 400 for nothing else
        case _:
            return BadRequest()
