"""Assigning (派发): what was planned for a grid goes to its officer, within half a minute and without anybody's asking.

The one rule: only what nobody has. Whoever declined does not get it again, but her deputy, who also stands in while the
post is vacant; and what takes certain people (a draw, a
re-check by somebody else, a joint inspection) is assigned by those who plan it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.grid_post import Post
from mingjing_inspection.domain.task_facts import TaskKind
from mingjing_inspection.domain.task_states import Planned
from mingjing_inspection.domain.task_steps import AssignTask
from mingjing_inspection.projections.tasks import unassigned_with_officer
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.duty import Done

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

ACTOR: Final = "system:assigning"
BASIS: Final = "国办发〔2018〕80号"
REASON: Final = {Post.OFFICER: "网格员当值", Post.DEPUTY: "副网格员代为办理"}
LOOK_SECONDS: Final = 30.0
BATCH_MAX: Final = 1_000
KINDS: Final = (TaskKind.ROUTINE, TaskKind.PEAK, TaskKind.CENSUS, TaskKind.URGENT)
NOTHING: Final = "nothing to assign: every task of a grid with an officer is somebody's"


class AssigningDuty:
    """Looks at what nobody has."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what was assigned is in the log, that somebody looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day: who is the officer may have changed with it."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as at any look."""
        await self.look()
        return self._said

    async def look(self) -> None:
        """Give what nobody has to the officer of its grid."""
        rows = await self._waiting()
        results = await self._kit.log.handle_many([self._work(row) for row in rows])
        given = sum(isinstance(one, Outcome) and bool(one.events) and not one.repeated for one in results)
        refused = sum(isinstance(one, Refusal) for one in results)
        for one in results:
            if not isinstance(one, Outcome | Refusal):
                raise one
        more = f", {refused} were somebody's by then" if refused else ""
        self._said = f"{given} given to the officers of their grids{more}" if rows else NOTHING

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _waiting(self) -> list[Any]:
        """What nobody has, and whose it is; nobody is asked twice who declined."""
        await self._kit.up_to_date()
        today = shanghai_date(self._kit.now())
        async with self._kit.connection() as connection:
            rows = (await connection.execute(unassigned_with_officer(KINDS, today, BATCH_MAX))).mappings().all()
        states = await self._kit.log.states(TASKS, [UUID(int=row["task_id"].int) for row in rows])
        return [row for row in rows if row["person"] not in _declined(states[UUID(int=row["task_id"].int)])]

    def _work(self, row: Any) -> Work:
        id = UUID(int=row["task_id"].int)
        command = AssignTask(officer=row["person"], colleagues=(), assigned_by=ACTOR, assigned_at=self._kit.now())
        command_id = derived_id("assign-by-post", id, row["person"], row["region"], row["note"])  # sent back: again
        envelope = Envelope(
            command_id=command_id,
            actor=ACTOR,
            department=row["department"],
            region=row["region"],
            reason=REASON[Post(row["post"])],
            legal_basis=BASIS,
            digest=command_id.bytes * 2,  # two processes look at two moments
        )
        return Work(TASKS, id, command, envelope)


def _declined(task: Any) -> frozenset[str]:
    """Who will not be asked again."""
    return task.declined_by if isinstance(task, Planned) else frozenset()
