"""Parts that were not taken at once (待处理上报): listed with what they wait for, read, taken all the same, dismissed.

One rule: whoever sent a part does not settle it, and whoever settles it says why.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import DISMISS_PART
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import VISIT_PARTS
from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.bundle_refusals import PartUnknown
from mingjing_inspection.domain.visit_part import DismissPart, Parts, PartStage, TakePart
from mingjing_inspection.intake.doors import Doors
from mingjing_inspection.intake.part_settling import Settling
from mingjing_inspection.projections.visit_parts import visit_parts_in
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
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("received_at", "收到时间", "Received at", "moment"),
    Column("stage", "状态", "Stage"),
    Column("kind", "类型", "Kind"),
    Column("visit_id", "巡查", "Visit"),
    Column("officer", "上报人", "Officer"),
    Column("region", "网格", "Grid"),
    Column("waits_for_site", "等待教学点", "Waits for site"),
    Column("waits_for_version", "等待版本", "Waits for version", "integer"),
    Column("why_zh", "原因", "Reason, Chinese"),
    Column("why_en", "原因（英文）", "Reason"),
    Column("settled_by", "处理人", "Settled by"),
    Column("settled_reason", "处理理由", "Why"),
)
_DIGEST = Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the part's bytes")


class PartItem(BaseModel):
    """A part that waits or lies aside, or did once."""

    model_config = ConfigDict(from_attributes=True)

    part_id: UUID
    sha256: str
    visit_id: UUID
    kind: PartKind
    bundle_id: UUID | None
    department: str
    region: str
    officer: str
    stage: PartStage
    waits_for_site: UUID | None = Field(description="The site that nobody knows yet 等待教学点")
    waits_for_version: int | None = Field(description="The version of the visit that it changes 等待版本")
    why: str = Field(description="Problem type, where it was kept aside")
    why_zh: str
    why_en: str
    size_bytes: int
    received_at: datetime
    settled_by: str
    settled_reason: str
    is_forced: bool


class PartContent(BaseModel):
    """The very bytes of a part: as the JSON that they are, or, where they are none, in Base64."""

    part_id: UUID
    sha256: str
    stage: PartStage
    document: Any = None
    base64: str = ""


class SettlementBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """For supervisors."""
    router = Router(prefix="/visit-parts", tags=["visit-part 待处理上报"])
    _reading(router, kit)
    _settling(router, kit)
    return router


def _reading(router: Router, kit: Kit) -> None:
    @router.get("", response_model=Page[PartItem], summary="待处理上报 what waits for what, and what lies aside")
    async def visit_parts(
        stage: PartStage | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Oldest first; ``stage`` narrows it."""
        at = await position_of(kit, as_of)
        statement = visit_parts_in(scope, stage=stage.value if stage else None, at=at)
        rows = statement.selected_columns
        keys = (rows.received_at, rows.part_id, rows.sha256)
        listing = Listing(name="visit-parts", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, PartItem)

    @router.get("/{part_id}/{sha256}", summary="原文 the bytes as they came")
    async def visit_part(part_id: UUID, sha256: str = _DIGEST, scope: Scope = Depends(kit.scope)) -> PartContent:
        """For whoever sees it in the list."""
        visit_id = await _visit_of(kit, scope, part_id, sha256)
        parts: Parts = (await kit.log.state(VISIT_PARTS, visit_id))[0]
        found = parts.known[(part_id, sha256)]
        said: dict[str, Any] = {"part_id": part_id, "sha256": sha256, "stage": found.stage}
        try:
            return PartContent(**said, document=json.loads(found.part.content))
        except (ValueError, RecursionError):
            return PartContent(**said, base64=base64.b64encode(found.part.content).decode())


def _settling(router: Router, kit: Kit) -> None:
    settling = Settling(kit, Doors(kit))

    @router.post("/{part_id}/{sha256}/forcing", summary="强制采纳 take it all the same, with a mark")
    async def force_part(
        part_id: UUID,
        body: SettlementBody,
        response: Response,
        sha256: str = _DIGEST,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """As the report where none stands, else as a correction of what stands; the mark names you and your reason."""
        visit_id = await _visit_of(kit, caller.scope, part_id, sha256)
        take = TakePart(
            part_id=part_id, sha256=sha256, by=written.actor, reason=body.reason, is_forced=True, at=kit.now()
        )
        grounds = grounded(written, body.reason)
        return accepted(response, await settling.force(visit_id, take, caller, grounds))

    @router.post("/{part_id}/{sha256}/dismissal", summary="不予采纳 say that it does not count")
    async def dismiss_part(
        part_id: UUID,
        body: SettlementBody,
        response: Response,
        sha256: str = _DIGEST,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Its bytes stay readable."""
        visit_id = await _visit_of(kit, caller.scope, part_id, sha256)
        command = DismissPart(part_id=part_id, sha256=sha256, by=written.actor, reason=body.reason, at=kit.now())
        await settling.lying(visit_id, (part_id, sha256), DISMISS_PART, caller)
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(VISIT_PARTS, visit_id, command, grounds))


async def _visit_of(kit: Kit, scope: Scope, part_id: UUID, sha256: str) -> UUID:
    """The visit that a part in the caller's list is about. Raises ``PartUnknown``."""
    await kit.up_to_date()
    statement = visit_parts_in(scope)
    rows = statement.selected_columns
    statement = statement.where(rows.part_id == part_id, rows.sha256 == sha256)
    async with kit.connection() as connection:
        found = (await connection.execute(statement)).mappings().one_or_none()
    if found is None:
        raise PartUnknown
    return UUID(int=found["visit_id"].int)
