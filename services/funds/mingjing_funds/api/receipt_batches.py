"""Payments in batches (批量报送缴费), from institutions' systems: up to 5,000 at once, each with its own answer.

One rule: a payment in a batch is looked at as one that is recorded alone; then the custody account awaits its credit,
so that money which never comes is missed (F07).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_funds.api.batch_answers import RECORDS_MAX, WORKS_MAX, NumberedAnswers, answered
from mingjing_funds.api.people import Words
from mingjing_funds.api.signing import why_not_charging
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.intake.directory import numbers_of
from mingjing_funds.intake.numbered import Numbers
from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.reach import OutsideYourScope, within_reach
from mingjing_funds.intake.works import work_of
from mingjing_funds.projections.schema import taught_by, writable
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.moment import Moment
from mingjing_kernel.refusal import Refusal


class PaymentRecord(BaseModel):
    """The price of a contract was paid into the custody account."""

    contract_no: str = Field(min_length=1, max_length=80)
    payment_no: str = Field(min_length=1, max_length=80)
    amount_fen: int = Field(ge=1, le=FEN_MAX)
    paid_at: Moment
    method: Words = Field(max_length=80)


class PaymentRecords(BaseModel):
    """Up to 5,000 records."""

    payments: list[PaymentRecord] = Field(min_length=1, max_length=RECORDS_MAX)


def make_router(kit: Kit) -> Router:
    """One address."""
    router = Router(tags=["contract 培训合同"])

    @router.post("/receipt-batches", summary="批量报送缴费 up to 5,000 payments, each with its own answer")
    async def receipt_batch(
        body: PaymentRecords,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> NumberedAnswers:
        """Send it again when no answer came: what was recorded is not recorded twice. An institution's system sends
        for its own contracts only.
        """
        known = await _contracts(kit, scope, {record.contract_no for record in body.payments})
        steps, results = await _planned(kit, body, known)
        async with kit.connection() as connection:
            todo, barred = await within_reach(connection, scope, steps)
            rest = [step for step in steps if step.row in barred]
            mine, outside = await within_reach(connection, scope, rest, taught_by)
        results |= {row: OutsideYourScope() for row in outside}
        origin = derived_id("receipt-batch", str(written.command_id))
        paid = sorted([*todo, *mine], key=lambda step: step.row)
        results |= await _carried(kit, paid, origin, written)
        awaited = [one for step in paid if (one := _awaited(step, known, results[step.row])) is not None]
        told = await _carried(kit, awaited, origin, written)
        results |= {row: result for row, result in told.items() if not isinstance(result, Outcome)}
        answer = answered([record.payment_no for record in body.payments], results, told.values())
        if answer.position:
            response.headers["Mingjing-Position"] = str(answer.position)
        return answer

    return router


async def _planned(kit: Kit, body: PaymentRecords, known: Numbers) -> tuple[list[Step], dict[int, Result]]:
    steps, refused, today = list[Step](), dict[int, Result](), shanghai_date(kit.now())
    blocked: dict[tuple[UUID | None, date], str] = {}
    for index, record in enumerate(body.payments):
        paid_on = shanghai_date(record.paid_at)
        try:
            contract = known.meant(record.contract_no)
            if contract is None:
                raise ContractUnknown(contract_no=record.contract_no)
            require_come(paid_on, today, "paid_at")
        except Refusal as why:
            refused[index] = why
            continue
        charged = (contract.institution_id, paid_on)
        if charged not in blocked:
            blocked[charged] = await why_not_charging(kit, *charged)
        command = c.RecordPayment(
            paid_on=paid_on,
            is_existing_fact=False,
            charging_blocked=blocked[charged],
            **record.model_dump(exclude={"contract_no"}),
        )
        steps.append(Step("contract", contract.id, command, index, record.payment_no, record.contract_no))
    return steps, refused


def _awaited(step: Step, known: Numbers, result: Result) -> Step | None:
    """The account's side of a payment that stands; said again where it was recorded and the account was not told."""
    meant, pay = known.meant(step.waits_for), step.command
    if meant is None or meant.account_id is None or not isinstance(result, Outcome):
        return None
    assert isinstance(pay, c.RecordPayment)
    expect = a.ExpectMoney(
        direction=a.Direction.PAYMENT,
        number=pay.payment_no,
        amount_fen=pay.amount_fen,
        due_on=pay.paid_on,
        contract_id=step.id,
    )
    return Step("account", meant.account_id, expect, step.row, step.key)


async def _carried(kit: Kit, steps: list[Step], origin: UUID, written: Envelope) -> dict[int, Result]:
    """What became of each step's row."""
    works = (work_of(step, str(origin), written) for step in steps)
    found: dict[int, Result] = {}
    async with aclosing(kit.log.handle_stream(works, WORKS_MAX)) as done:
        async for at, results in done:
            found |= {step.row: one for step, one in zip(steps[at : at + len(results)], results, strict=True)}
    return found


async def _contracts(kit: Kit, scope: Scope, nos: Iterable[str]) -> Numbers:
    await kit.up_to_date()
    async with kit.connection() as connection:
        return await numbers_of(connection, scope, nos, (writable, taught_by))
