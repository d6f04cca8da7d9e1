"""The edition of what is published: for whoever keeps public answers, and asks whether they still hold."""

from __future__ import annotations

from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_registry.projections.edition import edition_now


class Edition(BaseModel):
    """What names the state of every public answer."""

    edition: str = Field(description="Another one when anything that is published may have changed")


def make_router(kit: Kit) -> Router:
    """One number, the same for everybody; it is asked often, so no limit of public look-ups counts it."""
    router = Router(tags=["public 公众查询"])

    @router.get("/public/edition", summary="公示版次 the state of what is published")
    async def edition() -> Edition:
        """A kept answer holds for as long as this is what it was before the answer was asked for."""
        return Edition(edition=await edition_now(kit.log.pool, kit.settings.hotline))

    return router
