"""A refund on its way (退费流程): objection, mediation, payment, court, end; and where every refund stands.

One rule: each address is one step; whether it may be taken is the contract's to say.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import because, require_contract
from mingjing_funds.api.models import RefundRequestItem
from mingjing_funds.api.people import Words
from mingjing_funds.api.with_account import fail_refund, instruct_refund
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import refund as r
from mingjing_funds.domain.account_terms import NUMBER
from mingjing_funds.domain.freeze import StayOfSystem
from mingjing_funds.projections.refund_requests import refund_requests_in
from mingjing_kernel.clock import shanghai_date
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
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope

REFUND_COLUMNS = (
    Column("contract_no", "合同编号", "Contract"),
    Column("institution_name", "机构名称", "Institution"),
    Column("refund_no", "退费单号", "Refund"),
    Column("kind", "类型", "Kind"),
    Column("standing", "状态", "State"),
    Column("asked_fen", "申请金额", "Asked", "yuan"),
    Column("amount_fen", "应退金额", "Amount", "yuan"),
    Column("asked_on", "申请日期", "Asked on", "date"),
    Column("pay_by", "最迟到账", "To be paid by", "date"),
    Column("paid_on", "到账日期", "Paid on", "date"),
)


class Objection(BaseModel):
    """Why there is no cooling-off: the pupil had the same service before."""

    reason: Words = Field(min_length=1, max_length=1_000)


class Mediation(BaseModel):
    """Which complaint or file it is mediated under."""

    reference: str = Field(min_length=1, max_length=80)


class MediationEnd(BaseModel):
    """What both agree to; 0 where they agree to nothing."""

    amount_fen: int = Field(ge=0, le=FEN_MAX)
    reason: Words = Field(min_length=1, max_length=1_000)


class RefundOrder(BaseModel):
    """The bank is told to pay the payer of this payment; another way needs a reason."""

    instruction_no: str = Field(pattern=f"^{NUMBER}$", description="字母开头，字母、数字和连字符，2至35位")
    payment_no: str = Field(min_length=1, max_length=80)
    other_way_because: Words = Field(default="", max_length=1_000)


class RefundTrouble(BaseModel):
    """What the bank says."""

    instruction_no: str = Field(min_length=1, max_length=80)
    reason: Words = Field(min_length=1, max_length=1_000)
    recall_no: str = Field(default="", max_length=80, description="银行书面确认未执行的文号")


class CourtWord(BaseModel):
    """The court's document."""

    reference: str = Field(min_length=1, max_length=80)


class RefundEnding(BaseModel):
    """How it ended: paid, refused, or withdrawn by the family."""

    end: r.RefundEnd
    reason: Words = Field(default="", max_length=1_000)


def make_router(kit: Kit) -> Router:
    """The steps of a refund, and the list of all."""
    router = Router(tags=["refund 退费"])
    _list(router, kit)
    _dispute(router, kit)
    _payment(router, kit)
    _court(router, kit)
    return router


def _list(router: Router, kit: Kit) -> None:
    @router.get("/refund-requests", summary="Where refunds stand, now or as of a moment")
    async def refund_requests(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        standing: r.RefundStanding | None = None,
        overdue: bool | None = None,
    ) -> Page[RefundRequestItem]:
        statement = refund_requests_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if standing is not None:
            statement = statement.where(rows.standing == standing.value)
        if overdue is not None:
            statement = statement.where(rows.is_overdue.is_(overdue))
        order = (rows.contract_id, rows.refund_no)
        listing = Listing(name="refund-requests", statement=statement, keys=order, columns=REFUND_COLUMNS)
        return await answer_list(listing, asked, kit.connection, RefundRequestItem)  # type: ignore[return-value]


def _dispute(router: Router, kit: Kit) -> None:
    at = "/contracts/{contract_id}/refunds/{refund_no}"

    @router.post(f"{at}/objection", summary="对冷静期退费提出异议 the institution objects to a cooling-off")
    async def object_to(
        contract_id: UUID,
        refund_no: str,
        body: Objection,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A dispute follows: until it is over nothing of this contract is released (X9)."""
        command = r.ObjectToCoolingOff(refund_no=refund_no, reason=body.reason, objected_on=_today(kit))
        return await _done(kit, scope, acts.OBJECT_TO_COOLING_OFF, contract_id, command, written, response)

    @router.post(f"{at}/mediation", summary="转入调解 take it to mediation")
    async def mediate(
        contract_id: UUID,
        refund_no: str,
        body: Mediation,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on nothing of this contract is released (X9)."""
        command = r.TakeToMediation(refund_no=refund_no, reference=body.reference, mediated_on=_today(kit))
        return await _done(kit, scope, acts.MEDIATE_REFUND, contract_id, command, written, response)

    @router.post(f"{at}/mediation/end", summary="登记调解结果 what the mediation came to")
    async def end_mediation(
        contract_id: UUID,
        refund_no: str,
        body: MediationEnd,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = r.EndMediation(
            refund_no=refund_no, amount_fen=body.amount_fen, reason=body.reason, ended_on=_today(kit)
        )
        why = because(written, body.reason)
        return await _done(kit, scope, acts.END_MEDIATION, contract_id, command, why, response)

    @router.post(f"{at}/closing", summary="办结退费 close it")
    async def close(
        contract_id: UUID,
        refund_no: str,
        body: RefundEnding,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = r.CloseRefund(refund_no=refund_no, end=body.end, reason=body.reason, closed_on=_today(kit))
        return await _done(kit, scope, acts.CLOSE_REFUND, contract_id, command, written, response)


def _payment(router: Router, kit: Kit) -> None:
    at = "/contracts/{contract_id}/refunds/{refund_no}"

    @router.post(f"{at}/instruction", status_code=201, summary="下达退费指令 tell the bank to pay")
    async def instruct(
        contract_id: UUID,
        refund_no: str,
        body: RefundOrder,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A release hold does not stop it; a court's freeze of the account does."""
        command = r.InstructRefund(refund_no=refund_no, instructed_on=_today(kit), **body.model_dump())
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.INSTRUCT_REFUND)
        return accepted(response, await instruct_refund(kit, contract_id, command, written))

    @router.post(f"{at}/failure", summary="登记退费失败 the bank could not pay")
    async def fail(
        contract_id: UUID,
        refund_no: str,
        body: RefundTrouble,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Not while the bank may still pay it; of what a freeze stopped its confirmation is asked for."""
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.FAIL_REFUND)
        said = body.model_dump(exclude={"recall_no"})
        command = r.FailRefund(refund_no=refund_no, failed_on=_today(kit), **said)
        return accepted(response, await fail_refund(kit, contract_id, command, body.recall_no, written))


def _court(router: Router, kit: Kit) -> None:
    at = "/contracts/{contract_id}/refunds/{refund_no}"

    @router.post(f"{at}/stay", summary="因司法冻结中止 put it on hold for a court")
    async def stay(
        contract_id: UUID,
        refund_no: str,
        body: CourtWord,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The clock of payment stands still."""
        if body.reference.startswith(r.COURT):
            raise StayOfSystem(mark=r.COURT.strip())
        command = r.StayRefund(refund_no=refund_no, reference=body.reference, stayed_on=_today(kit))
        return await _done(kit, scope, acts.STAY_REFUND, contract_id, command, written, response)

    @router.post(f"{at}/resumption", summary="恢复退费 let it go on")
    async def resume(
        contract_id: UUID,
        refund_no: str,
        body: CourtWord,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The days that were left are left."""
        command = r.ResumeRefund(refund_no=refund_no, reference=body.reference, resumed_on=_today(kit))
        return await _done(kit, scope, acts.RESUME_REFUND, contract_id, command, written, response)


async def _done(
    kit: Kit, scope: Scope, act: Act, contract_id: UUID, command: c.Command, written: Envelope, response: Response
) -> Accepted:
    async with kit.connection() as connection:
        await require_contract(connection, scope, contract_id, act)
    return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))


def _today(kit: Kit) -> date:
    return shanghai_date(kit.now())
