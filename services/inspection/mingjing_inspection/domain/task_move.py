"""Moving a task (任务转移): the grids were redrawn, and the site of the task lies in another officer's grid now (X16).

One rule: only an open task with a site moves; what was submitted stays with who made the visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTask:
    """To the grid in which its site lies now; ``officer`` holds that grid's post, empty while nobody does."""

    region: str
    officer: str
    version_id: UUID
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMoved:
    """In another grid. ``taken_from`` had taken it on and has it no more; empty where the new grid is theirs, too, or
    nobody's, or where nobody had taken it on.
    """

    institution_id: UUID
    region: str
    officer: str
    taken_from: str
    version_id: UUID
    moved_at: datetime
