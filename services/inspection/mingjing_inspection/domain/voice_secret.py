"""A secret handed by an official (交付查询码): for a complaint that came by another way, or whose secret was lost.

One rule: the official has spoken with whoever complained, at the telephone that stands in the complaint; the new secret
is read to her once, and the one before it opens nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.voice_terms import Identity, VoiceOpened
from mingjing_kernel.refusal import Invalid, Refusal


class SecretHandedTooOften(Refusal):
    """As often as the policy allows."""

    sentence = "For one complaint {maximum} secrets are handed, and they are handed."
    remedy = "Tell her by telephone how the complaint stands."
    rule = "secrets handed for one complaint are limited (policy complaint-secret)"
    field = "reason"


class TelephoneUnknown(Refusal):
    """There is nobody to call: whoever asks for a secret cannot be known."""

    sentence = "The complaint has no telephone at which whoever complained could be called."
    remedy = "Ask the channel that took the complaint; put her particulars right if she asks for it."
    rule = "a secret is handed after a call to the telephone that stands in the complaint"
    field = "complaint_id"


class HandingReasonMissing(Invalid):
    """How the official knows who asks."""

    sentence = "A secret is handed to whoever complained, and how you know that is missing."
    remedy = "Say in a sentence at which telephone you spoke with her."
    field = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSecret:
    """Let her follow it with this secret from now on. ``handed_max`` is the policy's number on that day."""

    number: str
    tracks: tuple[Track, ...]
    identity: Identity
    secret_digest: str
    department: str
    region: str
    category: str
    handed_max: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretHanded:
    """The secret with this digest opens it from now on, and no other one. What it is of is kept nowhere."""

    secret_digest: str
    reason: str
    by: str
    at: datetime


def handed(command: HandSecret, *, is_open: bool, before: int) -> list[VoiceOpened | SecretHanded]:
    """The facts that follow; ``before``: how often one was handed."""
    if not command.reason.strip():
        raise HandingReasonMissing
    if before >= command.handed_max:
        raise SecretHandedTooOften(maximum=command.handed_max)
    given = SecretHanded(
        secret_digest=command.secret_digest, reason=command.reason.strip(), by=command.by, at=command.at
    )
    return [given] if is_open else [_opened(command), given]


def _opened(command: HandSecret) -> VoiceOpened:
    return VoiceOpened(
        number=command.number,
        tracks=command.tracks,
        identity=command.identity,
        relation="",
        represented=None,
        origin=None,
        secret_digest=command.secret_digest,
        department=command.department,
        region=command.region,
        category=command.category,
        opened_at=command.at,
    )
