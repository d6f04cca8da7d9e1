"""Coverage over HTTP (巡查覆盖): when somebody was at each site, until when somebody has to be, ratios.

One rule: asked of a past day, it answers by what was known then and by the policy that was in force then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.domain.supervision import Level
from mingjing_inspection.intake.due_dates import due_of, frequencies
from mingjing_inspection.projections.coverage import coverage_in, covered
from mingjing_kernel.clock import end_of
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

PERIOD_DAYS = 30
BASIS_POINTS = 10_000
REGION: Any = Query(default="", pattern=r"^[0-9]{0,15}$", description="Beginning of a division or grid code")
COLUMNS = (
    Column("name", "机构", "Institution"),
    Column("address", "教学点", "Site"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
    Column("level", "监管档位", "Level"),
    Column("visits", "巡查次数", "Visits"),
    Column("entered_at", "上次入内巡查", "Last inside", "moment"),
    Column("tried_at", "上次到场", "Last at the door", "moment"),
    Column("last_officer", "上次巡查人", "Last officer"),
    Column("last_outcome", "上次结果", "Last outcome"),
)


class SiteCoverage(BaseModel):
    """A site, and when somebody was there. ``due_on`` by the policy of the day that is asked about."""

    model_config = ConfigDict(from_attributes=True)

    site_id: UUID
    institution_id: UUID
    name: str
    address: str
    department: str
    region: str
    category: str
    level: Level
    since: datetime
    visits: int
    tried_at: datetime | None
    entered_at: datetime | None
    last_visit_id: UUID | None
    last_officer: str
    last_outcome: str
    is_white: bool
    due_on: date | None = Field(default=None, description="By the policy of the day that is asked about")
    is_overdue: bool = False
    policy: str = Field(default="", description="Version of the policy that says how often")


class LevelCoverage(BaseModel):
    """One level. ``ratio_bp`` are sites that were visited, in hundredths of a per cent; ``entered_bp`` those inside."""

    level: Level | None
    sites: int
    visited: int
    entered: int
    never: int
    ratio_bp: int | None
    entered_bp: int | None


class Coverage(BaseModel):
    """Of a period, of everything that the caller may see."""

    begins_on: date
    ends_on: date
    total: LevelCoverage
    levels: list[LevelCoverage]


def make_router(kit: Kit) -> Router:
    """Sites, their due dates, ratios."""
    router = Router(tags=["coverage 巡查覆盖"])

    @router.get("/coverage", response_model=Page[SiteCoverage], summary="教学点覆盖 every site and its last visit")
    async def coverage(
        institution_id: UUID | None = None,
        level: Level | None = None,
        region: str = REGION,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Sites that nobody visited come with ``visits`` 0."""
        at = await position_of(kit, as_of)
        statement = coverage_in(scope, institution_id=institution_id, level=level, region=region, at=at)
        keys = (statement.selected_columns.site_id,)
        listing = Listing(name="coverage", statement=statement, keys=keys, columns=COLUMNS)
        answer = await answer_list(listing, asked, kit.connection, SiteCoverage)
        return await _with_due_dates(kit, answer, await day_of(kit, as_of)) if isinstance(answer, Page) else answer

    @router.get("/coverage/totals", summary="覆盖率 ratios of a period")
    async def coverage_totals(
        begins_on: date | None = Query(default=None, description="30 days before the end, when left out"),
        ends_on: date | None = Query(default=None, description="The day that is asked about, when left out"),
        region: str = REGION,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Coverage:
        """Sites that stood there in the period: how many were visited, entered, never visited at all."""
        at = await position_of(kit, as_of)
        last = ends_on or await day_of(kit, as_of)
        first = begins_on or last - timedelta(days=PERIOD_DAYS)
        async with kit.connection() as connection:
            found = await connection.execute(
                covered(scope, end_of(first - timedelta(days=1)), end_of(last), region=region, at=at)
            )
            levels = [dict(row) for row in found.mappings()]
        total = {name: sum(row[name] for row in levels) for name in ("sites", "visited", "entered", "never")}
        return Coverage(
            begins_on=first,
            ends_on=last,
            total=_ratios({"level": None, **total}),
            levels=[_ratios(row) for row in levels],
        )

    return router


async def _with_due_dates(kit: Kit, page: Page[SiteCoverage], day: date) -> Page[SiteCoverage]:
    """Each site with the day until which somebody has to be there."""
    rows = [item.model_dump() for item in page.items]
    numbers = await frequencies(kit, rows, day)
    items = []
    for item, row in zip(page.items, rows, strict=True):
        policy = numbers[item.region, item.category]
        due = due_of(row, policy)
        more = {"due_on": due, "is_overdue": due < day, "policy": policy.version}
        items.append(item.model_copy(update=more))
    return page.model_copy(update={"items": items})


def _ratios(row: dict[str, Any]) -> LevelCoverage:
    sites = row["sites"]
    return LevelCoverage(
        **row,
        ratio_bp=row["visited"] * BASIS_POINTS // sites if sites else None,
        entered_bp=row["entered"] * BASIS_POINTS // sites if sites else None,
    )
