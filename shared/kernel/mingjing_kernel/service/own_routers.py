"""The addresses that every service has: is it well, what did it tell, what is parked, how is the log proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Response

from mingjing_kernel.broker.catchup import make_catchup_router
from mingjing_kernel.broker.parked_api import make_parked_router
from mingjing_kernel.identity import OutsideScope, Principal, Role
from mingjing_kernel.log.database import is_away

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host


def own_routers(host: Host) -> list[APIRouter]:
    """Mounted under the service's prefix, after its own."""
    readers = only(host, Role.SERVICE, Role.AUDITOR, Role.ADMINISTRATOR)
    return [
        _health(host),
        make_catchup_router(host.outbox, readers),
        make_parked_router(host, host.talking.parking, only(host, Role.ADMINISTRATOR)),
        *host.witnessing.router(),
    ]


def only(host: Host, *roles: Role) -> Callable[..., Any]:
    """A dependency that lets in whoever holds one of the roles anywhere."""

    async def guard(caller: Principal = Depends(host.caller)) -> Principal:
        if not any(caller.has(role) for role in roles):
            raise OutsideScope
        return caller

    return guard


def _health(host: Host) -> APIRouter:
    router = APIRouter(tags=["service"])

    @router.get("/health", summary="Whether the service can work, and how far each part got")
    async def health(response: Response) -> dict[str, Any]:
        found: dict[str, Any] = {**host.readiness(), "head": None, "database": "answers"}
        try:
            found["head"] = await host.log.head()
        except Exception as trouble:
            if not is_away(trouble):
                raise
            found |= {"ready": False, "database": f"{type(trouble).__name__}: {trouble}"}
        response.status_code = 200 if found["ready"] else 503
        return found

    return router
