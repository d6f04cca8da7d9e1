"""Bundle (离线包): what a device brings at once after it was without a network, as its manifest lists it.

One rule: the manifest says what is to come, with digests; a part that is not in it, or has other bytes, is not taken,
and a manifest never changes: what is new comes in a new bundle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.bundle_refusals import (
    BundleDeclaredOtherwise,
    ManifestMistaken,
)
from mingjing_kernel.decider import Decider

PARTS_MAX = 500
PART_BYTES_MAX = 64 * 1024
"""Of a report or a correction. Files come as evidence, in resumable uploads, and have limits of their own."""
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


class PartKind(StrEnum):
    """What a part is."""

    REPORT = "REPORT"
    """巡查报告"""
    CORRECTION = "CORRECTION"
    """更正"""
    EVIDENCE = "EVIDENCE"
    """照片、录音录像、签名"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: the id that the device gave it, the visit that it is about, the SHA-256 and length of its bytes.

    A report's own id is its visit's; evidence is sent to the address of evidence under this id.
    """

    part_id: UUID
    visit_id: UUID
    kind: PartKind
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareBundle:
    """A device is about to send these parts."""

    officer: str
    device: str
    parts: tuple[Part, ...]
    device_sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDeclared:
    """A device said what it is going to send. ``clock_skew_seconds`` = its clock minus ours at that moment."""

    officer: str
    device: str
    parts: tuple[Part, ...]
    device_sent_at: datetime
    received_at: datetime
    clock_skew_seconds: int


@dataclass(frozen=True, slots=True)
class NoBundle:
    """Nothing was declared under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is to come."""

    officer: str
    device: str
    parts: tuple[Part, ...]
    clock_skew_seconds: int

    def part(self, part_id: UUID) -> Part | None:
        """The part with this id."""
        return next((one for one in self.parts if one.part_id == part_id), None)


Bundle: TypeAlias = NoBundle | Declared


def decide(command: DeclareBundle, bundle: Bundle) -> list[BundleDeclared]:
    """The fact that follows, or a refusal."""
    if isinstance(bundle, Declared):
        if (bundle.officer, bundle.parts) == (command.officer, command.parts):
            return []  # The device did not hear our answer.
        raise BundleDeclaredOtherwise
    _check(command.parts)
    return [
        BundleDeclared(
            officer=command.officer,
            device=command.device,
            parts=command.parts,
            device_sent_at=command.device_sent_at,
            received_at=command.received_at,
            clock_skew_seconds=round((command.device_sent_at - command.received_at).total_seconds()),
        )
    ]


def evolve(bundle: Bundle, event: BundleDeclared) -> Bundle:
    """Declared once, and for ever."""
    return Declared(
        officer=event.officer, device=event.device, parts=event.parts, clock_skew_seconds=event.clock_skew_seconds
    )


BUNDLE: Decider[DeclareBundle, Bundle, BundleDeclared] = Decider(initial=NoBundle(), decide=decide, evolve=evolve)


def _check(parts: tuple[Part, ...]) -> None:
    if not 0 < len(parts) <= PARTS_MAX:
        raise ManifestMistaken(part_id="", maximum=PARTS_MAX)
    seen = set[UUID]()
    for part in parts:
        is_report = part.kind is PartKind.REPORT
        too_large = part.kind is not PartKind.EVIDENCE and part.size_bytes > PART_BYTES_MAX
        is_named = SHA256_HEX.fullmatch(part.sha256) and part.size_bytes > 0 and not too_large
        if part.part_id in seen or not is_named or is_report is not (part.part_id == part.visit_id):
            raise ManifestMistaken(part_id=part.part_id, maximum=PARTS_MAX)
        seen.add(part.part_id)
