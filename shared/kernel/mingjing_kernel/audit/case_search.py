"""Finding everything of one case in one log: its own stream, what names it, what was born for it, what goes with it.

The one rule: what is left out is said. A correlation that covers a whole import is not one case, and its entries would
bury the case's own; so it is named and not followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from mingjing_kernel.log import Log, Meta
from mingjing_kernel.reads.noted import READS
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

ENTRIES_MAX = 2_000
"""Of one case in one log: what a person can read, and what can be proved in seconds."""
CORRELATED_MAX = 200
"""Entries under one correlation; more than that is an import, not a case."""
BORN_MAX = 20
"""Streams born for the case whose own followers are looked for."""
SEARCH_SECONDS_MAX = 60
"""What names a case is found by reading the whole log once; while the service answers others, no longer than this."""
_META = msgspec.json.Decoder(Meta).decode


class CaseUnknown(NotFound):
    """No log knows anything of it."""

    sentence = "There is no {kind} {id} in the logs."
    remedy = "Name it as KIND/ID, for example complaint/ followed by its id; lists show the ids."


class CaseStandsElsewhere(NotFound):
    """Others name the case, and its own entries are in another log: such a file would prove nothing of it."""

    sentence = "The entries of {kind} {id} itself are not in the logs that were searched; others only name it."
    remedy = "Export it from the service where it began, or across all logs: mingjing audit export KIND/ID."


class CaseTooLarge(Invalid):
    """More than one file should hold."""

    sentence = "The case has more than {max} entries in the log {log}."
    remedy = "Export the single complaints, tasks or alerts of it instead."


class SearchTooLong(Refusal):
    """The log is so long that looking through it would hold up the others."""

    status = 503
    sentence = "Looking through the log {log} takes longer than {seconds} seconds, so it was stopped."
    remedy = "Export the case on the command line: mingjing audit export KIND/ID takes its time."


@dataclass(frozen=True, slots=True)
class Case:
    """What the file is about: a noun of a stream (``complaint``) and the id."""

    kind: str
    id: UUID

    @property
    def stream(self) -> str:
        """The key of its own stream."""
        return f"{self.kind}-{self.id}"


@dataclass(slots=True)
class Found:
    """Positions in one log, the streams of which every version is among them, and what was left out and why."""

    positions: set[int] = field(default_factory=set)
    whole_streams: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


async def find(log: Log, case: Case, seconds_max: int = SEARCH_SECONDS_MAX) -> Found:
    """Everything of the case in this log; empty when it knows nothing of it.

    Raises ``CaseTooLarge``; ``SearchTooLong`` when one question takes longer than ``seconds_max``.
    """
    try:
        return await _find(log, case, seconds_max)
    except asyncpg.QueryCanceledError as stopped:
        raise SearchTooLong(log=log.schema, seconds=seconds_max) from stopped


async def _find(log: Log, case: Case, seconds_max: int) -> Found:
    found = Found()
    async with log.pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(f"SET LOCAL statement_timeout = '{seconds_max:d}s'")
        search = _Search(connection, log.schema, found)
        await search.take_stream(case.stream)
        born = await search.take_named(str(case.id))
        if len(born) > BORN_MAX:
            found.left_out.append(f"{len(born)} streams began for this case; what only names those is not looked for")
        for stream in sorted(born) if len(born) <= BORN_MAX else ():
            await search.take_named(stream[-36:])
        await search.take_correlated(case.stream)
    return found


class _Search:
    """One search in one transaction: every question sees the same log."""

    def __init__(self, connection: Any, schema: str, found: Found) -> None:
        self._connection = connection
        self._schema = schema
        self._found = found

    async def take_stream(self, stream: str) -> None:
        """A whole stream."""
        rows = await self._ask("position FROM {events} WHERE stream = $1 ORDER BY version LIMIT $2", stream)
        if rows:
            self._found.whole_streams[stream] = len(rows)
            self._take(row["position"] for row in rows)

    async def take_named(self, id: str) -> set[str]:
        """Entries that name this id, and the whole of each stream whose first entry does: it began for its sake."""
        rows = await self._ask(
            "position, stream, version FROM {events} WHERE position($1::bytea IN data) > 0 "
            "OR position($1::bytea IN meta) > 0 LIMIT $2",
            id.encode(),
        )
        rows = self._without_reads(rows)
        self._take(row["position"] for row in rows)
        born = {row["stream"] for row in rows if row["version"] == 1} - self._found.whole_streams.keys()
        for stream in sorted(born):
            await self.take_stream(stream)
        return born

    def _without_reads(self, rows: Collection[Any]) -> list[Any]:
        """Notes of reads name the case among whatever else was read then: they are an auditor's, not the file's."""
        kept = [row for row in rows if not row["stream"].startswith(f"{READS.noun}-")]
        if len(kept) < len(rows):
            said = f"{len(rows) - len(kept)} notes of who read it are in the read log, beside reads of other things"
            self._found.left_out.append(said)
        return kept

    async def take_correlated(self, stream: str) -> None:
        """What was done in the same undertakings as the case's own entries."""
        rows = await self._ask("meta AS found FROM {events} WHERE stream = $1 LIMIT $2", stream)
        correlations = {_META(row["found"]).correlation for row in rows} - {""}
        for correlation in sorted(correlations):
            together = await self._ask(
                "position FROM {events} WHERE position($1::bytea IN meta) > 0 LIMIT $2",
                msgspec.json.encode({"correlation": correlation})[1:-1],
            )
            if len(together) > CORRELATED_MAX:
                self._found.left_out.append(f"correlation {correlation} covers more than {CORRELATED_MAX} entries")
            else:
                self._take(row["position"] for row in together)

    def _take(self, positions: Iterable[int]) -> None:
        self._found.positions.update(positions)
        if len(self._found.positions) > ENTRIES_MAX:
            raise CaseTooLarge(max=ENTRIES_MAX, log=self._schema)

    async def _ask(self, question: str, wanted: str | bytes) -> Collection[Any]:
        query = "SELECT " + question.format(events=f'"{self._schema}".events')
        rows: Collection[Any] = await self._connection.fetch(query, wanted, ENTRIES_MAX + 1)
        return rows
