"""Risk deposit (风险保证金): an institution's own money, locked in an account of its own as a guarantee.

The one rule: nothing leaves it below the minimum that was last assessed, unless a named official draws on it for
families. It is nobody's collateral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from mingjing_funds.domain import deposit_refusals as because
from mingjing_funds.domain.account import Holder
from mingjing_funds.domain.money import yuan
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

PERMILLE = 1_000


class Purpose(StrEnum):
    """Why money of a deposit moved."""

    TOP_UP = "top-up"
    INTEREST = "interest"
    DRAW = "draw"
    """For families, by an official's decision (代偿)."""
    RETURN = "return"
    """Back to the institution."""


def deposit_minimum_fen(floor_fen: int, period_fees_fen: int, ratio_permille: int, unconsumed_fen: int) -> int:
    """D_min = max(region's floor, Σ fees of one charging period, ratio · U); a fraction of a fen counts as one."""
    share = -(-max(unconsumed_fen, 0) * ratio_permille // PERMILLE)
    return max(floor_fen, period_fees_fen, share)


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDeposit:
    """The deposit account is open and filed with the department."""

    holder: Holder
    number: str
    agreement_no: str
    filed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeposit:
    """Money came or went, as the bank says; ``flow`` identifies the movement. Money out is negative."""

    flow: str
    amount_fen: int
    purpose: Purpose
    reason: str
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessDeposit:
    """Set what must be there, from the figures of a day and the numbers of the region's policy."""

    floor_fen: int
    period_fees_fen: int
    ratio_permille: int
    unconsumed_fen: int
    policy_version: str
    assessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDeposit:
    """The deposit is over: the institution owes families nothing and the department consents."""

    unconsumed_fen: int
    department_consents: bool
    released_on: date


Command: TypeAlias = FileDeposit | MoveDeposit | AssessDeposit | ReleaseDeposit


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFiled:
    """A risk deposit stands for an institution."""

    holder: Holder
    number: str
    agreement_no: str
    filed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositMoved:
    """Money came or went."""

    flow: str
    amount_fen: int
    purpose: Purpose
    reason: str
    moved_on: date
    balance_fen: int
    """After it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAssessed:
    """From now on this must be there; the figures say how it was found."""

    required_fen: int
    balance_fen: int
    floor_fen: int
    period_fees_fen: int
    ratio_permille: int
    unconsumed_fen: int
    policy_version: str
    assessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositReleased:
    """The deposit is over."""

    released_on: date


Event: TypeAlias = DepositFiled | DepositMoved | DepositAssessed | DepositReleased


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unfiled:
    """There is no such deposit."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The deposit stands. ``flows`` are the movements by number, so that one counts once."""

    holder: Holder
    number: str
    balance_fen: int = 0
    required_fen: int = 0
    assessed: DepositAssessed | None = None
    flows: Mapping[str, tuple[int, Purpose]] = field(default_factory=dict)
    is_over: bool = False
    """Released: what is left goes back to the institution, and nothing comes any more."""

    @property
    def shortfall_fen(self) -> int:
        """Invariant B: what is missing to the minimum."""
        return max(self.required_fen - self.balance_fen, 0)


Deposit: TypeAlias = Unfiled | Filed


def decide(command: Command, deposit: Deposit) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case FileDeposit():
            return _file(command, deposit)
        case MoveDeposit():
            return _move(command, _filed(deposit))
        case AssessDeposit():
            return _assess(command, _filed(deposit))
        case ReleaseDeposit():
            return _release(command, _filed(deposit))
        case _:
            assert_never(command)


def evolve(deposit: Deposit, event: Event) -> Deposit:
    """The deposit after a fact."""
    if isinstance(event, DepositFiled):
        return Filed(event.holder, event.number)
    before = _filed(deposit)
    match event:
        case DepositMoved():
            flows = {**before.flows, event.flow: (event.amount_fen, event.purpose)}
            return replace(before, balance_fen=event.balance_fen, flows=flows)
        case DepositAssessed():
            return replace(before, required_fen=event.required_fen, assessed=event)
        case DepositReleased():
            return replace(before, required_fen=0, is_over=True)
        case _:
            assert_never(event)


def hindrance(step: type[Command], deposit: Deposit) -> Refusal | None:
    """Why a deposit as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(deposit, Unfiled) and step is not FileDeposit:
        return because.DepositUnknown()
    return None


DEPOSIT: Decider[Command, Deposit, Event] = Decider(initial=Unfiled(), decide=decide, evolve=evolve)


def _file(command: FileDeposit, deposit: Deposit) -> list[Event]:
    if isinstance(deposit, Filed):
        if (deposit.holder, deposit.number) == (command.holder, command.number):
            return []
        raise because.DepositDiffers
    filed = DepositFiled(
        holder=command.holder, number=command.number, agreement_no=command.agreement_no, filed_on=command.filed_on
    )
    return [filed]


def _move(command: MoveDeposit, deposit: Filed) -> list[Event]:
    known = deposit.flows.get(command.flow)
    if known is not None:
        if known == (command.amount_fen, command.purpose):
            return []
        raise because.MovementContradicted(flow=command.flow)
    if command.amount_fen == 0 or (command.amount_fen > 0) != (command.purpose in (Purpose.TOP_UP, Purpose.INTEREST)):
        raise because.MovementImpossible
    if deposit.is_over and command.purpose in (Purpose.TOP_UP, Purpose.DRAW):
        raise because.DepositOver(number=deposit.number)
    after = deposit.balance_fen + command.amount_fen
    if command.purpose is Purpose.DRAW and not command.reason.strip():
        raise because.DrawUnexplained
    floor = deposit.required_fen if command.purpose is Purpose.RETURN else 0
    if command.amount_fen < 0 and after < floor:
        raise because.DepositTooLow(after_fen=yuan(after), required_fen=yuan(floor))
    moved = DepositMoved(
        flow=command.flow,
        amount_fen=command.amount_fen,
        purpose=command.purpose,
        reason=command.reason,
        moved_on=command.moved_on,
        balance_fen=after,
    )
    return [moved]


def _assess(command: AssessDeposit, deposit: Filed) -> list[Event]:
    required = deposit_minimum_fen(
        command.floor_fen, command.period_fees_fen, command.ratio_permille, command.unconsumed_fen
    )
    assessed = DepositAssessed(
        required_fen=required,
        balance_fen=deposit.balance_fen,
        floor_fen=command.floor_fen,
        period_fees_fen=command.period_fees_fen,
        ratio_permille=command.ratio_permille,
        unconsumed_fen=command.unconsumed_fen,
        policy_version=command.policy_version,
        assessed_on=command.assessed_on,
    )
    last = deposit.assessed
    if deposit.is_over:
        return []
    if last is not None and (last.assessed_on > assessed.assessed_on or _same(last, assessed)):
        return []
    return [assessed]


def _same(last: DepositAssessed, now: DepositAssessed) -> bool:
    """A minimum that neither moved nor changed its ground is no news, whatever the day's U."""
    return (last.required_fen, last.balance_fen, last.policy_version) == (
        now.required_fen,
        now.balance_fen,
        now.policy_version,
    )


def _release(command: ReleaseDeposit, deposit: Filed) -> list[Event]:
    if deposit.is_over:
        return []
    if command.unconsumed_fen:
        raise because.DepositStillNeeded(unconsumed_fen=yuan(command.unconsumed_fen))
    if not command.department_consents:
        raise because.DepositConsentMissing
    return [DepositReleased(released_on=command.released_on)]


def _filed(deposit: Deposit) -> Filed:
    if (why := hindrance(MoveDeposit, deposit)) is not None:
        raise why
    assert isinstance(deposit, Filed)
    return deposit
