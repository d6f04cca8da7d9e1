"""What the citizen's side of a complaint says (诉求人的话): how it came, and everything that follows it.

One rule: the complaint itself is kept as it was told; whatever the citizen says later (more words, her answer to the
call-back, that it be taken up again, that she withdraws her dispute) is a later fact of this stream, beside it. A
dispute that is withdrawn ends the dispute alone: what was reported of a breach goes on (Order 20, art. 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_voice_refusals import (
    CallBackAnsweredAlready,
    DisputeAbsent,
    DisputeWithdrawnAlready,
    LetterNumberMissing,
    NotClosedYet,
    RatingOutOfRange,
    ReopenedEnough,
    ReopeningReasonMissing,
    ReopeningTooLate,
    TooManyAdditions,
    TooManyPhotos,
    VoiceAbsent,
    VoiceOpenedOtherwise,
    WordsMissing,
    WordsTooLong,
)
from mingjing_inspection.domain.voice_answer import AnswerVoice, NothingToAnswer, VoiceAnswered, answered
from mingjing_inspection.domain.voice_secret import HandSecret, SecretHanded, handed
from mingjing_inspection.domain.voice_terms import Closing as Closing
from mingjing_inspection.domain.voice_terms import Identity as Identity
from mingjing_inspection.domain.voice_terms import Origin as Origin
from mingjing_inspection.domain.voice_terms import VoiceOpened as VoiceOpened
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed import Sealed

WORDS_CHARACTERS_MAX = 4_000
RATING_MIN, RATING_MAX = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVoice:
    """Let the citizen follow her complaint. ``secret_digest``: a keyed digest; what it is of is kept nowhere.

    ``relation``: what ties her to whom she speaks for (代理), empty where she speaks for herself; ``represented``: who.
    """

    number: str
    tracks: tuple[Track, ...]
    identity: Identity
    relation: str
    represented: Sealed[str] | None
    origin: Origin | None
    secret_digest: str
    department: str
    region: str
    category: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWords:
    """She adds something. ``additions_max`` is the policy's number on that day; ``sealed``: the words in full."""

    addition_id: UUID
    text: str
    sealed: Sealed[str] | None
    additions_max: int
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    """She adds a photo; its bytes are evidence of the complaint. ``photos_max`` is the policy's number on that day."""

    evidence_id: UUID
    photos_max: int
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCallBack:
    """She answers the call-back (回访): whether she is satisfied, and how she rates the handling, 1 to 5."""

    is_satisfied: bool
    rating: int
    text: str
    sealed: Sealed[str] | None
    closing: Closing | None
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReopening:
    """She asks that it be taken up again (重新办理). ``reopenings_max`` is the policy's number on that day."""

    reason: str
    sealed: Sealed[str] | None
    closing: Closing | None
    today: date
    reopenings_max: int
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDispute:
    """She withdraws her dispute (撤回投诉); nobody asks why."""

    reason: str
    sealed: Sealed[str] | None
    withdrawn_at: datetime
    tracks: tuple[Track, ...] = ()
    """What her message became since it was taken."""


Said: TypeAlias = AddWords | AddPhoto | AnswerCallBack | AskReopening | WithdrawDispute
Command: TypeAlias = OpenVoice | Said | AnswerVoice | HandSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsAdded:
    """She added this; numbers and names in it are masked, the words in full are sealed."""

    addition_id: UUID
    text: str
    sealed: Sealed[str] | None
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAdded:
    """She added this photo."""

    evidence_id: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackAnswered:
    """What she thinks of how it was dealt with; ``closed_at`` says of which closing."""

    is_satisfied: bool
    rating: int
    text: str
    sealed: Sealed[str] | None
    closed_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopeningAsked:
    """She asked, within the window, that it be taken up again."""

    reason: str
    sealed: Sealed[str] | None
    closed_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeWithdrawn:
    """The dispute is over. ``report_goes_on``: the same message was a report, too, and that is still dealt with."""

    reason: str
    sealed: Sealed[str] | None
    report_goes_on: bool
    withdrawn_at: datetime


Spoken: TypeAlias = WordsAdded | PhotoAdded | CallBackAnswered | ReopeningAsked | DisputeWithdrawn
Event: TypeAlias = VoiceOpened | Spoken | VoiceAnswered | SecretHanded


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nobody follows this complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A citizen follows it. ``additions``: what was added, by id; ``reopened``: of which closings she asked so."""

    opened: VoiceOpened
    additions: Mapping[UUID, str] = field(default_factory=dict)
    photos: frozenset[UUID] = frozenset()
    answered: frozenset[datetime] = frozenset()
    reopened: frozenset[datetime] = frozenset()
    is_withdrawn: bool = False
    waits: bool = False
    """She said something that no official has answered yet."""
    spoken_at: datetime | None = None
    replied: VoiceAnswered | None = None
    handed: int = 0


Voice: TypeAlias = Silent | Speaking


def decide(command: Command, voice: Voice) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case OpenVoice():
            return _open(command, voice)
        case AddWords():
            return _add(command, _speaking(voice))
        case AddPhoto():
            return _add_photo(command, _speaking(voice))
        case AnswerCallBack():
            return _answer(command, _speaking(voice))
        case AskReopening():
            return _reopen(command, _speaking(voice))
        case WithdrawDispute():
            return _withdraw(command, _speaking(voice))
        case AnswerVoice():
            before = _speaking(voice)
            return [*answered(command, waits=before.waits, spoken_at=before.spoken_at)]
        case HandSecret():
            return [*handed(command, is_open=isinstance(voice, Speaking), before=getattr(voice, "handed", 0))]
        case _:
            assert_never(command)


def evolve(voice: Voice, event: Event) -> Voice:
    """The citizen's side after a fact."""
    match event:
        case VoiceOpened():
            return Speaking(opened=event)
        case VoiceAnswered():
            return replace(_speaking(voice), waits=False, replied=event)
        case SecretHanded():
            return replace(_speaking(voice), handed=_speaking(voice).handed + 1)
        case _:
            return replace(_heard(_speaking(voice), event), waits=True, spoken_at=_said_at(event))


def _heard(before: Speaking, event: Spoken) -> Speaking:
    match event:
        case WordsAdded():
            return replace(before, additions={**before.additions, event.addition_id: event.text})
        case PhotoAdded():
            return replace(before, photos=before.photos | {event.evidence_id})
        case CallBackAnswered():
            return replace(before, answered=before.answered | {event.closed_at})
        case ReopeningAsked():
            return replace(before, reopened=before.reopened | {event.closed_at}, is_withdrawn=False)
        case DisputeWithdrawn():
            return replace(before, is_withdrawn=True)
        case _:
            assert_never(event)


def _said_at(event: Spoken) -> datetime:
    match event:
        case WordsAdded() | PhotoAdded():
            return event.added_at
        case CallBackAnswered():
            return event.answered_at
        case ReopeningAsked():
            return event.asked_at
        case DisputeWithdrawn():
            return event.withdrawn_at
        case _:
            assert_never(event)


def hindrance(step: type[Command], voice: Voice) -> Refusal | None:
    """Why an official's step is not in order as the voice stands; ``None`` where it is."""
    if isinstance(voice, Silent):
        return None if step is HandSecret else VoiceAbsent()
    return None if voice.waits or step is not AnswerVoice else NothingToAnswer()


VOICE: Decider[Command, Voice, Event] = Decider(initial=Silent(), decide=decide, evolve=evolve)


def _open(command: OpenVoice, voice: Voice) -> list[Event]:
    if isinstance(voice, Speaking):
        if voice.opened.secret_digest != command.secret_digest:
            raise VoiceOpenedOtherwise
        return []
    if command.origin is not None and command.origin.due_on is not None and not command.origin.reference.strip():
        raise LetterNumberMissing
    return [
        VoiceOpened(
            number=command.number,
            tracks=command.tracks,
            identity=command.identity,
            relation=command.relation,
            represented=command.represented,
            origin=command.origin,
            secret_digest=command.secret_digest,
            department=command.department,
            region=command.region,
            category=command.category,
            opened_at=command.opened_at,
        )
    ]


def _add(command: AddWords, before: Speaking) -> list[Event]:
    if command.addition_id in before.additions:
        return []  # A second click says nothing twice.
    _check_words(command.text)
    if not command.text.strip():
        raise WordsMissing
    if len(before.additions) >= command.additions_max:
        raise TooManyAdditions(maximum=command.additions_max)
    return [
        WordsAdded(addition_id=command.addition_id, text=command.text, sealed=command.sealed, added_at=command.added_at)
    ]


def _add_photo(command: AddPhoto, before: Speaking) -> list[Event]:
    if command.evidence_id in before.photos:
        return []
    if len(before.photos) >= command.photos_max:
        raise TooManyPhotos(maximum=command.photos_max)
    return [PhotoAdded(evidence_id=command.evidence_id, added_at=command.added_at)]


def _answer(command: AnswerCallBack, before: Speaking) -> list[Event]:
    if not RATING_MIN <= command.rating <= RATING_MAX:
        raise RatingOutOfRange(least=RATING_MIN, most=RATING_MAX)
    _check_words(command.text)
    if command.closing is None:
        raise NotClosedYet
    if command.closing.closed_at in before.answered:
        raise CallBackAnsweredAlready
    return [
        CallBackAnswered(
            is_satisfied=command.is_satisfied,
            rating=command.rating,
            text=command.text,
            sealed=command.sealed,
            closed_at=command.closing.closed_at,
            answered_at=command.answered_at,
        )
    ]


def _reopen(command: AskReopening, before: Speaking) -> list[Event]:
    _check_words(command.reason)
    if command.closing is None:
        raise NotClosedYet
    if command.closing.closed_at in before.reopened:
        return []
    if not command.reason.strip():
        raise ReopeningReasonMissing
    if command.today > command.closing.reopen_until:
        raise ReopeningTooLate(until=command.closing.reopen_until)
    if len(before.reopened) >= command.reopenings_max:
        raise ReopenedEnough(maximum=command.reopenings_max)
    return [
        ReopeningAsked(
            reason=command.reason,
            sealed=command.sealed,
            closed_at=command.closing.closed_at,
            asked_at=command.asked_at,
        )
    ]


def _withdraw(command: WithdrawDispute, before: Speaking) -> list[Event]:
    _check_words(command.reason)
    tracks = {*before.opened.tracks, *command.tracks}
    if Track.DISPUTE not in tracks:
        raise DisputeAbsent
    if before.is_withdrawn:
        raise DisputeWithdrawnAlready
    return [
        DisputeWithdrawn(
            reason=command.reason,
            sealed=command.sealed,
            report_goes_on=Track.REPORT in tracks,
            withdrawn_at=command.withdrawn_at,
        )
    ]


def _check_words(text: str) -> None:
    if len(text) > WORDS_CHARACTERS_MAX:
        raise WordsTooLong(maximum=WORDS_CHARACTERS_MAX)


def _speaking(voice: Voice) -> Speaking:
    if not isinstance(voice, Speaking):
        raise VoiceAbsent
    return voice
