"""Inspection task (检查任务): somebody must go and look, by a time, for a reason.

One rule: a task planned by a machine says what it reacted to and never punishes; when the site is unknown it says
so and goes to the competent department, because a task in nobody's grid is a task that nobody does.
"""

from __future__ import annotations

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
    SiteOfAnother,
    TaskAcceptedByAnother,
    TaskNotPlanned,
    TaskOfAnother,
    WhyNoSiteMissing,
)
from mingjing_inspection.domain.task_states import (
    Accepted,
    Assigned,
    Closed,
    Held,
    Known,
    Planned,
    Reviewed,
    Started,
    Submitted,
    Task,
    Unplanned,
    WithoutSite,
    hindrance,
    unhindered,
)
from mingjing_inspection.domain.task_stepping import after_step, step
from mingjing_kernel.decider import Decider, fact

__all__ = ["TASK", "Task", "decide", "evolve", "hindrance"]


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
            return [*step(command, _known(task))]


def evolve(task: Task, event: Event) -> Task:
    """The task as it stands after a fact."""
    match event:
        case TaskPlanned():
            return Planned(institution_id=event.institution_id)
        case TaskLocated():
            return Planned(institution_id=event.institution_id, escalated=getattr(task, "escalated", frozenset()))
        case TaskPlannedWithoutSite():
            return WithoutSite(institution_id=event.institution_id)
        case TaskAccepted():
            assert isinstance(task, Planned | Assigned)
            return Accepted(
                institution_id=event.institution_id,
                officer=event.officer,
                escalated=task.escalated,
                declined_by=task.declined_by,
            )
        case TaskSubmitted():
            return Submitted(
                institution_id=event.institution_id,
                visit_id=event.visit_id,
                escalated=getattr(task, "escalated", frozenset()),
                declined_by=getattr(task, "declined_by", frozenset()),
            )
        case TaskClosed():
            assert isinstance(task, Submitted | Reviewed)
            return Closed(institution_id=event.institution_id, visit_id=task.visit_id)
        case TaskMoved():
            return _moved(task, event)
        case _:
            return after_step(_known(task), event)


TASK: Decider[Command, Task, Event] = Decider(initial=Unplanned(), decide=decide, evolve=evolve)


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
    if isinstance(task, Accepted | Started):
        if task.officer != command.officer:
            raise TaskAcceptedByAnother
        return []
    unhindered(AcceptTask, task)
    assert isinstance(task, Planned | Assigned)
    if isinstance(task, Assigned) and task.officer != command.officer:
        raise TaskOfAnother
    return [
        TaskAccepted(
            institution_id=task.institution_id,
            officer=command.officer,
            accepted_at=command.accepted_at,
        )
    ]


def _submit(command: SubmitTask, task: Known) -> list[Event]:
    if isinstance(task, Submitted | Reviewed | Closed) and task.visit_id == command.visit_id:
        return []
    unhindered(SubmitTask, task)
    # The visit is a fact: it is not turned away because nobody, or another officer, had pressed "accept".
    assert isinstance(task, Planned | Held)
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
    unhindered(CloseTask, task)
    assert isinstance(task, Submitted | Reviewed)
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
    unhindered(MoveTask, task)
    assert isinstance(task, Planned | Held)
    had = task.officer if isinstance(task, Held) else ""
    taken_from = "" if command.officer in ("", had) else had
    return [fact(TaskMoved, command, institution_id=task.institution_id, taken_from=taken_from)]


def _moved(task: Task, event: TaskMoved) -> Task:
    """Whoever had taken it on keeps it within an own grid; else the officer of the new grid has it next."""
    if not event.taken_from:
        return task
    assert isinstance(task, Held)
    after = Planned(institution_id=event.institution_id, escalated=task.escalated, declined_by=task.declined_by)
    if not event.officer:
        return after
    return Assigned(
        institution_id=after.institution_id,
        officer=event.officer,
        escalated=after.escalated,
        declined_by=after.declined_by,
    )


def _known(task: Task) -> Known:
    if isinstance(task, Unplanned):
        raise TaskNotPlanned
    return task
