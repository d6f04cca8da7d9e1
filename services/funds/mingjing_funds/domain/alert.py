"""Words of alerts (预警): how bad, about whom, and what an evaluation of the balance rules puts on record.

The one rule: every evaluation of F01 and F02 is kept with rule version, inputs and result, the quiet ones too. How an
alert lives is in ``alerting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Severity(StrEnum):
    """How bad it is."""

    NOTICE = "NOTICE"
    YELLOW = "YELLOW"
    RED = "RED"

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return {"NOTICE": "蓝色", "YELLOW": "黄色", "RED": "红色"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a rule looked at, in fen and months, as known at the end of ``day``."""

    day: date
    balance_fen: int
    in_transit_fen: int
    unconsumed_fen: int
    agreed_minimum_fen: int
    months_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is watched, and who must hear of it."""

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    category: str = ""
    """Of the institution (``art``, ``sport`` …); empty where nobody has said it, and in what was told before it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A rule was evaluated; this is what it saw and said."""

    subject: Subject
    rule: str
    rule_version: str
    features: Features
    severity: Severity | None
    threshold_fen: int
