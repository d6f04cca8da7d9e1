"""What is remembered of an account (状态) so that its features of a day can be told.

The one rule: it is bounded. Windows forget, lists have a ``…_MAX``, and a day on which nothing happened costs nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from mingjing_funds.domain.alerting.heard import Announced, LicenceStated, Word
from mingjing_funds.domain.alerting.voices import Counted
from mingjing_funds.domain.alerting.window import Window
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_kernel.state import State as Copied
from mingjing_kernel.state import field

AWAITED_MAX = 5_000
"""Payments awaited from one bank for one account; of more, the oldest is no longer counted."""
REFUNDS_MAX = 500
SUSPENSE_MAX = 200
UNPAID_MAX = 500
SAID_MAX = 400
PENDING_MAX = 5_000
"""Lessons that wait for a word; of more, those that no window reaches any more are forgotten."""
SAID_DAYS = 60
VISITS_MAX = 40
FINDING_DAYS = 60
NOTICES_MAX = 8
SITES_MAX = 50
STAFF_DAYS = 90
CHANGES_DAYS = 90
SITES_DAYS = 183
WEEKS = 9
WINDOW_DAYS = WEEKS * 7
LATE_DAYS = 90
MONTH_DAYS = 30
HEADS_DAYS = 30
"""How long a count of heads says something: courses end, and others begin."""


_NET = Window(8)
_MONTH_DAYS = Window(MONTH_DAYS)
_WINDOW_DAYS = Window(WINDOW_DAYS)
_LATE_DAYS = Window(LATE_DAYS)


class Awaited(NamedTuple):
    """A payment that the bank will credit."""

    number: str
    amount_fen: int
    due_on: date


class RefundOpen(NamedTuple):
    """A refund that a family waits for."""

    number: str
    amount_fen: int
    asked_on: date


class Unexplained(NamedTuple):
    """A booking that no payment, release or refund explains."""

    flow: str
    amount_fen: int
    booked_on: date


class Unpaid(NamedTuple):
    """A contract that no payment is known of, and the lessons signed in for under it."""

    contract: str
    lessons: int


class Said(NamedTuple):
    """One complaint."""

    on: date
    person: str
    words: frozenset[Word]
    is_person: bool = True
    """Whether ``person`` is the same for the same person; else it is the complaint's own number."""


class Visit(NamedTuple):
    """One patrol. ``failed`` are the items of its checklist that were found wanting."""

    number: str
    at: datetime
    was_closed: bool
    failed: tuple[str, ...]
    is_elsewhere: bool = False
    """Nobody of that name was found at the approved address."""


class State(Copied, frozen=True, kw_only=True):
    """One account."""

    opened_on: date | None = None
    opening_on: date | None = None
    is_open: bool = False
    is_closing: bool = False
    closing_asked: bool = False
    minimum_fen: int = 0
    balance_fen: int = 0
    owed_fen: int = 0
    peak_owed_fen: int = 0
    gap_fen: int = 0
    gap_since: date | None = None
    net: Window = _NET
    outflow: Window = _MONTH_DAYS
    receipts: Window = _WINDOW_DAYS
    requests: Window = _WINDOW_DAYS
    lessons: Window = _WINDOW_DAYS
    late: Window = _LATE_DAYS
    nights: Window = _MONTH_DAYS
    heavy: Window = _MONTH_DAYS
    time_broken: Window = _MONTH_DAYS
    """Lessons at forbidden times; those of ``out_of_hours``, and what patrols found."""
    out_of_hours: PersistentMap[date] = field(default_factory=PersistentMap)
    """By contract and lesson: which day each was counted on, to be taken off again where it is put right."""
    confirmed: Window = _MONTH_DAYS
    automatic: Window = _MONTH_DAYS
    charges: dict[str, Window] = field(default_factory=dict)
    awaited: tuple[Awaited, ...] = ()
    refunds: tuple[RefundOpen, ...] = ()
    suspense: tuple[Unexplained, ...] = ()
    unpaid: tuple[Unpaid, ...] = ()
    pending: PersistentMap[date] = field(default_factory=PersistentMap)
    """Lessons given and not confirmed yet: the family or fifteen working days take them off again."""
    units_told_on: date | None = None
    units: PersistentMap[int] = field(default_factory=PersistentMap)
    """Lesson units by contract and day of the latest report."""
    last_confirmed_on: date | None = None
    last_given_on: date | None = None
    said: tuple[Said, ...] = ()
    counted: Counted | None = None
    """How many people complain, as the inspection told last."""
    grouped: tuple[date, int] | None = None
    """When several people became a group (X8) last, and how many they were."""
    staff: tuple[tuple[date, int], ...] = ()
    changes: tuple[tuple[date, str], ...] = ()
    approvals: tuple[tuple[date, str], ...] = ()
    """Changes that were approved."""
    sites: tuple[date, ...] = ()
    first_site_on: date | None = None
    """The day on which the first site was told: those of that day were there before and are no expansion."""
    listings: frozenset[str] = frozenset()
    """Published blacklistings in force."""
    stopped_on: date | None = None
    """Since when its operation is said to have stopped without a word."""
    notices: tuple[Announced, ...] = ()
    licence: LicenceStated | None = None
    visits: tuple[Visit, ...] = ()
    heads: int | None = None
    heads_on: date | None = None
    pupils: int | None = None
    frozen_by: str = ""
    bank_change_asked: bool = False
    away_fen: int = 0
    """What a change of bank took to the new account for families whose contracts are still with this one."""
    carried_on: date | None = None
    """When a change of bank last took contracts from or to this account: its weeks before tell of others."""
    is_emptied: bool = False
    """Whether a change of bank has taken the balance away."""
    deposit_fen: int | None = None
    deposit_minimum_fen: int | None = None


UNKNOWN = State()
"""An account that nobody has spoken of yet."""
