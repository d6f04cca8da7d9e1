"""Stored names of what citizens say to their complaints and of what is published for them. Append-only."""

from __future__ import annotations

from mingjing_inspection.acts_public import PHONE_ACTS, VOICE_ACTS
from mingjing_inspection.domain import complaint_voice, supervision_phone, voice_answer, voice_secret
from mingjing_inspection.domain.complaint_voice import VOICE
from mingjing_inspection.domain.supervision_phone import PHONE
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate

VOICE_CODEC: Codec[complaint_voice.Event] = Codec(
    {
        "inspection.voice-opened.v1": complaint_voice.VoiceOpened,
        "inspection.words-added.v1": complaint_voice.WordsAdded,
        "inspection.photo-added.v1": complaint_voice.PhotoAdded,
        "inspection.call-back-answered.v1": complaint_voice.CallBackAnswered,
        "inspection.reopening-asked.v1": complaint_voice.ReopeningAsked,
        "inspection.dispute-withdrawal-told.v1": complaint_voice.DisputeWithdrawn,
        "inspection.voice-answered.v1": voice_answer.VoiceAnswered,
        "inspection.secret-handed.v1": voice_secret.SecretHanded,
    }
)
PHONE_CODEC: Codec[supervision_phone.Event] = Codec(
    {
        "inspection.phone-published.v1": supervision_phone.PhonePublished,
        "inspection.phone-withdrawn.v1": supervision_phone.PhoneWithdrawn,
    }
)

VOICES = Aggregate("complaint-voice", VOICE, VOICE_CODEC, VOICE_ACTS)
"""By the id of the complaint."""
PHONES = Aggregate("supervision-phone", PHONE, PHONE_CODEC, PHONE_ACTS)

PUBLIC: tuple[Aggregate, ...] = (VOICES, PHONES)
