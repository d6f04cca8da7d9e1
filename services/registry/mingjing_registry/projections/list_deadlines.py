"""Deadlines of a listing (B1): the window for an answer, the steps of a repair, and its term, after which it ends.

One rule: the end of the term ends the listing and its effect on the whitelist in one transaction, like every other end.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from mingjing_kernel.deadline_clock import Clock, running
from mingjing_kernel.deadlines import Also, DeadlineRule, Due
from mingjing_registry.codec import BLACKLISTINGS, INSTITUTIONS
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain.blacklist import ExpireListing
from mingjing_registry.domain.blacklisted import NoteBlacklistEnded
from mingjing_registry.projections.blacklist import BLACKLIST_READ


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


def _institution(fact: f.BlacklistPublished | f.BlacklistRemoved) -> str:
    """Whose whitelist standing hangs on it; empty for a party without an entry."""
    return str(fact.institution_id) if fact.institution_id else ""


def _expire(due: Due) -> ExpireListing:
    return ExpireListing(on=due.on)


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
LIST_DEADLINES = (STATEMENT_WINDOW, REPAIR, LISTING_TERM)
