"""Rate limits for public addresses: per caller and per network address.

The one rule: what is counted is who asks, never what is asked, so that nobody can hide by varying the question.
A limit counts in this process; a cell with many processes divides it at its gateway.
"""

import ipaddress
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from fastapi import Depends
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

from mingjing_kernel.http.refusals import TooManyRequests
from mingjing_kernel.identity import Principal

Dependency: TypeAlias = Callable[..., Awaitable[None]]
FORWARDED_MAX = 10
FORWARDED_BYTES_MAX = 1_000
ADDRESSES_REMEMBERED_MAX = 4096


def make_throttled(
    visitor: Callable[..., Awaitable[Principal]], trusted_proxies: tuple[str, ...] = ()
) -> Callable[[str], Dependency]:
    """``throttled("60/minute")`` gives a dependency; each such dependency counts for itself."""
    storage = MemoryStorage()
    limiter = SlidingWindowCounterRateLimiter(storage)
    made = 0

    def throttled(limit: str) -> Dependency:
        nonlocal made
        made += 1
        item, place = parse(limit), str(made)

        async def check(request: Request, principal: Annotated[Principal, Depends(visitor)]) -> None:
            who = ["address:" + client_address(request, trusted_proxies)]
            if not principal.is_anonymous:
                who = ["subject:" + principal.subject]
            for identity in who:
                if not await limiter.hit(item, place, identity):
                    window = await limiter.get_window_stats(item, place, identity)
                    wait_seconds = max(1, math.ceil(window.reset_time - time.time()))
                    raise TooManyRequests(limit=limit, retry_after_seconds=wait_seconds)

        return check

    return throttled


def client_address(request: Request, trusted_proxies: tuple[str, ...] = ()) -> str:
    """The caller's address: the last hop that is not one of our own proxies; IPv6 by its /64, one household."""
    return address_of(request.scope, trusted_proxies)


def address_of(scope: Mapping[str, Any], trusted_proxies: tuple[str, ...] = ()) -> str:
    """The same for an ASGI scope."""
    client = scope.get("client")
    address = client[0] if client else "unknown"
    if address not in trusted_proxies:
        return _household(address)
    forwarded = b",".join([value for name, value in scope["headers"] if name == b"x-forwarded-for"])
    return _beyond(address, forwarded, trusted_proxies) if forwarded else _household(address)


@lru_cache(maxsize=ADDRESSES_REMEMBERED_MAX)
def _beyond(address: str, forwarded: bytes, trusted_proxies: tuple[str, ...]) -> str:
    hops = [hop.strip() for hop in forwarded[-FORWARDED_BYTES_MAX:].decode("latin-1").split(",") if hop.strip()]
    for hop in reversed(hops[-FORWARDED_MAX:]):
        if address not in trusted_proxies:
            break
        address = hop
    return _household(address)


@lru_cache(maxsize=ADDRESSES_REMEMBERED_MAX)
def _household(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
