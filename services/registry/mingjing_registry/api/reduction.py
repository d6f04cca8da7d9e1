"""Reduction and conversion 压减、转型 over HTTP: what became of the institutions of a base day, by area and in all."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.reads.watching import showing
from mingjing_registry.api.ledger import DefinitionShown, settled_position
from mingjing_registry.domain.export_refusals import BaseDayTooLate
from mingjing_registry.domain.ledger_terms import CORRECTION, FORMULA, REDUCTION
from mingjing_registry.projections.reduction import reduction_in

BASE_DAY = date(2021, 7, 24)
"""中办发〔2021〕40号: stages are compared with the day on which the reduction was made public (S1:1081)."""
REDUCTION_COLUMNS = (
    Column("area", "区划", "Area"),
    Column("base", "基数", "Base", "integer"),
    Column("cancelled", "注销", "Cancelled", "integer"),
    Column("revoked", "吊销", "Revoked", "integer"),
    Column("closed", "关闭", "Closed", "integer"),
    Column("converted", "转出", "Converted", "integer"),
    Column("new", "新设", "New", "integer"),
    Column("converted_in", "转入", "Converted into it", "integer"),
    Column("undated", "起始日不明", "Without a first day", "integer"),
    Column("now", "现数", "Now", "integer"),
    Column("reduction_bp", "压减率（万分之一）", "Reduction (1/10000)", "integer"),
    Column("stopped", "停办", "Stopped", "integer"),
    Column("stopped_bp", "停办率（万分之一）", "Stopped (1/10000)", "integer"),
    Column("to_non_profit", "营转非", "Converted to non-profit", "integer"),
    Column("non_profit", "现数中非营利", "Non-profit now", "integer"),
    Column("non_profit_bp", "非营利占比（万分之一）", "Non-profit (1/10000)", "integer"),
)
_AREA = r"^[0-9]{0,15}$"


class ReductionFigures(BaseModel):
    """What became of the base; the definitions stand in ``/ledger/reduction/totals``."""

    model_config = ConfigDict(from_attributes=True)

    base: int
    cancelled: int
    revoked: int
    closed: int
    converted: int
    new: int
    converted_in: int
    undated: int
    now: int
    expired: int = Field(description="Of those now: the licence has run out")
    stopped: int
    to_non_profit: int
    non_profit: int
    for_profit: int
    reduction_bp: int | None = Field(description="压减率 in ten-thousandths; null where the base is 0")
    stopped_bp: int | None
    non_profit_bp: int | None


class ReductionRow(ReductionFigures):
    """The same of one area."""

    area: str


class Reduction(BaseModel):
    """The figures of everything that the caller may see, with formula and definitions."""

    base_on: date
    as_of: date
    position: int = Field(description="Of the log: the same position gives the same figures for ever")
    kind: str
    formula_zh: str
    formula_en: str
    totals: ReductionFigures
    definitions: list[DefinitionShown]
    remark_zh: str
    remark_en: str


def make_router(kit: Kit) -> Router:
    """By area, and in all."""
    router = Router(prefix="/ledger/reduction", tags=["ledger 台账"])

    @router.get("", response_model=Page[ReductionRow], summary="压减与转型 reduction and conversion by area")
    async def reduction(
        base_on: date = Query(default=BASE_DAY),
        kind: Literal["subject", "non-subject", "all"] = "subject",
        area_digits: int = Query(default=6, ge=2, le=15, description="2 a province, 4 a city, 6 a county, 9 a town"),
        region: str = Query(default="", pattern=_AREA),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """``base_on`` is a day in the institutions' lives, ``as_of`` the moment up to which it is known."""
        at = await position_of(kit, as_of)
        await _require_earlier(kit, base_on, as_of)
        statement = reduction_in(scope, base_on, kind=kind, digits=area_digits, region=region, at=at)
        listing = Listing(
            name="reduction",
            title=(f"压减与转型统计（基准日 {base_on}）", f"Reduction and conversion since {base_on}"),
            statement=statement,
            keys=(statement.selected_columns.area,),
            columns=REDUCTION_COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, ReductionRow)

    @router.get("/totals", summary="压减率及口径 the reduction rate, its formula and definitions")
    async def reduction_totals(
        base_on: date = Query(default=BASE_DAY),
        kind: Literal["subject", "non-subject", "all"] = "subject",
        region: str = Query(default="", pattern=_AREA),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Reduction:
        """Of what the caller may see."""
        at = await settled_position(kit, as_of)
        day = await _require_earlier(kit, base_on, as_of)
        async with kit.connection() as connection:
            found = await connection.execute(reduction_in(scope, base_on, kind=kind, region=region, at=at))
            row = found.mappings().one()
        showing(1)
        return Reduction(
            base_on=base_on,
            as_of=day,
            position=at,
            kind=kind,
            formula_zh=FORMULA.zh,
            formula_en=FORMULA.en,
            totals=ReductionFigures.model_validate(row),
            definitions=[DefinitionShown.of(one) for one in REDUCTION],
            remark_zh=CORRECTION.zh,
            remark_en=CORRECTION.en,
        )

    return router


async def _require_earlier(kit: Kit, base_on: date, as_of: AsOf | None) -> date:
    """The day that is asked about. Raises ``BaseDayTooLate``."""
    day = await day_of(kit, as_of)
    if base_on > day:
        raise BaseDayTooLate(base_on=base_on.isoformat(), day=day.isoformat())
    return day
