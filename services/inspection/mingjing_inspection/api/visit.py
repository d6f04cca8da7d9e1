"""Visits over HTTP. The officer's device chooses the id, so a report that was sent twice is one report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field

from mingjing_inspection.acts import CORRECT_VISIT, REPORT_VISIT
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.api.site_place import place_by_visit
from mingjing_inspection.api.visit_evidence import PhotoEvidence, evidence_works, photo_evidence
from mingjing_inspection.codec import PREMISES_KNOWN, TASKS, VISITS
from mingjing_inspection.domain.checklist import CHECKLISTS, Checklist
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.domain.task_facts import SubmitTask
from mingjing_inspection.domain.visit import (
    PHOTOS_MAX,
    Answer,
    CorrectVisit,
    Finding,
    Observation,
    Outcome,
    Position,
    Reported,
    ReportVisit,
    hindrance,
)
from mingjing_inspection.domain.visit_refusals import VisitNotReported
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.projections.visits import visits_in
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
    available_actions,
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.log import Outcome as Recording
from mingjing_kernel.refusal import Refusal

COLUMNS = (
    Column("visited_at", "巡查时间", "Visited at", "moment"),
    Column("institution_id", "机构", "Institution"),
    Column("site_id", "教学点", "Site"),
    Column("region", "网格", "Grid"),
    Column("officer", "巡查人", "Officer"),
    Column("outcome", "结果", "Outcome"),
    Column("failed", "不合格项", "Failed items"),
    Column("vetoes", "一票否决项", "Vetoes"),
    Column("note", "备注", "Note"),
    Column("clock_skew_seconds", "时钟偏差秒", "Clock skew, seconds", "integer"),
    Column("photos_missing", "未到照片", "Photos missing", "integer"),
)


class AnswerBody(BaseModel):
    """The answer to one checklist item."""

    item: str
    finding: Finding
    remark: str = Field(default="", max_length=1_000)
    photos: list[str] = Field(default=[], max_length=PHOTOS_MAX)


class PositionBody(BaseModel):
    """Where the device was; WGS 84, in 1e-7 degrees."""

    latitude_e7: int
    longitude_e7: int
    accuracy_metres: int
    is_mock: bool = False


class ObservationBody(BaseModel):
    """What the officer saw."""

    outcome: Outcome
    checklist: str
    answers: list[AnswerBody] = Field(default=[], max_length=100)
    photos: list[str] = Field(description="SHA-256 (hex) of the original photo files", max_length=PHOTOS_MAX + 1)
    position: PositionBody
    visited_at: AwareDatetime = Field(description="By the device's clock")
    note: str = ""

    def observation(self) -> Observation:
        """The same for the domain."""
        return Observation(
            outcome=self.outcome,
            checklist=self.checklist,
            answers=tuple(
                Answer(item=one.item, finding=one.finding, remark=one.remark, photos=tuple(one.photos))
                for one in self.answers
            ),
            photos=tuple(self.photos),
            position=Position(**self.position.model_dump()),
            visited_at=self.visited_at,
            note=self.note,
        )


class VisitBody(BaseModel):
    """A visit report."""

    institution_id: UUID
    site_id: UUID
    task_id: UUID | None = None
    observation: ObservationBody
    device_sent_at: AwareDatetime = Field(description="The device's clock at the moment of sending")
    evidence: list[UUID] = Field(
        default=[],
        max_length=PHOTOS_MAX,
        description="Ids under which the photos are, or will be, sent as evidence. Without them a photo is linked when "
        "its manifest names this visit",
    )


class CorrectionBody(BaseModel):
    """A correction of a report."""

    corrects_version: int
    observation: ObservationBody
    reason: str = Field(max_length=1_000)


class VisitItem(BaseModel):
    """A visit as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    visit_id: UUID
    institution_id: UUID
    site_id: UUID
    task_id: UUID | None
    department: str
    region: str
    category: str
    officer: str
    outcome: Outcome
    checklist: str
    answers: list[AnswerBody]
    failed: list[str]
    vetoes: list[str]
    photos: list[str]
    latitude_e7: int
    longitude_e7: int
    accuracy_metres: int
    is_mock: bool
    note: str
    visited_at: datetime
    received_at: datetime
    clock_skew_seconds: int
    version: int
    evidence: dict[str, Any] = Field(exclude=True)
    photos_missing: int = Field(description="Photos whose bytes are not here yet 未到照片")

    @computed_field(description="What became of each photo")  # type: ignore[prop-decorator]
    @property
    def photo_evidence(self) -> list[PhotoEvidence]:
        """One entry a photo, in the report's order."""
        return photo_evidence(self.photos, self.evidence)


class ReportAccepted(Accepted):
    """The report stands. ``photos`` are the hashes that we hold you to: keep the originals until they are uploaded."""

    photos: list[str]
    task_refused: str = Field(default="", description="Problem type, when the task would not take this visit")
    evidence_refused: dict[str, str] = Field(
        default={},
        description="Problem type by evidence id, where evidence would not be attached: send that photo anew",
    )


class ItemBody(BaseModel):
    """One question of a checklist."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title_zh: str
    title_en: str
    legal_basis: str
    severity: str
    immediate_veto: bool
    photo_required: bool


class ChecklistBody(BaseModel):
    """A version of the questions."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    effective_from: date
    items: list[ItemBody]


def make_router(kit: Kit) -> Router:
    """Visits and the checklists that they answer."""
    router = Router(tags=["visit 巡查"])
    book = GridBook(kit)

    @router.get("/checklists", summary="检查清单 every released version")
    async def checklists() -> list[ChecklistBody]:
        """Public: what is asked is no secret."""
        return [_checklist(one) for one in CHECKLISTS.values()]

    @router.put("/visits/{visit_id}", status_code=201, summary="提交巡查 report a visit")
    async def report_visit(
        visit_id: UUID,
        body: VisitBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> ReportAccepted:
        """Send the same bytes again as often as the network needs; with ``task_id`` the task is submitted, too."""
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
        site = premises.site(body.site_id)
        if site is None:
            raise SiteNotApproved
        allow(caller.scope, REPORT_VISIT, premises, site.region)
        command = ReportVisit(
            institution_id=body.institution_id,
            site_id=body.site_id,
            region=site.region,
            department=premises.department,
            category=premises.category,
            officer=written.actor,
            observation=body.observation.observation(),
            device_sent_at=body.device_sent_at,
            received_at=kit.now(),
            task_id=body.task_id,
        )
        attach = await evidence_works(kit, visit_id, command.observation, body.evidence, caller, written)
        filed = await _file(kit, visit_id, command, written, response, attach)
        if position := await place_by_visit(kit, book, visit_id, command, written):
            response.headers["Mingjing-Position"] = str(position)
        return filed

    @router.post("/visits/{visit_id}/corrections", summary="更正巡查 correct a report")
    async def correct_visit(
        visit_id: UUID,
        body: CorrectionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Names the version that it changes; the first report stays readable."""
        visit, _ = await kit.log.state(VISITS, visit_id)
        if not isinstance(visit, Reported):
            raise VisitNotReported
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, visit.institution_id))[0]
        site = premises.site(visit.site_id)
        allow(scope, CORRECT_VISIT, premises, site.region if site else "")
        command = CorrectVisit(
            corrects_version=body.corrects_version,
            observation=body.observation.observation(),
            reason=body.reason,
            corrected_by=written.actor,
            corrected_at=kit.now(),
        )
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(VISITS, visit_id, command, grounds))

    @router.get("/visits", response_model=Page[VisitItem], summary="巡查列表 visits")
    async def visits(
        institution_id: UUID | None = None,
        outcome: Outcome | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        at = await position_of(kit, as_of)
        statement = visits_in(scope, institution_id=institution_id, outcome=outcome.value if outcome else None, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="visits",
            statement=statement,
            keys=(rows.visited_at, rows.visit_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, VisitItem)

    @router.get("/visits/{visit_id}", summary="巡查 one visit")
    async def visit(
        visit_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> VisitItem:
        """As it stands, or stood."""
        seen = await _seen(kit, visit_id, scope, as_of)
        tagged(response, seen.version)
        return seen

    @router.get("/visits/{visit_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def visit_actions(visit_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, visit_id, caller.scope))
        return await available_actions(kit, VISITS, visit_id, caller, here, hindrance)

    return router


async def _seen(kit: Kit, visit_id: UUID, scope: Scope, as_of: AsOf | None = None) -> VisitItem:
    statement = visits_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.visit_id == visit_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise VisitNotReported
    return VisitItem.model_validate(row)


async def _file(
    kit: Kit, visit_id: UUID, command: ReportVisit, written: Envelope, response: Response, attach: Sequence[Work]
) -> ReportAccepted:
    """The report, its photos and its task in one transaction. What refuses of these never loses the report.

    The id in the address and the bytes name the command, whatever key the device sends with a later try.
    """
    written = replace(written, command_id=derived_id("report-visit", visit_id, written.digest.hex()))
    works = [Work(VISITS, visit_id, command, written), *attach]
    if command.task_id is not None:
        submit = SubmitTask(
            visit_id=visit_id,
            outcome=command.observation.outcome,
            officer=written.actor,
            submitted_at=command.received_at,
        )
        # The same circumstances: whoever reads the task finds who, why and on what basis without the visit.
        follow = replace(written, command_id=derived_id("submit-task", written.command_id), expected_version=None)
        works.append(Work(TASKS, command.task_id, submit, follow))
    first, *rest = await kit.log.handle_many(works)
    if not isinstance(first, Recording):
        raise first
    refused = next((one for one in rest[len(attach) :] if isinstance(one, Refusal)), None)
    done = max((one for one in (first, *rest) if isinstance(one, Recording)), key=lambda one: one.position)
    receipt = accepted(response, first)
    response.headers["Mingjing-Position"] = str(done.position)
    return ReportAccepted(
        position=done.position,
        version=receipt.version,
        repeated=receipt.repeated,
        photos=list(command.observation.photos),
        task_refused=refused.code() if refused else "",
        evidence_refused={
            str(work.id): one.code() for work, one in zip(attach, rest, strict=False) if isinstance(one, Refusal)
        },
    )


def _checklist(checklist: Checklist) -> ChecklistBody:
    return ChecklistBody.model_validate(checklist)
