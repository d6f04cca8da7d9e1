"""Reads noted: that restricted data was read, as facts in the log of the service that answered.

Pure. A batch is a stream of its own, so that noting never waits for what was noted before. The one rule: what was
read stands here as ids, or as the digest of a question, and never as a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate

READS_MAX = 100
"""Of one event."""
IDS_MAX = 50
"""Of one read; a longer page is told by the digest of its question and how many rows it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One answer to one reader.

    ``form`` is ``item``, ``list``, ``csv`` or ``xlsx``; ``count`` how many things were shown; ``query`` the SHA-256 of
    path and question in hexadecimal, empty for a single thing; ``purpose`` what the reader gave as one.
    """

    at: datetime
    reader: str
    department: str
    region: str
    kind: str
    form: str
    ids: tuple[str, ...]
    query: str
    count: int
    fields: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReads:
    """Put these on record."""

    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsNoted:
    """Restricted data was read."""

    reads: tuple[Read, ...]


def decide(command: NoteReads, state: None) -> list[ReadsNoted]:
    """What happened cannot be refused."""
    return [ReadsNoted(reads=command.reads)] if command.reads else []


def evolve(state: None, event: ReadsNoted) -> None:
    """Nothing here depends on what was before."""
    return


CODEC: Codec[ReadsNoted] = Codec({"kernel.reads-noted.v1": ReadsNoted})
READS = Aggregate("reads", Decider(None, decide, evolve), CODEC)
"""Every service includes it among its aggregates."""
