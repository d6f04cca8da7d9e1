"""The visit after a rectification (整改复查): planned when it is said to be put right, or when its time is over.

One rule: one visit for one rectification, within the working days that the order was made with; who looks is assigned
by a person, for whoever ordered it is not who looks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection.codec import PREMISES_KNOWN, RECTIFICATIONS, TASKS
from mingjing_inspection.domain.office_hours import last_moment
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_inspection.domain.rectification import Known, Stage
from mingjing_inspection.domain.rectification_facts import RectificationLapsed, RectificationSelfReported
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.domain.task_states import Unplanned
from mingjing_inspection.projections.reactions import RECTIFIED
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

BASIS: Final = {RECTIFIED: "行政处罚法第二十八条"}
VISIT: Final = "recheck-planned"
PLANNED_BEFORE, MOVED_ON = "recheck-planned-before", "rectification-moved-on"
"""Why it planned none."""
_WAITING: Final = (Stage.SELF_REPORTED, Stage.RECHECK)
_HOUR: Final = timedelta(hours=1)
Step: TypeAlias = tuple[Aggregate, UUID, Any]
Found: TypeAlias = tuple[list[Step], NoteReaction]


def rectified_reactions(kit: Kit) -> Mapping[str, Callable[[Any], Awaitable[Found]]]:
    """What the duty of reactions asks, by the reaction's name."""

    async def rectified(row: Any) -> Found:
        id = row["source_id"]
        known = (await kit.log.state(RECTIFICATIONS, id))[0]
        assert isinstance(known, Known), "it was ordered"
        task_id = derived_id("recheck-of-rectification", id)
        why = "" if known.stage in _WAITING else MOVED_ON
        if not why and not isinstance((await kit.log.state(TASKS, task_id))[0], Unplanned):
            why = PLANNED_BEFORE
        steps: list[Step] = [] if why else [(TASKS, task_id, await _visit(kit, row, known))]
        return steps, _note(kit, row, known, why)

    return {RECTIFIED: rectified}


async def _visit(kit: Kit, row: Any, known: Known) -> PlanTask:
    version = int(row["occasion"].rpartition(":")[2])
    said = (await kit.log.history(RECTIFICATIONS, row["source_id"]))[version - 1].event
    assert isinstance(said, RectificationSelfReported | RectificationLapsed), "it is what asks for the visit"
    grounds, now = known.grounds, kit.now()
    due = last_moment((await calendar_known(kit.log)).after(said.on, said.recheck_days))
    premises: Premises = (await kit.log.state(PREMISES_KNOWN, grounds.institution_id))[0]
    site = premises.site(grounds.site_id) if grounds.site_id else None  # where it stands now: grids may be redrawn
    return PlanTask(
        kind=TaskKind.RECHECK,
        institution_id=grounds.institution_id,
        site_id=grounds.site_id,
        region=site.region if site else grounds.region,
        department=grounds.department,
        category=grounds.category,
        due_at=max(due, now + _HOUR),
        planned_at=now,
        cause=Cause(reason=grounds.summary, rule=RECTIFIED),
    )


def _note(kit: Kit, row: Any, known: Known, why: str) -> NoteReaction:
    return NoteReaction(
        reaction=row["reaction"],
        occasion=row["occasion"],
        did=() if why else (VISIT,),
        institution_id=known.grounds.institution_id,
        why=why,
        department=known.grounds.department,
        region=known.grounds.region,
        category=known.grounds.category,
        at=kit.now(),
    )
