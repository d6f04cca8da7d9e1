"""A side of a transfer that its bank books once more (冲正后重记), while the other bank's stands.

The one rule: the money went over once. The new booking takes the place of the reversed one and is no second transfer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.custodian_steps import NoteTransfer

Transfers: TypeAlias = tuple[tuple[int, str, str], ...]
"""What went over, as which debit and as which credit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRebooked:
    """The bank of ``account_id`` has reversed its side of a transfer and booked it again as ``flow``."""

    old_id: UUID
    new_id: UUID
    account_id: UUID
    amount_fen: int
    flow: str
    instead_of: str
    on: date


def other_side(transfers: Transfers, amount_fen: int, flow_out: str, flow_in: str) -> tuple[bool, str] | None:
    """Of the transfer that has one of these bookings: whether the other is the old bank's, and what it was."""
    for fen, debit, credit in transfers:
        if fen == amount_fen and (debit == flow_out) != (credit == flow_in):
            return (True, debit) if credit == flow_in else (False, credit)
    return None


def booked_again(command: NoteTransfer, old_id: UUID, new_id: UUID, transfers: Transfers) -> TransferRebooked | None:
    """The fact, where a transfer has the booking that was reversed and the other one of the command."""
    found = other_side(transfers, command.amount_fen, command.flow_out, command.flow_in)
    if found is None or found[1] != command.instead_of:
        return None
    is_old, _ = found
    return TransferRebooked(
        old_id=old_id,
        new_id=new_id,
        account_id=old_id if is_old else new_id,
        amount_fen=command.amount_fen,
        flow=command.flow_out if is_old else command.flow_in,
        instead_of=command.instead_of,
        on=command.on,
    )


def rebooked(transfers: Transfers, fact: TransferRebooked) -> Transfers:
    """The transfers with the new booking."""
    place = 1 if fact.account_id == fact.old_id else 2
    found = []
    for one in transfers:
        fen, debit, credit = one
        if one[place] == fact.instead_of:
            debit, credit = (fact.flow, credit) if place == 1 else (debit, fact.flow)
        found.append((fen, debit, credit))
    return tuple(found)
