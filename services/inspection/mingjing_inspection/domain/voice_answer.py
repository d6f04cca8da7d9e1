"""An official's answer to what a citizen said (答复诉求人): that somebody read it, and what follows.

One rule: what the citizen is shown is one of a few sentences, the same for everybody, so that a receipt which somebody
finds still tells no name, no institution and no word of hers; the note is for the officials.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mingjing_kernel.refusal import Invalid, Refusal

NOTE_CHARACTERS_MAX = 2_000


class Reply(StrEnum):
    """What she is told. Released values are for ever."""

    NOTED = "NOTED"
    """已阅，纳入办理"""
    CALLED = "CALLED"
    """已电话联系"""
    MORE_NEEDED = "MORE_NEEDED"
    """还需要材料，将电话联系"""
    TAKEN_UP = "TAKEN_UP"
    """已重新办理"""
    NOT_TAKEN_UP = "NOT_TAKEN_UP"
    """不再重新办理，将电话说明理由"""


class NothingToAnswer(Refusal):
    """She said nothing since the last answer, or nothing at all."""

    sentence = "The citizen has said nothing that is not answered."
    remedy = "Wait until there is something new, or call her."
    field = "reply"


class SaidMeanwhile(Refusal):
    """She said something that the official has not seen."""

    sentence = "The citizen has said something more since you read it."
    remedy = "Open it again, read what is new, and answer then."
    rule = "only what was read is answered"
    field = "read_until"


class AnswerNoteTooLong(Invalid):
    """Longer than anybody reads."""

    sentence = "The note is longer than {maximum} characters."
    remedy = "Shorten it."
    field = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVoice:
    """An official has read it. ``note``: for the officials, numbers of persons in it masked; ``read_until``: when the
    last thing that was read was said.
    """

    reply: Reply
    note: str
    read_until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAnswered:
    """Somebody read what she said until now, and she is told so."""

    reply: Reply
    note: str
    by: str
    at: datetime


def answered(command: AnswerVoice, *, waits: bool, spoken_at: datetime | None) -> list[VoiceAnswered]:
    """The fact; a refusal where nothing waits, or where something was said that nobody has read."""
    if not waits:
        raise NothingToAnswer
    if spoken_at is not None and spoken_at > command.read_until:
        raise SaidMeanwhile
    if len(command.note) > NOTE_CHARACTERS_MAX:
        raise AnswerNoteTooLong(maximum=NOTE_CHARACTERS_MAX)
    return [VoiceAnswered(reply=command.reply, note=command.note.strip(), by=command.by, at=command.at)]
