"""Taking a source's list over: every entry, what is missing, and the receipt, in one transaction.

One rule: a list is taken whole or not at all, and an older one than the last is refused.
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
from mingjing_registry.domain.mirror import EndEntry, Entry, MirroredList, MirrorEntry, TakeSource
from mingjing_registry.intake.listing import all_or_none
from mingjing_registry.projections.mirror import BARRED_READ, DISHONESTY_READ, live_entries

_KEPT: Mapping[MirroredList, tuple[Aggregate, ReadModel]] = {
    "dishonesty": (DISHONESTY_ENTRIES, DISHONESTY_READ),
    "staff": (BARRED, BARRED_READ),
}


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
    said: tuple[str, date, bool],
    entries: Mapping[UUID, Entry],
    envelope: Envelope,
    on: date,
) -> Taken:
    """``said``: by whom, of which day, and whether it is the whole list. Raises ``FeedOlder``."""
    source, stated_on, is_complete = said
    aggregate, model = _KEPT[mirrored_list]
    gone: list[UUID] = []
    if is_complete:
        await kit.up_to_date()
        async with kit.connection() as connection:
            known = await connection.execute(live_entries(model, source))
        gone = sorted({row.entry_id for row in known} - entries.keys())
    receipt = TakeSource(
        mirrored_list=mirrored_list,
        source=source,
        stated_on=stated_on,
        is_complete=is_complete,
        entries=len(entries),
        ended=len(gone),
        on=on,
    )
    end = EndEntry(stated_on=stated_on, on=on)
    works = [Work(MIRROR_SOURCES, derived_id("mirror-source", mirrored_list, source), receipt, envelope)]
    for id, entry in entries.items():
        command = MirrorEntry(entry=entry, stated_on=stated_on, on=on)
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


def _envelope(envelope: Envelope, id: UUID) -> Envelope:
    command_id = derived_id("mirror-entry", envelope.command_id, id)
    return replace(envelope, command_id=command_id, expected_version=None)
