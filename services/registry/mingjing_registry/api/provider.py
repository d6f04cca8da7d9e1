"""After-school providers over HTTP: the county's list, schools' choices, the evaluation, and the ways off the list."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select

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
from mingjing_kernel.http import day_of as day_asked
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import AFTER_SCHOOL_SERVICE, grounded
from mingjing_registry.api.numbers import grade_numbers
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing, within_of
from mingjing_registry.codec import PROVIDERS, SCHOOLS
from mingjing_registry.domain import provider as p
from mingjing_registry.domain.evaluation import Deducted, Deduction, Part
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.institution_rules import standing as standing_of
from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.provider_return import DeclineReturn
from mingjing_registry.domain.school import School
from mingjing_registry.domain.staff_refusals import ProviderUnknown, SchoolUnknown
from mingjing_registry.projections.providers import providers_in, with_points

COLUMNS = (
    Column("institution_name", "机构", "Institution"),
    Column("institution_id", "机构编号", "Institution id"),
    Column("services", "服务项目", "Services"),
    Column("state", "状态", "State"),
    Column("is_listed", "在名单", "Listed"),
    Column("decision_reference", "遴选文件", "Decision"),
    Column("from_on", "起始日期", "From", "date"),
    Column("until_on", "截止日期", "Until", "date"),
    Column("deducted", "考核扣分", "Points deducted", "integer"),
    Column("points", "考核得分", "Points", "integer"),
    Column("left_ground", "退出类型", "Left because"),
    Column("left_reason", "退出事由", "Reason"),
    Column("left_on", "退出日期", "Left on", "date"),
    Column("return_asked_on", "是否恢复待定（起）", "Return to be decided since", "date"),
)


class ProposalBody(BaseModel):
    """What it would offer."""

    services: list[str] = Field(min_length=1, max_length=50)


class SelectionBody(BaseModel):
    """The county's decision."""

    decision_reference: str = Field(max_length=200)
    from_on: date
    until_on: date


class AgreementBody(BaseModel):
    """A school's agreement."""

    school_id: UUID
    from_on: date
    until_on: date


class ProviderReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class DeductionBody(BaseModel):
    """What was found: a slip (1), a fault (3), a grave fault (10)."""

    part: Part
    points: Deducted
    reason: str = Field(max_length=1_000)
    evidence_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    found_on: date


class EvaluationBody(BaseModel):
    """Which period is graded: 2026 春."""

    period: str = Field(min_length=1, max_length=40)


class RemovalBody(BaseModel):
    """Why it goes."""

    ground: p.Removal
    reason: str = Field(max_length=1_000)


class AgreementItem(BaseModel):
    """A school that chose it."""

    agreement_id: UUID
    school_id: UUID
    from_on: date
    until_on: date


class DeductionItem(BaseModel):
    """An entry of the open evaluation."""

    entry_id: UUID
    part: str
    points: int
    reason: str
    evidence_sha256: str
    found_on: date


class EvaluationItem(BaseModel):
    """A period that was graded."""

    period: str
    total: int
    grade: str
    patrol: int
    plan: int
    effect: int
    satisfaction: int
    policy_version: str
    on: date


class ProviderItem(BaseModel):
    """A provider as it stands."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    institution_name: str
    department: str
    region: str
    category: str
    services: list[str]
    state: str
    is_listed: bool
    decision_reference: str
    from_on: date | None
    until_on: date | None
    agreements: list[AgreementItem]
    deductions: list[DeductionItem]
    deducted: int
    points: int = Field(description="What is left, each part as far as it goes, by the policy in force there")
    evaluations: list[EvaluationItem]
    left_ground: str
    left_reason: str
    left_on: date | None
    schools_told: list[UUID]
    return_asked_on: date | None = Field(
        description="Since when it is to be decided whether it is put back: its black-listing was annulled or repaired"
    )
    version: int


def make_router(kit: Kit) -> Router:
    """Providers."""
    router = Router(tags=["after-school provider 课后服务机构"])
    _selection(router, kit)
    _agreements(router, kit)
    _evaluation(router, kit)
    _reads(router, kit)
    return router


async def _act(
    kit: Kit,
    who: tuple[Scope, Act],
    institution_id: UUID,
    command: p.Command,
    written: Envelope,
    response: Response,
) -> Accepted:
    await acted_on(kit, *who, institution_id)
    return accepted(response, await kit.log.handle(PROVIDERS, institution_id, command, written))


def _selection(router: Router, kit: Kit) -> None:
    @router.put("/providers/{institution_id}", summary="推荐课后服务机构 propose a provider")
    async def propose_provider(
        institution_id: UUID,
        body: ProposalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Non-subject and on the whitelist."""
        known, here = await standing(kit, institution_id)
        command = p.ProposeProvider(
            within=within_of(here),
            candidate=_candidate(known),
            services=tuple(body.services),
            on=day_of(kit, written),
        )
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.PROPOSE_PROVIDER), institution_id, command, grounds, response)

    @router.post("/providers/{institution_id}/selection", summary="列入遴选名单 select the provider")
    async def select_provider(
        institution_id: UUID,
        body: SelectionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another person than who proposed it; schools may choose it from now on."""
        known = await acted_on(kit, scope, acts.SELECT_PROVIDER, institution_id)
        command = p.SelectProvider(candidate=_candidate(known), **body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.SELECT_PROVIDER), institution_id, command, grounds, response)

    @router.post("/providers/{institution_id}/removal", summary="移出名单 remove the provider")
    async def remove_provider(
        institution_id: UUID,
        body: RemovalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason; the fact names every school that is to be told."""
        command = p.RemoveProvider(ground=body.ground, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.REMOVE_PROVIDER), institution_id, command, grounds, response)

    @router.post("/providers/{institution_id}/return-refusal", summary="不予恢复名单 not put the provider back")
    async def decline_return(
        institution_id: UUID,
        body: ProviderReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Its black-listing fell, and it stays off the list; whoever shall come back is proposed and selected anew."""
        command = DeclineReturn(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.DECLINE_RETURN), institution_id, command, grounds, response)


def _agreements(router: Router, kit: Kit) -> None:
    @router.put(
        "/providers/{institution_id}/agreements/{agreement_id}", summary="登记学校选用 record a school's choice"
    )
    async def choose_provider(
        institution_id: UUID,
        agreement_id: UUID,
        body: AgreementBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Only of a provider that is on the list."""
        school, _ = await kit.log.state(SCHOOLS, body.school_id)
        if not isinstance(school, School):
            raise SchoolUnknown
        command = p.ChooseProvider(agreement_id=agreement_id, **body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.CHOOSE_PROVIDER), institution_id, command, grounds, response)

    @router.post("/providers/{institution_id}/agreements/{agreement_id}/ending", summary="终止选用 end an agreement")
    async def end_agreement(
        institution_id: UUID,
        agreement_id: UUID,
        body: ProviderReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the school."""
        command = p.EndAgreement(agreement_id=agreement_id, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.END_AGREEMENT), institution_id, command, grounds, response)


def _evaluation(router: Router, kit: Kit) -> None:
    @router.put("/providers/{institution_id}/deductions/{entry_id}", summary="考核扣分 deduct points")
    async def deduct_points(
        institution_id: UUID,
        entry_id: UUID,
        body: DeductionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """An entry of the open evaluation."""
        deduction = Deduction(entry_id=entry_id, **body.model_dump())
        command = p.DeductPoints(deduction=deduction, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.DEDUCT_POINTS), institution_id, command, grounds, response)

    @router.post(
        "/providers/{institution_id}/deductions/{entry_id}/withdrawal", summary="撤销扣分 withdraw a deduction"
    )
    async def withdraw_deduction(
        institution_id: UUID,
        entry_id: UUID,
        body: ProviderReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Entered by mistake."""
        command = p.WithdrawDeduction(entry_id=entry_id, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.WITHDRAW_DEDUCTION), institution_id, command, grounds, response)

    @router.post("/providers/{institution_id}/evaluation", summary="评定等次 close the evaluation")
    async def close_evaluation(
        institution_id: UUID,
        body: EvaluationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Graded by the numbers in force; who fails leaves the list."""
        _, here = await standing(kit, institution_id)
        on = day_of(kit, written)
        place = str(here.region), str(here.category)
        numbers = await grade_numbers(kit.log, on, (place,))
        command = p.CloseEvaluation(period=body.period, numbers=numbers[place], on=on)
        grounds = grounded(written, governed_by=AFTER_SCHOOL_SERVICE)
        return await _act(kit, (scope, acts.CLOSE_EVALUATION), institution_id, command, grounds, response)


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/providers", response_model=Page[ProviderItem], summary="课后服务机构名单 providers")
    async def providers(
        institution_id: UUID | None = None,
        is_listed: bool | None = None,
        state: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """The county's list, now and at any past day."""
        at = await position_of(kit, as_of)
        found = providers_in(scope, institution_id=institution_id, is_listed=is_listed, state=state, at=at)
        statement = await _scored(kit, found, await day_asked(kit, as_of))
        rows = statement.selected_columns
        keyed = (rows.institution_id,)
        listing = Listing(name="providers", statement=statement, keys=keyed, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, ProviderItem)

    @router.get("/providers/{institution_id}/available-actions", summary="可办事项 what may be done, until when")
    async def provider_actions(institution_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        statement = providers_in(caller.scope)
        async with kit.connection() as connection:
            wanted = statement.where(statement.selected_columns.institution_id == institution_id)
            if (await connection.execute(wanted)).first() is None:
                raise ProviderUnknown
        _, here = await standing(kit, institution_id)
        return await available_actions(kit, PROVIDERS, institution_id, caller, here, p.hindrance)


async def _scored(kit: Kit, statement: Select[Any], on: date) -> Select[Any]:
    """With what is left of each one's points, by the numbers in force where it is: on a page and in a file."""
    here = statement.selected_columns
    async with kit.connection() as connection:
        rows = await connection.execute(statement.with_only_columns(here.region, here.category).distinct())
        places = [(region, category) for region, category in rows]
    numbers = await grade_numbers(kit.log, on, places)
    return with_points(statement, {place: dict(those.points) for place, those in numbers.items()})


def _candidate(known: Known) -> p.Candidate:
    is_subject = Category.SUBJECT in known.particulars.categories
    return p.Candidate(is_subject=is_subject, standing=standing_of(known).value)
