"""Credit code 统一社会信用代码 over time (GB 32100): which one stands, which stood before, and what changed it.

One rule: a code is changed by an act of law (the first registration, a conversion 营转非, the correction of a wrong
one) and never by what a list says of it; whoever holds a new code is led to from wherever that code would register
somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain.particulars import Nature


class CodeGround(StrEnum):
    """Why an institution has another code from now on."""

    FIRST = "first"
    """Registered after the licence 先证后照: it had none."""
    CONVERSION = "conversion"
    """For-profit → non-profit 营转非: another registration office, another form of organisation."""
    CORRECTION = "correction"
    """What stood here was never its code 更正."""


# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCode:
    """Record the code of the registration certificate."""

    uscc: str
    ground: CodeGround
    reference: str
    """The certificate, or whatever shows the code."""
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadToHolder:
    """Said where a code would register somebody: it is another institution's, here already."""

    uscc: str
    at: UUID
    """The institution that the code would register."""
    institution_id: UUID
    """Whose it is."""
    name: str
    on: date


Command: TypeAlias = GiveCode

# Facts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGiven:
    """The institution has another code from now on; ``before`` is empty when it had none."""

    before: str
    uscc: str
    ground: CodeGround
    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLed:
    """Under this code nobody registers any more: it leads to who holds it."""

    uscc: str
    institution_id: UUID
    name: str
    on: date


Event: TypeAlias = CodeGiven | CodeLed

# State ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerCode:
    """A code that stood once, and what ended it."""

    uscc: str
    ended_by: CodeGround
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Former codes, and the approved conversion whose new code nobody has stated yet."""

    former: tuple[FormerCode, ...] = ()
    due_for: str = ""
    """Number of that conversion; empty when no code is due."""

    @property
    def own_former(self) -> tuple[str, ...]:
        """Codes that were its own; what was corrected never was."""
        return tuple(one.uscc for one in self.former if one.ended_by is not CodeGround.CORRECTION)

    def ended(self, uscc: str) -> FormerCode | None:
        """The former code of this spelling, as it ended last."""
        return next((one for one in reversed(self.former) if one.uscc == uscc), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """To whom a code leads."""

    institution_id: UUID
    name: str


def nature_in(code: str) -> Nature:
    """What the first two characters say: 52 private non-enterprise unit, 9 market regulation."""
    if code.startswith("52"):
        return Nature.NON_PROFIT
    return Nature.FOR_PROFIT if code.startswith("9") else Nature.UNKNOWN
