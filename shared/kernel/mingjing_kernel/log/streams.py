"""Streams read for those who decide: of a crowd that asks at once all are read by a few questions (``gathering``).

The one rule: a state is folded once for all who asked together, so nobody may change it; deciders never do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mingjing_kernel.gathering import Gathering
from mingjing_kernel.log.database import is_away
from mingjing_kernel.log.envelope import Aggregate, Recorded
from mingjing_kernel.log.pages import COLUMNS

if TYPE_CHECKING:
    from mingjing_kernel.log.log import Log


class Stream:
    """The facts of one stream, and what they come to."""

    __slots__ = ("_folded", "facts")

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self._folded: tuple[Any, Any] | None = None

    def state(self, aggregate: Aggregate) -> Any:
        """Folded by this aggregate's rules."""
        if self._folded is None or self._folded[0] is not aggregate:
            self._folded = (aggregate, aggregate.decider.fold(self.facts))
        return self._folded[1]


class Streams:
    """Asks one log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._streams: Gathering[str, Stream] = Gathering(self._read, is_away)
        self._commands: Gathering[UUID, list[Recorded[Any]]] = Gathering(self.of_commands_at_once, is_away)

    async def of(self, streams: Sequence[str]) -> list[Stream]:
        """Each stream as it stands."""
        found = await self._streams.ask(streams)
        return [found[stream] for stream in streams]

    async def of_commands(self, ids: Sequence[UUID]) -> Mapping[UUID, list[Recorded[Any]]]:
        """What commands came to; those that were never carried out, or left no fact, are missing."""
        return await self._commands.ask(ids)

    async def of_commands_at_once(self, ids: Sequence[UUID]) -> dict[UUID, list[Recorded[Any]]]:
        """The same by a question of one's own."""
        columns = ", ".join(f"e.{name.strip()}" for name in COLUMNS.split(","))
        rows = await self._log.pool.fetch(  # sorted here: an ORDER BY could tempt the planner to walk all of the log
            f'SELECT {columns}, c.id FROM "{self._log.schema}".commands c JOIN "{self._log.schema}".events e '
            "ON e.position > c.position - c.events AND e.position <= c.position WHERE c.id = ANY($1::uuid[])",
            list(ids),
        )
        found: dict[UUID, list[Recorded[Any]]] = {}
        for *row, id in sorted(rows, key=lambda row: row["position"]):
            found.setdefault(UUID(int=id.int), []).append(self._log.recorded(row))
        return found

    async def _read(self, streams: Sequence[str]) -> Mapping[str, Stream]:
        rows = await self._log.pool.fetch(
            f'SELECT stream, type, data FROM "{self._log.schema}".events WHERE stream = ANY($1) '
            "ORDER BY stream, version",
            list(streams),
        )
        found = {stream: Stream() for stream in streams}
        for stream, type_, data in rows:
            found[stream].facts.append(self._log.decode(type_, data))
        return found
