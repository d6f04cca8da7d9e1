"""Rosters of schools' teachers as one file of the education bureau. One rule: nobody of it is shown, ever."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.domain.blacklist_refusals import ListRowWrong, ListTooLong
from mingjing_registry.intake.school_rosters import Teacher, take_rosters
from mingjing_registry.intake.sealing import tidy
from mingjing_registry.intake.staff_checks import check_everybody, part_of
from mingjing_registry.sources.list_file import Titles, rows_of

TEACHERS_MAX = 50_000
TITLES: Final[Titles] = {
    "school": ("学校", "学校名称", "单位", "任教学校"),
    "name": ("姓名", "教师姓名"),
    "sex": ("性别",),
    "last_four": ("身份证号后四位", "身份证后四位", "证件号码后四位"),
    "birth": ("出生年月", "出生日期"),
}
REQUIRED: Final = ("school", "name", "last_four", "birth")
_BIRTH: Final = re.compile(r"((?:19|20)\d{2})[-./年]?(0[1-9]|1[0-2]|[1-9](?!\d))月?")
_LAST_FOUR: Final = re.compile(r"\d{3}[\dX]")


class RostersAnswer(BaseModel):
    """What came of a file, or would; nobody is named."""

    model_config = ConfigDict(from_attributes=True)

    schools: int
    new_schools: int
    teachers: int
    changed: int
    position: int


def make_router(kit: Kit) -> Router:
    """One file."""
    router = Router(tags=["school 学校"])
    keys = Keys(kit)

    @router.post("/school-rosters/files", summary="导入在职教师名册文件 take the rosters of several schools")
    async def take_roster_file(
        request: Request,
        response: Response,
        stated_on: date = Query(),
        is_trial: bool = Query(default=False, description="Only say what would come of it; nothing is recorded"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> RostersAnswer:
        """xlsx, xls or CSV: name, month of birth, the end of the number. Whoever may be somebody who works at an
        institution is noted at once, for a person to judge.
        """
        county = Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)
        for act in (acts.TAKE_SCHOOL_ROSTER, acts.RECORD_SCHOOL):
            scope.require(act, county)
        rows = await asyncio.to_thread(rows_of, await request.body(), TITLES, REQUIRED, ())
        if len(rows) > TEACHERS_MAX:
            raise ListTooLong(found=len(rows), limit=TEACHERS_MAX)
        teachers, on = [_teacher(row) for row in rows], day_of(kit, written)
        grounds = grounded(written, governed_by=EMPLOYING)
        taken = await take_rosters(kit, keys, teachers, stated_on, grounds, on, is_trial=is_trial)
        answer = RostersAnswer.model_validate(taken)
        if not is_trial:
            checked = await check_everybody(kit, part_of(grounds, "rosters-check", written.command_id), on)
            answer.position = max(answer.position, checked.position)
        response.headers[POSITION_HEADER] = str(answer.position)
        return answer

    return router


def _teacher(row: Mapping[str, object]) -> Teacher:
    """Raises ``ListRowWrong``, which names the column and not what stands in it."""
    said = {name: tidy(str(row.get(name, ""))) for name in TITLES}
    birth = _BIRTH.match(said["birth"])
    for column, is_right in (
        ("school", said["school"]),
        ("name", said["name"]),
        ("last_four", _LAST_FOUR.fullmatch(said["last_four"])),
        ("birth", birth),
    ):
        if not is_right:
            raise ListRowWrong(row=row["row"], column=column)
    assert birth is not None
    sex = said["sex"] if said["sex"] in ("男", "女") else ""
    return Teacher(
        school=said["school"],
        name=said["name"],
        sex=sex,
        birth=birth[1] + birth[2].zfill(2),
        last_four=said["last_four"],
    )
