"""The addresses that every service has: is it well, what did it tell, what is parked, how is the log proved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Response

from mingjing_kernel.broker.catchup import make_catchup_router
from mingjing_kernel.broker.parked_api import make_parked_router
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Principal, Role
from mingjing_kernel.log.database import is_away
from mingjing_kernel.sealed.subject import SUBJECT
from mingjing_kernel.service.erasing import make_erasure_router

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host

HEAD_SECONDS_MAX = 2.0
"""Whoever asks whether we are well must hear at once that the database hangs; else it is us who seem to hang."""


def own_routers(host: Host) -> list[APIRouter]:
    """Mounted under the service's prefix, after its own."""
    readers = only(host, Role.SERVICE, Role.AUDITOR, Role.ADMINISTRATOR)
    administrators = only(host, Role.ADMINISTRATOR)
    seals = SUBJECT in host.service.aggregates
    return [
        _health(host),
        make_catchup_router(host.outbox, readers),
        make_parked_router(host, host.talking.parking, administrators),
        *([make_erasure_router(host, administrators)] if seals else []),
        *host.witnessing.router(),
    ]


def only(host: Host, *roles: Role) -> Callable[..., Any]:
    """A dependency that lets in whoever holds one of the roles for the whole region of this installation.

    What lies behind it (parked messages, all contracts, every sealed subject) is not divided by region: a grant for
    one town of the county is not enough.
    """
    act = Act(
        name="use-service", zh="使用系统级功能", en="use an address of the service itself", roles=frozenset(roles)
    )
    here = Dimensions(UNDIVIDED, host.settings.county_code, UNDIVIDED)

    async def guard(caller: Principal = Depends(host.caller)) -> Principal:
        caller.scope.require(act, here)
        return caller

    return guard


def _health(host: Host) -> APIRouter:
    router = APIRouter(tags=["service"])

    @router.get("/health", summary="Whether the service can work, and how far each part got")
    async def health(response: Response) -> dict[str, Any]:
        found: dict[str, Any] = {**host.readiness(), "head": None, "database": "answers"}
        try:
            async with asyncio.timeout(HEAD_SECONDS_MAX):
                found["head"] = await host.log.head()
        except TimeoutError:
            found |= {"ready": False, "database": f"no answer within {HEAD_SECONDS_MAX:g} s"}
        except Exception as trouble:
            if not is_away(trouble):
                raise
            found |= {"ready": False, "database": f"{type(trouble).__name__}: {trouble}"}
        response.status_code = 200 if found["ready"] else 503
        return found

    return router
