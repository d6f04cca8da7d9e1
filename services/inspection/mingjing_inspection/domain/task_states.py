"""How a task may stand (任务状态), and which step each state takes.

One rule: OVERDUE is no state of its own: a task that is late is still somebody's. What has been done about it is kept
in ``escalated``, whoever has the task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    CloseTask,
    Command,
    LocateTask,
    PlanTask,
    SubmitTask,
)
from mingjing_inspection.domain.task_move import MoveTask
from mingjing_inspection.domain.task_refusals import (
    NotYetSubmitted,
    SiteKnown,
    SiteUnknown,
    TaskAlreadyAccepted,
    TaskAlreadyClosed,
    TaskAlreadyReviewed,
    TaskAlreadyStarted,
    TaskAlreadySubmitted,
    TaskIsCancelled,
    TaskNotAssigned,
    TaskNotPlanned,
    TaskOfAnother,
)
from mingjing_inspection.domain.task_steps import (
    AssignTask,
    CancelTask,
    DeclineTask,
    Escalation,
    HandOverTask,
    ReviewTask,
    StartTask,
)
from mingjing_kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Unplanned:
    """There is no such task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutSite:
    """Planned, but nobody knows where."""

    institution_id: UUID | None
    escalated: frozenset[Escalation] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Planned for a site; nobody has it, or whoever had it declined."""

    institution_id: UUID
    escalated: frozenset[Escalation] = frozenset()
    declined_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An officer has it."""

    institution_id: UUID
    officer: str
    escalated: frozenset[Escalation] = frozenset()
    declined_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Held):
    """An officer was named, and has not said yes yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Held):
    """An officer is on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Held):
    """The officer is on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The visit was made; somebody else must look at it."""

    institution_id: UUID
    visit_id: UUID
    escalated: frozenset[Escalation] = frozenset()
    declined_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Somebody else looked at it, and it is sound."""

    institution_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Done."""

    institution_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """Nobody goes."""

    institution_id: UUID | None


Known: TypeAlias = WithoutSite | Planned | Assigned | Accepted | Started | Submitted | Reviewed | Closed | Cancelled
Task: TypeAlias = Unplanned | Known
Open: TypeAlias = WithoutSite | Planned | Assigned | Accepted | Started
OPEN = (WithoutSite, Planned, Assigned, Accepted, Started)
"""States in which somebody still has to go."""


def hindrance(step: type[Command], task: Task) -> Refusal | None:
    """Why the task as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(task, Unplanned):
        return None if step is PlanTask else TaskNotPlanned()
    why = _HINDRANCES.get(step, {}).get(type(task))
    return why() if why else None


_OVER: Mapping[type[Task], type[Refusal]] = {
    Submitted: TaskAlreadySubmitted,
    Reviewed: TaskAlreadySubmitted,
    Closed: TaskAlreadyClosed,
    Cancelled: TaskIsCancelled,
}
_NOT_YET = dict.fromkeys(OPEN, NotYetSubmitted)
_HINDRANCES: Mapping[type[Command], Mapping[type[Task], type[Refusal]]] = {
    LocateTask: {
        **dict.fromkeys((Planned, Assigned, Accepted, Started, Submitted, Reviewed, Closed), SiteKnown),
        Cancelled: TaskIsCancelled,
    },
    AssignTask: {WithoutSite: SiteUnknown, Accepted: TaskAlreadyAccepted, Started: TaskAlreadyAccepted, **_OVER},
    AcceptTask: {WithoutSite: SiteUnknown, Accepted: TaskAlreadyAccepted, Started: TaskAlreadyAccepted, **_OVER},
    DeclineTask: {WithoutSite: SiteUnknown, Planned: TaskNotAssigned, Started: TaskAlreadyStarted, **_OVER},
    HandOverTask: {WithoutSite: SiteUnknown, Planned: TaskNotAssigned, **_OVER},
    StartTask: {WithoutSite: SiteUnknown, Planned: TaskNotAssigned, Started: TaskAlreadyStarted, **_OVER},
    SubmitTask: {WithoutSite: SiteUnknown, **_OVER, Closed: TaskAlreadySubmitted},
    ReviewTask: {**_NOT_YET, Reviewed: TaskAlreadyReviewed, Closed: TaskAlreadyClosed, Cancelled: TaskIsCancelled},
    CloseTask: {**_NOT_YET, Closed: TaskAlreadyClosed, Cancelled: TaskIsCancelled},
    CancelTask: _OVER,
    MoveTask: {WithoutSite: SiteUnknown, **_OVER},
}


def hindrance_for(officer: str, step: type[Command], task: Task, *, by_planner: bool) -> Refusal | None:
    """The same for one person: what is another officer's, only who plans moves."""
    if (why := hindrance(step, task)) is not None:
        return why
    is_own = not isinstance(task, Held) or task.officer == officer
    if is_own or step not in _OWN or (step is HandOverTask and by_planner):
        return None
    return TaskOfAnother()


_OWN = frozenset({AcceptTask, DeclineTask, HandOverTask, StartTask})


def unhindered(step: type[Command], task: Task) -> None:
    """Raise what the state has against a step."""
    if (why := hindrance(step, task)) is not None:
        raise why
