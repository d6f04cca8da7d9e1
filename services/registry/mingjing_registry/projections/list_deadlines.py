"""Deadlines of a listing (B1): the window for an answer, the steps of a repair, its term, after which it ends, and its
removal once the decision that it rests on was annulled.

One rule: the end of the term ends the listing and its effect on the whitelist in one transaction, like every other end;
an annulled one is ended by a person, is reminded of while there is time, and is noted where the time has passed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from mingjing_kernel.deadline_clock import Clock, running, running_working_days
from mingjing_kernel.deadlines import Also, DeadlineRule, Due
from mingjing_registry.codec import BLACKLISTINGS, INSTITUTIONS
from mingjing_registry.domain import annulment
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain.blacklist import ExpireListing
from mingjing_registry.domain.blacklisted import NoteBlacklistEnded
from mingjing_registry.projections.blacklist import BLACKLIST_READ

ANNULLED = "行政处罚法第四十八条"
"""What was published is withdrawn within three days, with an explanation."""


def _window(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case f.BlacklistNoticeServed(served_on=served_on, respond_by=respond_by):
            return running(served_on, respond_by)
        case _:
            return None


def _repair(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case f.BlacklistRepairApplied(received_on=received_on, accept_by=accept_by):
            return running(received_on, accept_by)
        case f.BlacklistRepairAccepted(on=on, decide_by=decide_by):
            return running(on, decide_by)
        case _:
            return None


def _term(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case f.BlacklistPublished(on=on, ends_on=ends_on):
            return running(on, ends_on - timedelta(days=1))
        case _:
            return None


def _removal(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case annulment.BlacklistGroundAnnulled(known_on=known_on, remove_by=remove_by, working_days=count):
            return Clock(started_on=known_on, due_on=remove_by, working_days=count)
        case annulment.BlacklistRemovalOverdue(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _reminder(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case annulment.BlacklistGroundAnnulled(known_on=known_on, working_days=count):
            # Noted on the day after its last: with one working day left.
            return running_working_days(known_on, max(count - 1, 0))
        case _:
            return None


def _institution(fact: f.BlacklistPublished | f.BlacklistRemoved) -> str:
    """Whose whitelist standing hangs on it; empty for a party without an entry."""
    return str(fact.institution_id) if fact.institution_id else ""


def _expire(due: Due) -> ExpireListing:
    return ExpireListing(on=due.on)


def _overdue(due: Due) -> annulment.NoteRemovalOverdue:
    return annulment.NoteRemovalOverdue(due_on=due.due_on, on=due.on)


def _remind(due: Due) -> annulment.RemindOfRemoval:
    return annulment.RemindOfRemoval(on=due.on)


def _standing_follows(due: Due) -> tuple[Also, ...]:
    """A listing whose term is over keeps nobody off the whitelist, however it ended."""
    if not due.thing:
        return ()
    cleared = NoteBlacklistEnded(listing_id=due.id, on=due.on)
    return (Also(aggregate=INSTITUTIONS, id=UUID(due.thing), command=cleared),)


STATEMENT_WINDOW = DeadlineRule(
    name="blacklist-statement",
    zh="列入黑名单陈述申辩期限",
    en="The party may answer the notice of a listing",
    aggregate=BLACKLISTINGS,
    listed=BLACKLIST_READ,
    facts=(f.BlacklistNoticeServed, f.BlacklistListed, f.BlacklistRejected, f.BlacklistDropped),
    clock=_window,
    legal_basis="行政处罚法第四十五条",
)
REPAIR = DeadlineRule(
    name="blacklist-repair",
    zh="信用修复办理期限",
    en="The application for repair is to be taken in, then decided",
    aggregate=BLACKLISTINGS,
    listed=BLACKLIST_READ,
    facts=(f.BlacklistRepairApplied, f.BlacklistRepairAccepted, f.BlacklistRepairRefused, f.BlacklistRemoved),
    clock=_repair,
    legal_basis="信用修复管理办法",
)
LISTING_TERM = DeadlineRule(
    name="blacklist-term",
    zh="黑名单公布期满",
    en="The listing runs out",
    aggregate=BLACKLISTINGS,
    listed=BLACKLIST_READ,
    facts=(f.BlacklistPublished, f.BlacklistRemoved),
    clock=_term,
    command=_expire,
    also=_standing_follows,
    thing=_institution,
    legal_basis="信用修复管理办法",
)
_ENDED = (f.BlacklistRemoved, f.BlacklistDropped, f.BlacklistRejected, annulment.BlacklistAnnulmentRetracted)
REMOVAL = DeadlineRule(
    name="blacklist-removal",
    zh="列入依据被撤销，移出黑名单期限",
    en="The decision was annulled: the listing is to be removed",
    aggregate=BLACKLISTINGS,
    listed=BLACKLIST_READ,
    facts=(annulment.BlacklistGroundAnnulled, annulment.BlacklistRemovalOverdue, *_ENDED),
    clock=_removal,
    command=_overdue,
    legal_basis=ANNULLED,
)
REMOVAL_REMINDER = DeadlineRule(
    name="blacklist-removal-reminder",
    zh="移出黑名单提醒",
    en="Whoever has to remove it is reminded",
    aggregate=BLACKLISTINGS,
    listed=BLACKLIST_READ,
    facts=(annulment.BlacklistGroundAnnulled, annulment.BlacklistRemovalReminded, *_ENDED),
    clock=_reminder,
    command=_remind,
    legal_basis=ANNULLED,
)
LIST_DEADLINES = (STATEMENT_WINDOW, REPAIR, LISTING_TERM, REMOVAL, REMOVAL_REMINDER)
