"""Whether somebody is whom a list may mean: judged by a person, never by a machine.

One rule: lists that mask their numbers say who may be whom; what follows for her follows from the judgement.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on
from mingjing_registry.codec import STAFF
from mingjing_registry.domain import staff as s
from mingjing_registry.domain import staff_commands as c
from mingjing_registry.domain.staff_refusals import StaffUnknown
from mingjing_registry.intake.listing import all_or_none
from mingjing_registry.intake.staff_checks import demanded


class SchoolLikenessBody(BaseModel):
    """What a person found out."""

    is_same: bool
    reason: str = Field(max_length=1_000)


class BarLikenessBody(BaseModel):
    """What the list's source or the person's papers showed."""

    is_same: bool
    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Two judgements."""
    router = Router(tags=["staff 从业人员"])
    _judging_schools(router, kit)
    _judging_bars(router, kit)
    return router


def _judging_schools(router: Router, kit: Kit) -> None:
    @router.post("/staff/{member_id}/school-likeness-judgement", summary="判定是否在职教师 judge a likeness")
    async def judge_school_likeness(
        member_id: UUID,
        body: SchoolLikenessBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Whether a school's teacher of the same name and year of birth is she: then she is suspected, else cleared."""
        state, _ = await kit.log.state(STAFF, member_id)
        if not isinstance(state, s.Member):
            raise StaffUnknown
        await acted_on(kit, scope, acts.JUDGE_SCHOOL_LIKENESS, state.institution_id)
        command = c.JudgeSchoolLikeness(is_same=body.is_same, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=EMPLOYING)
        return accepted(response, await kit.log.handle(STAFF, member_id, command, grounds))


def _judging_bars(router: Router, kit: Kit) -> None:
    @router.post("/staff/{member_id}/bar-likeness-judgement", summary="判定是否黑名单人员 judge a masked entry")
    async def judge_bar_likeness(
        member_id: UUID,
        body: BarLikenessBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Whether the entry of the staff blacklist names her: then she is barred and her dismissal demanded (X14)."""
        state, _ = await kit.log.state(STAFF, member_id)
        if not isinstance(state, s.Member):
            raise StaffUnknown
        await acted_on(kit, scope, acts.JUDGE_BAR_LIKENESS, state.institution_id)
        on = day_of(kit, written)
        command = c.JudgeBarLikeness(is_same=body.is_same, reason=body.reason, on=on)
        grounds = grounded(written, body.reason, governed_by=EMPLOYING)
        works = [Work(STAFF, member_id, command, grounds)]
        if body.is_same and state.likely_bar is not None:
            works.append(demanded(grounds, member_id, state.institution_id, state.likely_bar, on))
        judged = (await kit.log.handle_many(works, settle=all_or_none))[0]
        if not isinstance(judged, Outcome):
            raise judged
        return accepted(response, judged)
