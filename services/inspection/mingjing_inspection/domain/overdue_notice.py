"""Notices of overdue steps (催办督办告知, X20): who was told that a step is nearly late or late, and who has read it.

One rule: a notice goes to whoever can do something about it: the department that has the step, once the time is over
its superior and whoever organized it, and an institution only about its own duty. What is told of a department's step
never reaches one. Who is named acknowledges for herself, and only one above her for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import NotFound, Refusal

NOTE_CHARACTERS_MAX = 1_000


class Late(StrEnum):
    """What has the step."""

    FINDING = "finding"
    """问题案卷"""
    TASK = "task"
    """检查任务"""
    RECTIFICATION = "rectification"
    """限期整改"""
    TRACK = "track"
    """投诉举报件"""


class Level(StrEnum):
    """How far it has come (domain: 80 % of the clock, the whole of it, a superior's list)."""

    REMINDED = "REMINDED"
    """催办"""
    SUPERVISED = "SUPERVISED"
    """超期督办"""
    LISTED = "LISTED"
    """挂牌督办"""


class Addressee(StrEnum):
    """Who is told."""

    DEPARTMENT = "DEPARTMENT"
    """承办部门"""
    SUPERIOR = "SUPERIOR"
    """上级或牵头部门"""
    INSTITUTION = "INSTITUTION"
    """机构"""
    ORGANIZER = "ORGANIZER"
    """组织或派遣的人"""


class OverdueNoticeUnknown(NotFound):
    """There is no such notice, or none for this caller."""

    sentence = "There is no notice of an overdue step under this id."
    remedy = "Open the list of notices and choose one."
    field = "notice_id"


class NoticeOfAnother(Refusal):
    """An institution reads its own post."""

    sentence = "This notice is for the institution, and it acknowledges it itself."
    remedy = "Ask the institution to sign in and acknowledge it, or serve it in another way."
    rule = "who is told acknowledges"


class NoticeNamesOthers(Refusal):
    """Whoever has the step in hand says that she has read it."""

    sentence = "This notice names who has the step in hand or organized it, and those acknowledge it, each for herself."
    remedy = "Leave it to those named, or to an approver of the department, who acknowledges it for all of them."
    rule = "who is named acknowledges"
    field = "notice_id"


class NoticeAcknowledgedAlready(Refusal):
    """Somebody has."""

    sentence = "Somebody has acknowledged this notice already."
    remedy = "Nothing is left to do here."


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOverdue:
    """Tell one addressee. ``department``: who is told, of an institution its competent one; ``due_on``: until when.

    ``people`` are those of the department who have the step in hand, or who organized it.
    """

    kind: Late
    thing_id: UUID
    step: str
    level: Level
    addressee: Addressee
    institution_id: UUID | None
    department: str
    region: str
    category: str
    due_on: date | None
    at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeOverdue:
    """Say that it was read; ``note`` says what is done about it. ``is_above``: of those whom it names."""

    note: str
    by: str
    is_institution: bool
    at: datetime
    is_above: bool = False


Command: TypeAlias = TellOverdue | AcknowledgeOverdue


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueTold:
    """It was told."""

    kind: Late
    thing_id: UUID
    step: str
    level: Level
    addressee: Addressee
    institution_id: UUID | None
    department: str
    region: str
    category: str
    due_on: date | None
    at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAcknowledged:
    """It was read."""

    note: str
    by: str
    at: datetime


Event: TypeAlias = OverdueTold | OverdueAcknowledged


@dataclass(frozen=True, slots=True)
class Untold:
    """Nobody was told anything under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice; ``waits_for``: of those whom it names, who have not acknowledged it yet."""

    addressee: Addressee
    people: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Nobody any more once somebody above them has."""
        return still_waiting(self.people, self.read_by)

    @property
    def is_read(self) -> bool:
        """Whether nothing is left to acknowledge."""
        return bool(self.read_by) and not self.waits_for


State: TypeAlias = Untold | Told


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case TellOverdue():
            return [_told(command)] if isinstance(state, Untold) else []
        case AcknowledgeOverdue():
            return _acknowledge(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The notice after a fact."""
    match event:
        case OverdueTold():
            return Told(addressee=event.addressee, people=event.people)
        case OverdueAcknowledged():
            assert isinstance(state, Told)
            return replace(state, read_by=(*state.read_by, event.by))
        case _:
            assert_never(event)


OVERDUE_NOTICE: Decider[Command, State, Event] = Decider(initial=Untold(), decide=decide, evolve=evolve)


def hindrance(_step: type[Any], state: State) -> Refusal | None:
    """Why it is not to be acknowledged any more, whoever asks; ``None`` where it is."""
    if isinstance(state, Untold):
        return OverdueNoticeUnknown()
    return NoticeAcknowledgedAlready() if state.is_read else None


def still_waiting(people: Sequence[str], read_by: Sequence[str]) -> tuple[str, ...]:
    """Of those whom a notice names, who have it before them still: whoever is not named acknowledged it for all."""
    is_for_all = any(one not in people for one in read_by)
    return () if is_for_all else tuple(one for one in people if one not in read_by)


def is_of_another(state: State, *, is_institution: bool) -> bool:
    """Whether the notice is the institution's, and whoever asks is none."""
    return isinstance(state, Told) and state.addressee is Addressee.INSTITUTION and not is_institution


def hindrance_for(person: str, state: State, *, is_institution: bool, is_above: bool) -> Refusal | None:
    """Why this person does not acknowledge it."""
    if is_of_another(state, is_institution=is_institution):
        return NoticeOfAnother()
    if (why := hindrance(AcknowledgeOverdue, state)) is not None:
        return why
    assert isinstance(state, Told)
    if state.people and person not in state.people and not is_above:
        return NoticeNamesOthers()
    return NoticeAcknowledgedAlready() if person in state.read_by else None


def _told(command: TellOverdue) -> OverdueTold:
    return OverdueTold(
        kind=command.kind,
        thing_id=command.thing_id,
        step=command.step,
        level=command.level,
        addressee=command.addressee,
        institution_id=command.institution_id,
        department=command.department,
        region=command.region,
        category=command.category,
        due_on=command.due_on,
        at=command.at,
        people=command.people,
    )


def _acknowledge(command: AcknowledgeOverdue, state: State) -> list[Event]:
    is_own = not is_of_another(state, is_institution=command.is_institution)
    if is_own and isinstance(state, Told) and command.by in state.read_by:
        return []
    why = hindrance_for(command.by, state, is_institution=command.is_institution, is_above=command.is_above)
    if why is not None:
        raise why
    note = command.note.strip()[:NOTE_CHARACTERS_MAX]
    return [OverdueAcknowledged(note=note, by=command.by, at=command.at)]
