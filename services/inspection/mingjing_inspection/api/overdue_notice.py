"""Notices of overdue steps over HTTP (催办督办告知): the list of whoever is told, and its acknowledgement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_overdue import ABOVE, ACKNOWLEDGE_OVERDUE
from mingjing_inspection.codec_overdue import OVERDUE_NOTICES
from mingjing_inspection.domain.overdue_notice import (
    NOTE_CHARACTERS_MAX,
    AcknowledgeOverdue,
    Addressee,
    Late,
    Level,
    OverdueNoticeUnknown,
    State,
    hindrance_for,
)
from mingjing_inspection.projections.overdue_notices import overdue_notices_in
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
from mingjing_kernel.identity import Dimensions, Principal, Role, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.redact import redacted

COLUMNS = (
    Column("told_at", "告知时间", "Told at", "moment"),
    Column("level", "程度", "Level"),
    Column("kind", "事项", "Kind"),
    Column("step", "环节", "Step"),
    Column("due_on", "期限", "Due on", "date"),
    Column("addressee", "告知对象", "Addressee"),
    Column("department", "部门", "Department"),
    Column("institution_id", "机构", "Institution"),
    Column("is_read", "已签收", "Acknowledged"),
    Column("read_at", "签收时间", "Acknowledged at", "moment"),
    Column("note", "说明", "Note"),
)


class OverdueNoticeItem(BaseModel):
    """A notice as it stands now. ``thing_id`` is the finding, task, rectification or track whose step is late."""

    model_config = ConfigDict(from_attributes=True)

    notice_id: UUID
    kind: Late
    thing_id: UUID
    step: str
    level: Level
    addressee: Addressee
    institution_id: UUID | None = Field(description="Only of a notice to an institution about its own duty")
    department: str
    region: str
    category: str
    due_on: date | None
    told_at: datetime
    read_by: list[str]
    waits_for: list[str] = Field(description="Of those whom it names, who have not acknowledged it yet")
    is_read: bool = Field(description="Whether nobody is left to acknowledge it")
    read_at: datetime | None = Field(description="When somebody did so last")
    note: str
    people: list[str] = Field(description="Who has the step in hand, or organized it, by the account she signs in with")
    version: int


class AcknowledgementBody(BaseModel):
    """What is done about it."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=NOTE_CHARACTERS_MAX)


def make_router(kit: Kit) -> Router:
    """List, acknowledge."""
    router = Router(prefix="/overdue-notices", tags=["finding 问题案卷"])

    @router.get("", response_model=Page[OverdueNoticeItem], summary="催办督办告知 notices of overdue steps")
    async def overdue_notices(
        level: Level | None = None,
        kind: Late | None = None,
        is_read: bool | None = None,
        is_mine: bool = Query(default=False, description="Only those that name the caller 与本人有关"),
        caller: Principal = Depends(kit.caller),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; an institution sees those about its own duties. ``is_read`` of ``is_mine`` is by the caller."""
        statement = overdue_notices_in(
            caller.scope,
            level=level.value if level else None,
            kind=kind.value if kind else None,
            is_read=is_read,
            person=caller.subject if is_mine else "",
            at=await position_of(kit, as_of),
        )
        rows = statement.selected_columns
        listing = Listing(
            name="overdue-notices",
            statement=statement,
            keys=(rows.told_at, rows.notice_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, OverdueNoticeItem)

    @router.get("/{notice_id}/available-actions", summary="可办事项 what may be done to it now")
    async def overdue_notice_actions(notice_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = _place_of(await _seen(kit, notice_id, caller.scope))

        def hinders(_step: type[Any], state: State) -> Refusal | None:
            return hindrance_for(caller.subject, state, **_standing(caller, here))

        return await available_actions(kit, OVERDUE_NOTICES, notice_id, caller, here, hinders)

    @router.post("/{notice_id}/acknowledgement", summary="签收告知 acknowledge a notice")
    async def acknowledge_overdue(
        notice_id: UUID,
        body: AcknowledgementBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By each whom it names, or an approver for all of them; where it names nobody, by somebody of the department
        that was told; by the institution where it was.
        """
        await kit.up_to_date()
        here = _place_of(await _seen(kit, notice_id, caller.scope))
        caller.scope.require(ACKNOWLEDGE_OVERDUE, here)
        command = AcknowledgeOverdue(
            note=redacted(body.note), by=written.actor, at=kit.now(), **_standing(caller, here)
        )
        return accepted(response, await kit.log.handle(OVERDUE_NOTICES, notice_id, command, written))

    return router


async def _seen(kit: Kit, notice_id: UUID, scope: Scope) -> OverdueNoticeItem:
    statement = overdue_notices_in(scope)
    statement = statement.where(statement.selected_columns.notice_id == notice_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise OverdueNoticeUnknown
    return OverdueNoticeItem.model_validate(row)


def _place_of(item: OverdueNoticeItem) -> Dimensions:
    """Where it stands, and whose it is."""
    return Dimensions(item.department, item.region, item.category, item.institution_id)


def _standing(caller: Principal, here: Dimensions) -> dict[str, bool]:
    """As what the caller acknowledges."""
    return {
        "is_institution": caller.has(Role.INSTITUTION),
        "is_above": caller.scope.allows(role=ABOVE, **here._asdict()),
    }
