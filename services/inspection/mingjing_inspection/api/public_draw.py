"""Draws for everybody (双随机公开): the list with annulled ones, and the notice by which anybody can draw again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict

from mingjing_inspection import draw as lots
from mingjing_inspection.api.draw import COLUMNS
from mingjing_inspection.domain.draw import Frozen
from mingjing_inspection.domain.draw_refusals import DrawUnknown
from mingjing_inspection.intake.drawing import attempt_of, notice_of
from mingjing_inspection.projections.draws import public_draws
from mingjing_kernel.http import Asked, AsOf, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

LIMIT = "60/minute"


class PublicDraw(BaseModel):
    """What anybody may know of a draw."""

    model_config = ConfigDict(from_attributes=True)

    draw_id: UUID
    attempt: int
    state: str
    plan: str
    title: str
    region: str
    candidates: int
    inspectors: int
    selected: int
    population_hash: str
    frozen_at: datetime
    commitment: str
    public_source: str
    public_value_due_at: datetime | None
    annulled_because: str


def make_router(kit: Kit) -> Router:
    """Without signing in."""
    router = Router(tags=["public 公众查询"])
    text = Path(str(lots.__file__)).read_text(encoding="utf-8")

    @router.get(
        "/public/draws",
        response_model=Page[PublicDraw],
        summary="双随机抽查公示 draws",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def list_public_draws(
        scope: Scope = Depends(kit.visitor_scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """From the commitment on; latest first; annulled ones with their reason."""
        statement = public_draws(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="draws",
            statement=statement,
            keys=(rows.frozen_at, rows.draw_id, rows.attempt),
            columns=tuple(one for one in COLUMNS if one.key in PublicDraw.model_fields),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, PublicDraw)

    @router.get(
        "/public/draws/{draw_id}/notice",
        summary="抽查公告 the notice by which anybody can draw again",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def public_notice(draw_id: UUID, attempt: int | None = Query(default=None, ge=1)) -> dict[str, Any]:
        """Save it when the commitment is published, and again with the result: the two must agree."""
        draw = await attempt_of(kit, draw_id, attempt)
        if isinstance(draw, Frozen):
            raise DrawUnknown
        return notice_of(draw, is_public=True)

    @router.get("/public/draw.py", summary="抽查算法 the algorithm, one file", response_class=PlainTextResponse)
    async def algorithm() -> PlainTextResponse:
        """The very file that draws; it checks a notice with plain Python."""
        return PlainTextResponse(text)

    return router
