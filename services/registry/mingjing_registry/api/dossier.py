"""Dossiers over HTTP: where an institution's application, changes, checks and operation stand, and what the rules say.

One rule: what is shown of one institution is folded from its own facts, now or as they stood; lists are read models.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    answer_list,
    asked,
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.api.admission_texts import CheckItem, told
from mingjing_registry.api.numbers import admission_numbers, teaching_numbers
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.admission import facts_of
from mingjing_registry.domain.admission_rules import checks, unmet
from mingjing_registry.domain.days_off import days_off
from mingjing_registry.domain.dishonesty import dishonesty
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licensing import name_of
from mingjing_registry.domain.refusals import InstitutionUnknown
from mingjing_registry.domain.teaching_time import Taught, teaching_time
from mingjing_registry.projections.dossiers import dossiers_in
from mingjing_registry.projections.institutions import one
from mingjing_registry.projections.mirror import dishonest, is_mirrored

COLUMNS = (
    Column("name", "机构名称", "Name"),
    Column("department", "主管部门", "Department"),
    Column("region", "镇街", "Town"),
    Column("modes", "培训方式", "Modes"),
    Column("stages", "学段", "Stages"),
    Column("organizer", "举办者", "Organizer"),
    Column("application_state", "申请状态", "Application"),
    Column("accepted_on", "受理日期", "Accepted on", "date"),
    Column("change_number", "待审变更", "Pending change"),
    Column("change_kind", "变更事项", "Kind of change"),
    Column("rectify_until", "整改期限", "Rectify until", "date"),
    Column("operation_state", "运营状态", "Operation"),
    Column("check_year", "年检年度", "Check of"),
    Column("check_state", "年检进度", "Annual check"),
    Column("check_due_on", "年检截止", "Due on", "date"),
    Column("check_result", "年检结论", "Result"),
    Column("recruitment_restricted", "限制招生", "Recruitment restricted"),
    Column("check_rectify_until", "年检整改期限", "Put right by", "date"),
)


class DossierItem(BaseModel):
    """Where everything stands with one institution."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    department: str
    region: str
    category: str
    modes: list[str]
    stages: list[str]
    organizer: str
    application_state: str
    accepted_on: date | None
    change_number: str
    change_kind: str
    rectify_until: date | None
    operation_state: str
    check_year: int | None
    check_state: str
    check_due_on: date | None
    check_result: str
    recruitment_restricted: bool
    check_rectify_until: date | None = Field(description="After a failed check: to be put right by, then checked again")
    version: int


class Dossier(BaseModel):
    """All of it, each group as it is recorded."""

    institution_id: UUID
    licence_state: str
    licence: dict[str, Any]
    profile: dict[str, Any]
    staff: dict[str, Any] | None = Field(description="Counts; null while nothing is recorded")
    materials: dict[str, Any] | None
    application: dict[str, Any]
    changes: dict[str, Any]
    operation: dict[str, Any]
    annual_checks: dict[str, Any]
    liability: dict[str, Any] = Field(description="As the funds service said last")


class Admission(BaseModel):
    """What each rule says today, and which of them stand in the way of an approval."""

    checks: list[CheckItem]
    unmet: list[str]
    policy_version: str
    teaching_time: list[CheckItem] = Field(
        description="T1–T5 on the timetable as stated; a breach is put right, and stops no approval"
    )
    teaching_policy_version: str
    dishonesty: CheckItem = Field(
        description="B2, by credit code: weighed in licensing, with no approval on commitment; stops none by itself"
    )
    on: date


def make_router(kit: Kit) -> Router:
    """The list, one dossier, and its admission checks."""
    router = Router(tags=["dossier 办件"])

    @router.get("/dossiers", response_model=Page[DossierItem], summary="办件清单 dossiers")
    async def dossiers(
        application_state: str = Query(default="", max_length=40),
        operation_state: str = Query(default="", max_length=40),
        change_kind: str = Query(default="", max_length=40),
        check_state: str = Query(default="", max_length=40),
        check_year: int | None = Query(default=None, ge=2000, le=2100),
        recruitment_restricted: bool | None = None,
        is_business: bool = Query(default=False, description="Only those with something under way or applied for"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By name: what waits for whom."""
        statement = dossiers_in(
            scope,
            at=await position_of(kit, as_of),
            application_state=application_state,
            operation_state=operation_state,
            change_kind=change_kind,
            check_state=check_state,
            check_year=check_year,
            recruitment_restricted=recruitment_restricted,
            is_business=is_business,
        )
        rows = statement.selected_columns
        keys = (rows.name, rows.institution_id)
        listing = Listing(name="dossiers", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, DossierItem)

    _one(router, kit)
    return router


def _one(router: Router, kit: Kit) -> None:
    @router.get("/institutions/{institution_id}/dossier", summary="办件 one dossier")
    async def dossier(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Dossier:
        """As it stands, or stood."""
        known, version = await _seen(kit, scope, institution_id, await position_of(kit, as_of))
        tagged(response, version)
        groups = ("profile", "staff", "materials", "application", "changes", "operation", "annual_checks", "liability")
        return Dossier(
            institution_id=institution_id,
            licence_state=name_of(known.licence),
            licence=msgspec.to_builtins(known.licence),
            **{name: msgspec.to_builtins(getattr(known, name)) for name in groups},
        )

    @router.get("/institutions/{institution_id}/admission-checks", summary="准入核对 what the admission rules say")
    async def admission_checks(
        institution_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Admission:
        """Each with what was seen, what is needed, and on what basis; by today's numbers."""
        known, _ = await _seen(kit, scope, institution_id, await position_of(kit, as_of))
        on = shanghai_date(kit.now())
        numbers = await admission_numbers(kit, institution_id, on)
        facts, waivers = facts_of(known, on), known.application.waivers
        found = checks(facts, numbers)
        times, vacations = await teaching_numbers(kit, institution_id, on)
        code = known.particulars.uscc
        async with kit.connection() as connection:
            entry = await dishonest(connection, (code, *known.codes.own_former), on)
            mirrored = await is_mirrored(connection)
        off = days_off(on, await calendar_known(kit.log), vacations)
        taught = Taught(profile=facts.profile, is_subject=facts.is_subject, days_off=off)
        return Admission(
            checks=[told(check, waivers.get(check.rule)) for check in found],
            unmet=list(unmet(found, waivers)),
            policy_version=numbers.version,
            teaching_time=[told(check, None) for check in teaching_time(taught, times)],
            teaching_policy_version=times.version,
            dishonesty=told(dishonesty(code, entry, is_mirrored=mirrored), None),
            on=on,
        )


async def _seen(kit: Kit, scope: Scope, institution_id: UUID, at: int | None) -> tuple[Known, int]:
    """The institution at a position, if the caller may see it. Raises ``InstitutionUnknown``."""
    async with kit.connection() as connection:
        if (await connection.execute(one(scope, institution_id, at))).first() is None:
            raise InstitutionUnknown
    state, version = await kit.log.state(INSTITUTIONS, institution_id, at)
    if not isinstance(state, Known):
        raise InstitutionUnknown
    return state, version
