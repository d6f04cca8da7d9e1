"""Words of reconciliation (对账差异): what kinds of breaks there are, and what is said of one.

The one rule: a kind says what is seen, never who is to blame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Kind(StrEnum):
    """What does not agree. The values are for ever: facts in the log hold them."""

    NOT_CREDITED = "payment-not-credited"
    CREDITED_ELSEWHERE = "payment-credited-elsewhere"
    UNEXPECTED_CREDIT = "credit-of-another-account"
    CREDIT_UNEXPLAINED = "credit-unexplained"
    DEBIT_UNINSTRUCTED = "debit-without-instruction"
    PAID_TWICE = "paid-twice"
    PAYMENT_DIFFERS = "payment-amount-differs"
    RELEASE_DIFFERS = "release-amount-differs"
    REFUND_DIFFERS = "refund-amount-differs"
    NOT_EXECUTED = "instruction-not-executed"
    NOT_ENOUGH_MONEY = "instruction-failed-for-lack-of-money"
    FEE_CHARGED = "fee-charged"
    NOT_DELIVERED = "entries-not-delivered"
    RELEASE_UNBACKED = "release-without-its-payment"

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return _ZH[self]


_ZH: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NOT_CREDITED: "缴费未入账",
        Kind.CREDITED_ELSEWHERE: "缴费记入他户",
        Kind.UNEXPECTED_CREDIT: "收到他户缴费",
        Kind.CREDIT_UNEXPLAINED: "有入账无缴费记录",
        Kind.DEBIT_UNINSTRUCTED: "无指令支出",
        Kind.PAID_TWICE: "重复支付",
        Kind.PAYMENT_DIFFERS: "缴费金额不符",
        Kind.RELEASE_DIFFERS: "拨付金额不符",
        Kind.REFUND_DIFFERS: "退费金额不符",
        Kind.NOT_EXECUTED: "指令未执行",
        Kind.NOT_ENOUGH_MONEY: "余额不足未付",
        Kind.FEE_CHARGED: "托管账户被收费",
        Kind.NOT_DELIVERED: "流水未送达",
        Kind.RELEASE_UNBACKED: "拨付后缴费被冲正",
    }
)


class Side(StrEnum):
    """Whose word a line is."""

    ORDERS = "orders"
    LEDGER = "ledger"
    BANK = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one side says: under which number, flow or book, how much (money out is negative), on which day."""

    side: Side
    reference: str
    amount_fen: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One break as one look finds it. ``amount_fen`` is by how much the account is off because of it."""

    kind: Kind
    account_id: UUID
    day: date
    amount_fen: int
    number: str
    flow: str
    lines: tuple[Line, ...]
    other_account_id: UUID | None
    righted_on: date | None
    """When the bank put it right by a reversal."""

    @property
    def key(self) -> str:
        """What stays the same however the break is named from day to day: the entry, else the number, else its day."""
        return self.flow or self.number or self.day.isoformat()
