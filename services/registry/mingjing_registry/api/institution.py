"""Institutions over HTTP: look-up for officials with all particulars, and one registered by hand."""

from __future__ import annotations

from dataclasses import replace
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
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import REGISTER_INSTITUTION
from mingjing_registry.api.actions import actions_on
from mingjing_registry.api.former_numbers import CodeState, EndedNumberItem, FormerCodeItem
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register, standing
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.kept_aside import Cell
from mingjing_registry.domain.number_refusals import NameHasCode
from mingjing_registry.domain.particulars import Listing as Stated
from mingjing_registry.domain.refusals import InstitutionUnknown
from mingjing_registry.intake.identifying import identified_row
from mingjing_registry.intake.mending import still_wrong
from mingjing_registry.intake.row_commands import institution_id_of, record_of, unregistered_id
from mingjing_registry.projections.code_lookups import applicants_called, code_of
from mingjing_registry.projections.institutions import institutions_in, one
from mingjing_registry.sources.cells import tight
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.rows import InstitutionRow, examine

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_IDS = f"^({_ID}(,{_ID}){{0,99}})?$"
COLUMNS = (
    Column("name", "机构名称", "Name"),
    Column("uscc", "统一社会信用代码", "Credit code"),
    Column("code_state", "代码状态", "State of the code"),
    Column("nature", "机构性质", "Nature"),
    Column("categories", "培训类别", "Categories"),
    Column("items", "培训项目", "Items"),
    Column("department", "主管部门", "Department"),
    Column("region", "镇街", "Town"),
    Column("legal_representative", "法定代表人", "Representative"),
    Column("phone", "联系电话", "Telephone"),
    Column("licence_state", "许可状态", "Licence"),
    Column("licence_number", "办学许可证号", "Licence number"),
    Column("issued_on", "发证日期", "Issued on", "date"),
    Column("expires_on", "有效期至", "Valid until", "date"),
    Column("custody_active", "托管账户", "Custody account"),
    Column("custody_bank", "托管银行", "Custody bank"),
    Column("annual_check", "年检结论", "Annual check"),
    Column("is_white", "白名单", "Whitelist"),
    Column("rectifying", "整改中", "Under rectification"),
)


class NoticeItem(BaseModel):
    """A notice that the institution filed."""

    matter: str
    filed_on: date
    begins_on: date | None
    ends_on: date | None
    content: str


class InstitutionItem(BaseModel):
    """An institution as it stands."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    uscc: str
    short_name: str
    former_codes: list[FormerCodeItem] = Field(description="Codes that stood once, and what ended them")
    code_state: CodeState = Field(description="Whether its code stands, or is still to come")
    former_names: list[str]
    other_names: list[str]
    nature: str
    category: str
    categories: list[str]
    items: list[str]
    department: str
    region: str
    legal_representative: str
    phone: str
    staff_count: int | None
    student_count: int | None
    area_m2: int | None
    register_of: str = Field(validation_alias="register", description="Whose list it was last taken from")
    stated_on: date | None
    licence_state: str
    licence_number: str
    ended_numbers: list[EndedNumberItem] = Field(description="Licence numbers under which nobody teaches any more")
    issued_on: date | None
    expires_on: date | None
    custody_active: bool
    custody_bank: str
    annual_check: str
    is_white: bool
    rectifying: bool = Field(description="Off the whitelist under rectification, with the licence in force")
    notices: list[NoticeItem]
    version: int


class NewInstitution(BaseModel):
    """An institution that is in no file yet. Every field is read like a cell of a register."""

    name: str = Field(max_length=200)
    uscc: str = Field(
        default="",
        max_length=40,
        description="Empty before the registration 先证后照: the licence is applied for first",
    )
    items: str = Field(default="", max_length=500, description="培训项目, e.g. 舞蹈、美术")
    nature: str = Field(default="", max_length=40)
    legal_representative: str = Field(default="", max_length=100)
    phone: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500, description="Decides the town; sites are proposed on their own")


class Registered(Accepted):
    """Where the institution is now."""

    institution_id: UUID


def make_router(kit: Kit) -> Router:
    """Look-up and registration."""
    router = Router(prefix="/institutions", tags=["institution 机构"])
    county = division(kit.settings.county_code)

    @router.get("", response_model=Page[InstitutionItem], summary="机构清单 institutions")
    async def institutions(
        search: str = Query(default="", max_length=100, description="Name, former name, code, licence number"),
        licence_state: str = Query(default="", max_length=40),
        is_white: bool | None = None,
        code_state: CodeState | None = Query(default=None, description="awaited: first applied, to be registered"),
        ids: str = Query(default="", pattern=_IDS, description="Of these only, with commas between; at most 100"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By name; ``as_of`` shows the register as it was."""
        at = await position_of(kit, as_of)
        statement = institutions_in(
            scope,
            search=tight(search),
            licence_state=licence_state,
            is_white=is_white,
            code_state=code_state or "",
            ids=[UUID(one) for one in ids.split(",") if one],
            at=at,
        )
        rows = statement.selected_columns
        keys = (rows.name, rows.institution_id)
        listing = Listing(
            name="institutions",
            title=("校外培训机构清单", "Institutions"),
            statement=statement,
            keys=keys,
            columns=COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, InstitutionItem)

    @router.get("/{institution_id}", summary="机构 one institution")
    async def institution(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> InstitutionItem:
        """As it stands, or stood."""
        statement = one(scope, institution_id, await position_of(kit, as_of))
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise InstitutionUnknown
        item = InstitutionItem.model_validate(row)
        tagged(response, item.version)
        return item

    @router.get("/{institution_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def institution_actions(institution_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            if (await connection.execute(one(caller.scope, institution_id))).first() is None:
                raise InstitutionUnknown
        _, here = await standing(kit, institution_id)
        return await actions_on(kit, institution_id, caller, here)

    @router.post("", status_code=201, summary="登记机构 register one institution")
    async def register(
        body: NewInstitution,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Registered:
        """By the same rules as a row of a file. It has no licence yet: apply for one."""
        allow_register(scope, REGISTER_INSTITUTION, written.department, county.code)
        sites = {"sites": body.address}
        fields = {**body.model_dump(exclude={"address"}), **sites}
        cells = tuple(Cell(field=field, text=text) for field, text in fields.items())
        unregistered = not tight(body.uscc)
        found = examine("register", cells, county, None, unregistered=unregistered)
        if not isinstance(found.row, InstitutionRow):
            raise still_wrong(next(p for p in found.problems if severity_of(p) is Severity.ASIDE))
        row = await (_unregistered(kit, found.row, written) if unregistered else _whose(kit, found.row))
        stated = Stated(register=written.department, issuing=False)
        command = record_of(row, stated, day_of(kit, written))
        institution_id = institution_id_of(row)
        outcome = await kit.log.handle(INSTITUTIONS, institution_id, command, written)
        return Registered(institution_id=institution_id, **accepted(response, outcome).model_dump())

    return router


async def _whose(kit: Kit, row: InstitutionRow) -> InstitutionRow:
    """The row at whom its code leads to. Raises ``RowStillWrong`` when somebody here waits for that code."""
    row, problem = await identified_row(kit, row, prevails=False)
    if problem is not None:
        raise still_wrong(problem)
    return row


async def _unregistered(kit: Kit, row: InstitutionRow, written: Envelope) -> InstitutionRow:
    """Who has no code yet is known by its name until it has one, is called otherwise or was refused: then the name is
    free for the next one. Raises ``NameHasCode``.
    """
    name = row.particulars.name
    await kit.up_to_date()
    async with kit.connection() as connection:
        known, uscc = await code_of(connection, name)
        if uscc:
            raise NameHasCode(name=known, uscc=uscc)
        here = await applicants_called(connection, name)
    id = here[0] if here else unregistered_id(name)
    bearer, _ = await kit.log.state(INSTITUTIONS, id)
    if isinstance(bearer, Known) and not here:
        id = unregistered_id(name, written.command_id)
    return replace(row, leads_to=id)
