"""Writes: from a request's headers to the ``Envelope`` of its command, and from an ``Outcome`` to the answer.

The one rule: the same id with the same bytes from the same caller is the same command. The digest covers method,
path, query, body, caller and what the headers say about reason and legal basis; anything else under a used id is
refused.

``from __future__ import annotations`` is left out: FastAPI must see the closure's own names in the signature.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import unquote_to_bytes
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from mingjing_kernel.clock import Clock
from mingjing_kernel.http.edge import BODY_DIGEST, BodyDigest
from mingjing_kernel.http.refusals import HeaderMalformed, IdempotencyKeyMalformed, IdempotencyKeyMissing
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log.envelope import Envelope, Outcome

TEXT_LENGTH_MAX = 2_000
CLIENT_LENGTH_MAX = 200
VERSION_MAX = 2**31 - 1
CLOCK_DIFFERENCE_SECONDS_MAX = 300
POSITION_HEADER = "Mingjing-Position"
ON_BEHALF_OF_HEADER = "Mingjing-On-Behalf-Of"

_DERIVES_ITS_ID = frozenset({"PUT", "DELETE"})
"""Methods that HTTP itself calls idempotent: the address and the bytes name the command."""


class Accepted(BaseModel):
    """A command was carried out, or had been before."""

    position: int = Field(description="Position in the log; send it as Mingjing-Position to read your own write")
    version: int = Field(description="Version of the record after it; send it as If-Match to change just this version")
    repeated: bool = Field(default=False, description="The same request was carried out before; this is its answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHeaders:
    """What the headers of a write say."""

    key: str | None
    if_match: str | None
    reason: str
    legal_basis: str
    occurred_at: datetime | None
    correlation: str


async def command_headers(request: Request) -> CommandHeaders:
    """Read by hand: six headers declared one by one cost FastAPI a fifth of a write. ``DOCUMENTED`` shows them."""
    given = request.headers.get
    return CommandHeaders(
        key=given("idempotency-key"),
        if_match=given("if-match"),
        reason=_text("Mingjing-Reason", given("mingjing-reason")),
        legal_basis=_text("Mingjing-Legal-Basis", given("mingjing-legal-basis")),
        occurred_at=_moment("Mingjing-Occurred-At", given("mingjing-occurred-at")),
        correlation=_text("Mingjing-Correlation", given("mingjing-correlation")),
    )


DOCUMENTED = {
    "Idempotency-Key": "UUID, new for each new request; required on POST and PATCH",
    "If-Match": 'Version that you saw, e.g. "7"',
    "Mingjing-Reason": "Reason, percent-encoded UTF-8",
    "Mingjing-Legal-Basis": "Legal basis, percent-encoded UTF-8",
    ON_BEHALF_OF_HEADER: "Subject of the person whom the caller stands in for, percent-encoded UTF-8; on reads, too",
    "Mingjing-Occurred-At": "When it was true, if earlier: ISO 8601 with zone",
    "Mingjing-Correlation": "Id of the whole undertaking",
}
"""What a write's headers mean, for the API documentation of every address that takes an ``Envelope``."""


def on_behalf_of(header: str | None) -> str:
    """The subject for whom the caller acts, as it stands in the log afterwards; empty for nobody but himself.

    The one place that reads the header, of a request and of a message: whose grants are lent and whose name is written
    down must be the same to the letter.
    """
    named = _text(ON_BEHALF_OF_HEADER, header)
    if named != named.strip():
        raise HeaderMalformed(header=ON_BEHALF_OF_HEADER, reason="a subject neither begins nor ends with a space")
    return named


def make_written(caller: Callable[..., Awaitable[Principal]], now: Clock) -> Callable[..., Awaitable[Envelope]]:
    """The dependency that makes the envelope of a signed-in (or, with another ``caller``, anonymous) write."""

    async def written(
        request: Request,
        headers: Annotated[CommandHeaders, Depends(command_headers)],
        principal: Annotated[Principal, Depends(caller)],
    ) -> Envelope:
        digest = _digest(request, headers, principal, await _body_digest(request))
        if headers.occurred_at is not None:
            check_moment("Mingjing-Occurred-At", headers.occurred_at, now())
        return Envelope(
            command_id=_command_id(request, headers.key, digest),
            actor=principal.subject,
            department=principal.department,
            region=principal.region,
            reason=headers.reason,
            legal_basis=headers.legal_basis,
            on_behalf_of=principal.on_behalf_of,
            correlation=headers.correlation,
            client=_client(request),
            occurred_at=headers.occurred_at,
            digest=digest,
            expected_version=_version(headers.if_match),
        )

    return written


def accepted(response: Response, outcome: Outcome) -> Accepted:
    """The answer to a write: where it is in the log, and the version for the next one."""
    response.headers[POSITION_HEADER] = str(outcome.position)
    response.headers["ETag"] = f'"{outcome.version}"'
    return Accepted(position=outcome.position, version=outcome.version, repeated=outcome.repeated)


async def _body_digest(request: Request) -> bytes:
    """Of the whole body; read to the end if the handler did not need it."""
    digest = request.scope.get(BODY_DIGEST)
    if not isinstance(digest, BodyDigest):  # the app runs without the edge: in a test of a single router
        return hashlib.sha256(await request.body()).digest()
    if not digest.is_complete:
        await request.body()
    return digest.digest()


def _digest(request: Request, headers: CommandHeaders, principal: Principal, body: bytes) -> bytes:
    whole = hashlib.sha256()
    for part in (
        request.method,
        request.url.path,
        request.url.query,
        principal.subject,
        headers.reason,
        headers.legal_basis,
        principal.on_behalf_of,
        headers.occurred_at.isoformat() if headers.occurred_at else "",
        headers.if_match or "",
    ):
        encoded = part.encode()
        whole.update(len(encoded).to_bytes(4, "big") + encoded)
    whole.update(body)
    return whole.digest()


def _command_id(request: Request, key: str | None, digest: bytes) -> UUID:
    if not key:
        if request.method in _DERIVES_ITS_ID:
            return derived_id("http", digest.hex())
        raise IdempotencyKeyMissing
    try:
        return UUID(key.strip().strip('"'))
    except ValueError as malformed:
        raise IdempotencyKeyMalformed from malformed


def _version(if_match: str | None) -> int | None:
    """``If-Match: "7"``; ``*`` and no header mean any version."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdigit()) or int(tag[:20]) > VERSION_MAX:
        raise HeaderMalformed(header="If-Match", reason='one version such as "7" is expected')
    return int(tag)


def _text(header: str, value: str | None) -> str:
    if not value:
        return ""
    try:
        text = unquote_to_bytes(value).decode("utf-8")
    except UnicodeError as malformed:
        raise HeaderMalformed(header=header, reason="not percent-encoded UTF-8") from malformed
    check_text(header, text)
    return text


def check_text(name: str, text: str) -> None:
    """Raise ``HeaderMalformed`` unless a circumstance of a write (its reason, its legal basis) may stand in the log."""
    if len(text) > TEXT_LENGTH_MAX:
        raise HeaderMalformed(header=name, reason=f"longer than {TEXT_LENGTH_MAX} characters")
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise HeaderMalformed(header=name, reason="control characters are not allowed")


def check_moment(name: str, moment: datetime, now: datetime) -> None:
    """Raise ``HeaderMalformed`` unless something may have happened at this moment."""
    if moment.tzinfo is None:
        raise HeaderMalformed(header=name, reason="the time zone is missing")
    if moment > now + timedelta(seconds=CLOCK_DIFFERENCE_SECONDS_MAX):
        raise HeaderMalformed(header=name, reason="the moment is in the future")


def _moment(header: str, value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError as malformed:
        raise HeaderMalformed(header=header, reason="not an ISO 8601 moment") from malformed


def _client(request: Request) -> str:
    address = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    return f"{address} {agent}".strip()[:CLIENT_LENGTH_MAX]
