"""How each sender's checklists are read (清单表头对照) over HTTP: confirmed by a person, remembered, taken back."""

from __future__ import annotations

from datetime import datetime

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import CONFIRM_CHECKLIST_MAPPING, PROPOSE_CHECKLIST, WITHDRAW_CHECKLIST_MAPPING
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec_files import CHECKLIST_MAPPINGS, CHECKLIST_MAPPINGS_ID
from mingjing_inspection.domain.checklist_mapping import (
    COLUMNS_MAX,
    LABEL_CHARACTERS_MAX,
    ConfirmMapping,
    Mappings,
    WithdrawMapping,
)
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope

SENDER_LENGTH_MAX = 100


class ChecklistMappingBody(BaseModel):
    """A header, and which field each of its columns holds; empty for a column that is not taken."""

    sender: str = Field(min_length=1, max_length=SENDER_LENGTH_MAX)
    header: list[str] = Field(min_length=1, max_length=COLUMNS_MAX)
    fields: list[str] = Field(min_length=1, max_length=COLUMNS_MAX)


class ChecklistMappingWithdrawal(BaseModel):
    """Which one, and why."""

    sender: str = Field(min_length=1, max_length=SENDER_LENGTH_MAX)
    header: list[str] = Field(min_length=1, max_length=COLUMNS_MAX)
    reason: str = Field(max_length=1_000)


class ChecklistMappingItem(BaseModel):
    """How tables of one sender with one header are read."""

    model_config = ConfigDict(from_attributes=True)

    sender: str
    header: list[str]
    fields: list[str]
    by: str
    at: datetime


def make_router(kit: Kit) -> Router:
    """Confirm, list, take back."""
    router = Router(tags=["checklist 检查清单"])
    here = Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)

    @router.get("/checklist-mappings", summary="清单表头对照 how senders' checklists are read")
    async def checklist_mappings(scope: Scope = Depends(kit.scope)) -> list[ChecklistMappingItem]:
        """By sender; for whoever proposes checklists."""
        scope.require(PROPOSE_CHECKLIST, here)
        known = (await mappings_known(kit)).known
        return [ChecklistMappingItem.model_validate(known[key]) for key in sorted(known)]

    @router.post("/checklist-mappings", status_code=201, summary="确认表头对照 say how such a table is read")
    async def confirm_checklist_mapping(
        body: ChecklistMappingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on the same header of the same sender is read so without a question."""
        scope.require(CONFIRM_CHECKLIST_MAPPING, here)
        command = ConfirmMapping(
            sender=body.sender.strip(),
            header=tuple(one.strip()[:LABEL_CHARACTERS_MAX] for one in body.header),
            fields=tuple(body.fields),
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(CHECKLIST_MAPPINGS, CHECKLIST_MAPPINGS_ID, command, written))

    @router.post("/checklist-mappings/withdrawal", summary="撤回表头对照 ask again at the next file")
    async def withdraw_checklist_mapping(
        body: ChecklistMappingWithdrawal,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What was proposed by it stays."""
        scope.require(WITHDRAW_CHECKLIST_MAPPING, here)
        command = WithdrawMapping(
            sender=body.sender.strip(),
            header=tuple(body.header),
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(CHECKLIST_MAPPINGS, CHECKLIST_MAPPINGS_ID, command, grounds))

    return router


async def mappings_known(kit: Kit) -> Mappings:
    """What is remembered now."""
    known: Mappings = (await kit.log.state(CHECKLIST_MAPPINGS, CHECKLIST_MAPPINGS_ID))[0]
    return known
