"""Catching up over HTTP: what the broker did not bring is asked of the source's log.

The one rule: a page says up to which position it is complete. Contracts are derived on the fly from the log, so the
source stores nothing for this, and the answer is the same as what its relay publishes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import httpx
import msgspec
from fastapi import Depends, Query, Response

from mingjing_kernel.broker.message import JSON, Incoming
from mingjing_kernel.broker.publication import WINDOW_MAX, Outbox
from mingjing_kernel.http.router import Router
from mingjing_kernel.refusal import Refusal

if TYPE_CHECKING:
    from mingjing_kernel.broker.publication import Publication

PAGE_MAX = 1_000
"""Contracts a page."""
SCAN_MAX = 20_000
"""Positions that one request looks through at most, so that a log without contracts cannot make it slow."""
WINDOW_MIN = 250
"""Positions looked through at once, where few of them are contracts."""
REQUEST_SECONDS_MAX = 30.0


class SourceUnavailable(Exception):
    """The source's log cannot be asked now."""


class _Item(msgspec.Struct, frozen=True):
    """One contract as it travels in a page; ``data`` is the contract's JSON, untouched."""

    position: int
    previous: int
    type: str
    time: str
    data: msgspec.Raw


class _Page(msgspec.Struct, frozen=True):
    """The JSON of a page."""

    service: str
    after: int
    upto: int
    head: int
    contracts: list[_Item]


@dataclass(frozen=True, slots=True)
class Page:
    """All messages of ``(after, upto]``; ``head`` is how far the source's log goes."""

    after: int
    upto: int
    head: int
    messages: Sequence[Incoming]


class Source(Protocol):
    """Where a gap is filled from."""

    async def page(self, after: int, limit: int = PAGE_MAX) -> Page:
        """The next contracts. Raises ``SourceUnavailable``."""
        ...


def make_catchup_router(outbox: Outbox, guard: Callable[..., Any]) -> Router:
    """``GET /log/contracts``: mounted by the service under ``/<service>/v1``.

    ``guard`` is a FastAPI dependency that lets only other services and auditors in.
    """
    router = Router(prefix="/log", tags=["log"], dependencies=[Depends(guard)])

    @router.get("/contracts", response_class=Response, responses={200: {"content": {JSON: {}}}})
    async def log_contracts(
        after: Annotated[int, Query(ge=0, description="Position of the last contract that the caller has")],
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="Contracts a page")] = PAGE_MAX,
    ) -> Response:
        """What this service tells the others, after a position, in order and complete up to ``upto``."""
        page = await derived_page(outbox, after, limit)
        return Response(msgspec.json.encode(page), media_type=JSON)

    return router


async def derived_page(outbox: Outbox, after: int, limit: int) -> _Page:
    """Look through the log from ``after`` until ``limit`` contracts are found, its end, or ``SCAN_MAX``."""
    head = await outbox.log.head()
    upto, found = min(after, head), list[Any]()
    last = min(head, after + SCAN_MAX)
    # Whoever asks has everything up to ``after``: for him that is what came before the first.
    previous = after
    while upto < last and len(found) < limit:
        # Where every event is a contract, no more is derived than the page holds.
        step = min(last, upto + min(WINDOW_MAX, max(limit - len(found), WINDOW_MIN)))
        found += await outbox.between(upto, step, previous)
        previous = found[-1].position if found else previous
        upto = step
    if len(found) > limit:
        del found[limit:]
        upto = found[-1].position
    return _Page(outbox.service, after, upto, head, [_item(publication) for publication in found])


def _item(publication: Publication) -> _Item:
    return _Item(
        publication.position, publication.previous, publication.subject, publication.time, msgspec.Raw(publication.data)
    )


class HttpSource:
    """Another service's log over HTTP. ``headers()`` gives the service's own credentials, fresh for each request."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        service: str,
        url: str,
        headers: Callable[[], Awaitable[Mapping[str, str]]] | None = None,
    ) -> None:
        self._client = client
        self._service = service
        self._url = f"{url.rstrip('/')}/{service}/v1/log/contracts"
        self._headers = headers

    async def page(self, after: int, limit: int = PAGE_MAX) -> Page:
        """The next contracts. Raises ``SourceUnavailable``."""
        try:
            headers = await self._headers() if self._headers else {}
            answer = await self._client.get(
                self._url,
                params={"after": after, "limit": limit},
                headers=dict(headers),
                timeout=REQUEST_SECONDS_MAX,
            )
            answer.raise_for_status()
            page = _decode_page(answer.content)
        except (httpx.HTTPError, msgspec.MsgspecError, Refusal) as trouble:
            raise SourceUnavailable(f"{self._service} does not answer: {trouble}") from trouble
        if page.service != self._service or page.after != after:
            raise SourceUnavailable(f"{self._url} answered for {page.service} after {page.after}")
        messages = [
            Incoming(self._service, item.position, item.previous, item.type, item.time, bytes(item.data))
            for item in page.contracts
        ]
        return Page(page.after, page.upto, page.head, messages)


_decode_page = msgspec.json.Decoder(_Page).decode
