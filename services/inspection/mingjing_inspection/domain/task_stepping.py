"""How a task goes from hand to hand (任务流转): what each step asks of the state, and the facts that follow.

One rule: only who has a task may decline or start it; a step that was taken already is not taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_inspection.domain.task_refusals import (
    ColleaguesImpossible,
    DeclinedByThisOfficer,
    HandedToSameOfficer,
    ReasonForTaskMissing,
    ReviewWithoutRemark,
    TaskOfAnother,
)
from mingjing_inspection.domain.task_states import (
    OPEN,
    Accepted,
    Assigned,
    Cancelled,
    Held,
    Known,
    Planned,
    Reviewed,
    Started,
    Submitted,
    WithoutSite,
    unhindered,
)
from mingjing_inspection.domain.task_steps import (
    AssignTask,
    CancelTask,
    DeclineTask,
    EscalateTask,
    HandOverTask,
    ReviewTask,
    StartTask,
    Step,
    Stepped,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskEscalated,
    TaskHandedOver,
    TaskReviewed,
    TaskStarted,
)


def step(command: Step, task: Known) -> list[Stepped]:
    """The facts that follow, or a refusal."""
    return _STEPS[type(command)](command, task)


def _assign(command: AssignTask, task: Known) -> list[Stepped]:
    unhindered(AssignTask, task)
    assert isinstance(task, Planned | Assigned)
    if command.officer in command.colleagues or len(set(command.colleagues)) < len(command.colleagues):
        raise ColleaguesImpossible
    if command.officer in task.declined_by:
        raise DeclinedByThisOfficer
    if isinstance(task, Assigned) and task.officer == command.officer:
        return []
    return [
        TaskAssigned(
            institution_id=task.institution_id,
            officer=command.officer,
            colleagues=command.colleagues,
            assigned_by=command.assigned_by,
            assigned_at=command.assigned_at,
        )
    ]


def _decline(command: DeclineTask, task: Known) -> list[Stepped]:
    unhindered(DeclineTask, task)
    assert isinstance(task, Assigned | Accepted)
    _require_own(task, command.officer)
    _require_reason(command.reason)
    return [
        TaskDeclined(
            institution_id=task.institution_id,
            officer=command.officer,
            reason=command.reason,
            declined_at=command.declined_at,
        )
    ]


def _hand_over(command: HandOverTask, task: Known) -> list[Stepped]:
    unhindered(HandOverTask, task)
    assert isinstance(task, Held)
    if not command.by_planner:
        _require_own(task, command.handed_by)
    if command.to == task.officer:
        raise HandedToSameOfficer
    _require_reason(command.reason)
    return [
        TaskHandedOver(
            institution_id=task.institution_id,
            officer=task.officer,
            to=command.to,
            reason=command.reason,
            handed_by=command.handed_by,
            handed_at=command.handed_at,
        )
    ]


def _start(command: StartTask, task: Known) -> list[Stepped]:
    if isinstance(task, Started) and task.officer == command.officer:
        return []
    unhindered(StartTask, task)
    assert isinstance(task, Assigned | Accepted)
    _require_own(task, command.officer)
    return [TaskStarted(institution_id=task.institution_id, officer=command.officer, started_at=command.started_at)]


def _review(command: ReviewTask, task: Known) -> list[Stepped]:
    unhindered(ReviewTask, task)
    assert isinstance(task, Submitted)
    if not command.is_sound and not command.remark.strip():
        raise ReviewWithoutRemark
    return [
        TaskReviewed(
            institution_id=task.institution_id,
            visit_id=task.visit_id,
            is_sound=command.is_sound,
            remark=command.remark,
            reviewed_by=command.reviewed_by,
            reviewed_at=command.reviewed_at,
        )
    ]


def _cancel(command: CancelTask, task: Known) -> list[Stepped]:
    if isinstance(task, Cancelled):
        return []
    unhindered(CancelTask, task)
    _require_reason(command.reason)
    return [
        TaskCancelled(
            institution_id=task.institution_id,
            reason=command.reason,
            cancelled_by=command.cancelled_by,
            cancelled_at=command.cancelled_at,
        )
    ]


def _escalate(command: EscalateTask, task: Known) -> list[Stepped]:
    """Nothing where nobody has to go any more: whoever counts days may be a day behind."""
    if not isinstance(task, OPEN) or command.step in task.escalated:
        return []
    return [
        TaskEscalated(
            institution_id=task.institution_id,
            step=command.step,
            officer=task.officer if isinstance(task, Held) else "",
            due_on=command.due_on,
            on=command.on,
        )
    ]


_STEPS: Mapping[type[Step], Callable[[Any, Known], list[Stepped]]] = MappingProxyType(
    {
        AssignTask: _assign,
        DeclineTask: _decline,
        HandOverTask: _hand_over,
        StartTask: _start,
        ReviewTask: _review,
        CancelTask: _cancel,
        EscalateTask: _escalate,
    }
)


def after_step(task: Known, event: Stepped) -> Known:
    """The task as it stands after one of these facts."""
    match event:
        case TaskAssigned(officer=officer):
            return Assigned(officer=officer, **_kept(task))
        case TaskDeclined(officer=officer):
            kept = _kept(task)
            return Planned(**kept | {"declined_by": kept["declined_by"] | {officer}})
        case TaskHandedOver(to=officer):
            return Assigned(officer=officer, **_kept(task))  # whoever gets it has not said yes yet
        case TaskStarted(officer=officer):
            return Started(officer=officer, **_kept(task))
        case TaskReviewed() if event.is_sound:
            return Reviewed(institution_id=event.institution_id, visit_id=event.visit_id)
        case TaskReviewed():
            return Planned(**_kept(task))
        case TaskCancelled():
            return Cancelled(institution_id=event.institution_id)
        case TaskEscalated():
            return _escalated(task, event)


def _escalated(task: Known, event: TaskEscalated) -> Known:
    assert isinstance(task, OPEN)
    steps = task.escalated | {event.step}
    match task:
        case WithoutSite():
            return WithoutSite(institution_id=task.institution_id, escalated=steps)
        case Planned():
            return Planned(**_kept(task) | {"escalated": steps})
        case Held():
            return type(task)(officer=task.officer, **_kept(task) | {"escalated": steps})


def _kept(task: Known) -> dict[str, Any]:
    """What stays when a task goes to somebody else."""
    return {
        "institution_id": task.institution_id,
        "escalated": getattr(task, "escalated", frozenset()),
        "declined_by": getattr(task, "declined_by", frozenset()),
    }


def _require_own(task: Held, officer: str) -> None:
    if task.officer != officer:
        raise TaskOfAnother


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonForTaskMissing
