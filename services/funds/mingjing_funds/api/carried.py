"""What the carrying of contracts to another bank answers (合同移交): what went, what waits and why, where to go on.

One rule: of what waits the first are named, and how many they are is said.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_funds.domain.carrying import Wait
from mingjing_funds.intake import bank_carrying


class WaitingContract(BaseModel):
    """A contract that stays with the old account for now."""

    contract_id: UUID
    contract_no: str
    why: Wait
    why_zh: str
    why_en: str


class CarriedOver(BaseModel):
    """What went over by this request, and what did not. Ask again when the reasons are gone, or there are more."""

    position: int = Field(description="Position in the log; send it as Mingjing-Position to read your own write")
    contracts: int = Field(description="Contracts that went over now")
    releasable_fen: int = Field(description="What lessons have earned and nobody has instructed, of these")
    is_more: bool = Field(description="More contracts may go: send it again")
    is_done: bool = Field(description="Nothing of a family is left with the old account")
    next_after: UUID | None = Field(
        description="Where there are more: send it as 'after' to pass over those that wait; null begins anew"
    )
    waiting: int = Field(description="Contracts that were looked at and stay for now")
    waits: list[WaitingContract] = Field(description="The first of them, and why")


class ToCarry(BaseModel):
    """What would go over now, and what waits."""

    ready: int = Field(description="Contracts that would go over with the next request")
    is_more: bool = Field(description="And more after them")
    next_after: UUID | None = Field(description="Where there are more: after which contract to go on")
    waiting: int = Field(description="Contracts that were looked at and stay for now")
    waits: list[WaitingContract] = Field(description="The first of them, and why")


_WAITS = {
    Wait.RELEASE_UNDER_WAY: (
        "原银行尚有本合同的拨付指令未执行完毕：待流水到达，或收回指令",
        "a release of it is with the old bank: wait for its statement, or take the instruction back",
    ),
    Wait.REFUND_UNDER_WAY: (
        "原银行尚有本合同的退费未付清或未登记：待退费到账并登记",
        "a refund of it is with the old bank: wait until it is paid and noted",
    ),
    Wait.PAYMENT_IN_TRANSIT: (
        "家长缴费在途、原银行尚未入账：待流水到达，逾期未到的随合同移交",
        "its payment is on its way to the old bank: wait for the statement; what never comes goes over as awaited",
    ),
    Wait.NUMBER_TAKEN: (
        "新账户已有同号款项：请先核对该缴费流水号",
        "the new account knows this payment's number already: compare the two first",
    ),
}


def carried_over(carried: bank_carrying.Carried) -> CarriedOver:
    """The answer to a request that carries."""
    plan = carried.plan
    return CarriedOver(
        position=carried.position,
        contracts=carried.contracts,
        releasable_fen=carried.releasable_fen,
        is_more=plan.is_more,
        is_done=plan.is_last,
        next_after=plan.looked_to if plan.is_more else None,
        waiting=len(plan.waiting),
        waits=_waits(plan),
    )


def to_carry(plan: bank_carrying.Plan) -> ToCarry:
    """The answer to one that only looks."""
    return ToCarry(
        ready=len(plan.going),
        is_more=plan.is_more,
        next_after=plan.looked_to if plan.is_more else None,
        waiting=len(plan.waiting),
        waits=_waits(plan),
    )


def _waits(plan: bank_carrying.Plan) -> list[WaitingContract]:
    return [
        WaitingContract(
            contract_id=one.contract_id,
            contract_no=one.contract_no,
            why=one.why,
            why_zh=_WAITS[one.why][0],
            why_en=_WAITS[one.why][1],
        )
        for one in plan.waiting[: bank_carrying.WAITING_MAX]
    ]
