"""Schools over HTTP: the list, rosters of their teachers (digests only), and what they asked their pupils."""

from __future__ import annotations

from collections.abc import Sequence
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
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import PERSON
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import AFTER_SCHOOL_SERVICE, EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import SCHOOLS
from mingjing_registry.domain import school as s
from mingjing_registry.domain.staff_refusals import SchoolUnknown
from mingjing_registry.intake.describing import described
from mingjing_registry.intake.staff_checks import check_everybody, part_of
from mingjing_registry.projections.names import meant_by_each
from mingjing_registry.projections.schools import schools_in, surveys_in

TEACHERS_MAX = 2_000
ANSWERS_MAX = 500
COLUMNS = (
    Column("name", "学校", "School"),
    Column("region", "区划", "Division"),
    Column("stage", "学段", "Stage"),
    Column("teachers", "教师数", "Teachers", "integer"),
    Column("roster_stated_on", "名册日期", "Roster of", "date"),
)
SURVEY_COLUMNS = (
    Column("school_name", "学校", "School"),
    Column("held_on", "调查日期", "Held on", "date"),
    Column("pupils_asked", "调查人数", "Pupils asked", "integer"),
    Column("pupils_training", "参训人次", "Pupils training", "integer"),
    Column("answers", "去向", "Where"),
)


class SchoolBody(BaseModel):
    """A school as the education department lists it."""

    name: str = Field(min_length=1, max_length=200)
    division: str = Field(pattern=r"^([0-9]{6}|[0-9]{9})$")
    stage: str = Field(max_length=60)


class TeacherBody(BaseModel):
    """Somebody of a roster without identity numbers."""

    name: Unmasked = Field(min_length=1, max_length=100)
    birth_year: int = Field(ge=1900, le=2100)


class RosterBody(BaseModel):
    """Everybody who teaches there; only keyed digests of these numbers are kept."""

    stated_on: date
    id_numbers: list[Unmasked] = Field(default=[], max_length=TEACHERS_MAX)
    teachers: list[TeacherBody] = Field(
        default=[], max_length=TEACHERS_MAX, description="Where the roster has no numbers: who is alike is judged"
    )


class AnswerBody(BaseModel):
    """Where so many pupils train."""

    name: str = Field(min_length=1, max_length=200)
    pupils: int = Field(ge=1, le=100_000)
    institution_id: UUID | None = None


class SurveyBody(BaseModel):
    """Counts of a survey; no pupil is named."""

    held_on: date
    pupils_asked: int = Field(ge=0, le=100_000)
    answers: list[AnswerBody] = Field(max_length=ANSWERS_MAX)


class SchoolItem(BaseModel):
    """A school."""

    model_config = ConfigDict(from_attributes=True)

    school_id: UUID
    name: str
    region: str
    stage: str
    teachers: int | None
    roster_stated_on: date | None
    version: int


class SurveyItem(BaseModel):
    """A survey."""

    model_config = ConfigDict(from_attributes=True)

    survey_id: UUID
    school_id: UUID
    school_name: str
    region: str
    held_on: date
    pupils_asked: int
    pupils_training: int
    answers: list[AnswerBody]


def make_router(kit: Kit) -> Router:
    """Schools."""
    router = Router(tags=["school 学校"])
    _writes(router, kit, Keys(kit))
    _reads(router, kit)
    return router


def _writes(router: Router, kit: Kit, keys: Keys) -> None:
    async def known(scope: Scope, act: Act, school_id: UUID) -> None:
        state, _ = await kit.log.state(SCHOOLS, school_id)
        if not isinstance(state, s.School):
            raise SchoolUnknown
        scope.require(act, Dimensions(UNDIVIDED, state.listed[1], UNDIVIDED))

    @router.put("/schools/{school_id}", summary="登记学校 record a school")
    async def record_school(
        school_id: UUID,
        body: SchoolBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """New, or changed."""
        scope.require(acts.RECORD_SCHOOL, Dimensions(UNDIVIDED, body.division, UNDIVIDED))
        command = s.RecordSchool(**body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return accepted(response, await kit.log.handle(SCHOOLS, school_id, command, grounds))

    @router.put("/schools/{school_id}/roster", summary="导入教师名册 take a school's roster")
    async def take_roster(
        school_id: UUID,
        body: RosterBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The whole roster of a day. Whoever of it works at an institution is suspected at once."""
        await known(scope, acts.TAKE_SCHOOL_ROSTER, school_id)
        on = day_of(kit, written)
        digests = frozenset(keys.index().id_number(number) for number in body.id_numbers)
        marks = keys.marks()
        alike = (described(marks, one.name, str(one.birth_year)) for one in body.teachers)
        known_by = frozenset(marks.blind(PERSON, description) for description in alike)
        command = s.TakeRoster(digests=digests, described=known_by, stated_on=body.stated_on, on=on)
        grounds = grounded(written, governed_by=EMPLOYING)
        outcome = await kit.log.handle(SCHOOLS, school_id, command, grounds)
        done = await check_everybody(kit, part_of(grounds, "roster-check", school_id), on)
        answer = accepted(response, outcome)
        response.headers[POSITION_HEADER] = str(max(outcome.position, done.position))
        return answer

    @router.put("/schools/{school_id}/surveys/{survey_id}", summary="登记学校调查 record a school's survey")
    async def record_survey(
        school_id: UUID,
        survey_id: UUID,
        body: SurveyBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """How many pupils train where (S2:253). A name that means one institution of the register only is that one."""
        await known(scope, acts.RECORD_SURVEY, school_id)
        answers = await _placed(kit, [s.Answer(**one.model_dump()) for one in body.answers])
        command = s.RecordSurvey(
            survey_id=survey_id,
            held_on=body.held_on,
            pupils_asked=body.pupils_asked,
            answers=answers,
            on=day_of(kit, written),
        )
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return accepted(response, await kit.log.handle(SCHOOLS, school_id, command, grounds))


async def _placed(kit: Kit, answers: Sequence[s.Answer]) -> tuple[s.Answer, ...]:
    """The answers, each with the institution that its name means; a name that means none or several stays a name."""
    unplaced = {one.name for one in answers if one.institution_id is None}
    if not unplaced:
        return tuple(answers)
    await kit.up_to_date()
    async with kit.connection() as connection:
        meant = await meant_by_each(connection, unplaced)
    return tuple(replace(one, institution_id=one.institution_id or meant[one.name].institution_id) for one in answers)


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/schools", response_model=Page[SchoolItem], summary="学校清单 schools")
    async def schools(
        search: str = Query(default="", max_length=100),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By name. Of rosters only how many are on it."""
        statement = schools_in(scope, search=search.strip(), at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(name="schools", statement=statement, keys=(rows.name, rows.school_id), columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, SchoolItem)

    @router.get("/school-surveys", response_model=Page[SurveyItem], summary="学校调查 surveys")
    async def surveys(
        school_id: UUID | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = surveys_in(scope, school_id=school_id, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="school-surveys",
            statement=statement,
            keys=(rows.held_on, rows.survey_id),
            columns=SURVEY_COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, SurveyItem)
