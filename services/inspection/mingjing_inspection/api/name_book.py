"""The name book: every known name in memory, read again when the registry said something new.

One rule: it is a cache of a read model and knows how old it is; a match records what it found, never that it looked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from mingjing_inspection.domain.complaint import Channel
from mingjing_inspection.matching.linking import Described, Linker
from mingjing_inspection.projections.premises import Known, all_known, noted_position
from mingjing_inspection.sources.complaint_row import Competence, Desk
from mingjing_inspection.sources.matching import NameIndex
from mingjing_inspection.sources.said_town import towns_of
from mingjing_kernel.http import Kit


@dataclass(slots=True)
class NameBook:
    """Make one a router factory; ``desk`` gives what reading complaints needs, up to date."""

    kit: Kit
    _index: NameIndex | None = None
    _competent: Mapping[UUID, Competence] = field(default_factory=lambda: MappingProxyType({}))
    _position: int = -1
    _linker: Linker | None = None
    _linked: int = -1
    _known: Sequence[Known] = ()
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def linker(self) -> Linker:
        """Every institution known now, for suggestions."""
        async with self._making:  # of several who ask at once, one makes it
            index = await self._fresh()
            if self._linker is None or self._linked != self._position:
                known, position = self._known, self._position
                linker = await asyncio.to_thread(Linker, index, [_described(one) for one in known])
                self._linker, self._linked = linker, position
            return self._linker

    async def desk(self, channel: Channel, taken_by: str) -> Desk:
        """Where complaints of ``channel`` are taken, with every name known now."""
        index = await self._fresh()
        settings = self.kit.settings
        return Desk(
            channel=channel,
            index=index,
            competent=self._competent,
            county=settings.county_name,
            region=settings.county_code,
            department=settings.lead_department,
            taken_by=taken_by,
            taken_at=self.kit.now(),
            towns=towns_of(settings.county_code),
        )

    async def _fresh(self) -> NameIndex:
        async with self.kit.connection() as connection:
            position = await noted_position(connection)
            if self._index is None or position != self._position:
                known = await all_known(connection)
                index = NameIndex(places=self.kit.settings.name_places)
                for one in known:
                    index.add(one.institution_id, one.names)
                self._competent = MappingProxyType(
                    {one.institution_id: Competence(department=one.department, category=one.category) for one in known}
                )
                self._index, self._position, self._known = index, position, known
            return self._index


def _described(one: Known) -> Described:
    return Described(institution_id=one.institution_id, names=one.names, category=one.category, addresses=one.addresses)
