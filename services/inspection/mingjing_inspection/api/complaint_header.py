"""Remembered headers of hotlines' exports over HTTP (投诉导出表头对照): said once, read so from then on."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts import REMEMBER_COLUMNS
from mingjing_inspection.codec_files import COMPLAINT_HEADERS
from mingjing_inspection.domain.complaint_columns import ColumnNamed, RememberColumns, Remembered
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope

COLUMNS_MAX: Final = 30


class HeaderBody(BaseModel):
    """Whose export (12345 or 12315), and over which of our fields each title stands."""

    layout: str = Field(max_length=20, examples=["12345"])
    columns: dict[str, str] = Field(
        max_length=COLUMNS_MAX, examples=[{"number": "流水号", "received_at": "来电时间", "text": "来电内容"}]
    )


class HeaderItem(HeaderBody):
    """A header that is read so."""

    remembered_by: str
    remembered_at: datetime


class Headers(BaseModel):
    """The latest first."""

    items: list[HeaderItem]


def headers_id(county: str) -> UUID:
    """Under which a county's headers stand."""
    return derived_id("complaint-headers", county)


async def remembered(kit: Kit) -> Remembered:
    """What this county has said about its hotlines' exports."""
    known: Remembered = (await kit.log.state(COMPLAINT_HEADERS, headers_id(kit.settings.county_code)))[0]
    return known


def make_router(kit: Kit) -> Router:
    """Saying and reading."""
    router = Router(prefix="/complaint-headers", tags=["complaint-file 投诉导出文件"])

    @router.post("", status_code=201, summary="记住表头对照 remember which column is which")
    async def remember_header(
        body: HeaderBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The same columns said again replace what was said before."""
        _allow(kit, scope)
        named = tuple(ColumnNamed(field=field, title=title.strip()) for field, title in sorted(body.columns.items()))
        command = RememberColumns(layout=body.layout, columns=named, by=written.actor, at=kit.now())
        id = headers_id(kit.settings.county_code)
        return accepted(response, await kit.log.handle(COMPLAINT_HEADERS, id, command, written))

    @router.get("", summary="已记住的表头 headers that are remembered")
    async def known_headers(scope: Scope = Depends(kit.scope)) -> Headers:
        """For whoever takes files in."""
        _allow(kit, scope)
        return Headers(
            items=[
                HeaderItem(
                    layout=one.layout,
                    columns={each.field: each.title for each in one.columns},
                    remembered_by=one.by,
                    remembered_at=one.at,
                )
                for one in (await remembered(kit)).known
            ]
        )

    return router


def _allow(kit: Kit, scope: Scope) -> None:
    scope.require(REMEMBER_COLUMNS, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))
