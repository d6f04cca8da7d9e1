"""A contract and the custody account that holds its money (合同与专户同办): both are told, or neither.

The one rule: what a contract says of money is awaited on its account from the same transaction on. So the bank's line
finds what it carries out, and what is to leave is in the next batch.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from msgspec.structs import replace

from mingjing_funds.api.orders import both_or_neither
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as refusals
from mingjing_funds.domain import refund as r
from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.payment_batch import Standing
from mingjing_funds.domain.recall import Recall
from mingjing_funds.domain.settlement import NumberOfAnother, OrderedBefore
from mingjing_funds.intake.custody import emptied_by
from mingjing_funds.projections.payment_orders import standing_of
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work

Money: TypeAlias = a.ExpectMoney | a.WithdrawExpectation | None
"""What the account is told; nothing where no account holds the contract's money."""


async def both(
    kit: Kit, contract_id: UUID, account_id: UUID | None, steps: tuple[c.Command, Money], written: Envelope
) -> Outcome:
    """What the contract says. Raises the refusal of either; ``NumberOfAnother`` where the account knows the number
    already, of another contract: one sum of money would count for both; ``OrderedBefore`` where the contract has heard
    of an order that this account has not.
    """
    works, money = [Work(CONTRACTS, contract_id, steps[0], written)], steps[1]
    if account_id is not None and money is not None:
        second = replace(written, command_id=derived_id("share", written.command_id), expected_version=None)
        works.append(Work(ACCOUNTS, account_id, money, second))

    async def settle(connection: object, results: list[Outcome | Exception]) -> None:
        await both_or_neither(connection, results)
        told, asked = results[0], results[-1]
        assert isinstance(told, Outcome)
        assert isinstance(asked, Outcome)
        is_new = bool(told.events) and not told.repeated and not asked.events
        if isinstance(money, a.ExpectMoney) and asked is not told and is_new:
            raise NumberOfAnother(number=money.number)
        is_old = not told.events and bool(asked.events) and not asked.repeated
        if isinstance(money, a.ExpectMoney) and money.ordered_at is not None and is_old:
            raise OrderedBefore(number=money.number)

    results = await kit.log.handle_many(works, settle=settle)
    for result in results:
        if not isinstance(result, Outcome):
            raise result
    outcome = results[0]
    assert isinstance(outcome, Outcome)
    return outcome


async def record_payment(
    kit: Kit, contract_id: UUID, contract: c.Contract, pay: c.RecordPayment, written: Envelope
) -> Outcome:
    """The price was paid, and its credit is awaited: until the bank books it, it is in transit."""
    expect = a.ExpectMoney(
        direction=a.Direction.PAYMENT,
        number=pay.payment_no,
        amount_fen=pay.amount_fen,
        due_on=pay.paid_on,
        contract_id=contract_id,
    )
    return await both(kit, contract_id, _account(contract), (pay, expect), written)


async def require_open(kit: Kit, account_id: UUID, contract_id: UUID) -> None:
    """Raise ``AccountNotInState`` where the account takes no new charges: it is not open yet, or is being closed;
    ``BankChanging`` where a change of bank empties it. A contract that was signed before may be said again.
    """
    account, _ = await kit.log.state(ACCOUNTS, account_id)
    if not isinstance(account, s.Active | s.Held):
        raise AccountNotInState(needed="active", found=type(account).__name__.lower())
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    await kit.up_to_date()
    why = (await emptied_by(kit, (account_id,))).get(account_id)
    if why is not None and not isinstance(contract, c.Signed | c.Paid):
        raise why


async def instruct_refund(kit: Kit, contract_id: UUID, instruct: r.InstructRefund, written: Envelope) -> Outcome:
    """The refund goes out with the next batch, the way its payment came; what a court has frozen does not."""
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    expect = awaited_refund(contract_id, contract, instruct, kit.now()) if isinstance(contract, c.Paid) else None
    return await both(kit, contract_id, _account(contract), (instruct, expect), written)


def awaited_refund(id: UUID, contract: c.Paid, instruct: r.InstructRefund, now: datetime) -> a.ExpectMoney | None:
    """What the account is to pay; nothing where there is no such refund: the contract says so itself."""
    refund = contract.refunds.get(instruct.refund_no)
    if refund is None:
        return None
    return a.ExpectMoney(
        direction=a.Direction.REFUND,
        number=instruct.instruction_no,
        amount_fen=refund.amount_fen,
        due_on=instruct.instructed_on,
        ordered_at=now,
        returns=instruct.payment_no,
        contract_id=id,
    )


async def fail_refund(kit: Kit, contract_id: UUID, fail: r.FailRefund, recall_no: str, written: Envelope) -> Outcome:
    """The bank did not pay: its debit is not awaited any more. Raises ``InstructionUnderWay`` where it still may be
    paid: another instruction would pay it twice.
    """
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    account_id, number = _account(contract), fail.instruction_no
    withdraw = None
    if account_id is not None:
        account, _ = await kit.log.state(ACCOUNTS, account_id)
        is_open = isinstance(account, s.Active | s.Held | s.Closing)
        if is_open and (number in account.ledger.expected or number in account.ledger.met):
            withdraw = a.WithdrawExpectation(
                number=number,
                reason=fail.reason,
                withdrawn_on=fail.failed_on,
                recall_no=await recall_of(kit, account_id, number, recall_no),
            )
    return await both(kit, contract_id, account_id, (fail, withdraw), written)


async def ordered_at(kit: Kit, contract: c.Paid, number: str) -> UUID | None:
    """The account that was told to pay it, whether or not it has been taken back since: the one that keeps the
    contract, or one that kept it then.
    """
    home: UUID | None = contract.terms.account_id
    accounts: list[UUID] = [*((home,) if home else ()), *sorted(contract.life.left_accounts)]
    for account_id in accounts:
        account, _ = await kit.log.state(ACCOUNTS, account_id)
        is_open = isinstance(account, s.Active | s.Held | s.Closing)
        parts = (account.ledger.expected, account.ledger.met, account.ledger.withdrawn) if is_open else ()
        if any(number in part for part in parts):
            return account_id
    return home


async def recall_of(kit: Kit, account_id: UUID, number: str, recall_no: str) -> str:
    """The document by which it is taken back, if it takes one: of what was stopped and may be with the bank.

    Raises ``InstructionUnderWay`` where the bank may still carry it out, or has and its statement is to come. Against
    the bank's own answer that it is too late no letter counts.
    """
    await kit.up_to_date()
    async with kit.connection() as connection:
        standing, recall = await standing_of(connection, account_id, number)
    if standing == Standing.STOPPED and recall_no and recall != Recall.REFUSED:
        return recall_no
    if standing in (Standing.SENT, Standing.ACCEPTED, Standing.STOPPED, Standing.EXECUTED):
        account, _ = await kit.log.state(ACCOUNTS, account_id)
        is_open = isinstance(account, s.Active | s.Held | s.Closing)
        if not (is_open and account.ledger.came_back(number)):
            raise refusals.InstructionUnderWay(instruction_no=number)
    return ""


def _account(contract: c.Contract) -> UUID | None:
    return contract.terms.account_id if isinstance(contract, c.Signed | c.Paid) else None
