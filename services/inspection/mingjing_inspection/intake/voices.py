"""The citizen's side of a complaint, put together: opening it, finding it by number and secret, sealing her words.

One rule: how far a complaint got is asked in one place (``progress_of``), whatever keeps the clocks.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.codec_public import VOICES
from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import TakeComplaint, Track
from mingjing_inspection.domain.complaint_progress import Progress, Stage, progress_after
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.complaint_voice import Closing, Identity, OpenVoice, Origin, Speaking, Voice
from mingjing_inspection.domain.complaint_voice_refusals import VoiceAbsent
from mingjing_inspection.domain.follow_secret import SECRET_CHARACTERS
from mingjing_inspection.intake.voice_steps import progress_by, tracks_of
from mingjing_inspection.policy.voice_rules import COMPLAINT_VOICE
from mingjing_inspection.projections.complaint_voices import voice_found
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.readable import READABLE, as_typed
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks, and how the message came, where the channel says so."""

    identity: Identity
    relation: str = ""
    represented: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a complaint stands. ``next_on``: when she can expect the next word, or must act."""

    progress: Progress
    closing: Closing | None
    next_on: date | None
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Standing):
    """A complaint whose number and secret were named."""

    complaint_id: UUID
    voice: Speaking
    tracks: tuple[Track, ...]
    """As which her message is handled: also what was added after it was taken."""


def new_secret() -> str:
    """Eighty bits."""
    return "".join(secrets.choice(READABLE) for _ in range(SECRET_CHARACTERS))


async def open_voice(
    kit: Kit, keys: Keys, complaint_id: UUID, taken: TakeComplaint, speaker: Speaker, secret: str, written: Envelope
) -> None:
    """Let her follow it. Sent again it says nothing new; raises ``VoiceOpenedOtherwise`` for another secret."""
    digest = digest_of(keys, secret)
    voice: Voice = (await kit.log.state(VOICES, complaint_id))[0]
    is_open = isinstance(voice, Speaking)
    if isinstance(voice, Speaking) and voice.opened.secret_digest == digest:
        return  # before a key is made: who was erased gets none by a repetition
    command = OpenVoice(
        number=taken.intake.number,
        tracks=taken.tracks,
        identity=speaker.identity,
        relation=redacted(speaker.relation),
        represented=None if is_open else await _represented(keys, complaint_id, speaker.represented),
        origin=speaker.origin,
        secret_digest=digest,
        department=taken.department,
        region=taken.region,
        category=taken.category,
        opened_at=taken.taken_at,
    )
    own = replace(written, command_id=derived_id("complaint-voice", str(written.command_id)), expected_version=None)
    await kit.log.handle(VOICES, complaint_id, command, own)


async def followed(kit: Kit, keys: Keys, number: str, secret: str) -> Followed:
    """Raises ``VoiceAbsent``: the same, and after the same work, for a wrong number and for a wrong secret."""
    await kit.up_to_date()
    digest = digest_of(keys, secret)
    async with kit.connection() as connection:
        found = await voice_found(connection, digest)
    theirs = found.number.upper() if found else ""
    right = hmac.compare_digest(theirs.encode(), number.strip().upper().encode())
    if found is None or not right:
        raise VoiceAbsent
    voice: Voice = (await kit.log.state(VOICES, found.complaint_id))[0]
    if not isinstance(voice, Speaking):
        raise VoiceAbsent
    return await _followed(kit, found.complaint_id, voice)


async def told_by(kit: Kit, received_at: datetime, region: str, category: str) -> date:
    """Until when she is told whether it is taken up, by the policy of the day on which it came."""
    day = shanghai_date(received_at)
    numbers = await in_force(kit.log, COMPLAINT_VOICE, day, region, category)
    return (await calendar_known(kit.log)).after(day, numbers["told"])


async def progress_of(kit: Kit, complaint_id: UUID, only: Sequence[Known] | None = None) -> Progress | None:
    """How far it got. The one place to ask whoever keeps the clocks of the tracks. ``only``: by these tracks alone, and
    not by what the channel says of the whole.
    """
    if only is None:
        return await _progress(kit, complaint_id, list((await tracks_of(kit.log, complaint_id)).values()))
    told = progress_after(fact.event for fact in await kit.log.history(COMPLAINTS, complaint_id))
    return progress_by(only, Progress(stage=told.stage, received_at=told.received_at)) if told else None


async def _progress(kit: Kit, complaint_id: UUID, tracks: Sequence[Known]) -> Progress | None:
    """By all of its tracks."""
    told = progress_after(fact.event for fact in await kit.log.history(COMPLAINTS, complaint_id))
    return progress_by(tracks, told) if told else None


async def masked_and_sealed(keys: Keys, complaint_id: UUID, field: str, text: str) -> tuple[str, Sealed[str] | None]:
    """Her words with numbers of persons masked, and sealed in full where something was masked.

    Who was erased has no key and gets none: only the masked words are kept then.
    """
    masked = redacted(text)
    if masked == text:
        return masked, None
    subject, ring = subject_of(complaint_id), keys.ring()
    ring.forget(subject)  # a copy in memory may outlive the erasure of its person
    key = (await ring.keys_for([subject])).get(subject)
    return masked, key.seal(text, stream=VOICES.stream(complaint_id), field=field) if key else None


async def standing_of(
    kit: Kit, complaint_id: UUID, region: str, category: str, only: Sequence[Known] | None = None
) -> Standing | None:
    """How a complaint stands, whether or not its citizen follows it; ``None`` of one that nobody took. ``only``: as far
    as these tracks go.
    """
    progress = await progress_of(kit, complaint_id, only)
    return await _standing(kit, progress, region, category) if progress else None


async def _standing(kit: Kit, progress: Progress, region: str, category: str) -> Standing:
    numbers = await in_force(kit.log, COMPLAINT_VOICE, shanghai_date(kit.now()), region, category)
    closing = None
    if progress.closed_at is not None:
        until = shanghai_date(progress.closed_at) + timedelta(days=numbers["reopen"])
        closing = Closing(closed_at=progress.closed_at, reopen_until=until)
    next_on = progress.due_on if progress.stage is Stage.HANDLING else None
    if progress.stage is Stage.RECEIVED:
        next_on = await told_by(kit, progress.received_at, region, category)
    return Standing(
        progress=progress,
        closing=closing,
        next_on=closing.reopen_until if closing else next_on,
        numbers=numbers,
    )


async def _followed(kit: Kit, complaint_id: UUID, voice: Speaking) -> Followed:
    tracks = list((await tracks_of(kit.log, complaint_id)).values())
    progress = await _progress(kit, complaint_id, tracks)
    if progress is None:
        raise VoiceAbsent
    stands = await _standing(kit, progress, voice.opened.region, voice.opened.category)
    opened = {one.kind for one in tracks}
    return Followed(
        complaint_id=complaint_id,
        voice=voice,
        tracks=tuple(track for track in Track if track in opened or track in voice.opened.tracks),
        progress=stands.progress,
        closing=stands.closing,
        next_on=stands.next_on,
        numbers=stands.numbers,
    )


async def _represented(keys: Keys, complaint_id: UUID, name: str) -> Sealed[str] | None:
    """The key is made here at the latest: from now on a complaint without a key is one whose person was erased."""
    subject = subject_of(complaint_id)
    key = (await keys.ring().keys_for([subject], make=True))[subject]
    return key.seal(name, stream=VOICES.stream(complaint_id), field="represented") if name.strip() else None


def digest_of(keys: Keys, secret: str) -> str:
    """A keyed one: without the dashes and the small letters that somebody types."""
    return keys.index().of("follow-secret", as_typed(secret))
