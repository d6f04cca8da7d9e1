"""Staff over HTTP: enrolled one by one or a list at a time, with what the lists say of each; never in the clear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

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
)
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import EMPLOYING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing, within_of
from mingjing_registry.codec import STAFF
from mingjing_registry.domain import staff as s
from mingjing_registry.domain import staff_commands as c
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.staff_facts import Post, Proof, Qualification, Work, WorkPermit
from mingjing_registry.domain.staff_refusals import StaffUnknown
from mingjing_registry.intake.enrolling import Newcomer, enrol_all
from mingjing_registry.projections.staff import staff_in
from mingjing_registry.projections.staff_elsewhere import records_elsewhere

RECORDS_MAX = 1_000
COLUMNS = (
    Column("institution_name", "机构", "Institution"),
    Column("work", "岗位", "Work"),
    Column("is_subject", "学科类", "Subject"),
    Column("is_full_time", "专职", "Full-time"),
    Column("proof", "资格类型", "Proof"),
    Column("certificate_number", "证书编号", "Certificate"),
    Column("is_proved", "资格符合", "Proved"),
    Column("is_employed", "在职", "Employed"),
    Column("from_on", "入职日期", "From", "date"),
    Column("left_on", "离职日期", "Left on", "date"),
    Column("bar_reason", "黑名单事由", "Barred for"),
)


class QualificationBody(BaseModel):
    """A certificate."""

    proof: Proof
    number: str = Field(min_length=1, max_length=60)
    subject: str = Field(default="", max_length=60)
    stage: str = Field(default="", max_length=60)

    def held(self) -> Qualification:
        """As the domain has it."""
        return Qualification(proof=self.proof, number=self.number.strip(), subject=self.subject, stage=self.stage)


class StaffBody(BaseModel):
    """Somebody who works there. Name and number are sealed at once."""

    name: Unmasked = Field(min_length=1, max_length=100)
    id_number: Unmasked = Field(min_length=6, max_length=40, description="Identity number 身份证号, or a passport's")
    work: Work
    is_subject: bool = False
    is_full_time: bool
    from_on: date
    qualification: QualificationBody | None = None

    def newcomer(self) -> Newcomer:
        """As the intake takes it."""
        return Newcomer(
            name=self.name,
            id_number=self.id_number,
            post=Post(work=self.work, is_subject=self.is_subject, is_full_time=self.is_full_time, from_on=self.from_on),
            qualification=self.qualification.held() if self.qualification else None,
        )


class StaffRecord(StaffBody):
    """One of a list, under an id of the sender's choice."""

    member_id: UUID


class StaffListBody(BaseModel):
    """A list of staff."""

    records: list[StaffRecord] = Field(min_length=1, max_length=RECORDS_MAX)


class RecordResult(BaseModel):
    """What became of one record."""

    member_id: UUID
    is_taken: bool
    why_not: Problem | None = None


class StaffListTaken(BaseModel):
    """What became of a list: each record for itself."""

    taken: int
    refused: int
    results: list[RecordResult]


class StaffItem(BaseModel):
    """Somebody as the record stands; the name is a mask."""

    model_config = ConfigDict(from_attributes=True)

    member_id: UUID
    institution_id: UUID
    institution_name: str
    subject: str
    name: str = Field(default="", description="Masked")
    work: str
    is_subject: bool
    is_full_time: bool
    proof: str
    certificate_number: str
    certificate_subject: str
    certificate_stage: str
    is_proved: bool
    is_employed: bool
    from_on: date
    left_on: date | None
    suspected_school_id: UUID | None
    likely_school_id: UUID | None = Field(description="Its roster has the same name and year of birth; to be judged")
    bar_entry_id: UUID | None
    bar_reason: str
    likely_bar_entry_id: UUID | None = Field(
        description="An entry of the staff blacklist with the same name and open part of the number; to be judged"
    )
    elsewhere: list[UUID] = Field(
        default=[], description="Her records at other institutions, when asked for those; a masked number only may be"
    )
    version: int


class LeavingBody(BaseModel):
    """When and why."""

    left_on: date
    reason: str = Field(max_length=1_000)


class WorkPermitBody(BaseModel):
    """Of a foreigner who teaches."""

    is_abroad: bool = Field(description="Located abroad: nobody may be (R9)")
    number: str = Field(default="", max_length=60)
    valid_until: date | None = None


class StaffReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Staff of institutions."""
    router = Router(tags=["staff 从业人员"])
    keys = Keys(kit)
    _enrolment(router, kit, keys)
    _steps(router, kit)
    _lists(router, kit, keys)
    return router


def _enrolment(router: Router, kit: Kit, keys: Keys) -> None:
    async def place(scope: Scope, institution_id: UUID) -> tuple[UUID, Jurisdiction]:
        await acted_on(kit, scope, acts.ENROL_STAFF, institution_id)
        _, here = await standing(kit, institution_id)
        return institution_id, within_of(here)

    @router.put("/institutions/{institution_id}/staff/{member_id}", summary="登记从业人员 enrol somebody")
    async def enrol(
        institution_id: UUID,
        member_id: UUID,
        body: StaffBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Refused when on the staff blacklist, or a teacher without proof (R7)."""
        here = await place(scope, institution_id)
        grounds = grounded(written, governed_by=EMPLOYING)
        people = {member_id: body.newcomer()}
        result = (await enrol_all(kit, keys, here, people, grounds, day_of(kit, written)))[member_id]
        if not isinstance(result, Outcome):
            raise result
        return accepted(response, result)

    @router.post("/institutions/{institution_id}/staff", summary="批量登记从业人员 enrol a list")
    async def enrol_list(
        institution_id: UUID,
        body: StaffListBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> StaffListTaken:
        """Each record for itself; a record under an id that was sent before is the same record."""
        here = await place(scope, institution_id)
        grounds = grounded(written, governed_by=EMPLOYING)
        people = {one.member_id: one.newcomer() for one in body.records}
        found = await enrol_all(kit, keys, here, people, grounds, day_of(kit, written))
        results = [_result(member_id, result) for member_id, result in found.items()]
        positions = [one.position for one in found.values() if isinstance(one, Outcome)]
        response.headers[POSITION_HEADER] = str(max(positions, default=0))
        taken = sum(one.is_taken for one in results)
        return StaffListTaken(taken=taken, refused=len(results) - taken, results=results)


def _steps(router: Router, kit: Kit) -> None:
    async def act(
        member_id: UUID, who: tuple[Scope, Act], command: c.Command, written: Envelope, response: Response
    ) -> Accepted:
        state, _ = await kit.log.state(STAFF, member_id)
        if not isinstance(state, s.Member):
            raise StaffUnknown
        await acted_on(kit, *who, state.institution_id)
        return accepted(response, await kit.log.handle(STAFF, member_id, command, written))

    @router.post("/staff/{member_id}/leaving", summary="登记离职 record who left")
    async def leave(
        member_id: UUID,
        body: LeavingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Left, or was dismissed."""
        command = c.EndEmployment(left_on=body.left_on, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=EMPLOYING)
        return await act(member_id, (scope, acts.END_EMPLOYMENT), command, grounds, response)

    @router.post("/staff/{member_id}/qualification", summary="登记资格 record a qualification")
    async def qualify(
        member_id: UUID,
        body: QualificationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """As shown on site."""
        command = c.RecordQualification(qualification=body.held(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=EMPLOYING)
        return await act(member_id, (scope, acts.RECORD_QUALIFICATION), command, grounds, response)

    @router.post("/staff/{member_id}/qualification-withdrawal", summary="取消资格 it counts no more")
    async def disqualify(
        member_id: UUID,
        body: StaffReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Revoked, forged, or not hers."""
        command = c.WithdrawQualification(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=EMPLOYING)
        return await act(member_id, (scope, acts.WITHDRAW_QUALIFICATION), command, grounds, response)

    @router.post("/staff/{member_id}/work-permit", summary="登记外籍人员工作许可 record a foreigner's work permit")
    async def record_permit(
        member_id: UUID,
        body: WorkPermitBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """As shown (R9); without a number none was."""
        command = c.RecordWorkPermit(permit=WorkPermit(**body.model_dump()), on=day_of(kit, written))
        grounds = grounded(written, governed_by=EMPLOYING)
        return await act(member_id, (scope, acts.RECORD_PERMIT), command, grounds, response)

    @router.post("/staff/{member_id}/in-service-clearance", summary="排除在职教师嫌疑 clear a suspicion")
    async def clear(
        member_id: UUID,
        body: StaffReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """After somebody looked into it; the same school's next roster raises nothing new."""
        command = c.ClearInService(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=EMPLOYING)
        return await act(member_id, (scope, acts.CLEAR_IN_SERVICE), command, grounds, response)


def _lists(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("/staff", response_model=Page[StaffItem], summary="从业人员清单 staff")
    async def staff_members(
        institution_id: UUID | None = None,
        member_id: UUID | None = Query(default=None, description="One record, whether she still works there or not"),
        is_employed: bool | None = Query(default=True),
        is_doubtful: bool | None = Query(default=None, description="Barred, suspected, or a teacher without proof"),
        is_elsewhere: bool | None = Query(default=None, description="Works at another institution, too, as of today"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By institution; names are masks, and gone when the person was erased."""
        at = await position_of(kit, as_of)
        statement = staff_in(
            scope,
            institution_id=institution_id,
            member_id=member_id,
            is_employed=is_employed if member_id is None else None,
            is_doubtful=is_doubtful,
            is_elsewhere=is_elsewhere,
            at=at,
        )
        rows = statement.selected_columns
        keyed = (rows.institution_id, rows.member_id)
        listing = Listing(name="staff", statement=statement, keys=keyed, columns=COLUMNS, joined_key=rows.employer_id)
        answer = await answer_list(listing, asked, kit.connection, StaffItem)
        if isinstance(answer, Page):
            masked = await keys.marks().masked(item.subject for item in answer.items)
            for item in answer.items:
                item.name = masked.get(item.subject, {}).get("name", "")
            if is_elsewhere:
                await _elsewhere(kit, scope, answer.items)
        return answer

    @router.get("/staff/{member_id}/available-actions", summary="可办事项 what may be done now, and until when")
    async def staff_actions(member_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        statement = staff_in(caller.scope)
        async with kit.connection() as connection:
            wanted = statement.where(statement.selected_columns.member_id == member_id)
            row = (await connection.execute(wanted)).mappings().one_or_none()
        if row is None:
            raise StaffUnknown
        _, here = await standing(kit, row["institution_id"])
        return await available_actions(kit, STAFF, member_id, caller, here, s.hindrance)


async def _elsewhere(kit: Kit, scope: Scope, items: Sequence[StaffItem]) -> None:
    """Of the other records those that the caller may see."""
    async with kit.connection() as connection:
        found = await records_elsewhere(connection, [item.member_id for item in items])
        seen = staff_in(scope, is_employed=True)
        wanted = seen.where(seen.selected_columns.member_id.in_({id for ids in found.values() for id in ids}))
        shown = {row.member_id for row in await connection.execute(wanted)}
    for item in items:
        item.elsewhere = [id for id in found.get(item.member_id, ()) if id in shown]


def _result(member_id: UUID, result: object) -> RecordResult:
    if isinstance(result, Outcome):
        return RecordResult(member_id=member_id, is_taken=True)
    if isinstance(result, Refusal):
        return RecordResult(member_id=member_id, is_taken=False, why_not=problem_of(result))
    assert isinstance(result, Exception)
    raise result
