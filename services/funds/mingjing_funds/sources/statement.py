"""What a bank's file says, whichever bank sent it: one line a booking, money in positive, money out negative.

The one rule: a line carries no counterparty. The supervision feed is balances and movements only (浙江省 practice;
个人信息保护法 art 6, data minimization); the parsers drop the columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import KeptAside
from mingjing_kernel.state import State

HUPAN = "湖畔商业银行"
WULIN = "武林城市商业银行"
ZHELAN = "浙澜农村商业银行"

_REFERENCE = re.compile(r"(?:JF\d{14}|TF\d{12}|ZL\d{13,16})")
_TAIL = re.compile(r"\D(\d{6})$")


class BankLine(State, frozen=True, kw_only=True):
    """One booking on a custody account. ``flow`` is the bank's own number, unique within the bank."""

    row: int
    bank: str
    flow: str
    account_number: str
    booked_at: datetime
    amount_fen: int
    balance_fen: int
    """The account's balance after this booking, as the bank states it."""
    summary: str
    is_reversal: bool
    remark: str = ""
    """How an odd way of writing was read; empty for a plain line."""

    def reference(self) -> str:
        """The payment, refund or instruction number in the summary, or nothing."""
        found = _REFERENCE.search(self.summary)
        return found[0] if found else ""

    def tail(self) -> str:
        """The last six digits of a payment number, where the bank passes on only those."""
        found = _TAIL.search(self.summary)
        return found[1] if found and not self.reference() else ""

    def written(self) -> dict[str, str]:
        """The line as cells, in the words of ``line_of``."""
        return {
            "bank": self.bank,
            "flow": self.flow,
            "account": self.account_number,
            "booked_at": self.booked_at.isoformat(),
            "amount": yuan(self.amount_fen),
            "balance": yuan(self.balance_fen),
            "summary": self.summary,
            "reversal": "true" if self.is_reversal else "",
        }

    def digest(self) -> str:
        """A fingerprint of what the line says, without where it stood in which file."""
        said = (
            self.bank,
            self.flow,
            self.account_number,
            self.booked_at.isoformat(),
            str(self.amount_fen),
            str(self.balance_fen),
            self.summary,
        )
        return sha256("\x1f".join(said).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A bank's file: its lines in booking order, and the rows that could not be used."""

    bank: str
    booked_on: date | None
    lines: tuple[BankLine, ...]
    kept_aside: tuple[KeptAside, ...]


def line_of(written: Mapping[str, str]) -> BankLine:
    """A line from the cells of ``BankLine.written``, perhaps corrected by a person."""
    return BankLine(
        row=0,
        bank=cells.required(written.get("bank"), "bank"),
        flow=cells.required(written.get("flow"), "flow"),
        account_number=cells.account_number(written.get("account")),
        booked_at=cells.moment(written.get("booked_at"), "booked_at"),
        amount_fen=cells.fen(written.get("amount"), "amount"),
        balance_fen=cells.fen(written.get("balance"), "balance"),
        summary=cells.text(written.get("summary")),
        is_reversal=written.get("reversal") == "true",
    )


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: -3000 is -30.00."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"
