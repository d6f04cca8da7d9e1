"""Reaction X4 and the lists (风险警示、黑白名单): a YELLOW alert, or a graver one, keeps an institution under watch.

One rule: whatever a message leads to, or does not, stands on record (``reaction``): an alert is found again by it when
it is closed, for that message names no institution.
"""

from __future__ import annotations

from typing import Any, Final, Protocol
from uuid import UUID

from mingjing_contracts.funds import AlertClosedV1, AlertRaisedV1
from mingjing_contracts.registry import (
    BlacklistEndedV1,
    BlacklistPublishedV1,
    WhitelistEnteredV1,
    WhitelistLeftV1,
)
from mingjing_inspection.codec import PREMISES_KNOWN, REACTIONS, SUPERVISIONS
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction, ReactionNoted
from mingjing_inspection.domain.supervision import BeginWatch, EndWatch, NoteBlacklist, NoteWhitelist
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log, Work

X4: Final = "X4"
X12: Final = "X12"
WATCHED: Final = frozenset({"YELLOW", "RED"})
"""A RED alert began as a YELLOW one, or should have."""
SUPERVISION: Final = "教监管函〔2021〕2号"
LISTS: Final = "国办发〔2018〕80号"
HOLDER_UNKNOWN: Final = "holder-unknown"
WATCH: Final = "watch-begun"
WATCH_ENDED: Final = "watch-ended"
VISITS_WEEKLY: Final = "visits-weekly"
VISITS_AS_BEFORE: Final = "visits-as-before"
NOT_UNDER_WATCH: Final = "alert-led-to-no-watch"
PARTY_NOT_REGISTERED: Final = "party-not-registered"


class Services(Protocol):
    """What a reaction needs of its host."""

    @property
    def log(self) -> Log:
        """The service's own log."""
        ...

    @property
    def settings(self) -> Any:
        """The service's settings."""
        ...


def watch_id(alert_id: UUID) -> UUID:
    """The record of what an alert led to."""
    return derived_id("reaction", X4, alert_id)


def begin_watch(message: Message[AlertRaisedV1], premises: Premises, host: Services) -> list[Work]:
    """X4: under watch from now on, and visited twice as often; or on record why not."""
    told = message.contract
    why = "" if told.severity in WATCHED else f"severity-{told.severity.lower()}"
    if told.institution_id is None and not why:
        why = HOLDER_UNKNOWN
    note = NoteReaction(
        reaction=X4,
        occasion=f"alert:{told.alert_id}",
        did=() if why else (WATCH,),
        institution_id=told.institution_id,
        why=why,
        department=premises.department or told.department or host.settings.lead_department,
        region=premises.region or told.region or host.settings.county_code,
        category=premises.category,
        at=message.occurred_at,
    )
    works = []
    if not why and told.institution_id is not None:
        begin = BeginWatch(alert_id=told.alert_id, rule=told.rule, at=message.occurred_at)
        envelope = message.envelope("begin-watch", reason=told.rule, legal_basis=SUPERVISION)
        works.append(Work(SUPERVISIONS, told.institution_id, begin, envelope))
    noted = message.envelope("note-watch", reason=told.rule, legal_basis=SUPERVISION)
    return [*works, Work(REACTIONS, watch_id(told.alert_id), note, noted)]


async def end_watch(message: Message[AlertClosedV1], host: Services) -> list[Work]:
    """The alert is closed: it keeps nobody under watch any more; an alert that never did is on record."""
    told = message.contract
    led_to: ReactionNoted | None = (await host.log.state(REACTIONS, watch_id(told.alert_id)))[0]
    institution_id = led_to.institution_id if led_to is not None and not led_to.why else None
    note = NoteReaction(
        reaction=X4,
        occasion=f"alert-closed:{told.alert_id}",
        did=(WATCH_ENDED,) if institution_id else (),
        institution_id=led_to.institution_id if led_to else None,
        why="" if institution_id else NOT_UNDER_WATCH,
        department=led_to.department if led_to else host.settings.lead_department,
        region=led_to.region if led_to else host.settings.county_code,
        category=led_to.category if led_to else "",
        at=message.occurred_at,
    )
    works = []
    if institution_id is not None:
        end = EndWatch(alert_id=told.alert_id, disposal=told.disposal, at=message.occurred_at)
        envelope = message.envelope("end-watch", reason=told.disposal, legal_basis=SUPERVISION)
        works.append(Work(SUPERVISIONS, institution_id, end, envelope))
    id = derived_id("reaction", X4, "closed", told.alert_id)
    noted = message.envelope("note-watch-end", reason=told.disposal, legal_basis=SUPERVISION)
    return [*works, Work(REACTIONS, id, note, noted)]


def note_whitelist(message: Message[WhitelistEnteredV1] | Message[WhitelistLeftV1], _: Services) -> list[Work]:
    """How often somebody goes there follows from it."""
    told = message.contract
    command = NoteWhitelist(is_on=isinstance(told, WhitelistEnteredV1), at=message.occurred_at)
    envelope = message.envelope("note-whitelist", reason=told.reason, legal_basis=LISTS)
    return [Work(SUPERVISIONS, told.institution_id, command, envelope)]


async def note_blacklist(
    message: Message[BlacklistPublishedV1] | Message[BlacklistEndedV1], host: Services
) -> list[Work]:
    """X12, X13: inspected weekly while it is listed; of a party without an entry in the register nothing can be."""
    told = message.contract
    is_on = isinstance(told, BlacklistPublishedV1)
    reason = told.grade if isinstance(told, BlacklistPublishedV1) else told.cause
    premises = Premises()
    if told.institution_id is not None:
        premises = (await host.log.state(PREMISES_KNOWN, told.institution_id))[0]
    note = NoteReaction(
        reaction=X12 if is_on else "X13",
        occasion=f"listing:{told.listing_id}",
        did=(VISITS_WEEKLY if is_on else VISITS_AS_BEFORE,) if told.institution_id else (),
        institution_id=told.institution_id,
        why="" if told.institution_id else PARTY_NOT_REGISTERED,
        department=premises.department or host.settings.lead_department,
        region=premises.region or host.settings.county_code,
        category=premises.category,
        at=message.occurred_at,
    )
    noted = message.envelope("note-blacklist-reaction", reason=reason, legal_basis=LISTS)
    works = [Work(REACTIONS, derived_id("reaction", note.reaction, told.listing_id), note, noted)]
    if told.institution_id is not None:
        command = NoteBlacklist(listing_id=told.listing_id, is_on=is_on, at=message.occurred_at)
        envelope = message.envelope("note-blacklist", reason=reason, legal_basis=LISTS)
        works.append(Work(SUPERVISIONS, told.institution_id, command, envelope))
    return works
