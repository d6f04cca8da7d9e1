"""What is known of one piece of evidence: states as types, and how facts lead from one to the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from mingjing_kernel.evidence.facts import (
    Event,
    EvidenceAttached,
    EvidenceDamaged,
    EvidenceDeclared,
    EvidenceDestroyed,
    EvidenceFoundWhole,
    EvidenceHandedOut,
    EvidenceHeld,
    EvidenceHoldLifted,
    EvidenceReceived,
    EvidenceRefused,
    EvidenceScanned,
    EvidenceTransferred,
    EvidenceUploadLapsed,
    EvidenceViewed,
    Manifest,
    Thing,
    Verdict,
)


class Stage(StrEnum):
    """How far a file got; the words stand in lists and addresses."""

    ON_ITS_WAY = "on-its-way"
    RECEIVED = "received"
    REFUSED = "refused"
    LAPSED = "lapsed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Undeclared:
    """Nobody announced anything under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """Announced; some of it may be here."""

    manifest: Manifest
    by: str
    clock_difference_seconds: int
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All of it is here."""

    manifest: Manifest
    by: str
    sha256: str
    sm3: str
    size_bytes: int
    media_type: str
    things: tuple[Thing, ...]
    verdict: Verdict | None = None
    scan_detail: str = ""
    holds: frozenset[str] = frozenset()
    is_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Nothing of it is here any more, or never was; ``sha256`` is empty for what was never received."""

    manifest: Manifest
    by: str
    stage: Stage
    things: tuple[Thing, ...]
    sha256: str = ""


State: TypeAlias = Undeclared | OnItsWay | Kept | Gone
Present: TypeAlias = OnItsWay | Kept | Gone


def evolve(state: State, event: Event) -> State:
    """What is known after a fact."""
    match event:
        case EvidenceDeclared():
            things = state.things if isinstance(state, Gone) else ()
            return OnItsWay(
                manifest=event.manifest,
                by=event.by,
                clock_difference_seconds=event.clock_difference_seconds,
                things=things,
            )
        case EvidenceAttached():
            before = _present(state)
            return replace(before, things=(*before.things, event.thing))
        case EvidenceReceived() if isinstance(state, OnItsWay):
            return _received(state, event)
        case EvidenceRefused():
            return _gone(state, Stage.REFUSED)
        case EvidenceUploadLapsed():
            return _gone(state, Stage.LAPSED)
        case EvidenceDestroyed():
            return _gone(state, Stage.DESTROYED, event.sha256)
        case _:
            return _kept_on(state, event)


def _kept_on(state: State, event: Event) -> State:
    """What becomes of evidence that is here."""
    if not isinstance(state, Kept):
        return state
    match event:
        case EvidenceScanned():
            return replace(state, verdict=event.verdict, scan_detail=event.detail)
        case EvidenceHeld():
            return replace(state, holds=state.holds | {event.hold})
        case EvidenceHoldLifted():
            return replace(state, holds=state.holds - {event.hold})
        case EvidenceDamaged():
            return replace(state, is_damaged=True)
        case EvidenceFoundWhole():
            return replace(state, is_damaged=False)
        case EvidenceViewed() | EvidenceHandedOut() | EvidenceTransferred():
            return state  # a fact for whoever asks about custody; nothing follows from it
        case (
            EvidenceDeclared()
            | EvidenceAttached()
            | EvidenceReceived()
            | EvidenceRefused()
            | EvidenceUploadLapsed()
            | EvidenceDestroyed()
        ):
            return state
        case _:
            assert_never(event)


def _received(state: OnItsWay, event: EvidenceReceived) -> Kept:
    return Kept(
        manifest=state.manifest,
        by=state.by,
        sha256=event.sha256,
        sm3=event.sm3,
        size_bytes=event.size_bytes,
        media_type=event.media_type,
        things=state.things,
    )


def _gone(state: State, stage: Stage, sha256: str = "") -> Gone:
    before = _present(state)
    return Gone(manifest=before.manifest, by=before.by, stage=stage, things=before.things, sha256=sha256)


def _present(state: State) -> Present:
    if isinstance(state, Undeclared):
        raise ValueError("the first fact of evidence is its declaration")
    return state


def stage_of(state: Present) -> Stage:
    """The word for it."""
    match state:
        case OnItsWay():
            return Stage.ON_ITS_WAY
        case Kept():
            return Stage.RECEIVED
        case Gone():
            return state.stage
        case _:
            assert_never(state)
