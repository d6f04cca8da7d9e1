"""Annulment 撤销: the decision that a listing (B1) rests on fell in reconsideration or in court; commands and facts.

What may follow what is in ``annulment_rules.py``. One rule: from the day it is known the removal is due within so many
working days, and the clock runs whether anybody looks at the file or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Body: TypeAlias = Literal["reconsideration", "court", "authority"]
"""Who annulled it: 行政复议机关, 人民法院, or the authority that had decided, by itself 自行撤销."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnnulment:
    """The decision is annulled: the listing must go within so many working days of the day this was known."""

    body: Body
    reference: str
    annulled_on: date
    known_on: date
    working_days: int
    remove_by: date
    rule: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractAnnulment:
    """It was recorded in error, or did not stand: the file goes on as it was."""

    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfRemoval:
    """The last working day for the removal is near; harmless where nothing has to be removed."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRemovalOverdue:
    """The last day has passed without a removal; ``due_on`` is that day by the calendar as it is known now."""

    due_on: date
    on: date


Command: TypeAlias = RecordAnnulment | RetractAnnulment | RemindOfRemoval | NoteRemovalOverdue


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistGroundAnnulled:
    """The listing has lost its ground; ``remove_by`` is the last day, counted by the policy of version ``rule``."""

    body: Body
    reference: str
    annulled_on: date
    known_on: date
    working_days: int
    remove_by: date
    rule: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistAnnulmentRetracted:
    """The decision stands after all."""

    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRemovalReminded:
    """Whoever has to sign was reminded that the removal is due."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRemovalOverdue:
    """The last day passed, and the listing stood."""

    due_on: date
    on: date


Fact: TypeAlias = (
    BlacklistGroundAnnulled | BlacklistAnnulmentRetracted | BlacklistRemovalReminded | BlacklistRemovalOverdue
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulment:
    """What a file knows of it."""

    reference: str
    remove_by: date
    is_reminded: bool = False
    is_overdue: bool = False
