"""Carrying over (合同随户移交): contracts go with their money to the account at another bank. Commands and facts.

The one rule: what leaves one account comes to the other in the same transaction: what is prepaid, payable back,
earned and not instructed, and what no bank has credited. Instructions do not go: they are the old bank's to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.account_terms import Direction


class Wait(StrEnum):
    """Why a contract stays with the old account for now."""

    RELEASE_UNDER_WAY = "release-under-way"
    REFUND_UNDER_WAY = "refund-under-way"
    PAYMENT_IN_TRANSIT = "payment-in-transit"
    NUMBER_TAKEN = "number-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What the old bank has credited of a payment that stands behind releases."""

    payment_no: str
    credited_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedPayment:
    """A payment that no bank has credited, announced on ``announced_on``; the new account counts it from ``due_on``."""

    number: str
    amount_fen: int
    announced_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A number of a contract that the old account knows: said again, it stands for nothing new at the other bank."""

    number: str
    direction: Direction
    amount_fen: int
    due_on: date


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveContract:
    """This contract is kept by the new account from now on. It was planned on ``payment_no`` (empty: not paid) and
    ``earned_fen``.
    """

    old_id: UUID
    new_id: UUID
    payment_no: str
    earned_fen: int
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetContractsGo:
    """These contracts leave the account, with so much of what lessons have earned and nobody has instructed.

    ``earned_fen`` is what they have earned here so far, counted by the caller: instructions and what has left stay
    within it. Less than nothing leaves only as the whole of what is left.
    """

    new_id: UUID
    contracts: tuple[UUID, ...]
    payments: tuple[AwaitedPayment, ...]
    releasable_fen: int
    earned_fen: int
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeContracts:
    """The same, where they come to."""

    old_id: UUID
    contracts: tuple[UUID, ...]
    credits: tuple[Credit, ...]
    payments: tuple[AwaitedPayment, ...]
    spent: tuple[Spent, ...]
    releasable_fen: int
    moved_on: date


AccountCommand: TypeAlias = LetContractsGo | TakeContracts


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMoved:
    """Its family's money is in the new account. ``remaining_fen`` is P − C(k) − refunded − transferred; of it
    ``promised_fen`` is agreed to be paid back. What was earned, released and paid back before stays in the old books.
    """

    old_id: UUID
    new_id: UUID
    remaining_fen: int
    promised_fen: int
    refunds: tuple[str, ...]
    """Numbers of those that the family waits for."""
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractsLeft:
    """They are the new account's, and so is this part of what may be released."""

    new_id: UUID
    contracts: tuple[UUID, ...]
    payments: tuple[AwaitedPayment, ...]
    releasable_fen: int
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractsCame:
    """They are this account's now; ``credits``: what stands behind their releases; ``spent``: their numbers at the old
    bank, which order and await nothing here.
    """

    old_id: UUID
    contracts: tuple[UUID, ...]
    credits: tuple[Credit, ...]
    payments: tuple[AwaitedPayment, ...]
    releasable_fen: int
    moved_on: date
    spent: tuple[Spent, ...] = ()


AccountEvent: TypeAlias = ContractsLeft | ContractsCame
