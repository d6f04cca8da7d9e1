"""What a router gets from its service, so that it needs no global.

A router is a factory; what it needs comes in as ``kit``::

    def make_router(kit: Kit) -> Router:
        router = Router(prefix="/sites", tags=["site 教学点"])

        @router.get("")
        async def sites(scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked)) -> Page[Site]:
            return await answer_list(sites_in(scope), asked, kit.connection, Site)

        @router.post("", status_code=201)
        async def approve(body: NewSite, response: Response, written: Envelope = Depends(kit.written)) -> Accepted:
            outcome = await kit.log.handle(SITE, body.site_id, body.command(kit.now()), written)
            return accepted(response, outcome)

        return router

Dependencies stand as defaults, not in ``Annotated``: under ``from __future__ import annotations`` FastAPI cannot
see a closure's names inside an annotation.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

import httpx
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from mingjing_kernel.clock import Clock
from mingjing_kernel.http.gate import Checker, Gate
from mingjing_kernel.http.reading import AsOf, make_as_of
from mingjing_kernel.http.refusals import HeaderMalformed
from mingjing_kernel.http.throttle import make_throttled
from mingjing_kernel.http.writing import ON_BEHALF_OF_HEADER, POSITION_HEADER, make_written, on_behalf_of
from mingjing_kernel.identity import ANONYMOUS, NotSignedIn, Principal, Scope
from mingjing_kernel.identity.lockout import Lockout
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.reads.watching import asked_by

if TYPE_CHECKING:
    from mingjing_kernel.access.directory import Directory
    from mingjing_kernel.audit.receipts import Receipts
    from mingjing_kernel.evidence.desk import EvidenceDesk
    from mingjing_kernel.log import Log
    from mingjing_kernel.reads import Recorder


_PRINCIPAL = "mingjing.principal"
"""Where a request keeps who asks: looked at once, whatever its route depends on."""
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="OIDC token of a signed-in person or service")
Credentials: TypeAlias = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@dataclass(frozen=True)
class Dependencies:
    """The FastAPI dependencies of one service; give each to ``Depends``.

    ``visitor`` lets anonymous callers in (a bad token is refused all the same), ``caller`` does not. ``scope`` and
    ``written`` belong to the caller, ``visitor_scope`` and ``written_by_visitor`` to the visitor.
    ``throttled("60/minute")`` makes a limit for public addresses.
    """

    visitor: Callable[..., Awaitable[Principal]]
    caller: Callable[..., Awaitable[Principal]]
    scope: Callable[..., Awaitable[Scope]]
    visitor_scope: Callable[..., Awaitable[Scope]]
    written: Callable[..., Awaitable[Envelope]]
    written_by_visitor: Callable[..., Awaitable[Envelope]]
    as_of: Callable[..., Awaitable[AsOf | None]]
    throttled: Callable[[str], Callable[..., Awaitable[None]]]


class Kit(Protocol):
    """A service as its routers see it."""

    @property
    def log(self) -> "Log":
        """The service's log."""
        ...

    @property
    def now(self) -> Clock:
        """The clock: ``kit.now()`` is the moment that goes into a command."""
        ...

    @property
    def settings(self) -> Any:
        """The service's settings."""
        ...

    @property
    def gate(self) -> Gate:
        """How often who may ask, and who is locked out."""
        ...

    @property
    def reads(self) -> "Recorder":
        """Notes what no address declares (``Service.reads``): ``await kit.reads.note(…)`` before answering."""
        ...

    @property
    def receipts(self) -> "Receipts":
        """For whoever files something: what she can later prove it with."""
        ...

    @property
    def evidence(self) -> "EvidenceDesk | None":
        """The service's evidence, where it keeps any."""
        ...

    @property
    def duties(self) -> Mapping[str, Any]:
        """What the service does by itself, by name (``Service.duties``)."""
        ...

    @property
    def client(self) -> httpx.AsyncClient:
        """For calls to other services."""
        ...

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries; unqualified names are the service's own read models."""
        ...

    async def proof_of(self, position: int) -> dict[str, Any] | None:
        """The proof document of one entry (``check_proof.py`` checks it); ``None`` where this log signs nothing."""
        ...

    async def caught_up(self, position: int, field: str = POSITION_HEADER) -> None:
        """Wait until the read models show ``position``.

        Raises ``PositionNotYetWritten`` at once for a position beyond the head; ``field`` of the request named it.
        """
        ...

    async def up_to_date(self, seconds: float = ...) -> None:
        """Wait until the read models show all that is written by now: for a write that is decided on a list.

        Raises ``ListsBehind`` after ``seconds``.
        """
        ...

    @property
    def directory(self) -> "Directory":
        """Who may do what, as this service's own log says."""
        ...

    @property
    def visitor(self) -> Callable[..., Awaitable[Principal]]:
        """See ``Dependencies``."""
        ...

    @property
    def caller(self) -> Callable[..., Awaitable[Principal]]:
        """See ``Dependencies``."""
        ...

    @property
    def scope(self) -> Callable[..., Awaitable[Scope]]:
        """See ``Dependencies``."""
        ...

    @property
    def visitor_scope(self) -> Callable[..., Awaitable[Scope]]:
        """See ``Dependencies``."""
        ...

    @property
    def written(self) -> Callable[..., Awaitable[Envelope]]:
        """See ``Dependencies``."""
        ...

    @property
    def written_by_visitor(self) -> Callable[..., Awaitable[Envelope]]:
        """See ``Dependencies``."""
        ...

    @property
    def as_of(self) -> Callable[..., Awaitable[AsOf | None]]:
        """See ``Dependencies``."""
        ...

    @property
    def throttled(self) -> Callable[[str], Callable[..., Awaitable[None]]]:
        """See ``Dependencies``."""
        ...


class Admits(Protocol):
    """What the log says of access, asked after the token was checked (``access.Admission``)."""

    async def let_in(self, found: Principal, named: str = "") -> Principal:
        """The caller with the grants in force now, in the place of the person whom ``Mingjing-On-Behalf-Of`` names,
        written as the log writes it. Raises ``TokenRevoked``, ``PersonIsLocked``, ``NotTheirSubstitute``.
        """
        ...


def make_dependencies(
    checker: Checker,
    now: Clock,
    trusted_proxies: tuple[str, ...] = (),
    gate: Gate | None = None,
    admission: Admits | None = None,
) -> Dependencies:
    """Everything that a router may depend on, closed over one token checker, one clock and one gate.

    Without ``gate`` nobody is asked too fast and nobody is locked out; without ``admission`` a token says it all.
    """
    passing = gate or Gate(checker, Lockout(now, address_failures_max=None), trusted_proxies=trusted_proxies)

    async def visitor(request: Request, credentials: Credentials) -> Principal:
        found = request.scope.get(_PRINCIPAL)
        if not isinstance(found, Principal):
            found = request.scope[_PRINCIPAL] = await asking(request, credentials)
        return found

    async def asking(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Principal:
        named = on_behalf_of(request.headers.get(ON_BEHALF_OF_HEADER))
        if credentials is None:
            if named:
                raise NotSignedIn
            return asked_by(ANONYMOUS)
        principal = await passing.caller(request, credentials.credentials)
        return asked_by(await _admitted(admission, principal, named))

    # Each asks the one before by hand: a chain of FastAPI's dependencies is solved anew by every route and request.
    async def caller(request: Request, credentials: Credentials) -> Principal:
        principal = await visitor(request, credentials)
        if principal.is_anonymous:
            raise NotSignedIn
        return principal

    async def scope(request: Request, credentials: Credentials) -> Scope:
        return (await caller(request, credentials)).scope

    async def visitor_scope(request: Request, credentials: Credentials) -> Scope:
        return (await visitor(request, credentials)).scope

    return Dependencies(
        visitor=visitor,
        caller=caller,
        scope=scope,
        visitor_scope=visitor_scope,
        written=make_written(caller, now),
        written_by_visitor=make_written(visitor, now),
        as_of=make_as_of(now),
        throttled=make_throttled(visitor, trusted_proxies),
    )


async def _admitted(admission: Admits | None, found: Principal, named: str) -> Principal:
    """The caller as the log knows him, in the place of whom he names."""
    if admission is not None:
        return await admission.let_in(found, named)
    if named:
        raise HeaderMalformed(header=ON_BEHALF_OF_HEADER, reason="nobody's substitutes are known here")
    return found
