"""Visits over HTTP. The officer's device chooses the id, so a report that was sent twice is one report."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response
from msgspec.structs import replace as struct_replace
from pydantic import BaseModel, ConfigDict, Field, computed_field

from mingjing_inspection.acts import CORRECT_VISIT, REPORT_VISIT
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.api.visit_evidence import PhotoEvidence, photo_evidence
from mingjing_inspection.codec import VISITS
from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.visit import PHOTOS_MAX, Doubt, Outcome, Reported, hindrance
from mingjing_inspection.domain.visit_refusals import VisitAlreadyReported, VisitNotReported
from mingjing_inspection.intake.circumstances import correction_command, of_correction, of_report, report_command
from mingjing_inspection.intake.doors import Doors
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.part_settling import Settling
from mingjing_inspection.intake.parts import Parts
from mingjing_inspection.intake.placing import place_by_visit
from mingjing_inspection.intake.reporting import ReceiptBook, Sent, file_report
from mingjing_inspection.intake.visit_files import evidence_works
from mingjing_inspection.projections.visits import visits_in
from mingjing_inspection.sources.report import AnswerBody, CorrectionBody, ReportForm, SignatureBody
from mingjing_kernel.audit.receipts import Receipt
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
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
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
    Column("doubts", "存疑", "Doubts"),
    Column("forced_by", "强制采纳人", "Forced by"),
)


class VisitBody(ReportForm):
    """A visit report, sent at once."""

    device_sent_at: Moment = Field(description="The device's clock at the moment of sending")
    evidence: list[UUID] = Field(
        default=[],
        max_length=PHOTOS_MAX,
        description="Ids under which the photos are, or will be, sent as evidence. Without them a photo is linked when "
        "its manifest names this visit",
    )


class FailingItem(BaseModel):
    """A failed item with its gravity."""

    item: str
    severity: str
    immediate_veto: bool
    legal_basis: str


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
    failings: list[FailingItem]
    doubts: list[Doubt] = Field(description="What makes place, time or questions doubtful; the report stands")
    photos: list[str]
    recordings: list[str]
    signatures: list[SignatureBody]
    companions: list[str]
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
    files_missing: int = Field(description="The same with recordings and signatures 未到文件")
    bundle_id: UUID | None = Field(description="Of what the device brought with it after it was without a network")
    forced_by: str = Field(description="Who had it taken against a rule; empty in the usual case")
    forced_reason: str

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
    receipt: Receipt | None = Field(default=None, description="Proof of what you sent 请妥善保存")
    filed: dict[str, Any] = Field(default={}, description="What the receipt commits to")


def make_router(kit: Kit) -> Router:
    """Visits: reported at once, corrected, listed."""
    router = Router(tags=["visit 巡查"])
    receipts, settling = ReceiptBook(kit), Settling(kit, Doors(kit))
    parts = Parts(kit, receipts, settling)
    book = GridBook(kit)

    @router.put("/visits/{visit_id}", status_code=201, summary="提交巡查 report a visit")
    async def report_visit(
        visit_id: UUID,
        body: VisitBody,
        request: Request,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> ReportAccepted:
        """Send the same bytes again as often as the network needs; with ``task_id`` the task is submitted, too.

        Other bytes under the same id are refused, and kept for a supervisor to decide on.
        """
        sent = _sent(visit_id, body, await request.body(), written, kit.now())
        found = await of_report(kit, visit_id, body, sent.received_at)
        came = replace(sent.came, device_sent_at=body.device_sent_at)
        command = report_command(body, found, came)
        allow(caller.scope, REPORT_VISIT, found)
        circumstances = struct_replace(
            written, command_id=derived_id("report-visit", visit_id, written.digest.hex())
        )  # the id in the address and the bytes name the command, whatever key the device sends with a later try
        attach = await evidence_works(kit, visit_id, command.observation, body.evidence, caller, circumstances)
        works = receipts.work(sent, written)
        filed = await file_report(kit, visit_id, found, command, circumstances, attach, works)
        if isinstance(filed.first, VisitAlreadyReported):
            await parts.keep(sent, filed.first, written, (command.department, command.region))
        if isinstance(filed.first, Refusal):
            raise filed.first
        position = max(filed.position, await settling.after(visit_id, sent.sha256))
        placed = await place_by_visit(kit, book, visit_id, command, found.premises, written)
        done = accepted(response, filed.first)
        response.headers["Mingjing-Position"] = str(max(position, placed))
        return ReportAccepted(
            position=position,
            version=done.version,
            repeated=done.repeated,
            photos=list(command.observation.photos),
            task_refused=filed.task_refused,
            evidence_refused=filed.evidence_refused,
            receipt=await receipts.receipt(sent, works),
            filed=sent.filed,
        )

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
        found = await of_correction(kit, visit_id, visit, body, kit.now())
        allow(scope, CORRECT_VISIT, found)
        command = correction_command(body, found, written.actor, kit.now(), "")
        grounds = grounded(written, body.reason)
        outcome = await kit.log.handle(VISITS, visit_id, command, grounds)
        await settling.after(visit_id, "")
        return accepted(response, outcome)

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


def _sent(visit_id: UUID, body: VisitBody, content: bytes, written: Envelope, now: datetime) -> Sent:
    return Sent(
        kind=PartKind.REPORT,
        part_id=visit_id,
        visit_id=visit_id,
        officer=written.actor,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        bundle_id=None,
        clock_skew_seconds=round((body.device_sent_at - now).total_seconds()),
        received_at=now,
    )
