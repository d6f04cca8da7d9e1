"""What is heard of an account from elsewhere (外来事实): registry, inspection, staff rolls, deliveries.

The one rule: a record says what was reported and on which day it became known here, never what follows from it.
Whoever reports (a message, a file, a person) is turned into these records at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias


class Word(StrEnum):
    """What a complaint says that bears on money; one complaint may say several."""

    GONE = "gone"
    """Stopped, unreachable, run away: 停课、失联、跑路、关门."""
    PRIVATE_PAYMENT = "private-payment"
    """The fee went, or was to go, to a person and not to the custody account: 付到个人账户."""
    ARREARS = "arrears"
    """Wages, rent or utilities are owed: 拖欠工资、房租、水电."""
    REFUND_STALLED = "refund-stalled"
    """A refund was agreed or asked for and does not come: 退费难."""
    LOAN = "loan"
    """Tuition on credit: 培训贷."""
    FAKE_LESSON = "fake-lesson"
    """Lessons were confirmed that were not given: 虚假消课."""
    THINNING = "thinning"
    """Fewer teachers, merged or cancelled classes: 频繁停课、并班."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained:
    """Somebody complained. ``person`` is any word that is the same for the same person: never a name."""

    person: str
    words: frozenset[Word] = frozenset()
    is_person: bool = True
    """Whether anything is known of the writer; else ``person`` is the complaint's own number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCounted:
    """How many people work there, by the roll."""

    staff: int


class Announcement(StrEnum):
    """What an institution gave notice of in time and in public."""

    PAUSE = "pause"
    MOVE = "move"
    USE_OF_MONEY = "use-of-money"
    CHANGE = "change"


_MATTERS = {
    "停课": Announcement.PAUSE,
    "开放日": Announcement.PAUSE,
    "搬迁": Announcement.MOVE,
    "资金": Announcement.USE_OF_MONEY,
}


def announcement_of(matter: str) -> Announcement:
    """What a notice is about, by the words in which it was filed."""
    return next((what for word, what in _MATTERS.items() if word in matter), Announcement.CHANGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A notice that was filed: it explains what is seen from its first to its last day."""

    what: Announcement
    since: date
    until: date
    filed_on: date


class Change(StrEnum):
    """What changed about an institution."""

    ORGANIZER = "organizer"
    REPRESENTATIVE = "representative"
    ADDRESS = "address"
    ABNORMAL_OPERATION = "abnormal-operation"
    BLACKLISTED = "blacklisted"
    """On the education blacklist (教育黑名单)."""
    LICENCE_FINDING = "licence-finding"
    """A patrol found the licence or the registration not in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change became known."""

    what: Change
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceStated:
    """What the registry says of the licence."""

    granted_on: date | None
    valid_to: date | None
    annual_check: str
    """``pass``, ``basic-pass``, ``fail`` or empty."""
    lease_ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOpened:
    """One more teaching site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsCounted:
    """How many pupils somebody counted in the room."""

    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilsCounted:
    """How many pupils have a contract with lessons left, by the books."""

    pupils: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A court, the tax office or an enforcement body reached for the account (``is_over`` when it let go)."""

    by: str
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BankChangeAsked:
    """The institution wants another bank (``is_over`` when the transfer has reconciled)."""

    is_over: bool = False


class Charge(StrEnum):
    """A finding about a charge that other checks make."""

    OVER_LIMIT = "over-limit"
    EARLY = "early"
    BEYOND_LEASE = "beyond-lease"
    LOAN = "loan"
    ABOVE_PUBLISHED = "above-published"
    ABOVE_GUIDE = "above-guide"
    DISCOUNT_PACKAGE = "discount-package"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFound:
    """A charge breaks a rule."""

    what: Charge


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingTimeBroken:
    """A lesson was given outside legal hours."""

    lessons: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A fact, when it became known here, and the stream or number that it is about (a contract's, a flow's)."""

    on: date
    fact: Any
    """An event of an account or a contract, or one of the records above."""
    about: str = ""


Record: TypeAlias = (
    Complained
    | StaffCounted
    | Announced
    | Changed
    | LicenceStated
    | SiteOpened
    | HeadsCounted
    | PupilsCounted
    | Frozen
    | BankChangeAsked
    | ChargeFound
    | TeachingTimeBroken
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How far the deliveries reach that concern everybody: up to which day their senders have spoken.

    ``None``: this sender has never spoken here, and a rule that needs it says so.
    """

    bank_to: date | None = None
    bank_sends_files: bool = True
    """Where its entries come in another way, nothing says that it is behind."""
    is_bank_silent: bool = False
    """For so long that nothing is known of the money by now."""
    lessons_to: date | None = None
    complaints_to: date | None = None
    registry_to: date | None = None
    free_days: frozenset[date] = frozenset()
    """Days of the last months on which no lesson is to be expected (``peers.py``): holidays, vacations, festivals."""
