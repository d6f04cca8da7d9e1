"""Inspection task (检查任务): somebody must go and look, by a time, for a reason.

One rule: a task planned by a machine says what it reacted to and never punishes; when the site is unknown it says
so and goes to the competent department, because a task in nobody's grid is a task that nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    CloseTask,
    Command,
    Event,
    LocateTask,
    PlanTask,
    SubmitTask,
    TaskAccepted,
    TaskClosed,
    TaskLocated,
    TaskPlanned,
    TaskPlannedWithoutSite,
    TaskSubmitted,
)
from mingjing_inspection.domain.task_move import MoveTask, TaskMoved
from mingjing_inspection.domain.task_refusals import (
    ConclusionMissing,
    DuePassed,
    NotYetSubmitted,
    SiteKnown,
    SiteOfAnother,
    SiteUnknown,
    TaskAcceptedByAnother,
    TaskAlreadyAccepted,
    TaskAlreadyClosed,
    TaskAlreadySubmitted,
    TaskNotPlanned,
    WhyNoSiteMissing,
)
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Unplanned:
    """There is no such task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutSite:
    """Planned, but nobody knows where."""

    institution_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Planned for a site; nobody took it on yet."""

    institution_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An officer is on it."""

    institution_id: UUID
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The visit was made; somebody else must look at it."""

    institution_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Done."""

    institution_id: UUID
    visit_id: UUID


Task: TypeAlias = Unplanned | WithoutSite | Planned | Accepted | Submitted | Closed


def decide(command: Command, task: Task) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case PlanTask():
            return _plan(command, task)
        case LocateTask():
            return _locate(command, _known(task))
        case AcceptTask():
            return _accept(command, _known(task))
        case SubmitTask():
            return _submit(command, _known(task))
        case CloseTask():
            return _close(command, _known(task))
        case MoveTask():
            return _move(command, _known(task))
        case _:
            assert_never(command)


def evolve(task: Task, event: Event) -> Task:
    """The task as it stands after a fact."""
    match event:
        case TaskPlanned() | TaskLocated():
            return Planned(institution_id=event.institution_id)
        case TaskPlannedWithoutSite():
            return WithoutSite(institution_id=event.institution_id)
        case TaskAccepted():
            return Accepted(institution_id=event.institution_id, officer=event.officer)
        case TaskSubmitted():
            return Submitted(institution_id=event.institution_id, visit_id=event.visit_id)
        case TaskClosed():
            submitted = task
            assert isinstance(submitted, Submitted)
            return Closed(institution_id=event.institution_id, visit_id=submitted.visit_id)
        case TaskMoved():
            return Planned(institution_id=event.institution_id) if event.taken_from else task
        case _:
            assert_never(event)


TASK: Decider[Command, Task, Event] = Decider(initial=Unplanned(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], task: Task) -> Refusal | None:
    """Why the task as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(task, Unplanned):
        return None if step is PlanTask else TaskNotPlanned()
    why = _HINDRANCES.get(step, {}).get(type(task))
    return why() if why else None


_HINDRANCES: Mapping[type[Command], Mapping[type[Task], type[Refusal]]] = {
    LocateTask: dict.fromkeys((Planned, Accepted, Submitted, Closed), SiteKnown),
    AcceptTask: {
        WithoutSite: SiteUnknown,
        Accepted: TaskAlreadyAccepted,
        Submitted: TaskAlreadySubmitted,
        Closed: TaskAlreadyClosed,
    },
    SubmitTask: {WithoutSite: SiteUnknown, Submitted: TaskAlreadySubmitted, Closed: TaskAlreadySubmitted},
    CloseTask: {
        **dict.fromkeys((WithoutSite, Planned, Accepted), NotYetSubmitted),
        Closed: TaskAlreadyClosed,
    },
    MoveTask: {WithoutSite: SiteUnknown, Submitted: TaskAlreadySubmitted, Closed: TaskAlreadyClosed},
}


def _plan(command: PlanTask, task: Task) -> list[Event]:
    if not isinstance(task, Unplanned):
        return []  # The id is derived from the cause: planned once is planned, however often it is heard.
    if command.due_at <= command.planned_at:
        raise DuePassed
    if command.site_id is None or command.institution_id is None:
        return [_planned_without_site(command)]
    return [
        TaskPlanned(
            kind=command.kind,
            institution_id=command.institution_id,
            site_id=command.site_id,
            region=command.region,
            department=command.department,
            category=command.category,
            due_at=command.due_at,
            planned_at=command.planned_at,
            cause=command.cause,
        )
    ]


def _planned_without_site(command: PlanTask) -> Event:
    if not command.why_no_site.strip():
        raise WhyNoSiteMissing
    return TaskPlannedWithoutSite(
        kind=command.kind,
        institution_id=command.institution_id,
        region=command.region,
        department=command.department,
        category=command.category,
        due_at=command.due_at,
        planned_at=command.planned_at,
        cause=command.cause,
        why_no_site=command.why_no_site,
    )


def _locate(command: LocateTask, task: Known) -> list[Event]:
    if not isinstance(task, WithoutSite):
        return []
    if task.institution_id not in (None, command.institution_id):
        raise SiteOfAnother
    return [
        TaskLocated(
            institution_id=command.institution_id,
            site_id=command.site_id,
            region=command.region,
            located_by=command.located_by,
            located_at=command.located_at,
        )
    ]


def _accept(command: AcceptTask, task: Known) -> list[Event]:
    if isinstance(task, Accepted):
        if task.officer != command.officer:
            raise TaskAcceptedByAnother
        return []
    _unhindered(AcceptTask, task)
    assert isinstance(task, Planned)
    return [
        TaskAccepted(
            institution_id=task.institution_id,
            officer=command.officer,
            accepted_at=command.accepted_at,
        )
    ]


def _submit(command: SubmitTask, task: Known) -> list[Event]:
    if isinstance(task, Submitted | Closed) and task.visit_id == command.visit_id:
        return []
    _unhindered(SubmitTask, task)
    # The visit is a fact: it is not turned away because nobody, or another officer, had pressed "accept".
    assert isinstance(task, Planned | Accepted)
    return [
        TaskSubmitted(
            institution_id=task.institution_id,
            visit_id=command.visit_id,
            outcome=command.outcome,
            officer=command.officer,
            submitted_at=command.submitted_at,
        )
    ]


def _close(command: CloseTask, task: Known) -> list[Event]:
    if isinstance(task, Closed):
        return []
    _unhindered(CloseTask, task)
    assert isinstance(task, Submitted)
    if not command.conclusion.strip():
        raise ConclusionMissing
    return [
        TaskClosed(
            institution_id=task.institution_id,
            conclusion=command.conclusion,
            closed_by=command.closed_by,
            closed_at=command.closed_at,
        )
    ]


def _move(command: MoveTask, task: Known) -> list[Event]:
    _unhindered(MoveTask, task)
    assert isinstance(task, Planned | Accepted)
    had = task.officer if isinstance(task, Accepted) else ""
    taken_from = "" if command.officer in ("", had) else had
    return [fact(TaskMoved, command, institution_id=task.institution_id, taken_from=taken_from)]


def _unhindered(step: type[Command], task: Task) -> None:
    if (why := hindrance(step, task)) is not None:
        raise why


Known: TypeAlias = WithoutSite | Planned | Accepted | Submitted | Closed


def _known(task: Task) -> Known:
    if isinstance(task, Unplanned):
        raise TaskNotPlanned
    return task
