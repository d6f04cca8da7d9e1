"""Public look-up without signing in: the whitelist, and who is licensed where. No telephone, no person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator
from sqlalchemy import Select

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.api.former_numbers import EndedNumberItem, FormerCodeItem
from mingjing_registry.domain.refusals import InstitutionUnknown
from mingjing_registry.projections import institutions, sites
from mingjing_registry.projections.whitelist import untold_row, whitelist_in
from mingjing_registry.sources.cells import tight

LIMIT = "60/minute"
"""Of one network address: enough for a family that compares, too little to copy the register row by row."""

WHITELIST_COLUMNS = (
    Column("name", "机构名称", "Name"),
    Column("uscc", "统一社会信用代码", "Credit code"),
    Column("category", "培训类别", "Category"),
    Column("department", "主管部门", "Department"),
    Column("licence_number", "办学许可证号", "Licence number"),
    Column("expires_on", "有效期至", "Valid until", "date"),
    Column("custody_bank", "托管银行", "Custody bank"),
    Column("custody_account_name", "托管账户名", "Custody account name"),
    Column("entered_on", "列入日期", "Entered on", "date"),
    Column("left_on", "移出日期", "Left on", "date"),
    Column("reason", "原因", "Reason"),
    Column("rectifying", "整改中", "Under rectification"),
)
LOOKUP_COLUMNS = (
    Column("name", "机构名称", "Name"),
    Column("uscc", "统一社会信用代码", "Credit code"),
    Column("category", "培训类别", "Category"),
    Column("department", "主管部门", "Department"),
    Column("licence_state", "许可状态", "Licence"),
    Column("licence_number", "办学许可证号", "Licence number"),
    Column("expires_on", "有效期至", "Valid until", "date"),
    Column("is_white", "白名单", "Whitelist"),
    Column("rectifying", "整改中", "Under rectification"),
    Column("recruitment_restricted", "限制招生", "Not to enrol"),
    Column("recruitment_rectify_until", "限制招生整改期限", "To be put right by", "date"),
)


class Movement(BaseModel):
    """An entry or an exit."""

    on: date
    listed: bool
    reason: str


class WhitelistItem(BaseModel):
    """An institution on the whitelist, or one that left it."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    uscc: str
    category: str
    department: str
    region: str
    licence_number: str
    expires_on: date | None
    custody_bank: str
    custody_account_name: str
    is_listed: bool
    entered_on: date
    left_on: date | None
    reason: str
    rectifying: bool = Field(description="Off the list under rectification 整改中, with the licence in force")
    movements: list[Movement]

    @model_validator(mode="before")
    @classmethod
    def _untold(cls, row: Any) -> Any:
        """Of a past day: a blacklisting that is over by now is not told of again."""
        return row if row["is_told"] else {**row, **untold_row(row)}


class PublicItem(BaseModel):
    """What anybody may know of an institution."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    uscc: str
    former_codes: list[FormerCodeItem] = Field(description="Codes that stood once: they still find it")
    former_names: list[str]
    category: str
    items: list[str]
    department: str
    region: str
    licence_state: str
    licence_number: str
    ended_numbers: list[EndedNumberItem] = Field(
        description="Licence numbers that are not valid any more; whoever shows one has no licence under it"
    )
    expires_on: date | None
    is_white: bool
    rectifying: bool
    recruitment_restricted: bool = Field(description="限制招生: nobody new may be enrolled before a re-check is passed")
    recruitment_check_year: int | None = Field(description="The annual check that was failed: why")
    recruitment_rectify_until: date | None = Field(description="By when it is to be put right and checked again")
    custody_bank: str

    @computed_field(description="Not to recruit: why and until when; empty where it may")  # type: ignore[prop-decorator]
    @property
    def recruitment_notice(self) -> str:
        """Of the reason only what is published: the check that was failed."""
        until = self.recruitment_rectify_until
        told = f"限制招生：{self.recruitment_check_year}年度年检不合格，应于{until}前整改，复检合格前不得招收新学员。"
        return told if self._is_restricted else ""

    @computed_field(description="The same in English")  # type: ignore[prop-decorator]
    @property
    def recruitment_notice_en(self) -> str:
        """For whoever reads no Chinese."""
        told = (
            f"Not to enrol anybody new: it failed the annual check of {self.recruitment_check_year}, has to be put"
            f" right by {self.recruitment_rectify_until}, and waits until a re-check is passed."
        )
        return told if self._is_restricted else ""

    @property
    def _is_restricted(self) -> bool:
        """Without a licence there is nobody to be restricted."""
        return self.recruitment_restricted and self.licence_state not in ("revoked", "cancelled")


class PublicSite(BaseModel):
    """An approved address."""

    model_config = ConfigDict(from_attributes=True)

    site_id: UUID
    address: str
    approved_on: date | None


class PublicDetail(PublicItem):
    """With its approved sites, and where fees go."""

    sites: list[PublicSite] = Field(default_factory=list)
    custody_account_name: str = Field(default="", description="托管账户名; empty off the whitelist: pay nothing then")
    hotline: str = Field(default="", description="投诉举报电话")


def make_router(kit: Kit) -> Router:
    """For anybody, within a rate limit."""
    router = Router(tags=["public 公众查询"], dependencies=[Depends(kit.throttled(LIMIT))])

    @router.get("/whitelist", response_model=Page[WhitelistItem], summary="白名单 the whitelist")
    async def whitelist(
        is_listed: bool = Query(default=True, description="false: those who left it, with day and reason"),
        rectifying: bool | None = Query(default=None, description="true: off the list under rectification"),
        scope: Scope = Depends(kit.visitor_scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By name; ``as_of`` shows the list as it was published on a day."""
        at = await position_of(kit, as_of)
        statement = whitelist_in(scope, is_listed=is_listed and not rectifying, rectifying=rectifying, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="whitelist",
            title=("校外培训机构白名单", "Whitelist of training institutions"),
            statement=statement,
            keys=(rows.name, rows.institution_id),
            columns=WHITELIST_COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, WhitelistItem)

    @router.get("/public/institutions", response_model=Page[PublicItem], summary="查机构 look institutions up")
    async def look_up(
        search: str = Query(
            min_length=2, max_length=100, description="Part of a name or an address, a code, a licence number"
        ),
        scope: Scope = Depends(kit.visitor_scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Licensed or not any more: a warning is worth as much as a recommendation."""
        statement = institutions.published(scope, search=tight(search), at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="institutions",
            title=("校外培训机构清单", "Institutions"),
            statement=statement,
            keys=(rows.name, rows.institution_id),
            columns=LOOKUP_COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, PublicItem)

    @router.get("/public/institutions/{institution_id}", summary="机构公示信息 one institution")
    async def detail(
        institution_id: UUID, scope: Scope = Depends(kit.visitor_scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> PublicDetail:
        """What is published of it, or was."""
        at = await position_of(kit, as_of)
        statement = institutions.published(scope, at=at)
        statement = statement.where(statement.selected_columns.institution_id == institution_id)
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
            found = (await connection.execute(sites.published(scope, institution_id, at))).mappings().all()
            account = (await connection.execute(_account(scope, institution_id, at))).scalar_one_or_none()
        if row is None:
            raise InstitutionUnknown
        places = sorted((PublicSite.model_validate(site) for site in found), key=lambda site: site.address)
        return PublicDetail.model_validate(row).model_copy(
            update={"sites": places, "custody_account_name": account or "", "hotline": kit.settings.hotline}
        )

    return router


def _account(scope: Scope, institution_id: UUID, at: int | None) -> Select[Any]:
    """The name of its custody account, as the whitelist publishes it."""
    listed = whitelist_in(scope, at=at)
    rows = listed.selected_columns
    return listed.with_only_columns(rows.custody_account_name).where(rows.institution_id == institution_id)
