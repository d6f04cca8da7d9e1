"""Self-verification 每日自检: what the log found when it computed itself again, once a day, as facts in the log.

Pure. The one rule: a run that could not take place is a fact of its own and counts as none; that nothing is said at
all is seen by whoever reads (``self_standing.py``), for a verifier that is dead says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate

FOUND_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that is wrong; the code is that of ``findings.py``."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerification:
    """A run ended. ``size`` and ``root`` (hexadecimal) are those that were computed."""

    size: int
    root: str
    checkpoints: int
    witnessed: int
    are_signatures_checked: bool
    findings: tuple[Found, ...]
    duration_milliseconds: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNoVerification:
    """A run could not take place, or not be ended."""

    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfVerificationClean:
    """Every leaf, tile, root, checkpoint and signature was computed again, and nothing is wrong."""

    size: int
    root: str
    checkpoints: int
    witnessed: int
    are_signatures_checked: bool
    duration_milliseconds: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfVerificationFound:
    """Something is wrong with the log; at most ``FOUND_MAX`` findings, and how many there are."""

    size: int
    root: str
    findings: tuple[Found, ...]
    findings_count: int
    duration_milliseconds: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfVerificationFailed:
    """Nobody knows: the run could not take place, or was not ended."""

    because: str
    at: datetime


Command: TypeAlias = RecordVerification | RecordNoVerification
Event: TypeAlias = SelfVerificationClean | SelfVerificationFound | SelfVerificationFailed


def decide(command: Command, state: None) -> list[Event]:
    """What was found cannot be refused."""
    match command:
        case RecordVerification(findings=()):
            return [_clean(command)]
        case RecordVerification():
            return [
                SelfVerificationFound(
                    size=command.size,
                    root=command.root,
                    findings=command.findings[:FOUND_MAX],
                    findings_count=len(command.findings),
                    duration_milliseconds=command.duration_milliseconds,
                    at=command.at,
                )
            ]
        case RecordNoVerification():
            return [SelfVerificationFailed(because=command.because, at=command.at)]
        case _:
            assert_never(command)


def evolve(state: None, event: Event) -> None:
    """Nothing here depends on what was before."""
    return


def _clean(command: RecordVerification) -> SelfVerificationClean:
    return SelfVerificationClean(
        size=command.size,
        root=command.root,
        checkpoints=command.checkpoints,
        witnessed=command.witnessed,
        are_signatures_checked=command.are_signatures_checked,
        duration_milliseconds=command.duration_milliseconds,
        at=command.at,
    )


CODEC: Codec[Event] = Codec(
    {
        "kernel.self-verification-clean.v1": SelfVerificationClean,
        "kernel.self-verification-found.v1": SelfVerificationFound,
        "kernel.self-verification-failed.v1": SelfVerificationFailed,
    }
)
SELF_VERIFICATION = Aggregate("self-verification", Decider(None, decide, evolve), CODEC)
"""Every service includes it among its aggregates; the stream's id is ``self_standing.STREAM_ID``."""
