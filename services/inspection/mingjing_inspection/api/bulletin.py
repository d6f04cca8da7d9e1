"""The half-monthly bulletin over HTTP (半月通报): figures of a half of a month as JSON, XLSX or an official PDF.

One rule: the figures of a day are those that were known when it ended, whenever one asks; the PDF is only of what was
issued, and only while it can be counted again to the same figures.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts_bulletin import READ_BULLETIN
from mingjing_inspection.documents.bulletin import TITLE, bulletin_of, department_named, number_of
from mingjing_inspection.domain.bulletin import BulletinDiffers, BulletinNotIssued, half_month
from mingjing_inspection.intake.bulletins import Counted, counted, issued, ratios
from mingjing_inspection.intake.missed_bulletins import made_up_on
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.sheet import Heading, PrintedSheet
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADINGS = (
    ("部门或人员", "text"), ("教学点", "integer"), ("已巡查", "integer"), ("覆盖率（万分比）", "integer"),
    ("巡查次数", "integer"), ("发现问题", "integer"), ("问题率（万分比）", "integer"), ("新增案卷", "integer"),
    ("重复问题", "integer"), ("重复率（万分比）", "integer"), ("责令整改", "integer"), ("销号", "integer"),
    ("整改率（万分比）", "integer"), ("未到位", "integer"), ("超期任务", "integer"), ("超期案卷", "integer"),
    ("超期整改", "integer"), ("挂牌督办", "integer"),
)  # fmt: skip


class BulletinLine(BaseModel):
    """One department. Ratios in hundredths of a per cent; null of nothing."""

    key: str
    sites: int
    visited: int
    visits: int
    entered: int
    with_issues: int
    findings: int
    repeated: int = Field(description="The same matter at the same site within the policy's days 重复问题")
    ordered: int = Field(description="Rectifications ordered until then 累计责令")
    passed: int
    failed: int
    overdue_tasks: int
    overdue_findings: int = Field(description="By whoever has it to handle")
    overdue_rectifications: int
    listed: int = Field(description="Under listed supervision 挂牌督办")
    coverage_bp: int | None
    issue_bp: int | None
    repeat_bp: int | None
    rectified_bp: int | None


class OfficerLine(BaseModel):
    """How much an officer did."""

    officer: str
    visits: int
    with_issues: int


class BulletinAnswer(BaseModel):
    """The figures that the caller may see, up to a day."""

    begins_on: date
    ends_on: date
    position: int = Field(description="As of which position of the log; the same one gives the same figures")
    policy: str
    figures_sha256: str
    issued_position: int | None = Field(description="Where the bulletin of the whole period stands in the log")
    made_up_on: date | None = Field(description="补发日期: when it was issued, if an outage missed its own day")
    departments: list[BulletinLine]
    officers: list[OfficerLine]


def make_router(kit: Kit) -> Router:
    """Figures, and the issued document."""
    router = Router(tags=["bulletin 半月通报"])

    @router.get("/bulletin", response_model=BulletinAnswer, summary="半月通报指标 figures of a half of a month")
    async def bulletin(
        on: date | None = Query(default=None, description="The last day that counts; today, when left out"),
        format: Literal["json", "xlsx"] = "json",
        scope: Scope = Depends(kit.scope),
    ) -> Any:
        """From the 1st or the 16th up to that day, as it was known when the day ended."""
        found = await counted(kit, scope, half_month(on or shanghai_date(kit.now())))
        if format == "xlsx":
            name = f"bulletin-{found.period.ends_on.isoformat()}.xlsx"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(_sheet(found), media_type=XLSX, headers=headers)
        fact = await issued(kit, found.period)
        return BulletinAnswer(
            begins_on=found.period.begins_on,
            ends_on=found.period.ends_on,
            position=found.position,
            policy=found.policy,
            figures_sha256=found.sha256,
            issued_position=fact.position if fact else None,
            made_up_on=made_up_on(fact.event) if fact else None,
            departments=[BulletinLine(**line, **ratios(line)) for line in found.figures.departments],
            officers=[OfficerLine(**one) for one in found.figures.officers],
        )

    @router.get("/bulletins/{on}", response_class=Response, responses=PDF, summary="半月通报 the issued one as PDF")
    async def issued_bulletin(on: date, scope: Scope = Depends(kit.scope)) -> Response:
        """Of the whole county, for every official of it; counted again and compared before it is printed."""
        scope.require(READ_BULLETIN, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))
        fact = await issued(kit, half_month(on))
        if fact is None:
            raise BulletinNotIssued
        found = await counted(kit, Scope.system(), half_month(on), fact.event.position)
        if found.sha256 != fact.event.figures_sha256:
            raise BulletinDiffers
        printed = await pressed(
            "official",
            bulletin_of(fact, found, kit.settings.county_name),
            number=number_of(fact),
            address=f"{kit.settings.console_url.rstrip('/')}/bulletin?on={on.isoformat()}",
            fact=fact,
            proof=await kit.proof_of(fact.position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"{TITLE[0]}-{on.isoformat()}.pdf")

    return router


def _sheet(found: Counted) -> bytes:
    period = found.period
    title = f"{TITLE[0]} {period.begins_on.isoformat()} 至 {period.ends_on.isoformat()}"
    heading = Heading(title=title, as_of=f"日志第{found.position}条", exported_at=found.sha256[:16])
    sheet = PrintedSheet([zh for zh, _ in _HEADINGS], [kind for _, kind in _HEADINGS], heading)
    sheet.write([_cells(line) for line in found.figures.departments])
    blank = [None] * (len(_HEADINGS) - 6)
    sheet.write([
        [f"人员 {one['officer']}", None, None, None, one["visits"], one["with_issues"], *blank]
        for one in found.figures.officers
    ])  # fmt: skip
    return sheet.close()


def _cells(line: dict[str, Any]) -> list[Any]:
    rates = ratios(line)
    return [
        department_named(line["key"]),
        line["sites"], line["visited"], rates["coverage_bp"], line["visits"], line["with_issues"],
        rates["issue_bp"], line["findings"], line["repeated"], rates["repeat_bp"], line["ordered"], line["passed"],
        rates["rectified_bp"], line["failed"], line["overdue_tasks"], line["overdue_findings"],
        line["overdue_rectifications"], line["listed"],
    ]  # fmt: skip
