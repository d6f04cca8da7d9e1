"""Commands and facts of an inspection task (检查任务); the rules are in ``task``.

One rule: every fact names the institution, so that a list of one institution can be built from facts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.task_move import MoveTask, TaskMoved
from mingjing_inspection.domain.task_steps import Step, Stepped
from mingjing_inspection.domain.visit import Outcome


class TaskKind(StrEnum):
    """Why the task exists."""

    URGENT = "URGENT"
    """紧急检查"""
    ROUTINE = "ROUTINE"
    """日常巡查"""
    SPECIAL = "SPECIAL"
    """专项检查"""
    RECHECK = "RECHECK"
    """复查"""
    PEAK = "PEAK"
    """寒暑假、节假日巡查"""
    CENSUS = "CENSUS"
    """全覆盖排查"""
    DOUBLE_RANDOM = "DOUBLE_RANDOM"
    """双随机抽查"""
    UNANNOUNCED = "UNANNOUNCED"
    """四不两直: nobody outside the authority learns of it before the visit is made"""
    JOINT = "JOINT"
    """联合检查"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What the task reacts to: an alert with its rule, or a person's order (``alert_id`` is None)."""

    reason: str
    alert_id: UUID | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """Plan a visit. Without ``site_id``, ``why_no_site`` must say why, and ``department`` gets the task;
    the institution may be unknown, too: then the reason is all there is to go by."""

    kind: TaskKind
    institution_id: UUID | None
    site_id: UUID | None
    region: str
    department: str
    category: str
    due_at: datetime
    planned_at: datetime
    cause: Cause
    why_no_site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateTask:
    """The department found out where to look."""

    institution_id: UUID
    site_id: UUID
    region: str
    located_by: str
    located_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTask:
    """An officer takes the task on."""

    officer: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitTask:
    """A visit was made for the task."""

    visit_id: UUID
    outcome: Outcome
    officer: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask:
    """Somebody other than the officer looked at the report and is done with it."""

    conclusion: str
    closed_by: str
    closed_at: datetime


Command: TypeAlias = PlanTask | LocateTask | AcceptTask | SubmitTask | CloseTask | MoveTask | Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlanned:
    """A visit to a known site is due; ``region`` is the site's grid, or its division where no grid is known."""

    kind: TaskKind
    institution_id: UUID
    site_id: UUID
    region: str
    department: str
    category: str
    due_at: datetime
    planned_at: datetime
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlannedWithoutSite:
    """A visit is due, but nobody knows where: the competent department must find the site first."""

    kind: TaskKind
    institution_id: UUID | None
    region: str
    department: str
    category: str
    due_at: datetime
    planned_at: datetime
    cause: Cause
    why_no_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLocated:
    """The site of a task planned without one was found."""

    institution_id: UUID
    site_id: UUID
    region: str
    located_by: str
    located_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAccepted:
    """An officer took the task on."""

    institution_id: UUID
    officer: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSubmitted:
    """The visit was made."""

    institution_id: UUID
    visit_id: UUID
    outcome: Outcome
    officer: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed:
    """The report was looked at and the task is done."""

    institution_id: UUID
    conclusion: str
    closed_by: str
    closed_at: datetime


Event: TypeAlias = (
    TaskPlanned | TaskPlannedWithoutSite | TaskLocated | TaskAccepted | TaskSubmitted | TaskClosed | TaskMoved | Stepped
)
