"""Annual check over HTTP: opened, handed in, reviewed, decided by another officer, checked again after a fail.

One rule: a result that was found elsewhere is taken over at an address of its own, and is no decision of ours.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.acting import act_on
from mingjing_registry.api.contents import Count
from mingjing_registry.api.grounds import CHECKING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.domain.annual_check import (
    CheckResult,
    DecideAnnualCheck,
    OpenAnnualCheck,
    RecheckAnnualCheck,
    RecordAnnualCheck,
    Report,
    ReviewAnnualReport,
    SubmitAnnualReport,
)

YEAR = Path(ge=2000, le=2100)


class CheckBody(BaseModel):
    """The annual check's result, as another authority found it."""

    result: CheckResult


class OpeningBody(BaseModel):
    """By when the report is due."""

    due_on: date


class ReportBody(BaseModel):
    """The annual report 年度报告."""

    reference: str = Field(max_length=200)
    students: Count
    staff: Count
    income_fen: int = Field(ge=0, le=FEN_MAX)
    refunds_fen: int = Field(ge=0, le=FEN_MAX)
    statement: str = Field(default="", max_length=5_000)


class ReviewBody(BaseModel):
    """What the officer found and proposes."""

    proposed: CheckResult
    findings: str = Field(max_length=2_000)


class ResultBody(BaseModel):
    """The result; a fail carries the day by which it must be put right."""

    result: CheckResult
    reason: str = Field(max_length=1_000)
    rectify_until: date | None = None


def make_router(kit: Kit) -> Router:
    """All steps of a year, and the take-over of a result."""
    router = Router(prefix="/institutions/{institution_id}", tags=["annual check 年检"])

    @router.post("/annual-check", summary="年检 record the annual check")
    async def record_check(
        institution_id: UUID,
        body: CheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A failed check takes the institution off the whitelist."""
        command = RecordAnnualCheck(result=body.result, on=day_of(kit, written))
        grounds = grounded(written, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.CHECK), institution_id, command, grounds, response)

    _handed_in(router, kit)
    _decided(router, kit)
    return router


def _handed_in(router: Router, kit: Kit) -> None:
    @router.post("/annual-checks/{year}/opening", summary="开展年检 open the annual check")
    async def open_check(
        institution_id: UUID,
        body: OpeningBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on it is due."""
        command = OpenAnnualCheck(year=year, due_on=body.due_on, on=day_of(kit, written))
        grounds = grounded(written, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.OPEN_CHECK), institution_id, command, grounds, response)

    @router.post("/annual-checks/{year}/report", summary="报送材料 hand in the annual report")
    async def submit_report(
        institution_id: UUID,
        body: ReportBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """On behalf of the institution, whose papers are at hand."""
        command = SubmitAnnualReport(year=year, report=Report(**body.model_dump()), on=day_of(kit, written))
        grounds = grounded(written, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.SUBMIT_REPORT), institution_id, command, grounds, response)


def _decided(router: Router, kit: Kit) -> None:
    @router.post("/annual-checks/{year}/review", summary="初审 review the annual report")
    async def review_report(
        institution_id: UUID,
        body: ReviewBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Proposes a result; another officer decides."""
        command = ReviewAnnualReport(year=year, proposed=body.proposed, findings=body.findings, on=day_of(kit, written))
        grounds = grounded(written, body.findings, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.REVIEW_REPORT), institution_id, command, grounds, response)

    @router.post("/annual-checks/{year}/result", summary="审定 decide the annual check")
    async def decide_check(
        institution_id: UUID,
        body: ResultBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another officer; after a fail nobody new is enrolled, and it leaves the whitelist."""
        command = DecideAnnualCheck(year=year, **body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.DECIDE_CHECK), institution_id, command, grounds, response)

    @router.post("/annual-checks/{year}/recheck", summary="复检 check again after a fail")
    async def recheck(
        institution_id: UUID,
        body: ResultBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Passed, it may enrol again."""
        command = RecheckAnnualCheck(year=year, **body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=CHECKING)
        return await act_on(kit, (scope, acts.RECHECK), institution_id, command, grounds, response)
