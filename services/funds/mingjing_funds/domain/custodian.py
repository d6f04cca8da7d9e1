"""Custodian (托管关系): which custody account is the one of a licence, and how it moves to another bank.

The one rule: at most one account is active for a licence. A change takes four steps in order: the new account is
active, the balance is transferred, the transfer is reconciled, the old account is closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_funds.domain import custodian_refusals as because
from mingjing_funds.domain.custodian_steps import AbandonChange as AbandonChange
from mingjing_funds.domain.custodian_steps import BeginChange as BeginChange
from mingjing_funds.domain.custodian_steps import CarryContracts as CarryContracts
from mingjing_funds.domain.custodian_steps import EndCustody as EndCustody
from mingjing_funds.domain.custodian_steps import NoteTransfer as NoteTransfer
from mingjing_funds.domain.custodian_steps import ReconcileChange as ReconcileChange
from mingjing_funds.domain.custodian_steps import TakeCustody as TakeCustody
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.rebooking import TransferRebooked, booked_again, rebooked
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

TRANSFERS_MAX = 100
"""Sums that one change takes over: the balance, and what comes late."""


class Step(IntEnum):
    """How far a change of bank is."""

    NEW_ACTIVE = 1
    TRANSFERRED = 2
    RECONCILED = 3


Command: TypeAlias = (
    TakeCustody | BeginChange | NoteTransfer | CarryContracts | ReconcileChange | AbandonChange | EndCustody
)


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyTaken:
    """This account is the active one."""

    account_id: UUID
    bank: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BankChangeBegun:
    """New payments go to the new account; the old one is emptied into it (F23 watches until it reconciles)."""

    old_id: UUID
    new_id: UUID
    bank: str
    reason: str
    unconsumed_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransferred:
    """The money has moved. ``own_fen``: so much of the old account's own minimum makes up the new one's; all of it with
    the first transfer, whatever comes late.
    """

    old_id: UUID
    new_id: UUID
    amount_fen: int
    own_fen: int
    flow_out: str
    flow_in: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BankChangeReconciled:
    """The old account is empty and the new one has received what left it."""

    old_id: UUID
    new_id: UUID
    amount_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BankChangeAbandoned:
    """Custody stays with the old account; the new one stands beside it until a person closes it."""

    old_id: UUID
    new_id: UUID
    bank: str
    """The old account's."""
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEnded:
    """The account is closed; ``successor`` is the one that stays, if one does."""

    account_id: UUID
    successor: UUID | None
    on: date


Event: TypeAlias = (
    CustodyTaken
    | BankChangeBegun
    | BalanceTransferred
    | TransferRebooked
    | BankChangeReconciled
    | BankChangeAbandoned
    | CustodyEnded
)


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nobody:
    """No account is active for the licence. ``ended`` are those that were."""

    ended: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Sole:
    """One account, as it should be."""

    account_id: UUID
    bank: str
    ended: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Changing:
    """On the way to another bank."""

    old_id: UUID
    new_id: UUID
    bank: str
    step: Step
    transfers: tuple[tuple[int, str, str], ...] = ()
    """What went over, and as which debit and which credit: what comes late at the old bank goes over by itself."""
    own_fen: int = 0
    """What of the old account's own minimum has gone over with it: it goes once, however many transfers there are."""
    old_bank: str = ""
    ended: frozenset[UUID] = frozenset()

    @property
    def amount_fen(self) -> int:
        """What went over in all."""
        return sum(amount for amount, _, _ in self.transfers)


Custodian: TypeAlias = Nobody | Sole | Changing


def decide(command: Command, custodian: Custodian) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case TakeCustody():
            return _take(command, custodian)
        case BeginChange():
            return _begin(command, custodian)
        case NoteTransfer():
            return _transfer(command, custodian)
        case ReconcileChange():
            return _reconcile(command, custodian)
        case AbandonChange():
            return _abandon(command, custodian)
        case CarryContracts():
            return _carry(command, custodian)
        case EndCustody():
            return _end(command, custodian)
        case _:
            assert_never(command)


def evolve(custodian: Custodian, event: Event) -> Custodian:
    """Where custody stands after a fact."""
    match event:
        case CustodyTaken():
            return Sole(event.account_id, event.bank, custodian.ended)
        case BankChangeBegun():
            old_bank = custodian.bank if isinstance(custodian, Sole) else ""
            begun = Changing(event.old_id, event.new_id, event.bank, Step.NEW_ACTIVE, ended=custodian.ended)
            return replace(begun, old_bank=old_bank)
        case BankChangeAbandoned():
            return Sole(event.old_id, event.bank, custodian.ended)
        case BalanceTransferred():
            assert isinstance(custodian, Changing)
            transfers = (*custodian.transfers, (event.amount_fen, event.flow_out, event.flow_in))
            own_fen = custodian.own_fen + event.own_fen
            return replace(custodian, step=Step.TRANSFERRED, transfers=transfers, own_fen=own_fen)
        case TransferRebooked():
            assert isinstance(custodian, Changing)
            return replace(custodian, step=Step.TRANSFERRED, transfers=rebooked(custodian.transfers, event))
        case BankChangeReconciled():
            assert isinstance(custodian, Changing)
            return replace(custodian, step=Step.RECONCILED)
        case CustodyEnded():
            ended = custodian.ended | {event.account_id}
            if isinstance(custodian, Changing) and event.successor is not None:
                return Sole(event.successor, custodian.bank, ended)
            return Nobody(ended)
        case _:
            assert_never(event)


CUSTODIAN: Decider[Command, Custodian, Event] = Decider(initial=Nobody(), decide=decide, evolve=evolve)


def active_accounts(custodian: Custodian) -> tuple[UUID, ...]:
    """The account into which families pay: one at most."""
    match custodian:
        case Nobody():
            return ()
        case Sole():
            return (custodian.account_id,)
        case Changing():
            return (custodian.new_id,)


def accounts_of(custodian: Custodian) -> tuple[UUID, ...]:
    """The accounts that keep money of the licence: two during a change."""
    return (custodian.old_id, custodian.new_id) if isinstance(custodian, Changing) else active_accounts(custodian)


def hindrance(step: type[Command], custodian: Custodian) -> Refusal | None:
    """Why custody as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step is BeginChange:
        if isinstance(custodian, Changing):
            return because.AnotherAccountActive()
        return because.CustodyMissing() if isinstance(custodian, Nobody) else None
    if step not in (NoteTransfer, ReconcileChange, AbandonChange, CarryContracts):
        return None
    if not isinstance(custodian, Changing):
        return because.ChangeStepMissing(missing="new account active")
    if step is CarryContracts:
        is_there = custodian.step is not Step.NEW_ACTIVE
        return None if is_there else because.ChangeStepMissing(missing="balance transferred")
    if step is AbandonChange:
        return None if custodian.step is Step.NEW_ACTIVE else because.ChangeStepTaken()
    if step is NoteTransfer:
        return None
    if custodian.step >= Step.RECONCILED:
        return because.ChangeStepTaken()
    return because.ChangeStepMissing(missing="balance transferred") if custodian.step is Step.NEW_ACTIVE else None


def _take(command: TakeCustody, custodian: Custodian) -> list[Event]:
    if command.account_id in active_accounts(custodian):
        return []
    if not isinstance(custodian, Nobody) or command.account_id in custodian.ended:
        raise because.AnotherAccountActive
    return [CustodyTaken(account_id=command.account_id, bank=command.bank, on=command.on)]


def _begin(command: BeginChange, custodian: Custodian) -> list[Event]:
    if isinstance(custodian, Changing) and custodian.new_id == command.account_id:
        return []
    if isinstance(custodian, Nobody):
        raise because.CustodyMissing
    if isinstance(custodian, Changing) or command.account_id in (custodian.account_id, *custodian.ended):
        raise because.AnotherAccountActive
    if not command.reason.strip():
        raise because.ChangeUnfounded
    if not command.department_consents:
        raise because.ChangeWithoutConsent
    if command.frozen_by:
        raise because.ChangeFrozen(order_no=command.frozen_by)
    return [
        BankChangeBegun(
            old_id=custodian.account_id,
            new_id=command.account_id,
            bank=command.bank,
            reason=command.reason,
            unconsumed_fen=command.unconsumed_fen,
            on=command.on,
        )
    ]


def _transfer(command: NoteTransfer, custodian: Custodian) -> list[Event]:
    changing = _changing(custodian, "new account active")
    if (said := (command.amount_fen, command.flow_out, command.flow_in)) in changing.transfers:
        return []
    if command.instead_of:
        if (again := booked_again(command, changing.old_id, changing.new_id, changing.transfers)) is not None:
            return [again]
        raise because.TransferDiffers(amount_fen=yuan(changing.amount_fen))
    if is_noted(command, changing):
        raise because.TransferDiffers(amount_fen=yuan(changing.amount_fen))
    if len(changing.transfers) >= TRANSFERS_MAX or (changing.transfers and not all(said)):
        raise because.TransferDiffers(amount_fen=yuan(changing.amount_fen))
    if command.amount_fen < 0:
        raise because.TransferDiffers(amount_fen=yuan(command.amount_fen))
    return [
        BalanceTransferred(
            old_id=changing.old_id,
            new_id=changing.new_id,
            amount_fen=command.amount_fen,
            own_fen=max(command.own_fen - changing.own_fen, 0),
            flow_out=command.flow_out,
            flow_in=command.flow_in,
            on=command.on,
        )
    ]


def is_noted(command: NoteTransfer, changing: Changing) -> bool:
    """Whether one of the two bookings stands for a transfer already."""
    known = {flow for _, *flows in changing.transfers for flow in flows} - {""}
    return bool(known & {command.flow_out, command.flow_in})


def _reconcile(command: ReconcileChange, custodian: Custodian) -> list[Event]:
    changing = _changing(custodian, "new account active")
    if changing.step is Step.RECONCILED:
        return []
    if changing.step is not Step.TRANSFERRED:
        raise because.ChangeStepMissing(missing="balance transferred")
    sent_fen = changing.amount_fen - command.returned_fen
    if command.old_balance_fen or command.under_way or command.new_received_fen != sent_fen:
        raise because.TransferUnreconciled(
            old_fen=yuan(command.old_balance_fen),
            received_fen=yuan(command.new_received_fen),
            sent_fen=yuan(sent_fen),
            under_way=command.under_way,
        )
    ids = {"old_id": changing.old_id, "new_id": changing.new_id}
    return [BankChangeReconciled(**ids, amount_fen=sent_fen, on=command.on)]


def _carry(command: CarryContracts, custodian: Custodian) -> list[Event]:
    """No contract goes where its money is not: the balance goes first."""
    if (why := hindrance(CarryContracts, custodian)) is not None:
        raise why
    changing = _changing(custodian, "new account active")
    if (command.old_id, command.new_id) != (changing.old_id, changing.new_id):
        raise because.ChangeStepMissing(missing="new account active")
    return []


def _abandon(command: AbandonChange, custodian: Custodian) -> list[Event]:
    """Only while nothing has moved: afterwards the way is forward, or a change back."""
    if (why := hindrance(AbandonChange, custodian)) is not None:
        raise why
    changing = _changing(custodian, "new account active")
    if not command.reason.strip():
        raise because.ChangeUnfounded
    if command.new_holds:
        raise because.NewAccountInUse
    return [
        BankChangeAbandoned(
            old_id=changing.old_id,
            new_id=changing.new_id,
            bank=changing.old_bank,
            reason=command.reason,
            on=command.on,
        )
    ]


def _end(command: EndCustody, custodian: Custodian) -> list[Event]:
    if command.account_id in custodian.ended:
        return []
    if isinstance(custodian, Changing):
        if command.account_id != custodian.old_id:
            raise because.AnotherAccountActive
        if custodian.step is not Step.RECONCILED:
            raise because.ChangeStepMissing(missing="transfer reconciled")
        return [CustodyEnded(account_id=command.account_id, successor=custodian.new_id, on=command.on)]
    if command.account_id not in active_accounts(custodian):
        raise because.CustodyMissing
    return [CustodyEnded(account_id=command.account_id, successor=None, on=command.on)]


def _changing(custodian: Custodian, missing: str) -> Changing:
    if not isinstance(custodian, Changing):
        raise because.ChangeStepMissing(missing=missing)
    return custodian
