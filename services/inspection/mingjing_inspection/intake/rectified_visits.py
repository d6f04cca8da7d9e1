"""The visit after a rectification (整改复查): planned when it is said to be put right, or when its time is over.

One rule: one visit for one rectification, within the working days that the order was made with, and none beside that
of its finding; once somebody has looked nobody sets out any more, unless the finding still waits for its own re-check,
and then not longer than that.
Who looks is assigned by a person, for whoever ordered it is not who looks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection.codec import FINDINGS, PREMISES_KNOWN, RECTIFICATIONS, TASKS
from mingjing_inspection.domain import finding as of_finding
from mingjing_inspection.domain.finding_facts import FindingFedBack
from mingjing_inspection.domain.office_hours import last_moment
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_inspection.domain.rectification import Known, Stage
from mingjing_inspection.domain.rectification_facts import RectificationLapsed, RectificationSelfReported
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.domain.task_states import OPEN, Started, Unplanned
from mingjing_inspection.domain.task_steps import CancelTask
from mingjing_inspection.projections.reactions import RECHECKED, RECTIFIED
from mingjing_inspection.projections.rectifications import rectifications_of_finding
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

BASIS: Final = dict.fromkeys((RECTIFIED, RECHECKED), "行政处罚法第二十八条")
VISIT, VISIT_CANCELLED = "recheck-planned", "recheck-cancelled"
NO_SITE, FINDING_VISITED = "no-site", "finding-recheck-open"
PLANNED_BEFORE, MOVED_ON = "recheck-planned-before", "rectification-moved-on"
"""Why it planned none."""
NO_VISIT, UNDER_WAY, FINDING_WAITS = "no-recheck-open", "recheck-under-way", "finding-waits-for-recheck"
RECTIFICATION_WAITS: Final = "rectification-waits-for-recheck"
"""Why it cancelled none: who stands there finishes her report; a finding that counted on this visit has no other."""
RECTIFICATION_OVER: Final = "整改已复查，无需再上门"
FINDING_OVER: Final = "案卷已核查，无需再上门"
ACTOR: Final = f"system:{RECHECKED.lower()}"
_WAITING: Final = (Stage.SELF_REPORTED, Stage.RECHECK)
_HOUR: Final = timedelta(hours=1)
Step: TypeAlias = tuple[Aggregate, UUID, Any]
Found: TypeAlias = tuple[list[Step], NoteReaction]


def rectified_reactions(kit: Kit) -> Mapping[str, Callable[[Any], Awaitable[Found]]]:
    """What the duty of reactions asks, by the reaction's name."""

    async def rectified(row: Any) -> Found:
        id = row["source_id"]
        known = await _known(kit, id)
        why = await _why_not(kit, id, known)
        steps: list[Step] = [] if why else [(TASKS, visit_of(id), await _visit(kit, row, known))]
        return steps, _note(kit, row, known, () if why else (VISIT,), why)

    async def rechecked(row: Any) -> Found:
        id = row["source_id"]
        if row["occasion"].startswith(FINDINGS.stream(id)):
            return await _finding_rechecked(kit, row)
        known = await _known(kit, id)
        why = await _why_stays(kit, id, known)
        steps = [] if why else [_cancelled(kit, id)]
        if (finding_id := known.grounds.finding_id) is not None and why in ("", NO_VISIT):
            counted_on, is_under_way = await _of_finding_left(kit, finding_id)
            steps += counted_on
            why = UNDER_WAY if is_under_way else why
        return steps, _note(kit, row, known, (VISIT_CANCELLED,) if steps else (), "" if steps else why)

    return {RECTIFIED: rectified, RECHECKED: rechecked}


def visit_of(rectification_id: UUID) -> UUID:
    """The id of its task."""
    return derived_id("recheck-of-rectification", rectification_id)


async def is_visited(kit: Kit, finding_id: UUID, institution_id: UUID) -> bool:
    """Whether somebody still has to go for what was ordered because of a finding, be it by a person or by X5."""
    visits = [visit_of(one) for one in await _ordered_for(kit, finding_id, institution_id)]
    states = await kit.log.states(TASKS, visits) if visits else {}
    return any(isinstance(one, OPEN) for one in states.values())


async def _ordered_for(kit: Kit, finding_id: UUID, institution_id: UUID | None) -> list[UUID]:
    async with kit.connection() as connection:
        rows = (await connection.scalars(rectifications_of_finding(finding_id, institution_id))).all()
    return [UUID(int=one.int) for one in rows]


async def _known(kit: Kit, id: UUID) -> Known:
    known = (await kit.log.state(RECTIFICATIONS, id))[0]
    assert isinstance(known, Known), "it was ordered"
    return known


async def _why_not(kit: Kit, id: UUID, known: Known) -> str:
    if known.stage not in _WAITING:
        return MOVED_ON
    if known.grounds.site_id is None:
        return NO_SITE
    if not isinstance((await kit.log.state(TASKS, visit_of(id)))[0], Unplanned):
        return PLANNED_BEFORE
    finding_id = known.grounds.finding_id
    return FINDING_VISITED if finding_id is not None and await _is_finding_visited(kit, finding_id) else ""


async def _why_stays(kit: Kit, id: UUID, known: Known) -> str:
    visit = (await kit.log.state(TASKS, visit_of(id)))[0]
    if isinstance(visit, Started):
        return UNDER_WAY
    if not isinstance(visit, OPEN):
        return NO_VISIT
    finding_id = known.grounds.finding_id
    found = (await kit.log.state(FINDINGS, finding_id))[0] if finding_id is not None else None
    waits = isinstance(found, of_finding.Known) and found.stage is of_finding.Stage.FED_BACK
    return FINDING_WAITS if waits else ""


async def _finding_rechecked(kit: Kit, row: Any) -> Found:
    """A visit that stayed for this finding alone is no longer wanted."""
    found = (await kit.log.state(FINDINGS, row["source_id"]))[0]
    assert isinstance(found, of_finding.Known), "it was rechecked"
    place, steps, why = found.place, list[Step](), NO_VISIT
    ordered = await _ordered_for(kit, row["source_id"], place.institution_id)
    waiting = await _waiting(kit, ordered)
    for id in ordered:
        stays = RECTIFICATION_WAITS if id in waiting else await _why_stays(kit, id, await _known(kit, id))
        if not stays:
            steps.append(_cancelled(kit, id))
        elif stays != NO_VISIT:
            why = stays
    if not waiting:
        own, is_under_way = await _own_visits_over(kit, row["source_id"], int(row["occasion"].rpartition(":")[2]))
        steps += own
        why = UNDER_WAY if is_under_way else why
    note = NoteReaction(
        reaction=row["reaction"],
        occasion=row["occasion"],
        did=(VISIT_CANCELLED,) if steps else (),
        institution_id=place.institution_id,
        why="" if steps else why,
        department=found.owner,
        region=place.region,
        category=place.category,
        at=kit.now(),
    )
    return steps, note


async def _waiting(kit: Kit, ordered: Sequence[UUID]) -> set[UUID]:
    """Those that somebody still has to look at."""
    states = await kit.log.states(RECTIFICATIONS, ordered) if ordered else {}
    return {id for id, known in states.items() if isinstance(known, Known) and known.stage in _WAITING}


async def _of_finding_left(kit: Kit, finding_id: UUID) -> tuple[list[Step], bool]:
    """The finding's own visits, on which a rectification counted that was just looked at; none where somebody else does
    still. Whether somebody is there already.
    """
    found = (await kit.log.state(FINDINGS, finding_id))[0]
    if not isinstance(found, of_finding.Known) or found.stage is of_finding.Stage.FED_BACK:
        return [], False
    if await _waiting(kit, await _ordered_for(kit, finding_id, found.place.institution_id)):
        return [], False
    return await _own_visits_over(kit, finding_id)


async def _own_visits_over(kit: Kit, finding_id: UUID, before: int | None = None) -> tuple[list[Step], bool]:
    """``before``: only what was fed back before this fact; whoever feeds back again later waits for a visit anew."""
    visits = await _visits_of_finding(kit, finding_id, before)
    over = [task_id for task_id, visit in visits.items() if not isinstance(visit, Started)]
    return [_taken_back(kit, task_id, FINDING_OVER) for task_id in over], len(over) < len(visits)


def _cancelled(kit: Kit, id: UUID) -> Step:
    return _taken_back(kit, visit_of(id), RECTIFICATION_OVER)


def _taken_back(kit: Kit, task_id: UUID, reason: str) -> Step:
    return TASKS, task_id, CancelTask(reason=reason, cancelled_by=ACTOR, cancelled_at=kit.now())


async def _is_finding_visited(kit: Kit, finding_id: UUID) -> bool:
    """Whether somebody still has to go to the same site because its department has fed back."""
    return bool(await _visits_of_finding(kit, finding_id))


async def _visits_of_finding(kit: Kit, finding_id: UUID, before: int | None = None) -> dict[UUID, Any]:
    """Its own that are open, by task; ``before``: of what was fed back before this version."""
    facts = await kit.log.history(FINDINGS, finding_id)
    tasks = [
        derived_id("recheck-of-finding", f"{fact.stream}:{fact.version}")
        for fact in facts
        if isinstance(fact.event, FindingFedBack) and (before is None or fact.version < before)
    ]
    states = await kit.log.states(TASKS, tasks) if tasks else {}
    return {id: state for id, state in states.items() if isinstance(state, OPEN)}


async def _visit(kit: Kit, row: Any, known: Known) -> PlanTask:
    version = int(row["occasion"].rpartition(":")[2])
    said = (await kit.log.history(RECTIFICATIONS, row["source_id"]))[version - 1].event
    assert isinstance(said, RectificationSelfReported | RectificationLapsed), "it is what asks for the visit"
    grounds, now = known.grounds, kit.now()
    due = last_moment((await calendar_known(kit.log)).after(said.on, said.recheck_days))
    premises: Premises = (await kit.log.state(PREMISES_KNOWN, grounds.institution_id))[0]
    assert grounds.site_id is not None, "without a site there is no visit"
    site = premises.site(grounds.site_id)  # where it stands now: grids may be redrawn
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


def _note(kit: Kit, row: Any, known: Known, did: tuple[str, ...], why: str) -> NoteReaction:
    return NoteReaction(
        reaction=row["reaction"],
        occasion=row["occasion"],
        did=did,
        institution_id=known.grounds.institution_id,
        why=why,
        department=known.grounds.department,
        region=known.grounds.region,
        category=known.grounds.category,
        at=kit.now(),
    )
