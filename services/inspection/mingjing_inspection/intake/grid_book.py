"""The grid book: the grids in force, ready to be asked where a point lies.

One rule: a version in force never changes, so what is kept of it is never stale; which one is in force is asked anew
each time.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.codec import GRID_VERSIONS
from mingjing_inspection.domain.grid_version import Approved
from mingjing_inspection.geometry.index import GridIndex
from mingjing_inspection.projections.grid_versions import in_force_on
from mingjing_kernel.log import Log

VERSIONS_KEPT_MAX = 4
"""In memory: the one in force, and a few that somebody asks about."""


class Service(Protocol):
    """What looking up needs of the service."""

    @property
    def log(self) -> Log:
        """The service's log."""
        ...

    @property
    def settings(self) -> Any:
        """The service's settings."""
        ...

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries over its read models."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Grids:
    """One version that is or was in force."""

    version_id: UUID
    version: Approved
    index: GridIndex


@dataclass(slots=True)
class GridBook:
    """Make one a router factory, or a duty."""

    service: Service
    _kept: dict[UUID, Grids] = field(default_factory=dict)

    async def on(self, day: date, at: int | None = None) -> Grids | None:
        """The grids in force on a day, as was known after position ``at``; ``None`` where there were none."""
        async with self.service.connection() as connection:
            query = in_force_on(day, self.service.settings.county_code, at).limit(1)
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else await self.grids(UUID(int=row.version_id.int))

    async def grids(self, version_id: UUID) -> Grids:
        """One version that was approved."""
        kept = self._kept.get(version_id)
        if kept is None:
            version, _ = await self.service.log.state(GRID_VERSIONS, version_id)
            assert isinstance(version, Approved)
            while len(self._kept) >= VERSIONS_KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            kept = self._kept[version_id] = Grids(version_id, version, GridIndex(version.areas))
        return kept
