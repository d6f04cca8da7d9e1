"""Joint operation (联合检查行动): several departments look at the same sites on one day, each with its own powers.

One rule: nobody is sent out in another's name. The lead plans and launches, each member says for itself whether it
takes part, files its own reports and shares evidence of its own; what is shared keeps its origin for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain import operation_facts as o
from mingjing_inspection.domain import operation_refusals as because
from mingjing_inspection.domain.operation_facts import Command, Event, Provenance, Target
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Refusal

MEMBERS_MIN, MEMBERS_MAX = 2, 12
TARGETS_MAX = 200
ITEMS_MAX = 500
REFERENCES_MAX = 100
"""Of one piece of evidence."""


class Stage(StrEnum):
    """How far it is."""

    PLANNED = "PLANNED"
    """待会签"""
    UNDER_WAY = "UNDER_WAY"
    """进行中"""
    CONCLUDED = "CONCLUDED"
    """已办结"""
    CANCELLED = "CANCELLED"
    """已取消"""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was planned under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A shared piece, and into which visits and findings it was taken over."""

    source: Provenance
    references: frozenset[tuple[str, UUID]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An operation; ``answers`` says who takes part, silence is no answer."""

    plan: o.OperationPlanned
    stage: Stage
    answers: Mapping[str, bool]
    pool: Mapping[UUID, Item]

    @property
    def taking_part(self) -> tuple[str, ...]:
        """In the order of the plan."""
        return tuple(one for one in self.plan.members if self.answers.get(one))

    @property
    def targets(self) -> tuple[Target, ...]:
        """The sites."""
        return self.plan.targets


Operation: TypeAlias = Nothing | Known
_OVER = dict.fromkeys((Stage.CONCLUDED, Stage.CANCELLED), because.OperationOver)
_SHARED = {Stage.PLANNED: because.OperationNotLaunched, Stage.CANCELLED: because.OperationOver}
_REACHED: Mapping[type[Any], Stage] = {
    o.LaunchOperation: Stage.UNDER_WAY,
    o.ConcludeOperation: Stage.CONCLUDED,
    o.CancelOperation: Stage.CANCELLED,
}
"""Where a step leads: taken a second time it changes nothing."""
_HINDRANCES: Mapping[type[Any], Mapping[Stage, type[Refusal]]] = {
    o.AnswerOperation: {Stage.UNDER_WAY: because.OperationUnderWay, **_OVER},
    o.LaunchOperation: {Stage.UNDER_WAY: because.OperationUnderWay, **_OVER},
    o.PoolEvidence: _SHARED,
    o.ReferEvidence: _SHARED,
    o.ConcludeOperation: {Stage.PLANNED: because.OperationNotLaunched, **_OVER},
    o.CancelOperation: _OVER,
}


def hindrance(step: type[Any], operation: Operation) -> Refusal | None:
    """Why it does not take a step as it stands, whatever the step says; ``None`` where it may."""
    if isinstance(operation, Nothing):
        return None if step is o.PlanOperation else because.OperationUnknown()
    if step is o.LaunchOperation and operation.stage is Stage.PLANNED:
        return _unready(operation)
    why = _HINDRANCES.get(step, {}).get(operation.stage)
    return why() if why is not None else None


def decide(command: Command, operation: Operation) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    if isinstance(operation, Known) and operation.stage is _REACHED.get(type(command)):
        return []
    match command:
        case o.PlanOperation():
            return _plan(command, operation)
        case o.AnswerOperation():
            return _answer(command, _known(o.AnswerOperation, operation))
        case o.LaunchOperation():
            return _launch(command, _known(o.LaunchOperation, operation))
        case o.PoolEvidence():
            return _pool(command, _known(o.PoolEvidence, operation))
        case o.ReferEvidence():
            return _refer(command, _known(o.ReferEvidence, operation))
        case o.ConcludeOperation():
            _known(o.ConcludeOperation, operation)
            return _conclude(command)
        case o.CancelOperation():
            _known(o.CancelOperation, operation)
            _require_words(command.reason)
            return [fact(o.OperationCancelled, command)]
        case _:
            assert_never(command)


def evolve(operation: Operation, event: Event) -> Operation:
    """The operation as it stands after a fact."""
    if isinstance(event, o.OperationPlanned):
        return Known(plan=event, stage=Stage.PLANNED, answers={event.department: True}, pool={})
    assert isinstance(operation, Known)
    match event:
        case o.OperationAnswered():
            return replace(operation, answers={**operation.answers, event.department: event.takes_part})
        case o.OperationLaunched():
            return replace(operation, stage=Stage.UNDER_WAY)
        case o.EvidencePooled():
            return replace(operation, pool={**operation.pool, event.item_id: Item(source=event.source)})
        case o.EvidenceReferred():
            item = operation.pool[event.item_id]
            held = replace(item, references=item.references | {_place(event)})
            return replace(operation, pool={**operation.pool, event.item_id: held})
        case o.OperationConcluded():
            return replace(operation, stage=Stage.CONCLUDED)
        case o.OperationCancelled():
            return replace(operation, stage=Stage.CANCELLED)
        case _:
            assert_never(event)


OPERATION: Decider[Command, Operation, Event] = Decider(initial=Nothing(), decide=decide, evolve=evolve)


def region_of(regions: tuple[str, ...]) -> str:
    """The narrowest division that has all of them; empty where no two digits agree."""
    shared = regions[0] if regions else ""
    for region in regions[1:]:
        shared = "".join(mine for mine, theirs in _while_equal(shared, region) if mine == theirs)
    return shared[: next((digits for digits in (15, 12, 9, 6, 4, 2) if len(shared) >= digits), 0)]


def category_of(categories: tuple[str, ...]) -> str:
    """The one category of all, or none: then it is for those whose grants reach every category."""
    return categories[0] if len(set(categories)) == 1 else ""


def _while_equal(one: str, other: str) -> list[tuple[str, str]]:
    pairs = list(zip(one, other, strict=False))
    differs = next((at for at, (mine, theirs) in enumerate(pairs) if mine != theirs), len(pairs))
    return pairs[:differs]


def _known(step: type[Any], operation: Operation) -> Known:
    if (why := hindrance(step, operation)) is not None:
        raise why
    assert isinstance(operation, Known)
    return operation


def _plan(command: o.PlanOperation, operation: Operation) -> list[Event]:
    planned = fact(o.OperationPlanned, command)
    if isinstance(operation, Known):
        if replace(planned, at=operation.plan.at) != operation.plan:
            raise because.OperationPlannedOtherwise
        return []
    if len(set(command.members)) < len(command.members) or not MEMBERS_MIN <= len(command.members) <= MEMBERS_MAX:
        raise because.MembersTooFew(minimum=MEMBERS_MIN, maximum=MEMBERS_MAX)
    if command.department not in command.members:
        raise because.LeadNoMember
    sites = [one.site_id for one in command.targets]
    if not 0 < len(sites) <= TARGETS_MAX or len(set(sites)) < len(sites):
        raise because.TargetsImpossible(maximum=TARGETS_MAX)
    if command.held_on < command.today:
        raise because.OperationDayPassed
    _require_words(command.title)
    _require_words(command.reason)
    return [planned]


def _answer(command: o.AnswerOperation, known: Known) -> list[Event]:
    if command.department not in known.plan.members or command.department == known.plan.department:
        raise because.NoMember(department=command.department)
    if known.answers.get(command.department) is command.takes_part:
        return []
    if not command.takes_part:
        _require_words(command.reason)
    return [fact(o.OperationAnswered, command, region=known.plan.region, category=known.plan.category)]


def _unready(known: Known) -> Refusal | None:
    silent = [one for one in known.plan.members if one not in known.answers]
    if silent:
        return because.AnswersAwaited(departments=", ".join(silent))
    return because.NobodyElse() if len(known.taking_part) < MEMBERS_MIN else None


def _launch(command: o.LaunchOperation, known: Known) -> list[Event]:
    if command.today > known.plan.held_on:
        raise because.OperationDayPassed
    departments = known.taking_part
    return [fact(o.OperationLaunched, command, departments=departments, tasks=len(departments) * len(known.targets))]


def _pool(command: o.PoolEvidence, known: Known) -> list[Event]:
    _require_member(command.source.department, known)
    stands = known.pool.get(command.item_id)
    if stands is not None:
        if stands.source != command.source:
            raise because.ItemPooledOtherwise
        return []
    if len(known.pool) >= ITEMS_MAX:
        raise because.PoolFull(maximum=ITEMS_MAX)
    return [fact(o.EvidencePooled, command)]


def _refer(command: o.ReferEvidence, known: Known) -> list[Event]:
    _require_member(command.department, known)
    item = known.pool.get(command.item_id)
    if item is None:
        raise because.ItemUnknown
    if item.source.department == command.department:
        raise because.ItemOwn
    if (command.visit_id is None) is (command.finding_id is None):
        raise because.ReferenceNowhere
    if _place(command) in item.references:
        return []
    if len(item.references) >= REFERENCES_MAX:
        raise because.PoolFull(maximum=REFERENCES_MAX)
    return [fact(o.EvidenceReferred, command, source=item.source)]


def _conclude(command: o.ConcludeOperation) -> list[Event]:
    if command.remaining:
        raise because.OperationUnfinished(remaining=command.remaining)
    _require_words(command.conclusion)
    return [fact(o.OperationConcluded, command)]


def _place(one: o.ReferEvidence | o.EvidenceReferred) -> tuple[str, UUID]:
    if one.visit_id is not None:
        return ("visit", one.visit_id)
    assert one.finding_id is not None
    return ("finding", one.finding_id)


def _require_member(department: str, known: Known) -> None:
    if department not in known.taking_part:
        raise because.NoMember(department=department)


def _require_words(words: str) -> None:
    if not words.strip():
        raise because.OperationWordsMissing
