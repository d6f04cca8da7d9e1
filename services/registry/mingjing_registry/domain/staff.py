"""Staff 从业人员: who works at an institution as what, with which qualification, and what speaks against it (R7, L18).

One rule: the record is of one person at one institution. A name or number stands in no fact in the clear: both are
sealed, and the keyed digest of the number says who is the same person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.staff_commands import (
    ClearInService,
    Command,
    EndEmployment,
    EnrolStaff,
    JudgeBarLikeness,
    JudgeSchoolLikeness,
    LiftBar,
    NoteBar,
    NoteBarLikeness,
    NoteSchoolLikeness,
    RecordQualification,
    RecordWorkPermit,
    StateEmployment,
    SuspectInService,
    WithdrawQualification,
)
from mingjing_registry.domain.staff_facts import (
    LOST_DIGITS,
    Bar,
    Event,
    InServiceCleared,
    InServiceSuspected,
    Post,
    Proof,
    Qualification,
    QualificationRecorded,
    QualificationWithdrawn,
    SchoolLikenessJudged,
    SchoolLikenessNoted,
    StaffBarLifted,
    StaffBarLikenessJudged,
    StaffBarLikenessNoted,
    StaffBarNoted,
    StaffEnrolled,
    StaffLeft,
    Work,
    WorkPermit,
    WorkPermitRecorded,
)
from mingjing_registry.domain.staff_refusals import (
    BarLikenessUnknown,
    LeavingBeforeEnrolment,
    OnStaffBlacklist,
    QualificationMissing,
    SchoolLikenessUnknown,
    StaffHasLeft,
    StaffIsSomebodyElse,
    StaffLeftAlready,
    StaffUnknown,
    SuspicionUnknown,
)


@dataclass(frozen=True, slots=True)
class Unseen:
    """Nobody was enrolled under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is decided on."""

    institution_id: UUID
    identity_digest: str
    post: Post
    qualification: Qualification | None
    is_employed: bool = True
    suspected: UUID | None = None
    cleared: frozenset[UUID] = frozenset()
    """Schools about which a person decided: their next roster raises nothing new."""
    bar: Bar | None = None
    permit: WorkPermit | None = None
    likely: UUID | None = None
    """A school whose roster has somebody like her; nobody has judged it yet."""
    person: SealedPerson | None = None
    """As she was enrolled first: a list that masks her number takes nothing from the record that has it whole."""
    left_on: date | None = None
    likely_bar: Bar | None = None
    """Of an entry that may name her; nobody has judged it yet."""
    unlike: frozenset[UUID] = frozenset()
    """Entries that name somebody else: a person said so."""


State: TypeAlias = Unseen | Member


def subject_of(member_id: UUID) -> str:
    """Whose key seals the person: of this one record."""
    return f"staff-{member_id}"


def proof_needed(post: Post) -> Proof | None:
    """R7: what somebody in this post must have."""
    if post.work is not Work.TEACHER:
        return None
    return Proof.TEACHER_CERTIFICATE if post.is_subject else Proof.ABILITY


def is_proved(post: Post, qualification: Qualification | None) -> bool:
    """Whether the qualification at hand is enough: a teacher's certificate shows ability as well."""
    needed = proof_needed(post)
    if needed is None:
        return True
    if qualification is None or not qualification.number.strip():
        return False
    return needed is Proof.ABILITY or qualification.proof is Proof.TEACHER_CERTIFICATE


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why the record as it stands does not take a step, whatever it says; ``None`` where it may."""
    if issubclass(step, EnrolStaff | StateEmployment):
        return None
    if isinstance(state, Unseen):
        return StaffUnknown()
    if issubclass(step, RecordQualification | WithdrawQualification | RecordWorkPermit) and not state.is_employed:
        return StaffHasLeft()
    if issubclass(step, ClearInService) and state.suspected is None:
        return SuspicionUnknown()
    if issubclass(step, JudgeSchoolLikeness) and state.likely is None:
        return SchoolLikenessUnknown()
    if issubclass(step, JudgeBarLikeness) and state.likely_bar is None:
        return BarLikenessUnknown()
    return None


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    if isinstance(command, EnrolStaff):
        return _enrol(command, state)
    if isinstance(command, StateEmployment):
        return _state(command, state)
    if (why := hindrance(type(command), state)) is not None:
        raise why
    assert isinstance(state, Member)
    match command:
        case EndEmployment():
            return _end(command, state)
        case RecordQualification() | WithdrawQualification() | RecordWorkPermit():
            return _papers(command, state)
        case NoteBar() | NoteBarLikeness() | JudgeBarLikeness() | LiftBar():
            return _bars(command, state)
        case _:
            return _in_service(command, state)


def _papers(command: RecordQualification | WithdrawQualification | RecordWorkPermit, state: Member) -> list[Event]:
    match command:
        case RecordQualification(qualification=qualification, on=on):
            recorded = QualificationRecorded(qualification=qualification, on=on)
            return [] if state.qualification == qualification else [recorded]
        case WithdrawQualification(reason=reason, on=on):
            _given(reason)
            return [QualificationWithdrawn(reason=reason, on=on)] if state.qualification else []
        case RecordWorkPermit(permit=permit, on=on):
            shown = WorkPermitRecorded(institution_id=state.institution_id, permit=permit, on=on)
            return [] if state.permit == permit else [shown]
        case _:
            assert_never(command)


def _bars(command: NoteBar | NoteBarLikeness | JudgeBarLikeness | LiftBar, state: Member) -> list[Event]:
    match command:
        case NoteBar(bar=bar, on=on):
            is_known = state.bar is not None or not state.is_employed
            return [] if is_known else [StaffBarNoted(bar=bar, on=on)]
        case NoteBarLikeness(bar=bar, on=on):
            is_settled = state.bar is not None or bar.entry_id in state.unlike or not state.is_employed
            return [] if is_settled or state.likely_bar else [StaffBarLikenessNoted(bar=bar, on=on)]
        case JudgeBarLikeness(is_same=is_same, reason=reason, on=on):
            _given(reason)
            assert state.likely_bar is not None
            entry_id = state.likely_bar.entry_id
            judged = StaffBarLikenessJudged(entry_id=entry_id, is_same=is_same, reason=reason, on=on)
            return [judged, StaffBarNoted(bar=state.likely_bar, on=on)] if is_same else [judged]
        case LiftBar(entry_id=entry_id, on=on):
            noted = {bar.entry_id for bar in (state.bar, state.likely_bar) if bar is not None}
            return [StaffBarLifted(entry_id=entry_id, on=on)] if entry_id in noted else []
        case _:
            assert_never(command)


def _in_service(
    command: SuspectInService | ClearInService | NoteSchoolLikeness | JudgeSchoolLikeness, state: Member
) -> list[Event]:
    match command:
        case SuspectInService(school_id=school_id, on=on):
            is_known = state.suspected is not None or school_id in state.cleared or not state.is_employed
            return [] if is_known else [InServiceSuspected(school_id=school_id, on=on)]
        case ClearInService(reason=reason, on=on):
            _given(reason)
            assert state.suspected is not None
            return [InServiceCleared(school_id=state.suspected, reason=reason, on=on)]
        case NoteSchoolLikeness(school_id=school_id, on=on):
            is_settled = state.suspected is not None or school_id in state.cleared or not state.is_employed
            return [] if is_settled or state.likely is not None else [SchoolLikenessNoted(school_id=school_id, on=on)]
        case JudgeSchoolLikeness(is_same=is_same, reason=reason, on=on):
            _given(reason)
            assert state.likely is not None
            judged = SchoolLikenessJudged(school_id=state.likely, is_same=is_same, reason=reason, on=on)
            suspect = SuspectInService(school_id=state.likely, on=on)
            return [judged, *_in_service(suspect, state)] if is_same else [judged]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The record after one fact."""
    if isinstance(event, StaffEnrolled):
        return Member(
            institution_id=event.institution_id,
            identity_digest=event.identity_digest,
            post=event.post,
            qualification=event.qualification,
            person=event.person,
            cleared=state.cleared if isinstance(state, Member) else frozenset(),
            unlike=state.unlike if isinstance(state, Member) else frozenset(),
        )
    assert isinstance(state, Member)
    match event:
        case StaffLeft(left_on=left_on):
            left = replace(state, is_employed=False, left_on=left_on, suspected=None, likely=None)
            return replace(left, bar=None, likely_bar=None)
        case QualificationRecorded(qualification=qualification):
            return replace(state, qualification=qualification)
        case QualificationWithdrawn():
            return replace(state, qualification=None)
        case WorkPermitRecorded(permit=permit):
            return replace(state, permit=permit)
        case StaffBarNoted(bar=bar):
            return replace(state, bar=bar, likely_bar=None)
        case StaffBarLikenessNoted(bar=bar):
            return replace(state, likely_bar=bar)
        case StaffBarLikenessJudged(entry_id=entry_id, is_same=is_same):
            return replace(state, likely_bar=None, unlike=state.unlike if is_same else state.unlike | {entry_id})
        case StaffBarLifted(entry_id=entry_id):
            return replace(state, bar=_but(state.bar, entry_id), likely_bar=_but(state.likely_bar, entry_id))
        case _:
            return _after_school(state, event)


def _but(bar: Bar | None, entry_id: UUID) -> Bar | None:
    return None if bar is not None and bar.entry_id == entry_id else bar


def _after_school(
    state: Member, event: InServiceSuspected | InServiceCleared | SchoolLikenessNoted | SchoolLikenessJudged
) -> Member:
    match event:
        case InServiceSuspected(school_id=school_id):
            return replace(state, suspected=school_id)
        case InServiceCleared(school_id=school_id):
            return replace(state, suspected=None, cleared=state.cleared | {school_id})
        case SchoolLikenessNoted(school_id=school_id):
            return replace(state, likely=school_id)
        case SchoolLikenessJudged(school_id=school_id, is_same=is_same):
            return replace(state, likely=None, cleared=state.cleared if is_same else state.cleared | {school_id})
        case _:
            assert_never(event)


STAFF: Decider[Command, State, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def _enrol(command: EnrolStaff, state: State) -> list[Event]:
    if isinstance(state, Member):
        if (state.identity_digest, state.institution_id) != (command.identity_digest, command.institution_id):
            raise StaffIsSomebodyElse
        if state.is_employed and (state.post, state.qualification) == (command.post, command.qualification):
            return []
    if command.bar is not None:
        raise OnStaffBlacklist(decision_reference=command.bar.decision_reference)
    if not is_proved(command.post, command.qualification):
        raise QualificationMissing(needed=_NEEDED[command.post.is_subject])
    enrolled = _enrolled(command, command.qualification)
    events: list[Event] = [enrolled]
    after = evolve(state, enrolled)
    if command.school_id is not None:
        # The hirer is not told: a school's staff is nobody's business there. The discipline office is.
        events += decide(SuspectInService(school_id=command.school_id, on=command.on), after)
    return events


def _enrolled(command: EnrolStaff | StateEmployment, qualification: Qualification | None) -> StaffEnrolled:
    return StaffEnrolled(
        institution_id=command.institution_id,
        within=command.within,
        person=command.person,
        identity_digest=command.identity_digest,
        post=command.post,
        qualification=qualification,
        on=command.on,
    )


def _state(command: StateEmployment, state: State) -> list[Event]:
    """Who is barred or without proof is recorded all the same: she works there, and that is what must be seen."""
    post, left_on = command.post, command.left_on
    if left_on is not None:
        _given(command.reason)
        if left_on < post.from_on:
            raise LeavingBeforeEnrolment(from_on=post.from_on.isoformat(), left_on=left_on.isoformat())
    gone = [StaffLeft(left_on=left_on, reason=command.reason, on=command.on)] if left_on is not None else []
    if isinstance(state, Unseen):
        return [_enrolled(command, command.qualification), *gone]
    if (state.identity_digest, state.institution_id) != (command.identity_digest, command.institution_id):
        raise StaffIsSomebodyElse
    if state.left_on is not None and post.from_on <= state.left_on:
        if left_on == state.left_on:
            return []
        raise StaffLeftAlready(left_on=state.left_on.isoformat())
    held = _fuller(state.qualification, command.qualification)
    if not state.is_employed or post != state.post:
        return [_enrolled(command, held), *gone]
    if held is not None and held != state.qualification:
        return [QualificationRecorded(qualification=held, on=command.on), *gone]
    return [*gone]


def _fuller(known: Qualification | None, stated: Qualification | None) -> Qualification | None:
    """What a list does not say, or of which it lost digits, says nothing against what is known; nor does a lesser proof
    against a teacher's certificate.
    """
    if known is None or stated is None:
        return stated or known
    if known.proof is not stated.proof:
        return known if known.proof is Proof.TEACHER_CERTIFICATE else stated
    begins = stated.number.endswith(LOST_DIGITS) and known.number.startswith(stated.number.removesuffix(LOST_DIGITS))
    return replace(stated, number=known.number) if begins else stated


_NEEDED = {True: "a teacher's certificate", False: "proof of ability"}


def _end(command: EndEmployment, state: Member) -> list[Event]:
    if not state.is_employed:
        return []
    _given(command.reason)
    if command.left_on < state.post.from_on:
        raise LeavingBeforeEnrolment(from_on=state.post.from_on.isoformat(), left_on=command.left_on.isoformat())
    return [StaffLeft(left_on=command.left_on, reason=command.reason, on=command.on)]


def _given(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
