"""The edition of what is published: for whoever keeps public answers, and asks whether they still hold."""

from __future__ import annotations

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_registry.projections.edition import edition_of, latest


class Edition(BaseModel):
    """What names the state of every public answer."""

    edition: str = Field(description="Another one when anything that is published may have changed")


def make_router(kit: Kit) -> Router:
    """One number for everybody; it is asked often, so no limit of public look-ups counts it."""
    router = Router(tags=["public 公众查询"])

    @router.get("/public/edition", summary="公示版次 the state of what is published")
    async def edition(_visitor: Principal = Depends(kit.visitor)) -> Edition:
        """A kept answer holds for as long as this is what it was before the answer was asked for."""
        async with kit.connection() as connection:
            row = (await connection.execute(latest())).one()
        return Edition(edition=edition_of(row.position, row.fingerprint, kit.settings.hotline))

    return router
