"""Filings over HTTP: materials, adverts and prospectuses, handed in and decided on by another person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing, within_of
from mingjing_registry.codec import FILINGS
from mingjing_registry.domain import filing as f
from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.staff_refusals import FilingUnknown
from mingjing_registry.projections.filings import filings_in

FILING_BASIS = "民办教育促进法第四十二条；教监管厅函〔2021〕6号"
COLUMNS = (
    Column("institution_name", "机构", "Institution"),
    Column("kind", "类型", "Kind"),
    Column("title", "名称", "Title"),
    Column("channel", "发布渠道", "Channel"),
    Column("state", "状态", "State"),
    Column("words", "意见", "Remark"),
    Column("filed_on", "报备日期", "Filed on", "date"),
    Column("settled_on", "办结日期", "Settled on", "date"),
    Column("evidence_sha256", "文件摘要", "SHA-256"),
)


class FilingBody(BaseModel):
    """What is handed in."""

    kind: f.Kind
    title: str = Field(max_length=200)
    evidence_sha256: str = Field(max_length=64, description="Of the file, in lower-case hexadecimal")
    channel: f.Channel = f.Channel.NONE
    is_subject: bool | None = Field(default=None, description="By default what the institution's category is")


class RemarkBody(BaseModel):
    """What the reviewer has to say."""

    remark: str = Field(default="", max_length=1_000)


class FilingReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class FilingItem(BaseModel):
    """A filing as it stands."""

    model_config = ConfigDict(from_attributes=True)

    filing_id: UUID
    institution_id: UUID
    institution_name: str
    kind: str
    title: str
    evidence_sha256: str
    is_subject: bool
    channel: str
    state: str
    words: str
    filed_by: str
    filed_on: date
    settled_by: str
    settled_on: date | None
    version: int


def make_router(kit: Kit) -> Router:
    """Filings."""
    router = Router(tags=["filing 备案"])
    _steps(router, kit)
    _reads(router, kit)
    return router


def _steps(router: Router, kit: Kit) -> None:
    async def act(
        filing_id: UUID, who: tuple[Scope, Act], command: f.Command, written: Envelope, response: Response
    ) -> Accepted:
        state, _ = await kit.log.state(FILINGS, filing_id)
        if not isinstance(state, f.Filing):
            raise FilingUnknown
        await acted_on(kit, *who, state.institution_id)
        return accepted(response, await kit.log.handle(FILINGS, filing_id, command, written))

    @router.put("/institutions/{institution_id}/filings/{filing_id}", summary="报备 file an item")
    async def file_item(
        institution_id: UUID,
        filing_id: UUID,
        body: FilingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """An advert of subject training in media, public places or schools is refused at once (R13)."""
        known = await acted_on(kit, scope, acts.FILE_ITEM, institution_id)
        _, here = await standing(kit, institution_id)
        is_subject = Category.SUBJECT in known.particulars.categories if body.is_subject is None else body.is_subject
        item = f.Filed(
            kind=body.kind,
            title=body.title.strip(),
            evidence_sha256=body.evidence_sha256,
            is_subject=is_subject,
            channel=body.channel,
        )
        within = within_of(here)
        command = f.FileItem(institution_id=institution_id, within=within, item=item, on=day_of(kit, written))
        grounds = grounded(written, governed_by=FILING_BASIS)
        return accepted(response, await kit.log.handle(FILINGS, filing_id, command, grounds))

    @router.post("/filings/{filing_id}/acceptance", summary="备案通过 accept")
    async def accept_item(
        filing_id: UUID,
        body: RemarkBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another person than who filed it."""
        command = f.AcceptItem(remark=body.remark, on=day_of(kit, written))
        grounds = grounded(written, body.remark, governed_by=FILING_BASIS)
        return await act(filing_id, (scope, acts.ACCEPT_ITEM), command, grounds, response)

    @router.post("/filings/{filing_id}/refusal", summary="不予备案 refuse")
    async def refuse_item(
        filing_id: UUID,
        body: FilingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason."""
        command = f.RefuseItem(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=FILING_BASIS)
        return await act(filing_id, (scope, acts.REFUSE_ITEM), command, grounds, response)

    @router.post("/filings/{filing_id}/withdrawal", summary="撤回报备 withdraw")
    async def withdraw_item(
        filing_id: UUID,
        body: FilingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """It is used no more."""
        command = f.WithdrawItem(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=FILING_BASIS)
        return await act(filing_id, (scope, acts.WITHDRAW_ITEM), command, grounds, response)


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/filings", response_model=Page[FilingItem], summary="备案清单 filings")
    async def filings(
        institution_id: UUID | None = None,
        filing_id: UUID | None = None,
        kind: str = Query(default="", max_length=40),
        state: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        at = await position_of(kit, as_of)
        statement = filings_in(scope, institution_id=institution_id, filing_id=filing_id, kind=kind, state=state, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="filings",
            statement=statement,
            keys=(rows.filed_on, rows.filing_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, FilingItem)

    @router.get("/filings/{filing_id}/available-actions", summary="可办事项 what may be done now, and until when")
    async def filing_actions(filing_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        statement = filings_in(caller.scope)
        async with kit.connection() as connection:
            wanted = statement.where(statement.selected_columns.filing_id == filing_id)
            row = (await connection.execute(wanted)).mappings().one_or_none()
        if row is None:
            raise FilingUnknown
        _, here = await standing(kit, row["institution_id"])
        return await available_actions(kit, FILINGS, filing_id, caller, here, f.hindrance)
