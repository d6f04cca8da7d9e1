"""The reaction to steps that are nearly late or late (催办督办, X20): whoever can do something about it is told.

One rule: of a department's own step that department hears, by name whoever has it in hand, and once it is late its
superior and whoever organized it; an institution hears of its own rectification alone, once it was served. What was
done meanwhile is told to nobody, and that is on record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection.codec import FINDINGS, RECTIFICATIONS, TASKS
from mingjing_inspection.codec_overdue import OVERDUE_NOTICES
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import complaint_track as of_track
from mingjing_inspection.domain import finding as of_finding
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain import rectification as of_rectification
from mingjing_inspection.domain import track_facts as t
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain.finding_rules import FINDING
from mingjing_inspection.domain.finding_terms import Step as FindingStep
from mingjing_inspection.domain.overdue_notice import Addressee, Late, Level, TellOverdue
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_inspection.domain.rectification_facts import RectificationReminded
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.task_facts import TaskLocated, TaskPlanned, TaskPlannedWithoutSite
from mingjing_inspection.domain.task_move import TaskMoved
from mingjing_inspection.domain.task_states import OPEN, Held
from mingjing_inspection.domain.task_steps import Escalation, TaskAssigned, TaskDeclined, TaskEscalated, TaskReviewed
from mingjing_inspection.domain.track_rules import TRACK
from mingjing_inspection.domain.track_terms import Stage as TrackStage
from mingjing_inspection.domain.track_terms import TrackClock
from mingjing_inspection.projections.reactions import X20
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Recorded

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

BASIS: Final = {X20: "中办发〔2021〕40号；GB/T 30428《数字化城市管理信息系统》"}
WHOLE, VISIT, RECTIFY = "ALL", "VISIT", "RECTIFY"
"""A listing is about the whole thing; a task and a rectification have one step."""
TOLD: Final = {
    Addressee.DEPARTMENT: "department-told",
    Addressee.SUPERIOR: "superior-told",
    Addressee.INSTITUTION: "institution-told",
    Addressee.ORGANIZER: "organizer-told",
}
"""What the reaction did; codes, put into words where somebody reads them."""
STEP_TAKEN, NOBODY_HAS_IT = "step-taken-meanwhile", "nobody-has-it"
"""Why it told nobody."""
_LEVELS: Final = {
    Escalation.REMINDED: Level.REMINDED,
    Escalation.OVERDUE: Level.SUPERVISED,
    Escalation.LISTED: Level.LISTED,
}
_RECTIFIED: Final = (
    of_rectification.Stage.DECLINED,
    of_rectification.Stage.SELF_REPORTED,
    of_rectification.Stage.PASSED,
    of_rectification.Stage.FAILED,
)
_GIVEN: Final = (t.TrackRouted, t.TrackReturned, t.JurisdictionDisputed, t.TrackReopened)
"""With which a track is in nobody's hands, or in other ones."""
_TAKEN_ON: Final = (
    h.DisputeAccepted,
    h.MediationStarted,
    h.VerificationStarted,
    h.OrderSigned,
    h.OrderHandlingStarted,
    h.OrderReplied,
)
"""With which somebody of the department has a track in hand."""
_OTHERS_CLOCKS: Final = of_track.UNOWNED | {TrackClock.FOLLOW_UP, TrackClock.CALL_BACK}
"""What whoever handles a track does not do herself."""
_MACHINE: Final = "system:"
Step: TypeAlias = tuple[Aggregate, UUID, Any]
Found: TypeAlias = tuple[list[Step], NoteReaction]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A step as it stands. ``superior``: who is told above; ``institution_id``: whose own duty it is, if one's.

    ``people`` have it in hand; ``organizer`` planned, dispatched or ordered it, and is empty where a machine did.
    ``home`` is the organizer's department, where another one has the step.
    """

    kind: Late
    step: str
    level: Level
    department: str
    superior: str
    region: str
    category: str
    due_on: date | None
    is_over: bool
    institution_id: UUID | None = None
    people: tuple[str, ...] = ()
    organizer: str = ""
    home: str = ""

    @property
    def addressees(self) -> dict[Addressee, str]:
        """Who is told, each with the department through which the notice is seen."""
        told = {Addressee.DEPARTMENT: self.department} if self.department else {}
        if self.level is not Level.REMINDED and self.superior not in ("", self.department):
            told[Addressee.SUPERIOR] = self.superior
        if self.institution_id is not None:
            told[Addressee.INSTITUTION] = self.department
        home = self.home or self.department
        if self.level is not Level.REMINDED and home and self.organizer not in ("", *self.people):
            told[Addressee.ORGANIZER] = home
        return told

    def people_of(self, addressee: Addressee) -> tuple[str, ...]:
        """Who is told by name."""
        if addressee is Addressee.ORGANIZER:
            return (self.organizer,)
        return self.people if addressee is Addressee.DEPARTMENT else ()


def overdue_reactions(kit: Kit) -> Mapping[str, Callable[[Any], Awaitable[Found]]]:
    """What the duty of reactions asks, by the reaction's name."""
    return {X20: _Telling(kit).overdue}


class _Telling:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._lead = kit.settings.lead_department
        self._cases: Mapping[str, tuple[Aggregate, Callable[[Sequence[Recorded[Any]], Any], _Case]]] = {
            FINDINGS.noun: (FINDINGS, self._finding),
            TASKS.noun: (TASKS, self._task),
            RECTIFICATIONS.noun: (RECTIFICATIONS, self._rectification),
            TRACKS.noun: (TRACKS, self._track),
        }

    async def overdue(self, row: Any) -> Found:
        """X20: the department, its superior, or the institution whose own duty it is."""
        stream, _, version = row["occasion"].rpartition(":")
        aggregate, case_of = self._cases[stream[: -len(str(row["source_id"])) - 1]]
        facts = await self._kit.log.history(aggregate, row["source_id"])
        case = case_of(facts, facts[int(version) - 1].event)
        told = {} if case.is_over else case.addressees
        why = STEP_TAKEN if case.is_over else "" if told else NOBODY_HAS_IT
        steps: list[Step] = [
            (OVERDUE_NOTICES, derived_id("overdue-notice", row["occasion"], one.value), self._tell(row, case, one, to))
            for one, to in told.items()
        ]
        return steps, self._note(row, case, tuple(TOLD[one] for one in told), why)

    def _finding(self, facts: Sequence[Recorded[Any]], event: Any) -> _Case:
        known = FINDING.fold(fact.event for fact in facts)
        assert isinstance(known, of_finding.Known), "the fact that asks for it is not its first"
        step: FindingStep | None = getattr(event, "step", None)
        running = of_finding.STEP_OF_STAGE.get(known.stage)
        is_handled = (step or running) is FindingStep.HANDLE
        levels = {f.FindingReminded: Level.REMINDED, f.FindingSupervised: Level.SUPERVISED}
        return _Case(
            kind=Late.FINDING,
            step=step.value if step else WHOLE,
            level=levels.get(type(event), Level.LISTED),
            department=(known.handler if is_handled else "") or known.owner,
            superior=self._lead,
            region=known.place.region,
            category=known.place.category,
            due_on=shanghai_date(known.limit.due_at) if known.limit else None,
            is_over=running is None or step not in (None, running),
            people=_last_by(_since(facts, f.FindingDispatched, f.FindingAllotted), f.HandlingStarted)
            if is_handled
            else (),
            organizer="".join(_last_by(facts, f.FindingDispatched, f.FindingAllotted)) if is_handled else "",
            home=known.owner,
        )

    def _task(self, facts: Sequence[Recorded[Any]], event: TaskEscalated) -> _Case:
        planned = facts[0].event
        assert isinstance(planned, TaskPlanned | TaskPlannedWithoutSite), "a task begins with its plan"
        standing = TASK.fold(fact.event for fact in facts)
        regions = [fact.event.region for fact in facts if isinstance(fact.event, TaskLocated | TaskMoved)]
        return _Case(
            kind=Late.TASK,
            step=VISIT,
            level=_LEVELS[event.step],
            department=planned.department,
            superior=self._lead,
            region=[planned.region, *regions][-1],
            category=planned.category,
            due_on=event.due_on,
            is_over=not isinstance(standing, OPEN),
            people=(standing.officer, *_colleagues(facts, standing.officer)) if isinstance(standing, Held) else (),
            organizer=_person(facts[0].meta.actor),
        )

    def _rectification(self, facts: Sequence[Recorded[Any]], event: Any) -> _Case:
        known = of_rectification.RECTIFICATION.fold(fact.event for fact in facts)
        assert isinstance(known, of_rectification.Known), "it was ordered"
        grounds, is_served = known.grounds, known.stage is not of_rectification.Stage.ORDERED
        return _Case(
            kind=Late.RECTIFICATION,
            step=RECTIFY,
            level=Level.REMINDED if isinstance(event, RectificationReminded) else Level.SUPERVISED,
            department=grounds.department,
            superior=self._lead,
            region=grounds.region,
            category=grounds.category,
            due_on=event.deadline,
            is_over=known.stage in _RECTIFIED,
            institution_id=grounds.institution_id if is_served else None,
            organizer=known.order.by if known.order else "",
        )

    def _track(self, facts: Sequence[Recorded[Any]], event: Any) -> _Case:
        known = TRACK.fold(fact.event for fact in facts)
        assert isinstance(known, of_track.Known), "it was opened"
        is_listing = isinstance(event, t.TrackListed)
        levels = {t.TrackReminded: Level.REMINDED, t.TrackSupervised: Level.SUPERVISED}
        holder = known.handler or known.department if is_listing else event.department
        is_handled = holder == known.handler and (is_listing or event.clock not in _OTHERS_CLOCKS)
        above: str = getattr(event, "escalated_to", "")
        return _Case(
            kind=Late.TRACK,
            step=WHOLE if is_listing else event.clock.value,
            level=levels.get(type(event), Level.LISTED),
            department=holder,
            superior=self._lead if above in ("", holder) else above,
            region=known.region,
            category=known.category,
            due_on=None if is_listing else shanghai_date(event.due_at),
            is_over=known.stage is TrackStage.CLOSED or not (is_listing or event.clock in known.clocks),
            people=_last_by(_since(facts, *_GIVEN), *_TAKEN_ON) if is_handled else (),
            organizer="".join(_last_by(facts, t.TrackRouted)) if is_handled else "",
            home=known.department,
        )

    def _tell(self, row: Any, case: _Case, addressee: Addressee, department: str) -> TellOverdue:
        return TellOverdue(
            kind=case.kind,
            thing_id=row["source_id"],
            step=case.step,
            level=case.level,
            addressee=addressee,
            institution_id=case.institution_id if addressee is Addressee.INSTITUTION else None,
            department=department,
            region=case.region,
            category=case.category,
            due_on=case.due_on,
            at=self._kit.now(),
            people=case.people_of(addressee),
        )

    def _note(self, row: Any, case: _Case, did: tuple[str, ...], why: str) -> NoteReaction:
        return NoteReaction(
            reaction=row["reaction"],
            occasion=row["occasion"],
            did=did,
            institution_id=case.institution_id,
            why=why,
            department=case.department,
            region=case.region,
            category=case.category,
            at=self._kit.now(),
        )


def _last_by(facts: Sequence[Recorded[Any]], *kinds: type[Any]) -> tuple[str, ...]:
    """Who did the last of these, if anybody did."""
    found = [fact.event.by for fact in facts if isinstance(fact.event, kinds)]
    return tuple(_person(one) for one in found[-1:] if _person(one))


def _since(facts: Sequence[Recorded[Any]], *kinds: type[Any]) -> Sequence[Recorded[Any]]:
    """What has happened since the last of these: who had it in hand before has nothing to do with it any more."""
    last = max((place for place, fact in enumerate(facts) if isinstance(fact.event, kinds)), default=-1)
    return facts[last + 1 :]


def _colleagues(facts: Sequence[Recorded[Any]], officer: str) -> tuple[str, ...]:
    """Who goes with the officer, by the last assignment, unless the task was given back or taken away since."""
    found: tuple[str, ...] = ()
    for fact in facts:
        match fact.event:
            case TaskAssigned(colleagues=colleagues):
                found = colleagues
            case TaskDeclined() | TaskReviewed(is_sound=False):
                found = ()
            case TaskMoved(taken_from=taken_from) if taken_from:
                found = ()
            case _:
                pass
    return tuple(one for one in found if one != officer)


def _person(actor: str) -> str:
    """Empty where a machine did it."""
    return "" if actor.startswith(_MACHINE) else actor
