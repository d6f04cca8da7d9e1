"""Base ledger 台账 over HTTP: institutions, sites, staff, students and prepaid amounts by category, area and mode."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.reads.watching import showing
from mingjing_registry.domain.export_refusals import DimensionUnknown
from mingjing_registry.domain.ledger_terms import LEDGER, Definition
from mingjing_registry.policy.rules import ADMISSION
from mingjing_registry.projections.ledger_figures import DIMENSIONS, figures_in
from mingjing_registry.projections.survey_counts import surveys_counted
from mingjing_registry.sources.divisions import division, validities

FIGURE_COLUMNS = (
    Column("area", "区划", "Area"),
    Column("kind", "培训类型", "Kind"),
    Column("category", "培训类别", "Category"),
    Column("mode", "培训形式", "Mode"),
    Column("nature", "机构性质", "Nature"),
    Column("department", "主管部门", "Department"),
    Column("institutions", "在册机构", "Institutions", "integer"),
    Column("operating", "正常运营", "Operating", "integer"),
    Column("stopped", "停办", "Stopped", "integer"),
    Column("suspended", "许可暂扣", "Suspended", "integer"),
    Column("expired", "许可过期", "Expired", "integer"),
    Column("ended", "已终止", "Ended", "integer"),
    Column("applying", "申请中", "Applying", "integer"),
    Column("sites", "教学点", "Sites", "integer"),
    Column("floor_area_m2", "面积（平方米）", "Floor area (m²)", "integer"),
    Column("capacity", "核定容量", "Capacity", "integer"),
    Column("staff_recorded", "登记从业人员", "Staff on record", "integer"),
    Column("teachers_recorded", "其中教学人员", "Teachers on record", "integer"),
    Column("staff_stated", "名单从业人员", "Staff as stated", "integer"),
    Column("students_stated", "名单学员", "Students as stated", "integer"),
    Column("pupils", "合同学员", "Pupils under contract", "integer"),
    Column("pupils_surveyed", "学校调查参训", "Pupils by school surveys", "integer"),
    Column("contracts_open", "有效合同", "Open contracts", "integer"),
    Column("unconsumed_fen", "未消课金额", "Unconsumed", "yuan"),
    Column("balance_fen", "托管余额", "Custody balance", "yuan"),
    Column("ended_unconsumed_fen", "终止机构尚欠", "Owed by ended ones", "yuan"),
)
BY_DEFAULT = "area,kind,category,mode"
_AREA = r"^[0-9]{0,15}$"


class LedgerFigures(BaseModel):
    """The figures; what each means stands in ``definitions`` of ``/ledger/totals``."""

    model_config = ConfigDict(from_attributes=True)

    institutions: int
    licensed: int
    suspended: int
    rectifying: int
    expired: int
    operating: int
    stopped: int
    applying: int
    ended: int
    sites: int
    floor_area_m2: int
    floor_area_by: int
    capacity: int
    staff_stated: int
    staff_stated_by: int
    staff_recorded: int
    teachers_recorded: int
    staff_recorded_by: int
    students_stated: int
    students_stated_by: int
    pupils: int
    pupils_surveyed: int = Field(description="By schools' latest surveys; never added to ``pupils``")
    pupils_surveyed_by: int
    contracts_open: int
    unconsumed_fen: int
    balance_fen: int
    prepaid_by: int
    ended_unconsumed_fen: int


class LedgerRow(LedgerFigures):
    """The figures of one group; a dimension that was not asked for is empty."""

    area: str
    area_name: str = Field(default="", description="As the division table calls it; empty where it does not know it")
    kind: str
    category: str
    mode: str
    nature: str
    department: str


class DefinitionShown(BaseModel):
    """What some figures mean, and who says them."""

    figures: list[str]
    zh: str
    en: str
    source: str

    @classmethod
    def of(cls, one: Definition) -> DefinitionShown:
        """As it is answered."""
        return cls(figures=list(one.figures), zh=one.means.zh, en=one.means.en, source=one.source)


class SurveysCounted(BaseModel):
    """The latest survey of each school that the caller may see, together."""

    model_config = ConfigDict(from_attributes=True)

    schools: int
    pupils_asked: int
    pupils_training: int
    pupils_placed: int = Field(description="Of those training: at an institution that the register knows")
    first_held_on: date | None
    last_held_on: date | None


class LedgerTotals(BaseModel):
    """The whole ledger that the caller may see, with what its figures mean."""

    as_of: date = Field(description="The day that is shown")
    position: int = Field(description="Of the log: the same position gives the same figures for ever")
    policy_version: str = Field(description="Gives the least area a pupil")
    totals: LedgerFigures
    surveys: SurveysCounted = Field(description="Whatever kind of training: a school does not ask by kind")
    definitions: list[DefinitionShown]


def make_router(kit: Kit) -> Router:
    """The figures by group, and their totals."""
    router = Router(prefix="/ledger", tags=["ledger 台账"])

    @router.get("", response_model=Page[LedgerRow], summary="台账 the base ledger by category, area and mode")
    async def base_ledger(
        by: str = Query(default=BY_DEFAULT, max_length=100, description=", ".join(DIMENSIONS)),
        area_digits: int = Query(default=6, ge=2, le=15, description="2 a province, 4 a city, 6 a county, 9 a town"),
        region: str = Query(default="", pattern=_AREA, description="Beginning of the division code"),
        kind: str = Query(default="", max_length=40),
        category: str = Query(default="", max_length=40),
        mode: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Live, or as it was known at any past moment; also as CSV, XLSX or one JSON document."""
        at = await position_of(kit, as_of)
        statement = figures_in(
            scope,
            by=dimensions_of(by),
            digits=area_digits,
            region=region,
            wanted={"kind": kind, "category": category, "mode": mode},
            area_a_pupil=(await _numbers(kit, as_of))["area-a-pupil"],
            at=at,
        )
        rows = statement.selected_columns
        listing = Listing(
            name="ledger",
            title=("校外培训机构台账", "Base ledger of off-campus training institutions"),
            statement=statement,
            keys=tuple(rows[name] for name in DIMENSIONS),
            columns=FIGURE_COLUMNS,
        )
        answer = await answer_list(listing, asked, kit.connection, LedgerRow)
        if isinstance(answer, Page):
            county = division(kit.settings.county_code)
            counties = validities()
            for row in answer.items:
                elsewhere = counties.get(row.area)
                row.area_name = county.name_of(row.area) or (elsewhere.name if elsewhere else "")
        return answer

    @router.get("/totals", summary="台账合计及口径 totals of the ledger, and what its figures mean")
    async def ledger_totals(
        region: str = Query(default="", pattern=_AREA),
        kind: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> LedgerTotals:
        """Of what the caller may see; ``position`` names the state for ever."""
        at = await settled_position(kit, as_of)
        numbers = await _numbers(kit, as_of)
        statement = figures_in(scope, region=region, wanted={"kind": kind}, area_a_pupil=numbers["area-a-pupil"], at=at)
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one()
            counted = surveys_counted(scope, region=region, at=at)
            surveys = (await connection.execute(counted)).mappings().one()
        showing(1)
        return LedgerTotals(
            as_of=await day_of(kit, as_of),
            position=at,
            policy_version=numbers.version,
            totals=LedgerFigures.model_validate(row),
            surveys=SurveysCounted.model_validate(surveys),
            definitions=[DefinitionShown.of(one) for one in LEDGER],
        )

    return router


def dimensions_of(by: str) -> tuple[str, ...]:
    """The names in a query. Raises ``DimensionUnknown``."""
    names = tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    for name in names:
        if name not in DIMENSIONS:
            raise DimensionUnknown(name=name, known=", ".join(DIMENSIONS))
    return names


async def settled_position(kit: Kit, as_of: AsOf | None) -> int:
    """The position that an answer is of; the head, for one about the present. Returns when the lists show it."""
    if (at := await position_of(kit, as_of)) is not None:
        return at
    head = await kit.log.head()
    await kit.caught_up(head)
    return head


async def _numbers(kit: Kit, as_of: AsOf | None) -> Numbers:
    return await in_force(kit.log, ADMISSION, await day_of(kit, as_of), kit.settings.county_code)
