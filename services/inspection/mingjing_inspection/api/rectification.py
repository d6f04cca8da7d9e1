"""Rectifications over HTTP (限期整改): ordered, served with a notice, reported, looked at; and the ledger of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from mingjing_inspection.acts_rectification import ORDER_RECTIFICATION
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.rectification_access import RectificationItem, done, place_of, seen
from mingjing_inspection.api.thing_evidence import photos_of
from mingjing_inspection.api.visit_evidence import PhotoEvidence
from mingjing_inspection.codec import PREMISES_KNOWN, RECTIFICATIONS
from mingjing_inspection.documents.rectification_notice import notice_of, number_of
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.domain.rectification import hindrance
from mingjing_inspection.domain.rectification_refusals import NotOrdered
from mingjing_inspection.domain.reminding import cited
from mingjing_inspection.intake.reminders import reminder_of
from mingjing_inspection.policy.rectification_terms import RECTIFICATION_TERMS
from mingjing_inspection.policy.reminders import REMINDERS
from mingjing_inspection.projections.rectifications import By, rectification_ledger, rectifications_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
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
    available_actions,
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force

COLUMNS = (
    Column("name", "机构", "Institution"),
    Column("stage", "状态", "Stage"),
    Column("summary", "问题", "Finding"),
    Column("requirements", "整改事项", "To put right"),
    Column("legal_basis", "依据", "Legal basis"),
    Column("ordered_on", "责令日期", "Ordered on", "date"),
    Column("deadline", "期限", "Deadline", "date"),
    Column("served_on", "送达日期", "Served on", "date"),
    Column("reported_on", "自报日期", "Reported on", "date"),
    Column("ended_on", "销号日期", "Ended on", "date"),
    Column("pause", "暂停招生", "Pause of recruiting"),
    Column("said", "最近说明", "Said last"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
)


class OrderBody(BaseModel):
    """What is to be put right, and on which basis; of a proposed one the site and the summary stand already."""

    requirements: list[str] = Field(min_length=1, max_length=20)
    legal_basis: str = Field(max_length=500)
    deadline: date | None = Field(default=None, description="Without one: the usual time by policy")


class NewOrderBody(OrderBody):
    """The same for a site, where nothing was proposed."""

    institution_id: UUID
    site_id: UUID
    finding_id: UUID | None = None
    summary: str = Field(max_length=2_000)


class RectificationDetail(RectificationItem):
    """One of them with what became of the photos of its self-report 照片是否已到."""

    photo_evidence: list[PhotoEvidence]


class LedgerItem(BaseModel):
    """One line of the ledger 台账."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    proposed: int
    ordered: int
    open: int = Field(description="未销号")
    overdue: int = Field(description="逾期未销号")
    passed: int = Field(description="已销号")
    failed: int = Field(description="未整改到位")


class LedgerAnswer(BaseModel):
    """The ledger by department or town."""

    by: str
    items: list[LedgerItem]


def make_router(kit: Kit) -> Router:
    """List them, look at one, print its notice, order one."""
    router = Router(tags=["rectification 限期整改"])
    _reading(router, kit)
    _ordering(router, kit)
    return router


def _reading(router: Router, kit: Kit) -> None:
    @router.get("/rectifications", response_model=Page[RectificationItem], summary="整改列表 rectifications")
    async def rectifications(
        institution_id: UUID | None = None,
        stage: str | None = Query(default=None, max_length=20),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; an institution sees its own."""
        at = await position_of(kit, as_of)
        statement = rectifications_in(scope, institution_id=institution_id, stage=stage, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="rectifications",
            statement=statement,
            keys=(rows.began_at, rows.rectification_id),
            columns=COLUMNS,
            title=("整改台账", "Rectifications"),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, RectificationItem)

    @router.get("/rectification-ledger", summary="整改台账 how many are open, overdue, struck off")
    async def ledger(
        by: By = "department", scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> LedgerAnswer:
        """销号: counted from facts, now or as it was."""
        at = await position_of(kit, as_of)
        now = kit.now() if as_of is None or as_of.moment is None else as_of.moment
        async with kit.connection() as connection:
            statement = rectification_ledger(scope, shanghai_date(now), by=by, at=at)
            rows = (await connection.execute(statement)).mappings().all()
        return LedgerAnswer(by=by, items=[LedgerItem.model_validate(dict(row)) for row in rows])

    @router.get("/rectifications/{rectification_id}", summary="整改 one of them")
    async def rectification(
        rectification_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> RectificationDetail:
        """As it stands, or stood, with what became of the photos of the self-report."""
        item, at = await seen(kit, rectification_id, scope, as_of), await position_of(kit, as_of)
        tagged(response, item.version)
        things = [Thing(kind="rectification", id=rectification_id)]
        return RectificationDetail(**item.model_dump(), photo_evidence=await photos_of(kit, item.photos, things, at))

    @router.get("/rectifications/{rectification_id}/available-actions", summary="可办事项 what may be done to it now")
    async def rectification_actions(
        rectification_id: UUID, caller: Principal = Depends(kit.caller)
    ) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = place_of(await seen(kit, rectification_id, caller.scope))
        return await available_actions(kit, RECTIFICATIONS, rectification_id, caller, here, hindrance)

    @router.get(
        "/rectifications/{rectification_id}/notice",
        response_class=Response,
        responses=PDF,
        summary="责令限期整改通知书 the notice as PDF",
    )
    async def rectification_notice(rectification_id: UUID, scope: Scope = Depends(kit.scope)) -> Response:
        """In official layout, with its number, a QR code, and the proof of the order attached to the file."""
        item = await seen(kit, rectification_id, scope)
        facts = await kit.log.history(RECTIFICATIONS, rectification_id)
        order = next((fact for fact in facts if isinstance(fact.event, r.RectificationOrdered)), None)
        if order is None:
            raise NotOrdered
        made = notice_of(order, kit.settings.county_name)
        printed = await pressed(
            "official",
            made,
            number=number_of(order),
            address=f"{kit.settings.console_url.rstrip('/')}/rectifications/{rectification_id}",
            fact=order,
            proof=await kit.proof_of(order.position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"{made.title}-{item.name}.pdf")


def _ordering(router: Router, kit: Kit) -> None:
    @router.put("/rectifications/{rectification_id}", status_code=201, summary="责令限期整改 order one")
    async def order_rectification(
        rectification_id: UUID,
        body: NewOrderBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of an approved site."""
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
        site = premises.site(body.site_id)
        if site is None:
            raise SiteNotApproved
        grounds = r.Grounds(
            institution_id=body.institution_id,
            site_id=body.site_id,
            name=premises.names.full_name if premises.names else "",
            department=premises.department,
            region=site.region,
            category=premises.category,
            finding_id=body.finding_id,
            summary=body.summary,
        )
        scope.require(ORDER_RECTIFICATION, Dimensions(grounds.department, grounds.region, grounds.category))
        command = await _order(kit, grounds, body, written)
        return accepted(response, await kit.log.handle(RECTIFICATIONS, rectification_id, command, written))

    @router.post("/rectifications/{rectification_id}/order", summary="责令限期整改 order what was proposed")
    async def order_proposed(
        rectification_id: UUID,
        body: OrderBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A reaction proposed it; an official orders it."""
        await kit.up_to_date()
        item = await seen(kit, rectification_id, scope)
        names = ("institution_id", "site_id", "name", "department", "region", "category", "finding_id", "summary")
        grounds = r.Grounds(**{name: getattr(item, name) for name in names})
        command = await _order(kit, grounds, body, written)
        grounds_of_act = grounded(written, "；".join(body.requirements))
        return await done(kit, rectification_id, ORDER_RECTIFICATION, command, scope, grounds_of_act, response)


async def _order(kit: Kit, grounds: r.Grounds, body: OrderBody, written: Envelope) -> r.OrderRectification:
    on = shanghai_date(kit.now())
    numbers = await in_force(kit.log, RECTIFICATION_TERMS, on, grounds.region, grounds.category)
    reminder = reminder_of(await in_force(kit.log, REMINDERS, on, grounds.region, grounds.category))
    return r.OrderRectification(
        grounds=grounds,
        requirements=tuple(body.requirements),
        legal_basis=body.legal_basis,
        deadline=body.deadline or on + timedelta(days=numbers["days"]),
        recheck_days=numbers["recheck"],
        policy=cited(numbers.version, reminder),
        by=written.actor,
        on=on,
    )
