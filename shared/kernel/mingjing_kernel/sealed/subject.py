"""What the log knows of a data subject (个人信息主体): openings, holds, requests, and that the data was erased.

Pure. The one rule: whether a person's data may go is decided here, beside the holds on it, so that no erasure slips
past a hold that is being placed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.identity.act import Act, roles
from mingjing_kernel.identity.role import Role
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.sealed.refusals import (
    AnswerUnexplained,
    HoldUnexplained,
    HoldUnknown,
    LegalHoldApplies,
    PurposeMissing,
    RequestUnknown,
    RetentionDutyApplies,
)


class RequestKind(StrEnum):
    """What a person may ask for (PIPL arts. 44-47)."""

    ACCESS = "access"
    """查阅、复制: what is held, and who looked at it."""
    CORRECTION = "correction"
    """更正、补充"""
    ERASURE = "erasure"
    """删除"""
    EXPLANATION = "explanation"
    """解释说明处理规则"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is said of a look at sealed fields, when it is asked for and for ever after."""

    subject: str
    stream: str
    fields: tuple[str, ...]
    purpose: str
    explanation: str
    unsealing_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What is said of a hold when it is placed; of a lifted one the reason is why it ended."""

    hold_id: UUID
    subject: str
    case: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is said of a person's request; ``due_on`` is 15 working days after ``received_on``."""

    request_id: UUID
    subject: str
    kind: RequestKind
    received_on: date
    due_on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said in answer to it; a refusal names its ``rule``."""

    request_id: UUID
    subject: str
    is_granted: bool
    rule: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpening(Opening):
    """Put on record that somebody reads sealed fields of a subject; ``unsealing_id`` granted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSubject:
    """Shred the subject's data key. The caller shreds it in the same transaction (``ring.shred``).

    ``retained_until``: the day from which the retention rule ``retention`` lets it go; ``None`` where none applies.
    """

    subject: str
    at: datetime
    on: date | None = None
    retained_until: date | None = None
    retention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Hold):
    """Keep the subject's data for a case, whatever else says that it should go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """The case does not need it any more."""

    hold_id: UUID
    subject: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRequest(Request):
    """The person asks for something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest(Answer):
    """The person is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFieldsOpened(Opening):
    """Sealed fields of a subject were read: by the actor beside it, for this purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """The subject's data key is gone; read models drop their masked text and blind indexes of the subject."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldPlaced(Hold):
    """The subject's data stays, for this case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldLifted(Hold):
    """The hold ended; what is due goes at the next sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequestReceived(Request):
    """The person exercised a right; the answer is due on this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequestAnswered(Answer):
    """The person was answered."""

    kind: RequestKind


Command: TypeAlias = RecordOpening | EraseSubject | PlaceHold | LiftHold | ReceiveRequest | AnswerRequest
Event: TypeAlias = (
    SealedFieldsOpened
    | SubjectErased
    | LegalHoldPlaced
    | LegalHoldLifted
    | SubjectRequestReceived
    | SubjectRequestAnswered
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What stands: holds that apply, and requests; those answered with ``None``."""

    holds: Mapping[UUID, str] = field(default_factory=dict)
    """The case of each."""
    requests: Mapping[UUID, RequestKind | None] = field(default_factory=dict)


def decide(command: Command, subject: Subject) -> list[Event]:
    """The facts that follow. Erasing may happen again: a subject may come back, with a new key."""
    match command:
        case RecordOpening():
            return _opened(command)
        case EraseSubject():
            return _erase(command, subject)
        case PlaceHold():
            return _place(command, subject)
        case LiftHold():
            return _lift(command, subject)
        case ReceiveRequest():
            return _receive(command, subject)
        case AnswerRequest():
            return _answer(command, subject)
        case _:
            assert_never(command)


def evolve(subject: Subject, event: Event) -> Subject:
    """The subject after a fact; that somebody looked, or that a key was shredded, decides nothing later."""
    match event:
        case LegalHoldPlaced():
            return replace(subject, holds=MappingProxyType({**subject.holds, event.hold_id: event.case}))
        case LegalHoldLifted():
            rest = {id: case for id, case in subject.holds.items() if id != event.hold_id}
            return replace(subject, holds=MappingProxyType(rest))
        case SubjectRequestReceived():
            return replace(subject, requests=MappingProxyType({**subject.requests, event.request_id: event.kind}))
        case SubjectRequestAnswered():
            return replace(subject, requests=MappingProxyType({**subject.requests, event.request_id: None}))
        case SealedFieldsOpened() | SubjectErased():
            return subject
        case _:
            assert_never(event)


def _opened(command: RecordOpening) -> list[Event]:
    if not command.explanation.strip():
        raise PurposeMissing
    return [fact(SealedFieldsOpened, command)]


def _erase(command: EraseSubject, subject: Subject) -> list[Event]:
    for case in subject.holds.values():
        raise LegalHoldApplies(subject=command.subject, case=case)
    if command.retained_until is not None and command.on is not None and command.on < command.retained_until:
        raise RetentionDutyApplies(
            subject=command.subject, until=command.retained_until.isoformat(), retention=command.retention
        )
    return [fact(SubjectErased, command)]


def _place(command: PlaceHold, subject: Subject) -> list[Event]:
    if command.hold_id in subject.holds:
        return []
    if not (command.case.strip() and command.reason.strip()):
        raise HoldUnexplained
    return [fact(LegalHoldPlaced, command)]


def _lift(command: LiftHold, subject: Subject) -> list[Event]:
    case = subject.holds.get(command.hold_id)
    if case is None:
        raise HoldUnknown
    if not command.reason.strip():
        raise HoldUnexplained
    return [fact(LegalHoldLifted, command, case=case)]


def _receive(command: ReceiveRequest, subject: Subject) -> list[Event]:
    return [] if command.request_id in subject.requests else [fact(SubjectRequestReceived, command)]


def _answer(command: AnswerRequest, subject: Subject) -> list[Event]:
    kind = subject.requests.get(command.request_id)
    if kind is None:
        raise RequestUnknown
    if not command.reason.strip() or not (command.is_granted or command.rule.strip()):
        raise AnswerUnexplained
    return [fact(SubjectRequestAnswered, command, kind=kind)]


def _with_explanation(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form had one text, which said what the case was; the list of purposes came later."""
    return {**fields, "purpose": "", "explanation": fields["purpose"], "unsealing_id": None}


SUBJECT_CODEC: Codec[Event] = Codec(
    {
        "kernel.sealed-fields-opened.v2": SealedFieldsOpened,
        "kernel.subject-erased.v1": SubjectErased,
        "kernel.legal-hold-placed.v1": LegalHoldPlaced,
        "kernel.legal-hold-lifted.v1": LegalHoldLifted,
        "kernel.subject-request-received.v1": SubjectRequestReceived,
        "kernel.subject-request-answered.v1": SubjectRequestAnswered,
    },
    {"kernel.sealed-fields-opened.v1": Upcast("kernel.sealed-fields-opened.v2", _with_explanation)},
)
LIFT_LEGAL_HOLD = Act(
    name="lift-legal-hold",
    zh="解除法律保全",
    en="lift a legal hold",
    roles=roles(Role.AUDITOR, Role.LEGAL_REVIEWER, Role.ADMINISTRATOR),
    asks=LiftHold,
    leaves=(LegalHoldLifted,),
)
ERASE_SUBJECT = Act(
    name="erase-subject",
    zh="删除个人信息",
    en="erase a person's data",
    roles=roles(Role.ADMINISTRATOR),
    asks=EraseSubject,
    leaves=(SubjectErased,),
    apart_from=frozenset({"lift-legal-hold"}),  # nobody alone takes away what protects evidence, and then the evidence
)
SUBJECT = Aggregate("subject", Decider(Subject(), decide, evolve), SUBJECT_CODEC, (LIFT_LEGAL_HOLD, ERASE_SUBJECT))
