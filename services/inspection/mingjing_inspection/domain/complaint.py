"""Complaint (投诉) and report (举报): what somebody told us, as it was told.

One rule: what was said is kept as said, numbers and names of persons in it sealed; what we make of it (tracks,
urgency, whom it is about) stands beside it with the version of the rule or the person that judged. A later judgement
is a later fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.complainant import Complainant
from mingjing_inspection.domain.complaint_refusals import (
    AttributionReasonMissing,
    ComplainantUnknown,
    ComplaintNotTaken,
    CorrectionReasonMissing,
    NumberMissing,
    NumberTaken,
    ReceivedInFuture,
    TextMissing,
    TextTooLong,
    TracksMissing,
)
from mingjing_inspection.domain.urgency import URGENCY_V1, urgent_words
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

TEXT_CHARACTERS_MAX = 8_000


class Channel(StrEnum):
    """How the complaint reached us."""

    HOTLINE_12345 = "12345"
    """政务服务便民热线"""
    MARKET_12315 = "12315"
    """市场监管投诉举报平台"""
    SUPERVISION_PHONE = "SUPERVISION_PHONE"
    """主管部门监督电话"""
    NATIONAL_PLATFORM = "NATIONAL_PLATFORM"
    """全国校外教育培训监管与服务综合平台"""
    WEB = "WEB"
    """网页、扫码"""
    SCHOOL = "SCHOOL"
    """学校热线、信箱"""
    LETTER = "LETTER"
    """来信来访"""
    MEDIA = "MEDIA"
    """媒体与舆情"""
    SUPERIOR = "SUPERIOR"
    """上级交办"""


class Track(StrEnum):
    """How a message is handled. One message may be a dispute *and* a report; two tracks with own clocks."""

    DISPUTE = "DISPUTE"
    """投诉：要求解决自己的消费争议"""
    REPORT = "REPORT"
    """举报：反映违法违规线索"""
    WORK_ORDER = "WORK_ORDER"
    """工单：咨询、表扬、求助等，无争议也无线索"""


class MatchedBy(StrEnum):
    """What ties the complaint to an institution."""

    USCC = "USCC"
    FULL_NAME = "FULL_NAME"
    FORMER_NAME = "FORMER_NAME"
    SHORT_NAME = "SHORT_NAME"
    PHONE = "PHONE"
    BY_HAND = "BY_HAND"
    AMBIGUOUS = "AMBIGUOUS"
    """Several institutions fit: none was chosen."""
    UNMATCHED = "UNMATCHED"
    """No known name was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whom the complaint is about. ``evidence`` is the text that decided, or that fits several.

    Where a person decided, it is the person's reason; empty where nothing known was typed.
    """

    institution_id: UUID | None
    by: MatchedBy
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was said, as it was written down. ``declared`` is the kind that the channel itself gave it (诉求类型).

    ``claimed_fen``: the sum that the complainant names, in fen.
    """

    number: str
    channel: Channel
    received_at: datetime
    declared: str
    title: str
    text: str
    respondent: str
    place: str
    is_anonymous: bool
    claimed_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How far the channel itself says it got (a hotline export carries its own state)."""

    status: str
    result: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeComplaint:
    """Write a complaint down. ``region`` is the division (or grid) whose authorities must answer."""

    intake: Intake
    tracks: tuple[Track, ...]
    within_remit: bool
    attribution: Attribution
    region: str
    department: str
    category: str
    taken_by: str
    taken_at: datetime
    handling: Handling | None = None
    complainant: Complainant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeComplaint:
    """Say by hand whom the complaint is about; department and category are that institution's."""

    institution_id: UUID
    department: str
    category: str
    reason: str
    attributed_by: str
    attributed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectComplainant:
    """Who complained asks for other particulars to stand (PIPL art. 46); what stood before stays sealed in the log."""

    complainant: Complainant
    reason: str
    corrected_by: str
    corrected_at: datetime


Command: TypeAlias = TakeComplaint | AttributeComplaint | CorrectComplainant


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTaken:
    """Somebody complained. ``is_urgent`` and ``urgent_words`` were judged by ``urgency_rule``."""

    intake: Intake
    tracks: tuple[Track, ...]
    within_remit: bool
    attribution: Attribution
    is_urgent: bool
    urgent_words: tuple[str, ...]
    urgency_rule: str
    region: str
    department: str
    category: str
    taken_by: str
    taken_at: datetime
    complainant: Complainant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingNoted:
    """The channel says how far it got."""

    institution_id: UUID | None
    handling: Handling
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAttributed:
    """A person found out whom the complaint is about; ``before`` is whom it was held to be about.

    It repeats what a list shows, so that the other institution's lists can be built from this fact alone.
    """

    institution_id: UUID
    before: UUID | None
    number: str
    channel: Channel
    title: str
    received_at: datetime
    is_urgent: bool
    region: str
    department: str
    category: str
    reason: str
    attributed_by: str
    attributed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantCorrected:
    """The complainant's particulars are these from now on."""

    complainant: Complainant
    reason: str
    corrected_by: str
    corrected_at: datetime


Event: TypeAlias = ComplaintTaken | HandlingNoted | ComplaintAttributed | ComplainantCorrected


@dataclass(frozen=True, slots=True)
class Untaken:
    """Nothing was taken under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A complaint stands."""

    intake: Intake
    institution_id: UUID | None
    is_urgent: bool
    region: str
    handling: Handling | None = None
    complainant: Complainant | None = None


Complaint: TypeAlias = Untaken | Taken


def decide(command: Command, complaint: Complaint) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case TakeComplaint():
            return _take(command, complaint)
        case AttributeComplaint():
            return _attribute(command, _taken(complaint))
        case CorrectComplainant():
            return _correct(command, _taken(complaint))
        case _:
            assert_never(command)


def evolve(complaint: Complaint, event: Event) -> Complaint:
    """The complaint as it stands after a fact."""
    match event:
        case ComplaintTaken():
            return Taken(
                intake=event.intake,
                institution_id=event.attribution.institution_id,
                is_urgent=event.is_urgent,
                region=event.region,
                complainant=event.complainant,
            )
        case HandlingNoted():
            return replace(_taken(complaint), handling=event.handling)
        case ComplaintAttributed():
            return replace(_taken(complaint), institution_id=event.institution_id)
        case ComplainantCorrected():
            return replace(_taken(complaint), complainant=event.complainant)
        case _:
            assert_never(event)


COMPLAINT: Decider[Command, Complaint, Event] = Decider(initial=Untaken(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], complaint: Complaint) -> Refusal | None:
    """Why the complaint as it stands does not take a step, whatever it says; ``None`` where it may."""
    return ComplaintNotTaken() if step is AttributeComplaint and isinstance(complaint, Untaken) else None


def _take(command: TakeComplaint, complaint: Complaint) -> list[Event]:
    if isinstance(complaint, Taken):
        return _take_again(command, complaint)
    _check(command)
    words = urgent_words(f"{command.intake.title}。{command.intake.text}")
    # A question about an announced pause, or a shop that is none of ours, carries the words but no danger to fees.
    is_urgent = bool(words) and command.within_remit and set(command.tracks) != {Track.WORK_ORDER}
    taken = ComplaintTaken(
        intake=command.intake,
        tracks=command.tracks,
        within_remit=command.within_remit,
        attribution=command.attribution,
        is_urgent=is_urgent,
        urgent_words=words,
        urgency_rule=URGENCY_V1.version,
        region=command.region,
        department=command.department,
        category=command.category,
        taken_by=command.taken_by,
        taken_at=command.taken_at,
        complainant=command.complainant,
    )
    if command.handling is None:
        return [taken]
    return [taken, _noted(command, command.handling, command.attribution.institution_id)]


def _take_again(command: TakeComplaint, before: Taken) -> list[Event]:
    """A later export repeats the complaint: only the channel's own progress may differ."""
    if command.intake != before.intake:
        raise NumberTaken(number=command.intake.number)
    if command.handling is None or command.handling == before.handling:
        return []
    return [_noted(command, command.handling, before.institution_id)]


def _noted(command: TakeComplaint, handling: Handling, institution_id: UUID | None) -> HandlingNoted:
    return HandlingNoted(institution_id=institution_id, handling=handling, noted_at=command.taken_at)


def _attribute(command: AttributeComplaint, before: Taken) -> list[Event]:
    if not command.reason.strip():
        raise AttributionReasonMissing
    if command.institution_id == before.institution_id:
        return []
    return [
        ComplaintAttributed(
            institution_id=command.institution_id,
            before=before.institution_id,
            number=before.intake.number,
            channel=before.intake.channel,
            title=before.intake.title,
            received_at=before.intake.received_at,
            is_urgent=before.is_urgent,
            region=before.region,
            department=command.department,
            category=command.category,
            reason=command.reason,
            attributed_by=command.attributed_by,
            attributed_at=command.attributed_at,
        )
    ]


def _correct(command: CorrectComplainant, before: Taken) -> list[Event]:
    if before.complainant is None:
        raise ComplainantUnknown
    if not command.reason.strip():
        raise CorrectionReasonMissing
    return [
        ComplainantCorrected(
            complainant=replace(command.complainant, words=before.complainant.words),
            reason=command.reason,
            corrected_by=command.corrected_by,
            corrected_at=command.corrected_at,
        )
    ]


def _check(command: TakeComplaint) -> None:
    intake = command.intake
    if not intake.number.strip():
        raise NumberMissing
    if not intake.text.strip():
        raise TextMissing
    if len(intake.text) > TEXT_CHARACTERS_MAX:
        raise TextTooLong(maximum=TEXT_CHARACTERS_MAX)
    if intake.received_at > command.taken_at:
        raise ReceivedInFuture
    if not command.tracks:
        raise TracksMissing


def _taken(complaint: Complaint) -> Taken:
    if (why := hindrance(AttributeComplaint, complaint)) is not None:
        raise why
    assert isinstance(complaint, Taken)
    return complaint
