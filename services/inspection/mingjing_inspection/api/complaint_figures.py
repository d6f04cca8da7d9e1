"""Figures of complaints over HTTP (投诉举报统计): volumes, on time, substantiated, repeated, satisfied; by anything.

One rule: a ratio is told with what it is of, and is null where that is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_inspection.api.finding_figures import WHOLE_BASIS_POINTS, PeriodNotAPeriod
from mingjing_inspection.intake.complaint_bulletins import per_1000
from mingjing_inspection.projections.complaint_figures import By, complaint_figures
from mingjing_inspection.projections.enrolled_pupils import pupils_in
from mingjing_inspection.projections.finding_rounds import Period
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.moment import Moment

PERIOD_DAYS_MAX: Final = 400


class ComplaintFiguresItem(BaseModel):
    """The figures of one channel, kind, department, town, institution, matter, school or of all. A row is a track."""

    key: str
    received: int = Field(description="受理量: tracks received in the period")
    open: int = Field(description="在办: not closed, and not handled with another one")
    closed: int = Field(description="办结: closed here")
    closed_elsewhere: int = Field(description="原渠道办结: closed by the channel itself")
    merged: int = Field(description="并案: handled with another one")
    repeated: int = Field(description="重复: merged, or linked with another one")
    substantiated: int = Field(description="属实")
    unsubstantiated: int = Field(description="不属实")
    agreed: int = Field(description="调解达成")
    terminated: int = Field(description="终止调解")
    not_accepted: int = Field(description="不予受理")
    withdrawn: int = Field(description="撤回")
    called_back: int = Field(description="回访到")
    satisfied: int = Field(description="满意、基本满意")
    dissatisfied: int = Field(description="不满意")
    listed: int = Field(description="挂牌督办")
    refund_fen: int = Field(description="调解退费, fen")
    complaints: int = Field(description="投诉举报件数: messages; one may be handled as several tracks")
    about_known: int = Field(description="Messages about institutions of which the pupils are known")
    pupils: int = Field(default=0, description="合同学员 of these institutions: of the key's, or of all of them")
    per_1000_pupils_hundredths: int | None = Field(default=None, description="每千名学员投诉: about_known of pupils")
    kept: int = Field(description="按期: clocks that ended in time")
    missed: int = Field(description="超期: clocks that ended late")
    overdue_open: int = Field(description="超期未办: clocks that are late and still run")
    on_time_basis_points: int | None = Field(description="按期率: kept of kept, missed and overdue_open")
    substantiated_basis_points: int | None = Field(description="属实率: of substantiated and unsubstantiated")
    repeated_basis_points: int | None = Field(description="重复率: of received")
    satisfied_basis_points: int | None = Field(description="满意率: of called_back")
    agreed_basis_points: int | None = Field(description="调解成功率: of agreed and terminated")


class ComplaintFiguresAnswer(BaseModel):
    """Counts of what was received in a period, as it stood."""

    since: datetime
    until: datetime
    region: str
    by: str
    items: list[ComplaintFiguresItem]


def make_router(kit: Kit) -> Router:
    """One address."""
    router = Router(tags=["complaint-track 投诉办理"])

    @router.get("/complaint-figures", summary="投诉举报统计 figures of a period")
    async def figures_of_complaints(
        since: Moment,
        until: Moment,
        region: str = Query(default="", max_length=15, pattern=r"^\d*$"),
        by: By = "all",
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> ComplaintFiguresAnswer:
        """Of what was received in the period, counted from facts, now or as it was known on a past day. By school: what
        schools passed on, by the name that was written down; nobody states a school's pupils, so volumes alone.
        """
        if not timedelta(0) < until - since <= timedelta(days=PERIOD_DAYS_MAX):
            raise PeriodNotAPeriod(maximum=PERIOD_DAYS_MAX)
        at = await position_of(kit, as_of)
        now = kit.now() if as_of is None or as_of.moment is None else as_of.moment
        period = Period(since=since, until=until, now=now, region=region)
        async with kit.connection() as connection:
            rows = await complaint_figures(connection, scope, period, by=by, at=at)
            asked = await connection.execute(pupils_in(scope, by=by, region=region, at=at))
            pupils = {row.key: int(row.pupils) for row in asked.all()} if by != "school" else {}
        return ComplaintFiguresAnswer(
            since=since, until=until, region=region, by=by, items=[_with_ratios(row, pupils) for row in rows]
        )

    return router


def _with_ratios(row: dict[str, Any], pupils: Mapping[str, int]) -> ComplaintFiguresItem:
    theirs = pupils.get(row["key"], pupils.get("", 0))
    return ComplaintFiguresItem(
        **row,
        pupils=theirs,
        per_1000_pupils_hundredths=per_1000(row["about_known"], theirs),
        on_time_basis_points=_share(row["kept"], row["kept"] + row["missed"] + row["overdue_open"]),
        substantiated_basis_points=_share(row["substantiated"], row["substantiated"] + row["unsubstantiated"]),
        repeated_basis_points=_share(row["repeated"], row["received"]),
        satisfied_basis_points=_share(row["satisfied"], row["called_back"]),
        agreed_basis_points=_share(row["agreed"], row["agreed"] + row["terminated"]),
    )


def _share(part: int, whole: int) -> int | None:
    return part * WHOLE_BASIS_POINTS // whole if whole else None
