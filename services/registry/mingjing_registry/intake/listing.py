"""A listing's step, and what it means for the institution's whitelist standing, in one transaction of the log.

One rule: both streams or neither. A listing is published or ended together with the institution's own entry or exit;
no crash comes between them, because there is no between.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Envelope, Log, Outcome, VersionConflict, Work
from mingjing_kernel.policy import in_force
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import BLACKLISTINGS, INSTITUTIONS, PROVIDERS
from mingjing_registry.domain import blacklisted
from mingjing_registry.domain.blacklist import Command, File, Jurisdiction, Listing
from mingjing_registry.domain.blacklist_facts import BlacklistPublished, BlacklistRemoved, Event
from mingjing_registry.domain.listing_terms import ListingNumbers
from mingjing_registry.domain.provider_return import NoteListingOver
from mingjing_registry.policy.rules import BLACKLIST

TRIES_MAX = 5


async def carry_out(kit: Kit, listing_id: UUID, command: Command, envelope: Envelope) -> Outcome:
    """Carry the step out. Raises its refusal; ``VersionConflict`` when the file moves on at every try."""
    for _ in range(TRIES_MAX - 1):
        try:
            return await _try(kit, listing_id, command, envelope)
        except VersionConflict:
            if envelope.expected_version is not None:
                raise
    return await _try(kit, listing_id, command, envelope)


async def _try(kit: Kit, listing_id: UUID, command: Command, envelope: Envelope) -> Outcome:
    state, version = await kit.log.state(BLACKLISTINGS, listing_id)
    told = _told(command, state)
    days = await _days_to_undo(kit, state, told)
    following = [work for event in told for work in following_works(listing_id, event, envelope, days)]
    if not following:
        # Refused, of no account for the whitelist, or done before: the log says which.
        return await kit.log.handle(BLACKLISTINGS, listing_id, command, envelope)
    # What was foreseen holds for this version of the file and no other.
    fenced = envelope if envelope.expected_version is not None else replace(envelope, expected_version=version)
    works = [Work(BLACKLISTINGS, listing_id, command, fenced), *following]
    outcomes = [one for one in await kit.log.handle_many(works, settle=all_or_none) if isinstance(one, Outcome)]
    # Whoever waits for this write sees the institution's part of it, too.
    return replace(outcomes[0], position=max(one.position for one in outcomes))


async def numbers_on(log: Log, day: date, within: Jurisdiction) -> ListingNumbers:
    """The numbers in force on a day for a place."""
    place = (within.region, within.category) if within.category else (within.region,)
    found = await in_force(log, BLACKLIST, day, *place)
    return ListingNumbers(
        version=found.version,
        minor_months_max=found["minor-months-max"],
        general_months_min=found["general-months-min"],
        general_months_max=found["general-months-max"],
        serious_months_min=found["early-removal-months"],
        serious_months_max=found["term-months"],
        notice_working_days=found["statement-working-days"],
        repair_accept_working_days=found["repair-accept-working-days"],
        repair_decide_working_days=found["repair-decide-working-days"],
        withdrawal_working_days=found["annulment-working-days"],
        superior_consent=found["superior-consent"],
    )


async def _days_to_undo(kit: Kit, state: Listing, told: list[Event]) -> int:
    """Within how many working days what a listing did is undone, where it ends; else of no account."""
    ended = next((event for event in told if isinstance(event, BlacklistRemoved)), None)
    if ended is None or not isinstance(state, File):
        return 0
    return (await numbers_on(kit.log, ended.on, state.within)).withdrawal_working_days


def following_works(listing_id: UUID, event: Event, envelope: Envelope, working_days: int) -> list[Work]:
    """What a fact of a listing means for the institution's own stream, and for its place as an after-school provider
    (X12, X13); ``working_days``: within how many a listing that fell is to be undone.
    """

    def work(name: str, aggregate: Aggregate, id: UUID, command: Any) -> Work:
        command_id = derived_id(name, envelope.command_id, listing_id)
        return Work(aggregate, id, command, replace(envelope, command_id=command_id, expected_version=None))

    match event:
        case BlacklistPublished(institution_id=UUID() as party, is_public=True, on=on):
            listed = blacklisted.NoteBlacklisting(listing_id=listing_id, on=on)
            return [work("whitelist-follows", INSTITUTIONS, party, listed)]
        case BlacklistRemoved(institution_id=UUID() as party, was_public=True, on=on):
            cleared = blacklisted.NoteBlacklistEnded(listing_id=listing_id, on=on)
            over = NoteListingOver(listing_id=listing_id, working_days=working_days, on=on)
            return [
                work("whitelist-follows", INSTITUTIONS, party, cleared),
                work("provider-follows", PROVIDERS, party, over),
            ]
        case _:
            return []


async def all_or_none(_connection: Any, results: list[Any]) -> None:
    """One refusal takes the whole transaction down."""
    for result in results:
        if isinstance(result, Exception):
            raise result


def _told(command: Command, state: Listing) -> list[Event]:
    try:
        return BLACKLISTINGS.decider.decide(command, state)
    except Refusal:
        return []
