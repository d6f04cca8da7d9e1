"""Who a kept-aside row is about: opened for a purpose, on record, by whoever may mend the row."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_registry.acts_staff import OPEN_ROW
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.permission import allow_row
from mingjing_registry.codec import ROWS_ASIDE
from mingjing_registry.domain.kept_aside import Waiting
from mingjing_registry.domain.refusals import RowUnknown
from mingjing_registry.intake.staff_mending import opened_cells


class RowPurposeBody(BaseModel):
    """Why somebody must know."""

    purpose: Purpose
    explanation: str = Field(min_length=1, max_length=500)


class RowPerson(BaseModel):
    """What the row says of the person, by field."""

    fields: dict[str, str]


def make_router(kit: Kit) -> Router:
    """One question."""
    router = Router(prefix="/kept-aside", tags=["kept-aside 搁置"])
    keys = Keys(kit)

    @router.post("/{row_id}/person", summary="查看搁置行人员信息 open who a row is about")
    async def open_row_person(
        row_id: UUID,
        body: RowPurposeBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> RowPerson:
        """The purpose is on record before you read the name. A settled row is not opened: the record is hers by now."""
        state, _ = await kit.log.state(ROWS_ASIDE, row_id)
        if not isinstance(state, Waiting) or state.person is None:
            raise RowUnknown
        allow_row(scope, OPEN_ROW, state.origin.register, state.origin.region)
        why = Why(purpose=body.purpose, explanation=body.explanation)
        cells = await opened_cells(keys, row_id, state, why, grounded(written, body.explanation))
        return RowPerson(fields={cell.field: cell.text for cell in cells})

    return router
