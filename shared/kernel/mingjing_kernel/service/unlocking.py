"""Lockouts (锁定): what is locked at this service, and an administrator's way to release it.

A lock, or its release, is known in every process of the service within seconds, and after a restart.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.identity.lockout import CLIENT_LENGTH_MAX, Lockout, Record
from mingjing_kernel.refusal import NotFound

ADDRESS_LENGTH_MAX = 64
SHOWN_MAX = 500
_log = structlog.get_logger("mingjing.lockout")


class NothingLocked(NotFound):
    """Nothing is locked there, or not any more."""

    sentence = "Nothing is locked there."
    remedy = "Look at the list of locks; an address may have been unlocked by time."


class Lock(BaseModel):
    """One lock."""

    address: str = Field(description="网络地址 network address; an IPv6 network by its /64")
    client: str = Field(description="客户端 the client that is locked at this address; empty: everybody at it")
    until: datetime = Field(description="锁定至 when it opens by itself")
    rounds: int = Field(description="第几次 how often it was locked already; each time it is for longer")


class Release(BaseModel):
    """Which lock to open."""

    address: str = Field(min_length=1, max_length=ADDRESS_LENGTH_MAX)
    client: str = Field(default="", max_length=CLIENT_LENGTH_MAX)


def make_unlocking_router(
    lockout: Lockout, exchange: Callable[[], Awaitable[None]], guard: Callable[..., Any]
) -> Router:
    """Mounted by every service. ``guard`` lets only administrators in; ``exchange`` asks and tells other processes."""
    router = Router(prefix="/lockouts", tags=["service"])

    @router.get("", summary="当前锁定 what is locked now")
    async def lockouts(_: Principal = Depends(guard)) -> list[Lock]:
        """Addresses that failed to sign in again and again."""
        await exchange()
        return [_lock(record) for record in lockout.locked()[:SHOWN_MAX]]

    @router.post("/release", status_code=204, summary="解除锁定 unlock one address")
    async def release(body: Release, administrator: Principal = Depends(guard)) -> None:
        """Opens at once what time would open later."""
        with suppress(Exception):  # without the database it opens here, and elsewhere once that is back
            await exchange()
        if not lockout.release(body.address, body.client):
            raise NothingLocked
        _log.warning("lockout.released", address=body.address, client=body.client, by=administrator.subject)
        with suppress(Exception):
            await exchange()

    return router


def _lock(record: Record) -> Lock:
    assert record.until is not None
    return Lock(address=record.address, client=record.client, until=record.until, rounds=record.rounds)
