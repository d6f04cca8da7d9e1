"""What is awaited from the bank on an account: asked for, withdrawn, and found after all in what nobody could place.

The one rule: money that leaves because of us stays outside holds and freezes; what is only reported is booked anyway.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import backing, booking, carrying_accounts, freeze
from mingjing_funds.domain.carrying import LetContractsGo, TakeContracts
from mingjing_funds.domain.contract_refusals import InstructionUnderWay, ReleaseNotDue
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.settlement import (
    EntryMoved,
    ListCommand,
    MoneyPromisedAlready,
    MoveEntry,
    NotToBeSent,
    OpenRefundList,
    PaymentOrdered,
    PaymentRecalled,
    PaymentsSent,
    RefundListOpen,
    RefundListOpened,
    RefundListSettled,
    ReleaseBacked,
    RequireFree,
    SendPayments,
    SettleRefundList,
)


def expect(command: a.ExpectMoney, account: s.Open) -> list[a.Event]:
    """A payment, a release or a refund is awaited; what asks to be allowed stays within lessons, holds and freezes."""
    ledger = account.ledger
    known = carrying_accounts.known(command.number, ledger)
    if known is not None:
        if (known.direction, known.amount_fen) == (command.direction, command.amount_fen):
            return []
        raise because.ExpectationDiffers(number=command.number, amount_fen=yuan(known.amount_fen))
    if command.amount_fen <= 0:
        raise because.SumNotPositive
    if command.contract_id in ledger.left:
        raise carrying_accounts.ContractGone(number=command.number)
    came_on = ledger.came.get(command.contract_id) if command.contract_id is not None else None
    if command.direction is a.Direction.PAYMENT and came_on is not None:  # it was in no opening balance of this account
        command = replace(command, due_on=max(command.due_on, came_on))
    _require_allowed(command, account)
    if (backed := _backed(command)) is not None:
        backing.require(backed, ledger)
    facts = booking.expected(command, ledger)
    if command.ordered_at is None or any(isinstance(fact, a.EntryExplained) for fact in facts):
        return facts  # only reported, or the bank was there before: it must not be paid again
    ordered = PaymentOrdered(
        direction=command.direction,
        number=command.number,
        amount_fen=command.amount_fen,
        returns=command.returns,
        ordered_at=command.ordered_at,
    )
    return [*facts, ordered] if backed is None else [*facts, ordered, backed]


def _backed(command: a.ExpectMoney) -> ReleaseBacked | None:
    if command.backed_by is None:
        return None
    return ReleaseBacked(number=command.number, payment_no=command.backed_by, needed_fen=command.backed_fen)


def _require_allowed(command: a.ExpectMoney, account: s.Open) -> None:
    """What asks to be allowed stays within lessons, the policy's headroom, holds and freezes."""
    ledger = account.ledger
    if command.direction is a.Direction.RELEASE and command.earned_fen is not None:
        if isinstance(account, s.Held):
            raise because.ReleasesHeld
        releasable = command.earned_fen - ledger.instructed_fen
        if command.amount_fen > releasable:
            raise because.ReleaseBeyondLessons(amount_fen=yuan(command.amount_fen), releasable_fen=yuan(releasable))
    if command.headroom_fen is not None:
        left = max(command.headroom_fen - ledger.releasing_fen(), 0)
        if command.amount_fen > left:
            raise ReleaseNotDue(amount_fen=yuan(command.amount_fen), left_fen=yuan(left), policy="hybrid")
    if command.ordered_at is not None and freeze.standing(ledger.freezes, command.due_on):
        balance = ledger.balance_fen() + ledger.gap_fen
        free = freeze.free_fen(ledger.freezes, balance, ledger.leaving_fen(), command.due_on)
        if command.amount_fen > free:
            raise freeze.AmountFrozen(amount_fen=yuan(command.amount_fen), free_fen=yuan(free))


def settle(command: SendPayments | RequireFree | ListCommand, account: s.Open) -> list[a.Event]:
    """Payments that go to the bank, and the refund lists over the account's money."""
    match command:
        case SendPayments():
            return send(command, account)
        case RequireFree():
            return require_free(command, account)
        case OpenRefundList():
            return _open_list(command, account.ledger)
        case MoveEntry():
            return _move(command, account.ledger)
        case LetContractsGo():
            return [*carrying_accounts.let_go(command, account.ledger)]
        case TakeContracts():
            return [*carrying_accounts.take(command, account.ledger)]
        case SettleRefundList():
            is_open = account.ledger.open_list == command.list_id
            return [RefundListSettled(list_id=command.list_id, settled_on=command.on)] if is_open else []
        case _:
            assert_never(command)


def _move(command: MoveEntry, ledger: s.Ledger) -> list[a.Event]:
    """Out of suspense, once; what something else explains is no transfer."""
    entry = ledger.entries.get(command.flow)
    if entry is not None and entry.column is a.Column.TRANSFER:
        return []
    if entry is None or command.flow not in ledger.suspense:
        raise because.NothingToExplain(flow=command.flow, number="")
    return [EntryMoved(flow=command.flow, amount_fen=entry.amount_fen, booked_on=entry.booked_on)]


def _open_list(command: OpenRefundList, ledger: s.Ledger) -> list[a.Event]:
    """One list at a time; another takes its place only by its name."""
    before, opened = ledger.open_list, RefundListOpened(list_id=command.list_id, opened_on=command.on)
    if before == command.list_id:
        return []
    if before is None:
        return [opened]
    if before != command.instead_of:
        raise RefundListOpen(list_id=before)
    return [RefundListSettled(list_id=before, settled_on=command.on), opened]


def send(command: SendPayments, account: s.Open) -> list[a.Event]:
    """What goes to the bank is awaited, goes once, and is neither held nor frozen at that moment."""
    ledger, amount_fen = account.ledger, 0
    new = tuple(number for number in command.numbers if ledger.sent.get(number) != command.batch_id)
    for number in new:
        waits = ledger.expected.get(number)
        if waits is None or waits.direction is a.Direction.PAYMENT or number in ledger.sent:
            raise NotToBeSent(number=number)
        if waits.direction is a.Direction.RELEASE and isinstance(account, s.Held):
            raise because.ReleasesHeld
        amount_fen += waits.amount_fen
    for number in backing.unbacked(ledger, new):
        backing.require(ledger.backed[number], ledger)
    if new and freeze.standing(ledger.freezes, command.sent_on):
        balance = ledger.balance_fen() + ledger.gap_fen
        free = freeze.free_fen(ledger.freezes, balance, ledger.under_way_fen(), command.sent_on)
        if amount_fen > free:
            raise freeze.AmountFrozen(amount_fen=yuan(amount_fen), free_fen=yuan(free))
    return [PaymentsSent(batch_id=command.batch_id, numbers=new, sent_on=command.sent_on)] if new else []


def require_free(command: RequireFree, account: s.Open) -> list[a.Event]:
    """Nothing follows; ``MoneyPromisedAlready`` where some of it is promised, on its way out or frozen by now."""
    free = free_fen(account, command.on)
    if command.available_fen > free:
        raise MoneyPromisedAlready(available_fen=yuan(command.available_fen), free_fen=yuan(free))
    return []


def free_fen(account: s.Open, day: date) -> int:
    """What may still be promised to families: the balance beyond what is frozen and what was ordered to leave."""
    ledger = account.ledger
    balance = ledger.balance_fen() + ledger.gap_fen
    return freeze.free_fen(ledger.freezes, balance, ledger.leaving_fen(), day)


def withdraw(command: a.WithdrawExpectation, ledger: s.Ledger) -> list[a.Event]:
    """What the bank has booked cannot be taken back here: that takes a reversal of the bank's.

    What it has and has not booked is taken back by its own word only: else it would be paid, and paid again under
    another number.
    """
    if command.number in ledger.withdrawn:
        return []
    waits = ledger.expected.get(command.number)
    if waits is None or waits.direction is a.Direction.PAYMENT:
        raise because.NothingToWithdraw(number=command.number)
    withdrawn = a.ExpectationWithdrawn(
        direction=waits.direction,
        number=command.number,
        amount_fen=waits.amount_fen,
        reason=command.reason,
        withdrawn_on=command.withdrawn_on,
    )
    if command.is_refused or command.number not in ledger.sent or ledger.came_back(command.number):
        return [withdrawn]
    if not command.recall_no:
        raise InstructionUnderWay(instruction_no=command.number)
    recalled = PaymentRecalled(number=command.number, document_no=command.recall_no, recalled_on=command.withdrawn_on)
    return [recalled, withdrawn]


def explain(command: a.ExplainEntry, ledger: s.Ledger) -> list[a.Event]:
    """Somebody says what an entry in suspense carries out: an open number, in the same direction."""
    known = ledger.entries.get(command.flow)
    if known is not None and known.number == command.number:
        return []
    waits = ledger.expected.get(command.number)
    if waits is None or command.flow not in ledger.suspense:
        raise because.NothingToExplain(flow=command.flow, number=command.number)
    if (ledger.entries[command.flow].amount_fen > 0) != (waits.direction is a.Direction.PAYMENT):
        raise because.NothingToExplain(flow=command.flow, number=command.number)
    return booking.explained(command, ledger)
