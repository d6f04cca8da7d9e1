"""Releasing a contract's share (按合同拨付): so much of what its lessons have earned goes to the institution.

The one rule: the share of the contract and the bank's instruction are decided together: both facts or neither, so that
no fen is released that no lesson earned, and none waits at the bank that no contract knows of.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds import acts
from mingjing_funds.api.acting import because, require_contract
from mingjing_funds.api.numbers import release_policy
from mingjing_funds.api.people import Words
from mingjing_funds.api.with_account import both, ordered_at, recall_of
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as refusals
from mingjing_funds.domain import order
from mingjing_funds.domain.account import Direction, ExpectMoney, WithdrawExpectation
from mingjing_funds.domain.account_terms import NUMBER
from mingjing_funds.domain.contract_rules import hindrance
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.release_policy import ReleaseKind
from mingjing_funds.domain.releasing import releasable_of
from mingjing_funds.intake.behind import Behind, behind, require_not_reversed
from mingjing_funds.policy.family_rules import RELEASE
from mingjing_funds.projections.balances import Balance, balances_on
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force

Step: TypeAlias = order.ReleaseShare | order.TakeShareBack


class NewShare(BaseModel):
    """A release instruction out of one contract; its number is its identity, at the bank too."""

    instruction_no: str = Field(pattern=f"^{NUMBER}$", description="字母开头，字母、数字和连字符，2至35位")
    amount_fen: int = Field(ge=1, le=FEN_MAX)


class ShareBack(BaseModel):
    """Why the money stays here after all; of what was stopped, by which document the bank confirms it."""

    reason: Words = Field(min_length=1, max_length=1_000)
    recall_no: str = Field(default="", max_length=80, description="银行书面确认未执行的文号")


def make_router(kit: Kit) -> Router:
    """Below ``/contracts/{contract_id}/releases``."""
    router = Router(prefix="/contracts/{contract_id}/releases", tags=["contract 培训合同"])
    _release(router, kit)
    _take_back(router, kit)
    return router


def _release(router: Router, kit: Kit) -> None:
    @router.post("", status_code=201, summary="按合同拨付 release a share of what its lessons have earned")
    async def release_share(
        contract_id: UUID,
        body: NewShare,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """At most what the release policy in force lets go today; a dispute, a hold or a freeze lets nothing go, and
        nothing goes before the bank has credited the contract's own payment.
        """
        await kit.up_to_date()
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.RELEASE_SHARE)
            contract = await _paid(kit, contract_id, order.ReleaseShare)
            balance = await _balance(kit, connection, scope, _account(contract))
        on = shanghai_date(kit.now())
        headroom, stands = None, Behind(None, 0)
        if body.instruction_no not in contract.life.shares:
            headroom = await _let_go_today(kit, contract, body.amount_fen, balance, on)
            stands = await behind(kit.log, contract, body.amount_fen) if headroom is None else stands
            await require_not_reversed(kit.log, contract, stands, body.instruction_no)
        share = order.ReleaseShare(released_on=on, **body.model_dump())
        expect = ExpectMoney(
            direction=Direction.RELEASE,
            number=body.instruction_no,
            amount_fen=body.amount_fen,
            due_on=on,
            earned_fen=balance.releasable_ever_fen if balance else 0,
            ordered_at=kit.now(),
            headroom_fen=headroom,
            backed_by=stands.payment_no,
            backed_fen=stands.needed_fen,
            contract_id=contract_id,
        )
        return accepted(response, await both(kit, contract_id, _account(contract), (share, expect), written))


def _take_back(router: Router, kit: Kit) -> None:
    @router.post("/{instruction_no}/taking-back", summary="收回拨付指令 the bank did not carry the instruction out")
    async def take_share_back(
        contract_id: UUID,
        instruction_no: str,
        body: ShareBack,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Not while the bank has it and not once it has booked it: else it would be paid, and paid again under another
        number. What the bank has refused or reversed is taken back, and what was stopped with its confirmation.
        """
        await kit.up_to_date()
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.TAKE_SHARE_BACK)
            contract = await _paid(kit, contract_id, order.TakeShareBack)
        account_id = await ordered_at(kit, contract, instruction_no) or _account(contract)
        recall_no = await recall_of(kit, account_id, instruction_no, body.recall_no)
        on = shanghai_date(kit.now())
        back = order.TakeShareBack(instruction_no=instruction_no, reason=body.reason, taken_back_on=on)
        withdraw = WithdrawExpectation(number=instruction_no, reason=body.reason, withdrawn_on=on, recall_no=recall_no)
        written = because(written, body.reason)
        return accepted(response, await both(kit, contract_id, account_id, (back, withdraw), written))


async def _paid(kit: Kit, contract_id: UUID, step: type[Step]) -> c.Paid:
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    if (why := hindrance(step, contract)) is not None:
        raise why
    assert isinstance(contract, c.Paid), "the hindrance asks for it"
    return contract


def _account(contract: c.Paid) -> UUID:
    if contract.terms.account_id is None:
        raise refusals.ContractWithoutAccount(contract_no=contract.terms.contract_no)
    return contract.terms.account_id


async def _balance(kit: Kit, connection: AsyncConnection, scope: Scope, account_id: UUID) -> Balance | None:
    found = await balances_on(connection, scope, shanghai_date(kit.now()))
    return next((one for one in found if one.account_id == account_id), None)


async def _let_go_today(kit: Kit, contract: c.Paid, amount_fen: int, balance: Balance | None, on: date) -> int | None:
    """Raise ``ReleaseNotDue`` where the release policy keeps some of it for later.

    The answer is how much may go in all, where the policy asks: the account itself counts what is on its way.
    """
    terms = contract.terms
    numbers = await in_force(kit.log, RELEASE, on, terms.region, terms.category)
    policy = release_policy(numbers, contract.life.clauses.release_kind if contract.life.clauses else "")
    headroom = balance.closing_fen - balance.unconsumed_fen - balance.minimum_fen if balance else 0
    calendar = await calendar_known(kit.log)
    left = releasable_of(contract, on, policy, headroom_fen=headroom, calendar=calendar)
    earned = contract.earned_fen() - contract.released_fen()
    if left < amount_fen <= earned and not contract.is_disputed():  # of disputes and lessons the contract speaks itself
        raise refusals.ReleaseNotDue(amount_fen=yuan(amount_fen), left_fen=yuan(left), policy=policy.kind.value)
    return headroom if policy.kind is ReleaseKind.HYBRID else None
