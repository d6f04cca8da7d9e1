"""Kept-aside rows over HTTP: look at them, mend them, try again, or dismiss them with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry.acts import DISMISS_ROW, MEND_ROW, RETRY_ROW
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_row
from mingjing_registry.api.sentences import Told, told
from mingjing_registry.codec import ROWS_ASIDE
from mingjing_registry.domain.kept_aside import Cell, DismissRow, Waiting
from mingjing_registry.intake.mending import mend
from mingjing_registry.intake.staff_mending import mend_person
from mingjing_registry.projections.kept_aside import kept_aside_in
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.staff_rows import EVERY_FIELD

COLUMNS = (
    Column("file_name", "文件名", "File"),
    Column("sheet", "工作表", "Sheet"),
    Column("row", "行", "Row", "integer"),
    Column("field", "字段", "Field"),
    Column("rule", "规则", "Rule"),
    Column("written", "原文", "Written"),
    Column("state", "状态", "State"),
    Column("kept_on", "搁置日期", "Kept on", "date"),
    Column("settled_on", "处理日期", "Settled on", "date"),
)


class RowItem(BaseModel):
    """A row that waits, or was settled. ``cells`` are as written, by field."""

    model_config = ConfigDict(from_attributes=True)

    row_id: UUID
    department: str
    region: str
    state: str
    import_id: UUID
    file_name: str
    sheet: str
    row: int
    layout: str
    field: str
    rule: str
    cells: dict[str, str]
    problems: list[Told]
    institution_id: UUID | None
    reason: str
    kept_on: date
    settled_on: date | None
    subject: str = Field(description="Under whom the row's person is sealed; empty for a row about an institution")
    person: dict[str, str] = Field(default={}, description="Masked; empty when she was erased")

    @field_validator("problems", mode="before")
    @classmethod
    def _in_words(cls, stored: list[dict[str, Any]]) -> list[Told]:
        return [told(problem) for problem in stored]


class MendBody(BaseModel):
    """The fields that are put right; the others stay as written. The reason goes with ``Mingjing-Reason``."""

    fields: dict[str, str] = Field(max_length=len(EVERY_FIELD))
    prevails: bool = Field(default=False, description="The row is right and the register wrong")

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(fields) - EVERY_FIELD)
        if unknown:
            raise ValueError("Unknown field.")
        return fields


class DismissBody(BaseModel):
    """Why the row will not be taken."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """The list and the three ways out of it."""
    router = Router(prefix="/kept-aside", tags=["kept-aside 搁置"])
    county, keys = division(kit.settings.county_code), Keys(kit)

    _list(router, kit, keys)

    async def allowed(scope: Scope, act: Act, row_id: UUID) -> Waiting | None:
        state, _ = await kit.log.state(ROWS_ASIDE, row_id)
        # A settled or unknown row is refused by its decider, with the reason.
        if isinstance(state, Waiting):
            allow_row(scope, act, state.origin.register, state.origin.region)
        return state if isinstance(state, Waiting) else None

    async def taken(
        scope: Scope, act: Act, row_id: UUID, body: MendBody, written: Envelope, response: Response
    ) -> Accepted:
        waiting, prevails = await allowed(scope, act, row_id), body.prevails
        corrections = tuple(Cell(field=field, text=text) for field, text in sorted(body.fields.items()))
        if waiting is not None and waiting.person is not None:
            named, on = keys.keyed(written), day_of(kit, written)
            outcome = await mend_person(kit, keys, scope, row_id, waiting, corrections, named, on)
            return accepted(response, outcome)
        outcome = await mend(
            kit,
            row_id,
            corrections=corrections,
            prevails=prevails,
            division=county,
            envelope=written,
            on=day_of(kit, written),
        )
        return accepted(response, outcome)

    @router.post("/{row_id}/mending", summary="更正 mend a row and take it")
    async def mend_row(
        row_id: UUID,
        body: MendBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The row is read again with the corrections; it is taken, or the answer says what is still wrong."""
        return await taken(scope, MEND_ROW, row_id, body, written, response)

    @router.post("/{row_id}/retry", summary="重试 try a row again as it is")
    async def retry_row(
        row_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For a row that contradicted the register before the register was corrected."""
        return await taken(scope, RETRY_ROW, row_id, MendBody(fields={}), written, response)

    @router.post("/{row_id}/dismissal", summary="不予导入 dismiss a row")
    async def dismiss_row(
        row_id: UUID,
        body: DismissBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason; the row stays in the list of dismissed ones."""
        await allowed(scope, DISMISS_ROW, row_id)
        command = DismissRow(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(ROWS_ASIDE, row_id, command, grounds))

    return router


def _list(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("", response_model=Page[RowItem], summary="搁置清单 rows that wait")
    async def rows_aside(
        state: str = Query(default="waiting", description="waiting, taken, dismissed; empty for all"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """In the order of files, sheets and rows; ``as_of`` shows the rows in the state that they had then."""
        statement = kept_aside_in(scope, state=state, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="kept-aside",
            title=("搁置行清单", "Rows kept aside"),
            statement=statement,
            keys=(rows.file_name, rows.sheet, rows.row, rows.row_id),
            columns=COLUMNS,
        )
        answer = await answer_list(listing, asked, kit.connection, RowItem)
        if isinstance(answer, Page):
            masked = await keys.marks().masked(item.subject for item in answer.items if item.subject)
            for item in answer.items:
                item.person = masked.get(item.subject, {})
        return answer
