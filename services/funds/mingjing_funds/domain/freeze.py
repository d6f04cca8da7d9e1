"""Judicial freeze (司法冻结): a court or another empowered body forbids that money, some or all, leaves an account.

The one rule: it is no release hold. It lies over whatever state the account is in, and inside the frozen amount
releases and refunds stop alike. Only the body that ordered it ends it; a term that runs out ends it, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """The bank has carried out a freezing order. No amount is the whole account; no ``until`` is until it is lifted."""

    order_no: str
    authority: str
    legal_basis: str
    amount_fen: int | None
    frozen_on: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfreeze:
    """The body that ordered it has ended it (解冻), by this document."""

    order_no: str
    document_no: str
    unfrozen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFrozen:
    """Money of the account is frozen."""

    order_no: str
    authority: str
    legal_basis: str
    amount_fen: int | None
    frozen_on: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnfrozen:
    """This order freezes nothing any more."""

    order_no: str
    document_no: str
    unfrozen_on: date


Command: TypeAlias = Freeze | Unfreeze
Event: TypeAlias = AccountFrozen | AccountUnfrozen


@dataclass(frozen=True, slots=True)
class Order:
    """A freezing order; lifted ones are kept, so that a late copy of the order freezes nothing again."""

    frozen: AccountFrozen
    lifted_on: date | None = None


Freezes: TypeAlias = Mapping[str, Order]


class FreezeUnknown(NotFound):
    """No such order lies on the account."""

    sentence = "No freezing order “{order_no}” lies on this account."
    remedy = "Check the number of the order."
    field = "order_no"


class FreezeDiffers(Refusal):
    """The same order with another amount or term."""

    sentence = "Freezing order “{order_no}” lies on the account already with other particulars."
    remedy = "A changed amount or a longer term is an order of its own; enter it under its own number."
    field = "order_no"


class FreezeUnfounded(Invalid):
    """Only a court or another empowered body freezes, and by a document."""

    sentence = (
        "A judicial freeze needs the order's number, the body that gave it, its legal basis and a positive amount."
    )
    remedy = "Enter them as they stand in the order; for the whole account leave the amount empty."
    field = "order_no"


class AmountFrozen(Refusal):
    """What is asked for lies inside the frozen amount."""

    sentence = "¥{amount_fen} are asked for; beyond what is frozen and already on its way out ¥{free_fen} are free."
    remedy = "Wait until the freeze ends, or ask the body that ordered it to let this payment pass."
    rule = "judicial freeze (民事诉讼法)"
    field = "amount_fen"


class FreezeStands(Refusal):
    """A frozen account is not closed, and not moved to another bank."""

    sentence = "Freezing order “{order_no}” of {authority} lies on the account."
    remedy = "Wait until the freeze ends."
    rule = "judicial freeze (民事诉讼法)"
    field = "state"


class StayOfSystem(Invalid):
    """What begins so is ended by the system itself, when the order is over."""

    sentence = "A stay whose reference begins with “{mark}” follows from a freezing order by itself."
    remedy = "Enter the freezing order on the account; or name the court's document as it is called."
    rule = "judicial freeze (民事诉讼法)"
    field = "reference"


def decide(command: Command, freezes: Freezes) -> list[Event]:
    """Which facts follow; the same order again is no news."""
    match command:
        case Freeze():
            return _freeze(command, freezes)
        case Unfreeze():
            if command.order_no not in freezes:
                raise FreezeUnknown(order_no=command.order_no)
            if freezes[command.order_no].lifted_on is not None:
                return []
            document, day = command.document_no, command.unfrozen_on
            return [AccountUnfrozen(order_no=command.order_no, document_no=document, unfrozen_on=day)]


def _freeze(command: Freeze, freezes: Freezes) -> list[Event]:
    founded = command.order_no.strip() and command.authority.strip() and command.legal_basis.strip()
    if not founded or (command.amount_fen is not None and command.amount_fen <= 0):
        raise FreezeUnfounded
    frozen = AccountFrozen(
        order_no=command.order_no,
        authority=command.authority,
        legal_basis=command.legal_basis,
        amount_fen=command.amount_fen,
        frozen_on=command.frozen_on,
        until=command.until,
    )
    known = freezes.get(command.order_no)
    if known is not None and known.frozen != frozen:
        raise FreezeDiffers(order_no=command.order_no)
    return [] if known is not None else [frozen]


def evolve(freezes: Freezes, event: Event) -> Freezes:
    """The orders that lie, or lay, on the account after a fact."""
    if isinstance(event, AccountFrozen):
        return {**freezes, event.order_no: Order(event)}
    return {**freezes, event.order_no: Order(freezes[event.order_no].frozen, event.unfrozen_on)}


def standing(freezes: Freezes, day: date) -> tuple[AccountFrozen, ...]:
    """The orders in force on a day, by number."""
    return tuple(
        order.frozen
        for _, order in sorted(freezes.items())
        if order.frozen.frozen_on <= day
        and (order.frozen.until is None or day <= order.frozen.until)
        and (order.lifted_on is None or day < order.lifted_on)
    )


def frozen_fen(freezes: Freezes, balance_fen: int, day: date) -> int:
    """How much of the balance may not leave. Orders of several bodies add up (轮候冻结 is not told apart)."""
    orders = standing(freezes, day)
    if any(frozen.amount_fen is None for frozen in orders):
        return max(balance_fen, 0)
    return min(sum(frozen.amount_fen or 0 for frozen in orders), max(balance_fen, 0))


def free_fen(freezes: Freezes, balance_fen: int, leaving_fen: int, day: date) -> int:
    """What may still be asked for: the balance beyond the frozen amount and what is on its way out already."""
    return max(balance_fen - frozen_fen(freezes, balance_fen, day) - leaving_fen, 0)
