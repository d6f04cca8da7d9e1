"""Assigning (派发): what was planned for a grid goes to its officer, within half a minute and without anybody's asking.

The one rule: only what nobody has, to whom a person could give it as well. Whoever declined does not get it again, and
nobody who has an interest in the institution or no grant to go: then the deputy goes, who also stands in while the post
is vacant. What takes certain people (a draw, a re-check by somebody else, a joint inspection) is assigned by those who
plan it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.acts import ACCEPT_TASK
from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.grid_post import Post
from mingjing_inspection.domain.task_facts import TaskKind
from mingjing_inspection.domain.task_steps import AssignTask
from mingjing_inspection.projections.tasks import unassigned
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Dimensions, Scope
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
PAGES_MAX: Final = 10
"""Looked through at a time; the next look goes on behind them."""
KINDS: Final = (TaskKind.ROUTINE, TaskKind.PEAK, TaskKind.CENSUS, TaskKind.URGENT)
NOTHING: Final = "nothing to assign: every task of a grid with an officer is somebody's"


class AssigningDuty:
    """Looks at what nobody has."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._said = "not yet"
        self._after: tuple[datetime, UUID] | None = None
        """Where the next look begins; at the most urgent, unless the last one came to no end."""

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
        works, idle = await self._waiting()
        results = await self._kit.log.handle_many(works)
        given = sum(isinstance(one, Outcome) and bool(one.events) and not one.repeated for one in results)
        refused = sum(isinstance(one, Refusal) for one in results)
        for one in results:
            if not isinstance(one, Outcome | Refusal):
                raise one
        more = f", {refused} were somebody's by then" if refused else ""
        wait = f"; {idle} wait: whoever holds the post has no grant to go" if idle else ""
        self._said = (f"{given} given to the officers of their grids{more}" if works else NOTHING) + wait

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _waiting(self) -> tuple[list[Work], int]:
        """What is given now, and how many nobody may be given: those must not keep others from being looked at."""
        await self._kit.up_to_date()
        today, scopes = shanghai_date(self._kit.now()), await self._scopes()
        works, idle, after = list[Work](), 0, self._after
        async with self._kit.connection() as connection:
            for _ in range(PAGES_MAX):
                found = await connection.execute(unassigned(KINDS, today, BATCH_MAX, after))
                rows = found.mappings().all()
                for row in rows:
                    here = Dimensions(row["department"], row["region"], row["category"])
                    asked = zip(row["people"], row["posts"], strict=True)
                    fit = [(person, post) for person, post in asked if scopes(person).may(ACCEPT_TASK, here)]
                    works += [self._work(row, *one) for one in fit[:1]]
                    idle += not fit
                is_end = len(rows) < BATCH_MAX or len(works) >= BATCH_MAX
                after = None if is_end else (rows[-1]["due_at"], UUID(int=rows[-1]["task_id"].int))
                if is_end:
                    break
        self._after = after
        return works, idle

    async def _scopes(self) -> Callable[[str], Scope]:
        """What each person may do today, asked once."""
        directory, now = await self._kit.directory.current(), self._kit.now()
        return cache(lambda person: Scope(directory.grants_of(person, now)))

    def _work(self, row: Any, person: str, post: str) -> Work:
        id = UUID(int=row["task_id"].int)
        command = AssignTask(officer=person, colleagues=(), assigned_by=ACTOR, assigned_at=self._kit.now())
        command_id = derived_id("assign-by-post", id, person, row["region"], row["version"])  # sent back: again
        envelope = Envelope(
            command_id=command_id,
            actor=ACTOR,
            department=row["department"],
            region=row["region"],
            reason=REASON[Post(post)],
            legal_basis=BASIS,
            digest=command_id.bytes * 2,  # two processes look at two moments
        )
        return Work(TASKS, id, command, envelope)
