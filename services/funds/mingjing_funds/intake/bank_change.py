"""Change of bank (变更托管银行): what its steps are told of the two accounts.

The one rule: figures come from the entries that both banks have delivered. Nobody types a balance.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from msgspec.structs import replace

from mingjing_funds.codec import ACCOUNTS, CUSTODIANS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain import custodian_refusals as because
from mingjing_funds.domain import freeze
from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.carrying_accounts import came_of, come_back
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.rebooking import other_side
from mingjing_funds.domain.settlement import MoveEntry
from mingjing_funds.intake.custody import custody_works, takings, together
from mingjing_funds.projections.contracts import has_contracts
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work

Before: TypeAlias = Sequence[m.TakeCustody]
"""Accounts that were open before anybody wrote custody down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person says of a change, and what families are owed on its day."""

    account_id: UUID
    activation: a.ActivateAccount | None
    reason: str
    department_consents: bool
    unconsumed_fen: int
    on: date


async def standing(host: Any, institution_id: UUID, new_id: UUID) -> tuple[UUID, Before]:
    """The account that a change to ``new_id`` would empty. Raises ``CustodyMissing`` where the licence has none."""
    custodian, _ = await host.log.state(CUSTODIANS, institution_id)
    before = [one.take for one in await takings(host, (institution_id,), but=new_id)]
    if known := m.accounts_of(custodian):
        return known[0], before
    if not before:
        raise because.CustodyMissing
    return before[0].account_id, before


async def begin(host: Any, institution_id: UUID, old: tuple[UUID, Before], asked: Asked, written: Envelope) -> Outcome:
    """The change and the opening of its account: both are written, or neither."""
    old_id, before = old
    bank = await _bank_of(host, institution_id, asked)
    account, _ = await host.log.state(ACCOUNTS, old_id)
    is_open = isinstance(account, s.Active | s.Held | s.Closing)
    orders = freeze.standing(account.ledger.freezes, asked.on) if is_open else ()
    change = m.BeginChange(
        account_id=asked.account_id,
        bank=bank,
        reason=asked.reason,
        department_consents=asked.department_consents,
        frozen_by=orders[0].order_no if orders else "",
        unconsumed_fen=asked.unconsumed_fen,
        on=asked.on,
    )
    works = [*custody_works(institution_id, before, written), Work(CUSTODIANS, institution_id, change, written)]
    must = [len(works) - 1]
    if asked.activation is not None:
        second = replace(written, command_id=derived_id("opened", written.command_id), expected_version=None)
        works.append(Work(ACCOUNTS, asked.account_id, asked.activation, second))
        must.append(len(works) - 1)
    return await together(host.log, works, must)


async def require_booked(host: Any, custodian: m.Custodian, command: m.NoteTransfer) -> None:
    """Raise ``TransferNotBooked`` unless both banks have booked the transfer, and nothing else explains the bookings.
    A step that is not due, or was noted before, is left to the custodian.
    """
    if not isinstance(custodian, m.Changing) or m.is_noted(command, custodian):
        return
    old, _ = await host.log.state(ACCOUNTS, custodian.old_id)
    is_empty = isinstance(old, s.Active | s.Held | s.Closing) and old.ledger.balance_fen() + old.ledger.gap_fen == 0
    if is_empty and command.amount_fen == 0 and not command.flow_out and not command.flow_in:
        return  # nothing to transfer
    sides = (
        (custodian.old_id, command.flow_out, -command.amount_fen),
        (custodian.new_id, command.flow_in, command.amount_fen),
    )
    for account_id, flow, amount_fen in sides:
        account, _ = await host.log.state(ACCOUNTS, account_id)
        is_open = isinstance(account, s.Active | s.Held | s.Closing)
        entry = account.ledger.entries.get(flow) if is_open else None
        if entry is None or entry.amount_fen != amount_fen or flow not in account.ledger.suspense:
            number = account.number if is_open else str(account_id)
            raise because.TransferNotBooked(flow=flow, amount_fen=yuan(amount_fen), number=number)


async def as_rebooked(host: Any, custodian: m.Custodian, command: m.NoteTransfer) -> m.NoteTransfer:
    """Where the transfer is known, and one bank alone has reversed its side and booked it once more: instead of which
    booking. Any other is a transfer of its own.
    """
    known = custodian.transfers if isinstance(custodian, m.Changing) else ()
    found = other_side(known, command.amount_fen, command.flow_out, command.flow_in)
    if found is None or not isinstance(custodian, m.Changing):
        return command
    is_old, lost = found
    at_old, at_new = (custodian.old_id, command.flow_out), (custodian.new_id, command.flow_in)
    account_id, flow = at_old if is_old else at_new
    account, _ = await host.log.state(ACCOUNTS, account_id)
    if not isinstance(account, s.Active | s.Held | s.Closing):
        return command
    was, now = account.ledger.entries.get(lost), account.ledger.entries.get(flow)
    fen = -command.amount_fen if is_old else command.amount_fen
    is_again = was is not None and was.is_reversed and now is not None and now.amount_fen == fen
    return dataclasses.replace(command, instead_of=lost) if is_again and flow in account.ledger.suspense else command


async def transferred(
    host: Any, institution_id: UUID, custodian: m.Custodian, command: m.NoteTransfer, written: Envelope
) -> Outcome:
    """The transfer, and on both accounts that its entries wait for no explanation any more: all of it, or nothing."""
    if isinstance(custodian, m.Changing):
        command = dataclasses.replace(command, own_fen=await _own_fen(host, custodian))
    works = [Work(CUSTODIANS, institution_id, command, written)]
    if isinstance(custodian, m.Changing):
        for account_id, flow in ((custodian.old_id, command.flow_out), (custodian.new_id, command.flow_in)):
            if flow:
                moved = MoveEntry(flow=flow)
                its_own = derived_id("moved", written.command_id, account_id)
                works.append(
                    Work(ACCOUNTS, account_id, moved, replace(written, command_id=its_own, expected_version=None))
                )
    return await together(host.log, works, range(len(works)))


async def _own_fen(host: Any, custodian: m.Changing) -> int:
    """What the new account's opening lacks of its agreed minimum, as far as the old one's goes. The rest of that stays
    the institution's own, and is not for release.
    """
    old, _ = await host.log.state(ACCOUNTS, custodian.old_id)
    new, _ = await host.log.state(ACCOUNTS, custodian.new_id)
    if not all(isinstance(one, s.Active | s.Held | s.Closing) for one in (old, new)):
        return 0
    own: int = max(min(old.minimum_fen, new.minimum_fen - new.ledger.opening_fen), 0)
    return own


async def is_in_use(host: Any, custodian: m.Custodian) -> bool:
    """Whether the new account of a change holds money beyond its own, awaits some, or has contracts."""
    if not isinstance(custodian, m.Changing):
        return False
    account, _ = await host.log.state(ACCOUNTS, custodian.new_id)
    async with host.connection() as connection:
        signed = await has_contracts(connection, custodian.new_id)
    is_open = isinstance(account, s.Active | s.Held | s.Closing)
    return signed or (is_open and bool(account.ledger.entries or account.ledger.expected or account.ledger.met))


async def counted(host: Any, custodian: m.Custodian, on: date) -> m.ReconcileChange:
    """The figures of both accounts today. Raises ``ChangeStepMissing`` where no bank is being changed."""
    if not isinstance(custodian, m.Changing):
        raise because.ChangeStepMissing(missing="new account active")
    old, _ = await host.log.state(ACCOUNTS, custodian.old_id)
    new, _ = await host.log.state(ACCOUNTS, custodian.new_id)
    received, sent = came_of(custodian.transfers, old.ledger, new.ledger)
    return m.ReconcileChange(
        old_balance_fen=old.ledger.balance_fen() + old.ledger.gap_fen,
        new_received_fen=received,
        under_way=sum(waits.direction is not a.Direction.PAYMENT for waits in old.ledger.expected.values())
        + len(come_back(old.ledger, new.ledger)),
        returned_fen=custodian.amount_fen - sent,
        on=on,
    )


async def _bank_of(host: Any, institution_id: UUID, asked: Asked) -> str:
    """Raise ``NotOfThisInstitution`` or ``AccountNotInState``."""
    account, _ = await host.log.state(ACCOUNTS, asked.account_id)
    if isinstance(account, s.Unopened) or account.holder.institution_id != institution_id:
        raise because.NotOfThisInstitution
    if asked.activation is None and not isinstance(account, s.Active | s.Held):
        raise AccountNotInState(needed="active", found=type(account).__name__.lower())
    return str(account.holder.bank)
