"""Listings whose term is over (期满自动移出).

One rule: the answer names every listing that it ended, and an empty list says that none was over.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.api.blacklist_steps import REPAIR
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.domain.blacklist import ExpireListing
from mingjing_registry.intake.listing import carry_out
from mingjing_registry.projections.blacklist import ended

BATCH_MAX = 200
TERM_OVER = "公布期满"


class ListingsEnded(BaseModel):
    """Which listings ended."""

    listings: list[UUID]
    position: int = Field(description="Position in the log after it")
    more: bool = Field(description="More are over than one request notes: ask again")


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(prefix="/blacklist", tags=["blacklist 黑名单"])

    @router.post("/expiry", summary="期满移出 end the listings whose term is over")
    async def expire_listings(
        response: Response, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> ListingsEnded:
        """By today, or by the day in ``Mingjing-Occurred-At``, within the caller's scope."""
        on = day_of(kit, written)
        await kit.up_to_date()
        async with kit.connection() as connection:
            ids = [row.listing_id for row in await connection.execute(ended(scope, on).limit(BATCH_MAX))]
        position = await kit.log.head()
        for id in ids:
            command_id = derived_id("listing-expiry", written.command_id, id)
            envelope = replace(written, command_id=command_id, digest=b"", expected_version=None)
            grounds = grounded(envelope, TERM_OVER, governed_by=REPAIR)
            outcome = await carry_out(kit, id, ExpireListing(on=on), grounds)
            position = max(position, outcome.position)
        response.headers["Mingjing-Position"] = str(position)
        return ListingsEnded(listings=ids, position=position, more=len(ids) == BATCH_MAX)

    return router
