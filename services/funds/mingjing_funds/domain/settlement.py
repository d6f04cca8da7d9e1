"""Payment orders (付款指令) and where they go: what is to leave an account because somebody here ordered it, and the
institution's own account (结算账户), into which releases go.

The one rule: a release goes to the one account that an approver has named by its document; a refund goes back the way
by which the payment came, and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from mingjing_funds.domain.account_terms import Direction
from mingjing_kernel.refusal import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSettlementAccount:
    """Releases go into this account from now on; ``document_no`` is the agreement or the bank's proof."""

    payee_name: str
    payee_account: str
    document_no: str
    named_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAccountNamed:
    """Releases go here."""

    payee_name: str
    payee_account: str
    document_no: str
    named_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrdered:
    """Money is to leave because somebody here ordered it: it waits for the next batch.

    ``returns`` is the payment that a refund gives back.
    """

    direction: Direction
    number: str
    amount_fen: int
    returns: str
    ordered_at: datetime


Event: TypeAlias = SettlementAccountNamed | PaymentOrdered


class SettlementAccountUnfounded(Invalid):
    """An account without name, number or document."""

    sentence = "A settlement account needs its holder's name, its number and the document that proves it."
    remedy = "Enter them as they stand in the custody agreement or in the bank's proof."
    field = "payee_account"


def name(command: NameSettlementAccount, known: SettlementAccountNamed | None) -> list[Event]:
    """The account into which releases go; the same again is no news."""
    if not (command.payee_name.strip() and command.payee_account.strip() and command.document_no.strip()):
        raise SettlementAccountUnfounded
    if known is not None and (known.payee_name, known.payee_account) == (command.payee_name, command.payee_account):
        return []
    return [
        SettlementAccountNamed(
            payee_name=command.payee_name,
            payee_account=command.payee_account,
            document_no=command.document_no,
            named_on=command.named_on,
        )
    ]
