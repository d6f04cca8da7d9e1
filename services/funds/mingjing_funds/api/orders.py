"""An order's life (订单): drafted, its clauses, transferred, its releases stopped and let go on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import RecordNotFound, because, contract_seen, require_contract
from mingjing_funds.api.numbers import release_policy
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as refusals
from mingjing_funds.domain import order
from mingjing_funds.domain.order_rules import Stage, stage
from mingjing_funds.domain.refund_sum import Fault, PriceBasis, refund_sum
from mingjing_funds.domain.release_policy import ReleaseKind, ReleasePolicy
from mingjing_funds.domain.releasing import ending_of, releasable_of
from mingjing_funds.policy.family_rules import RELEASE
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.limits import COUNT_MAX, FEN_MAX
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import in_force
from mingjing_kernel.working_days import WorkingDays


class NewClauses(BaseModel):
    """What the parties agreed beside the terms (合同约定)."""

    model_text: str = Field(max_length=80, examples=["GF-2021-2604"])
    is_taught_first: bool = False
    list_lesson_fen: int = Field(default=0, ge=0, le=FEN_MAX)
    is_list_price_agreed: bool = False
    full_refund_until: date | None = None
    full_refund_lessons_max: int | None = Field(default=None, ge=0, le=COUNT_MAX)
    release_kind: ReleaseKind | None = None


class NewTransfer(BaseModel):
    """To which contract everything that is left goes: it is signed, and costs exactly that."""

    to_contract_id: UUID
    kind: order.TransferKind
    amount_fen: int = Field(ge=1, le=FEN_MAX)
    reason: Words = Field(min_length=1, max_length=1_000)


class NewFreeze(BaseModel):
    """Which dispute stops the releases of this contract."""

    cause: order.FreezeCause = order.FreezeCause.COMPLAINT
    reference: str = Field(min_length=1, max_length=80)


class FreezeEnd(BaseModel):
    """Which dispute is over."""

    reference: str = Field(min_length=1, max_length=80)


class OrderItem(BaseModel):
    """Where an order is, and where its money is: every fen of the price is in one of the parts."""

    contract_id: UUID
    contract_no: str
    stage: Stage
    paid_fen: int
    earned_fen: int
    refunded_fen: int
    transferred_fen: int
    remaining_fen: int
    released_fen: int = Field(description="Of what was earned: gone to the institution, or on its way")
    releasable_fen: int = Field(description="May go today by the release policy in force; HYBRID waits for its account")
    release_policy: str
    promised_fen: int = Field(description="Of what remains: refunds that are agreed and not paid")
    is_disputed: bool = Field(description="Nothing is released meanwhile (X9)")


class RefundQuote(BaseModel):
    """What the family gets back, and from whom, in fen."""

    contract_id: UUID
    basis: PriceBasis
    consumed_fen: int
    from_custody_fen: int
    beyond_fen: int = Field(description="The institution owes it beyond what custody holds")
    kept_fen: int = Field(description="Stays in custody for the institution until the parties have settled")


def make_router(kit: Kit) -> Router:
    """The addresses of an order's life."""
    router = Router(prefix="/contracts", tags=["contract 培训合同"])
    _look(router, kit)
    _clauses(router, kit)
    _transfer(router, kit)
    _freeze(router, kit)
    return router


def _look(router: Router, kit: Kit) -> None:
    @router.get("/{contract_id}/order", summary="Where an order and its money are now")
    async def order_of(contract_id: UUID, scope: Scope = Depends(kit.scope)) -> OrderItem:
        await kit.up_to_date()
        async with kit.connection() as connection:
            await contract_seen(connection, scope, contract_id)
        contract, _ = await kit.log.state(CONTRACTS, contract_id)
        if not isinstance(contract, c.Signed | c.Paid):
            raise RecordNotFound
        today = shanghai_date(kit.now())
        numbers = await in_force(kit.log, RELEASE, today, contract.terms.region, contract.terms.category)
        own_kind = contract.life.clauses.release_kind if contract.life.clauses else ""
        policy = release_policy(numbers, own_kind)
        return _item(contract_id, contract, policy, today, await calendar_known(kit.log))

    @router.get("/{contract_id}/refund-quote", summary="What the family gets back if it ends today")
    async def refund_quote(
        contract_id: UUID, fault: Fault = Fault.FAMILY, scope: Scope = Depends(kit.scope)
    ) -> RefundQuote:
        """By whose doing it ends: an institution at fault is paid the discounted price of lessons had, no more."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            await contract_seen(connection, scope, contract_id)
        contract, _ = await kit.log.state(CONTRACTS, contract_id)
        if not isinstance(contract, c.Paid):
            raise RecordNotFound
        found = refund_sum(ending_of(contract, shanghai_date(kit.now()), fault))
        return RefundQuote(contract_id=contract_id, **asdict(found))


def _item(
    contract_id: UUID, contract: c.Signed | c.Paid, policy: ReleasePolicy, today: date, calendar: WorkingDays
) -> OrderItem:
    paid = contract if isinstance(contract, c.Paid) else None
    found = stage(contract)
    assert found is not None
    return OrderItem(
        contract_id=contract_id,
        contract_no=contract.terms.contract_no,
        stage=found,
        paid_fen=paid.paid_fen if paid else 0,
        earned_fen=paid.earned_fen() if paid else 0,
        refunded_fen=paid.refunded_fen if paid else 0,
        transferred_fen=contract.life.transferred_fen,
        remaining_fen=paid.remaining_fen() if paid else 0,
        released_fen=paid.released_fen() if paid else 0,
        releasable_fen=releasable_of(paid, today, policy, headroom_fen=0, calendar=calendar) if paid else 0,
        release_policy=f"{policy.kind.value} {policy.version}",
        promised_fen=paid.promised_fen() if paid else 0,
        is_disputed=paid.is_disputed() if paid else bool(contract.life.freezes),
    )


def _clauses(router: Router, kit: Kit) -> None:
    @router.post("/{contract_id}/clauses", status_code=201, summary="登记合同约定 write down the clauses")
    async def agree_clauses(
        contract_id: UUID,
        body: NewClauses,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        said = body.model_dump(exclude={"release_kind"})
        kind = body.release_kind.value if body.release_kind else ""
        clauses = order.Clauses(**said, release_kind=kind)
        command = order.AgreeClauses(clauses=clauses, agreed_on=shanghai_date(kit.now()))
        return await _done(kit, scope, acts.AGREE_CLAUSES, contract_id, command, written, response)


def _transfer(router: Router, kit: Kit) -> None:
    @router.post("/{contract_id}/transfer", status_code=201, summary="转让合同 what is left goes to another contract")
    async def transfer(
        contract_id: UUID,
        body: NewTransfer,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Both contracts are with the same custody account, so no money moves at the bank: both facts or neither."""
        async with kit.connection() as connection:
            for id in (contract_id, body.to_contract_id):
                await require_contract(connection, scope, id, acts.TRANSFER_CONTRACT)
        works = await _both(kit, contract_id, body, because(written, body.reason))
        out, into = await kit.log.handle_many(works, settle=both_or_neither)
        for result in (out, into):
            if not isinstance(result, Outcome):
                raise result
        assert isinstance(out, Outcome)
        return accepted(response, out)


async def _both(kit: Kit, contract_id: UUID, body: NewTransfer, written: Envelope) -> list[Work]:
    one, _ = await kit.log.state(CONTRACTS, contract_id)
    other, _ = await kit.log.state(CONTRACTS, body.to_contract_id)
    for id, contract in ((contract_id, one), (body.to_contract_id, other)):
        if not isinstance(contract, c.Signed | c.Paid):
            raise refusals.ContractUnknown(contract_no=str(id))
    if one.terms.account_id is None or one.terms.account_id != other.terms.account_id:
        raise refusals.TransferElsewhere
    on = shanghai_date(kit.now())
    out = order.TransferOut(
        to_contract_id=body.to_contract_id,
        to_contract_no=other.terms.contract_no,
        kind=body.kind,
        amount_fen=body.amount_fen,
        reason=body.reason,
        transferred_on=on,
        account_id=one.terms.account_id,
    )
    into = order.TransferIn(
        from_contract_id=contract_id,
        from_contract_no=one.terms.contract_no,
        account_id=one.terms.account_id,
        amount_fen=body.amount_fen,
        transferred_on=on,
    )
    second = replace(written, command_id=derived_id("transfer", written.command_id), expected_version=None)
    return [Work(CONTRACTS, contract_id, out, written), Work(CONTRACTS, body.to_contract_id, into, second)]


async def both_or_neither(_connection: object, results: list[Outcome | Exception]) -> None:
    """Nothing is written where one of the two halves was refused."""
    for result in results:
        if not isinstance(result, Outcome):
            raise result


def _freeze(router: Router, kit: Kit) -> None:
    @router.post(
        "/{contract_id}/freezes", status_code=201, summary="暂停合同拨付 stop the releases of this contract (X9)"
    )
    async def freeze(
        contract_id: UUID,
        body: NewFreeze,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of this contract and of no other; refunds stay possible."""
        command = order.FreezeRelease(frozen_on=shanghai_date(kit.now()), **body.model_dump())
        return await _done(kit, scope, acts.FREEZE_ORDER, contract_id, command, written, response)

    @router.post("/{contract_id}/freezes/end", summary="恢复合同拨付 let its releases go on")
    async def unfreeze(
        contract_id: UUID,
        body: FreezeEnd,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = order.UnfreezeRelease(reference=body.reference, unfrozen_on=shanghai_date(kit.now()))
        return await _done(kit, scope, acts.UNFREEZE_ORDER, contract_id, command, written, response)


async def _done(
    kit: Kit, scope: Scope, act: Act, contract_id: UUID, command: c.Command, written: Envelope, response: Response
) -> Accepted:
    async with kit.connection() as connection:
        await require_contract(connection, scope, contract_id, act)
    return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))
