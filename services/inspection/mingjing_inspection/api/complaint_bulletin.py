"""The half-monthly bulletin of complaints over HTTP (投诉半月通报): figures as JSON or XLSX; what was issued as PDF.

One rule: the figures of a day are those that were known when it ended, whenever one asks; what was issued is printed
from the fact, and only while it can be counted again to the same figures.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_bulletin import READ_BULLETIN
from mingjing_inspection.documents.complaint_bulletin import (
    TITLE,
    complaint_bulletin_of,
    complaint_number_of,
    complaint_sheet,
)
from mingjing_inspection.documents.complaint_words import named
from mingjing_inspection.domain.bulletin import BulletinDiffers, BulletinNotIssued, HalfMonth, half_month
from mingjing_inspection.domain.complaint_bulletin import ComplaintBulletinIssued, Tally
from mingjing_inspection.intake.complaint_bulletins import Counted, counted, issued, names_then, rates
from mingjing_inspection.intake.hot_topics import texts_of
from mingjing_inspection.intake.missed_bulletins import made_up_on
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.sealed.keys import Keys

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMIT: Final = "20/minute"
"""Of one caller: all of a county is counted again each time."""
_ISSUED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {**PDF[200]["content"], XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


class TallyItem(BaseModel):
    """One line. Ratios in hundredths of a per cent; null of nothing."""

    model_config = ConfigDict(from_attributes=True)

    by: str = Field(description="What it is counted by: all, channel, track, department, town, category …")
    key: str
    name: str = Field(default="", description="名称, in Chinese")
    complaints: int = Field(description="投诉举报件数: messages that became known in the period")
    received: int = Field(description="受理: tracks that became known")
    earlier: int = Field(description="补录: of them, received before the period")
    closed: int
    closed_elsewhere: int
    repeated: int = Field(description="重复: of received, merged or linked with another one")
    substantiated: int
    unsubstantiated: int
    agreed: int
    terminated: int
    called_back: int
    satisfied: int
    dissatisfied: int
    refund_fen: int
    kept: int = Field(description="按期: clocks that ended in time in the period")
    missed: int = Field(description="超期: clocks that ended late in it")
    overdue_open: int = Field(description="超期未办: late and still running at its end, however old")
    open: int = Field(description="在办 at its end")
    listed: int
    pupils: int = Field(description="合同学员 of the institutions of which they are known")
    pupils_of: int = Field(description="How many institutions these are")
    about_known: int = Field(description="Complaints about them")
    on_time_bp: int | None = Field(default=None, description="按期率: kept of kept, missed and overdue_open")
    substantiated_bp: int | None = None
    repeated_bp: int | None = None
    satisfied_bp: int | None = None
    agreed_bp: int | None = None
    per_1000_pupils_hundredths: int | None = Field(default=None, description="每千名学员投诉: about_known of pupils")


class ComplaintBulletinAnswer(BaseModel):
    """The figures that the caller may see, up to a day."""

    begins_on: date
    ends_on: date
    since_position: int = Field(description="What the log held when the period began")
    position: int = Field(description="As of which position of the log; the same one gives the same figures")
    policy: str
    figures_sha256: str
    issued_position: int | None = Field(description="Where the bulletin of the whole period stands in the log")
    made_up_on: date | None = Field(description="补发日期: when it was issued, if an outage missed its own day")
    items: list[TallyItem]


def make_router(kit: Kit) -> Router:
    """Figures, and the issued document."""
    router = Router(tags=["complaint-bulletin 投诉半月通报"])

    limited = [Depends(kit.throttled(LIMIT))]

    @router.get("/complaint-bulletin", response_model=ComplaintBulletinAnswer, summary="投诉半月通报指标 its figures",
                dependencies=limited)  # fmt: skip
    async def complaint_bulletin(
        on: date | None = Query(default=None, description="The last day that counts; today, when left out"),
        format: Literal["json", "xlsx"] = "json",
        scope: Scope = Depends(kit.scope),
    ) -> Any:
        """From the 1st or the 16th up to that day, as it was known when the day ended. Of what the caller may see."""
        found = await counted(kit, scope, half_month(on or shanghai_date(kit.now())))
        names = await _names(kit, found.tallies, found.stretch.until)
        if format == "xlsx":
            title = _title(found.period)
            as_of = f"日志第{found.stretch.until}条"
            content = complaint_sheet(found.tallies, names, title=title, as_of=as_of, sha256=found.sha256)
            return _sheet_answer(content, found.period.ends_on)
        fact = await issued(kit, found.period)
        return _answer(found, names, fact)

    @router.get("/complaint-bulletins/{on}", response_class=Response, responses=_ISSUED,
                summary="投诉半月通报 the issued one as PDF or XLSX", dependencies=limited)  # fmt: skip
    async def issued_complaint_bulletin(
        on: date, format: Literal["pdf", "xlsx"] = "pdf", scope: Scope = Depends(kit.scope)
    ) -> Response:
        """Of the whole county, for every official of it; counted again and compared before it is printed."""
        scope.require(READ_BULLETIN, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))
        fact = await issued(kit, half_month(on))
        if fact is None:
            raise BulletinNotIssued
        if (await counted(kit, Scope.system(), half_month(on))).sha256 != fact.event.figures_sha256:
            raise BulletinDiffers
        return await _printed(kit, fact, format)

    return router


async def _printed(kit: Kit, fact: Recorded[ComplaintBulletinIssued], format: str) -> Response:
    event = fact.event
    names = await _names(kit, event.tallies, event.position)
    said = await texts_of(kit, Keys(kit), [one for topic in event.topics for one in topic.complaints], event.position)
    if format == "xlsx":
        content = complaint_sheet(
            event.tallies,
            names,
            title=_title(half_month(event.ends_on), made_up_on(event)),
            as_of=f"日志第{event.position}条",
            sha256=event.figures_sha256,
            topics=event.topics,
            said=said,
        )
        return _sheet_answer(content, event.ends_on)
    printed = await pressed(
        "official",
        complaint_bulletin_of(fact, kit.settings.county_name, names, said),
        number=complaint_number_of(fact),
        address=f"{kit.settings.console_url.rstrip('/')}/complaint-bulletin?on={event.ends_on.isoformat()}",
        fact=fact,
        proof=await kit.proof_of(fact.position),
        fonts=kit.settings.font_dir,
    )
    return pdf_answer(printed, f"{TITLE[0]}-{event.ends_on.isoformat()}.pdf")


async def _names(kit: Kit, tallies: tuple[Tally, ...], position: int) -> dict[str, str]:
    return await names_then(kit, [one.key for one in tallies if one.by == "institution"], position)


def _answer(
    found: Counted, names: dict[str, str], fact: Recorded[ComplaintBulletinIssued] | None
) -> ComplaintBulletinAnswer:
    items = [TallyItem.model_validate(one) for one in found.tallies]
    for item in items:
        item.name = named(item.by, item.key, names)
        for name, share in rates(item.model_dump()).items():
            setattr(item, name, share)
    return ComplaintBulletinAnswer(
        begins_on=found.period.begins_on,
        ends_on=found.period.ends_on,
        since_position=found.stretch.since,
        position=found.stretch.until,
        policy=found.policy,
        figures_sha256=found.sha256,
        issued_position=fact.position if fact else None,
        made_up_on=made_up_on(fact.event) if fact else None,
        items=items,
    )


def _title(period: HalfMonth, made_up: date | None = None) -> str:
    title = f"{TITLE[0]} {period.begins_on.isoformat()} 至 {period.ends_on.isoformat()}"
    return f"{title}（{made_up.isoformat()} 补发）" if made_up else title


def _sheet_answer(content: bytes, on: date) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="complaint-bulletin-{on.isoformat()}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
