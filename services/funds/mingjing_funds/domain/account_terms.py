"""Words that commands and facts of a custody account share: whose it is, and how money moves on it.

The one rule: a word means the same wherever money is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

NUMBER = "[A-Za-z][A-Za-z0-9-]{0,33}[A-Za-z0-9]"
"""A number that somebody here gives to what leaves an account: it must fit the bank's end-to-end id (35 characters) and
be told from the other words of a statement's line.
"""


class Column(StrEnum):
    """In which column of the account's ledger an entry counts. A reversal counts in the column that it corrects."""

    PAYMENT = "payment"
    RELEASE = "release"
    REFUND = "refund"
    INTEREST = "interest"
    FEE = "fee"
    SUSPENSE = "suspense"
    TRANSFER = "transfer"
    """The balance that went to, or came from, another bank (转行划转)."""


class Direction(StrEnum):
    """What an expectation waits for: money of families in, money of lessons out, money back to families."""

    PAYMENT = "payment"
    RELEASE = "release"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose account it is and where. ``department`` and ``region`` decide who may see it."""

    institution_id: UUID | None
    institution_name: str
    uscc: str
    bank: str
    account_name: str
    department: str
    region: str
    category: str
