"""Checkpoints dropped 检查点投递: which checkpoints a second agency has, as facts in the log.

Pure. The one rule: only what was acknowledged stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One checkpoint; ``sha256`` of the note in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDrop:
    """They were posted and acknowledged. ``target``: folder or address, without credentials."""

    target: str
    checkpoints: tuple[Dropped, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsDropped:
    """A second agency has these checkpoints."""

    target: str
    checkpoints: tuple[Dropped, ...]
    at: datetime


def decide(command: RecordDrop, dropped_size: int) -> list[CheckpointsDropped]:
    """What was recorded before is not recorded again."""
    fresh = tuple(one for one in command.checkpoints if one.size > dropped_size)
    if not fresh:
        return []
    return [CheckpointsDropped(target=command.target, checkpoints=fresh, at=command.at)]


def evolve(dropped_size: int, event: CheckpointsDropped) -> int:
    """The largest size that the target has."""
    return max(dropped_size, *(one.size for one in event.checkpoints))


CODEC: Codec[CheckpointsDropped] = Codec({"kernel.checkpoints-dropped.v1": CheckpointsDropped})
CHECKPOINT_DROP = Aggregate("checkpoint-drop", Decider(0, decide, evolve), CODEC)
"""Every service includes it among its aggregates; one stream a target."""
