"""A lesson on its way to the family's word (课时确认): commands and facts beside those of ``contract``.

SCHEDULED → DELIVERED → CONFIRM_REQUESTED → CONFIRMED | AUTO_CONFIRMED | DISPUTED | CANCELLED; RELEASED is what the
contract's released money says. The one rule: a dispute stops this lesson's money and no other, and a lesson whose
money has gone is not taken back but refunded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.teaching_time import TimeBreach
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.state import State


class LessonStanding(StrEnum):
    """Where a lesson stands (课时状态)."""

    PENDING = "pending"
    """Confirmation has been asked for: CONFIRM_REQUESTED."""
    CONFIRMED = "confirmed"
    AUTO_CONFIRMED = "auto-confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    LEAVE = "leave"
    SCHEDULED = "scheduled"
    DELIVERED = "delivered"


CONFIRMED = frozenset({LessonStanding.CONFIRMED, LessonStanding.AUTO_CONFIRMED})
FORERUNNERS = frozenset({LessonStanding.SCHEDULED, LessonStanding.DELIVERED})
"""What is overtaken by every other word about the lesson: reported later, it is late and no news."""
SAID_BY_TEACHERS = FORERUNNERS | {LessonStanding.CANCELLED, LessonStanding.LEAVE}
"""What an institution may say by itself: none of it moves money, and none lets a family's silence begin to count."""


class LessonSeen(State, frozen=True):
    """What stands for a lesson: compared with whatever is sent next."""

    held_on: date
    units: int
    is_gift: bool
    content: str
    standing: LessonStanding
    counted_on: date | None = None
    """Of a confirmed one: the day from which its money counts as earned."""


@dataclass(frozen=True, slots=True)
class CodeOut:
    """A confirmation code that the guardian has: for which lessons, and until when; without lessons she rates by it."""

    lesson_nos: tuple[str, ...]
    sealed: Sealed[str] | None
    expires_at: datetime


class Voice(StrEnum):
    """Who speaks."""

    FAMILY = "family"
    OFFICIAL = "official"


class Outcome(StrEnum):
    """What a person decides about a confirmed lesson that was sent again with other words."""

    STANDS = "stands"
    ALTERED = "altered"


class WhyTakenBack(StrEnum):
    """Why a confirmed lesson counts no more."""

    DISPUTED = "disputed"
    ALTERED = "altered"


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConfirmation:
    """Ask the family to confirm lessons. The code goes to the guardian and to nobody else: sealed under her key."""

    request_id: UUID
    lesson_nos: tuple[str, ...]
    code_digest: str
    code: Sealed[str] | None
    """``None`` where no guardian is known to whom it could go: then nobody is asked, and no silence is an answer."""
    expires_at: datetime
    working_days: int
    policy_version: str
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRating:
    """Send the guardian a code by which she rates, although no lesson waits for her word: sealed under her key.

    Contract number and telephone are known to the institution, too; what only she is sent is not.
    """

    request_id: UUID
    code_digest: str
    code: Sealed[str] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLessons:
    """The guardian answers with her code: these lessons were held, those she disputes."""

    request_id: UUID
    held: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    reason: str = ""
    answered_at: datetime
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmBySilence:
    """The working days are over (15 in the national app) and nobody has said anything about this lesson."""

    lesson_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLesson:
    """Somebody disputes a lesson in another way than with a code; even a confirmed one, while its money is here."""

    lesson_no: str
    voice: Voice
    reason: str
    disputed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleLesson:
    """A person decides about a disputed lesson: it was held and counts, or it was not."""

    lesson_no: str
    was_held: bool
    reason: str
    settled_by: str
    settled_at: datetime
    settled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAlteration:
    """A person decides whether a confirmed lesson stands as it was first confirmed or as it was sent later.

    What she saw is named, so that a third version cannot be accepted unseen.
    """

    lesson_no: str
    outcome: Outcome
    held_on: date
    units: int
    standing: LessonStanding
    reason: str
    decided_by: str
    decided_on: date


Command: TypeAlias = (
    AskConfirmation | AskRating | AnswerLessons | ConfirmBySilence | DisputeLesson | SettleLesson | DecideAlteration
)


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTimed:
    """When a lesson is or was held; and what of that breaks a teaching-time rule of the policy version named.

    Without hours where nobody has said them, and the day alone breaks a rule.
    """

    account_id: UUID | None
    institution_id: UUID | None
    lesson_no: str
    held_on: date
    begins_at: datetime | None
    ends_at: datetime | None
    is_online: bool
    breaches: tuple[TimeBreach, ...]
    policy_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationAsked:
    """The family was asked about this lesson: the clock of its silence runs from this day."""

    account_id: UUID | None
    request_id: UUID
    lesson_no: str
    working_days: int
    policy_version: str
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationCodeIssued:
    """A code for these lessons; a former code for any of them counts no more. Without lessons: to rate by alone."""

    request_id: UUID
    lesson_nos: tuple[str, ...]
    code_digest: str
    code: Sealed[str] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationEnded:
    """Nobody is asked about this lesson any more: somebody has spoken, or the time for it is over."""

    lesson_no: str
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDisputed:
    """Somebody says that this lesson was not held as reported: its money stays until a person has decided."""

    account_id: UUID | None
    lesson_no: str
    voice: Voice
    reason: str
    disputed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSettled:
    """A person has decided about a disputed lesson; one that was not held is cancelled."""

    account_id: UUID | None
    lesson_no: str
    was_held: bool
    reason: str
    settled_by: str
    settled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTakenBack:
    """A confirmed lesson counts no more: ``used`` is k after it, ``returned_fen`` what it had earned."""

    account_id: UUID | None
    lesson_no: str
    units: int
    is_gift: bool
    why: WhyTakenBack
    used: int
    returned_fen: int
    taken_back_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterationDecided:
    """Which version of a confirmed lesson stands."""

    account_id: UUID | None
    lesson_no: str
    outcome: Outcome
    reason: str
    decided_by: str
    decided_on: date


Event: TypeAlias = (
    LessonTimed
    | ConfirmationAsked
    | ConfirmationCodeIssued
    | ConfirmationEnded
    | LessonDisputed
    | LessonSettled
    | LessonTakenBack
    | AlterationDecided
)
