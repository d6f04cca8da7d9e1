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

import msgspec

from mingjing_kernel.identity.hands import NOBODY, Hands
from mingjing_kernel.log.entry import LEAF_FORMAT, micros
from mingjing_kernel.log.envelope import (
    CommandIdReused,
    Envelope,
    Move,
    OccurredImplausibly,
    Outcome,
    Result,
    Settle,
    VersionConflict,
    Work,
)
from mingjing_kernel.log.merkle import Frontier, Tile

_ENCODE = msgspec.json.Encoder(order="sorted").encode
DIGEST_BYTES = 32
LATE_MICROS_MAX = 200 * 366 * 86_400 * 1_000_000
"""200 years: PostgreSQL multiplies an interval in floating point, which is exact up to 285."""
UNREADABLE = -1
"""Version of a cached stream whose facts this release cannot fold; its state is the reason."""


@dataclass(slots=True, eq=False)
class Group:
    """Works of one caller that are written in one transaction, with what else is written there."""

    works: Sequence[Work]
    done: asyncio.Future[list[Result]]
    attach: Settle | None = None
    move: Move | None = None
    """What ``attach`` comes to when no work is refused, which one statement does with the rest."""
    hangs: bool = False
    """Whether the first work takes all others down: then nothing is decided for them, and nothing is written."""

    @property
    def is_held(self) -> bool:
        """Whether it needs a transaction of several statements from the start."""
        return self.attach is not None and self.move is None


@dataclass(slots=True)
class Entry:
    """A stream as the cache knows it."""

    version: int
    state: Any
    hands: Hands = field(default_factory=lambda: NOBODY)
    """Who did what to it, as far as acts of it are kept apart."""


NOTHING = Entry(0, None)
"""What a stream is before anything is known of it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command that the log carried out before."""

    digest: bytes
    stream: str
    """Empty when it led to no fact."""
    position: int
    version: int
    events: tuple[Any, ...]
    trouble: Exception | None = None


class StreamUnreadable(RuntimeError):
    """The facts of a stream cannot be folded by this release: the code is older than its data, or wrong."""


Past = Mapping[UUID, Known]


@dataclass(slots=True)
class Rows:
    """Columns of the events to insert. Byte columns are parts of one long string each: see ``pack.py``."""

    streams: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    meta: list[bytes] = field(default_factory=list)
    late_micros: list[int] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Commands:
    """Columns of the commands to remember."""

    ids: list[bytes] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


class Batch:
    """What one commit writes, and what each caller is told when it succeeds.

    Groups are decided as they arrive (``add``), so that the processor works while the commit before is on its way;
    ``close`` extends the tree.
    """

    __slots__ = ("_micros", "_position", "_seen", "commands", "frontier", "groups", "is_held", "moves", "recorded_at",
                 "refused", "results", "rows", "start", "tiles", "works")  # fmt: skip

    def __init__(self, tip: Frontier, recorded_at: datetime) -> None:
        self.groups: list[Group] = []
        self.start = tip.size
        self.frontier = tip.copy()
        self.recorded_at = recorded_at
        self.rows = Rows()
        self.commands = Commands()
        self.tiles: list[Tile] = []
        self.moves: list[Move] = []
        self.is_held = False
        """Whether a group turned out to need more than a move: its attachment says what became of a refused work."""
        self.results: list[list[Result]] = []
        self.works = 0
        self.refused: list[UUID] = []
        """Commands that were refused: nothing is written for them, so neither fence nor unique key has checked them."""
        self._seen: dict[bytes, tuple[bytes, str, Outcome]] = {}
        self._position = self.start
        self._micros = micros(recorded_at)

    def __len__(self) -> int:
        """How many commands it will remember."""
        return len(self.commands.ids)

    def __bool__(self) -> bool:
        """Always: one that only refuses is empty, and yet callers wait for what it says."""
        return True

    def add(self, group: Group, cache: dict[str, Entry], past: Past) -> None:
        """Decide every work of the group against ``cache``, which then holds the speculative states."""
        results: list[Result] = []
        for work in group.works:
            if group.hangs and results and isinstance(results[0], Exception):
                results.append(results[0])
                continue
            try:
                results.append(self._one(work, cache, past))
            except Exception as refusal:
                results.append(refusal)
                self.refused.append(work.envelope.command_id)
        self.groups.append(group)
        self.results.append(results)
        self.works += len(results)
        if group.move is not None:
            self.moves.append(group.move)
            self.is_held |= any(isinstance(result, Exception) for result in results)

    def close(self) -> None:
        """No more commands: extend the tree over the new leaves."""
        self.tiles = self.frontier.extend(self.rows.leaves)

    def _one(self, work: Work, cache: dict[str, Entry], past: Past) -> Outcome:
        aggregate, envelope = work.aggregate, work.envelope
        command_id = envelope.command_id
        stream = aggregate.stream(work.id)
        digest = envelope.digest or command_digest(stream, work.command)
        if len(digest) != DIGEST_BYTES:  # digests travel side by side: a short one would shift its neighbours'
            raise ValueError(f"the digest of command {command_id} has {len(digest)} bytes, not {DIGEST_BYTES}")
        if past and command_id in past:
            return _again(past[command_id], digest, stream)
        key = command_id.bytes
        if key in self._seen:
            return _same(self._seen[key], digest, stream)
        entry = cache[stream]
        version, state = entry.version, entry.state
        events = self._decide(work, stream, version, state)
        if events:
            hands, separation = entry.hands, aggregate.separation
            if separation is not None:
                hands = separation.checked(events, envelope, hands)
            encode, evolve = aggregate.codec.encode, aggregate.decider.evolve
            encoded = [encode(event) for event in events]
            for event in events:
                state = evolve(state, event)
            self._append(stream, version, encoded, envelope)
            version += len(events)
            cache[stream] = Entry(version, state, hands)
        commands, position = self.commands, self._position
        commands.ids.append(key)
        commands.digests.append(digest)
        commands.positions.append(position)
        commands.versions.append(version)
        commands.events.append(len(events))
        outcome = Outcome(position, version, tuple(events))
        self._seen[key] = (digest, stream, outcome)
        return outcome

    def _decide(self, work: Work, stream: str, version: int, state: Any) -> list[Any]:
        if version == UNREADABLE:
            raise StreamUnreadable(f"{stream}: {state!r}")
        expected = work.envelope.expected_version
        if expected is not None and expected != version:
            raise VersionConflict(expected=expected, actual=version)
        events: list[Any] = work.aggregate.decider.decide(work.command, state)
        return events

    def _append(self, stream: str, version: int, encoded: list[tuple[str, bytes]], envelope: Envelope) -> None:
        rows, hash_, position, recorded = self.rows, self.frontier.digest, self._position, self._micros
        meta = envelope.meta_bytes()
        occurred = recorded
        if envelope.occurred_at:
            occurred = micros(envelope.occurred_at)
            if not -LATE_MICROS_MAX < recorded - occurred < LATE_MICROS_MAX:
                raise OccurredImplausibly(moment=envelope.occurred_at.isoformat())
        key = stream.encode()
        for name, data in encoded:
            position += 1
            version += 1
            entry = (position, key, version, name.encode(), occurred, recorded, len(data), len(meta), data, meta)
            rows.leaves.append(hash_(LEAF_FORMAT % entry))
            rows.streams.append(stream)
            rows.versions.append(version)
            rows.types.append(name)
            rows.data.append(data)
            rows.meta.append(meta)
            rows.late_micros.append(recorded - occurred)
        self._position = position


def command_digest(stream: str, command: Any) -> bytes:
    """What "the same bytes" means for a command that came without bytes of its own."""
    return hashlib.sha256(f"{stream}\n{type(command).__name__}\n".encode() + _ENCODE(command)).digest()


def _again(known: Known, digest: bytes, stream: str) -> Outcome:
    if known.digest != digest or (known.stream and known.stream != stream):
        raise CommandIdReused
    if known.trouble is not None:
        raise StreamUnreadable(f"{stream}: {known.trouble!r}")
    return Outcome(known.position, known.version, known.events, repeated=True)


def _same(first: tuple[bytes, str, Outcome], digest: bytes, stream: str) -> Outcome:
    if first[0] != digest or first[1] != stream:
        raise CommandIdReused
    before = first[2]
    return Outcome(before.position, before.version, before.events, repeated=True)
