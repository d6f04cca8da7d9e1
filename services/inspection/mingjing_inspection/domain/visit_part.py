"""Parts that were not taken at once (待处理上报): held for what is missing, or kept aside for what they are.

One rule: whatever whole bytes an officer's device sent are kept until somebody decides on them; two reports under one
id are both kept, and which of them stands is a person's decision with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.bundle_refusals import (
    OwnPart,
    PartNotForcible,
    PartSettled,
    PartsTooMany,
    PartUnknown,
    SettlementReasonMissing,
)
from mingjing_kernel.decider import Decider

PARTS_KEPT_MAX = 20
"""Of one visit, unsettled."""


class PartStage(StrEnum):
    """What became of a part."""

    HELD = "HELD"
    """等待前序"""
    CONTESTED = "CONTESTED"
    """同号异文"""
    ASIDE = "ASIDE"
    """搁置"""
    TAKEN = "TAKEN"
    """已采纳"""
    DISMISSED = "DISMISSED"
    """不予采纳"""


OPEN = frozenset({PartStage.HELD, PartStage.CONTESTED, PartStage.ASIDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a held part waits for: a site that is not known yet, or a visit to stand at a version."""

    site_id: UUID | None = None
    visit_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a part was kept aside: the problem's type, and its sentence in both languages."""

    code: str
    zh: str
    en: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """A part as it came. ``content`` are the very bytes; department and region say whose business it is."""

    part_id: UUID
    kind: PartKind
    bundle_id: UUID | None
    officer: str
    department: str
    region: str
    sha256: str
    content: bytes
    clock_skew_seconds: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPart:
    """It cannot be taken yet."""

    part: KeptPart
    waits_for: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPartAside:
    """It cannot be taken as it is. ``is_contested``: other bytes stand under its id, or at the version it names."""

    part: KeptPart
    why: Why
    is_contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePart:
    """It was taken after all: what it waited for came, or a person forced it."""

    part_id: UUID
    sha256: str
    by: str
    reason: str
    is_forced: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissPart:
    """A person decided that it is not taken."""

    part_id: UUID
    sha256: str
    by: str
    reason: str
    at: datetime


Command: TypeAlias = HoldPart | KeepPartAside | TakePart | DismissPart


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHeld:
    """It waits."""

    part: KeptPart
    waits_for: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PartKeptAside:
    """It lies aside until somebody decides."""

    part: KeptPart
    why: Why
    is_contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTaken:
    """It counts now; ``is_forced`` marks what a person took against a rule."""

    part_id: UUID
    sha256: str
    by: str
    reason: str
    is_forced: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDismissed:
    """It does not count; its bytes stay where they are."""

    part_id: UUID
    sha256: str
    by: str
    reason: str
    at: datetime


Event: TypeAlias = PartHeld | PartKeptAside | PartTaken | PartDismissed
Name: TypeAlias = tuple[UUID, str]
"""A part by its id and the SHA-256 of its bytes: two contents under one id are two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A part that waits or lies aside, and what became of it."""

    part: KeptPart
    stage: PartStage
    waits_for: Waiting | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What waits or lies aside for one visit, or did once."""

    known: Mapping[Name, Lying] = field(default_factory=dict)

    def undecided(self) -> tuple[Lying, ...]:
        """What nobody decided on yet."""
        return tuple(one for one in self.known.values() if one.stage in OPEN)

    def waiting(self) -> tuple[Lying, ...]:
        """Held corrections, in the order of the versions that they wait for."""
        held = [one for one in self.known.values() if one.stage is PartStage.HELD and one.waits_for]
        held = [one for one in held if one.part.kind is PartKind.CORRECTION]
        return tuple(sorted(held, key=lambda one: one.waits_for.visit_version if one.waits_for else 0))


def decide(command: Command, parts: Parts) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case HoldPart():
            return _hold(command, parts)
        case KeepPartAside():
            return _keep(command, parts)
        case TakePart():
            return _take(command, parts)
        case DismissPart():
            return _dismiss(command, parts)
        case _:
            assert_never(command)


def evolve(parts: Parts, event: Event) -> Parts:
    """What lies there after a fact."""
    match event:
        case PartHeld():
            lying = Lying(part=event.part, stage=PartStage.HELD, waits_for=event.waits_for)
        case PartKeptAside():
            stage = PartStage.CONTESTED if event.is_contested else PartStage.ASIDE
            lying = Lying(part=event.part, stage=stage, why=event.why)
        case PartTaken():
            lying = replace(parts.known[(event.part_id, event.sha256)], stage=PartStage.TAKEN)
        case PartDismissed():
            lying = replace(parts.known[(event.part_id, event.sha256)], stage=PartStage.DISMISSED)
        case _:
            assert_never(event)
    return Parts(MappingProxyType({**parts.known, (lying.part.part_id, lying.part.sha256): lying}))


VISIT_PART: Decider[Command, Parts, Event] = Decider(initial=Parts(), decide=decide, evolve=evolve)


def _hold(command: HoldPart, parts: Parts) -> list[Event]:
    if (command.part.part_id, command.part.sha256) in parts.known:
        return []  # It was sent again, or somebody decided on it.
    _require_room(parts)
    return [PartHeld(part=command.part, waits_for=command.waits_for)]


def _keep(command: KeepPartAside, parts: Parts) -> list[Event]:
    before = parts.known.get((command.part.part_id, command.part.sha256))
    if before is not None and before.stage is not PartStage.HELD:
        return []
    if before is None:
        _require_room(parts)
    return [PartKeptAside(part=command.part, why=command.why, is_contested=command.is_contested)]


def _require_room(parts: Parts) -> None:
    if len(parts.undecided()) >= PARTS_KEPT_MAX:
        raise PartsTooMany(maximum=PARTS_KEPT_MAX)


def _take(command: TakePart, parts: Parts) -> list[Event]:
    lying = _found(parts, command.part_id, command.sha256)
    if lying.stage is PartStage.TAKEN:
        return []
    if command.is_forced:
        _check_settling(lying, command.by, command.reason)
    elif lying.stage is PartStage.DISMISSED:
        raise PartSettled(stage=lying.stage.value)
    return [
        PartTaken(
            part_id=command.part_id,
            sha256=command.sha256,
            by=command.by,
            reason=command.reason,
            is_forced=command.is_forced,
            at=command.at,
        )
    ]


def _dismiss(command: DismissPart, parts: Parts) -> list[Event]:
    lying = _found(parts, command.part_id, command.sha256)
    if lying.stage is PartStage.DISMISSED:
        return []
    _check_settling(lying, command.by, command.reason)
    return [
        PartDismissed(
            part_id=command.part_id, sha256=command.sha256, by=command.by, reason=command.reason, at=command.at
        )
    ]


def check_forcing(parts: Parts, command: TakePart) -> Lying:
    """The part that a person is about to force. Raises what taking it would, and ``PartNotForcible``."""
    lying = _found(parts, command.part_id, command.sha256)
    _check_settling(lying, command.by, command.reason)
    if lying.why is not None and lying.why.code in {"part-unreadable", "part-about-another"}:
        raise PartNotForcible
    return lying


def _check_settling(lying: Lying, by: str, reason: str) -> None:
    if lying.stage not in OPEN:
        raise PartSettled(stage=lying.stage.value)
    if by == lying.part.officer:
        raise OwnPart
    if not reason.strip():
        raise SettlementReasonMissing


def _found(parts: Parts, part_id: UUID, sha256: str) -> Lying:
    found = parts.known.get((part_id, sha256))
    if found is None:
        raise PartUnknown
    return found
