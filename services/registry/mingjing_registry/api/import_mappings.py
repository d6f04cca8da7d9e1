"""Import mappings over HTTP: how each sender's tables are read, and taking such a word back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

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
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import WITHDRAW_MAPPING
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register
from mingjing_registry.codec import IMPORT_MAPPINGS
from mingjing_registry.domain.exchange_refusals import MappingUnknown
from mingjing_registry.domain.import_mapping import WithdrawMapping
from mingjing_registry.projections.import_mappings import import_mappings_in
from mingjing_registry.sources.sheet import COLUMNS_MAX

COLUMNS = (
    Column("department", "部门", "Department"),
    Column("sender", "填报单位", "Sender"),
    Column("kind", "类别", "Kind"),
    Column("labels", "表头", "Header"),
    Column("fields", "字段", "Fields"),
    Column("confirmed_by", "确认人", "Confirmed by"),
    Column("confirmed_on", "确认日期", "Confirmed on", "date"),
    Column("is_in_force", "有效", "In force"),
)


class MappingItem(BaseModel):
    """How tables with one header are read."""

    model_config = ConfigDict(from_attributes=True)

    mapping_id: UUID
    department: str
    region: str
    sender: str
    labels: list[str]
    fields: list[str]
    kind: str
    header_rows: int
    constants: dict[str, str]
    number: int
    confirmed_by: str
    confirmed_on: date
    is_in_force: bool
    reason: str


class WithdrawBody(BaseModel):
    """Which header, and why."""

    header: list[str] = Field(min_length=1, max_length=COLUMNS_MAX)
    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """The list, and taking a mapping back."""
    router = Router(prefix="/import-mappings", tags=["import 导入"])

    @router.get("", response_model=Page[MappingItem], summary="导入对照 how senders' tables are read")
    async def mappings(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """By sender; ``as_of`` shows what was in force then."""
        statement = import_mappings_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.sender, rows.mapping_id, rows.header)
        listing = Listing(
            name="import-mappings",
            title=("导入对照清单", "Import mappings"),
            statement=statement,
            keys=keys,
            columns=COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, MappingItem)

    @router.post("/{mapping_id}/withdrawal", summary="撤回导入对照 ask again at the next file")
    async def withdraw_mapping(
        mapping_id: UUID,
        body: WithdrawBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What was taken by it stays; the same header is a question again."""
        facts = await kit.log.history(IMPORT_MAPPINGS, mapping_id)
        if not facts:
            raise MappingUnknown
        first = facts[0].event
        allow_register(scope, WITHDRAW_MAPPING, first.department, first.region)
        command = WithdrawMapping(header=tuple(body.header), reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(IMPORT_MAPPINGS, mapping_id, command, grounds))

    return router
