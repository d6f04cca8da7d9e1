"""One batch of commands, decided in order and made ready to write.

The one rule: a command sees the state that the commands before it in the batch leave behind, and whatever happens
to it (refused, stale, repeated, broken) happens to it alone.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from mingjing_kernel.codec import canonical_json
from mingjing_kernel.log.entry import micros
from mingjing_kernel.log.envelope import (
    Aggregate,
    Attach,
    CommandIdReused,
    Envelope,
    Meta,
    Outcome,
    Result,
    VersionConflict,
    Work,
)
from mingjing_kernel.log.merkle import Digest, Frontier, Tile

_META_ENCODE = __import__("msgspec").json.Encoder(order="sorted").encode
_HEADER = b"\x00mingjing/entry/v1\n%d\n%b\n%d\n%b\n%d\n%d\n%d\n%d\n%b%b"


@dataclass(slots=True, eq=False)
class Group:
    """Works of one caller that are written in one transaction, with what else is written there."""

    works: Sequence[Work]
    done: asyncio.Future[list[Result]]
    attach: Attach | None = None


@dataclass(slots=True)
class Entry:
    """A stream as the cache knows it."""

    version: int
    state: Any


@dataclass(frozen=True, slots=True)
class Known:
    """A command that the log carried out before."""

    digest: bytes
    position: int
    version: int
    events: int


@dataclass(slots=True)
class Rows:
    """Columns of the events to insert, side by side as ``unnest`` wants them."""

    positions: list[int] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    meta: list[bytes] = field(default_factory=list)
    occurred_at: list[datetime] = field(default_factory=list)
    recorded_at: list[datetime] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Commands:
    """Columns of the commands to remember."""

    ids: list[UUID] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


class Batch:
    """What one commit writes and what each caller is told when it succeeds."""

    __slots__ = ("commands", "digest", "frontier", "groups", "recorded_at", "results", "rows", "tiles", "touched", "_seen", "_position", "_micros", "_streams", "_encoded")

    def __init__(self, groups: list[Group], frontier: Frontier, digest: Digest, recorded_at: datetime) -> None:
        self.groups = groups
        self.frontier = frontier
        self.digest = digest
        self.recorded_at = recorded_at
        self.rows = Rows()
        self.commands = Commands()
        self.tiles: list[Tile] = []
        self.results: list[list[Result]] = []
        self.touched: set[str] = set()
        self._seen: dict[UUID, tuple[bytes, Result]] = {}
        self._position = frontier.size
        self._micros = micros(recorded_at)

    def decide(self, cache: dict[str, Entry], known: Mapping[UUID, Known], past: Mapping[UUID, tuple[Any, ...]]) -> None:
        """Decide every work against ``cache`` (which then holds the speculative states), then extend the tree."""
        for group in self.groups:
            results: list[Result] = []
            for work in group.works:
                try:
                    results.append(self._one(work, cache, known, past))
                except Exception as refusal:  # noqa: BLE001  (each caller gets his own, typed)
                    results.append(refusal)
            self.results.append(results)
        self.tiles = self.frontier.extend(self.rows.leaves)

    def _one(
        self, work: Work, cache: dict[str, Entry], known: Mapping[UUID, Known], past: Mapping[UUID, tuple[Any, ...]]
    ) -> Result:
        envelope = work.envelope
        command_id = envelope.command_id
        stream = work.aggregate.stream(work.id)
        digest = envelope.digest or command_digest(stream, work.command)
        if command_id in known:
            return _again(known[command_id], digest, past.get(command_id, ()))
        if command_id in self._seen:
            return _same(self._seen[command_id], digest)
        entry = cache[stream]
        expected = envelope.expected_version
        if expected is not None and expected != entry.version:
            raise VersionConflict(expected=expected, actual=entry.version)
        aggregate = work.aggregate
        events = aggregate.decider.decide(work.command, entry.state)
        state = entry.state
        if events:
            encode = aggregate.codec.encode
            encoded = [encode(event) for event in events]
            for event in events:
                state = aggregate.decider.evolve(state, event)
            self._append(stream, entry.version, encoded, envelope)
            entry = cache[stream] = Entry(entry.version + len(events), state)
            self.touched.add(stream)
        outcome = Outcome(self._position, entry.version, tuple(events))
        commands = self.commands
        commands.ids.append(command_id)
        commands.digests.append(digest)
        commands.positions.append(self._position)
        commands.versions.append(entry.version)
        commands.events.append(len(events))
        self._seen[command_id] = (digest, outcome)
        return outcome

    def _append(self, stream: str, version: int, encoded: list[tuple[str, bytes]], envelope: Envelope) -> None:
        rows, hash_, position = self.rows, self.digest, self._position
        meta = _META_ENCODE(envelope.meta())
        occurred_at = envelope.occurred_at or self.recorded_at
        occurred = self._micros if occurred_at is self.recorded_at else micros(occurred_at)
        key = stream.encode()
        for name, data in encoded:
            position += 1
            version += 1
            rows.positions.append(position)
            rows.streams.append(stream)
            rows.versions.append(version)
            rows.types.append(name)
            rows.data.append(data)
            rows.meta.append(meta)
            rows.occurred_at.append(occurred_at)
            rows.leaves.append(
                hash_(
                    _HEADER
                    % (position, key, version, name.encode(), occurred, self._micros, len(data), len(meta), data, meta)
                )
            )
        self._position = position


def command_digest(stream: str, command: Any) -> bytes:
    """What "the same bytes" means for a command that came without bytes of its own."""
    return hashlib.sha256(stream.encode() + b"\n" + type(command).__name__.encode() + b"\n" + canonical_json(command)).digest()


def _again(known: Known, digest: bytes, events: tuple[Any, ...]) -> Outcome:
    if known.digest != digest:
        raise CommandIdReused
    return Outcome(known.position, known.version, events, repeated=True)


def _same(first: tuple[bytes, Result], digest: bytes) -> Result:
    if first[0] != digest:
        raise CommandIdReused
    outcome = first[1]
    if isinstance(outcome, Outcome):
        return Outcome(outcome.position, outcome.version, outcome.events, repeated=True)
    return outcome
