"""Evidence (证据): which facts follow from a command.

Pure. The one rule: what was received stays as it was received; only retention, never a person's wish, ends it, and no
hold may last then.
"""

from __future__ import annotations

import re

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.evidence.acts import EVIDENCE_ACTS
from mingjing_kernel.evidence.facts import (
    AttachEvidence,
    Command,
    DeclareEvidence,
    DestroyEvidence,
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
    HoldEvidence,
    LapseUpload,
    LiftHold,
    Manifest,
    ReceiveEvidence,
    RecordDamage,
    RecordHandingOut,
    RecordScan,
    RecordView,
    RecordWhole,
    RefuseEvidence,
    TransferEvidence,
)
from mingjing_kernel.evidence.media import MEDIA_TYPES, THINGS_MAX
from mingjing_kernel.evidence.refusals import (
    CapturedAfterSending,
    DigestDiffers,
    DigestMalformed,
    EvidenceDeclaredOtherwise,
    EvidenceHeldStill,
    EvidenceNotKept,
    EvidenceTooLarge,
    EvidenceTypeNotAllowed,
    EvidenceUnknown,
    HoldUnknown,
    PlaceImpossible,
    ThingsTooMany,
    UploadEnded,
)
from mingjing_kernel.evidence.state import Gone, Kept, OnItsWay, Present, Stage, State, Undeclared, evolve, stage_of
from mingjing_kernel.log.envelope import Aggregate

DIGEST_HEX = re.compile(r"[0-9a-f]{64}")


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case DeclareEvidence():
            return _declare(command, state)
        case AttachEvidence():
            return _attach(command, _present(state))
        case ReceiveEvidence():
            return _receive(command, _present(state))
        case RefuseEvidence():
            return _refuse(command, _present(state))
        case LapseUpload():
            return _lapse(command, _present(state))
        case _:
            return _decide_kept(command, _present(state))


def _decide_kept(command: Command, state: Present) -> list[Event]:
    """What can be done with evidence that is here."""
    if isinstance(command, DestroyEvidence):
        return _destroy(command, state)
    kept = _kept(state)
    match command:
        case HoldEvidence():
            return [] if command.hold in kept.holds else [EvidenceHeld(hold=command.hold, by=command.by, at=command.at)]
        case LiftHold():
            if command.hold not in kept.holds:
                raise HoldUnknown
            return [EvidenceHoldLifted(hold=command.hold, by=command.by, at=command.at)]
        case RecordDamage():
            return _damage(command, kept)
        case RecordWhole():
            return [EvidenceFoundWhole(at=command.at)] if kept.is_damaged else []
        case _:
            return [_noted(command)]


def _noted(command: Command) -> Event:
    """What is only put on record."""
    match command:
        case RecordScan():
            return EvidenceScanned(
                verdict=command.verdict, scanner=command.scanner, detail=command.detail, at=command.at
            )
        case RecordView():
            return EvidenceViewed(by=command.by, at=command.at)
        case RecordHandingOut():
            return EvidenceHandedOut(purpose=command.purpose, by=command.by, at=command.at)
        case TransferEvidence():
            return EvidenceTransferred(to=command.to, by=command.by, at=command.at)
        case _:
            raise AssertionError(command)  # every other command is carried out above


def _declare(command: DeclareEvidence, state: State) -> list[Event]:
    if isinstance(state, Undeclared):
        _check(command)
        return [_declared(command), *_attached_at_once(command)]
    if (state.manifest, state.by) != (command.manifest, command.by):
        raise EvidenceDeclaredOtherwise
    if isinstance(state, Gone):
        if state.stage is not Stage.LAPSED:
            raise UploadEnded(state=state.stage.value)
        return [_declared(command), *([] if command.manifest.thing in state.things else _attached_at_once(command))]
    if command.is_thing_there and command.manifest.thing not in state.things:
        return [_attached(AttachEvidence(thing=command.manifest.thing, by=command.by, at=command.at), state)]
    return []  # The device did not hear our answer and sent it again.


def _declared(command: DeclareEvidence) -> EvidenceDeclared:
    return EvidenceDeclared(
        manifest=command.manifest,
        device_sent_at=command.device_sent_at,
        clock_difference_seconds=round((command.device_sent_at - command.at).total_seconds()),
        lapses_at=command.lapses_at,
        by=command.by,
        at=command.at,
    )


def _attached_at_once(command: DeclareEvidence) -> list[Event]:
    if not command.is_thing_there:
        return []
    manifest = command.manifest
    return [
        EvidenceAttached(thing=manifest.thing, sha256=manifest.sha256, is_received=False, by=command.by, at=command.at)
    ]


def _check(command: DeclareEvidence) -> None:
    manifest = command.manifest
    if not DIGEST_HEX.fullmatch(manifest.sha256):
        raise DigestMalformed(field="sha256")
    if manifest.sm3 and not DIGEST_HEX.fullmatch(manifest.sm3):
        raise DigestMalformed(field="sm3")
    media = MEDIA_TYPES.get(manifest.media_type)
    if media is None:
        raise EvidenceTypeNotAllowed(media_type=manifest.media_type, allowed=", ".join(MEDIA_TYPES))
    if not 0 < manifest.size_bytes <= media.bytes_max:
        raise EvidenceTooLarge(media_type=media.name, bytes_max=media.bytes_max, size_bytes=manifest.size_bytes)
    if manifest.captured_at is not None and manifest.captured_at > command.device_sent_at:
        raise CapturedAfterSending
    _check_place(manifest)


def _check_place(manifest: Manifest) -> None:
    place = manifest.place
    if place is None:
        return
    inside = abs(place.latitude_e6) <= 90 * 10**6 and abs(place.longitude_e6) <= 180 * 10**6
    if not inside or place.accuracy_metres < 0:
        raise PlaceImpossible


def _attach(command: AttachEvidence, state: Present) -> list[Event]:
    if command.thing in state.things:
        return []
    if isinstance(state, Gone):
        raise EvidenceNotKept(state=state.stage.value)
    if len(state.things) >= THINGS_MAX:
        raise ThingsTooMany(things_max=THINGS_MAX)
    return [_attached(command, state)]


def _attached(command: AttachEvidence, state: OnItsWay | Kept) -> EvidenceAttached:
    return EvidenceAttached(
        thing=command.thing,
        sha256=state.manifest.sha256,
        is_received=isinstance(state, Kept),
        by=command.by,
        at=command.at,
    )


def _receive(command: ReceiveEvidence, state: Present) -> list[Event]:
    if isinstance(state, Kept) and state.sha256 == command.sha256:
        return []  # The acknowledgement was lost and is asked for again.
    if not isinstance(state, OnItsWay):
        raise UploadEnded(state=stage_of(state).value)
    manifest = state.manifest
    if command.sha256 != manifest.sha256 or command.size_bytes != manifest.size_bytes:
        raise DigestDiffers(algorithm="SHA-256", found=command.sha256)
    if manifest.sm3 and command.sm3 != manifest.sm3:
        raise DigestDiffers(algorithm="SM3", found=command.sm3)
    return [
        EvidenceReceived(
            sha256=command.sha256,
            sm3=command.sm3,
            size_bytes=command.size_bytes,
            media_type=command.media_type,
            things=state.things,
            device=manifest.device,
            captured_at=manifest.captured_at,
            place=manifest.place,
            clock_difference_seconds=state.clock_difference_seconds,
            by=command.by,
            at=command.at,
        )
    ]


def _refuse(command: RefuseEvidence, state: Present) -> list[Event]:
    if isinstance(state, Gone) and state.stage is Stage.REFUSED:
        return []
    if not isinstance(state, OnItsWay):
        raise UploadEnded(state=stage_of(state).value)
    return [
        EvidenceRefused(reason=command.reason, sha256=command.sha256, things=state.things, by=command.by, at=command.at)
    ]


def _lapse(command: LapseUpload, state: Present) -> list[Event]:
    if not isinstance(state, OnItsWay):
        return []  # It came in time after all, or somebody else swept it.
    return [EvidenceUploadLapsed(things=state.things, at=command.at)]


def _destroy(command: DestroyEvidence, state: Present) -> list[Event]:
    if isinstance(state, Gone) and state.stage is Stage.DESTROYED:
        return []
    kept = _kept(state)
    if kept.holds:
        raise EvidenceHeldStill(holds=", ".join(sorted(kept.holds)))
    return [
        EvidenceDestroyed(
            rule=command.rule, sha256=kept.sha256, sm3=kept.sm3, things=kept.things, by=command.by, at=command.at
        )
    ]


def _damage(command: RecordDamage, kept: Kept) -> list[Event]:
    if kept.is_damaged:
        return []  # One alarm, however often somebody looks.
    return [
        EvidenceDamaged(
            expected_sha256=kept.sha256,
            found_sha256=command.found_sha256,
            found_by=command.found_by,
            at=command.at,
        )
    ]


def _present(state: State) -> Present:
    if isinstance(state, Undeclared):
        raise EvidenceUnknown
    return state


def _kept(state: Present) -> Kept:
    if not isinstance(state, Kept):
        raise EvidenceNotKept(state=stage_of(state).value)
    return state


EVIDENCE_CODEC: Codec[Event] = Codec(
    {
        "kernel.evidence-declared.v1": EvidenceDeclared,
        "kernel.evidence-attached.v1": EvidenceAttached,
        "kernel.evidence-received.v1": EvidenceReceived,
        "kernel.evidence-refused.v1": EvidenceRefused,
        "kernel.evidence-upload-lapsed.v1": EvidenceUploadLapsed,
        "kernel.evidence-scanned.v1": EvidenceScanned,
        "kernel.evidence-viewed.v1": EvidenceViewed,
        "kernel.evidence-handed-out.v1": EvidenceHandedOut,
        "kernel.evidence-transferred.v1": EvidenceTransferred,
        "kernel.evidence-held.v1": EvidenceHeld,
        "kernel.evidence-hold-lifted.v1": EvidenceHoldLifted,
        "kernel.evidence-destroyed.v1": EvidenceDestroyed,
        "kernel.evidence-damaged.v1": EvidenceDamaged,
        "kernel.evidence-found-whole.v1": EvidenceFoundWhole,
    }
)
EVIDENCE = Aggregate("evidence", Decider(Undeclared(), decide, evolve), EVIDENCE_CODEC, EVIDENCE_ACTS)
"""Every service that keeps evidence includes it; the stream's id is chosen by the device."""
