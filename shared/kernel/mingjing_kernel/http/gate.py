"""The gate before every route and before the bulk port: how often an address and a caller may ask, and whether somebody
is locked out. What is an address over HTTP is over NATS the system (its user there) from which a request comes.

The one rule: it counts who asks before anything is worked out for them; what it refuses it says with the time after
which to try again. Wrong credentials count against the address that showed them, never against the name in them.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mingjing_kernel.clock import Clock
from mingjing_kernel.http.certificate import certificate_of
from mingjing_kernel.http.rate import Rate, RateLimiter, parse_rate
from mingjing_kernel.http.refusals import TooManyRequests
from mingjing_kernel.http.throttle import address_of
from mingjing_kernel.identity import Principal, TokenRefused
from mingjing_kernel.identity.lockout import Lockout
from mingjing_kernel.identity.refusals import GrantsMalformed, TokenExpired, TokenNotYetValid
from mingjing_kernel.settings import ServiceSettings

HONEST = (TokenExpired, TokenNotYetValid, GrantsMalformed)
"""Refused, but signed by the issuer: nobody guesses those."""
SAID_AGAIN_SECONDS = 60.0
SAID_MAX = 1_000
_log = structlog.get_logger("mingjing.gate")


class Checker(Protocol):
    """From a token to whoever calls (``TokenChecker``, or whatever stands around it)."""

    async def principal(self, token: str, certificate: str = "") -> Principal:
        """Raises ``TokenRefused``. ``certificate`` is the thumbprint of what the caller showed in TLS."""
        ...

    def recall(self, token: str, certificate: str = "") -> Principal | None:
        """The same for a token that was found good a moment ago; else None."""
        ...


@dataclass(frozen=True, slots=True)
class Rates:
    """How often; None is without limit."""

    caller: Rate | None = None
    address: Rate | None = None


class Gate:
    """One service's gate, in this process."""

    def __init__(
        self,
        checker: Checker,
        lockout: Lockout,
        rates: Rates | None = None,
        trusted_proxies: tuple[str, ...] = (),
        certificate_header: str = "",
    ) -> None:
        rates = rates or Rates()
        self._checker = checker
        self.lockout = lockout
        self._callers, self._addresses = RateLimiter(rates.caller), RateLimiter(rates.address)
        self._trusted = trusted_proxies
        self._header = certificate_header
        self._said: OrderedDict[str, float] = OrderedDict()
        self.throttled = 0
        """Requests that came too fast since the start, for the health page."""

    def admit(self, scope: Scope) -> None:
        """Count a request for its address. Raises ``TooManyRequests``."""
        if self._addresses.rate is not None:
            self.count(address_of(scope, self._trusted))

    def count(self, address: str) -> None:
        """Count a request that comes from there. Raises ``TooManyRequests``."""
        self._pass(self._addresses, address, self._addresses.wait_seconds(address))

    async def caller(self, request: Request, token: str) -> Principal:
        """Whose token it is. Raises ``TokenRefused``, ``LockedOut``, ``TooManyRequests``, ``IssuerUnreachable``."""
        certificate = certificate_of(request.scope, self._header, self._trusted) if self._header else ""
        return await self.known(token, lambda: address_of(request.scope, self._trusted), certificate)

    async def known(self, token: str, address: Callable[[], str], certificate: str = "") -> Principal:
        """The same for a token that was shown at an address, which is asked for strangers only."""
        principal = self._checker.recall(token, certificate)
        if principal is None:
            principal = await self._stranger(address(), token, certificate)
        self._pass(self._callers, principal.subject, self._callers.wait_seconds(principal.subject))
        return principal

    async def _stranger(self, address: str, token: str, certificate: str) -> Principal:
        self.lockout.require_open(address)
        try:
            return await self._checker.principal(token, certificate)
        except TokenRefused as refused:
            if not isinstance(refused, HONEST):
                self.lockout.failed(address, reason=refused.code())
            raise

    def _pass(self, limiter: RateLimiter, who: str, wait: float) -> None:
        if wait <= 0 or limiter.rate is None:
            return
        self.throttled += 1
        now = time.monotonic()
        if now - self._said.get(who, -SAID_AGAIN_SECONDS) >= SAID_AGAIN_SECONDS:
            self._said[who] = now
            self._said.move_to_end(who)
            if len(self._said) > SAID_MAX:
                self._said.popitem(last=False)
            _log.warning("gate.too_fast", who=who, limit=limiter.rate.text, throttled=self.throttled)
        raise TooManyRequests(limit=limiter.rate.text, retry_after_seconds=math.ceil(wait))


def make_gate(settings: ServiceSettings, checker: Checker, now: Clock) -> Gate:
    """The gate that the settings describe."""
    return Gate(
        checker,
        Lockout(now, address_failures_max=settings.lockout_failures_max),
        Rates(caller=parse_rate(settings.rate_caller), address=parse_rate(settings.rate_address)),
        settings.trusted_proxies,
        settings.client_certificate_header,
    )


def make_port_gate(settings: ServiceSettings, checker: Checker, lockout: Lockout) -> Gate:
    """For the bulk port: rates of its own, and the one lockout, so that all locks are seen and opened in one place."""
    rates = Rates(caller=parse_rate(settings.rate_port_caller), address=parse_rate(settings.rate_port_system))
    return Gate(checker, lockout, rates)


class Gated:
    """Pure ASGI, inside the edge: what the gate refuses, the edge answers as a problem document."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, unless it comes too fast."""
        if scope["type"] == "http":
            self._gate.admit(scope)
        await self._app(scope, receive, send)
