"""What the log knows of a data subject (个人信息主体): that their data was opened, and that it was erased.

Pure. Opening and erasing are facts: who did it stands beside them in the log, for whom and why stands in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.sealed.refusals import PurposeMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpening:
    """Put on record that somebody reads sealed fields of a subject."""

    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSubject:
    """Shred the subject's data key. The caller shreds it in the same transaction (``ring.shred``)."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFieldsOpened:
    """Sealed fields of a subject were read."""

    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """The subject's data key is gone; read models drop their masked text and blind indexes of the subject."""

    subject: str
    at: datetime


Command: TypeAlias = RecordOpening | EraseSubject
Event: TypeAlias = SealedFieldsOpened | SubjectErased


def decide(command: Command, state: None) -> list[Event]:
    """Both always happen; a subject may come back, with a new key, and be erased again."""
    match command:
        case RecordOpening():
            if not command.purpose.strip():
                raise PurposeMissing
            return [
                SealedFieldsOpened(
                    subject=command.subject,
                    stream=command.stream,
                    fields=command.fields,
                    purpose=command.purpose,
                    at=command.at,
                )
            ]
        case EraseSubject():
            return [SubjectErased(subject=command.subject, at=command.at)]
        case _:
            assert_never(command)


def evolve(state: None, event: Event) -> None:
    """Nothing here depends on what was before."""
    return


SUBJECT_CODEC: Codec[Event] = Codec(
    {
        "kernel.sealed-fields-opened.v1": SealedFieldsOpened,
        "kernel.subject-erased.v1": SubjectErased,
    }
)
SUBJECT = Aggregate(noun="subject", decider=Decider(initial=None, decide=decide, evolve=evolve), codec=SUBJECT_CODEC)
