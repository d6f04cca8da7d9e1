"""Findings over HTTP (问题案卷): reported by hand or by a visit, verified, dispatched, listed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts_findings import (
    ALLOT_FINDING,
    DISPATCH_FINDING,
    LIST_FINDING,
    REPORT_FINDING,
    VERIFY_FINDING,
    WRITE_OFF_FINDING,
)
from mingjing_inspection.api.finding_access import FindingItem, actions_on, done, seen, standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.thing_evidence import photos_of
from mingjing_inspection.api.visit_evidence import PhotoEvidence
from mingjing_inspection.codec import FINDINGS, PREMISES_KNOWN
from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain.checklist import Severity
from mingjing_inspection.domain.dispatching import MATRIX_V1, Suggestion, suggested
from mingjing_inspection.domain.finding_terms import PHOTOS_MAX, Matter, Origin, Place, Source, Urgency
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.intake.finding_limits import limits_at
from mingjing_inspection.projections.findings import findings_in
from mingjing_kernel.evidence.facts import Thing
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
from mingjing_kernel.identity import Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("number", "案卷号", "Number"),
    Column("reported_at", "上报时间", "Reported at", "moment"),
    Column("stage", "环节", "Stage"),
    Column("due_at", "本环节期限", "Due at", "moment"),
    Column("matter", "事项", "Matter"),
    Column("severity", "严重程度", "Severity"),
    Column("is_veto", "一票否决", "Veto"),
    Column("urgency", "紧急程度", "Urgency"),
    Column("summary", "问题", "Finding"),
    Column("institution_id", "机构", "Institution"),
    Column("site_id", "教学点", "Site"),
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
    Column("handler_department", "承办部门", "Handled by"),
    Column("returns", "退回次数", "Returns", "integer"),
    Column("is_rework", "返工", "Rework"),
    Column("is_extended", "已延期", "Extended"),
    Column("supervised", "超期次数", "Times overdue", "integer"),
    Column("is_listed", "挂牌督办", "Listed"),
    Column("said", "最近说明", "Said last"),
    Column("rating", "评价", "Rating"),
)


class FindingBody(BaseModel):
    """A problem that somebody reports by hand: at a known site, or at an address where nobody has one."""

    institution_id: UUID | None = None
    site_id: UUID | None = None
    region: str = Field(default="", max_length=15, pattern=r"^\d*$", description="Grid or division, without a site")
    category: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    matter: Matter
    severity: Severity = Severity.YELLOW
    summary: str = Field(max_length=2_000)
    photos: list[str] = Field(default=[], max_length=PHOTOS_MAX)


class FindingDetail(FindingItem):
    """One finding with what became of its photos 照片是否已到."""

    photo_evidence: list[PhotoEvidence]


class VerificationBody(BaseModel):
    """It is so."""

    note: str = Field(max_length=2_000)
    is_on_site: bool = Field(default=False, description="Somebody else went there and looked")


class FindingReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=2_000)


class DispatchBody(BaseModel):
    """Whose it is. Without a department the table's is taken."""

    department: str = Field(default="", max_length=60)
    urgency: Urgency | None = Field(default=None, description="Without one it stays as it is")
    reason: str = Field(default="", max_length=2_000)


class SuggestionItem(BaseModel):
    """Whose a finding is by the table, and why."""

    department: str = Field(description="Empty: nobody knows, the grid looks first")
    ground: str
    matrix: str
    legal_basis: str


def make_router(kit: Kit) -> Router:
    """Findings: list them, look at one, report one."""
    router = Router(tags=["finding 问题案卷"])

    @router.get("/findings", response_model=Page[FindingItem], summary="案卷列表 findings")
    async def findings(
        stage: str | None = Query(default=None, max_length=20),
        institution_id: UUID | None = None,
        visit_id: UUID | None = None,
        is_open: bool | None = None,
        is_overdue: bool = False,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first. Overdue: the time of the step that is due is over now."""
        statement = findings_in(
            scope,
            stage=stage,
            institution_id=institution_id,
            visit_id=visit_id,
            is_open=is_open,
            overdue_at=kit.now() if is_overdue else None,
            at=await position_of(kit, as_of),
        )
        rows = statement.selected_columns
        listing = Listing(
            name="findings",
            statement=statement,
            keys=(rows.reported_at, rows.finding_id),
            columns=COLUMNS,
            title=("问题案卷", "Findings"),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, FindingItem)

    @router.get("/findings/{finding_id}", summary="案卷 one finding")
    async def finding(
        finding_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> FindingDetail:
        """As it stands, or stood, with what became of its photos."""
        item, at = await seen(kit, finding_id, scope, as_of), await position_of(kit, as_of)
        tagged(response, item.version)
        things = [Thing(kind="finding", id=finding_id)]
        things += [Thing(kind="visit", id=item.visit_id)] if item.visit_id else []
        return FindingDetail(**item.model_dump(), photo_evidence=await photos_of(kit, item.photos, things, at))

    @router.get("/findings/{finding_id}/suggestion", summary="派遣建议 whose it is by the table")
    async def finding_suggestion(finding_id: UUID, scope: Scope = Depends(kit.scope)) -> SuggestionItem:
        """Matter by place by category, with the version of the table and its legal basis."""
        said = _suggested(await seen(kit, finding_id, scope))
        return SuggestionItem(
            department=said.department, ground=said.ground.value, matrix=said.matrix, legal_basis=said.legal_basis
        )

    @router.get("/findings/{finding_id}/available-actions", summary="可办事项 what may be done to it, and until when")
    async def finding_actions(finding_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        return await actions_on(kit, finding_id, caller)

    @router.put("/findings/{finding_id}", status_code=201, summary="上报问题 report a finding")
    async def report_finding(
        finding_id: UUID,
        body: FindingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By hand; what a visit found is opened by itself."""
        place, department = await _place(kit, body)
        scope.require(REPORT_FINDING, Dimensions(department, place.region, place.category))
        now = kit.now()
        command = c.ReportFinding(
            place=place,
            department=department,
            matter=body.matter,
            severity=body.severity,
            is_veto=False,
            summary=body.summary,
            photos=tuple(body.photos),
            source=Source(origin=Origin.BY_HAND),
            by=written.actor,
            at=now,
            limit=(await limits_at(kit.log, now, place.region, place.category)).verify(now),
        )
        grounds = grounded(written, body.summary)
        return accepted(response, await kit.log.handle(FINDINGS, finding_id, command, grounds))

    return router


def make_opening_router(kit: Kit) -> Router:
    """The first steps: verified or written off, then given to somebody."""
    router = Router(prefix="/findings/{finding_id}", tags=["finding 问题案卷"])
    _verifying(router, kit)
    _dispatching(router, kit)
    return router


def _verifying(router: Router, kit: Kit) -> None:
    @router.post("/verification", summary="核实立案 it is so")
    async def verify_finding(
        finding_id: UUID,
        body: VerificationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than the reporter."""
        item, now = await standing(kit, finding_id, scope), kit.now()
        command = c.VerifyFinding(
            note=body.note,
            is_on_site=body.is_on_site,
            by=written.actor,
            at=now,
            limit=(await limits_at(kit.log, now, item.region, item.category)).dispatch(now),
        )
        return await done(kit, finding_id, VERIFY_FINDING, command, scope, grounded(written, body.note), response)

    @router.post("/write-off", summary="不予立案 it is not so")
    async def write_off_finding(
        finding_id: UUID,
        body: FindingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than the reporter."""
        command = c.WriteOffFinding(reason=body.reason, by=written.actor, at=kit.now())
        return await done(kit, finding_id, WRITE_OFF_FINDING, command, scope, grounded(written, body.reason), response)

    @router.post("/listing", summary="挂牌督办 put it on the superior's list")
    async def list_finding(
        finding_id: UUID,
        body: FindingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For what was overdue more than once, or is in the media; an official decides."""
        command = c.ListFinding(reason=body.reason, by=written.actor, at=kit.now())
        return await done(kit, finding_id, LIST_FINDING, command, scope, grounded(written, body.reason), response)


def _dispatching(router: Router, kit: Kit) -> None:
    @router.post("/dispatch", summary="派遣 give it to a department")
    async def dispatch_finding(
        finding_id: UUID,
        body: DispatchBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the table, or to another department with a reason."""
        given = await _given(kit, finding_id, body, scope, written)
        command = c.DispatchFinding(**given)
        return await done(kit, finding_id, DISPATCH_FINDING, command, scope, grounded(written, body.reason), response)

    @router.post("/allotment", summary="专班指定 the task force says whose it is")
    async def allot_finding(
        finding_id: UUID,
        body: DispatchBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of what came back twice; for good."""
        given = await _given(kit, finding_id, body, scope, written)
        command = c.AllotFinding(**given)
        return await done(kit, finding_id, ALLOT_FINDING, command, scope, grounded(written, body.reason), response)


async def _given(kit: Kit, finding_id: UUID, body: DispatchBody, scope: Scope, written: Envelope) -> dict[str, Any]:
    item, now = await standing(kit, finding_id, scope), kit.now()
    urgency = body.urgency or Urgency(item.urgency)
    limits = await limits_at(kit.log, now, item.region, item.category)
    return {
        "department": body.department,
        "urgency": urgency,
        "suggestion": _suggested(item),
        "reason": body.reason,
        "by": written.actor,
        "at": now,
        "limit": limits.handle(urgency, now),
    }


def _suggested(item: FindingItem) -> Suggestion:
    return suggested(item.matter, item.region, item.category, is_seen_on_site=item.is_seen_on_site)


async def _place(kit: Kit, body: FindingBody) -> tuple[Place, str]:
    """Where it is, and whose file: of a known site the competent department's, else the category's or the lead's."""
    if body.institution_id is None or body.site_id is None:
        region = body.region or kit.settings.county_code
        place = Place(
            institution_id=body.institution_id,
            site_id=None,
            region=region,
            category=body.category,
            address=body.address,
        )
        return place, MATRIX_V1.competent.get(body.category, kit.settings.lead_department)
    premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
    site = premises.site(body.site_id)
    if site is None:
        raise SiteNotApproved
    place = Place(
        institution_id=body.institution_id,
        site_id=body.site_id,
        region=site.region,
        category=premises.category,
        address=body.address or site.address,
    )
    return place, premises.department
