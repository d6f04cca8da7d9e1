"""The official calendar over HTTP (工作日历): what is known of a year, and the import of its notice.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import Depends, Path, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_kernel.calendar import CALENDAR, CALENDAR_ID, ImportNotice, calendar_known
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.log.envelope import Envelope

_YEAR = Path(ge=2016, le=2100)
_BASIS = "国务院《全国年节及纪念日放假办法》"


class CalendarYear(BaseModel):
    """What is known of a year."""

    year: int
    is_provisional: bool = Field(description="No notice is known: only weekends and fixed holidays count as off")
    off: list[date] = Field(description="Days off, beside weekends")
    worked: list[date] = Field(description="Weekend days that are worked instead")
    source: str


class NoticeBody(BaseModel):
    """A year's notice: every day off that it names, and every weekend day that is worked instead."""

    off: list[date] = Field(min_length=1, max_length=60)
    worked: list[date] = Field(max_length=30)
    source: str = Field(max_length=200, description="The document with its number")


def make_calendar_router(kit: Kit, deciders: Callable[..., Any]) -> Router:
    """Mounted by every service that counts in working days."""
    router = Router(prefix="/calendar", tags=["calendar 工作日历"])

    @router.get("/{year}", summary="某年放假调休 what is known of a year")
    async def calendar_year(year: int = _YEAR, _: Principal = Depends(kit.caller)) -> CalendarYear:
        """A year without its notice says that it is provisional."""
        known = (await calendar_known(kit.log)).years.get(year)
        if known is None:
            return CalendarYear(year=year, is_provisional=True, off=[], worked=[], source="")
        return CalendarYear(
            year=year, is_provisional=False, off=sorted(known.off), worked=sorted(known.worked), source=known.source
        )

    @router.put("/{year}", summary="导入放假调休通知 import a year's notice")
    async def import_notice(
        body: NoticeBody,
        response: Response,
        year: int = _YEAR,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """Running limits in working days are counted anew by it; their former last days stay in the history."""
        command = ImportNotice(
            year=year,
            off=tuple(body.off),
            worked=tuple(body.worked),
            source=body.source,
            by=written.actor,
            at=kit.now(),
        )
        grounds = replace(written, legal_basis=written.legal_basis or _BASIS)
        return accepted(response, await kit.log.handle(CALENDAR, CALENDAR_ID, command, grounds))

    return router
