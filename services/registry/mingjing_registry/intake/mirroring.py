"""Taking a source's list over: every entry, what is missing, and the receipt, in one transaction.

One rule: a list is taken whole or not at all; an older one than the last is refused, and so is one that would end more
than half of what is in force, until somebody confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.projection import ReadModel
from mingjing_registry.codec import BARRED, DISHONESTY_ENTRIES, MIRROR_SOURCES
from mingjing_registry.domain.mirror import EndEntry, Entry, MirroredList, MirrorEntry, TakeSource, take
from mingjing_registry.intake.listing import all_or_none
from mingjing_registry.projections.mirror import BARRED_READ, DISHONESTY_READ, live_entries

_KEPT: Mapping[MirroredList, tuple[Aggregate, ReadModel]] = {
    "dishonesty": (DISHONESTY_ENTRIES, DISHONESTY_READ),
    "staff": (BARRED, BARRED_READ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """By whom, of which day, whether it is the whole list, and whether somebody looked at how short it is."""

    source: str
    stated_on: date
    is_complete: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of a list."""

    new_or_changed: int
    unchanged: int
    ended: int
    position: int


def entry_id_of(mirrored_list: MirroredList, source: str, source_id: str) -> UUID:
    """One stream an entry of a source: telling of it twice is telling of it once."""
    return derived_id("mirror", mirrored_list, source, source_id)


async def take_over(
    kit: Kit,
    mirrored_list: MirroredList,
    said: Claim,
    entries: Mapping[UUID, Entry],
    envelope: Envelope,
    on: date,
) -> Taken:
    """Raises ``FeedOlder``, ``ListShrunken``."""
    aggregate, _ = _KEPT[mirrored_list]
    gone, receipt = await _receipt(kit, mirrored_list, said, entries, on)
    end = EndEntry(stated_on=said.stated_on, on=on)
    works = [Work(MIRROR_SOURCES, derived_id("mirror-source", mirrored_list, said.source), receipt, envelope)]
    for id, entry in entries.items():
        command = MirrorEntry(entry=entry, stated_on=said.stated_on, on=on)
        works.append(Work(aggregate, id, command, _envelope(envelope, id)))
    works += [Work(aggregate, id, end, _envelope(envelope, id)) for id in gone]
    results = [one for one in await kit.log.handle_many(works, settle=all_or_none) if isinstance(one, Outcome)]
    changed = sum(bool(one.events) for one in results[1 : 1 + len(entries)])
    return Taken(
        new_or_changed=changed,
        unchanged=len(entries) - changed,
        ended=len(gone),
        position=max(one.position for one in results),
    )


async def try_out(
    kit: Kit,
    mirrored_list: MirroredList,
    said: Claim,
    entries: Mapping[UUID, Entry],
    _envelope: Envelope,
    on: date,
) -> Taken:
    """What taking it over would come to; nothing is recorded. Raises what that would raise."""
    aggregate, _ = _KEPT[mirrored_list]
    gone, receipt = await _receipt(kit, mirrored_list, said, entries, on)
    stated_on, _ = await kit.log.state(MIRROR_SOURCES, derived_id("mirror-source", mirrored_list, said.source))
    take(receipt, stated_on)
    states = await kit.log.states(aggregate, sorted(entries)) if entries else {}
    changed = sum(
        bool(aggregate.decider.decide(MirrorEntry(entry=entry, stated_on=said.stated_on, on=on), states[id]))
        for id, entry in entries.items()
    )
    return Taken(new_or_changed=changed, unchanged=len(entries) - changed, ended=len(gone), position=0)


async def _receipt(
    kit: Kit, mirrored_list: MirroredList, said: Claim, entries: Mapping[UUID, Entry], on: date
) -> tuple[list[UUID], TakeSource]:
    """What the list ends, and the receipt for it."""
    _, model = _KEPT[mirrored_list]
    known = await _live(kit, model, said.source) if said.is_complete else frozenset[UUID]()
    gone = sorted(known - entries.keys())
    receipt = TakeSource(
        mirrored_list=mirrored_list,
        source=said.source,
        stated_on=said.stated_on,
        is_complete=said.is_complete,
        entries=len(entries),
        known=len(known),
        ended=len(gone),
        is_confirmed=said.is_confirmed,
        on=on,
    )
    return gone, receipt


async def _live(kit: Kit, model: ReadModel, source: str) -> frozenset[UUID]:
    """What is in force of a source, as of its last list."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        return frozenset((await connection.execute(live_entries(model, source))).scalars())


def _envelope(envelope: Envelope, id: UUID) -> Envelope:
    command_id = derived_id("mirror-entry", envelope.command_id, id)
    return replace(envelope, command_id=command_id, expected_version=None)
