"""Ratios of staff over HTTP (R7, R8): the counts, each check with its reason, and how many are missing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, Kit, accepted, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force
from mingjing_registry.acts_staff import CHECK_ALL_STAFF, STATE_SESSIONS
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on
from mingjing_registry.codec import SESSIONS
from mingjing_registry.domain.refusals import InstitutionUnknown
from mingjing_registry.domain.staffing import StaffingNumbers, StateSessions, Verdict, staffing_checks
from mingjing_registry.intake.staff_checks import check_everybody
from mingjing_registry.policy.rules import STAFFING
from mingjing_registry.projections.dossiers import modes_of
from mingjing_registry.projections.institutions import one
from mingjing_registry.projections.staff import counts_of, sessions_of


class SessionsBody(BaseModel):
    """How many pupils are taught in the same session, and how many of them are 3 to 6 years old."""

    pupils: int = Field(ge=0, le=100_000)
    pupils_ages_3_6: int = Field(default=0, ge=0, le=100_000)


class Words(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


class CountsItem(BaseModel):
    """Who counts as staff; barred and suspected people are counted apart."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    teaching_research: int
    full_time_teachers: int
    subject_teachers: int
    subject_teachers_proved: int
    other_teachers: int
    other_teachers_proved: int
    barred: int
    suspected: int


class CheckItem(BaseModel):
    """One check that explains itself."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    verdict: Verdict
    have: int
    needed: int
    missing: int
    because: Words


class StaffingAnswer(BaseModel):
    """Whether an institution has the staff that it needs."""

    institution_id: UUID
    is_passed: bool = Field(description="No check failed, and none is unknown")
    policy_version: str
    sessions_stated_on: date | None
    counts: CountsItem
    checks: list[CheckItem]


class StaffRechecked(BaseModel):
    """What a look at everybody came to; ``is_more``: call again."""

    barred: int
    lifted: int
    suspected: int
    likely: int
    is_more: bool


def make_router(kit: Kit) -> Router:
    """Ratios, and the check of everybody."""
    router = Router(tags=["staff 从业人员"])

    @router.put("/institutions/{institution_id}/sessions", summary="申报每班次学生数 state the pupils of a session")
    async def state_sessions(
        institution_id: UUID,
        body: SessionsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What the ratio of full-time teachers is reckoned by."""
        await acted_on(kit, scope, STATE_SESSIONS, institution_id)
        small = min(body.pupils_ages_3_6, body.pupils)
        command = StateSessions(pupils=body.pupils, pupils_ages_3_6=small, on=day_of(kit, written))
        grounds = grounded(written, governed_by=EMPLOYING)
        return accepted(response, await kit.log.handle(SESSIONS, institution_id, command, grounds))

    @router.get("/institutions/{institution_id}/staffing", summary="从业人员比例 does it have the staff it needs?")
    async def staffing(
        institution_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> StaffingAnswer:
        """By the percentages in force today; only who teaches online alone needs no full-time teachers."""
        at = await position_of(kit, as_of)
        async with kit.connection() as connection:
            row = (await connection.execute(one(scope, institution_id, at))).mappings().one_or_none()
            if row is None:
                raise InstitutionUnknown
            counts = await counts_of(connection, institution_id, at)
            sessions = await sessions_of(connection, institution_id, at)
            modes = await modes_of(connection, institution_id, at)
        found = await in_force(kit.log, STAFFING, shanghai_date(kit.now()), row["region"], row["category"])
        numbers = StaffingNumbers(
            teaching_research=found["teaching-research"],
            full_time=found["full-time"],
            full_time_ages_3_6=found["full-time-ages-3-6"],
            version=found.version,
        )
        checks = staffing_checks(counts, sessions, numbers, is_offline=modes != ("online",))
        return StaffingAnswer(
            institution_id=institution_id,
            is_passed=all(check.verdict in ("pass", "not-applicable") for check in checks),
            policy_version=numbers.version,
            sessions_stated_on=sessions.on if sessions else None,
            counts=CountsItem.model_validate(counts),
            checks=[CheckItem.model_validate(check) for check in checks],
        )

    @router.post("/staff/checks", summary="从业人员复核 check everybody again")
    async def check_all(
        response: Response, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> StaffRechecked:
        """Against the staff blacklist and the schools' rosters as they are now; meant for every night."""
        scope.require(CHECK_ALL_STAFF, Dimensions(written.department, kit.settings.county_code, UNDIVIDED))
        done = await check_everybody(kit, grounded(written, governed_by=EMPLOYING), day_of(kit, written))
        response.headers[POSITION_HEADER] = str(done.position)
        return StaffRechecked(
            barred=done.barred, lifted=done.lifted, suspected=done.suspected, likely=done.likely, is_more=done.is_more
        )

    return router
