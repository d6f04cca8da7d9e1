"""Commands and facts of a task's way through hands (分派、退回、移交、审核、取消、催办); rules are in ``task``.

One rule: whoever gives a task away says why, and whoever gets it is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class Escalation(StrEnum):
    """What a deadline that draws near, or has passed, leads to (X20)."""

    REMINDED = "REMINDED"
    """催办"""
    OVERDUE = "OVERDUE"
    """超期督办"""
    LISTED = "LISTED"
    """挂牌督办"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTask:
    """Somebody who plans names the officer; ``colleagues`` go along where two have to."""

    officer: str
    colleagues: tuple[str, ...]
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineTask:
    """The officer cannot do it, and says why; somebody else has to be named."""

    officer: str
    reason: str
    declined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverTask:
    """The task goes from one officer to another; ``by_planner``: whoever plans may move anybody's."""

    to: str
    reason: str
    handed_by: str
    by_planner: bool
    handed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTask:
    """The officer sets out."""

    officer: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTask:
    """Somebody other than the officer looks at the report; one that is not sound has to be made again."""

    is_sound: bool
    remark: str
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTask:
    """Nobody has to go any more."""

    reason: str
    cancelled_by: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateTask:
    """The deadline draws near, or has passed."""

    step: Escalation
    due_on: date
    on: date


Step: TypeAlias = AssignTask | DeclineTask | HandOverTask | StartTask | ReviewTask | CancelTask | EscalateTask


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned:
    """An officer was named for it."""

    institution_id: UUID
    officer: str
    colleagues: tuple[str, ...]
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDeclined:
    """The officer gave it back; it waits to be assigned."""

    institution_id: UUID
    officer: str
    reason: str
    declined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandedOver:
    """Another officer has it now."""

    institution_id: UUID
    officer: str
    to: str
    reason: str
    handed_by: str
    handed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted:
    """The officer is on the way."""

    institution_id: UUID
    officer: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReviewed:
    """The report was looked at; where it is not sound, the task waits to be assigned again."""

    institution_id: UUID
    visit_id: UUID
    is_sound: bool
    remark: str
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled:
    """Nobody goes."""

    institution_id: UUID | None
    reason: str
    cancelled_by: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEscalated:
    """Somebody is reminded, or a superior looks at it; ``officer`` is who had it then."""

    institution_id: UUID | None
    step: Escalation
    officer: str
    due_on: date
    on: date


Stepped: TypeAlias = (
    TaskAssigned | TaskDeclined | TaskHandedOver | TaskStarted | TaskReviewed | TaskCancelled | TaskEscalated
)
