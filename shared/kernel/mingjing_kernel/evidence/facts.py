"""What is asked and what is known of one piece of evidence (证据): its commands and its facts, the chain of custody.

Pure. Original file, hash, capture time and place, and who held it when, is what a court asks for (行政处罚法 art. 41,
46); so all of it stands in facts, and the bytes themselves never do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class Datum(StrEnum):
    """Which coordinates a device gave: maps in China shift theirs (GCJ-02), satellites do not (WGS 84)."""

    WGS_84 = "wgs-84"
    GCJ_02 = "gcj-02"


class Verdict(StrEnum):
    """What a malware scan found."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not-scanned"


class Form(StrEnum):
    """In which form somebody looks at evidence."""

    COPY = "copy"
    """The display copy, with a watermark."""
    ORIGINAL = "original"
    """The very bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What evidence belongs to: a visit, a complaint; ``kind`` is the noun of its stream."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the device says that it was, in 1e-6 degrees; ``is_mock``: it admits a made-up position."""

    latitude_e6: int
    longitude_e6: int
    accuracy_metres: int
    datum: Datum
    is_mock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a device says of a file before it sends it. Digests are lower-case hexadecimal, of the original bytes.

    ``captured_at`` is by the device's own clock. ``sm3`` may be left out; we compute both.
    """

    size_bytes: int
    sha256: str
    media_type: str
    thing: Thing
    device: str
    captured_at: datetime | None = None
    place: Place | None = None
    sm3: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareEvidence:
    """A device is about to send a file. ``is_thing_there``: the sender may add to the thing, and it exists.

    Until ``lapses_at`` the whole file has to be here.
    """

    manifest: Manifest
    is_thing_there: bool
    device_sent_at: datetime
    lapses_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachEvidence:
    """Say that evidence belongs to a thing, too. Whoever asks may add to the thing, and see the evidence."""

    thing: Thing
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveEvidence:
    """All bytes are on disk, and this is what they are."""

    sha256: str
    sm3: str
    size_bytes: int
    media_type: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseEvidence:
    """The bytes are not what may be kept. ``reason`` is the problem type that the sender is told."""

    reason: str
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseUpload:
    """The time to send the rest is over."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScan:
    """What a scanner said; ``detail`` is the name of what it found, or why it did not look."""

    verdict: Verdict
    scanner: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """Somebody is about to see the display copy."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHandingOut:
    """Somebody is about to get the original bytes."""

    purpose: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEvidence:
    """Hand the evidence on to another authority (移送). The bytes stay here as well."""

    to: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvidence:
    """Nothing may be destroyed while this hold lasts: a case, a lawsuit. Why stands beside it in the log."""

    hold: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """The reason for a hold is gone."""

    hold: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyEvidence:
    """Its time is over, or the law demands it. ``rule`` names the retention rule; digests stay for ever."""

    rule: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDamage:
    """The stored bytes are not what was received. ``found_sha256`` is empty when they are gone."""

    found_sha256: str
    found_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWhole:
    """The stored bytes are again what was received: somebody put the right ones back."""

    at: datetime


Command: TypeAlias = (
    DeclareEvidence
    | AttachEvidence
    | ReceiveEvidence
    | RefuseEvidence
    | LapseUpload
    | RecordScan
    | RecordView
    | RecordHandingOut
    | TransferEvidence
    | HoldEvidence
    | LiftHold
    | DestroyEvidence
    | RecordDamage
    | RecordWhole
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDeclared:
    """A device announced a file. ``clock_difference_seconds`` = its clock minus ours; large puts its times in doubt."""

    manifest: Manifest
    device_sent_at: datetime
    clock_difference_seconds: int
    lapses_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAttached:
    """It belongs to this thing. ``is_received``: the bytes were here by then."""

    thing: Thing
    sha256: str
    is_received: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReceived:
    """The acknowledgement: these bytes are kept. Proving this one fact proves what was sent, and when it was here.

    ``media_type`` is what the bytes are. Device, capture time, place and clock difference are repeated from what was
    declared, so that one fact says all of it.
    """

    sha256: str
    sm3: str
    size_bytes: int
    media_type: str
    things: tuple[Thing, ...]
    device: str
    captured_at: datetime | None
    place: Place | None
    clock_difference_seconds: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRefused:
    """The bytes came and were not kept."""

    reason: str
    sha256: str
    things: tuple[Thing, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceUploadLapsed:
    """The file did not come in time; what had come of it is gone."""

    things: tuple[Thing, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceScanned:
    """A malware scan, or why there was none."""

    verdict: Verdict
    scanner: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceViewed:
    """Somebody saw the display copy."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHandedOut:
    """Somebody got the original bytes."""

    purpose: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTransferred:
    """It was handed on to another authority."""

    to: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHeld:
    """Nothing of it may be destroyed until the hold is lifted."""

    hold: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHoldLifted:
    """This hold is over; another may last."""

    hold: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDestroyed:
    """The bytes are gone by rule; what they were can still be told by their digests."""

    rule: str
    sha256: str
    sm3: str
    things: tuple[Thing, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDamaged:
    """The alarm: what is stored is not what was received. Nothing of it is served until it is whole again."""

    expected_sha256: str
    found_sha256: str
    found_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFoundWhole:
    """The alarm is over: the right bytes are stored again."""

    at: datetime


Event: TypeAlias = (
    EvidenceDeclared
    | EvidenceAttached
    | EvidenceReceived
    | EvidenceRefused
    | EvidenceUploadLapsed
    | EvidenceScanned
    | EvidenceViewed
    | EvidenceHandedOut
    | EvidenceTransferred
    | EvidenceHeld
    | EvidenceHoldLifted
    | EvidenceDestroyed
    | EvidenceDamaged
    | EvidenceFoundWhole
)
