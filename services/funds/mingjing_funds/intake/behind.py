"""What stands behind a contract's releases (入账依据): its own payment, or that from which its price came.

The one rule: a price that came by transfers stands on the payment with which the first contract was paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import backing
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.settlement import ReleaseBacked
from mingjing_kernel.log import Log

TRANSFERS_MAX = 1_000
"""Contracts in a row through which one payment may have been transferred: each was signed by a person."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The payment behind a release, and how much of it must have been credited; ``None``: no single payment."""

    payment_no: str | None
    needed_fen: int


async def behind(log: Log, contract: c.Paid, amount_fen: int) -> Behind:
    """The contract's own payment; where its price was transferred, that of the contract from which it came first."""
    needed, at = contract.released_fen() + amount_fen, contract
    for _ in range(TRANSFERS_MAX):
        if at.life.came_from is None:
            break
        former, _position = await log.state(CONTRACTS, at.life.came_from)
        assert isinstance(former, c.Paid), "what was transferred had been paid"
        needed, at = former.paid_fen - former.life.transferred_fen + needed, former
    return Behind(at.payment_no, needed)


async def require_not_reversed(log: Log, contract: c.Paid, stands: Behind, number: str) -> None:
    """Raise ``PaymentNotCredited`` where the bank that kept the contract before has reversed the payment since: until
    that is carried over, only its own account knows.
    """
    if stands.payment_no is None:
        return
    needs = ReleaseBacked(number=number, payment_no=stands.payment_no, needed_fen=stands.needed_fen)
    for former in sorted(contract.life.left_accounts):
        account, _position = await log.state(ACCOUNTS, former)
        is_open = isinstance(account, s.Active | s.Held | s.Closing)
        if is_open and stands.payment_no in account.ledger.expected:
            backing.require(needs, account.ledger)
